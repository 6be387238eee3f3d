using Keel.Sales;
using Keel.Tests.Sales;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stories;

public class EditAfterPickStory
{
    [Fact, Feature("OM-18", "OM-45", "RT-25")]
    public async Task An_edit_after_the_pick_began_stops_the_parcel_has_its_goods_put_back_and_the_order_goes_out_right()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5, worth: 50_00);
        await shop.Stocks("BOWL", 2, worth: 20_00);
        var order = await shop.Takes(("TEE-M", 3), ("BOWL", 1));
        await shop.Releases(order);
        var first = await ShipmentOf(shop, order);
        await Picks(shop, first);

        // More of something else does not disturb what is on its way.
        (await shop.Changes(order, [], [new("BOWL", 1)])).Error.ShouldBeNull();
        (await StatusOf(shop, first)).ShouldBe("Picked");

        var changed = await shop.Changes(order, [new(1, 1)]);

        changed.Error.ShouldBeNull();
        changed.Value.Status.ShouldBe(OrderStatus.Reserved);
        changed.Value.Sentences.ShouldContain(s => s.Contains("put back"));
        (await StatusOf(shop, first)).ShouldBe("Cancelled");
        (await shop.Text("select kind || ' ' || owner || ': ' || sentence from kernel.work_case where state = 'Open'")).ShouldEndWith("was picked when " + order.Number + " was changed: put its 4 units back into their bins.");
        var scanned = await shop.Does<ScanOut, ScanOut.Request, ScanOut.Answer>(new(await shop.Text($"select number from warehouse.shipment where id = '{first}'")));
        scanned.Error.ShouldBe(ScanOut.Cancelled);
        ((await shop.Position("TEE-M")).Reserved, (await shop.Position("BOWL")).Reserved).ShouldBe((1, 2));
        (await shop.Number("select coalesce(sum(allocated), 0) from stock.level")).ShouldBe(0, "its bins are for others again");
        await shop.Proves();

        (await shop.Releases(order)).Why.ShouldBeNull();
        var second = await ShipmentOf(shop, order);
        (await shop.Must<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([second])))[0].Why.ShouldBeNull();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        (await shop.Number("select gross from sales.invoice")).ShouldBe(changed.Value.Total.Minor);
        await shop.Proves();
    }

    [Fact, Feature("OM-45")]
    public async Task A_hold_stops_what_is_picked_until_the_order_is_confirmed_and_a_cancellation_has_it_put_back()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5);
        var order = await shop.Takes(("TEE-M", 3));
        await shop.Releases(order);
        var shipment = await ShipmentOf(shop, order);
        await Picks(shop, shipment);

        (await shop.Must<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([order.Id!.Value], "the customer asked to wait")))[0].Why.ShouldBeNull();
        (await shop.Must<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([shipment])))[0].Why!.ShouldContain("on hold");
        (await shop.Must<PackShipments, PackShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([shipment])))[0].Why!.ShouldContain("on hold");
        (await shop.Must<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([order.Id!.Value])))[0].Status.ShouldBe(OrderStatus.Released, "it is where it was");
        (await shop.Must<PackShipments, PackShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([shipment])))[0].Why.ShouldBeNull();
        await shop.Proves();

        (await shop.Cancels(order)).Why!.ShouldContain("put back");
        (await shop.Text("select string_agg(kind, ', ') from kernel.work_case where state = 'Open'")).ShouldBe("put-back");
        await shop.Proves();
    }

    [Fact, Feature("OM-45")]
    public async Task What_nobody_has_picked_yet_is_called_back_without_a_case()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5);
        var order = await shop.Takes(("TEE-M", 3));
        await shop.Releases(order);
        var shipment = await ShipmentOf(shop, order);

        (await shop.Changes(order, [new(1, 3, ChangeOrderTests.Price(18m))])).Ok.ShouldBeTrue();
        (await StatusOf(shop, shipment)).ShouldBe("Released", "a price disturbs nobody on the floor");
        (await shop.Changes(order, [new(1, 2)])).Ok.ShouldBeTrue();

        (await StatusOf(shop, shipment)).ShouldBe("Cancelled");
        (await shop.Number("select count(*) from kernel.work_case where state = 'Open'")).ShouldBe(0);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        await shop.Proves();
    }

    private static async Task<Id<Shipment>> ShipmentOf(Shop shop, CapturedOrder order) =>
        new(Guid.Parse(await shop.Text($"select id::text from warehouse.shipment where order_id = '{order.Id}' and status <> 'Cancelled'")));

    private static Task<string> StatusOf(Shop shop, Id<Shipment> shipment) => shop.Text($"select status from warehouse.shipment where id = '{shipment}'");

    private static async Task Picks(Shop shop, Id<Shipment> shipment) => (await shop.Must<PickShipments, PickShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([shipment])))[0].Why.ShouldBeNull();
}
