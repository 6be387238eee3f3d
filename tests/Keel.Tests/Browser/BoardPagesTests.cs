using Keel.App.Boards;
using Keel.Tests.Boards;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Boards, measures and wallboards in a browser: they say what the lists behind them say, and keep nobody out.
public class BoardPagesTests
{
    [Fact, Feature("KP-01", "KP-28")]
    public async Task Every_board_opens_without_a_complaint_and_without_barriers()
    {
        await using var shop = await MeasureShop.Busy();
        await using var site = await Site.Open(shop);
        await shop.Measures();

        string[] addresses = [.. BoardPolicy.AsDelivered.Boards.Select(b => $"/boards/{b.Name}"), "/boards", "/measures", "/measures/revenue", "/measures/orders-late", "/measures/targets", "/wallboard/MAIN"];
        (await site.Walks(addresses.Select(a => ("board" + a.Replace('/', '-'), a)))).ShouldBeEmpty();
    }

    [Fact, Feature("KP-28")]
    public async Task A_tiles_number_is_the_number_of_rows_that_it_opens()
    {
        await using var shop = await MeasureShop.Busy();
        await using var site = await Site.Open(shop, "operations");
        await shop.Measures();

        foreach (var title in new[] { "Late orders", "Stopped orders", "Back-ordered" })
        {
            await site.Goes("/boards/operations");
            var tile = site.Page.Locator(".k-tile", new() { HasText = title }).First;
            var said = (await tile.Locator(".fig a").InnerTextAsync()).Trim();
            await tile.Locator(".fig a").ClickAsync();
            await site.Page.WaitForSelectorAsync("#rows tbody tr");
            (await site.Page.Locator("#rows tbody tr").CountAsync()).ToString().ShouldBe(said, title);
        }

        site.Complaints.ShouldBeEmpty();
    }

    [Fact, Feature("KP-30")]
    public async Task A_target_is_set_on_the_measures_page_and_the_board_judges_by_it()
    {
        await using var shop = await MeasureShop.Busy();
        await using var site = await Site.Open(shop, "operations");
        await shop.Measures();

        await site.Goes("/measures/orders-late");
        await site.Page.FillAsync("#target", "9");
        await site.Page.SelectOptionAsync("#team", "warehouse");
        await site.Presses("Set target");
        await site.Sees("target at most 9");
        await site.Goes("/boards/operations");

        (await site.Page.Locator(".k-tile", new() { HasText = "Late orders" }).First.InnerTextAsync()).ShouldContain("under");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Somebody_keeps_a_board_as_their_first()
    {
        await using var shop = await MeasureShop.Busy();
        await using var site = await Site.Open(shop, "operations");

        await site.Goes("/boards/service");
        await site.Presses("Open first");
        await site.Page.WaitForTimeoutAsync(800);
        await site.Goes("/boards");

        (await site.Reads("h1")).ShouldBe("Service");
    }

    [Fact]
    public async Task A_wallboard_counts_down_and_says_how_old_it_is_when_the_link_drops()
    {
        await using var shop = await MeasureShop.Busy();
        await using var site = await Site.Open(shop, "warehouse", width: 1920, height: 1080);
        await shop.Measures();
        await site.Goes("/wallboard/MAIN");
        (await site.Page.Locator("nav").CountAsync()).ShouldBe(0);
        (await site.Page.Locator("[data-until]").InnerTextAsync()).ShouldMatch("[0-9]+ (days|h|min|s)|now");
        (await site.Page.Locator("[data-stale]").IsHiddenAsync()).ShouldBeTrue();
        await site.Pictures("wallboard-1920");
        await site.Pictures("wallboard-1920", dark: true);

        await site.Page.Context.SetOfflineAsync(true);
        var figures = await site.Reads(".by-step");
        await site.Page.EvaluateAsync("() => { htmx.ajax('GET', location.pathname, { source: '#wall', target: '#wall', select: '#wall', swap: 'outerHTML' }); const then = Date.now; Date.now = () => then() + 250000; }");

        await Microsoft.Playwright.Assertions.Expect(site.Page.Locator("[data-stale]")).ToContainTextAsync(": 4 min");
        (await site.Reads(".by-step")).ShouldBe(figures);
        (await site.Reads("main")).ShouldNotContain("Customer");
    }
}
