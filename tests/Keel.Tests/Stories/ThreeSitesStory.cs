using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stories;

public class ThreeSitesStory
{
    [Fact, Feature("OM-08", "OM-10", "OM-16")]
    public async Task An_order_is_split_over_three_sites_and_one_of_them_cannot_send_its_part()
    {
        await using var shop = await Shop.Open();
        await shop.Must<CreateSite, CreateSite.Request, Done>(new("STORE", "Store in town", SiteKind.Store));
        await shop.Must<CreateChannel, CreateChannel.Request, Done>(new("wide", "All sites", ChannelKind.OwnShop, ["MAIN", "OVERFLOW", "STORE"]));
        await shop.Stocks("TEE-M", onHand: 5);
        await shop.Stocks("BOWL", onHand: 5, node: "OVERFLOW");
        await shop.Stocks("MUG-BL", onHand: 5, node: "STORE");
        await shop.Stocks("MUG-BL", onHand: 1, node: "OVERFLOW");

        var order = (await shop.Tries(shop.NewOrder("wide", ("TEE-M", 1), ("BOWL", 2), ("MUG-BL", 3)))).Value;
        order.Status.ShouldBe(OrderStatus.Reserved);
        (await From(shop, order)).ShouldBe("1 MAIN 1, 2 OVERFLOW 2, 3 STORE 3");

        // The store's mugs stand in its window. One is elsewhere; the rest waits, and nothing of it is taken from the store again.
        await shop.Must<RefuseLines, RefuseLines.Request, RouteOrders.Answer>(new(order.Id!.Value, "STORE", "they stand in the window"));
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Backordered);
        (await From(shop, order)).ShouldBe("1 MAIN 1, 2 OVERFLOW 2, 3 OVERFLOW 1");
        await shop.Proves();

        // What is there leaves in two parcels; the others come, and follow from where they came.
        var released = await shop.Releases(order);
        released.Shipments.Count.ShouldBe(2);
        foreach (var number in released.Shipments)
        {
            var shipment = Guid.Parse(await shop.Text($"select id::text from warehouse.shipment where number = '{number}'"));
            await shop.Must<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([new Id<Shipment>(shipment)]));
        }

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.PartlyShipped);
        await shop.Stocks("MUG-BL", onHand: 4, node: "OVERFLOW");
        await shop.Delivers();
        (await From(shop, order)).ShouldBe("3 OVERFLOW 2");

        (await shop.Ships(order)).Why.ShouldBeNull();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        (await shop.Position("MUG-BL", "STORE")).OnHand.ShouldBe(5);
        (await shop.Number($"select sum(gross) - (select gross from sales.orders where id = '{order.Id}') from sales.invoice where order_id = '{order.Id}'")).ShouldBe(0);
        await shop.Proves();
    }

    private static Task<string> From(Shop shop, CapturedOrder order) => shop.Text(
        $"select coalesce(string_agg(line || ' ' || node || ' ' || trim_scale(open / 1000.0), ', ' order by line, node), '') from stock.reservation where document_id = '{order.Id}' and open > 0");
}
