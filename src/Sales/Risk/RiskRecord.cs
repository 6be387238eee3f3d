namespace Keel.Sales;

/// How risky an order looked, and what people said of it: asked with the rest of the order's page.
internal sealed class RiskRecord(KeelDb db)
{
    private Later<List<ScoredOrder>>? scored;
    private Later<List<RiskOutcome>>? outcomes;
    private static readonly SqlText.Verbatim Scores = new($"select {RowMap<ScoredOrder>.Instance.Names} from sales.order_risk");
    private static readonly SqlText.Verbatim Said = new($"select {RowMap<RiskOutcome>.Instance.Names} from sales.risk_outcome");

    /// Null where nobody scored it.
    public ScoredOrder? Score => scored?.Value.FirstOrDefault();

    /// The latest first.
    public IReadOnlyList<RiskOutcome> Outcomes => outcomes?.Value ?? [];

    /// Its risk stops it, and nobody has cleared it.
    public bool IsStanding => Score is { Effect: RiskEffect.Hold } && Outcomes is not [{ Verdict: RiskVerdict.Good }, ..];

    public void Ask(Id<Order> order)
    {
        scored = db.Ask<ScoredOrder>($"{Scores} where company_id = {db.Company} and order_id = {order}");
        outcomes = db.Ask<RiskOutcome>($"{Said} where company_id = {db.Company} and order_id = {order} order by id desc");
    }

    /// How good the scoring was: of the orders that somebody said something about in the last 180 days, each from some score on.
    public async Task<IReadOnlyList<Decided>> Decisions(CancellationToken ct = default) => await db.Query<Decided>(
        $"""
        select t.score as from_score, count(*) filter (where r.score >= t.score) as flagged, count(*) filter (where r.score >= t.score and u.verdict = 'Fraud') as hit, count(*) filter (where u.verdict = 'Fraud') as fraud
        from (select distinct on (order_id) order_id, verdict from sales.risk_outcome where company_id = {db.Company} and at > {db.Now} - interval '180 days' order by order_id, id desc) u
        join sales.order_risk r on r.order_id = u.order_id cross join generate_series(10, 100, 10) as t (score) group by t.score order by t.score
        """, ct);

    /// Of all orders that somebody spoke about: those scored so high or higher, and the frauds among them.
    public sealed record Decided(int FromScore, long Flagged, long Hit, long Fraud)
    {
        [NotAColumn]
        public string Precision => Flagged == 0 ? "" : $"{Hit * 100 / Flagged} %";

        [NotAColumn]
        public string Recall => Fraud == 0 ? "" : $"{Hit * 100 / Fraud} %";
    }
}
