using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;

namespace Keel.Sales;

/// The customer takes a quote: it becomes one order, at the agreed prices, whoever says it and however often.
[Operation("sales.accept-quote", SalesPermissions.Quote, Said = "accepted {quote|it}", Icon = "check")]
internal sealed class AcceptQuote(KeelDb db, Capturing capturing, PartnersDesk partners, Settings settings) : IOperation<AcceptQuote.Request, AcceptQuote.Answer>
{
    /// `PurchaseOrder` is the customer's own number of it, where another one is given than with the quote.
    public sealed record Request(Id<Quote> Quote, [MaxLength(60)] string? PurchaseOrder = null);

    /// The order; `Duplicate` says that it was there before.
    public sealed record Answer(Guid Id, string Order, string Quote, bool Duplicate, OrderStatus? Status = null, string? Hold = null);

    public static readonly Error NotSent = new("quote.not-sent", "It was not sent yet: send it first.");
    public static readonly Error Expired = new("quote.expired", "It is not good any more: renew it, and send it again.");

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var (quotes, versions, lines) = db.LockQuotes([request.Quote]);
        await db.Flush(ct);
        if (quotes.Value is not [var quote]) return SaveQuote.NoQuote;
        if (quote is { Status: QuoteStatus.Accepted, OrderId: { } there }) return new Answer(there, quote.OrderNumber!, quote.Number, Duplicate: true);
        var network = await Network.Of(settings, ct);
        var today = network.Day(db.Now);
        if (quote.Status is QuoteStatus.Lost) return SaveQuote.Over.With($"{quote.Number} is lost already: copy it into a new quote.");
        if (quote.Status is QuoteStatus.Draft) return NotSent.With($"{quote.Number} was not sent yet in version {quote.Version}: send it first.");
        if (quote.Status is QuoteStatus.Expired || quote.ValidUntil < today) return Expired.With($"{quote.Number} was good until {quote.ValidUntil:yyyy-MM-dd}: renew it, and send it again.");

        var version = versions.Value[0];
        var asked = partners.AskById([new Id<Partner>(quote.CustomerId)]);
        var address = await partners.AddressOf(new Id<Partner>(quote.CustomerId), ct);
        if (!asked.Value.TryGetValue(new Id<Partner>(quote.CustomerId), out var customer)) return SaveQuote.NoCustomer;
        var order = new NewOrder(
            quote.Channel, quote.Number, [.. lines.Value.Select(l => new NewLine(l.Sku, l.Quantity, l.UnitPrice))], new Contact(customer.Name, Address: address), address, ShipBy: version.DeliverOn > today ? version.DeliverOn : null,
            PricesIncludeTax: version.GrossPrices, DeliveryTerm: version.DeliveryTerm, PurchaseOrder: request.PurchaseOrder ?? version.PurchaseOrder) { Known = customer };
        db.Work.Concerns(quote.Number);
        var captured = (await capturing.Capture([order], ct))[0];
        if (captured.Refused is { } refused) return refused;
        Quoting.Follow(db, [quote with { Status = QuoteStatus.Accepted, DecidedAt = db.Now, OrderId = captured.Id!.Value.Value, OrderNumber = captured.Number }]);
        return new Answer(captured.Id.Value.Value, captured.Number!, quote.Number, captured.Duplicate, captured.Status, captured.Hold);
    }
}
