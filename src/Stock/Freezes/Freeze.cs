namespace Keel.Stock;

/// Goods that are on hand and stay where they are until somebody thaws them, with who looks into it and why: everything in a place and under
/// it, a SKU at a site, a SKU in a place, or a lot of a SKU at a site. With `MadeOf` the lot was made of one that is blocked, and is thawed with it.
[Rows("stock.freeze", "id")]
internal sealed record Freeze(
    Id<Freeze> Id, Id<Company> CompanyId, NodeCode Node, LocationCode? Location, Sku? Sku, string Reason, string Owner, DateTimeOffset FrozenAt, string FrozenBy, Guid Operation,
    DateTimeOffset? ThawedAt = null, string? ThawedBy = null, string? Outcome = null, LotCode? Lot = null, bool Expired = false, bool MadeOf = false)
{
    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<Freeze>.Instance.Names} from stock.freeze");

    /// As people say it: `TEE-M in MAIN/A-01`.
    [NotAColumn]
    public string What => (Location, Sku) switch
    {
        ({ } place, { } sku) => $"{sku} in {place}",
        ({ } place, null) => place.Text,
        _ => Lot is { } lot ? $"lot {lot} of {Sku} at {Node}" : $"{Sku} at {Node}",
    };
}

/// Goods that their place would sell went under a freeze, or came out of it. What can be sold at an instant is what its moves say, less these up to then.
[Rows("stock.withheld", "id")]
internal sealed record Withheld(
    Id<Withheld> Id, Id<Company> CompanyId, Sku Sku, NodeCode Node, string Owner, Quantity Quantity, DateTimeOffset HappenedAt, DateTimeOffset RecordedAt, Guid Operation)
{
    public static Withheld At(KeelDb db, PositionKey key, Quantity quantity, DateTimeOffset at) =>
        new(db.NewId<Withheld>(), key.CompanyId, key.Sku, key.Node, key.Owner, quantity, at, db.Now, db.Work.Operation);
}
