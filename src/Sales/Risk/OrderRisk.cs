using System.ComponentModel.DataAnnotations;
using Keel.Sales.Contract;
using Keel.Ui;

namespace Keel.Sales;

/// How new orders are scored: points of the signs that are found, and of the model that was trained, up to 100. From one score on an order is marked, from another
/// it is stopped. Without channels all but marketplaces are scored.
public sealed record OrderRisk(
    [Range(1, 101)] int MarkFrom, [Range(1, 101)] int StopFrom, [MaxLength(40)] IReadOnlyList<RiskRule> Rules, [MaxLength(100)] IReadOnlyList<ChannelCode>? Channels = null,
    [Range(0, 100)] int ModelPoints = 0, [MaxLength(2000)] IReadOnlyList<string>? DisposableDomains = null) : IPolicy<OrderRisk>
{
    public static string Kind => "order-risk";
    public static OrderRisk AsDelivered => new(40, 70, []);
    public static string Says => "How risky new orders look: points for each sign, from how many on an order is marked, and from how many it is stopped and waits for somebody who may clear it.";
    public static IReadOnlyList<string> UsedBy => ["sales.capture-orders", "sales.place-order"];

    internal bool IsOn => Rules.Count > 0 || ModelPoints > 0;

    internal bool IsFor(Channel channel) => IsOn && (Channels is { Count: > 0 } some ? some.Contains(channel.Code) : !channel.IsMarketplace);

    internal RiskEffect EffectOf(int score) => score >= StopFrom ? RiskEffect.Hold : score >= MarkFrom ? RiskEffect.Warn : RiskEffect.Pass;
}

/// What becomes of an order with its score.
public enum RiskEffect
{
    [Shown(StateRole.Done, "Pass")]
    Pass,

    [Shown(StateRole.Waiting, "Warn")]
    Warn,

    [Shown(StateRole.Held, "Hold")]
    Hold,
}

/// What people found an order to be.
public enum RiskVerdict
{
    [Shown(StateRole.Late, "Fraud")]
    Fraud,

    [Shown(StateRole.Done, "Good")]
    Good,
}

/// One thing that counted: a sign or the model, with its points.
internal sealed record RiskReason(string Name, int Points, string Sentence);

/// How risky an order looked when it came in. Never changed: what became of it are its outcomes.
[Rows("sales.order_risk", "order_id")]
internal sealed record ScoredOrder(
    Id<Order> OrderId, Id<Company> CompanyId, int Score, RiskEffect Effect, [property: Json] IReadOnlyList<RiskReason> Reasons, int PolicyVersion, int? ModelVersion, DateTimeOffset At, Guid Operation);

/// What somebody said became of an order. The latest counts.
[Rows("sales.risk_outcome", "id")]
internal sealed record RiskOutcome(Id<RiskOutcome> Id, Id<Company> CompanyId, Id<Order> OrderId, RiskVerdict Verdict, string SaidBy, DateTimeOffset At, Guid Operation)
{
    public static RiskOutcome Of(KeelDb db, Id<Order> order, RiskVerdict verdict) => new(db.NewId<RiskOutcome>(), db.Company, order, verdict, db.Work.Actor.Name, db.Now, db.Work.Operation);

    /// Orders that their risk stops and that nobody has cleared.
    public static SqlText Standing(KeelDb db, IReadOnlyList<Id<Order>> orders) => new(
        $"""
        select r.order_id from sales.order_risk r where r.company_id = {db.Company} and r.order_id = any({orders.Select(o => o.Value).ToArray()}) and r.effect = 'Hold'
          and coalesce((select u.verdict from sales.risk_outcome u where u.order_id = r.order_id order by u.id desc limit 1), 'Fraud') <> 'Good'
        """);
}
