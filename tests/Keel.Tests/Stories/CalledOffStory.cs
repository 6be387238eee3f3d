using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stories;

public class CalledOffStory
{
    [Fact, Feature("OM-04", "OM-01")]
    public async Task An_order_that_comes_twice_and_is_called_off_on_the_floor_leaves_nothing_behind()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 2);
        var asked = shop.NewOrder("bazaar", ("TEE-M", 2));
        var order = (await shop.Tries(asked)).Value;

        var again = (await shop.Tries(asked)).Value;
        (again.Duplicate, again.Number).ShouldBe((true, order.Number));
        var changed = (await shop.Tries(asked with { Lines = [asked.Lines[0] with { Quantity = 1 }] })).Value;
        (changed.Duplicate, changed.Number).ShouldBe((true, order.Number));
        (await shop.Number("select count(*) from sales.orders")).ShouldBe(1);

        await shop.Releases(order);
        (await shop.Cancels(order)).Cancelled.ShouldBeTrue();

        (await shop.Text("select status from warehouse.shipment")).ShouldBe("Cancelled");
        (await shop.Number("select sum(allocated) from stock.level")).ShouldBe(0);
        (await shop.Position("TEE-M")).Available.ShouldBe(2);
        (await shop.Tries(asked)).Value.Status.ShouldBe(OrderStatus.Cancelled, "a late copy does not wake it up");
        (await shop.Ships(order)).Shipments.ShouldBeEmpty();
        await shop.Proves();
    }

    [Fact, Feature("OM-01")]
    public async Task The_rest_of_an_order_that_has_partly_left_is_called_off()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 2);
        await shop.Stocks("MUG-BL", onHand: 1);
        var order = await shop.Takes(("TEE-M", 1), ("MUG-BL", 3));
        await shop.Ships(order);
        await shop.Stocks("MUG-BL", onHand: 1);
        await shop.Delivers();
        await shop.Releases(order);

        var answer = await shop.Cancels(order);

        (answer.Cancelled, answer.Why).ShouldBe((true, "The rest was cancelled; what left already stays sold."));
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        (await shop.Text("select string_agg(status, ' ' order by number) from warehouse.shipment")).ShouldBe($"{ShipmentStatus.Shipped} {ShipmentStatus.Cancelled}");
        (await shop.Position("MUG-BL")).Available.ShouldBe(1);
        (await shop.Number($"select invoiced from sales.orders where id = '{order.Id}'")).ShouldBe(32_10);
        (await shop.Number("select count(*) from kernel.work_case where state = 'Open'")).ShouldBe(0);
        (await shop.Cancels(order)).Why!.ShouldContain("return");
        await shop.Proves();
    }
}
