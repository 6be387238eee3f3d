using Keel.Kernel;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// A word means the same wherever it stands: in a cell, a chip, a file, a number beside the menu.
public class SameWordsTests
{
    [Fact]
    public async Task A_filter_says_what_the_cells_say_and_offers_each_column_once()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await shop.Takes(("BOWL", 1));

        await site.Goes("/orders?f.status=Backordered&f.placed-at=today");
        (await Chips(site)).ShouldBe(["State Waiting for stock", "Placed today"]);
        (await site.Reads("#rows tbody")).ShouldContain("Waiting for stock");
        await site.Goes("/cases?f.assignee-id.is=empty&f.state=Open");
        (await Chips(site)).ShouldBe(["Who nobody", "State Open"]);

        await site.Goes("/orders?group=status");
        (await site.Page.Locator("#list thead th").First.InnerTextAsync()).ShouldBe("State");
        await site.Goes("/orders");
        await site.Page.ClickAsync("details.k-menu:has([data-filter]) > summary");
        var offered = await site.Page.Locator("#filter-column option").AllInnerTextsAsync();
        offered.ShouldBeUnique();
        offered.ShouldNotContain(o => o.EndsWith(" id", StringComparison.OrdinalIgnoreCase));
        offered.ShouldContain("Channel");
        await site.Page.SelectOptionAsync("#filter-column", new SelectOptionValue { Label = "State" });
        await site.Page.SelectOptionAsync("#filter-status", new SelectOptionValue { Label = "Waiting for stock" });
        await site.Page.ClickAsync("[data-filter] [type=submit]");
        await Assertions.Expect(site.Page.Locator(".k-chip b").First).ToHaveTextAsync("Waiting for stock");
        await site.Page.ClickAsync("details.k-menu:has([data-filter]) > summary");
        await site.Page.SelectOptionAsync("#filter-column", new SelectOptionValue { Label = "Placed" });
        await site.Page.SelectOptionAsync("#filter-period", new SelectOptionValue { Label = "the last 7 days" });
        await site.Page.ClickAsync("[data-filter] [type=submit]");
        await Assertions.Expect(site.Page.Locator(".k-chip b")).ToHaveTextAsync(["Waiting for stock", "the last 7 days"]);
        (await site.Page.Locator("#rows tbody tr").CountAsync()).ShouldBe(1);
        await site.Pictures("list-chips");
        site.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task The_toolbar_of_a_list_holds_its_chips_at_every_width(int width)
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, width: width, height: 844);

        await site.Goes("/orders?f.status=OnHold,Confirmed,Reserved,Backordered,Released,PartlyShipped&f.ship-by.lt=today&sort=ship-by");

        (await site.TooWide()).ShouldBeLessThanOrEqualTo(0);
        (await Chips(site)).ShouldBe(["State all but Shipped and Cancelled", "Promised ship before today"]);
        (await site.Page.EvaluateAsync<int>("[...document.querySelectorAll('.k-filters .k-chip, .k-filters .end')].filter(e => e.getBoundingClientRect().right > document.querySelector('.k-filters').getBoundingClientRect().right + 1).length")).ShouldBe(0);
        (await site.Page.EvaluateAsync<int>("[...document.querySelectorAll('.k-chip > a')].filter(a => a.getBoundingClientRect().width < 10).length")).ShouldBe(0, "every chip can be taken away");
        if (width > 400) (await site.Page.EvaluateAsync<double>("document.querySelector('.k-filters').getBoundingClientRect().height")).ShouldBeLessThan(100);
        await site.Pictures($"list-toolbar-{width}");
    }

    [Fact]
    public async Task A_file_from_a_page_is_what_the_page_shows_in_the_words_of_whoever_takes_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10);
        var order = await shop.Takes(("BOWL", 1));
        await using var site = await Site.Open(shop);

        await site.Goes("/orders?f.status=Backordered");
        var headings = (await site.Page.Locator("#list thead th:not(.k-pick-all)").AllInnerTextsAsync()).Select(h => h.Split(',')[0].TrimEnd('↓').Trim()).ToArray();
        var href = (await site.Page.GetAttributeAsync("[data-export] a", "href"))!;
        var bytes = await (await site.Page.Context.APIRequest.GetAsync(href)).BodyAsync();
        bytes[..3].ShouldBe([0xEF, 0xBB, 0xBF]);
        var lines = System.Text.Encoding.UTF8.GetString(bytes[3..]).Trim().Split("\r\n");
        lines[0].Split(',').Where(h => h != "Currency").ShouldBe(headings);
        lines[0].ShouldContain("Total,Currency");
        lines[1].ShouldStartWith(order.Number + ",");
        lines[1].ShouldContain(",Waiting for stock,");
        lines[1].ShouldMatch(@",\d{4}-\d\d-\d\d \d\d:\d\d,");
        lines[1].ShouldMatch(@",\d+\.\d\d,EUR,");

        var api = await site.Page.Context.APIRequest.GetAsync("/lists/kernel/cases.csv");
        var cases = await api.TextAsync();
        System.Text.RegularExpressions.Regex.IsMatch(cases, "[0-9a-f]{8}-[0-9a-f]{4}").ShouldBeFalse("no key of a program is in a person's file");
        (await site.Page.Context.APIRequest.GetAsync("/lists/sales/orders.csv?f.colour=blue")).Status.ShouldBe(400);

        await site.Page.ClickAsync("details.k-menu.end > summary:has(.k-face)");
        await site.Page.ClickAsync("button[lang=de]");
        await site.Page.WaitForSelectorAsync("html[lang=de]", new() { State = WaitForSelectorState.Attached });
        var german = await (await site.Page.Context.APIRequest.GetAsync(href)).TextAsync();
        german.ShouldContain("Auftrag,Kunde,Kanal,Zustand");
        german.ShouldContain(",Wartet auf Bestand,");
        (await shop.Number("select count(*) from kernel.operation_log where operation = 'kernel.export-view' and door = 'Page'")).ShouldBe(3);
    }

    [Fact]
    public async Task Late_cases_are_as_many_on_the_list_on_the_board_and_in_the_figures()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        for (var i = 0; i < 4; i++) await shop.Takes(("BOWL", 1));
        await shop.Number("with u as (update kernel.work_case set due_at = now() - interval '1 hour', opened_at = now() - interval '2 hours' where id in (select id from kernel.work_case order by id limit 3) returning 1) select count(*) from u");
        await shop.Number("with u as (update kernel.work_case set state = 'Snoozed', snoozed_until = now() + interval '1 day' where id in (select id from kernel.work_case where due_at < now() order by id limit 1) returning 1) select count(*) from u");

        await site.Goes("/cases?f.late=true");
        var onList = await site.Page.Locator("#rows tbody tr").CountAsync();
        var onTab = await site.Page.Locator(".k-views a:has-text('Late') .k-count").InnerTextAsync();
        var toDo = await site.Page.Locator(".k-views a:has-text('To do') .k-count").InnerTextAsync();
        await site.Goes("/cases/board");
        var onBoard = await site.Page.Locator(".k-state.pill").First.InnerTextAsync();
        await site.Goes("/today");
        var tile = await site.Page.Locator(".k-tile:has-text('Exceptions for you') .fig").InnerTextAsync();
        var badge = await site.Page.Locator("#side a:has-text('Exceptions') .k-count").First.InnerTextAsync();

        (onList, onTab, onBoard.Trim()).ShouldBe((2, "2", "2 late"));
        (tile.Trim(), badge.Trim()).ShouldBe((toDo, toDo));
    }

    [Fact]
    public async Task Late_orders_are_as_many_on_the_list_as_on_the_day_and_the_tile_leads_to_just_them()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await shop.Stocks("TEE-M", 10);
        for (var i = 0; i < 3; i++) await shop.Takes(("TEE-M", 1));
        await shop.Number("with u as (update sales.orders set ship_by = current_date - 3 where id in (select id from sales.orders order by id limit 2) returning 1) select count(*) from u");

        await site.Goes("/today");
        var tile = site.Page.Locator(".k-tile:has-text('Late orders')");
        (await tile.Locator(".fig").InnerTextAsync()).Trim().ShouldBe("2");
        await tile.Locator(".fig a").ClickAsync();
        await Assertions.Expect(site.Page.Locator("#rows tbody tr")).ToHaveCountAsync(2);
        (await site.Page.Locator(".k-views a[aria-current=page]").InnerTextAsync()).ShouldStartWith("Late");
        (await site.Page.Locator(".k-views a[aria-current=page] .k-count").InnerTextAsync()).ShouldBe("2");
    }

    [Fact]
    public async Task A_word_opens_pages_first_in_the_readers_language_and_the_record_brings_its_own_acts()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10);
        var order = await shop.Takes(("TEE-M", 1));
        await using var site = await Site.Open(shop);

        await site.Goes("/search?q=order");
        (await site.Page.Locator("main [role=option]").First.InnerTextAsync()).ShouldContain("Orders");
        await site.Goes($"/orders/{order.Id}");
        await site.Page.Keyboard.PressAsync("Control+k");
        await site.Page.FillAsync("#palette-q", "hold");
        await Assertions.Expect(site.Page.Locator("#found-here [role=option]:visible")).ToContainTextAsync(["Hold"]);
        await site.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(site.Page.Locator("#ask")).ToBeVisibleAsync();

        await site.Goes("/today");
        await site.Page.ClickAsync("details.k-menu.end > summary:has(.k-face)");
        await site.Page.ClickAsync("button[lang=de]");
        await site.Page.WaitForSelectorAsync("html[lang=de]", new() { State = WaitForSelectorState.Attached });
        await site.Goes("/search?q=auftr");
        (await site.Page.Locator("main [role=option]").First.InnerTextAsync()).ShouldContain("Aufträge");
        site.Complaints.ShouldBeEmpty();
    }

    private static async Task<string[]> Chips(Site site) =>
        [.. (await site.Page.Locator(".k-chip:not(.add) > span").AllInnerTextsAsync()).Select(t => t.Trim())];
}
