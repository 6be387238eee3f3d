using Keel.Sales;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests.Warehouse;

/// Orders of one customer that travel in one parcel.
public class ParcelTogetherTests
{
    [Fact, Feature("OM-40")]
    public async Task Two_orders_of_one_customer_are_packed_together_and_leave_together_each_with_its_own_invoice()
    {
        await using var shop = await Shop.Open();
        var (one, two, _) = await Floor(shop);
        await Together(shop, one, two);

        await shop.Must<PickShipments, PickShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([one]));
        (await All(shop, "status", one, two)).ShouldBe("Picked, Released, Released", "each is picked from its own bins");
        await shop.Must<PackShipments, PackShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([two], 1, "PostNL", "3SABC"));
        (await All(shop, "status || ' ' || coalesce(tracking, '-')", one, two)).ShouldBe("Packed 3SABC, Packed 3SABC, Released -");
        (await shop.Number("select sum(parcels)::int from warehouse.shipment")).ShouldBe(1);

        var scanned = (await shop.Must<ScanOut, ScanOut.Request, ScanOut.Answer>(new("3SABC"))).Sentence;
        scanned.ShouldContain(", and in the same parcel SH-");
        (await All(shop, "status", one, two)).ShouldBe("Shipped, Shipped, Released");
        (await shop.Number("select count(*) from sales.invoice")).ShouldBe(2);
        (await shop.Number("select sum(parcels)::int from warehouse.shipment where status = 'Shipped'")).ShouldBe(1);
        await shop.Proves();
    }

    [Fact, Feature("OM-40")]
    public async Task Nothing_of_a_parcel_leaves_while_one_of_its_orders_must_stay_and_parted_it_does()
    {
        await using var shop = await Shop.Open();
        var (one, two, _) = await Floor(shop);
        await Together(shop, one, two);
        await shop.Must<PackShipments, PackShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([one]));
        var held = await shop.Text($"select order_id::text from warehouse.shipment where id = '{two}'");
        await shop.Must<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([new(Guid.Parse(held))], "wrong name on the card"));

        var stays = await shop.Must<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([one]));
        stays[0].Why!.ShouldStartWith($"It goes in one parcel with {await shop.Text($"select number from warehouse.shipment where id = '{two}'")}, which stays: Its order is on hold.");
        (await shop.Number("select count(*) from warehouse.shipment where status = 'Shipped'")).ShouldBe(0);

        (await shop.Must<PartShipments, PartShipments.Request, PackTogether.Answer>(new([one]))).Numbers.Count.ShouldBe(2);
        (await All(shop, "status || ' ' || parcels", one, two)).ShouldBe("Picked 0, Picked 0, Released 0", "what was packed together is packed anew");
        await shop.Must<PackShipments, PackShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([one]));
        (await shop.Must<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([one])))[0].Why.ShouldBeNull();
        (await shop.Does<PartShipments, PartShipments.Request, PackTogether.Answer>(new([one]))).Error!.Code.ShouldBe("together.gone");
        await shop.Proves();
    }

    [Fact, Feature("OM-40")]
    public async Task One_that_is_cancelled_leaves_the_parcel_and_the_others_go()
    {
        await using var shop = await Shop.Open();
        var (one, two, _) = await Floor(shop);
        await Together(shop, one, two);
        await shop.Must<PackShipments, PackShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([one]));
        var first = await shop.Text($"select order_id::text from warehouse.shipment where id = '{one}'");
        await shop.Must<CancelOrders, CancelOrders.Request, IReadOnlyList<CancelOrders.Answer>>(new([new(Guid.Parse(first))], "changed their mind"));

        (await shop.Must<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([two])))[0].Why.ShouldBeNull();
        (await All(shop, "status", one, two)).ShouldBe("Cancelled, Shipped, Released");
        (await shop.Number($"select parcels from warehouse.shipment where id = '{two}'")).ShouldBe(1);
        await shop.Proves();
    }

    [Fact, Feature("OM-40")]
    public async Task Only_what_is_still_to_be_packed_for_one_customer_and_address_goes_together()
    {
        await using var shop = await Shop.Open();
        var (one, two, stranger) = await Floor(shop);
        async Task<string?> Why(params Id<Shipment>[] ids) => (await shop.Does<PackTogether, PackTogether.Request, PackTogether.Answer>(new(ids))).Error?.Code;
        (await Why(one, stranger)).ShouldBe("together.differs");
        (await Why(one, one)).ShouldBe("together.one");
        await shop.Must<PackShipments, PackShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([two]));
        (await Why(one, two)).ShouldBe("together.packed");
    }

    [Fact, Feature("OM-40")]
    public async Task Where_the_house_wants_it_what_is_released_together_goes_together()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses(ParcelsTogether.Kind, new ParcelsTogether(true));
        var (one, two, _) = await Floor(shop);
        (await All(shop, "(together is not null)::text", one, two)).ShouldBe("true, true, false");
        (await shop.Number("select count(distinct together) from warehouse.shipment")).ShouldBe(1);
    }

    [Fact, Feature("OM-40")]
    public async Task Putting_together_and_shipping_at_once_end_one_way()
    {
        for (var round = 0; round < 5; round++)
        {
            await using var shop = await Shop.Open();
            var (one, two, _) = await Floor(shop);
            await Task.WhenAll(
                shop.Does<PackTogether, PackTogether.Request, PackTogether.Answer>(new([one, two])), shop.Does<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([one])), shop.Does<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([two])));

            // Either each went by itself, or both in one parcel: never one of a parcel alone.
            (await shop.Number("select count(*) from warehouse.shipment where together is not null and status <> 'Shipped'")).ShouldBe(0);
            (await shop.Number("select count(*) from warehouse.shipment where status = 'Shipped'")).ShouldBe(2);
            await shop.Proves();
        }
    }

    /// Something of all three shipments.
    private static Task<string> All(Shop shop, string what, Id<Shipment> one, Id<Shipment> two) =>
        shop.Text($"select string_agg({what}, ', ' order by case id when '{one}' then 1 when '{two}' then 2 else 3 end) from warehouse.shipment");

    /// Two shipments of one customer to one address, and one of somebody else.
    private static async Task<(Id<Shipment> One, Id<Shipment> Two, Id<Shipment> Stranger)> Floor(Shop shop)
    {
        await shop.Stocks("MUG-BL", 20);
        await shop.Stocks("BOWL", 20);
        var order = shop.NewOrder("webshop", ("MUG-BL", 1));
        var first = (await shop.Tries(order)).Value;
        var second = (await shop.Tries(order with { Number = "again", Lines = shop.NewOrder("webshop", ("BOWL", 2)).Lines })).Value;
        var stranger = await shop.Takes(("BOWL", 1));
        await shop.Must<ReleaseOrders, ReleaseOrders.Request, IReadOnlyList<ReleaseOrders.Answer>>(new([first.Id!.Value.Value, second.Id!.Value.Value, stranger.Id!.Value.Value]));
        async Task<Id<Shipment>> Of(CapturedOrder of) => new(Guid.Parse(await shop.Text($"select id::text from warehouse.shipment where order_id = '{of.Id}'")));
        return (await Of(first), await Of(second), await Of(stranger));
    }

    internal static Task<PackTogether.Answer> Together(Shop shop, params Id<Shipment>[] shipments) => shop.Must<PackTogether, PackTogether.Request, PackTogether.Answer>(new(shipments));
}
