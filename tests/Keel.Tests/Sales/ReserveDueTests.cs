using Keel.Sales;
using Keel.Stock;
using Keel.Tests.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// Orders that set goods aside some days before they leave.
public class ReserveDueTests
{
    [Fact, Feature("IN-05", "IN-07")]
    public async Task Goods_are_set_aside_so_many_days_before_the_promised_day_and_until_then_nobody_is_promised_them_for_later()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses(ReservationTiming.Kind, new { when = "BeforePromise", daysBefore = 3 });
        await shop.Stocks("MUG-BL", 5);
        var later = (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 4)) with { ShipBy = new DateOnly(2026, 3, 24) })).Value;
        var soon = (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 1)) with { ShipBy = new DateOnly(2026, 3, 12) })).Value;

        (later.Status, soon.Status).ShouldBe((OrderStatus.Confirmed, OrderStatus.Reserved));
        (await shop.Position("MUG-BL")).Available.ShouldBe(4, "nothing is set aside yet");
        (await SupplyTests.OnDay(shop, "MUG-BL", 0)).ShouldBe(0, "but the four are counted on for the 24th");
        await SupplyTests.Announces(shop, "MUG-BL", 6, 7);
        (await SupplyTests.OnDay(shop, "MUG-BL", 0)).ShouldBe(4, "what comes before then serves it");
        await shop.Proves();

        shop.Clock.Step(TimeSpan.FromDays(10));
        await shop.Runs<ReserveDueJob>();
        (await shop.StatusOf(later)).ShouldBe(OrderStatus.Confirmed);
        (await shop.Number("select count(*) from kernel.operation_log where operation = 'sales.reserve-due'")).ShouldBe(0, "nothing is run where nothing is due");

        shop.Clock.Step(TimeSpan.FromDays(1));
        await shop.Runs<ReserveDueJob>();
        (await shop.StatusOf(later)).ShouldBe(OrderStatus.Reserved);
        (await shop.Number("select count(*) from stock.waiting")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("IN-05")]
    public async Task By_hand_goods_are_counted_on_until_somebody_reserves_or_cancels()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses(ReservationTiming.Kind, new { when = "ByHand" });
        await shop.Stocks("MUG-BL", 5);
        var (one, other) = (await shop.Takes(("MUG-BL", 3)), await shop.Takes(("MUG-BL", 2)));
        (await SupplyTests.OnDay(shop, "MUG-BL", 0)).ShouldBe(0);

        await shop.Cancels(other);
        (await SupplyTests.OnDay(shop, "MUG-BL", 0)).ShouldBe(2);
        await shop.Must<ReserveOrders, ReserveOrders.Request, IReadOnlyList<ReserveOrders.Answer>>(new([one.Id!.Value]));
        (await shop.Position("MUG-BL")).Available.ShouldBe(2);
        (await shop.Number("select count(*) from stock.waiting")).ShouldBe(0);
        await shop.Proves();
    }
}
