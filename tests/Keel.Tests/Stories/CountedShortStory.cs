using Keel.Sales;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stories;

public class CountedShortStory
{
    [Fact, Feature("IN-04", "IN-17", "OM-05")]
    public async Task A_bin_holds_less_than_is_promised_and_the_weakest_promise_gives_way()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 5, worth: 50_00);
        var strong = await shop.TakesFromBazaar(("BOWL", 2));
        var weak = await shop.Takes(("BOWL", 3));

        (await shop.Counts("MAIN/STOCK", "BOWL", found: 3)).Ok.ShouldBeTrue("what was counted is a fact, whatever was promised");
        await shop.Delivers();

        var position = await shop.Position("BOWL");
        (position.OnHand, position.Reserved, position.Available).ShouldBe((3, 3, 0));
        (await shop.StatusOf(strong)).ShouldBe(OrderStatus.Reserved);
        (await shop.StatusOf(weak)).ShouldBe(OrderStatus.Backordered);
        (await shop.Text("select kind || ': ' || sentence from kernel.work_case where state = 'Open'")).ShouldStartWith("promise-displaced: " + weak.Number);
        (await shop.Balance("inventory"), await shop.Balance("inventory-adjustment") + await shop.Balance("shrinkage")).ShouldBe((30_00, 20_00));

        (await shop.Counts("MAIN/STOCK", "BOWL", found: 5, reason: "found")).Ok.ShouldBeTrue();
        await shop.Delivers();
        (await shop.StatusOf(weak)).ShouldBe(OrderStatus.Reserved, "they were behind the shelf");
        await shop.Ships(strong);
        await shop.Ships(weak);
        (await shop.Balance("inventory"), await shop.Balance("cost-of-goods-sold")).ShouldBe((0, 50_00));
        await shop.Proves();
    }

    [Fact, Feature("IN-04", "OM-45")]
    public async Task A_parcel_whose_goods_were_counted_away_stays_and_says_why()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 2);
        var order = await shop.Takes(("BOWL", 2));
        await shop.Releases(order);
        var shipment = new Id<Shipment>(Guid.Parse(await shop.Text($"select id::text from warehouse.shipment where order_id = '{order.Id}'")));

        await shop.Counts("MAIN/STOCK", "BOWL", found: 0);
        await shop.Delivers();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Backordered);
        var answer = (await shop.Must<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([shipment])))[0];

        (answer.Status, answer.Why).ShouldBe((ShipmentStatus.Released, "These goods are not promised to this order at this node. Reserve them first."));
        (await shop.Number("select count(*) from sales.invoice")).ShouldBe(0);
        await shop.Proves();
    }
}
