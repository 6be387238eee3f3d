using Keel.Sales;
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
}
