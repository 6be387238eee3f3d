using System.Text.Json;
using Keel.App.Boards;
using Keel.App.Doors;
using Keel.Kernel.Views;
using Keel.Ledger;
using Keel.Sales;
using Keel.Ui;
using Keel.Warehouse;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Boards;

public class BoardTests
{
    [Fact, Feature("EX-04")]
    public async Task The_daily_review_lists_what_went_out_of_line_and_leads_to_it()
    {
        await using var shop = await Shop.Open();
        var (measures, review) = (shop.Services.GetRequiredService<Measures>(), BoardPolicy.AsDelivered.Find("daily-review")!);
        string[] wanted = ["adjustments", "jobs-failing", "messages-dead", "rows-refused", "credited", "shipments-late", "orders-held", "orders-backordered"];
        review.Tiles.Intersect(wanted).Count().ShouldBe(wanted.Length, "stock that differs, what came from outside and failed, returns and backlogs");
        review.Tiles.Where(t => measures.Find(t)!.Href.Length == 0).ShouldBeEmpty();
    }

    [Fact, Feature("KP-01", "KP-30")]
    public async Task Every_board_names_measures_that_there_are_and_each_has_a_meaning_an_owner_a_next_step_and_a_place_behind_it()
    {
        await using var shop = await Shop.Open();
        var measures = shop.Services.GetRequiredService<Measures>();
        var needs = new PageNeeds(shop.Catalog);

        BoardPolicy.AsDelivered.Boards.SelectMany(b => b.Measures).Where(n => measures.Find(n) is null).ShouldBeEmpty();
        BoardPolicy.AsDelivered.Boards.SelectMany(b => b.Roles).Order().ShouldBe(Keel.App.Access.Role.Delivered.Select(r => r.Name).Order());
        foreach (var measure in measures.All)
        {
            measure.Means.Length.ShouldBeGreaterThan(30, measure.Name);
            measure.Permission.ShouldNotBeEmpty(measure.Name);
            needs.NeededFor(measure.Href).ShouldNotBeNull(measure.Name);
            if (measure.Better is not Better.Neither) Keel.App.Access.Role.Delivered.Select(r => r.Name).ShouldContain(measure.Team, measure.Name);
        }
    }

    [Fact, Feature("KP-01")]
    public async Task Somebody_opens_the_board_of_their_role_first_until_they_choose_another()
    {
        await using var shop = await MeasureShop.Busy();
        var (finance, lead) = (await shop.Person("Fiona", "finance"), await shop.Person("Wim", "warehouse"));
        (await Opens(shop, finance)).First.ShouldBe("finance");
        (await Opens(shop, lead)).First.ShouldBe("warehouse");
        (await Opens(shop, lead)).All.ShouldNotContain("finance");

        (await shop.Does<ChooseBoard, ChooseBoard.Request, Done>(new("operations"), shop.By(lead))).Ok.ShouldBeTrue();

        (await Opens(shop, lead)).First.ShouldBe("operations");
        (await Opens(shop, finance)).First.ShouldBe("finance");
        (await shop.Does<ChooseBoard, ChooseBoard.Request, Done>(new("cockpit"), shop.By(lead))).Error!.Code.ShouldBe("board.unknown");
    }

    [Fact, Feature("KP-01")]
    public async Task A_house_makes_boards_of_its_own()
    {
        await using var shop = await MeasureShop.Busy();
        await shop.Chooses(BoardPolicy.Kind, new BoardPolicy([new("mine", "Mine", ["warehouse"], ["orders-late"], [new("Placed", ["orders-placed"])])]));
        var wrong = await Should.ThrowAsync<InvariantBroken>(() => shop.Chooses(BoardPolicy.Kind, new BoardPolicy([new("mine", "Mine", ["warehouse"], ["orders-late", "luck"], [])])));

        (await Opens(shop, await shop.Person("Wim", "warehouse"))).ShouldBe(("mine", "mine"));
        wrong.Message.ShouldContain("There is no measure luck");
    }

    [Fact, Feature("KP-30")]
    public async Task A_miss_is_amber_and_red_only_where_something_is_past_and_the_distance_is_said_in_words()
    {
        await using var shop = await MeasureShop.Busy();
        await shop.Measures();

        (await Says(shop, "orders-late")).ShouldBe("Late: 1, target 0, 1 too many");
        (await Says(shop, "shipped-on-time")).ShouldBe("Late: 75, target 98 %, 23 points short");
        (await Says(shop, "backorder-rate")).ShouldStartWith("Waiting: ");
        (await Says(shop, "promises-displaced")).ShouldBe("Done: 0, target 0, on target");
        (await Says(shop, "orders-placed")).ShouldBe("Idle: 6, no target, ");
        (await Says(shop, "order-to-ship")).ShouldContain(" h under");
    }

