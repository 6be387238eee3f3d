using Keel.Ui;

namespace Keel.Stock;

/// Which of the bins that a rule names is taken first.
public enum BinChoice
{
    /// The first on the way through the warehouse.
    Closest,

    /// The one that holds least.
    Emptiest,

    /// Where the same lot lies already, else the same product, else the closest.
    [Shown(StateRole.Idle, "Where it already lies")]
    WhereItLies,
}

/// Where goods belong that came in: of one SKU, of a category, or all, in one condition. Any level of the tree of places may be named.
[Rows("stock.putaway_rule", "id")]
internal sealed record PutawayRule(
    Id<PutawayRule> Id, Id<Company> CompanyId, NodeCode Node, string Sku, string Category, GoodsCondition Condition, int Turn, LocationCode Place, BinChoice Choice, bool Overflow,
    DateTimeOffset ChangedAt, string ChangedBy, Guid Operation)
{
    /// As people say it: `category Kitchen goes to MAIN/A, closest, 1`.
    [NotAColumn]
    public string What => $"{(Sku.Length > 0 ? Sku : Category.Length > 0 ? "category " + Category : "everything")} goes to {Place}{(Overflow ? " when nothing else has room" : "")}, {Choice}, {Turn}";

    [NotAColumn]
    public (string Node, string Sku, string Category, GoodsCondition Condition, LocationCode Place) Key => (Node.Text, Sku, Category, Condition, Place);
}

/// All putaway rules of a company, kept in memory as settings are.
internal sealed class PutawayRules(IReadOnlyList<PutawayRule> all)
{
    private readonly ILookup<(NodeCode, GoodsCondition), PutawayRule> bySite = all.ToLookup(r => (r.Node, r.Condition));

    public IReadOnlyList<PutawayRule> All => all;

    public static Task<PutawayRules> Of(Settings settings, CancellationToken ct) => settings.Get(Load, ct);

    /// The rules for goods at a site in their order: of their SKU, of their category, of all; where something goes when nothing else has room comes last.
    public IReadOnlyList<PutawayRule> For(NodeCode node, string sku, string? category, GoodsCondition condition) =>
    [
        .. bySite[(node, condition)]
            .Where(r => r.Sku.Length > 0 ? r.Sku == sku : r.Category.Length == 0 || r.Category == category)
            .OrderBy(r => r.Overflow).ThenBy(r => r.Sku.Length > 0 ? 0 : r.Category.Length > 0 ? 1 : 2).ThenBy(r => r.Turn).ThenBy(r => r.Place),
    ];

    private static async Task<PutawayRules> Load(KeelDb db, CancellationToken ct) => new(await db.Table<PutawayRule>().Where($"company_id = {db.Company} order by node, sku, category, turn, place", ct));
}
