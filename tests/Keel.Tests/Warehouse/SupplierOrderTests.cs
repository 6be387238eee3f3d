using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Tests.Sales;
using Keel.Tests.Stock;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests.Warehouse;

/// Suppliers that send to our customers directly: asked once, followed to the end, and owed what they sent.
public class SupplierOrderTests
{
    [Fact, Feature("OM-27", "OM-08")]
    public async Task A_supplier_sends_half_of_an_order_and_the_warehouse_the_other_half()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5, worth: 25_00);
        await Opens(shop, ("BOWL", 10, 9.50m));
        var order = await Takes(shop, ("TEE-M", 1), ("BOWL", 2));
        order.Status.ShouldBe(OrderStatus.Reserved);
        await shop.Runs<OrderFromSuppliersJob>();
        await shop.Runs<OrderFromSuppliersJob>();
        await shop.Delivers();
        var asked = await Only(shop);
        (await shop.Text($"select status || ' ' || units || ' ' || cost from warehouse.supplier_order where id = '{asked}'")).ShouldBe("Asked 2000 1900");
        (await shop.Text("select to_address || ': ' || title from messages.mail where template = 'supplier-order'")).ShouldBe("orders@kiln.example: Order PO-2026-000001: please send to our customer");

        // The warehouse is given its own half only.
        (await shop.Releases(order)).Shipments.Count.ShouldBe(1);
        await shop.Must<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([new Id<Shipment>(Guid.Parse(await shop.Text("select id::text from warehouse.shipment where node = 'MAIN'")))]));
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.PartlyShipped);

        await shop.Must<ConfirmSupplierOrder, ConfirmSupplierOrder.Request, Done>(new(asked, new DateOnly(2026, 3, 12), "K-77"));
        var sent = await Sends(shop, asked);
        sent.Value.Status.ShouldBe(SupplierOrderStatus.Dispatched);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        (await shop.Text($"select carrier || ' ' || tracking from warehouse.shipment where number = '{sent.Value.Shipment}'")).ShouldBe("PostNL 3SKEEL1");
        (await shop.Balance("goods-received-not-invoiced")).ShouldBe(-19_00 + await Received(shop), "what the supplier sent is owed at the agreed cost");
        (await shop.Number($"select sum(gross) - (select gross from sales.orders where id = '{order.Id}') from sales.invoice where order_id = '{order.Id}'")).ShouldBe(0);
        (await Sends(shop, asked)).Error!.Code.ShouldBe("supplier-order.over");
        await shop.Proves();
    }

    [Fact, Feature("OM-27", "OM-16")]
    public async Task What_a_supplier_refuses_comes_from_elsewhere_or_waits_and_it_is_not_asked_again()
    {
        await using var shop = await Shop.Open();
        await Opens(shop, ("BOWL", 10, 9.50m), ("TEE-M", 10, 4m));
        var order = await Takes(shop, ("BOWL", 3), ("TEE-M", 1));
        await shop.Runs<OrderFromSuppliersJob>();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Released, "the supplier works on it");
        await shop.Stocks("BOWL", 2, worth: 20_00);

        (await shop.Must<RefuseSupplierOrder, RefuseSupplierOrder.Request, RefuseSupplierOrder.Answer>(new(await Only(shop), "the glaze is cracked", [1]))).Status.ShouldBe(SupplierOrderStatus.Asked);
        (await From(shop, order)).ShouldBe("1 MAIN 2, 2 KILN 1", "the shirt is still theirs to send");
        (await Sends(shop, await Only(shop))).Value.Status.ShouldBe(SupplierOrderStatus.Dispatched);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.PartlyShipped);
        await shop.Runs<OrderFromSuppliersJob>();
        (await shop.Number("select count(*) from warehouse.supplier_order")).ShouldBe(1);
        (await shop.Ships(order)).Why.ShouldBeNull();
        await shop.Stocks("BOWL", 1, worth: 10_00);
        await shop.Delivers();
        (await shop.Ships(order)).Why.ShouldBeNull();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        await shop.Proves();
    }

    [Fact, Feature("OM-27")]
    public async Task An_order_whose_supplier_refuses_all_waits_to_be_released_here()
    {
        await using var shop = await Shop.Open();
        await Opens(shop, ("BOWL", 10, 9.50m));
        var order = await Takes(shop, ("BOWL", 3));
        (await shop.Releases(order)).Why.ShouldBe("A supplier sends its goods to the customer directly: see its supplier order.");
        (await shop.Ships(order)).Why.ShouldBe("A supplier sends its goods to the customer directly: see its supplier order.");
        await shop.Runs<OrderFromSuppliersJob>();
        await shop.Stocks("BOWL", 3, worth: 30_00);

        await shop.Must<RefuseSupplierOrder, RefuseSupplierOrder.Request, RefuseSupplierOrder.Answer>(new(await Only(shop), "no clay"));

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await From(shop, order)).ShouldBe("1 MAIN 3");
        (await shop.Releases(order)).Why.ShouldBeNull();
        await shop.Proves();
    }

    [Fact, Feature("OM-27", "OM-37")]
    public async Task Only_the_supplier_ends_what_it_was_asked_to_send()
    {
        await using var shop = await Shop.Open();
        await Opens(shop, ("BOWL", 10, 9.50m));
        var order = await Takes(shop, ("BOWL", 3));
        await shop.Runs<OrderFromSuppliersJob>();
        var asked = await Only(shop);

        (await shop.Cancels(order)).Why.ShouldBe("A supplier is to send goods of it: ask on PO-2026-000001 to cancel, and it can be cancelled as soon as the supplier agrees.");
        (await shop.Must<RouteOrders, RouteOrders.Request, IReadOnlyList<RouteOrders.Answer>>(new([order.Id!.Value])))[0].Why.ShouldBe("PO-2026-000001 sends goods of it already. End that first.");
        (await shop.Does<RefuseLines, RefuseLines.Request, RouteOrders.Answer>(new(order.Id!.Value, "KILN", "closed"))).Error.ShouldBe(RefuseLines.TooLate);
        (await shop.Must<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([order.Id!.Value], "wait"))).Single().Why.ShouldBe("A supplier is to send goods of it: ask on PO-2026-000001 to cancel first.");
        await shop.Must<AskSupplierToCancel, AskSupplierToCancel.Request, Done>(new(asked, "the customer changed her mind", CancelsOrder: true));
        (await shop.Does<AskSupplierToCancel, AskSupplierToCancel.Request, Done>(new(asked, "once more"))).Error.ShouldBe(AskSupplierToCancel.Asked);
        await shop.Delivers();
        (await shop.Number("select count(*) from messages.mail where template = 'supplier-order-cancel'")).ShouldBe(1);

        await shop.Must<RefuseSupplierOrder, RefuseSupplierOrder.Request, RefuseSupplierOrder.Answer>(new(asked, "stopped it"));
        await shop.Delivers();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Cancelled);
        (await shop.Text("select status from warehouse.supplier_order")).ShouldBe("Cancelled");
        await shop.Proves();
    }

    [Fact, Feature("OM-27")]
    public async Task What_leaves_although_the_supplier_was_asked_to_cancel_has_left()
    {
        await using var shop = await Shop.Open();
        await Opens(shop, ("BOWL", 10, 9.50m));
        var order = await Takes(shop, ("BOWL", 3));
        await shop.Runs<OrderFromSuppliersJob>();
        var asked = await Only(shop);
        await shop.Must<AskSupplierToCancel, AskSupplierToCancel.Request, Done>(new(asked, "the customer changed her mind", CancelsOrder: true));

        (await Sends(shop, asked)).Ok.ShouldBeTrue();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        (await shop.Text("select sentence from kernel.work_case where kind = 'supplier-sent-anyway'")).ShouldStartWith("Kiln & Co sent SH-2026-000001");
        await shop.Proves();
    }

    [Fact, Feature("OM-27")]
    public async Task A_dispatch_and_an_agreed_cancellation_at_once_end_one_way()
    {
        await using var shop = await Shop.Open();
        await Opens(shop, ("BOWL", 100, 9.50m));
        for (var i = 0; i < 6; i++)
        {
            var order = await Takes(shop, ("BOWL", 2));
            await shop.Runs<OrderFromSuppliersJob>();
            var asked = new Id<SupplierOrder>(Guid.Parse(await shop.Text($"select id::text from warehouse.supplier_order where order_id = '{order.Id}'")));
            await shop.Must<AskSupplierToCancel, AskSupplierToCancel.Request, Done>(new(asked, "too many", CancelsOrder: true));

            var sends = Task.Run(() => Sends(shop, asked));
            var agrees = Task.Run(() => shop.Does<RefuseSupplierOrder, RefuseSupplierOrder.Request, RefuseSupplierOrder.Answer>(new(asked, "stopped it")));
            await Task.WhenAll(sends, agrees);
            await shop.Delivers();

            ((await sends).Ok ^ (await agrees).Ok).ShouldBeTrue();
            (await shop.StatusOf(order)).ShouldBe((await sends).Ok ? OrderStatus.Shipped : OrderStatus.Cancelled);
        }

        await shop.Proves();
    }

    [Fact, Feature("OM-27")]
    public async Task What_a_supplier_sent_of_an_order_that_is_stopped_is_noted_as_soon_as_it_goes_on()
    {
        await using var shop = await Shop.Open();
        await Opens(shop, ("BOWL", 10, 9.50m));
        var order = await Takes(shop, ("BOWL", 3));
        await shop.Runs<OrderFromSuppliersJob>();
        await shop.Chooses(OrderChecks.Kind, new OrderChecks([new OrderCheck(CheckKind.ManyUnits, CheckEffect.Hold, ["wide"], Units: 5)]));
        await shop.Changes(order, [new(1, 6)]);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.OnHold);

        (await Sends(shop, await Only(shop))).Error!.Message.ShouldBe($"{order.Number} is on hold. Confirm it first, then note that the supplier has sent it.");
        await shop.Must<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([order.Id!.Value]));
        (await Sends(shop, await Only(shop))).Ok.ShouldBeTrue();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.PartlyShipped);
        await shop.Proves();
    }

    [Fact, Feature("OM-27")]
    public async Task A_supplier_sends_in_parts_and_the_rest_stays_open()
    {
        await using var shop = await Shop.Open();
        await Opens(shop, ("BOWL", 10, 9.50m));
        var order = await Takes(shop, ("BOWL", 5));
        await shop.Runs<OrderFromSuppliersJob>();
        var asked = await Only(shop);
        (await Sends(shop, asked, new SupplierPart(1, 6))).Error!.Message.ShouldBe("Only 5 × BOWL are open on PO-2026-000001. Say how many of these.");
        (await Sends(shop, asked, new SupplierPart(2, 1))).Error!.Code.ShouldBe("supplier-order.no-such-line");

        (await Sends(shop, asked, new SupplierPart(1, 2))).Value.Status.ShouldBe(SupplierOrderStatus.Asked);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.PartlyShipped);
        await shop.Must<RefuseSupplierOrder, RefuseSupplierOrder.Request, RefuseSupplierOrder.Answer>(new(asked, "three broke in the kiln"));

        (await shop.Text("select status from warehouse.supplier_order")).ShouldBe("Dispatched");
        (await shop.Number($"select count(*) from stock.reservation where document_id = '{order.Id}' and open > 0")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("OM-27", "IN-23")]
    public async Task What_a_supplier_states_is_what_it_has_besides_what_it_was_asked_for()
    {
        await using var shop = await Shop.Open();
        await Opens(shop, ("BOWL", 10, 9.50m));
        await Takes(shop, ("BOWL", 4));
        await shop.Runs<OrderFromSuppliersJob>();

        await States(shop, ("BOWL", 2));

        (await shop.Number("select on_hand from stock.position where node = 'KILN'")).ShouldBe(6_000);
        (await Takes(shop, ("BOWL", 3))).Status.ShouldBe(OrderStatus.Backordered);
        await States(shop, ("BOWL", 0));
        (await shop.Number("select sum(reserved) from stock.position where node = 'KILN'")).ShouldBe(4_000, "what it was asked to send stays promised");
        (await shop.Does<TellSupplierStock, TellSupplierStock.Request, IReadOnlyList<DocumentRef>>(new("KILN", [new("CANDLE", 2)]))).Error!.Message.ShouldEndWith("what CANDLE costs us. Agree on its cost first.");
        (await shop.Does<TellSupplierStock, TellSupplierStock.Request, IReadOnlyList<DocumentRef>>(new("MAIN", [new("BOWL", 2)]))).Error!.Code.ShouldBe("supplier-stock.no-supplier");
        (await shop.Does<SetSupplierTerms, SetSupplierTerms.Request, Done>(new("MAIN", "X"))).Error!.Code.ShouldBe("supplier-terms.no-supplier-site");
        await shop.Proves();
    }

    [Fact, Feature("OM-27", "EX-01")]
    public async Task A_silent_supplier_is_a_case_until_it_answers()
    {
        await using var shop = await Shop.Open();
        await Opens(shop, ("BOWL", 10, 9.50m));
        await Takes(shop, ("BOWL", 4));
        await shop.Runs<OrderFromSuppliersJob>();
        await shop.Runs<WatchSuppliersJob>();
        (await shop.Number("select count(*) from kernel.work_case where kind = 'supplier-silent'")).ShouldBe(0);

        shop.Clock.Step(TimeSpan.FromHours(25));
        await shop.Runs<WatchSuppliersJob>();
        (await shop.Text("select sentence from kernel.work_case where kind = 'supplier-silent' and state <> 'Closed'")).ShouldStartWith("Kiln & Co has not answered PO-2026-000001");
        await shop.Must<ConfirmSupplierOrder, ConfirmSupplierOrder.Request, Done>(new(await Only(shop), new DateOnly(2026, 3, 12)));
        (await shop.Number("select count(*) from kernel.work_case where kind = 'supplier-silent' and state <> 'Closed'")).ShouldBe(0);
        shop.Clock.Step(TimeSpan.FromDays(2));
        await shop.Runs<WatchSuppliersJob>();
        (await shop.Number("select count(*) from kernel.work_case where kind = 'supplier-silent' and state <> 'Closed'")).ShouldBe(1);
    }

    [Fact, Feature("OM-27", "OM-24")]
    public async Task Two_jobs_at_once_ask_a_supplier_once()
    {
        await using var shop = await Shop.Open();
        await Opens(shop, ("BOWL", 100, 9.50m));
        for (var i = 0; i < 5; i++) await Takes(shop, ("BOWL", 2));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => shop.Runs<OrderFromSuppliersJob>())));

        (await shop.Number("select count(*) from warehouse.supplier_order")).ShouldBe(5);
        (await shop.Number("select sum(quantity) from warehouse.supplier_order_line")).ShouldBe(10_000);
    }

    /// A supplier with a site of its own, which a channel may send from.
    internal static async Task<string> Opens(Shop shop, params (Sku Sku, int Has, decimal Cost)[] goods)
    {
        await shop.Must<CreateSite, CreateSite.Request, Done>(new("KILN", "Kiln & Co, direct", SiteKind.Supplier, SiteAuthority.External));
        await shop.Must<CreateChannel, CreateChannel.Request, Done>(new("wide", "From everywhere", ChannelKind.OwnShop, ["MAIN", "KILN"]));
        var owner = await OwnerTests.Agrees(shop, [.. goods.Select(g => (g.Sku, g.Cost))]);
        await shop.Must<SetSupplierTerms, SetSupplierTerms.Request, Done>(new("KILN", owner, "orders@kiln.example"));
        await States(shop, [.. goods.Select(g => (g.Sku, g.Has))]);
        return owner;
    }

    /// A supplier that has sent one thing and was asked for another.
    internal static async Task Sells(Shop shop, Sku sku)
    {
        await Opens(shop, (sku, 10, 9.50m));
        await Takes(shop, (sku, 2));
        await shop.Runs<OrderFromSuppliersJob>();
        await Sends(shop, await Only(shop));
        await Takes(shop, (sku, 1));
        await shop.Runs<OrderFromSuppliersJob>();
    }

    private static Task<IReadOnlyList<DocumentRef>> States(Shop shop, params (Sku Sku, int Has)[] goods) =>
        shop.Must<TellSupplierStock, TellSupplierStock.Request, IReadOnlyList<DocumentRef>>(new("KILN", [.. goods.Select(g => new TellSupplierStock.Line(g.Sku, g.Has))]));

    private static async Task<CapturedOrder> Takes(Shop shop, params (Sku Sku, int Quantity)[] lines) => (await shop.Tries(shop.NewOrder("wide", lines))).Value;

    private static async Task<Id<SupplierOrder>> Only(Shop shop) => new(Guid.Parse(await shop.Text("select id::text from warehouse.supplier_order")));

    private static Task<Result<DispatchSupplierOrder.Answer>> Sends(Shop shop, Id<SupplierOrder> order, params SupplierPart[] parts) =>
        shop.Does<DispatchSupplierOrder, DispatchSupplierOrder.Request, DispatchSupplierOrder.Answer>(new(order, parts, "PostNL", "3SKEEL1"));

    private static Task<long> Received(Shop shop) => shop.Number("select coalesce(-sum(value), 0)::bigint from stock.document where kind = 'Receipt' and value > 0");

    private static Task<string> From(Shop shop, CapturedOrder order) => shop.Text(
        $"select coalesce(string_agg(line || ' ' || node || ' ' || trim_scale(open / 1000.0), ', ' order by line, node), '') from stock.reservation where document_id = '{order.Id}' and open > 0");
}
