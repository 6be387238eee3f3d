using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// What is agreed on ahead and called off in parts.
public class BlanketOrderTests
{
    private static readonly DateOnly March10 = new(2026, 3, 10);

    [Fact, Feature("CR-04", "OM-31")]
    public async Task Parts_are_called_off_at_the_agreed_price_and_become_orders_near_their_day()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 500);
        var one = await Agrees(shop, new SaveBlanketOrder.Item("MUG-BL", 100, UnitPrice.Of(10, Currency.Eur)), new SaveBlanketOrder.Item("BOWL", 20));

        var near = await Calls(shop, one, March10.AddDays(3), ("MUG-BL", 10));
        near.Parts.Single().Status.ShouldBe(CallOffStatus.Ordered);
        (await shop.Text($"select channel_number || ' ' || status || ' ' || ship_by || ' ' || gross from sales.orders where number = '{near.Parts[0].Order}'")).ShouldBe($"{one.Number}-1 Reserved 2026-03-13 10000");

        var plan = await Calls(shop, one, March10.AddDays(20), 4, 2, ("MUG-BL", 15));
        plan.Parts.Select(p => (p.No, p.DueOn, p.Status)).ShouldBe([(2, new(2026, 3, 30), CallOffStatus.Planned), (3, new(2026, 4, 13), CallOffStatus.Planned), (4, new(2026, 4, 27), CallOffStatus.Planned), (5, new(2026, 5, 11), CallOffStatus.Planned)]);
        (await shop.Number("select count(*) from sales.orders")).ShouldBe(1);
        (await Row(shop)).ShouldBe("120 70 50");

        shop.Clock.Step(TimeSpan.FromDays(14));
        await shop.Runs<RunCallOffsJob>();
        (await shop.Number("select count(*) from sales.orders")).ShouldBe(1, "six days before is too early");
        shop.Clock.Step(TimeSpan.FromDays(1));
        await Task.WhenAll(shop.Runs<RunCallOffsJob>(), shop.Runs<RunCallOffsJob>(), shop.Runs<RunCallOffsJob>());
        (await shop.Text("select string_agg(channel_number || ' ' || ship_by, ', ' order by channel_number) from sales.orders")).ShouldBe($"{one.Number}-1 2026-03-13, {one.Number}-2 2026-03-30");
        await shop.Proves();
    }

    [Fact, Feature("CR-04")]
    public async Task Never_more_is_called_off_than_was_agreed_however_many_ask_at_once()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 500);
        var one = await Agrees(shop, new SaveBlanketOrder.Item("MUG-BL", 25));

        var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Tries(shop, one, March10, ("MUG-BL", 5))));

        asked.Count(a => a.Ok).ShouldBe(5);
        asked.Where(a => !a.Ok).ShouldAllBe(a => a.Error!.Code == "call-off.too-much");
        (await shop.Number("select sum(units) / 1000 from sales.orders")).ShouldBe(25);

        // What is cancelled, or dropped before it was an order, is free to be called off again.
        var first = await shop.Text("select id::text from sales.orders order by id limit 1");
        await shop.Must<CancelOrders, CancelOrders.Request, IReadOnlyList<CancelOrders.Answer>>(new([new(Guid.Parse(first))], "not needed yet"));
        var later = await Calls(shop, one, March10.AddDays(60), ("MUG-BL", 5));
        (await Tries(shop, one, March10.AddDays(60), ("MUG-BL", 1))).Error!.Message.ShouldBe($"0 × MUG-BL are left of {one.Number}, and 1 are called off. Call off less, or agree on more.");
        await shop.Must<DropCallOff, DropCallOff.Request, Done>(new(one.Id, later.Parts[0].No, "they moved"));
        (await Tries(shop, one, March10, ("MUG-BL", 5))).Ok.ShouldBeTrue();
        (await shop.Does<DropCallOff, DropCallOff.Request, Done>(new(one.Id, 2, "too late"))).Error!.Code.ShouldBe("call-off.ordered");
        await shop.Proves();
    }

    [Fact, Feature("CR-04")]
    public async Task It_is_changed_for_what_is_not_called_off_and_ends_with_what_is_planned()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 500);
        var customer = await QuoteTests.Customer(shop);
        var one = await Agrees(shop, customer, null, March10.AddDays(90), new SaveBlanketOrder.Item("MUG-BL", 50), new SaveBlanketOrder.Item("BOWL", 10));
        await Calls(shop, one, March10.AddDays(30), ("MUG-BL", 30));
        async Task<string?> Why(int mugs, DateOnly until, bool bowls = true) => (await shop.Does<SaveBlanketOrder, SaveBlanketOrder.Request, SaveBlanketOrder.Answer>(
            new("webshop", customer, bowls ? [new("MUG-BL", mugs), new("BOWL", 10)] : [new("MUG-BL", mugs)], until, BlanketOrder: one.Id))).Error?.Code;

        (await Why(29, March10.AddDays(90))).ShouldBe("blanket-order.called-off");
        (await Why(50, March10.AddDays(29))).ShouldBe("blanket-order.planned-later");
        (await Why(50, March10.AddDays(90), bowls: false)).ShouldBe("blanket-order.called-off", "it stands on a paper");
        (await Why(31, March10.AddDays(60))).ShouldBeNull();
        (await Row(shop)).ShouldBe("41 30 11");

        await shop.Must<EndBlanketOrder, EndBlanketOrder.Request, Done>(new(one.Id, "the season is over"));
        (await shop.Text("select status || ' ' || why from sales.call_off")).ShouldBe("Dropped the season is over");
        shop.Clock.Step(TimeSpan.FromDays(40));
        await shop.Runs<RunCallOffsJob>();
        (await shop.Number("select count(*) from sales.orders")).ShouldBe(0);
        (await Tries(shop, one, March10.AddDays(50), ("MUG-BL", 1))).Error!.Code.ShouldBe("blanket-order.over");
    }

    [Fact, Feature("CR-04", "EX-01")]
    public async Task A_call_off_that_cannot_be_taken_waits_with_a_case_until_it_is_tried_again()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 500);
        var one = await Agrees(shop, new SaveBlanketOrder.Item("MUG-BL", 50));
        await Calls(shop, one, March10.AddDays(30), ("MUG-BL", 30));
        await shop.Must<Keel.Catalog.Products.ChangeLifecycle, Keel.Catalog.Products.ChangeLifecycle.Request, Saved[]>(new(["MUG-BL"], Keel.Catalog.Contract.Lifecycle.Blocked));
        shop.Clock.Step(TimeSpan.FromDays(26));
        await shop.Runs<RunCallOffsJob>();

        (await shop.Text("select status || ' ' || why from sales.call_off")).ShouldBe("Refused MUG-BL is blocked: it is not for sale.");
        (await shop.Number("select count(*) from kernel.work_case where kind = 'call-off-refused' and state <> 'Closed'")).ShouldBe(1);
        await shop.Must<Keel.Catalog.Products.ChangeLifecycle, Keel.Catalog.Products.ChangeLifecycle.Request, Saved[]>(new(["MUG-BL"], Keel.Catalog.Contract.Lifecycle.Active));
        (await shop.Must<RetryCallOffs, RetryCallOffs.Request, int>(new(one.Id))).ShouldBe(1);
        (await shop.Number("select count(*) from kernel.work_case where kind = 'call-off-refused' and state <> 'Closed'")).ShouldBe(0);
        (await shop.Text("select status || ' ' || ship_by from sales.orders")).ShouldBe("Reserved 2026-04-09");
        await shop.Proves();
    }

    [Fact, Feature("CR-04")]
    public async Task What_cannot_be_agreed_on_or_called_off_is_refused_with_what_to_do()
    {
        await using var shop = await Shop.Open();
        var customer = await QuoteTests.Customer(shop);
        async Task<string?> Why(SaveBlanketOrder.Request request) => (await shop.Does<SaveBlanketOrder, SaveBlanketOrder.Request, SaveBlanketOrder.Answer>(request)).Error?.Code;
        (await Why(new("webshop", customer, [new("MUG-BL", 1), new("MUG-BL", 2)], March10.AddDays(9)))).ShouldBe("blanket-order.product-twice");
        (await Why(new("webshop", customer, [new("MUG-BL", 1)], March10.AddDays(-1)))).ShouldBe("blanket-order.in-the-past");
        (await Why(new("webshop", "P-0", [new("MUG-BL", 1)], March10.AddDays(9)))).ShouldBe("quote.customer-unknown");
        (await Why(new("bazaar", customer, [new("MUG-BL", 1)], March10.AddDays(9)))).ShouldNotBeNull();

        var one = await Agrees(shop, customer, null, March10.AddDays(30), new SaveBlanketOrder.Item("MUG-BL", 50));
        (await Tries(shop, one, March10.AddDays(-1), ("MUG-BL", 1))).Error!.Code.ShouldBe("call-off.in-the-past");
        (await Tries(shop, one, March10.AddDays(31), ("MUG-BL", 1))).Error!.Code.ShouldBe("call-off.outside");
        (await Tries(shop, one, March10, ("BOWL", 1))).Error!.Code.ShouldBe("call-off.not-on-it");
        (await Tries(shop, one, March10, ("MUG-BL", 51))).Error!.Code.ShouldBe("call-off.too-much");
        (await shop.Number("select count(*) from sales.call_off")).ShouldBe(0);
    }

    private static async Task<string> Row(Shop shop) => (await shop.Rows<BlanketList, BlanketList.Row>("")).Select(r => $"{r.Agreed} {r.Called} {r.Left}").Single();

    private static async Task<SaveBlanketOrder.Answer> Agrees(Shop shop, params SaveBlanketOrder.Item[] lines) => await Agrees(shop, await QuoteTests.Customer(shop, limit: 100_000), null, March10.AddDays(180), lines);

    internal static Task<SaveBlanketOrder.Answer> Agrees(Shop shop, string customer, Id<BlanketOrder>? blanket, DateOnly until, params SaveBlanketOrder.Item[] lines) =>
        shop.Must<SaveBlanketOrder, SaveBlanketOrder.Request, SaveBlanketOrder.Answer>(new("webshop", customer, lines, until, BlanketOrder: blanket));

    private static Task<CallOffPart.Answer> Calls(Shop shop, SaveBlanketOrder.Answer one, DateOnly on, params (Sku, int)[] lines) => Calls(shop, one, on, 1, 1, lines);

    internal static Task<CallOffPart.Answer> Calls(Shop shop, SaveBlanketOrder.Answer one, DateOnly on, int times, int every, params (Sku Sku, int Units)[] lines) =>
        shop.Must<CallOffPart, CallOffPart.Request, CallOffPart.Answer>(new(one.Id, on, [.. lines.Select(l => new CallOffPart.Item(l.Sku, l.Units))], times, every));

    private static Task<Result<CallOffPart.Answer>> Tries(Shop shop, SaveBlanketOrder.Answer one, DateOnly on, params (Sku Sku, int Units)[] lines) =>
        shop.Does<CallOffPart, CallOffPart.Request, CallOffPart.Answer>(new(one.Id, on, [.. lines.Select(l => new CallOffPart.Item(l.Sku, l.Units))]));
}
