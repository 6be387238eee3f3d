namespace Keel.Stock;

/// One place, one SKU, and the dimensions that tell its units apart: lot, package, owner, condition.
[Flat]
internal readonly record struct LevelKey(
    Id<Company> CompanyId, NodeCode Node, Sku Sku, LocationCode Location, string Lot, string Package, string Owner, GoodsCondition Condition = GoodsCondition.Good)
{
    public PositionKey Position => new(CompanyId, Sku, Node, Owner);
}

/// What a place holds of one SKU, and how much of it is set aside for tasks that are already released.
[Rows("stock.level", "company_id", "node", "sku", "location", "lot", "package", "owner", "condition")]
internal sealed record Level(LevelKey Key, Quantity OnHand, Quantity Allocated)
{
    /// Since when something lies there: of what was moved inside the house, when it came into the house.
    public DateTimeOffset ArrivedAt { get; init; }

    /// The last day on which it is sold, as its lot says.
    public DateOnly? SellUntil { get; init; }

    [NotAColumn]
    public Quantity Free => OnHand - Allocated;

    /// So many of what lies here.
    public Goods Goods(Quantity quantity) => new(Key.Sku, quantity, Key.Lot, Key.Package, Key.Owner) { Condition = Key.Condition, SellUntil = SellUntil };

    public static Level Empty(LevelKey key) => new(key, 0, 0);

    public Level Add(Quantity quantity) => this with { OnHand = OnHand + quantity };
}
