using Keel.Stock.Contract;
using Keel.Ui;

namespace Keel.Stock;

/// Why goods of somebody else lie with us.
public enum OwnerKind
{
    /// A supplier's goods: they become ours when they are sold or used.
    Consignor,

    /// A client's goods, which we keep and never own.
    Client,
}

/// Whether orders are promised goods of an owner.
public enum PromisedWhen
{
    [Shown(StateRole.Idle)]
    Never,

    /// Where our own goods do not suffice.
    [Shown(StateRole.Idle, "After our own")]
    AfterOwn,

    /// Before our own goods.
    [Shown(StateRole.Idle, "Before our own")]
    BeforeOwn,
}

/// Somebody whose goods lie in our places. Levels, positions and moves name them by `Code`, the number of the partner.
[Rows("stock.owner", "id")]
internal sealed record GoodsOwner(
    Guid Id, Id<Company> CompanyId, Guid Partner, string Code, OwnerKind Kind, PromisedWhen Promised, string? Note, DateTimeOffset AgreedAt, string AgreedBy, int Version, Guid Operation)
{
    public const string RecordKind = "owner";

    public static readonly Error Unknown = Error.NotFound("stock.owner-unknown", "Nobody agreed with this partner that goods of theirs lie here. Agree on it first.");

    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<GoodsOwner>.Instance.Names} from stock.owner");

    [NotAColumn]
    public DocumentRef Ref => new(RecordKind, Id, Code);
}

/// What one unit of an owner's goods costs us when it becomes ours, from a day on.
[Rows("stock.agreed_cost", "company_id", "owner", "sku", "from_on")]
internal sealed record AgreedCost(
    Id<Company> CompanyId, string Owner, Sku Sku, DateOnly FromOn, UnitPrice UnitCost, Currency Currency, DateTimeOffset AgreedAt, string AgreedBy, Guid Operation);

/// How goods of somebody else became ours.
internal enum OwnerUseHow
{
    /// They left for a customer in the same step.
    Sold,

    /// They lie here and are ours now.
    TakenOver,
}

/// Goods of an owner that became ours, by the move with which they left what is theirs, and what they cost. Never changed.
[Rows("stock.owner_use", "move_id")]
internal sealed record OwnerUse(
    Id<StockMove> MoveId, Id<Company> CompanyId, string Owner, Sku Sku, Quantity Quantity, UnitPrice UnitCost, Money Value, Currency Currency, OwnerUseHow How,
    string? NeededKind, Guid? NeededId, string? NeededNumber, Guid DocumentId, DateOnly Day, DateTimeOffset RecordedAt, Guid Operation);

/// The owners of a company and what was agreed with them, kept in memory as settings are.
internal sealed class Owners
{
    private readonly Dictionary<Sku, List<GoodsOwner>> bySku = [];
    private readonly Dictionary<(string Owner, Sku Sku), List<AgreedCost>> costs;

    public Owners(IReadOnlyList<GoodsOwner> all, IReadOnlyList<AgreedCost> agreed)
    {
        ByCode = all.ToDictionary(o => o.Code, StringComparer.Ordinal);
        costs = agreed.GroupBy(c => (c.Owner, c.Sku)).ToDictionary(g => g.Key, g => g.OrderByDescending(c => c.FromOn).ToList());
        foreach (var ((code, sku), _) in costs.OrderBy(c => c.Key.Owner, StringComparer.Ordinal))
        {
            if (!ByCode.TryGetValue(code, out var owner) || owner.Kind is not OwnerKind.Consignor) continue;
            if (!bySku.TryGetValue(sku, out var some)) bySku[sku] = some = [];
            some.Add(owner);
        }
    }

    public static readonly Owners None = new([], []);

    /// True where nobody's goods are promised but our own.
    public bool IsEmpty => bySku.Count == 0;

    public IReadOnlyDictionary<string, GoodsOwner> ByCode { get; }

    public static Task<Owners> Of(Settings settings, CancellationToken ct) => settings.Get(Load, ct);

    /// The consignors with whom a cost of a SKU was agreed; nearly always nobody.
    public IReadOnlyList<GoodsOwner> Of(Sku sku) => bySku.Count > 0 && bySku.TryGetValue(sku, out var some) ? some : [];

    /// What a unit costs us on a day; nothing where nothing is agreed for it.
    public UnitPrice? CostOf(string owner, Sku sku, DateOnly day) => costs.TryGetValue((owner, sku), out var some) ? some.Find(c => c.FromOn <= day)?.UnitCost : null;

    /// Whose positions a demand of a kind may be promised from, in their order.
    public IEnumerable<string> Promising(Sku sku, DemandKind kind, DateOnly day)
    {
        var others = kind is DemandKind.Order or DemandKind.Cart ? Of(sku) : [];
        if (others.Count == 0) return [PositionKey.Own];
        var priced = others.Where(o => CostOf(o.Code, sku, day) is not null).ToArray();
        return [.. priced.Where(o => o.Promised is PromisedWhen.BeforeOwn).Select(o => o.Code), PositionKey.Own, .. priced.Where(o => o.Promised is PromisedWhen.AfterOwn).Select(o => o.Code)];
    }

    /// The same as positions of a node: what they have between them is what such a demand can be promised there.
    public IEnumerable<PositionKey> Positions(Id<Company> company, Sku sku, NodeCode node, DemandKind kind, DateOnly day) => IsEmpty
        ? [new PositionKey(company, sku, node, PositionKey.Own)]
        : Promising(sku, kind, day).Select(o => new PositionKey(company, sku, node, o));

    /// Of rows about SKUs and owners, those that orders are promised from.
    public IEnumerable<T> ForOrders<T>(IEnumerable<T> rows, Func<T, (Sku Sku, string Owner)> of, DateOnly day) =>
        IsEmpty ? rows : rows.Where(r => of(r) is { Owner: PositionKey.Own } || Promising(of(r).Sku, DemandKind.Order, day).Contains(of(r).Owner));

    /// Whose goods may be promised at all, our own among them: what a query looks at.
    public IReadOnlyList<string> Codes => IsEmpty ? [PositionKey.Own] : [PositionKey.Own, .. ByCode.Values.Where(o => o is { Kind: OwnerKind.Consignor, Promised: not PromisedWhen.Never }).Select(o => o.Code)];

    /// The position of whoever is named; our own where nobody is.
    public Result<string> Resolve(string? said) => said is not { Length: > 0 } || said == PositionKey.Own ? PositionKey.Own
        : ByCode.ContainsKey(said.Trim()) ? said.Trim() : GoodsOwner.Unknown.With($"Nobody agreed with {said} that goods of theirs lie here. Agree on it first.");

    /// Why nobody knows one of these, or nothing.
    public Error? Wrong(IEnumerable<string?> said) => said.Select(o => Resolve(o)).Where(o => !o.Ok).Select(o => o.Error).FirstOrDefault();

    private static async Task<Owners> Load(KeelDb db, CancellationToken ct)
    {
        var agreed = db.Ask<AgreedCost>($"select {new SqlText.Verbatim(RowMap<AgreedCost>.Instance.Names)} from stock.agreed_cost where company_id = {db.Company} order by owner, sku, from_on");
        var all = await db.Table<GoodsOwner>().Where($"company_id = {db.Company} order by code", ct);
        return new Owners(all, agreed.Value);
    }
}
