using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// What is counted on for freight, duty and the like when goods come from a supplier or to a site, before their bill is there.
internal sealed record LaneCost([Required, MaxLength(60)] string Name, ChargeKind Kind, [Range(typeof(decimal), "0", "1000")] decimal PercentOfValue, NodeCode? Node = null, [MaxLength(200)] string? Supplier = null);

/// The lanes for which landed cost is estimated at receipt.
internal sealed record LandedEstimates([MaxLength(100)] IReadOnlyList<LaneCost> Lanes) : IPolicy<LandedEstimates>
{
    public static string Kind => "landed-estimates";
    public static LandedEstimates AsDelivered => new([]);
    public static string Says =>
        "What is added to the cost of goods when they come, before the bill of the carrier or of customs is there: so many per cent of their value, by the site that they come to and the name of the supplier, where they are named. The bill later takes its place, and only the difference is spread.";
    public static IReadOnlyList<string> UsedBy => ["stock.receive", "stock.land-costs"];

    public IEnumerable<LaneCost> For(NodeCode node, string? supplier) =>
        Lanes.Where(l => (l.Node is null || l.Node == node) && (string.IsNullOrEmpty(l.Supplier) || string.Equals(l.Supplier, supplier, StringComparison.OrdinalIgnoreCase)));
}

/// Counts on landed cost for goods that come in on lanes that the policy knows.
internal sealed class Estimating(KeelDb db, Revaluing revaluing, Landing landing, LandedEstimates rules)
{
    private readonly Dictionary<int, (Paper Paper, LaneCost[] Lanes)> begun = [];

    private sealed record Supplier(Guid Id, string Name);

    /// Takes the numbers that the receipts need, before anything is locked.
    public async Task Begin(IReadOnlyList<ReceiptRequest> receipts, CancellationToken ct)
    {
        if (rules.Lanes.Count == 0) return;
        var ids = receipts.Where(r => r.Supplier is not null).Select(r => r.Supplier!.Value).Distinct().ToArray();
        var names = (await db.Query<Supplier>($"select id, name from partners.pub_partner where company_id = {db.Company} and id = any({ids})", ct)).ToDictionary(s => s.Id, s => s.Name);
        for (var i = 0; i < receipts.Count; i++)
        {
            LaneCost[] lanes = [.. rules.For(receipts[i].Node, receipts[i].Supplier is { } id ? names.GetValueOrDefault(id) : null)];
            if (lanes.Length > 0) begun[i] = (await revaluing.Begin("LC", LandedCost.RecordKind, "estimated landed cost", ct), lanes);
        }
    }

    /// Adds what is counted on to the goods of a receipt that came in just now.
    public Error? Land(Shelf shelf, int receipt, StockDocument document, IReadOnlyList<ReceiptLine> goods)
    {
        if (!begun.TryGetValue(receipt, out var one)) return null;
        LateCosts.Line[] lines = [.. goods.Select((g, i) => new LateCosts.Line(document.Id, document.Number, document.Node, i + 1, g.Sku, g.Quantity, g.Value, document.Currency, document.HappenedAt, default, null, null, null, null))];
        var all = goods.Aggregate(Money.Zero(document.Currency), (sum, g) => sum + g.Value);
        Landing.Charge[] charges = [.. one.Lanes.Select(l => new Landing.Charge(l.Kind, SplitBy.Value, all.Times(l.PercentOfValue / 100, Rounding.HalfEven), lines, null, l.Name)).Where(c => !c.Amount.IsZero)];
        return charges.Length == 0 ? null
            : landing.Land(shelf, one.Paper, LandedStatus.Estimated, charges, lines.ToDictionary(l => (l.Receipt, l.Nr), l => new LateCosts.After(l.Receipt, l.Nr, 0, Layered: true)), $"estimated for {document.Number}").Error;
    }
}

