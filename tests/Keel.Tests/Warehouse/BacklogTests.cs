using Keel.Sales;
using Keel.Warehouse;
using Keel.Warehouse.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Warehouse;

/// What stays on the floor beyond its promised day is somebody's business.
public class BacklogTests
{
    [Fact, Feature("EX-03")]
    public async Task Shipments_that_should_have_left_are_one_case_of_their_site_until_they_have()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        await shop.Stocks("MUG-BL", 20, node: "OVERFLOW");
        var (first, second, other) = (await shop.Takes(("BOWL", 1)), await shop.Takes(("BOWL", 2)), await shop.Takes(("MUG-BL", 1)));
        foreach (var order in new[] { first, second, other }) await shop.Releases(order);
        await shop.Runs<WatchFloorJob>();
        (await Cases(shop)).ShouldBe("", "they may leave until the end of their day");

        shop.Clock.Step(TimeSpan.FromDays(4));
        await shop.Runs<WatchFloorJob>();
        await shop.Runs<WatchFloorJob>();
        (await Cases(shop)).ShouldBe(
            $"MAIN: 2 shipments at MAIN should have left and are still on the floor; the oldest was promised for {first.ShipBy:d MMMM}.; " +
            $"OVERFLOW: One shipment at OVERFLOW should have left and is still on the floor; the oldest was promised for {other.ShipBy:d MMMM}.");

        await Leaves(shop, other);
        await Leaves(shop, first);
        await shop.Runs<WatchFloorJob>();
        (await Cases(shop)).ShouldStartWith("MAIN: ");
        await Leaves(shop, second);
        await shop.Runs<WatchFloorJob>();
        (await Cases(shop)).ShouldBe("", "nothing is late any more, so that nobody is asked");
    }

    private static async Task Leaves(Shop shop, CapturedOrder order) => await shop.Must<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(
        new([new Id<Shipment>(Guid.Parse(await shop.Text($"select id from warehouse.shipment where order_id = '{order.Id}'")))]));

    private static Task<string> Cases(Shop shop) =>
        shop.Text("select coalesce(string_agg(subject || ': ' || sentence, '; ' order by subject), '') from kernel.work_case where kind = 'floor-backlog' and state <> 'Closed'");
}
