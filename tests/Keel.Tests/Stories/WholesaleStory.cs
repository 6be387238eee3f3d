using Keel.Kernel;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Tests.Sales;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stories;

public class WholesaleStory
{
    [Fact, Feature("CR-03", "CR-04", "OM-31")]
    public async Task A_wholesale_customer_asks_for_a_quote_accepts_is_over_the_limit_pays_and_the_goods_leave()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 40);
        var hotel = await QuoteTests.Customer(shop, limit: 300);
        var first = await QuoteTests.Writes(shop, hotel, null, new SaveQuote.Item("BOWL", 10, new UnitPrice(20_000_000, Currency.Eur)));
        await QuoteTests.Sends(shop, first);
        var delivered = (await QuoteTests.Accepts(shop, first)).Value;
        delivered.Hold.ShouldBeNull();
        await shop.Ships(Captured(delivered));

        // The next one would take what is owed over the limit: it waits, and the shop's other customers get their goods meanwhile.
        var second = await QuoteTests.Writes(shop, hotel, null, new SaveQuote.Item("BOWL", 8, new UnitPrice(20_000_000, Currency.Eur)));
        await QuoteTests.Sends(shop, second);
        var stopped = (await QuoteTests.Accepts(shop, second)).Value;
        (stopped.Status, stopped.Hold).ShouldBe((OrderStatus.OnHold, "credit"));
        (await shop.Takes(("BOWL", 5))).Status.ShouldBe(OrderStatus.Reserved);

        await shop.Pays(Captured(delivered), PaymentKind.Captured, 200_00, "bank");
        await shop.Runs<CheckCreditJob>();
        (await shop.StatusOf(Captured(stopped))).ShouldBe(OrderStatus.Reserved);
        await shop.Ships(Captured(stopped));

        (await shop.StatusOf(Captured(stopped))).ShouldBe(OrderStatus.Shipped);
        (await shop.Number("select sum(owed)::bigint from sales.owed")).ShouldBe(160_00);
        (await shop.Number("select count(*) from sales.quote where status = 'Accepted'")).ShouldBe(2);
        await shop.Proves();
    }

    private static CapturedOrder Captured(AcceptQuote.Answer order) => new(order.Quote, new Id<Order>(order.Id), order.Order, order.Status, false, null, null, [], [], order.Hold, null);
}
