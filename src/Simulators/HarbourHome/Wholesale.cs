using System.Text.Json;
using Keel.Catalog.Products;
using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Pricing.PriceLists;
using Keel.Sales;
using Keel.Sales.Contract;

namespace Keel.Simulators;

/// The sales desk's business with those who pay later: quotes in every state, an order out of one that was changed afterwards, and one that waits for credit.
internal sealed class Wholesale(Clerk clerk, Assortment assortment)
{
    private static readonly Actor Desk = Staff.Of("Ada Visser");

    public async Task Scene(DateTimeOffset at, CancellationToken ct)
    {
        var caller = clerk.At(at) with { Actor = Desk, Door = Door.Page };
        var pension = await Enters("Pension Duinzicht", "inkoop@duinzicht.example", "Duinweg 14", 2_500m, at, ct);
        var bistro = await Enters("Bistro De Sluis", "keuken@desluis.example", "Sluiskade 3", 400m, at, ct);
        Sku[] wanted = [.. assortment.Sold.OrderByDescending(a => a.Liking).Skip(12).Take(5).Select(a => a.Sku)];

        var accepted = await Quotes(pension, [new(wanted[0], 12), new(wanted[1], 6)], caller, ct);
        await Sends(accepted, caller, ct);
        var order = await clerk.Does<AcceptQuote, AcceptQuote.Request, AcceptQuote.Answer>(new(accepted), caller, ct);
        var version = (await clerk.Asks<int>($"select version from sales.orders where id = {order.Id}", ct))[0];
        await clerk.Does<ChangeOrder, ChangeOrder.Request, ChangeOrder.Answer>(new(new Id<Order>(order.Id), version, "rang: two more for the terrace, and none of the second", [new(1, 14), new(2, 0)]), caller, ct);

        await Sends(await Quotes(pension, [new(wanted[2], 24)], caller, ct), caller, ct);
        await Quotes(bistro, [new(wanted[3], 8), new(wanted[4], 8)], caller, ct);
        var lost = await Quotes(bistro, [new(wanted[0], 40)], caller, ct);
        await Sends(lost, caller, ct);
        await clerk.Does<DeclineQuotes, DeclineQuotes.Request, IReadOnlyList<QuoteAnswer>>(new([lost], LostReason.Competitor, "took theirs with the chairs"), caller, ct);

        var today = DateOnly.FromDateTime(at.UtcDateTime);
        foreach (var (customer, sku, units, every, period, next) in new[] { (pension, wanted[1], 12, 1, SubscriptionPeriod.Months, today), (bistro, wanted[3], 6, 2, SubscriptionPeriod.Weeks, today.AddDays(5)) })
            await clerk.Does<SaveSubscription, SaveSubscription.Request, SaveSubscription.Answer>(new("b2b", customer, [new(sku, units)], next, every, period), caller, ct);
        await clerk.Does<RunSubscriptions, RunSubscriptions.Request, int>(new(), Caller.Keel(clerk.Company) with { At = at }, ct);
        var blanket = await clerk.Does<SaveBlanketOrder, SaveBlanketOrder.Request, SaveBlanketOrder.Answer>(new("b2b", pension, [new(wanted[0], 240), new(wanted[1], 120)], today.AddMonths(9), PurchaseOrder: "FRAME-26"), caller, ct);
        await clerk.Does<CallOffPart, CallOffPart.Request, CallOffPart.Answer>(new(blanket.Id, today.AddDays(2), [new(wanted[1], 12)]), caller, ct);
        await clerk.Does<CallOffPart, CallOffPart.Request, CallOffPart.Answer>(new(blanket.Id, today.AddDays(28), [new(wanted[0], 30), new(wanted[1], 12)], 5, 4), caller, ct);
        await Made(at, caller, ct);
        var sum = await Quotes(bistro, [new(wanted[0], 60)], caller, ct);
        await Sends(sum, caller, ct);
        await clerk.Does<AcceptQuote, AcceptQuote.Request, AcceptQuote.Answer>(new(sum), caller, ct);
    }

    private async Task<Id<Quote>> Quotes(string customer, IReadOnlyList<SaveQuote.Item> lines, Caller caller, CancellationToken ct) =>
        (await clerk.Does<SaveQuote, SaveQuote.Request, SaveQuote.Answer>(new("b2b", customer, lines, Notes: "Delivered to your door, in one go."), caller, ct)).Id;

    private async Task Sends(Id<Quote> quote, Caller caller, CancellationToken ct) => await clerk.Does<SendQuotes, SendQuotes.Request, IReadOnlyList<QuoteAnswer>>(new([quote]), caller, ct);

    /// A shelf that is cut only when somebody orders it.
    private async Task Made(DateTimeOffset at, Caller caller, CancellationToken ct)
    {
        var then = clerk.At(at);
        await clerk.Does<SaveProducts, SaveProducts.Request, Saved[]>(new([new("SHELF-CUT-OAK", "Oak shelf cut to size", WeightGrams: 6_500, LengthMm: 1200, WidthMm: 300, HeightMm: 40)]), then, ct);
        await clerk.Does<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new("SHELF-CUT-OAK", 89m)]), then, ct);
        await clerk.Does<SetPrices, SetPrices.Request, Saved[]>(new("wholesale", [new("SHELF-CUT-OAK", 49m)]), then, ct);
        await clerk.Does<SetPolicy, SetPolicy.Request, int>(new(MadeToOrder.Kind, JsonSerializer.SerializeToElement(new MadeToOrder([new MadeGoods(["SHELF-CUT-OAK"], "MAIN", 8)]), KeelJson.Options), "head of operations"), then, ct);
        var contact = new Contact("Noor Hendriks", "noor.hendriks@post.example", null, new PostalAddress("Kadestraat 21", null, "4501 KC", "Havenmond", null, "NL"));
        await clerk.Does<PlaceOrder, NewOrder, CapturedOrder>(new NewOrder("webshop", "W-SHELF-1", [new NewLine("SHELF-CUT-OAK", 3)], contact, contact.Address, at), caller, ct);
    }

    private async Task<string> Enters(string name, string mail, string street, decimal limit, DateTimeOffset at, CancellationToken ct) =>
        (await clerk.Does<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(
            new Contact(name, mail, null, new PostalAddress(street, null, "4501 KD", "Havenmond", null, "NL")), PaymentTermsDays: 30, CreditLimit: Money.Of(limit, Currency.Eur))]), clerk.At(at), ct))[0].Key;
}