/// Writes landed costs: into stock for what is there, into the cost of sales for what is gone.
internal sealed class Landing(KeelDb db, Revaluing revaluing)
{
    /// A charge and the lines of receipts that bear it.
    public sealed record Charge(ChargeKind Kind, SplitBy Split, Money Amount, IReadOnlyList<LateCosts.Line> Lines, Guid? Partner = null, string? Reference = null, ForeignMoney? Said = null);

    /// Lands charges behind the locks of the pools; the caller writes the shelf.
    public Result<LandedCost> Land(Shelf shelf, Paper paper, LandedStatus status, IReadOnlyList<Charge> charges, IReadOnlyDictionary<(Guid, int), LateCosts.After> after, string? note)
    {
        var none = Money.Zero(revaluing.Currency);
        var shares = new List<LandedShare>();
        var changes = new List<(Sku Sku, PoolKey Pool, Money Change)>();
        foreach (var (charge, nr) in charges.Select((c, i) => (c, i + 1)))
        {
            var weights = LateCosts.Weights(charge.Split, charge.Lines);
            if (!weights.Ok) return weights.Error!;
            foreach (var (line, share) in charge.Lines.Zip(charge.Amount.Split(weights.Value)))
            {
                var (borne, left) = LateCosts.Bear(shelf.WorthOf(line.Sku), line, after.GetValueOrDefault((line.Receipt, line.Nr)), share);
                changes.AddRange(borne.Select(b => (line.Sku, b.Pool, b.Change)));
                var toStock = Revaluing.Sum(borne, revaluing.Currency);
                shares.Add(new LandedShare(paper.Document.Id, db.Company, nr, line.Receipt, line.Number, line.Nr, line.Sku, line.Meant, left, toStock, share - toStock, revaluing.Currency));
            }
        }

        var lines = new List<ValuedLine>();
        var sold = new List<ValuedLine>();
        var changesOf = changes.GroupBy(c => (c.Sku, c.Pool)).Select(g => (g.Key.Sku, g.Key.Pool, Change: g.Aggregate(none, (sum, c) => sum + c.Change))).ToLookup(c => c.Sku, c => (c.Pool, c.Change));
        foreach (var sku in shares.GroupBy(s => s.Sku))
        {
            var (toStock, toSold) = (sku.Aggregate(none, (sum, s) => sum + s.ToStock), sku.Aggregate(none, (sum, s) => sum + s.ToSold));
            shelf.Tell(sku.Key, changesOf[sku.Key], paper, lines.Count + 1, paper.Reason);
            lines.Add(new ValuedLine(sku.Key, shelf.WorthOf(sku.Key).Pool.Quantity, toStock));
            sold.Add(new ValuedLine(sku.Key, 0, toSold));
        }

        var all = charges.Aggregate(none, (sum, c) => sum + c.Amount);
        var inStock = lines.Aggregate(none, (sum, l) => sum + l.Value);
        var landed = new LandedCost(paper.Document.Id, db.Company, paper.Document.Number, status, all, inStock, all - inStock, revaluing.Currency, note, null, paper.HappenedAt, db.Work.Operation);
        revaluing.End(shelf, paper, StockDocumentKind.LandedCost, RevaluationCause.LandedCost, charges.SelectMany(c => c.Lines).Select(l => l.Node).FirstOrDefault(), lines, sold, [.. charges.Select(c => c.Said).OfType<ForeignMoney>()]);
        db.Table<LandedCost>().Insert([landed]);
        db.Table<LandedCharge>().Insert([.. charges.Select((c, i) => new LandedCharge(landed.Id, db.Company, i + 1, c.Kind, c.Split, c.Amount, revaluing.Currency, c.Partner, c.Reference))]);
        db.Table<LandedShare>().Insert(shares);
        db.Table<ForeignCost>().Insert([.. charges.Select((c, i) => (c.Said, Line: i + 1)).Where(c => c.Said is not null).Select(c => ForeignCost.Of(landed.Id, c.Line, db.Company, c.Said!))]);
        return landed;
    }
}