    [Fact, Feature("KP-28")]
    public async Task A_charts_sentence_says_what_its_bars_add_up_to()
    {
        await using var shop = await MeasureShop.Busy();
        await shop.Measures();
        var seen = new[] { await shop.Seen("revenue"), await shop.Seen("receivables"), await shop.Seen("orders-placed") }.ToDictionary(s => s.Measure.Name);

        var revenue = ChartOf.Of(new BoardChart("Revenue", ["revenue"], ChartShape.Stacked), seen, s => s)!;
        var owed = ChartOf.Of(new BoardChart("Owed", ["receivables"], ChartShape.Now), seen, s => s)!;

        var books = -await shop.Number("select sum(p.company_amount) from ledger.posting p join ledger.account a on a.company_id = p.company_id and a.code = p.account where a.kind = 'Income'");
        (revenue.Lines.Sum(l => l.Values.Sum()) * 100).ShouldBe(books);
        revenue.Sentence.ShouldContain($"{Figures.Of(decimal.Round(books / 100m))} in 30 days");
        revenue.Lines.Select(l => l.Name).ShouldBe(["webshop", "bazaar"], ignoreOrder: true);
        owed.Along.ShouldBe(["not due", "1 to 30 days late", "31 to 60 days late", "over 60 days late", "credit notes, taken off"]);
        (owed.Lines[0].Values.Sum() * 100).ShouldBe(await shop.Balance("customer-receivable") + await shop.Balance("marketplace-receivable"));
    }

    [Fact, Feature("KP-03")]
    public async Task Opening_a_board_computes_nothing_and_takes_few_questions()
    {
        await using var shop = await MeasureShop.Busy();
        await shop.Measures();
        var written = await shop.Text("select max(measured_at) from kernel.measure_point");
        await using var scope = shop.Scope();
        var (db, desk) = (scope.ServiceProvider.GetRequiredService<KeelDb>(), scope.ServiceProvider.GetRequiredService<MeasureDesk>());
        await Network.Of(scope.ServiceProvider.GetRequiredService<Settings>());
        var before = db.RoundTrips;

        var seen = await desk.Look(BoardPolicy.AsDelivered.Find("operations")!.Measures);

        seen.Count.ShouldBeGreaterThan(12);
        (db.RoundTrips - before).ShouldBeLessThanOrEqualTo(2);
        (await shop.Text("select max(measured_at) from kernel.measure_point")).ShouldBe(written);
    }

    [Fact, Feature("KP-36")]
    public async Task A_board_counts_what_came_in_since_the_last_round()
    {
        await using var shop = await MeasureShop.Busy();
        await shop.Measures();
        var before = (await shop.Seen("orders-placed")).Value;

        await shop.Takes(("MUG-BL", 1));

        (await shop.Seen("orders-placed")).ShouldSatisfyAllConditions(s => s.Value.ShouldBe(before + 1), s => s.IsLive.ShouldBeTrue(), s => s.Days[^1].Value.ShouldBe(before!.Value));
    }

    [Fact]
    public void The_next_cut_off_is_todays_or_that_of_the_next_day_on_which_the_site_works()
    {
        var site = new Keel.Kernel.Site(default, "MAIN", "Main", SiteKind.Warehouse, SiteAuthority.Keel, "NL", "Europe/Amsterdam", new SiteCalendar([1, 2, 3, 4, 5], new TimeOnly(16, 0), [new DateOnly(2026, 3, 16)]));

        WallDesk.NextCutOff(site, new DateTime(2026, 3, 13, 15, 59, 0))!.ShouldBe(new(new DateTimeOffset(2026, 3, 13, 15, 0, 0, TimeSpan.Zero), true));
        WallDesk.NextCutOff(site, new DateTime(2026, 3, 13, 16, 1, 0))!.ShouldBe(new(new DateTimeOffset(2026, 3, 17, 15, 0, 0, TimeSpan.Zero), false));
        WallDesk.NextCutOff(site with { Calendar = site.Calendar with { Weekdays = [] } }, new DateTime(2026, 3, 13, 9, 0, 0)).ShouldBeNull();
    }

    [Fact]
    public async Task A_wallboard_shows_its_own_site_and_nobodys_name()
    {
        await using var shop = await MeasureShop.Busy();
        await shop.Stocks("CANDLE", 3, node: "OVERFLOW");
        var late = (await shop.Tries(shop.NewOrder("webshop", ("CANDLE", 2)) with { ShipBy = new DateOnly(2026, 3, 9) })).Value;
        await shop.Releases(late);
        await shop.Measures();
        await using var scope = shop.Scope();

        var wall = (await scope.ServiceProvider.GetRequiredService<WallDesk>().Look("overflow"))!;

        wall.First.Select(f => (f.OrderNumber, f.Status)).ShouldBe([(late.Number!, "Released")]);
        wall.Seen["to-pick"].Value.ShouldBe(1);
        wall.Promised.ShouldBe(new WallDesk.Promised(0, 1));
        wall.Seen["shipments-left"].Value.ShouldBe(0);
        JsonSerializer.Serialize(wall.First).ShouldNotContain("Customer");
        (await scope.ServiceProvider.GetRequiredService<WallDesk>().Look("nowhere")).ShouldBeNull();
    }

    private static async Task<string> Says(Shop shop, string name)
    {
        var seen = await shop.Seen(name);
        return $"{seen.Role}: {seen.Figure}, {seen.Aim}, {seen.Distance}".Replace('\u00a0', ' ');
    }

    private static async Task<(string? First, string All)> Opens(Shop shop, Actor who)
    {
        await using var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Work>().Actor = who;
        scope.ServiceProvider.GetRequiredService<Lookout>().Viewer = new Viewer(who.May);
        var desk = scope.ServiceProvider.GetRequiredService<BoardDesk>();
        await desk.Load();
        return (desk.First?.Name, string.Join(' ', desk.Boards.Select(b => b.Name)));
    }
}
