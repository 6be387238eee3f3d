using Keel.Partners.Contract;
using Keel.Partners.Privacy;
using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Messages;

/// Customers hear of their orders where the channel's policy says so, in their language, once.
public class MilestoneTests
{
    [Fact, Feature("HD-07")]
    public async Task A_customer_is_told_that_the_order_is_taken_and_that_it_left()
    {
        await using var shop = await WithMessages();
        await shop.Stocks("BOWL", 5);
        var order = await shop.Takes(("BOWL", 2));
        await shop.Ships(order);

        await Settles(shop);
        await Settles(shop);

        (await Written(shop)).ShouldBe(["order-confirmed en", "order-shipped en"]);
        (await shop.Text("select text from messages.mail where template = 'order-confirmed'")).ShouldContain("2 × Bowl");
        (await shop.Text("select text from messages.mail where template = 'order-confirmed'")).ShouldContain("48.40 EUR");
        (await shop.Text("select to_address || ' ' || to_kind from messages.mail limit 1")).ShouldBe("customer1@example.org Customer");
    }

    [Fact, Feature("HD-07")]
    public async Task A_customer_in_Germany_is_written_to_in_German()
    {
        await using var shop = await WithMessages();
        var order = shop.NewOrder("webshop", ("BOWL", 1));
        await shop.Tries(order with { Customer = new Contact("Jörg Weiß", "joerg@example.de", null,
            new PostalAddress("Elbchaussee 1", null, "22765", "Hamburg", null, "DE")) });

        await Settles(shop);

        (await Written(shop)).ShouldBe(["order-confirmed de"]);
        (await shop.Text("select text from messages.mail")).ShouldContain("Guten Tag Jörg Weiß,");
        (await shop.Text("select text from messages.mail")).ShouldContain(" EUR. Sie verlässt uns bis zum");
    }

    [Fact, Feature("HD-07")]
    public async Task Nobody_is_written_to_in_a_channel_that_is_not_named()
    {
        await using var shop = await WithMessages();
        await shop.TakesFromBazaar(("BOWL", 1));
        await Settles(shop);
        (await Written(shop)).ShouldBeEmpty();

        await shop.Chooses("customer-messages", new { channels = new[] { new { channel = "bazaar", confirmed = false } } });
        var order = await shop.TakesFromBazaar(("BOWL", 1));
        await shop.Cancels(order);
        await Settles(shop);

        (await Written(shop)).ShouldBe(["order-cancelled en"]);
    }

    [Fact, Feature("HD-07")]
    public async Task A_delay_is_told_once_for_each_promised_day()
    {
        await using var shop = await WithMessages(confirmed: false);
        await shop.Takes(("BOWL", 1));
        await shop.Runs<TellDelaysJob>();
        await Settles(shop);
        (await Written(shop)).ShouldBeEmpty();

        shop.Clock.Step(TimeSpan.FromDays(5));
        for (var i = 0; i < 3; i++) await shop.Runs<TellDelaysJob>();
        await Settles(shop);

        (await Written(shop)).ShouldBe(["order-delayed en"]);
    }

    [Fact, Feature("HD-07")]
    public async Task Credits_and_refunds_are_told_with_their_amounts()
    {
        await using var shop = await WithMessages(confirmed: false);
        await shop.Stocks("BOWL", 5);
        var order = await shop.Takes(("BOWL", 2));
        await shop.Pays(order, PaymentKind.Captured, 48_40);
        await shop.Ships(order);
        await shop.Credits(order, 1, 1);
        await shop.Pays(order, PaymentKind.Refunded, 24_20);

        await Settles(shop);

        (await Written(shop)).ShouldBe(["order-credited en", "order-refunded en", "order-returned en", "order-shipped en"]);
        (await shop.Text("select text from messages.mail where template = 'order-refunded'")).ShouldContain("24.20 EUR");
    }

    [Fact]
    public async Task Who_is_forgotten_is_forgotten_in_the_mails_too()
    {
        await using var shop = await WithMessages();
        await shop.Stocks("BOWL", 5);
        var order = await shop.Takes(("BOWL", 1));
        await shop.Ships(order);
        await Settles(shop);
        var partner = await shop.Text($"select p.number from partners.partner p join sales.orders o on o.customer_id = p.id where o.id = '{order.Id}'");

        (await shop.Does<ErasePerson, ErasePerson.Request, Done>(new(partner))).Ok.ShouldBeTrue();

        (await shop.Number("select count(*) from messages.mail where to_address <> '' or text <> '' or html <> '' or to_name <> 'erased'")).ShouldBe(0);
        (await shop.Number("select count(*) from messages.mail")).ShouldBe(2);
    }

    private static async Task<Shop> WithMessages(bool confirmed = true)
    {
        var shop = await Shop.Open();
        await shop.Chooses("customer-messages", new { channels = new[] { new { channel = "webshop", confirmed } } });
        return shop;
    }

    private static async Task Settles(Shop shop)
    {
        await shop.Delivers();
        await shop.Delivers();
    }

    private static async Task<string[]> Written(Shop shop) =>
        (await shop.Text("select string_agg(template || ' ' || language, ',' order by template) from messages.mail")).Split(',',
            StringSplitOptions.RemoveEmptyEntries);
}
