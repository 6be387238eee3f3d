using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Sales;

/// Where an order stands and what can be done with it now, with the reason where something cannot.
internal static class OrderWays
{
    public static IReadOnlyList<Step> Steps(OrderCard card, Told told)
    {
        var o = card.Order;
        if (o.Status is OrderStatus.Cancelled) return [new("Captured", told.At(o.CapturedAt), StepKind.Past), Now("Cancelled", told.At(o.CancelledAt!.Value), StateRole.Idle, 100)];

        // A kit is as far as its components are.
        var goods = card.Lines.Where(l => l.Kind is LineKind.Goods).ToArray();
        var (all, shipped) = (goods.Sum(l => l.Quantity), goods.Sum(l => l.Shipped));
        var promised = goods.Sum(card.Promised);
        Step Past(string name, DateTimeOffset? at) => new(name, at is { } when ? told.At(when) : null, StepKind.Past);
        Step Come(string name, string? note = null) => new(name, note);
        var left = Come("Shipped", o.Status is OrderStatus.OnHold ? null : $"by {told.On(o.ShipBy)}");

        IReadOnlyList<Step> before = o.Status switch
        {
            OrderStatus.OnHold => [Now("Confirmed", "on hold", StateRole.Held, 0), Come("Reserved"), Come("Released"), left],
            OrderStatus.Confirmed => [Past("Confirmed", o.ConfirmedAt), Now("Reserved", "not yet", StateRole.Idle, 0), Come("Released"), left],
            OrderStatus.Backordered => [Past("Confirmed", o.ConfirmedAt), Now("Reserved", $"{promised + shipped} of {Figures.Units(all)}", StateRole.Waiting, Percent(promised + shipped, all)), Come("Released"), left],
            OrderStatus.Reserved => [Past("Confirmed", o.ConfirmedAt), Past("Reserved", o.ReservedAt), Now("Released", "ready to release", StateRole.Ready, 0), left],
            OrderStatus.Released => [Past("Confirmed", o.ConfirmedAt), Past("Reserved", o.ReservedAt), Past("Released", o.ReleasedAt), Now("Shipped", $"on the floor, by {told.On(o.ShipBy)}", StateRole.Working, 30)],
            OrderStatus.PartlyShipped => [Past("Confirmed", o.ConfirmedAt), Past("Reserved", o.ReservedAt), Past("Released", o.ReleasedAt), Now("Shipped", $"{shipped} of {Figures.Units(all)}", StateRole.Working, Percent(shipped, all))],
            _ => [Past("Confirmed", o.ConfirmedAt), Past("Reserved", o.ReservedAt), Past("Released", o.ReleasedAt) with { Note = o.ReleasedAt is { } r ? told.At(r) : "in one step" }, Past("Shipped", o.ShippedAt)],
        };
        var invoiced = o.Status is OrderStatus.Shipped ? Past("Invoiced", o.ShippedAt) : Come("Invoiced", o.Invoiced.IsZero ? "on shipping" : Figures.Of(o.Invoiced));
        return [Past("Captured", o.CapturedAt), .. before, invoiced, Paid(o)];
    }

    /// Something is open that a gift card could pay, or too much was paid.
    private static bool TakesVouchers(Order o) => o.Status is OrderStatus.Shipped or OrderStatus.Cancelled ? o.Paid != o.Invoiced : o.Paid != o.Gross;

