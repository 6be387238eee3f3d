using Keel.Kernel.Views;
using Keel.Pricing.Contract;
using Keel.Sales.Contract;
using Keel.Ui;

namespace Keel.Sales;

/// What happened to an order, as far as money and papers tell it.
internal static class OrderStory
{
    public static IEnumerable<TimelineEntry> Of(OrderCard card) =>
    [
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
}
