using Keel.Stock.Contract;
using Keel.Ui;

namespace Keel.Stock;

/// What a charge is for.
public enum ChargeKind
{
    Freight,
    Duty,
    Insurance,
    Handling,
    Other,
}

/// By what a charge is split over goods.
public enum SplitBy
{
    /// By what the goods cost.
    Value,

    /// By how many they are.
    Quantity,

    /// By what they weigh.
    Weight,

    /// By the room that they take.
    Volume,

    /// The same for each line.
    Equally,
}

/// Where a landed cost stands.
internal enum LandedStatus
{
    /// Counted on when the goods came; the bill is to come.
    [Shown(StateRole.Waiting)]
    Estimated,

    [Shown(StateRole.Done)]
    Landed,

    /// What was counted on was taken back by the bill.
    [Shown(StateRole.Idle)]
    Cleared,

    [Shown(StateRole.Idle, "Taken back")]
    Undone,
}

/// Freight, duty and the like that were spread over what was received. Its paper is a stock document with the same key.
[Rows("stock.landed_cost", "id")]
internal sealed record LandedCost(
    Guid Id, Id<Company> CompanyId, string Number, LandedStatus Status, Money Total, Money ToStock, Money ToSold, Currency Currency, string? Note, Guid? EndedBy, DateTimeOffset HappenedAt, Guid Operation)
{
    public const string RecordKind = "landed-cost";
}

[Rows("stock.landed_charge", "landed_cost_id", "line")]
internal sealed record LandedCharge(Guid LandedCostId, Id<Company> CompanyId, int Line, ChargeKind Kind, SplitBy Split, Money Amount, Currency Currency, Guid? Partner, string? Reference);

/// What one line of a receipt bears of a charge. `LeftThere` is how many of it were still there: they bear it in stock, the others in the cost of sales.
[Rows("stock.landed_share", "landed_cost_id", "charge", "receipt_id", "receipt_line")]
internal sealed record LandedShare(
    Guid LandedCostId, Id<Company> CompanyId, int Charge, Guid ReceiptId, string ReceiptNumber, int ReceiptLine, Sku Sku, Quantity Quantity, Quantity LeftThere, Money ToStock, Money ToSold, Currency Currency);

/// Spreads late costs over lines of receipts: what is left of a line bears its share in stock, what is gone bears it in the cost of sales. By first in,
/// first out and by lot a line's layers say what is left; on average the goods that came last are those that are there. Goods at standard cost bear
/// nothing in stock: it is a variance.
internal sealed class LateCosts(KeelDb db)
{
    public static readonly Error NoReceipt = Error.NotFound("stock.landed-no-receipt", "There is no receipt with this number. Choose one of the list.");
    public static readonly Error TooMany = Error.Invalid("stock.landed-too-many", "Fewer than that were received. Name at most what the receipt says.");
    public static readonly Error NoMeasure = Error.Invalid("stock.landed-no-measure", "A product does not say what it weighs, or how large it is. Say it in the catalogue first, or split by value.");

    public sealed record Line(Guid Receipt, string Number, NodeCode Node, int Nr, Sku Sku, Quantity Quantity, Money Value, Currency Currency, DateTimeOffset HappenedAt, Guid LastMove, int? WeightGrams, int? LengthMm, int? WidthMm, int? HeightMm)
    {
        /// How many of it are meant, where not all are.
        [NotAColumn]
        public Quantity Meant { get; init; } = Quantity;
    }

    /// How many came after a line, and whether layers were kept when it came.
    public readonly record struct After(Guid Receipt, int Nr, Quantity Quantity, bool Layered);

    /// Lines of receipts, by the numbers of the papers.
    public async Task<Result<IReadOnlyList<Line>>> Find(IReadOnlyList<string> numbers, CancellationToken ct)
    {
        string[] wanted = [.. numbers.Select(n => n.Trim()).Distinct()];
        var lines = await db.Query<Line>(
            $"""
            select d.id as receipt, d.number, d.node, m.line as nr, m.sku, sum(m.quantity)::bigint as quantity, sum(m.value)::bigint as value, d.currency, d.happened_at, max(m.id::text)::uuid as last_move,
              p.weight_grams, p.length_mm, p.width_mm, p.height_mm
            from stock.document d join stock.move m on m.document_id = d.id and m.quantity > 0 and m.value is not null left join catalog.pub_product p on p.sku = m.sku
            where d.company_id = {db.Company} and d.kind = 'Receipt' and d.number = any({wanted}){db.Work.Actor.Reach.And("d.node")}
            group by d.id, m.line, m.sku, p.sku, p.weight_grams, p.length_mm, p.width_mm, p.height_mm order by d.number, m.line, m.sku
            """, ct);
        var known = lines.Select(l => l.Number).ToHashSet();
        return wanted.FirstOrDefault(n => !known.Contains(n)) is { } missing ? NoReceipt.With($"There is no receipt {missing} of goods of ours. Choose one of the list.") : lines;
    }

