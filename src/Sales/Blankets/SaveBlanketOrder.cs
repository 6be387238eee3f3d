using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;

namespace Keel.Sales;

/// Agrees with a customer on quantities and prices for a time, or changes what is not called off yet. Lines without a price are agreed at that of the customer's list for the whole quantity; a
/// price below it is a concession, and waits for a yes where a policy wants one.
[Operation("sales.save-blanket-order", SalesPermissions.Capture, Said = "agreed on {blanketOrder|a blanket order}", Icon = "file")]
internal sealed class SaveBlanketOrder(KeelDb db, Quoting quoting, PartnersDesk partners, Settings settings) : IOperation<SaveBlanketOrder.Request, SaveBlanketOrder.Answer>, IAssess<SaveBlanketOrder.Request, SaveBlanketOrder.Answer>
{
    /// A call-off becomes an order `DaysAhead` days before its day. Without an address the customer's own holds on that day.
    public sealed record Request(
        ChannelCode Channel, [Required, MaxLength(30)] string Customer, [Required, MinLength(1), MaxLength(200)] IReadOnlyList<Item> Lines, DateOnly UntilDay, DateOnly? FromDay = null, [Range(0, 90)] int DaysAhead = 5,
        PostalAddress? ShipTo = null, [MaxLength(60)] string? PurchaseOrder = null, Id<BlanketOrder>? BlanketOrder = null);

    public sealed record Item(Sku Sku, [Positive] Quantity Quantity, UnitPrice? Price = null);

    public sealed record Answer(Id<BlanketOrder> Id, string Number);

    public static readonly Error None = Error.NotFound("blanket-order.unknown", "There is no such blanket order.");
    public static readonly Error Over = new("blanket-order.over", "It has ended. Agree on a new one.");
    public static readonly Error Past = Error.Invalid("blanket-order.in-the-past", "It would have ended already. Name a later day.");
    public static readonly Error Twice = Error.Invalid("blanket-order.product-twice", "Each product stands on it once. Put the quantities together.");
    public static readonly Error Called = new("blanket-order.called-off", "More of it is called off already. Drop what is planned first, or agree on more.");
    public static readonly Error Planned = new("blanket-order.planned-later", "A call-off is planned for a later day. Drop it first, or name a later end.");

    private Quoting.Priced? priced;

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (!network.Channels.TryGetValue(request.Channel, out var channel)) return Drafting.NoChannel.With($"There is no channel {request.Channel}. Create the channel first.");
        if (channel.IsMarketplace) return SaveQuote.ForMarketplace;
        var today = network.Day(db.Now);
        var from = request.FromDay ?? today;
        if (request.UntilDay < today || request.UntilDay < from) return Past;
        if (request.Lines.GroupBy(l => l.Sku).FirstOrDefault(g => g.Count() > 1) is { } twice) return Twice.With($"{twice.Key} stands on it twice. Put the quantities together.");
        var asked = partners.AskCustomers([request.Customer]);
        await db.Flush(ct);
        if (!asked.Value.TryGetValue(request.Customer, out var customer)) return SaveQuote.NoCustomer.With($"There is no customer {request.Customer}. Create the customer first.");
        var found = await quoting.Price(new SaveQuote.Request(request.Channel, request.Customer, [.. request.Lines.Select(l => new SaveQuote.Item(l.Sku, l.Quantity, l.Price))]), customer, network, ct);
        if (!found.Ok) return found.Error!;
        priced = found.Value;
        var held = request.BlanketOrder is { } id && await db.LockBlankets($"id = {id}", ct) is [var there] ? there : null;
        if (request.BlanketOrder is not null && held is null) return None;
        if (held is not null && Wrong(held, request, customer) is { } wrong) return wrong;

        var old = held?.Order;
        var order = new BlanketOrder(
            old?.Id ?? db.NewId<BlanketOrder>(), db.Company, old?.Number ?? await db.Numbers.Take(db.Company, "BO", today.Year, ct), request.Channel, customer.Id.Value, request.ShipTo, old?.FromDay ?? from, request.UntilDay, request.DaysAhead,
            BlanketStatus.Open, null, NoteOrder.Text(request.PurchaseOrder), channel.Currency, old?.Owner ?? db.Work.Actor.Name, old?.CreatedAt ?? db.Now, (old?.Version ?? 0) + 1, db.Work.Operation);
        db.Work.Concerns(order.Number);
        db.Work.IsWorth(priced.Draft.Taxed.Gross);
        if (old is null) db.Table<BlanketOrder>().Insert([order]);
        else
        {
            db.Table<BlanketOrder>().Update([order], nameof(BlanketOrder.Channel), nameof(BlanketOrder.ShipTo), nameof(BlanketOrder.UntilDay), nameof(BlanketOrder.DaysAhead), nameof(BlanketOrder.PurchaseOrder), nameof(BlanketOrder.Version));
            db.Work.Changed(BlanketOrder.RecordKind, order.Number, "what is agreed", Told(held!.Lines.Select(l => (l.Sku, l.Quantity, l.Price))), Told(Agreed()));
            db.Queue($"delete from sales.blanket_line where blanket_id = {order.Id}");
        }

        db.Table<BlanketLine>().Insert([.. Agreed().Select((l, i) => new BlanketLine(order.Id, i + 1, db.Company, l.Sku, l.Quantity, l.Price, channel.Currency))]);
        return new Answer(order.Id, order.Number);

        IEnumerable<(Sku Sku, Quantity Quantity, UnitPrice Price)> Agreed() => request.Lines.Select((l, i) => (l.Sku, l.Quantity, l.Price ?? priced.Draft.Lines[i].Price));
    }

    /// Out of the ordinary is `below-list`: what is left to the customer on the whole of it.
    public Task<Effect> Assess(Request request, Answer answer, CancellationToken ct)
    {
        var left = priced!.Left;
        return Task.FromResult(left.Minor <= 0 ? Effect.Nothing : new Effect(left, [], $"Agrees on {answer.Number}, {left} less than the lists say.") { Channel = request.Channel, Exceptions = ["below-list"] });
    }

    private static Error? Wrong(HeldBlanket held, Request request, Customer customer)
    {
        if (held.Order.Status is BlanketStatus.Ended) return Over.With($"{held.Order.Number} has ended. Agree on a new one.");
        if (held.Order.CustomerId != customer.Id.Value) return SaveQuote.NoCustomer.With($"{held.Order.Number} is another customer's. Make a new one for {request.Customer}.");
        if (held.CallOffs.FirstOrDefault(c => c.Status is CallOffStatus.Planned && c.DueOn > request.UntilDay) is { } later) return Planned.With($"Call-off {later.No} is planned for {later.DueOn:yyyy-MM-dd}. Drop it first, or name a later end.");
        var wanted = request.Lines.ToDictionary(l => l.Sku, l => l.Quantity);
        var lines = held.Lines.Select(l => l.Sku).Where(s => !wanted.ContainsKey(s) && held.CallOffs.Count > 0).ToArray();
        foreach (var line in held.Lines)
            if (held.Called.GetValueOrDefault(line.Sku) is { IsZero: false } called && called > wanted.GetValueOrDefault(line.Sku)) return Called.With($"{called} × {line.Sku} are called off already. Drop what is planned first, or agree on more.");
        return lines is [var gone, ..] ? Called.With($"{gone} stands on call-offs of {held.Order.Number}: it stays on it, with what is called off at least.") : null;
    }

    private static string Told(IEnumerable<(Sku Sku, Quantity Quantity, UnitPrice Price)> lines) => string.Join(", ", lines.Select(l => $"{l.Quantity} × {l.Sku} at {l.Price}"));
}
