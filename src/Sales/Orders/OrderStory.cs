using Keel.Kernel.Views;
using Keel.Pricing.Contract;
using Keel.Sales.Contract;
using Keel.Ui;

namespace Keel.Sales;

/// What happened to an order, told from the log, the decisions, the cases, the money and the invoices.
internal static class OrderStory
{
    public static IEnumerable<TimelineEntry> Of(OrderCard card) =>
    [
        .. card.Log.Select(Told),
        .. card.Decisions.Select(d => new TimelineEntry(d.At, "split", d.Sentence) { Context = PolicyOf(d), Role = StateRole.Ready }),
        .. card.Cases.SelectMany(Told),
        .. card.Payments.Select(p => new TimelineEntry(p.HappenedAt, "money", $"{Figures.Of(p.Amount)} {Spoken(p.Kind)} by {p.Method}") { Context = p.Reference, Role = StateRole.Done }),
        .. card.Invoices.Select(i => new TimelineEntry(i.IssuedAt, "file", i.IsCredit ? "Credited" : "Invoiced")
        {
            Link = (i.Name, $"/invoices/{i.Id}"), Context = Figures.Of(i.Gross), Role = StateRole.Done,
        }),
    ];

    public static string Spoken(PaymentKind kind) => kind switch
    {
        PaymentKind.Authorised => "authorised",
        PaymentKind.Captured => "paid",
        _ => "refunded",
    };

    public static string Owes(LiableParty party) => party switch
    {
        LiableParty.Us => "we",
        LiableParty.Marketplace => "the marketplace",
        _ => "the customer",
    };

    public static string PolicyOf(Decision decision) =>
        $"{ViewInfo.Spoken(decision.Policy)}, {(decision.PolicyVersion == 0 ? "as delivered" : $"version {decision.PolicyVersion}")}";

    private static TimelineEntry Told(OrderCard.LogRow row)
    {
        var (icon, sentence) = row.Operation switch
        {
            "sales.place-order" or "sales.capture-orders" => ("orders", "took the order in"),
            "sales.confirm-orders" => ("check", "confirmed it"),
            "sales.hold-orders" => ("lock", "put it on hold"),
            "sales.reserve-orders" or "sales.reserve-waiting" => ("branch", "reserved goods"),
            "sales.cancel-orders" => ("x", "cancelled it"),
            "sales.record-payments" => ("money", "booked a payment"),
            "sales.backorder-displaced" => ("alert", "put it back to waiting: promised goods were not there"),
            "warehouse.release-orders" => ("warehouse", "released it to picking"),
            "warehouse.ship-orders" => ("truck", "shipped it in one step"),
            "stock.hold" => ("clock", "held goods for it"),
            var other => ("edit", OperationWords.Did(null, other, null, null)),
        };
        return new TimelineEntry(row.At, icon, row.Outcome == "refused" ? $"was refused: {sentence}" : sentence)
        {
            Who = row.ActorName, Context = row.Outcome == "refused" ? row.Sentence : null, Role = row.Outcome == "refused" ? StateRole.Late : null,
        };
    }

    private static IEnumerable<TimelineEntry> Told(Case one)
    {
        yield return new TimelineEntry(one.OpenedAt, "alert", one.Sentence) { Context = one.Assignee is null ? $"Case for {one.Owner}" : $"Case with {one.Assignee}", Role = one.State is not CaseState.Closed ? StateRole.Waiting : null };
        if (one.ClosedAt is { } closed) yield return new TimelineEntry(closed, "check", $"closed the case: {one.Resolution}") { Who = one.ClosedBy, Role = StateRole.Done };
    }
}
