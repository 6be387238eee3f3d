using Keel.Kernel.Views;
using Keel.Stock;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

public class StockHealthTests
{
    [Fact, Feature("IN-26")]
    public async Task Stock_is_dead_slow_or_too_much_as_the_policy_says_and_moves_otherwise()
    {
        await using var shop = await Shop.Open();
        foreach (var sku in new Sku[] { "TEE-M", "MUG-BL", "BOWL", "THROW" }) await shop.Stocks(sku, onHand: 100, worth: 1000_00);
        await shop.Ships(await shop.Takes(("BOWL", 1)));
        shop.Clock.Step(TimeSpan.FromDays(95));
        await shop.Ships(await shop.Takes(("THROW", 1)));
        await shop.Ships(await shop.Takes(("MUG-BL", 60)));

        (await Paces(shop)).ShouldBe("BOWL Slow, MUG-BL Moving, TEE-M Slow, THROW Overstocked");

        await shop.Chooses("stock-rules", new StockRules(SlowAfterDays: 30, DeadAfterDays: 60, CoverAtMostDays: 10_000 / 10, PaceOfDays: 7, CarryingPercentPerYear: 10));
        (await Paces(shop)).ShouldBe("BOWL Dead, MUG-BL Moving, TEE-M Dead, THROW Moving");
    }

    [Fact, Feature("IN-25", "IN-26", "KP-13", "KP-24", "KP-35")]
    public async Task Exposure_is_what_it_is_worth_what_of_it_is_promised_and_what_keeping_it_costs()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 90, worth: 900_00);
        await shop.Ships(await shop.Takes(("BOWL", 9)));
        await shop.Takes(("BOWL", 11));

        var row = (await Health(shop)).Single();

        (row.Value!.Value.Minor, row.Committed!.Value.Minor, row.Carrying!.Value.Minor).ShouldBe((810_00, 110_00, 162_00));
        (row.Issued, row.CoverDays, row.QuietDays).ShouldBe((9, 810, 0));
        row.Turnover.ShouldBe(Math.Round(9m * 365 / 90 / 81, 1));
    }

    [Fact, Feature("IN-25")]
    public async Task What_is_on_hand_is_what_came_last_so_its_age_is_theirs()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 10);
        shop.Clock.Step(TimeSpan.FromDays(200));
        await shop.Stocks("BOWL", onHand: 6);
        shop.Clock.Step(TimeSpan.FromDays(50));
        await shop.Stocks("BOWL", onHand: 3);
        await shop.Ships(await shop.Takes(("BOWL", 8)));

        var site = (await Ages(shop, byPlace: false)).Single();

        (site.OnHand, site.To30, site.To90, site.To180, site.To365, site.Older, site.OldestDays).ShouldBe((11, 3, 6, 0, 2, 0, 250));
        site.Value!.Value.Minor.ShouldBe(55_00);
        site.OldValue!.Value.Minor.ShouldBe(10_00);
    }

    [Fact, Feature("IN-25", "KP-17")]
    public async Task At_a_place_goods_are_as_old_as_their_stay_there_at_their_site_as_old_as_their_arrival()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 10);
        shop.Clock.Step(TimeSpan.FromDays(100));
        await shop.Must<MoveStock, MoveStock.Request, DocumentRef>(new([new("BOWL", "MAIN/STOCK", "MAIN/DAMAGED", 4)]));

        (await Ages(shop, byPlace: true)).Select(a => $"{a.Location} {a.OnHand} {a.OldestDays}").ShouldBe(["MAIN/DAMAGED 4 0", "MAIN/STOCK 6 100"]);
        (await Ages(shop, byPlace: false)).Select(a => $"{a.Node} {a.OnHand} {a.OldestDays}").ShouldBe(["MAIN 10 100"]);
    }

    [Fact, Feature("IN-28")]
    public async Task Shrinkage_is_told_by_place_and_reason_in_goods_and_in_money()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 20, worth: 100_00);
        await shop.Stocks("TEE-M", onHand: 10, worth: 20_00);
        await shop.Counts("MAIN/STOCK", "BOWL", 17);
        await shop.Counts("MAIN/STOCK", "TEE-M", 12);
        await shop.Counts("MAIN/STOCK", "BOWL", 16, "damaged");
        shop.Clock.Step(TimeSpan.FromDays(100));
        await shop.Counts("MAIN/STOCK", "BOWL", 15, "damaged");

        var whole = await Lost(shop, new(new DateOnly(2026, 1, 1)));

        whole.Select(r => $"{r.Location} {r.Reason} −{r.Lost} +{r.Found} = {r.Net} worth {r.Value!.Value.Minor}, {r.Moves}").ShouldBe(["MAIN/STOCK count −3 +2 = −1 worth -1100, 2", "MAIN/STOCK damaged −2 +0 = −2 worth -1000, 2"]);
        (await Lost(shop, new())).Select(r => $"{r.Reason} {r.Net}").ShouldBe(["damaged −1"]);
    }

    private static async Task<string> Paces(Shop shop) => string.Join(", ", (await Health(shop)).Select(r => $"{r.Sku} {r.Pace}"));

    private static async Task<IReadOnlyList<StockHealth.Row>> Health(Shop shop)
    {
        await using var scope = shop.Scope();
        return (await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<StockHealth, StockHealth.Row>(ViewQuery.All)).Value.Rows;
    }

    private static async Task<IReadOnlyList<StockAgeing.Row>> Ages(Shop shop, bool byPlace)
    {
        await using var scope = shop.Scope();
        return (await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<StockAgeing, StockAgeing.Row, StockAgeing.Args>(new(byPlace), ViewQuery.All)).Value.Rows;
    }

    private static async Task<IReadOnlyList<Shrinkage.Row>> Lost(Shop shop, Shrinkage.Args args)
    {
        await using var scope = shop.Scope();
        return (await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<Shrinkage, Shrinkage.Row, Shrinkage.Args>(args, ViewQuery.All)).Value.Rows;
    }
}
