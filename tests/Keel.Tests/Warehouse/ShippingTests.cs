using Keel.Sales;
using Keel.Stock;
using Keel.Stock.Contract;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests.Warehouse;

public class ShippingTests
{
    [Fact]
    public async Task What_cannot_be_picked_stays_and_the_others_of_the_list_leave()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        await shop.Stocks("MUG-BL", onHand: 5);
        var (shirt, mug) = (await shop.Takes(("TEE-M", 1)), await shop.Takes(("MUG-BL", 1)));
        (await shop.Does<CreateLocations, CreateLocations.Request, int>(new([new("MAIN/DOCK", "MAIN", PlaceKind.Receiving)]))).Ok.ShouldBeTrue();
        (await shop.Does<MoveStock, MoveStock.Request, DocumentRef>(new([new("MUG-BL", "MAIN/STOCK", "MAIN/DOCK", 5)]))).Ok.ShouldBeTrue();

        var answers = await shop.Does<ShipOrders, ShipOrders.Request, IReadOnlyList<ShipOrders.Answer>>(new([shirt.Id!.Value.Value, mug.Id!.Value.Value]));

        answers.Value[0].Shipments.Count.ShouldBe(1);
        answers.Value[1].Shipments.ShouldBeEmpty();
        answers.Value[1].Why.ShouldNotBeNull();
        (await shop.StatusOf(shirt)).ShouldBe(OrderStatus.Shipped);
        (await shop.StatusOf(mug)).ShouldBe(OrderStatus.Reserved);
        (await shop.Number("select count(*) from warehouse.shipment")).ShouldBe(1);
        (await shop.Number("select count(*) from sales.invoice")).ShouldBe(1);
        (await shop.Number($"select invoiced from sales.orders where id = '{mug.Id}'")).ShouldBe(0);
        (await shop.Number("select count(*) from kernel.operation_log where operation = 'warehouse.ship-orders'")).ShouldBe(1);
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(1);
    }

    [Fact, Feature("OM-45")]
    public async Task The_rest_of_a_line_is_released_after_its_first_part_has_left()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 1);
        var order = await shop.Takes(("TEE-M", 3));
        await shop.Releases(order);
        await Leaves(shop, order);
        await shop.Stocks("TEE-M", onHand: 2);
        await shop.Delivers();

        (await shop.Releases(order)).Why.ShouldBeNull();
        await Leaves(shop, order);

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        await shop.Proves();
    }

    private static async Task Leaves(Shop shop, CapturedOrder order)
    {
        var shipment = new Id<Shipment>(Guid.Parse(await shop.Text($"select id::text from warehouse.shipment where order_id = '{order.Id}' and status = 'Released'")));
        (await shop.Must<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([shipment])))[0].Why.ShouldBeNull();
    }
}
