using Keel.Sales;
using Keel.Sales.Contract;

namespace Keel.Simulators;

/// The till sells gift cards: two are spent, one in part, one is reported stolen, and a customer whose parcel was late gets store credit.
internal static class GiftCards
{
    private sealed record Open(Id<Order> Id, string Customer, Money Gross, Currency Currency);

    public static async Task Scene(Clerk clerk, DateTimeOffset at, CancellationToken ct)
    {
        var caller = clerk.At(at) with { Actor = Staff.Of("Ada Visser"), Door = Door.Page };
        var orders = await clerk.Asks<Open>(
            $"""
            select o.id, p.number as customer, o.gross, o.currency from sales.orders o join partners.pub_partner p on p.id = o.customer_id
            where o.company_id = {clerk.Company} and o.channel = 'webshop' and o.status in ('Confirmed', 'Reserved', 'Backordered') and o.paid = 0 and o.gross > 3000 and o.currency = 'EUR' order by o.id limit 3
            """, ct);
        var late = await clerk.Asks<string>($"select number from partners.pub_partner where company_id = {clerk.Company} and is_customer and name is not null order by number limit 1", ct);
        foreach (var customer in orders.Skip(2).Select(o => o.Customer).Concat(late).Take(1))
        {
            await clerk.Tries<CorrectStoreCredit, CorrectStoreCredit.Request, CorrectStoreCredit.Answer>(new(customer, Money.Of(10m, Currency.Eur), "the parcel came a week late"), caller with { At = at }, ct);
        }

        var cards = new List<IssueGiftCard.Answer>();
        foreach (var (euros, number) in new[] { (25m, 1), (50m, 2), (25m, 3), (100m, 4), (50m, 5) })
        {
            cards.Add(await clerk.Does<IssueGiftCard, IssueGiftCard.Request, IssueGiftCard.Answer>(new(Money.Of(euros, Currency.Eur), number % 2 == 0 ? "cash" : "bank", $"till 2, slip {number}"), caller with { At = at.AddSeconds(number) }, ct));
        }

        await clerk.Does<BlockGiftCard, BlockGiftCard.Request, Done>(new(cards[4].Id, "reported stolen"), caller with { At = at.AddSeconds(8) }, ct);
        foreach (var (order, card) in orders.Take(2).Zip(cards))
        {
            await clerk.Tries<RedeemVoucher, RedeemVoucher.Request, RedeemVoucher.Answer>(new(order.Id, card.Code, Money.Of(20m, Currency.Eur)), caller with { At = at.AddSeconds(10) }, ct);
        }
    }
}