/// Spreads freight, duty, insurance and the like over goods that were received: exactly, whenever the bill comes. What is still there is worth more, what
/// is gone had cost more. Estimates that it clears are taken back in the same step, so that only the difference counts.
[Operation("stock.land-costs", StockPermissions.Value, Said = "landed costs on what was received", Icon = "truck")]
internal sealed class LandCosts(KeelDb db, Revaluing revaluing, Landing landing, LateCosts late, Exchanging exchanging) : IOperation<LandCosts.Request, DocumentRef>, IAssess<LandCosts.Request, DocumentRef>
{
    /// `Receipts` are the numbers of receipts, `Clears` those of estimates that the bill takes the place of; their receipts need not be named again. With
    /// `BillToCome` it is an estimate itself, such as a carrier's offer.
    public sealed record Request(
        [MaxLength(200)] IReadOnlyList<string> Receipts, [Required, MinLength(1), MaxLength(50)] IReadOnlyList<Item> Charges, [MaxLength(50)] IReadOnlyList<string>? Clears = null,
        [MaxLength(500)] IReadOnlyList<Part>? Goods = null, [MaxLength(200)] string? Note = null, DateTimeOffset? HappenedAt = null,
        [property: Display(Name = "The bill is to come")] bool BillToCome = false);

    /// An amount in another currency counts at its rate: what one unit is worth in company currency. Left out, it is the rate that is noted for the day.
    public sealed record Item(
        ChargeKind Kind, [property: Cost] Money Amount, SplitBy Split = SplitBy.Value, Guid? Supplier = null, [MaxLength(60), Display(Name = "Bill")] string? Reference = null, [Rate, Display(Name = "Exchange rate")] decimal? Rate = null);

    /// Goods of a receipt that alone bear the charges, and how many of them where not all do.
    public sealed record Part([Required, MaxLength(40)] string Receipt, Sku Sku, [Positive] Quantity? Quantity = null);

    public static readonly Error NoEstimate = Error.NotFound("stock.landed-no-estimate", "There is no estimate with this number that waits for its bill.");
    public static readonly Error Nothing = Error.Invalid("stock.landed-nothing", "Name the receipts that bear it, or the estimates that it clears.");
    public static readonly Error Bearing = Error.Invalid("stock.landed-whole", "A receipt bears the cost as a whole, or some of its goods do.");
    public static readonly Error InFuture = Error.Invalid("stock.landed-in-the-future", "A bill of tomorrow cannot be landed today. Leave the instant out, or give the day of the bill.");

    private sealed record Shared(Guid LandedCostId, int Charge, string ReceiptNumber, Guid ReceiptId, int ReceiptLine, Sku Sku, Quantity Quantity);

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        if (request.HappenedAt > db.Now) return InFuture;
        if (request.Receipts.Count == 0 && request.Clears is not { Count: > 0 } && request.Goods is not { Count: > 0 }) return Nothing;
        db.Work.HappenedAt = request.HappenedAt;
        var paper = await revaluing.Begin("LC", LandedCost.RecordKind, request.Note is { Length: > 0 } note ? note : "landed cost", ct);
        var said = new List<ForeignMoney?>();
        foreach (var item in request.Charges)
        {
            var rates = await exchanging.Rates([item.Amount.Currency], item.Rate, paper.Day, ct);
            if (!rates.Ok) return rates.Error!;
            said.Add(Exchanging.Said(item.Amount, rates.Value[item.Amount.Currency], revaluing.Currency));
        }

        string[] clears = [.. (request.Clears ?? []).Select(c => c.Trim()).Distinct()];
        var estimates = clears.Length == 0 ? [] : await db.Table<LandedCost>().Where($"company_id = {db.Company} and number = any({clears}) and status = 'Estimated' order by id for update", ct);
        if (clears.FirstOrDefault(c => estimates.All(e => e.Number != c)) is { } gone) return NoEstimate.With($"There is no estimate {gone} that waits for its bill.");
        var ids = estimates.Select(e => e.Id).ToArray();
        var counted = db.Ask<LandedCharge>($"{new SqlText.Verbatim($"select {RowMap<LandedCharge>.Instance.Names} from stock.landed_charge")} where landed_cost_id = any({ids}) order by landed_cost_id, line");
        var borne = db.Ask<Shared>($"select landed_cost_id, charge, receipt_number, receipt_id, receipt_line, sku, quantity from stock.landed_share where landed_cost_id = any({ids})");
        var before = exchanging.Ask(ids);
        await db.Flush(ct);

