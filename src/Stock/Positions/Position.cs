namespace Keel.Stock;

/// What one node holds of one SKU for one owner.
[Flat]
internal readonly record struct PositionKey(Id<Company> CompanyId, Sku Sku, NodeCode Node, string Owner) : IComparable<PositionKey>
{
    /// Goods of the company itself.
    public const string Own = "own";

    public int CompareTo(PositionKey other) =>
        Sku.CompareTo(other.Sku) is not 0 and var sku ? sku
        : Node.CompareTo(other.Node) is not 0 and var node ? node
        : string.CompareOrdinal(Owner, other.Owner);
}

/// What one node holds of one product for one owner, and how much of it is already promised. Written as sets.
/// Reserved never exceeds sellable: kept here, and again by a check in the database.
[Rows("stock.position", "company_id", "sku", "node", "owner")]
internal sealed record Position(PositionKey Key, Quantity OnHand, Quantity Sellable, Quantity Reserved)
{
    [NotAColumn]
    public Quantity Available => Sellable - Reserved;

    public static Position Empty(PositionKey key) => new(key, 0, 0, 0);

    /// Takes what it can and says how much that was; the caller decides what becomes of the rest.
    public (Position After, Quantity Taken) ReserveUpTo(Quantity wanted)
    {
        var taken = Quantity.Max(0, Quantity.Min(wanted, Available));
        return (this with { Reserved = Reserved + taken }, taken);
    }

    /// Gives promised goods back.
    public Position Free(Quantity quantity) => Reserved >= quantity
        ? this with { Reserved = Reserved - quantity }
        : throw new InvariantBroken($"{Key.Sku} at {Key.Node} has {Reserved} reserved; {quantity} cannot be given back.");
}