    public static IReadOnlyList<Act> Acts(Order o, IReadOnlyList<Act> joined, IReadOnlyList<Site> promisedFrom, RiskRecord risk)
    {
        var main = o.Status switch { OrderStatus.OnHold => "confirm", OrderStatus.Confirmed => "reserve", OrderStatus.Backordered => "reserve", _ => "" };
        var confirm = Act.On<ConfirmOrders>("Confirm", ("orders", o.Id)) with { Key = "C", IsMain = main == "confirm" && o is not { Hold: Holds.Address, ShipTo: null } };
        var check = Act.On<CheckCredit>("Check again", ("orders", o.Id)) with { Key = "C", IsMain = true };
        var release = Act.On<ReleaseOverLimit>("Release above the limit", ("orders", o.Id)) with { Icon = "key", Asks = "reason", Confirm = $"{o.Number} goes on although the customer owes too much." };
        var reserve = Act.On<ReserveOrders>(o.Status is OrderStatus.Confirmed ? "Reserve" : "Reserve again", ("orders", o.Id)) with { Key = "V", IsMain = main == "reserve" && joined.All(j => !j.IsMain) };
        var hold = Act.On<HoldOrders>("Hold", ("orders", o.Id)) with { Key = "H", Asks = "reason", Confirm = $"{o.Number} stops here and keeps what is promised to it." };
        var cancel = Act.On<CancelOrders>("Cancel order", ("orders", o.Id)) with { Asks = "reason", Confirm = CancelQuestion(o) };
        var address = Act.Go(o.ShipTo is null ? "Enter the address" : "Change the address", $"/orders/{o.Id}/address", SalesPermissions.Capture) with { Icon = "edit", IsMain = o is { Hold: Holds.Address, ShipTo: null } };
        var read = Act.Go("Name the products", $"/orders/{o.Id}/lines", SalesPermissions.Confirm) with { Icon = "link", IsMain = o.Hold is Holds.UnknownSku or Holds.NoPrice };
        var change = Act.Go<ChangeOrder>("Change order", $"/orders/{o.Id}/change") with { Icon = "edit" };
        var pay = Act.Go("Record payment", $"/orders/{o.Id}/payment", SalesPermissions.Payments) with { Icon = "money" };
        var note = Act.Go<NoteOrder>("Notes", $"/orders/{o.Id}/notes") with { Icon = "note" };
        var redeem = Act.Go<RedeemVoucher>("Gift card or store credit", $"/orders/{o.Id}/redeem") with { Icon = "money" };
        var again = Act.On<RouteOrders>("Route again", ("orders", o.Id)) with { Icon = "branch", Confirm = $"What is promised to {o.Number} is given back and promised again, by the rules and the stock of now." };
        var refuse = promisedFrom.Select(s => Act.On<RefuseLines>($"{s.Name} cannot send it", ("order", o.Id), ("node", s.Code)) with { Asks = "reason", Confirm = $"{s.Name} is not asked again for what it was to send of {o.Number}: it goes elsewhere, or waits." });
        var ask = Act.On<AskCustomers>("Ask the customer", ("orders", o.Id)) with { Asks = "question", Icon = "mail", Confirm = $"The customer gets a mail, and {o.Number} waits. What do you want to know?" };
        var resend = Act.Go<ReshipOrder>("Send again", $"/orders/{o.Id}/again") with { Icon = "returns" };
        var offer = Act.Go<SaveQuote>("Copy into a quote", $"/quotes/new?order={o.Id}") with { Icon = "file" };
        var repeat = Act.Go<SaveSubscription>("Repeat it regularly", $"/subscriptions/new?order={o.Id}") with { Icon = "undo" };
        return [.. Own(), .. o.IsOpen ? new[] { note } : [], .. TakesVouchers(o) ? new[] { redeem } : [], offer, repeat];

        IReadOnlyList<Act> Own() => o.Status switch
        {
            OrderStatus.OnHold when risk.IsStanding => [.. RiskActs(o), address with { IsMain = false }, change, pay, cancel],
            OrderStatus.OnHold when o.Hold is Holds.Credit => [check, release, pay, address, change, cancel],
            OrderStatus.OnHold when read.IsMain => [read, confirm with { IsMain = false }, address, change, pay, cancel],
            OrderStatus.OnHold when o.Hold is not Holds.Payment and not Holds.Manual => address.IsMain ? [address, ask, confirm, change, pay, cancel] : [confirm, ask, address, change, pay, cancel],
            OrderStatus.OnHold => address.IsMain ? [address, confirm, change, pay, cancel] : [confirm, address, change, pay, cancel],
            OrderStatus.Confirmed => [reserve, .. joined, hold, address, change, pay, cancel],
            OrderStatus.Backordered => [reserve, .. joined, hold, address, change, pay, again, .. refuse, cancel],
            OrderStatus.Reserved => [.. joined, hold, address, change, pay, again, .. refuse, cancel],
            OrderStatus.Released => [.. joined, hold, change, pay, cancel],
            OrderStatus.PartlyShipped => [.. joined, change, pay, reserve, resend, cancel with { Label = "Cancel the rest" }],
            OrderStatus.Shipped => [.. joined, pay, resend, change with { Why = "It has left: it comes back as a return." }, cancel with { Why = "It has left: it comes back as a return." }],
            _ => [pay, change with { Why = "It is cancelled: place a new order." }],
        };
    }

