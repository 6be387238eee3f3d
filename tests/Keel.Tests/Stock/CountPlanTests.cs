using Keel.Stock;
using Keel.Stock.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

public class CountPlanTests
{
    [Theory, Feature("CC-01")]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Classes_are_what_sorting_by_hand_comes_to(int seed)
    {
        await using var shop = await Shop.Open();
        var dice = new Random(seed);
        Sku[] skus = ["TEE-M", "MUG-BL", "BOWL", "THROW", "CANDLE", "CORD"];
        foreach (var sku in skus) await shop.Stocks(sku, 60, worth: 60 * dice.Next(1, 60) * 10);
        for (var turn = 0; turn < 12; turn++) await shop.Ships(await shop.Takes((skus[dice.Next(5)], 1 + dice.Next(5))));
        await shop.Must<Classify, Classify.Request, int>(new());

        var moved = new List<(string Sku, long Value)>();
        foreach (var sku in skus) moved.Add((sku.Text, await shop.Number($"select coalesce(-sum(value), 0)::bigint from stock.move where sku = '{sku}' and to_location = 'CUSTOMER'")));
        var expected = new Dictionary<string, string>();
        long before = 0, total = moved.Sum(m => m.Value);
        foreach (var (sku, value) in moved.OrderByDescending(m => m.Value).ThenBy(m => m.Sku, StringComparer.Ordinal))
        {
            expected[sku] = value == 0 ? "C" : before * 100 < total * 80 ? "A" : before * 100 < total * 95 ? "B" : "C";
            before += value;
        }

        foreach (var sku in skus) (await shop.Text($"select class from stock.sku_class where sku = '{sku}' and node = 'MAIN'")).ShouldBe(expected[sku.Text], sku.Text);
        expected.Values.ShouldContain("A");
        expected["CORD"].ShouldBe("C", "nothing of it was sold");
    }