    /// Asked behind the locks of the pools.
    public Later<List<After>> AskAfter(IReadOnlyList<Line> lines) => db.Ask<After>(
        $"""
        select k.receipt, k.nr, coalesce((
            select sum(m.quantity) from stock.move m where m.company_id = {db.Company} and m.sku = k.sku and (m.happened_at, m.id) > (k.at, k.last) and m.ends & 36 = 32 and m.quantity > 0 and m.owner = {PositionKey.Own}), 0)::bigint as quantity,
          exists (select from stock.cost_layer l where l.document_id = k.receipt and l.line = k.nr) as layered
        from unnest({lines.Select(l => l.Receipt).ToArray()}, {lines.Select(l => l.Nr).ToArray()}, {lines.Select(l => l.Sku).ToArray()}, {lines.Select(l => l.HappenedAt).ToArray()}, {lines.Select(l => l.LastMove).ToArray()}) as k (receipt, nr, sku, at, last)
        """);

    /// By what a charge falls on lines.
    public static Result<long[]> Weights(SplitBy by, IReadOnlyList<Line> lines)
    {
        var lacking = lines.Where(l => by is SplitBy.Weight ? l.WeightGrams is null : by is SplitBy.Volume && (l.LengthMm ?? l.WidthMm ?? l.HeightMm) is null).Select(l => l.Sku.Text).Distinct().ToArray();
        if (lacking.Length > 0) return NoMeasure.With($"{string.Join(", ", lacking.Take(5))} {(lacking.Length == 1 ? "does" : "do")} not say {(by is SplitBy.Weight ? "what one weighs" : "how large one is")}. Say it in the catalogue first, or split by value.");
        return lines.Select(l => by switch
        {
            SplitBy.Value => l.Value.Times(l.Meant.Units / l.Quantity.Units).Minor,
            SplitBy.Quantity => l.Meant.Thousandths,
            SplitBy.Weight => checked(l.Meant.Thousandths * l.WeightGrams!.Value),
            SplitBy.Volume => checked(l.Meant.Thousandths * ((long)(l.LengthMm ?? 0) * (l.WidthMm ?? 0) * (l.HeightMm ?? 0) / 1000)),
            _ => 1,
        }).ToArray();
    }

    /// Puts a line's share where it belongs: what went into stock, pool by pool, and how many of it were there. Where sites are valued apart, what is left of it
    /// lies in its layers, wherever those went, or on average first where it came in and then with all others of its kind.
    public static (IReadOnlyList<(PoolKey Pool, Money Change)> ToStock, Quantity Left) Bear(SkuWorth worth, Line line, After after, Money share)
    {
        if (worth.Pool.Method is CostingMethod.Standard) return ([], 0);
        var isLayered = worth.Pool.KeepsLayers && after.Layered;
        var parts = worth.Filled.Select(p => (p.Key, p.Worth, Own: p.Worth.Layers.Where(l => l.Document.Id == line.Receipt && l.Line == line.Nr && l.Open.IsPositive).ToArray())).ToArray();
        var there = isLayered ? parts.Sum(p => p.Own.Sum(l => l.Open)) : Quantity.Max(0, Quantity.Min(line.Quantity, worth.Pool.Quantity - after.Quantity));
        var left = Quantity.Min(there, line.Meant);
        if (left.IsZero) return ([], left);
        var first = PoolKey.At(line.Node);
        var own = parts.Where(p => p.Key == first).Sum(p => Quantity.Min(p.Worth.Pool.Quantity, there));
        var others = parts.Where(p => p.Key != first).Sum(p => p.Worth.Pool.Quantity);
        long[] weights =
        [
            .. parts.Select(p => isLayered ? p.Own.Sum(l => l.Open).Thousandths : !worth.IsApart ? 1 : p.Key == first ? own.Thousandths * 1000
                : (long)((Int128)(there - own).Thousandths * 1000 * p.Worth.Pool.Quantity.Thousandths / others.Thousandths)),
        ];
        return ([.. parts.Zip(share.Share(left, line.Meant).Split(weights), (p, part) => (p.Key, part.IsZero ? part : p.Worth.Change(part, isLayered ? [.. p.Own.Select(l => l.Id)] : null)))], left);
    }
}