        var found = await late.Find([.. request.Receipts, .. (request.Goods ?? []).Select(g => g.Receipt), .. borne.Value.Select(b => b.ReceiptNumber)], ct);
        if (!found.Ok) return found.Error!;
        var named = Named(request, found.Value, borne.Value);
        if (!named.Ok) return named.Error!;
        var shares = borne.Value.ToLookup(b => (b.LandedCostId, b.Charge));
        var lines = found.Value.ToDictionary(l => (l.Receipt, l.Nr, l.Sku));
        Landing.Charge[] charges =
        [
            .. request.Charges.Zip(said.Select(s => s is null ? null : Exchanging.AtRateOf(before.Value, s)), (c, s) => new Landing.Charge(c.Kind, c.Split, s?.Value ?? c.Amount, named.Value, c.Supplier, c.Reference, s)),
            .. counted.Value.Select(c => new Landing.Charge(
                c.Kind, c.Split, -c.Amount, [.. shares[(c.LandedCostId, c.Line)].Select(b => lines[(b.ReceiptId, b.ReceiptLine, b.Sku)] with { Meant = b.Quantity })], c.Partner, estimates.First(e => e.Id == c.LandedCostId).Number, SaidOf(before.Value, c))),
        ];
        Later<List<LateCosts.After>>? after = null;
        var shelf = await Shelf.ToValue(db, revaluing.Currency, found.Value.Select(l => l.Sku), create: false, ct, () => after = late.AskAfter(found.Value));
        var landed = landing.Land(shelf, paper, request.BillToCome ? LandedStatus.Estimated : LandedStatus.Landed, charges, after!.Value.ToDictionary(a => (a.Receipt, a.Nr)), request.Note);
        if (!landed.Ok) return landed.Error!;
        shelf.Write();
        db.Table<LandedCost>().Update([.. estimates.Select(e => e with { Status = LandedStatus.Cleared, EndedBy = landed.Value.Id })], nameof(LandedCost.Status), nameof(LandedCost.EndedBy));
        return paper.Document;
    }

    /// What a charge that is taken back said in another currency, taken back.
    internal static ForeignMoney? SaidOf(IEnumerable<ForeignCost> before, LandedCharge charge) => before.FirstOrDefault(b => (b.DocumentId, b.Line) == (charge.LandedCostId, charge.Line)) is { } said ? -said.Said : null;

    /// The lines that bear the charges.
    private static Result<IReadOnlyList<LateCosts.Line>> Named(Request request, IReadOnlyList<LateCosts.Line> all, IReadOnlyList<Shared> borne)
    {
        var whole = request.Receipts.Select(r => r.Trim()).ToHashSet();
        var lines = all.Where(l => whole.Contains(l.Number)).ToList();
        if (request.Receipts.Count == 0 && request.Goods is not { Count: > 0 }) lines.AddRange(all.Where(l => borne.Any(b => (b.ReceiptId, b.ReceiptLine) == (l.Receipt, l.Nr))));
        if (request.Goods is { } goods && goods.GroupBy(g => (g.Receipt.Trim(), g.Sku)).Any(g => g.Count() > 1)) return Revaluing.Twice;
        foreach (var part in request.Goods ?? [])
        {
            if (whole.Contains(part.Receipt.Trim())) return Bearing.With($"{part.Receipt} bears the cost as a whole. Leave its goods out, or the receipt.");
            var of = all.Where(l => l.Number == part.Receipt.Trim() && l.Sku == part.Sku).ToArray();
            var there = of.Sum(l => l.Quantity);
            if (part.Quantity is { } meant && meant > there) return LateCosts.TooMany.With($"{part.Receipt} brought {there} of {part.Sku}; {meant} cannot bear the cost. Name at most what the receipt says.");
            if (of.Length == 0) return LateCosts.NoReceipt.With($"{part.Receipt} brought none of {part.Sku}. Look at its lines.");
            var left = part.Quantity ?? there;
            foreach (var line in of)
            {
                var own = Quantity.Min(left, line.Quantity);
                if (own.IsPositive) lines.Add(line with { Meant = own });
                left -= own;
            }
        }

        return lines;
    }

    public Task<Effect> Assess(Request request, DocumentRef answer, CancellationToken ct) => revaluing.Effect(answer, $"Lands costs on {string.Join(", ", request.Receipts.Concat(request.Clears ?? []))}", [], ct);
}

