using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Keel.Sales;
using Shouldly;
using Xunit;

namespace Keel.Tests.Approvals;

/// What a customer is left below the lists waits for a yes where the company wants one; then the order is taken as it was agreed.
public class ConcessionTests
{
    [Fact, Feature("AP-02")]
    public async Task An_order_under_list_price_waits_and_is_taken_at_the_agreed_price_after_a_yes()
    {
        await using var shop = await WithRule();
        var (clerk, boss) = (await shop.Person("Mei", "service"), await shop.Person("Anna", "administrator"));
        var order = Priced(shop, 15m);

        var asked = await shop.Asks<PlaceOrder>(order, shop.By(clerk));
        asked.Waiting.ShouldNotBeNull().Sentence.ShouldContain("15.00 EUR less than the lists say");
        (await shop.Number("select count(*) from sales.orders")).ShouldBe(0);

        shop.Clock.Step(TimeSpan.FromMinutes(5));
        (await shop.Does<DecideApproval, DecideApproval.Request, ApprovalState>(new(new Id<Approval>(asked.Waiting!.Approval), 1, true, "a good customer"), shop.By(boss))).Value.ShouldBe(ApprovalState.Approved);
        await shop.Delivers();
        (await shop.Text("select string_agg(gross::text, ' ') from sales.orders")).ShouldBe("4500");
    }

    [Theory, Feature("AP-02")]
    [InlineData(17, false, "three euros each are under the limit of ten")]
    [InlineData(20, false, "the list price is the list price")]
    [InlineData(25, false, "more than the list takes nobody's yes")]
    [InlineData(16.66, true, "what is left is added up over the pieces")]
    public async Task Only_what_is_left_beyond_the_limit_waits(double price, bool waits, string why)
    {
        await using var shop = await WithRule();
        var asked = await shop.Asks<PlaceOrder>(Priced(shop, (decimal)price), shop.By(await shop.Person("Mei", "service")));
        (asked.Waiting is not null).ShouldBe(waits, why);
    }

    [Theory, Feature("PD-08", "AP-14")]
    [InlineData("service", 17, false)]
    [InlineData("service", 15, true)]
    [InlineData("channel-manager", 15, false)]
    [InlineData("channel-manager", 2, true)]
    public async Task What_somebody_may_leave_a_customer_by_themselves_goes_by_their_role(string role, double price, bool waits)
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 50);
        await shop.Chooses(ApprovalPolicy.Kind, JsonSerializer.Deserialize<JsonElement>(
            """
            {"rules":[{"operation":"sales.place-order","roles":["service"],"from":{"amount":10,"currency":"EUR"},"levels":[{"permission":"kernel.approvals.decide"}]},
            {"operation":"sales.place-order","roles":["channel-manager"],"from":{"amount":50,"currency":"EUR"},"levels":[{"permission":"kernel.approvals.decide"}]}]}
            """));

        var asked = await shop.Asks<PlaceOrder>(Priced(shop, (decimal)price), shop.By(await shop.Person("Mei", role)));

        (asked.Waiting is not null).ShouldBe(waits);
        (await shop.Number("select count(*) from sales.orders")).ShouldBe(waits ? 0 : 1);
    }

    [Fact, Feature("AP-02")]
    public async Task Neither_a_discount_line_nor_a_list_of_orders_goes_around_it_and_a_marketplaces_price_is_a_fact()
    {
        await using var shop = await WithRule();
        var clerk = await shop.Person("Mei", "service");
        var plain = shop.NewOrder("webshop", ("TEE-M", 1));
        var discounted = shop.NewOrder("webshop", ("TEE-M", 1));
        discounted = discounted with { Lines = [.. discounted.Lines, new NewLine(null, 1, UnitPrice.Of(-10.01m, Currency.Eur), Kind: LineKind.Discount)] };

        var asked = await shop.Asks<CaptureOrders>(new CaptureOrders.Request([plain, discounted, Priced(shop, 5m), Priced(shop, 5m, "bazaar")]), shop.By(clerk));

        var answers = ((IReadOnlyList<CapturedOrder>)asked.Answer!).ToDictionary(a => a.ChannelNumber);
        answers[plain.Number].Waits.ShouldBeNull();
        answers[discounted.Number].Waits.ShouldNotBeNull().ShouldContain("(of it discounts: 10.01 EUR)");
        answers.Values.Count(a => a.Waits is not null).ShouldBe(2);
        (await shop.Text("select string_agg(channel, ' ' order by channel) from sales.orders")).ShouldBe("bazaar webshop");
    }

    [Fact, Feature("AP-02")]
    public async Task A_number_that_stands_on_two_channels_hides_neither_order_behind_the_other()
    {
        await using var shop = await WithRule();
        var fact = Priced(shop, 20m, "bazaar");
        var cheap = Priced(shop, 5m) with { Number = fact.Number };

        var asked = await shop.Asks<CaptureOrders>(new CaptureOrders.Request([fact, cheap]), shop.By(await shop.Person("Mei", "service")));

        ((IReadOnlyList<CapturedOrder>)asked.Answer!).Count(a => a.Waits is not null).ShouldBe(1);
        (await shop.Text("select string_agg(channel, ' ') from sales.orders")).ShouldBe("bazaar");
    }

    [Fact, Feature("AP-02", "OM-18")]
    public async Task An_order_that_is_made_cheaper_afterwards_waits_as_well_and_is_changed_after_the_yes()
    {
        await using var shop = await WithRule();
        var (clerk, boss) = (await shop.Person("Mei", "service"), await shop.Person("Anna", "administrator"));
        var order = await shop.Takes(("TEE-M", 3));
        ChangeOrder.Request At(decimal price) => new(order.Id!.Value, 1, "was promised by phone", [new(1, 3, UnitPrice.Of(price, Currency.Eur))]);

        var asked = await shop.Asks<ChangeOrder>(At(15m), shop.By(clerk));
        asked.Waiting.ShouldNotBeNull().Sentence.ShouldContain("leaves 15.00 EUR of its prices to the customer");
        (await shop.Number("select gross from sales.orders")).ShouldBe(60_00);
        (await shop.Number("select count(*) from sales.order_version")).ShouldBe(0);

        shop.Clock.Step(TimeSpan.FromMinutes(5));
        (await shop.Does<DecideApproval, DecideApproval.Request, ApprovalState>(new(new Id<Approval>(asked.Waiting!.Approval), 1, true, "a good customer"), shop.By(boss))).Value.ShouldBe(ApprovalState.Approved);
        await shop.Delivers();
        (await shop.Number("select gross from sales.orders")).ShouldBe(45_00);
    }

    private static NewOrder Priced(Shop shop, decimal price, ChannelCode? channel = null)
    {
        var order = shop.NewOrder(channel ?? "webshop", ("TEE-M", 3));
        return order with { Lines = [order.Lines[0] with { Price = UnitPrice.Of(price, Currency.Eur) }] };
    }

    private static async Task<Shop> WithRule()
    {
        var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 50);
        await shop.Chooses(ApprovalPolicy.Kind, JsonSerializer.Deserialize<JsonElement>(
            """
            {"rules":[{"operation":"sales.place-order","from":{"amount":10,"currency":"EUR"},"levels":[{"permission":"kernel.approvals.decide"}]},
            {"operation":"sales.change-order","from":{"amount":10,"currency":"EUR"},"levels":[{"permission":"kernel.approvals.decide"}]},
            {"operation":"sales.capture-orders","from":{"amount":10,"currency":"EUR"},"levels":[{"permission":"kernel.approvals.decide"}]}]}
            """));
        return shop;
    }
}
