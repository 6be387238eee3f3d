using Keel.Kernel.Views;
using Keel.Sales;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

public class OrderAtRiskTests
{
    [Fact, Feature("AI-22")]
    public async Task Open_orders_that_will_hardly_leave_on_the_promised_day_are_marked_and_those_that_will_are_not()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 5);
        await shop.Takes(("BOWL", 5));
        var lacking = await shop.Takes(("BOWL", 1));
        var calm = (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 1)) with { ShipBy = new DateOnly(2026, 3, 20) })).Value;

        (await Risky(shop)).ShouldBe([lacking.Number!], "it is promised for today or tomorrow and has no goods");
        shop.Clock.Step(TimeSpan.FromDays(9));
        (await Risky(shop)).ShouldBe([lacking.Number!, calm.Number!], "its day has come near");
        await shop.Cancels(lacking);
        (await Risky(shop)).ShouldBe([calm.Number!]);
    }

    private static async Task<string[]> Risky(Shop shop)
    {
        await using var scope = shop.Scope();
        var all = await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<OrderList, OrderList.Row>(new ViewQuery());
        return [.. all.Value.Rows.Where(r => r.AtRisk).Select(r => r.Number).Order(StringComparer.Ordinal)];
    }
}
