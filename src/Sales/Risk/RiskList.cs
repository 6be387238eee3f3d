using Keel.Kernel.Views;

namespace Keel.Sales;

/// The orders that were scored, the latest first: how risky they looked, why, and what became of them.
[View("sales.order-risk", SalesPermissions.Read, Sort = "-scored-at")]
internal sealed class RiskList(KeelDb db) : IView<RiskList.Row>
{
    public sealed record Row
    {
        public required Id<Order> Id { get; init; }
        [Search, Title("Order")] public required string Number { get; init; }
        [Title("Channel code")] public required ChannelCode Channel { get; init; }
        [Title("State")] public required OrderStatus Status { get; init; }
        public required int Score { get; init; }
        public required RiskEffect Effect { get; init; }
        [Title("Reasons")] public string? Why { get; init; }

        /// What somebody said last that it turned out to be.
        [Title("Turned out")] public RiskVerdict? Verdict { get; init; }
        [Title("Said by")] public string? SaidBy { get; init; }
        public required Money Total { get; init; }
        public required Currency Currency { get; init; }
        [Title("Scored")] public required DateTimeOffset ScoredAt { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select o.id, o.number, o.channel, o.status, r.score, r.effect, (select string_agg(e ->> 'sentence', ' ') from jsonb_array_elements(r.reasons) e) as why,
          u.verdict, u.said_by, o.gross as total, o.currency, r.at as scored_at
        from sales.order_risk r join sales.orders o on o.id = r.order_id
        left join lateral (select u.verdict, u.said_by from sales.risk_outcome u where u.order_id = r.order_id order by u.id desc limit 1) u on true
        where r.company_id = {db.Company}
        """;
}