    /// What can be done with many orders at once.
    public static Act[] Bulk(IEnumerable<IJoinList> joined) =>
    [
        .. joined.Where(j => j.View == ViewInfo.Of<OrderList>().Name).SelectMany(j => j.Bulk),
        Act.On<ReserveOrders>("Reserve") with { Key = "V" },
        Act.On<ConfirmOrders>("Confirm") with { Key = "C" },
        Act.On<RouteOrders>("Route again") with { Confirm = "What is promised to the selected orders is given back and promised again, by the rules and the stock of now." },
        Act.On<HoldOrders>("Hold") with { Key = "H", Asks = "reason", Confirm = "The selected orders stop here and keep what is promised to them." },
        Act.On<CancelOrders>("Cancel") with { Asks = "reason", Confirm = "Cancel the selected orders? Their goods are freed. What left already stays sold, what was paid stays a deposit." },
    ];

    /// What its risk stops is cleared or refused, and not confirmed.
    private static Act[] RiskActs(Order o) =>
    [
        Act.On<ClearRisk>("Clear the risk", ("orders", o.Id)) with { Asks = "reason", IsMain = true, Confirm = $"{o.Number} goes on and is promised goods. Why is it good?" },
        Act.On<AskCustomers>("Verify with the customer", ("orders", o.Id)) with { Asks = "question", Icon = "mail", Confirm = $"The customer gets a mail, and {o.Number} waits. What are they to confirm?" },
        Act.On<RefuseRisk>("Refuse as fraud", ("orders", o.Id)) with { Asks = "reason", Confirm = $"{o.Number} is cancelled and kept as fraud. What gave it away?" },
    ];

    private static string CancelQuestion(Order o) =>
        (o.Status is OrderStatus.PartlyShipped ? $"Cancel the rest of {o.Number}? What left stays sold; the rest is freed and not invoiced." : $"Cancel {o.Number}? Its goods are freed and nothing is invoiced.") + (o.Paid.IsZero ? "" : $" The {Figures.Of(o.Paid)} that was paid stays as a deposit until it is refunded.");

    private static Step Paid(Order o) =>
        o.Paid.IsZero ? new Step("Paid", o.Status is OrderStatus.Shipped ? $"{Figures.Of(o.Gross)} open" : null, o.Status is OrderStatus.Shipped ? StepKind.Now : StepKind.ToCome) { Role = StateRole.Waiting, Percent = 0 }
        : o.Paid >= o.Gross ? new Step("Paid", Figures.Of(o.Paid), StepKind.Past)
        : new Step("Paid", $"{Figures.Of(o.Gross - o.Paid)} open", StepKind.Now) { Role = StateRole.Waiting };

    private static Step Now(string name, string? note, StateRole role, int percent) => new(name, note, StepKind.Now) { Role = role, Percent = percent };

    private static int Percent(Quantity part, Quantity whole) => whole.IsZero ? 0 : (int)(part.Thousandths * 100 / whole.Thousandths);
}
