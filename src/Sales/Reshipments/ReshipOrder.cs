using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;

namespace Keel.Sales;

/// Sends goods of an order again that were lost, broken or wrong: an order of its own at no charge, promised, picked and shipped as any other, which says whose place it takes. What it
/// costs is the cost of an error. What was paid and invoiced stays as it is.
[Operation("sales.send-again", SalesPermissions.Credit, Said = "sent goods of {order|an order} again", Icon = "returns")]
internal sealed class ReshipOrder(KeelDb db, Capturing capturing, PartnersDesk partners) : IOperation<ReshipOrder.Request, ReshipOrder.Answer>, IAssess<ReshipOrder.Request, ReshipOrder.Answer>
{
    /// Lines with the quantity 0 stay as they are. Without an address the goods go to where they went.
    public sealed record Request(
        Id<Order> Order, [Required, MinLength(1), MaxLength(1200)] IReadOnlyList<Part> Lines, ReshipReason Reason, [MaxLength(200)] string? Note = null, PostalAddress? ShipTo = null);

    /// So many of a line of the order.
    public sealed record Part(int Line, [NotNegative] Quantity Quantity);

    /// `Worth` is what the customer paid for these goods.
    public sealed record Answer(Guid Id, string Order, string Original, OrderStatus Status, Money Worth, DateOnly? ShipBy);

    public static readonly Error NotLeft = new("reship.not-left", "Nothing of this order has left yet: change the order instead.");
    public static readonly Error NoLine = Error.Invalid("reship.no-such-line", "The order has no such line of goods. Load the page again.");
    public static readonly Error TooMany = Error.Invalid("reship.more-than-left", "Only what has left can be sent again, and only once. What was sent again and is lost, too, is sent again from that order.");
    public static readonly Error Nothing = Error.Invalid("reship.nothing", "Say how many are to be sent again.");
    public static readonly Error Twice = Error.Invalid("reship.line-twice", "A line is named twice. Name it once.");

    private Order? original;

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var (orders, rows) = db.LockOrders([request.Order]);
        var before = db.Ask<Sent>(
            $"""
            select x.original_line as line, sum(x.quantity)::bigint as quantity, count(distinct x.order_id)::int as times from sales.reshipment x join sales.orders o on o.id = x.order_id
            where x.original_id = {request.Order} and o.status <> 'Cancelled' group by x.original_line
            """);
        var times = db.Ask<int>($"select count(distinct order_id)::int from sales.reshipment where original_id = {request.Order}");
        await db.Flush(ct);
        if (orders.Value is not [var order]) return ChangeAddress.NotThere;
        var asked = request.Lines.Where(l => l.Quantity.IsPositive).ToArray();
        if (asked.Length == 0) return Nothing;
        if (asked.GroupBy(l => l.Line).Any(g => g.Count() > 1)) return Twice;
        if (order.Status is not (OrderStatus.Shipped or OrderStatus.PartlyShipped)) return NotLeft.With($"Nothing of {order.Number} has left yet: change the order instead.");
        var lines = rows.Value.ToDictionary(l => l.Line);
        var sent = before.Value.ToDictionary(s => s.Line, s => s.Quantity);
        foreach (var part in asked)
        {
            if (!lines.TryGetValue(part.Line, out var line) || !line.IsCustomers || line.Kind is not (LineKind.Goods or LineKind.Kit)) return NoLine.With($"{order.Number} has no line {part.Line} of goods. Load the page again.");
            var left = line.Shipped - sent.GetValueOrDefault(part.Line);
            if (part.Quantity > left) return TooMany.With(left.IsPositive ? $"{left} × {line.Sku} can be sent again: {line.Shipped} have left." : $"No {line.Sku} can be sent again: {line.Shipped} have left, and {sent.GetValueOrDefault(part.Line)} were sent again.");
        }

        var customers = partners.AskById([new Id<Partner>(order.CustomerId)]);
        await db.Flush(ct);
        if (!customers.Value.TryGetValue(new Id<Partner>(order.CustomerId), out var customer)) return SaveQuote.NoCustomer;
        var (to, free) = (request.ShipTo ?? order.ShipTo, new UnitPrice(0, order.Currency));
        var again = new NewOrder(
            order.Channel, $"{order.Number}-R{times.Value[0] + 1}", [.. asked.Select(p => new NewLine(lines[p.Line].Sku, p.Quantity, free))], new Contact(order.CustomerName, Address: to), to,
            PricesIncludeTax: order.GrossPrices) { Known = customer, IsAgain = true };
        var worth = asked.Aggregate(Money.Zero(order.Currency), (sum, p) => sum + lines[p.Line].Gross.Share(p.Quantity, lines[p.Line].Quantity));
        db.Work.IsWorth(worth);
        db.Work.Concerns(order.Number);
        var captured = (await capturing.Capture([again], ct))[0];
        if (captured.Refused is { } refused) return refused;
        db.Table<Reshipment>().Insert([.. asked.Select((p, i) => new Reshipment(captured.Id!.Value, i + 1, db.Company, order.Id, p.Line, p.Quantity, request.Reason, db.Now, db.Work.Actor.Name, db.Work.Operation))]);
        original = order;
        return new Answer(captured.Id!.Value.Value, captured.Number!, order.Number, captured.Status!.Value, worth, captured.ShipBy);
    }

    /// It is worth what the customer paid for what is given once more.
    public Task<Effect> Assess(Request request, Answer answer, CancellationToken ct) => Task.FromResult(
        new Effect(answer.Worth, [new DocumentVersion(original!.Ref, original.Version)], $"Sends goods of {answer.Original} again that were sold for {answer.Worth}.") { Channel = original.Channel });

    private sealed record Sent(int Line, Quantity Quantity, int Times);
}
