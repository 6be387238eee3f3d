using Keel.Kernel;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Tests.Catalog;
using Keel.Catalog.Contract;
using Keel.Pricing.Contract;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// Orders that are changed after they came in.
public class ChangeOrderTests
{
    [Fact, Feature("OM-18")]
    public async Task Fewer_of_one_and_more_of_another_are_priced_taxed_and_promised_anew()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10);
        await shop.Stocks("BOWL", 2);
        var order = await shop.Takes(("TEE-M", 4), ("BOWL", 2));
        order.Total!.Value.Amount.ShouldBe(128.40m);

        var changed = await shop.Changes(order, [new(1, 1), new(2, 2)], [new("MUG-BL", 3)]);

        changed.Error.ShouldBeNull();
        changed.Value.Total.Amount.ShouldBe(20m + 48.40m + 36.30m);
        changed.Value.Status.ShouldBe(OrderStatus.Backordered, "there are no mugs");
        ((await shop.Position("TEE-M")).Reserved, (await shop.Position("BOWL")).Reserved).ShouldBe((1, 2));
        (await shop.Number("select sum(quantity) from stock.waiting")).ShouldBe(3_000);
        (await shop.Text("select string_agg(c->>'kind' || ' ' || coalesce(c->>'before', '-') || ' > ' || (c->>'after'), ', ') from sales.order_version, jsonb_array_elements(changes) c"))
            .ShouldBe("quantity 4 > 1, added - > 3 × 12.10 EUR, total 128.40 EUR > 104.70 EUR");
        await shop.Proves();
        await shop.Stocks("MUG-BL", 3);
        await shop.Delivers();
        (await shop.Ships(order)).Why.ShouldBeNull();
        (await shop.Number("select gross from sales.invoice")).ShouldBe(104_70);
        await shop.Proves();
    }

    [Fact, Feature("OM-18")]
    public async Task Who_looked_at_an_older_order_is_told_so_and_changes_nothing()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10);
        var order = await shop.Takes(("TEE-M", 4));
        var seen = await shop.VersionOf(order);
        (await shop.Changes(order, [new(1, 3)])).Ok.ShouldBeTrue();

        var late = await shop.Changes(order, [new(1, 5)], version: seen);

        late.Error.ShouldBe(ChangeOrder.OutOfDate);
        (await shop.Number("select quantity from sales.order_line")).ShouldBe(3_000);
        (await shop.Changes(order, [new(1, 3)])).Error.ShouldBe(ChangeOrder.Nothing);
    }

    [Fact, Feature("OM-18", "RT-25")]
    public async Task What_has_left_stays_as_it_was_invoiced_and_the_rest_is_a_line_of_its_own()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("CANDLE", 1);
        var order = await shop.Takes(("CANDLE", 3));
        (await shop.Ships(order)).Why.ShouldBeNull();
        var invoiced = await shop.Number("select gross from sales.invoice");

        (await shop.Changes(order, [new(1, 0)])).Error!.Code.ShouldBe("order.line-left");
        var changed = await shop.Changes(order, [new(1, 4, Price(8.50m))]);

        changed.Error.ShouldBeNull();
        (await shop.Number("select gross from sales.order_line where line = 1")).ShouldBe(invoiced);
        (await shop.Text("select quantity / 1000 || ' for ' || gross from sales.order_line where line = 2")).ShouldBe("3 for 2550");
        await shop.Proves();
        await shop.Stocks("CANDLE", 3);
        await shop.Delivers();
        (await shop.Ships(order)).Why.ShouldBeNull();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        (await shop.Number("select sum(gross) from sales.invoice")).ShouldBe(changed.Value.Total.Minor);
        await shop.Proves();
    }

    [Fact, Feature("OM-18", "RT-25")]
    public async Task The_rest_of_an_order_that_left_in_part_is_cancelled_by_its_lines_and_the_order_is_done()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 1);
        var order = await shop.Takes(("TEE-M", 3), ("BOWL", 1));
        await shop.Ships(order);

        var changed = await shop.Changes(order, [new(1, 1), new(2, 0)]);

        changed.Error.ShouldBeNull();
        changed.Value.Status.ShouldBe(OrderStatus.Shipped);
        changed.Value.Total.Amount.ShouldBe(20m);
        (await shop.Number("select count(*) from stock.waiting")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("OM-18")]
    public async Task An_order_without_goods_is_no_order()
    {
        await using var shop = await Shop.Open();
        var order = await shop.Takes(("TEE-M", 3));

        (await shop.Changes(order, [new(1, 0)])).Error.ShouldBe(Editing.NothingLeft);
        (await shop.Changes(order, [new(7, 1)])).Error!.Code.ShouldBe("order.no-such-line");
        (await shop.Changes(order, [new(1, 1), new(1, 2)])).Error.ShouldBe(Editing.Twice);
        (await shop.Changes(order, [new(1, new Quantity(1_500))])).Error!.Code.ShouldBe("order.not-whole");
        (await shop.Changes(order, [new(1, -1)])).Error.ShouldBe(Editing.Negative);
        (await shop.Changes(order, [], [new("TEE-M", 1)], reason: "")).Ok.ShouldBeFalse("a reason is asked for");
        await shop.Cancels(order);
        (await shop.Changes(order, [new(1, 1)])).Error!.Code.ShouldBe("order.over");
    }

    [Fact, Feature("OM-18", "OM-45")]
    public async Task A_marketplaces_order_may_only_want_less_at_the_price_that_was_agreed()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5);
        var order = await shop.TakesFromBazaar(("TEE-M", 3));
        var gross = order.Total!.Value;

        (await shop.Changes(order, [new(1, 4)])).Error.ShouldBe(Editing.Committed);
        (await shop.Changes(order, [new(1, 3, Price(1m))])).Error.ShouldBe(Editing.Committed);
        (await shop.Changes(order, [], [new("BOWL", 1)])).Error.ShouldBe(Editing.Committed);
        var changed = await shop.Changes(order, [new(1, 1)]);

        changed.Error.ShouldBeNull();
        changed.Value.Total.ShouldBe(gross.Share(1, 3));
        (await shop.Position("TEE-M")).Reserved.ShouldBe(1);
        await shop.Ships(order);
        await shop.Proves();
    }

    [Fact, Feature("OM-18", "OM-28")]
    public async Task A_kit_changes_with_everything_that_is_in_it()
    {
        await using var shop = await KitOrderTests.Gifts();
        await shop.Stocks("MUG-BL", 10);
        await shop.Stocks("CANDLE", 5);
        var order = await shop.Takes(("GIFT", 3), ("MUG-BL", 1));

        (await shop.Changes(order, [new(3, 1)])).Error!.Code.ShouldBe("order.part-of-kit");
        (await shop.Changes(order, [new(1, 1)])).Error.ShouldBeNull();

        ((await shop.Position("MUG-BL")).Reserved, (await shop.Position("CANDLE")).Reserved).ShouldBe((3, 1));
        await shop.Proves();
        (await shop.Changes(order, [new(2, 0)], [new("GIFT", 2)])).Error.ShouldBeNull();
        ((await shop.Position("MUG-BL")).Reserved, (await shop.Position("CANDLE")).Reserved).ShouldBe((6, 3));
        (await shop.Ships(order)).Why.ShouldBeNull();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        await shop.Proves();
    }

    [Fact, Feature("OM-18", "OM-24")]
    public async Task What_is_paid_too_much_is_said_and_refunded_as_ever()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5);
        var order = await shop.Takes(("TEE-M", 3));
        await shop.Pays(order, PaymentKind.Captured, 60_00);

        var less = await shop.Changes(order, [new(1, 2)]);
        var more = await shop.Changes(order, [new(1, 5)]);

        less.Value.Sentences.ShouldContain("20.00 EUR is paid too much: it stays as the customer's deposit until it is refunded.");
        more.Value.Sentences.ShouldContain("60.00 EUR is paid or authorised; 40.00 EUR is still to be asked for.");
        (await shop.Changes(order, [new(1, 1)])).Ok.ShouldBeTrue();
        await shop.Pays(order, PaymentKind.Refunded, 40_00);
        await shop.Ships(order);
        ((await shop.Number("select paid from sales.orders")), await shop.Number("select invoiced from sales.orders")).ShouldBe((20_00, 20_00));
        await shop.Proves();
    }

    [Fact, Feature("AP-02", "OM-18")]
    public async Task A_lower_price_is_a_concession_of_what_the_customer_is_left()
    {
        await using var shop = await Shop.Open();
        var order = await shop.Takes(("TEE-M", 3));

        (await shop.Changes(order, [new(1, 3, Price(25m))])).Value.Conceded.IsZero.ShouldBeTrue();
        (await shop.Changes(order, [new(1, 3, Price(15m))], [new("BOWL", 2, Price(20m))])).Value.Conceded.Amount.ShouldBe(30m + 8.40m);
        (await shop.Changes(order, [new(1, 2)])).Value.Conceded.IsZero.ShouldBeTrue("less is no concession");
        await shop.Proves();
    }

    [Fact, Feature("OM-18", "PD-04")]
    public async Task What_a_promotion_gave_stays_for_each_piece_that_is_still_wanted()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5);
        await shop.Stocks("MUG-BL", 5);
        await PromotedOrderTests.Saves(shop, PromotedOrderTests.Ten());
        var order = await shop.Takes(("TEE-M", 5), ("MUG-BL", 2));
        var mugs = await shop.Number("select gross from sales.order_line where line = 2");

        (await shop.Changes(order, [new(1, 2)])).Error.ShouldBeNull();

        (await shop.Text("select quantity / 1000 || ' for ' || gross from sales.order_line where line = 3")).ShouldBe("2 for 3600");
        (await shop.Number("select gross from sales.order_line where line = 2")).ShouldBe(mugs, "nobody touched the mugs");
        ((await shop.StatusOf(order)), (await shop.Position("TEE-M")).Reserved).ShouldBe((OrderStatus.Reserved, 2));
        await shop.Ships(order);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        await shop.Proves();
    }

    [Fact, Feature("OM-18")]
    public async Task Another_address_and_the_delivery_charge_are_versions_too()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5);
        var order = await shop.Takes(("TEE-M", 3));

        var changed = await shop.Changes(order, [], delivery: Price(4.95m), shipTo: new("Kade 9", null, "4501 KB", "Havenmond", null, "NL"));

        changed.Value.Total.Amount.ShouldBe(64.95m);
        (await shop.Text("select changes::text from sales.order_version")).ShouldNotContain("Kade");
        (await shop.Text("select ship_to->>'line1' from sales.orders")).ShouldBe("Kade 9");
        (await shop.Changes(order, [], delivery: Price(0m))).Value.Total.Amount.ShouldBe(60m);
        await shop.Ships(order);
        await shop.Proves();
    }

    [Fact, Feature("OM-18")]
    public async Task Edits_conserve_goods_and_money_whatever_they_are()
    {
        await using var shop = await Shop.Open();
        Sku[] skus = ["TEE-M", "BOWL", "CANDLE"];
        foreach (var sku in skus) await shop.Stocks(sku, 12, 100_00);
        var random = new Random(20260310);
        var orders = new List<CapturedOrder>();
        for (var i = 0; i < 4; i++) orders.Add(await shop.Takes(("TEE-M", 2), ("BOWL", 3), ("CANDLE", 4)));
        for (var round = 0; round < 40; round++)
        {
            var order = orders[random.Next(orders.Count)];
            if (random.Next(6) == 0) await shop.Ships(order);
            else if (random.Next(6) == 0) await shop.Stocks(skus[random.Next(3)], random.Next(1, 4), 10_00);
            else
            {
                var line = random.Next(1, 4);
                await shop.Changes(order, [new(line, random.Next(0, 7), random.Next(3) == 0 ? Price(random.Next(5, 30)) : null)], random.Next(4) == 0 ? [new(skus[random.Next(3)], random.Next(1, 3))] : null);
            }

            await shop.Delivers();
        }

        (await shop.Number("select count(*) from sales.order_version")).ShouldBeGreaterThan(10);
        (await shop.Number("select count(*) from sales.order_line where shipped + cancelled > quantity")).ShouldBe(0);
        await shop.Proves();
        foreach (var sku in skus) await shop.Stocks(sku, 60, 100_00);
        await shop.Delivers();
        foreach (var order in orders) await shop.Ships(order);
        (await shop.Number("select count(*) from sales.order_line where shipped + cancelled <> quantity")).ShouldBe(0);
        (await shop.Number("select sum(o.gross) - (select sum(i.gross) from sales.invoice i) from sales.orders o where o.status = 'Shipped'")).ShouldBe(0, "what the orders say in the end is what was invoiced");
        await shop.Proves();
    }

    [Fact, Feature("OM-18")]
    public async Task A_change_and_a_shipment_at_the_same_moment_end_one_way()
    {
        await using var shop = await Shop.Open();
        for (var round = 0; round < 6; round++)
        {
            await shop.Stocks("TEE-M", 3);
            var order = await shop.Takes(("TEE-M", 3));
            var seen = await shop.VersionOf(order);

            var change = shop.Changes(order, [new(1, 1)], version: seen);
            var ship = shop.Ships(order);
            await Task.WhenAll(change, ship);

            var left = await shop.Number($"select shipped from sales.order_line where order_id = '{order.Id}'");
            left.ShouldBe((await change).Ok ? 1_000 : 3_000);
            if (!(await change).Ok) (await change).Error!.Code.ShouldBeOneOf("order.changed-meanwhile", "order.over");
        }

        await shop.Proves();
    }

    internal static UnitPrice Price(decimal price) => UnitPrice.Of(price, Currency.Of("EUR"));
}

/// What a clerk says to change an order, at the version that it has now where no other is named.
internal static class ChangingOrders
{
    public static Task<long> VersionOf(this Shop shop, CapturedOrder order) => shop.Number($"select version from sales.orders where id = '{order.Id}'");

    public static async Task<Result<ChangeOrder.Answer>> Changes(
        this Shop shop, CapturedOrder order, IReadOnlyList<ChangeOrder.LineEdit> lines, IReadOnlyList<ChangeOrder.NewLine>? added = null, long? version = null, string reason = "the customer called",
        UnitPrice? delivery = null, Keel.Partners.Contract.PostalAddress? shipTo = null) =>
        await shop.Does<ChangeOrder, ChangeOrder.Request, ChangeOrder.Answer>(new(order.Id!.Value, (int)(version ?? await shop.VersionOf(order)), reason, lines, added, delivery, shipTo));
}
