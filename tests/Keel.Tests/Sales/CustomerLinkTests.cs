using Keel.Partners.Contract;
using Keel.Sales;
using Keel.Sales.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// Customers who answer by links in their mails.
public class CustomerLinkTests
{
    private const string House = "https://orders.example.org";

    [Fact, Feature("CR-04", "CR-06")]
    public async Task A_quote_is_accepted_by_the_link_in_its_mail_once_and_only_in_the_version_that_was_sent()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 40);
        var hotel = await QuoteTests.Customer(shop);
        var quote = await Sent(shop, hotel, 10);
        (await shop.Text("select text from messages.mail where template = 'quote'")).ShouldContain("Please answer this mail to accept it.", customMessage: "nobody said where customers reach the house");

        await shop.Chooses(CustomerLinks.Kind, new CustomerLinks(House));
        var changed = await QuoteTests.Writes(shop, hotel, quote.Id, new SaveQuote.Item("BOWL", 12, UnitPrice.Of(20, Currency.Eur)));
        await Sends(shop, changed);
        var second = await Token(shop, "quote");
        var third = await QuoteTests.Writes(shop, hotel, quote.Id, new SaveQuote.Item("BOWL", 8, UnitPrice.Of(20, Currency.Eur)));
        (await Opens(shop, second))!.Over.ShouldBe("We are changing this quote: you get it once more by mail.");
        (await Answers(shop, second))!.Code.ShouldBe("link.opens-nothing");
        await Sends(shop, third);
        var token = await Token(shop, "quote");

        var page = (await Opens(shop, token))!;
        (page.IsOpen, page.Number, page.Gross!.Value.Minor, page.Lines[0].Quantity, page.Lines[0].Name).ShouldBe((true, quote.Number, 160_00, 8, "Bowl"));
        var tries = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Answers(shop, token, new CustomerAnswer(PurchaseOrder: "ZEE-9"))));
        tries.Count(t => t is null).ShouldBeGreaterThan(0);

        (await shop.Number("select count(*) from sales.orders")).ShouldBe(1);
        (await shop.Text("select purchase_order || ' ' || gross from sales.orders")).ShouldBe("ZEE-9 16000");
        (await shop.Text("select distinct actor_name from kernel.operation_log where operation = 'sales.accept-quote'")).ShouldBe("customer by link");
        (await Opens(shop, token))!.Done.ShouldStartWith("You have accepted it: it is our order");
        (await Answers(shop, token))!.Code.ShouldBe("link.opens-nothing");
        await shop.Proves();
    }

    [Fact, Feature("CR-04")]
    public async Task A_quote_is_declined_with_its_reason_and_one_whose_day_has_passed_says_so()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses(CustomerLinks.Kind, new CustomerLinks(House));
        var hotel = await QuoteTests.Customer(shop);
        await Sent(shop, hotel, 2);
        var first = await Token(shop, "quote");
        (await Answers(shop, first, new CustomerAnswer(Declines: true)))!.Code.ShouldBe("link.reason-missing");
        (await Answers(shop, first, new CustomerAnswer(Declines: true, Reason: nameof(LostReason.Price), Note: " too dear "))).ShouldBeNull();
        (await shop.Text("select status || ' ' || lost_reason || ' ' || lost_note from sales.quote")).ShouldBe("Lost Price too dear");
        (await Opens(shop, first))!.Done.ShouldStartWith("It was declined.");

        await Sent(shop, hotel, 3);
        var late = await Token(shop, "quote");
        shop.Clock.Step(TimeSpan.FromDays(32));
        (await Opens(shop, late))!.Over.ShouldBe("It is not good any more. Ask us to renew it.");
        shop.Clock.Step(TimeSpan.FromDays(60));
        (await Opens(shop, late)).ShouldBeNull("an old link opens nothing");
    }

    [Fact, Feature("OM-25", "EX-02")]
    public async Task An_address_that_the_customer_puts_right_lets_the_order_go_on_by_itself()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10);
        await shop.Chooses(CustomerLinks.Kind, new CustomerLinks(House));
        await shop.Chooses(OrderChecks.Kind, new OrderChecks([new OrderCheck(CheckKind.Address, CheckEffect.Hold)]));
        var wrong = new PostalAddress("Zijlweg", null, "2013 DH", "Haarlem", null, "NL");
        var order = (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 2)) with { ShipTo = wrong })).Value;
        order.Hold.ShouldBe("address");
        await shop.Must<AskCustomers, AskCustomers.Request, IReadOnlyList<AskCustomers.Answer>>(new([order.Id!.Value], "Which house number is it?"));
        await shop.Delivers();
        var token = await Token(shop, "order-question");

        (await Opens(shop, token))!.Address.ShouldBe(wrong);
        (await Answers(shop, token, new CustomerAnswer(Address: wrong with { Line1 = "Zijlweg" })))!.Message.ShouldBe("The house number is missing: Zijlweg.");
        (await Answers(shop, token, new CustomerAnswer(Address: wrong with { Line1 = "Rue Haute 1", Country = "BE", PostalCode = "1000" })))!.Code.ShouldBe("order.other-country");
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.OnHold);
        (await Answers(shop, token, new CustomerAnswer(Address: wrong with { Line1 = "Zijlweg 12", PostalCode = "2013dh" }))).ShouldBeNull();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await shop.Text($"select ship_to ->> 'line1' || ', ' || (ship_to ->> 'postalCode') from sales.orders where id = '{order.Id}'")).ShouldBe("Zijlweg 12, 2013 DH");
        (await shop.Number("select count(*) from kernel.work_case where kind = 'order-address' and state <> 'Closed'")).ShouldBe(0);
        await shop.Ships(order);
        (await Opens(shop, token))!.Done.ShouldBe("Your order has left already.");
        (await Answers(shop, token, new CustomerAnswer(Address: wrong)))!.Code.ShouldBe("link.opens-nothing");
        await shop.Proves();
    }

    [Fact, Feature("OM-25", "SE-09")]
    public async Task A_right_address_settles_no_other_doubt()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10);
        await shop.Chooses(CustomerLinks.Kind, new CustomerLinks(House));
        await shop.Chooses(OrderChecks.Kind, new OrderChecks([new OrderCheck(CheckKind.Address, CheckEffect.Hold), new OrderCheck(CheckKind.HighValue, CheckEffect.Hold, From: new Money(10_00, Currency.Eur))]));
        var wrong = new PostalAddress("Zijlweg", null, "2013 DH", "Haarlem", null, "NL");
        var order = (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 2)) with { ShipTo = wrong })).Value;
        order.Hold.ShouldBe("address");
        await shop.Must<AskCustomers, AskCustomers.Request, IReadOnlyList<AskCustomers.Answer>>(new([order.Id!.Value], "Which house number is it?"));
        await shop.Delivers();

        (await Answers(shop, await Token(shop, "order-question"), new CustomerAnswer(Address: wrong with { Line1 = "Zijlweg 12" }))).ShouldBeNull();

        (await shop.Text($"select status || ' ' || hold from sales.orders where id = '{order.Id}'")).ShouldBe("OnHold high-value");
        (await shop.Text("select string_agg(kind, ', ') from kernel.work_case where state <> 'Closed'")).ShouldBe("order-high-value");
        await shop.Must<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([order.Id.Value]));
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
    }

    [Fact, Feature("SE-09")]
    public async Task A_link_opens_what_it_was_made_for_and_nothing_else()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10);
        var order = (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 1)))).Value;
        await using var scope = shop.Scope();
        var seal = ActivatorUtilities.CreateInstance<LinkSeal>(scope.ServiceProvider);
        var company = scope.ServiceProvider.GetRequiredService<Work>().Company;
        var good = seal.TokenOf(new CustomerLink(CustomerAsk.Address, company, order.Id!.Value.Value, 0, shop.Clock.GetUtcNow().AddDays(1)));
        (await Opens(shop, good))!.Number.ShouldBe(order.ChannelNumber);

        (await Opens(shop, "")).ShouldBeNull();
        (await Opens(shop, "abc")).ShouldBeNull();
        (await Opens(shop, new string('A', 5000))).ShouldBeNull();
        (await Opens(shop, (good[0] == 'A' ? 'B' : 'A') + good[1..])).ShouldBeNull();
        (await Opens(shop, good[..^4])).ShouldBeNull();
        (await Opens(shop, seal.TokenOf(new CustomerLink(CustomerAsk.Quote, company, order.Id.Value.Value, 0, shop.Clock.GetUtcNow().AddDays(1))))).ShouldBeNull("an order is no quote");
        (await Opens(shop, seal.TokenOf(new CustomerLink(CustomerAsk.Address, new(Guid.NewGuid()), order.Id.Value.Value, 0, shop.Clock.GetUtcNow().AddDays(1))))).ShouldBeNull("of another company");
        (await Opens(shop, seal.TokenOf(new CustomerLink(CustomerAsk.Address, company, order.Id.Value.Value, 0, shop.Clock.GetUtcNow().AddMinutes(-1))))).ShouldBeNull();
    }

    /// The token of the link in the newest mail of a template.
    internal static async Task<string> Token(Shop shop, string template)
    {
        var text = await shop.Text($"select text from messages.mail where template = '{template}' order by id desc limit 1");
        var at = text.IndexOf("/c/", StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0, text);
        return text[(at + 3)..].Split('\n')[0].Trim();
    }

    private static async Task<SaveQuote.Answer> Sent(Shop shop, string customer, int bowls)
    {
        var quote = await QuoteTests.Writes(shop, customer, null, new SaveQuote.Item("BOWL", bowls, UnitPrice.Of(20, Currency.Eur)));
        await Sends(shop, quote);
        return quote;
    }

    private static async Task Sends(Shop shop, SaveQuote.Answer quote)
    {
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        await QuoteTests.Sends(shop, quote);
        await shop.Delivers();
    }

    private static async Task<CustomerPage?> Opens(Shop shop, string token)
    {
        await using var scope = shop.Scope();
        return await scope.ServiceProvider.GetRequiredService<CustomerLinkDesk>().Open(token);
    }

    private static async Task<Error?> Answers(Shop shop, string token, CustomerAnswer? answer = null)
    {
        await using var scope = shop.Scope();
        return await scope.ServiceProvider.GetRequiredService<CustomerLinkDesk>().Answer(token, answer ?? new CustomerAnswer());
    }
}