/// Takes a landed cost back: with what is there and what is gone by now.
[Operation("stock.undo-landed-cost", StockPermissions.Value, Said = "took a landed cost back", Icon = "undo")]
internal sealed class UndoLandedCost(KeelDb db, Revaluing revaluing, Landing landing, LateCosts late, Exchanging exchanging) : IOperation<UndoLandedCost.Request, DocumentRef>, IAssess<UndoLandedCost.Request, DocumentRef>
{
    public sealed record Request(Guid LandedCost, [Required, MaxLength(200)] string Reason);

    public static readonly Error Over = new("stock.landed-over", "This landed cost is taken back, or cleared by its bill. Load the page again.");

    private sealed record Shared(int Charge, string ReceiptNumber, Guid ReceiptId, int ReceiptLine, Sku Sku, Quantity Quantity);

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var paper = await revaluing.Begin("LC", LandedCost.RecordKind, request.Reason, ct);
        if (await db.Table<LandedCost>().Where($"company_id = {db.Company} and id = {request.LandedCost} and status in ('Estimated', 'Landed') for update", ct) is not [var landed]) return Over;
        db.Work.Concerns(landed.Number);
        var before = exchanging.Ask([landed.Id]);
        var charges = await db.Table<LandedCharge>().Where($"landed_cost_id = {landed.Id} order by line", ct);
        var borne = (await db.Query<Shared>($"select charge, receipt_number, receipt_id, receipt_line, sku, quantity from stock.landed_share where landed_cost_id = {landed.Id}", ct)).ToLookup(b => b.Charge);
        var found = await late.Find([.. borne.SelectMany(b => b).Select(b => b.ReceiptNumber)], ct);
        if (!found.Ok) return found.Error!;
        var lines = found.Value.ToDictionary(l => (l.Receipt, l.Nr, l.Sku));
        Later<List<LateCosts.After>>? after = null;
        var shelf = await Shelf.ToValue(db, revaluing.Currency, found.Value.Select(l => l.Sku), create: false, ct, () => after = late.AskAfter(found.Value));
        var back = landing.Land(shelf, paper, LandedStatus.Undone,
            [.. charges.Select(c => new Landing.Charge(c.Kind, c.Split, -c.Amount, [.. borne[c.Line].Select(b => lines[(b.ReceiptId, b.ReceiptLine, b.Sku)] with { Meant = b.Quantity })], c.Partner, landed.Number, LandCosts.SaidOf(before.Value, c)))],
            after!.Value.ToDictionary(a => (a.Receipt, a.Nr)), request.Reason);
        if (!back.Ok) return back.Error!;
        shelf.Write();
        db.Table<LandedCost>().Update([landed with { Status = LandedStatus.Undone, EndedBy = back.Value.Id }], nameof(LandedCost.Status), nameof(LandedCost.EndedBy));
        return paper.Document;
    }

    public Task<Effect> Assess(Request request, DocumentRef answer, CancellationToken ct) => revaluing.Effect(answer, "Takes a landed cost back", [], ct);
}
