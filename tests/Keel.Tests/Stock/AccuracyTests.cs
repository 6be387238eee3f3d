using Keel.Kernel.Views;
using Keel.Printing.Contract;
using Keel.Stock;
using Keel.Stock.Contract;
using Keel.Tests.Printing;
using Keel.Warehouse;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

public class AccuracyTests
{
    [Fact, Feature("CC-09", "KP-04", "CC-11")]
    public async Task Accuracy_is_told_by_site_place_class_counter_and_month()
    {
        await using var shop = await Shop.Open();
        await shop.Must<CreateLocations, CreateLocations.Request, int>(new([new("MAIN/A-01", "MAIN")]));
        foreach (var sku in new Sku[] { "TEE-M", "MUG-BL", "BOWL" }) await shop.Stocks(sku, 100, worth: 500_00);
        var (ann, ben) = (await shop.Person("Ann", "warehouse"), await shop.Person("Ben", "warehouse"));
        await Counts(shop, ann, "MAIN/STOCK", "TEE-M", 100);
        await Counts(shop, ann, "MAIN/STOCK", "MUG-BL", 99);
        await Counts(shop, ann, "MAIN/STOCK", "BOWL", 90, again: (ben, 100));
        await Counts(shop, ben, "MAIN/A-01", "CANDLE", 2, again: (ann, 2));

        var places = await Rows(shop, AccuracyBy.Place);
        (places["MAIN/STOCK"].Right, places["MAIN/STOCK"].Lines, places["MAIN/STOCK"].Share, places["MAIN/STOCK"].Missing).ShouldBe((2, 3, 66.67m, (Quantity)1));
        (places["MAIN/A-01"].Right, places["MAIN/A-01"].Misplaced).ShouldBe((0, 1), "candles lay where the book had none");
        (await Rows(shop, AccuracyBy.Site))["MAIN"].Share.ShouldBe(50);
        (await Rows(shop, AccuracyBy.Month))["2026-03"].Lines.ShouldBe(4);
        (await Rows(shop, AccuracyBy.Class))["none"].Lines.ShouldBe(4);
        var people = await Rows(shop, AccuracyBy.Counter);
        (people["Ann"].Right, people["Ann"].Lines).ShouldBe((2, 3), "the bowls were all there");
        people["Ben"].Share.ShouldBe(100);
        await shop.Proves();
    }

    [Fact, Feature("CC-10", "EX-02")]
    public async Task An_adjustment_that_is_far_from_what_is_usual_is_a_case_and_the_usual_ones_are_not()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5_000, worth: 5_000_00);
        var there = 5_000;
        for (var day = 0; day < 9; day++)
        {
            shop.Clock.Step(TimeSpan.FromDays(1));
            await shop.Counts("MAIN/STOCK", "TEE-M", there -= 2 + day % 3, "lost");
            (await Looks(shop)).ShouldBe(0, "there is nothing to compare it with, or it is like the others");
        }

        await shop.Counts("MAIN/STOCK", "TEE-M", there -= 5, "lost");
        (await Looks(shop)).ShouldBe(0);
        await shop.Counts("MAIN/STOCK", "TEE-M", there -= 400, "lost");
        (await Looks(shop)).ShouldBe(1);
        (await Looks(shop)).ShouldBe(0, "it is a case already");

        (await shop.Text("select sentence from kernel.work_case where kind = 'adjustment-unusual'")).ShouldContain("came to −400.00 EUR; adjustments like it usually come to 3.00 EUR or so");
    }

    [Fact, Feature("CC-04")]
    public async Task A_count_on_paper_says_where_and_what_and_never_how_many()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 77, worth: 500_00);
        var task = await CountTaskTests.Plans(shop, "MAIN/STOCK", "TEE-M");

        await using var scope = shop.Scope();
        var file = await scope.ServiceProvider.GetRequiredService<PaperDesk>().Show("count-sheet", task.ToString(), zpl: false);

        file.Ok.ShouldBeTrue(file.Error?.Message);
        var page = PdfText.Of(file.Value.Content).Pages[0];
        page.ShouldContain("MAIN/STOCK");
        page.ShouldContain("T-shirt, medium");
        page.ShouldNotContain("77");
    }

    private static async Task Counts(Shop shop, Actor who, LocationCode place, Sku sku, int found, (Actor Who, int Found)? again = null)
    {
        var task = await CountTaskTests.Plans(shop, place, sku);
        var first = await CountTaskTests.Counts(shop, who, task, sku, found);
        first.Status.ShouldBe(again is null ? CountStatus.Done : CountStatus.Recount);
        if (again is { } second) (await CountTaskTests.Counts(shop, second.Who, task, sku, second.Found)).Status.ShouldBe(CountStatus.Done);
    }

    private static Task<int> Looks(Shop shop) => shop.Must<WatchAdjustments, WatchAdjustments.Request, int>(new());

    private static async Task<Dictionary<string, CountAccuracy.Row>> Rows(Shop shop, AccuracyBy by)
    {
        await using var scope = shop.Scope();
        var page = await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<CountAccuracy, CountAccuracy.Row, CountAccuracy.Args>(new CountAccuracy.Args(by, new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31)), new ViewQuery());
        return page.Value.Rows.ToDictionary(r => r.Id);
    }
}
