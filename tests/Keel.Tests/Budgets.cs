using Keel.Sales;
using Keel.Warehouse;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// How often the database is asked: the same for one line as for a thousand. Times belong to the bench.
public class Budgets
{
    [Fact]
    public async Task Capturing_takes_the_same_statements_for_one_order_as_for_a_hundred()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 1000);
        await shop.Takes(("TEE-M", 1));

        var one = await Statements(() => shop.Does<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new([shop.NewOrder("webshop", ("TEE-M", 1))])));
        var many = await Statements(() => shop.Does<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(
            new([.. Enumerable.Range(0, 100).Select(_ => shop.NewOrder("webshop", ("TEE-M", 1), ("TEE-M", 2)))])));

        many.ShouldBe(one);
        many.ShouldBeLessThanOrEqualTo(24);
    }

    [Fact]
    public async Task Checks_and_risk_take_the_same_statements_for_one_order_as_for_a_hundred()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 1000);
        await shop.Chooses(OrderChecks.Kind, new OrderChecks([.. Enum.GetValues<Keel.Sales.Contract.CheckKind>().Select(k => new Keel.Sales.Contract.OrderCheck(k, Keel.Sales.Contract.CheckEffect.Warn, Units: 1000))]));
        await shop.Chooses(OrderRisk.Kind, new OrderRisk(101, 101, [.. Enum.GetValues<Keel.Sales.Contract.RiskSign>().Select(s => new Keel.Sales.Contract.RiskRule(s, 5))]));
        await shop.Takes(("TEE-M", 1));

        var one = await Statements(() => shop.Does<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new([shop.NewOrder("webshop", ("TEE-M", 1))])));
        var many = await Statements(() => shop.Does<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(
            new([.. Enumerable.Range(0, 100).Select(_ => shop.NewOrder("webshop", ("TEE-M", 1), ("TEE-M", 2)))])));

        many.ShouldBeLessThanOrEqualTo(one + 1, "what is found is one more table");
        many.ShouldBeLessThanOrEqualTo(32);
    }

    [Fact]
    public async Task Shipping_takes_the_same_statements_for_one_order_as_for_fifty()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 1000);
        var first = await shop.Takes(("TEE-M", 1));
        var single = await shop.Takes(("TEE-M", 1));
        var fifty = (await shop.Does<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(
            new([.. Enumerable.Range(0, 50).Select(_ => shop.NewOrder("webshop", ("TEE-M", 1), ("TEE-M", 2)))]))).Value;
        await shop.Ships(first);

        var one = await Statements(() => shop.Ships(single));
        var many = await Statements(() => shop.Does<ShipOrders, ShipOrders.Request, IReadOnlyList<ShipOrders.Answer>>(new([.. fifty.Select(o => o.Id!.Value.Value)])));

        many.ShouldBe(one);
        many.ShouldBeLessThanOrEqualTo(40);
    }

    [Fact]
    public async Task Twenty_rules_that_do_not_match_cost_an_order_nothing_and_a_batch_of_events_one_question()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 1000);
        await shop.Takes(("TEE-M", 1));
        Task Order() => shop.Does<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new([shop.NewOrder("webshop", ("TEE-M", 1))]));
        var without = await Statements(Order);
        await shop.Hears();
        var none = await Statements(() => shop.Rules.Listen(null, default));

        for (var i = 0; i < 20; i++) await shop.Makes(RuleShop.StopsLarge("9000 EUR", $"Rule {i}"));
        var with = await Statements(Order);
        for (var i = 0; i < 60; i++) await shop.Takes(("TEE-M", 1));
        var (listening, heard) = (0, 0);
        // Events behind a transaction that is still open anywhere on this server are heard when it has ended.
        for (var i = 0; i < 600 && heard < 61; i++)
        {
            var before = heard;
            listening = Math.Max(listening, await Statements(async () => heard += await shop.Rules.Listen(null, default)));
            if (heard == before) await Task.Delay(100);
        }

        with.ShouldBe(without);
        heard.ShouldBeGreaterThanOrEqualTo(61);
        none.ShouldBeLessThanOrEqualTo(4);
        listening.ShouldBeLessThanOrEqualTo(7);
        (await shop.Number("select count(*) from kernel.rule_run")).ShouldBe(0);
    }

    private static async Task<int> Statements(Func<Task> work)
    {
        var count = StatementCount.Begin();
        await work();
        return count.Statements;
    }
}