    [Fact, Feature("CC-01")]
    public async Task A_product_at_the_border_keeps_its_class_until_it_is_clearly_beyond()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10_000, worth: 10_000);
        await shop.Stocks("MUG-BL", 10_000, worth: 10_000);
        await shop.Stocks("BOWL", 10_000, worth: 10_000);
        await shop.Ships(await shop.Takes(("TEE-M", 795), ("MUG-BL", 200), ("BOWL", 5)));
        await shop.Must<Classify, Classify.Request, int>(new());
        (await ClassOf(shop, "MUG-BL")).ShouldBe("A", "79.5 % come before it");

        await shop.Ships(await shop.Takes(("TEE-M", 60)));
        await shop.Must<Classify, Classify.Request, int>(new());
        (await ClassOf(shop, "MUG-BL")).ShouldBe("A", "80.7 % come before it: not far enough");
        await shop.Ships(await shop.Takes(("TEE-M", 200)));
        await shop.Must<Classify, Classify.Request, int>(new());
        (await ClassOf(shop, "MUG-BL")).ShouldBe("B");
        await shop.Chooses(AbcRules.Kind, new { days = 365, percentA = 80, percentAB = 95, keep = 0 });
        await shop.Must<Classify, Classify.Request, int>(new());
        (await ClassOf(shop, "TEE-M")).ShouldBe("A");
    }

    [Fact, Feature("CC-01", "CC-02", "CC-03")]
    public async Task Counts_make_themselves_the_most_moved_first_as_many_as_the_plans_allow_and_never_twice()
    {
        await using var shop = await Shop.Open();
        await Bins(shop, "TEE-M", "MUG-BL", "BOWL", "THROW");
        await shop.Ships(await shop.Takes(("BOWL", 5)));
        await shop.Must<Classify, Classify.Request, int>(new());
        await Plans(shop, 2, new CountPlan("Class A", 30, SkuClass.A), new CountPlan("The rest", 90));

        (await Makes(shop)).ShouldBe(2);
        (await shop.Text("select string_agg(location || ' ' || plan, ', ' order by rank, number) from stock.count_task")).ShouldStartWith("MAIN/BOWL Class A, ");
        (await Makes(shop)).ShouldBe(0, "two a day");
        shop.Clock.Step(TimeSpan.FromDays(1));
        (await Makes(shop)).ShouldBe(2);
        shop.Clock.Step(TimeSpan.FromDays(1));
        (await Makes(shop)).ShouldBe(0, "four wait: no more are made while they do");
        (await shop.Number("select count(distinct location) from stock.count_task")).ShouldBe(4);
    }

    [Fact, Feature("CC-02")]
    public async Task What_was_counted_comes_again_when_its_time_is_over_and_what_is_late_is_a_case_until_it_is_counted()
    {
        await using var shop = await Shop.Open();
        await Bins(shop, "TEE-M");
        await Plans(shop, 5, new CountPlan("All", 10));
        var ann = await shop.Person("Ann", "warehouse");
        (await Makes(shop)).ShouldBe(1);
        var task = new Id<CountTask>(Guid.Parse(await shop.Text("select id from stock.count_task")));
        shop.Clock.Step(TimeSpan.FromDays(5));
        await Makes(shop);
        (await shop.Text("select sentence from kernel.work_case where kind = 'count-overdue' and state = 'Open'")).ShouldContain("MAIN/TEE-M should have been counted");

        await CountTaskTests.Counts(shop, ann, task, "TEE-M", 10);
        (await shop.Number("select count(*) from kernel.work_case where kind = 'count-overdue' and state <> 'Closed'")).ShouldBe(0);
        shop.Clock.Step(TimeSpan.FromDays(9));
        (await Makes(shop)).ShouldBe(0);
        shop.Clock.Step(TimeSpan.FromDays(2));
        (await Makes(shop)).ShouldBe(1);
    }

    [Fact, Feature("CC-02", "CC-03")]
    public async Task What_was_missing_is_suspicious_there_and_at_the_other_places_of_the_site()
    {
        await using var shop = await Shop.Open();
        await Bins(shop, "TEE-M", "MUG-BL", "BOWL");
        await shop.Must<MoveStock, MoveStock.Request, DocumentRef>(new([new("TEE-M", "MAIN/TEE-M", "MAIN/BOWL", 2)]));
        await Plans(shop, 9, new CountPlan("Suspicious", 2, Suspicious: true));
        (await Makes(shop)).ShouldBe(0);
        await shop.Counts("MAIN/MUG-BL", "MUG-BL", 9, "lost");
        var ann = await shop.Person("Ann", "warehouse");
        await CountTaskTests.Counts(shop, ann, await CountTaskTests.Plans(shop, "MAIN/TEE-M"), "TEE-M", 3);
        shop.Clock.Step(TimeSpan.FromDays(3));

        (await Makes(shop)).ShouldBe(2);
        (await shop.Text("select string_agg(location, ', ' order by location) from stock.count_task where plan is not null")).ShouldBe("MAIN/BOWL, MAIN/MUG-BL");
    }

    [Fact, Feature("CC-02")]
    public async Task A_plan_may_be_about_a_place_a_category_a_value_or_moves_and_a_full_place_is_counted_product_by_product()
    {
        await using var shop = await Shop.Open();
        await Bins(shop, "TEE-M", "MUG-BL");
        await shop.Stocks("BOWL", 10, worth: 900_00);
        await shop.Stocks("THROW", 10, worth: 10_00);
        foreach (var (plan, expected) in new (CountPlan, string)[]
        {
            (new CountPlan("One", 5, Under: "MAIN/MUG-BL"), "MAIN/MUG-BL "),
            (new CountPlan("Dear", 5, ValueAtLeast: 500), "MAIN/STOCK BOWL"),
            (new CountPlan("Busy", 5, MovesAtLeast: 1), ""),
            (new CountPlan("Cold", 5, Storage: StorageClass.Chilled), ""),
            (new CountPlan("Elsewhere", 5, Node: "OVERFLOW"), ""),
            (new CountPlan("Books", 5, Category: "books"), ""),
        })
        {
            await Plans(shop, 9, plan);
            await Makes(shop);
            (await shop.Text("select coalesce(string_agg(location || ' ' || coalesce(sku, ''), ', ' order by number), '') from stock.count_task where status = 'Due'")).ShouldBe(expected, plan.Name);
            if (expected.Length > 0) await shop.Must<CancelCounts, CancelCounts.Request, Saved[]>(new([new(Guid.Parse(await shop.Text("select id from stock.count_task where status = 'Due'")))], "seen"));
        }
    }

    private static async Task Bins(Shop shop, params Sku[] skus)
    {
        await shop.Must<CreateLocations, CreateLocations.Request, int>(new([.. skus.Select(s => new CreateLocations.Place($"MAIN/{s}", "MAIN"))]));
        foreach (var sku in skus)
        {
            await shop.Stocks(sku, 10, worth: 50_00);
            await shop.Must<MoveStock, MoveStock.Request, DocumentRef>(new([new(sku, "MAIN/STOCK", $"MAIN/{sku}", 10)]));
        }
    }

    private static Task<string> ClassOf(Shop shop, Sku sku) => shop.Text($"select class from stock.sku_class where sku = '{sku}' and node = 'MAIN'");

    private static Task<int> Makes(Shop shop) => shop.Must<MakeCounts, MakeCounts.Request, int>(new());

    private static Task Plans(Shop shop, int perDay, params CountPlan[] plans) =>
        shop.Chooses(CountPlans.Kind, new { plans, atMostPerDay = perDay, dueWithinDays = 3, wholePlaceUpTo = 1, countedAgainBySomebodyElse = true });
}
