using Keel.Partners.Merging;
using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// What a customer gets again and again: of each day one order.
public class SubscriptionTests
{
    private static readonly DateOnly March10 = new(2026, 3, 10);

    [Fact, Feature("OM-29")]
    public async Task On_each_day_that_is_due_one_order_comes_at_the_agreed_price_or_the_lists()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 20);
        var one = await Saves(shop, new(2026, 3, 31), 1, SubscriptionPeriod.Months, new("MUG-BL", 2), new SaveSubscription.Item("BOWL", 1, UnitPrice.Of(20m, Currency.Eur)));
        await shop.Runs<RunSubscriptionsJob>();
        (await shop.Number("select count(*) from sales.orders")).ShouldBe(0);

        shop.Clock.StepTo(new DateTimeOffset(2026, 3, 31, 6, 0, 0, TimeSpan.Zero));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => shop.Runs<RunSubscriptionsJob>())));

        (await shop.Text("select string_agg(channel_number || ' ' || gross, ', ') from sales.orders")).ShouldBe($"{one.Number}-20260331 4420");
        (await shop.Text("select status || ' ' || next_on || ' ' || orders from sales.subscription")).ShouldBe("Active 2026-04-30 1");
        shop.Clock.StepTo(new DateTimeOffset(2026, 4, 30, 6, 0, 0, TimeSpan.Zero));
        await shop.Runs<RunSubscriptionsJob>();
        (await shop.Text("select next_on || ' ' || orders from sales.subscription")).ShouldBe("2026-05-31 2", "the thirty-first again where there is one");
        (await shop.Number("select count(distinct customer_id) from sales.orders")).ShouldBe(1);
        await shop.Proves();
    }

    [Fact, Feature("OM-29")]
    public async Task What_was_missed_comes_once_and_a_skipped_day_not_at_all()
    {
        await using var shop = await Shop.Open();
        var one = await Saves(shop, March10, 2, SubscriptionPeriod.Weeks, new SaveSubscription.Item("MUG-BL", 1));
        await shop.Must<SkipSubscription, SkipSubscription.Request, Done>(new(one.Id, "on holiday"));
        await shop.Runs<RunSubscriptionsJob>();
        (await shop.Number("select count(*) from sales.orders")).ShouldBe(0);
        (await shop.Text("select next_on::text from sales.subscription")).ShouldBe("2026-03-24");

        shop.Clock.StepTo(new DateTimeOffset(2026, 5, 1, 6, 0, 0, TimeSpan.Zero));
        await shop.Runs<RunSubscriptionsJob>();
        await shop.Runs<RunSubscriptionsJob>();

        (await shop.Text("select string_agg(channel_number, ', ') from sales.orders")).ShouldBe($"{one.Number}-20260324");
        (await shop.Text("select next_on::text from sales.subscription")).ShouldBe("2026-05-05");
        (await shop.Text("select string_agg(due_on || ' ' || outcome, ', ' order by due_on) from sales.subscription_run")).ShouldBe("2026-03-10 Skipped, 2026-03-24 Ordered");
    }

    [Fact, Feature("OM-29", "EX-01")]
    public async Task An_order_that_is_refused_stops_its_subscription_until_somebody_has_looked()
    {
        await using var shop = await Shop.Open();
        var one = await Saves(shop, March10, 1, SubscriptionPeriod.Months, new SaveSubscription.Item("MUG-BL", 1));
        await shop.Text("update catalog.product set lifecycle = 'Retired' where sku = 'MUG-BL' returning sku");
        await shop.Runs<RunSubscriptionsJob>();
        (await shop.Text("select status || ' ' || next_on from sales.subscription")).ShouldBe("Stopped 2026-03-10");
        (await shop.Text("select sentence from kernel.work_case where kind = 'subscription-refused' and state = 'Open'")).ShouldStartWith($"The order of {one.Number} for 10 March could not be taken:");
        await shop.Runs<RunSubscriptionsJob>();
        (await shop.Number("select count(*) from sales.subscription_run")).ShouldBe(1);

        await shop.Text("update catalog.product set lifecycle = 'Active' where sku = 'MUG-BL' returning sku");
        await shop.Must<ResumeSubscription, ResumeSubscription.Request, Done>(new(one.Id));
        await shop.Runs<RunSubscriptionsJob>();

        (await shop.Text("select string_agg(outcome, ', ' order by attempt) from sales.subscription_run")).ShouldBe("Refused, Ordered");
        (await shop.Number("select count(*) from kernel.work_case where kind = 'subscription-refused' and state = 'Open'")).ShouldBe(0);
    }

    [Fact, Feature("OM-29")]
    public async Task It_rests_ends_by_itself_and_is_changed_for_what_comes()
    {
        await using var shop = await Shop.Open();
        var one = await Saves(shop, March10, 1, SubscriptionPeriod.Weeks, new SaveSubscription.Item("MUG-BL", 1));
        await shop.Must<PauseSubscription, PauseSubscription.Request, Done>(new(one.Id, "shop is closed"));
        shop.Clock.StepTo(new DateTimeOffset(2026, 3, 20, 6, 0, 0, TimeSpan.Zero));
        await shop.Runs<RunSubscriptionsJob>();
        (await shop.Number("select count(*) from sales.orders")).ShouldBe(0);
        await shop.Must<ResumeSubscription, ResumeSubscription.Request, Done>(new(one.Id));
        (await shop.Text("select status || ' ' || next_on from sales.subscription")).ShouldBe("Active 2026-03-24");

        var customer = await shop.Text("select p.number from partners.partner p join sales.subscription s on s.customer_id = p.id");
        await shop.Must<SaveSubscription, SaveSubscription.Request, SaveSubscription.Answer>(new("webshop", customer, [new("BOWL", 3)], new(2026, 3, 24), 1, SubscriptionPeriod.Weeks, EndsOn: new(2026, 3, 30), Subscription: one.Id));
        shop.Clock.StepTo(new DateTimeOffset(2026, 3, 24, 6, 0, 0, TimeSpan.Zero));
        await shop.Runs<RunSubscriptionsJob>();
        (await shop.Text("select l.sku || ' ' || l.quantity from sales.order_line l")).ShouldBe("BOWL 3000");
        (await shop.Text("select status from sales.subscription")).ShouldBe("Ended");
        (await shop.Does<ResumeSubscription, ResumeSubscription.Request, Done>(new(one.Id))).Error.ShouldBe(SaveSubscription.Over);
    }

    [Fact, Feature("OM-29")]
    public async Task What_cannot_be_agreed_on_is_refused_with_what_to_do()
    {
        await using var shop = await Shop.Open();
        var customer = await QuoteTests.Customer(shop);
        async Task<string?> Why(SaveSubscription.Request request) => (await shop.Does<SaveSubscription, SaveSubscription.Request, SaveSubscription.Answer>(request)).Error?.Code;
        SaveSubscription.Item[] mugs = [new("MUG-BL", 1)];

        (await Why(new("webshop", customer, mugs, new(2026, 3, 9), 1, SubscriptionPeriod.Weeks))).ShouldBe("subscription.in-the-past");
        (await Why(new("webshop", customer, mugs, new(2026, 3, 20), 1, SubscriptionPeriod.Weeks, EndsOn: new(2026, 3, 19)))).ShouldBe("subscription.ends-before");
        (await Why(new("webshop", "nobody", mugs, new(2026, 3, 20), 1, SubscriptionPeriod.Weeks))).ShouldBe("quote.customer-unknown");
        (await Why(new("bazaar", customer, mugs, new(2026, 3, 20), 1, SubscriptionPeriod.Weeks))).ShouldBe("quote.marketplace");
        (await Why(new("webshop", customer, [new("NOPE", 1)], new(2026, 3, 20), 1, SubscriptionPeriod.Weeks))).ShouldBe("order.sku-unknown");
        (await Why(new("webshop", customer, mugs, new(2026, 3, 20), 53, SubscriptionPeriod.Weeks))).ShouldNotBeNull();
    }

    [Fact, Feature("OM-29", "MD-05")]
    public async Task A_customer_with_a_subscription_is_neither_merged_away_nor_forgotten()
    {
        await using var shop = await Shop.Open();
        var one = await Saves(shop, March10, 1, SubscriptionPeriod.Weeks, new SaveSubscription.Item("MUG-BL", 1));
        var order = await shop.Takes(("BOWL", 1));
        var customer = await shop.Text("select p.number from partners.partner p join sales.subscription s on s.customer_id = p.id");
        var other = await shop.Text($"select p.number from partners.partner p join sales.orders o on o.customer_id = p.id where o.id = '{order.Id}'");
        await shop.Cancels(order);

        (await shop.Does<MergePartners, MergePartners.Request, Done>(new(other, customer, "the same hotel"))).Error!.Message.ShouldContain(one.Number);
        await shop.Must<EndSubscription, EndSubscription.Request, Done>(new(one.Id, "moved away"));
        (await shop.Does<MergePartners, MergePartners.Request, Done>(new(other, customer, "the same hotel"))).Ok.ShouldBeTrue();
    }

    private static async Task<SaveSubscription.Answer> Saves(Shop shop, DateOnly nextOn, int every, SubscriptionPeriod period, params SaveSubscription.Item[] lines) =>
        await shop.Must<SaveSubscription, SaveSubscription.Request, SaveSubscription.Answer>(new("webshop", await QuoteTests.Customer(shop), lines, nextOn, every, period));
}
