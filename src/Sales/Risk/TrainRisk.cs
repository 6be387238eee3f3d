using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// Trains the model that helps to score orders: from labelled payments of elsewhere, or, where none are given, from our own orders whose outcome somebody said. It is measured on the part that it
/// did not learn from, and counts only if it tells fraud from the rest well enough.
[Operation("sales.train-risk", SalesPermissions.ClearRisk, Said = "trained the risk model", Icon = "insight")]
internal sealed class TrainRisk(KeelDb db, Settings settings) : IOperation<TrainRisk.Request, TrainRisk.Answer>
{
    private const int LeastOfEach = 20;

    /// Labelled payments as columns, row by row the same length: the customer's age in days, how many items, the hour of the day, the means of payment (empty where it is not known), and whether it
    /// was fraud. Without rows our own orders are learned from.
    public sealed record Request(
        [MaxLength(200_000)] IReadOnlyList<int>? AgeDays = null, [MaxLength(200_000)] IReadOnlyList<int>? Items = null, [MaxLength(200_000)] IReadOnlyList<decimal>? Hours = null,
        [MaxLength(200_000)] IReadOnlyList<string>? Methods = null, [MaxLength(200_000)] IReadOnlyList<bool>? Frauds = null, [MaxLength(100)] string? Source = null)
    {
        internal int Rows => Frauds?.Count ?? 0;

        internal bool IsWhole => (AgeDays?.Count ?? 0) == Rows && (Items?.Count ?? 0) == Rows && (Hours?.Count ?? 0) == Rows && (Methods?.Count ?? 0) == Rows;

        internal bool IsPossible => AgeDays!.All(a => a is >= 0 and <= 100_000) && Items!.All(i => i is >= 0 and <= 100_000) && Hours!.All(h => h is >= 0 and <= 24);
    }

    public sealed record Answer(int Version, bool IsUsed, RiskFigures Figures, IReadOnlyList<RiskFeature> Features, IReadOnlyList<UnusedColumn> LeftOut);

    public static readonly Error NotWhole = Error.Invalid("risk.not-whole", "The columns are not of one length: each row has an age, items, an hour, a means of payment and whether it was fraud.");
    public static readonly Error Impossible = Error.Invalid("risk.impossible-row", "A row cannot be: days and items are 0 to 100000, hours 0 to 24. Correct it.");
    public static readonly Error TooFew = Error.Invalid("risk.too-few", "There is too little to learn from: it takes twenty frauds and twenty good ones. Say what became of more orders, or bring labelled payments.");
    public static readonly Error NothingTold = Error.Invalid("risk.nothing-told", "No column that an order has is left to learn from: each is the same in all rows, or knows the answer. Bring other payments.");

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        if (!request.IsWhole) return NotWhole;
        if (request.Rows > 0 && !request.IsPossible) return Impossible;
        var labelled = request.Rows > 0
            ? Enumerable.Range(0, request.Rows).Select(i => (new RiskSample(request.AgeDays![i], request.Items![i], request.Hours![i], request.Methods![i]), request.Frauds![i])).ToArray()
            : await Own(ct);
        if (labelled.Count(l => l.Item2) < LeastOfEach || labelled.Count(l => !l.Item2) < LeastOfEach) return TooFew;
        var learned = Learning.From(labelled);
        if (learned.Features.Count == 0) return NothingTold.With($"{NothingTold.Message} {string.Join(" ", learned.LeftOut.Select(l => $"{l.Name}: {l.Why}"))}");
        // Two who train at once make two versions, one after the other.
        db.QueueQuery<int>($"select 1 from (select pg_advisory_xact_lock(hashtextextended('sales.risk-model ' || {db.Company}::text, 0))) l", _ => { });
        var version = (await db.Query<int>($"select coalesce(max(version), 0) + 1 from sales.risk_model where company_id = {db.Company}", ct))[0];
        var model = new RiskModel(
            db.Company, version, request.Source ?? (request.Rows > 0 ? "labelled payments" : "our own orders"), learned.Intercept, learned.Features, learned.LeftOut, learned.Figures,
            learned.Figures.Auc >= RiskModel.LeastAuc && learned.Figures.TestedFraud > 0, db.Work.Actor.Name, db.Now, db.Work.Operation);
        db.Work.Concerns($"risk model {version}");
        db.Table<RiskModel>().Insert([model]);
        Settings.ChangedEverywhere(db);
        return new Answer(version, model.IsUsed, model.Figures, model.Features, model.LeftOut);
    }

    /// Our own orders with what became of them, as each was when it came.
    private async Task<(RiskSample, bool)[]> Own(CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var rows = await db.Query<OwnRow>(
            $"""
            select o.channel, o.placed_at, greatest(0, extract(day from o.placed_at - coalesce((select min(k.created_at) from partners.pub_known k where k.company_id = o.company_id and k.id = o.customer_id), o.placed_at)))::integer as age,
              o.units, (select p.method from sales.payment p where p.order_id = o.id order by p.happened_at, p.id limit 1) as method, u.verdict
            from (select distinct on (order_id) order_id, verdict from sales.risk_outcome where company_id = {db.Company} order by order_id, id desc) u join sales.orders o on o.id = u.order_id
            order by o.id desc limit 200000
            """, ct);
        return [.. rows.Select(r => (new RiskSample(r.Age, (int)Math.Min(100_000, r.Units.Units), RiskSample.HourOf(network, r.Channel, r.PlacedAt), r.Method), r.Verdict is RiskVerdict.Fraud))];
    }

    private sealed record OwnRow(ChannelCode Channel, DateTimeOffset PlacedAt, int Age, Quantity Units, string? Method, RiskVerdict Verdict);
}
