using Keel.Catalog.Products;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// What somebody does with a list: keep it, act on all of it, add it up.
public class ListTests
{
    [Fact]
    public async Task A_list_is_kept_as_a_tab_opens_first_is_renamed_and_deleted()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await shop.Stocks("TEE-M", 10);
        var ready = await shop.Takes(("TEE-M", 1));
        var waiting = await shop.Takes(("BOWL", 1));

        await site.Goes("/orders?f.status=Backordered&sort=-total");
        await site.Page.ClickAsync("[data-save-view] > summary");
        await site.Page.FillAsync("#save-name", "Without goods");
        await site.Page.GetByLabel("The list opens with it for me").CheckAsync();
        await site.Pictures("list-save");
        await site.Pictures("list-save", dark: true);
        (await site.Barriers()).ShouldBeEmpty();
        await site.Page.ClickAsync("[data-save-view] form:has(#save-name) [type=submit]");
        await Assertions.Expect(Tab(site, "Without goods")).ToHaveAttributeAsync("aria-current", "page");

        await site.Goes("/orders");
        (await site.Reads("#list")).ShouldContain(waiting.Number!);
        (await site.Reads("#list")).ShouldNotContain(ready.Number!);
        await Tab(site, "All").ClickAsync();
        await site.Sees(ready.Number!, "#list");

        await site.Page.ClickAsync("[data-save-view] > summary");
        await site.Page.FillAsync("#save-name", "without GOODS");
        await site.Page.ClickAsync("[data-save-view] form:has(#save-name) [type=submit]");
        await site.Sees("Is used already.", "[data-save-view]");
        await site.Pictures("list-save-refused");

        await Tab(site, "Without goods").ClickAsync();
        await Assertions.Expect(Tab(site, "Without goods")).ToHaveAttributeAsync("aria-current", "page");
        await site.Page.ClickAsync("[data-save-view] > summary");
        await site.Page.FillAsync("#save-name", "Short");
        await site.Page.ClickAsync("[data-save-view] form:has(#save-name) [type=submit]");
        await Assertions.Expect(Tab(site, "Short")).ToHaveAttributeAsync("aria-current", "page");
        (await shop.Text("select name || ' ' || question || ' ' || is_default from kernel.saved_filter")).ShouldBe("Short f.status=Backordered&sort=-total true");

        await site.Page.ClickAsync("[data-save-view] > summary");
        await site.Page.ClickAsync("[data-save-view] .k-kept [type=submit]:has-text('Delete')");
        await site.Agrees();
        await Assertions.Expect(Tab(site, "Short")).ToHaveCountAsync(0);
        (await shop.Number("select count(*) from kernel.saved_filter")).ShouldBe(0);
        site.Complaints.Where(c => !c.Contains("422", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task All_rows_that_match_are_done_at_once_and_each_says_what_happened()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        for (var page = 0; page < 2; page++)
            await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([.. Enumerable.Range(page * 60, 60).Select(n => new SaveProducts.Item($"P-{n:000}", $"Product {n}"))]));
        await shop.Number("with u as (update catalog.product set lifecycle = case when sku = 'P-077' then 'Retired' else 'Draft' end where sku like 'P-%' returning 1) select count(*) from u");

        await site.Goes("/products?f.sku.ge=P-000&f.sku.lt=P-999&sort=sku");
        await site.Page.CheckAsync("[data-pick-all]");
        await site.Pictures("list-bulk-page");
        await site.Presses("Select all 120 that match");
        await site.Sees("All 120 that match are selected", "[data-bulk-bar]");
        await site.Pictures("list-bulk-all");
        await site.Pictures("list-bulk-all", dark: true);
        (await site.Barriers()).ShouldBeEmpty();

        await site.Page.UncheckAsync("[data-pick] >> nth=0");
        await site.Sees("49 selected", "[data-bulk-bar]");
        await site.Page.CheckAsync("[data-pick] >> nth=0");
        await site.Presses("Select all 120 that match");
        await site.Sees("All 120 that match are selected", "[data-bulk-bar]");
        await site.Presses("Activate");
        await site.Sees("It is about all 120 rows that match.", "#ask");
        await site.Pictures("list-bulk-ask");
        await site.Agrees();
        await site.Sees("119 done", "#said");
        await site.Sees("P-077", "#said");
        await site.Sees("cannot become active", "#said");
        await site.Pictures("list-bulk-done");

        (await shop.Number("select count(*) from catalog.product where sku like 'P-%' and lifecycle = 'Active'")).ShouldBe(119);
        await Assertions.Expect(site.Page.Locator("[data-bulk-bar]")).ToBeHiddenAsync();
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Some_rows_of_a_page_are_done_with_what_the_button_knows()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, width: 390, height: 844);
        await site.Goes("/products?sort=sku");

        await site.Page.CheckAsync("[data-pick] >> nth=0");
        await site.Page.CheckAsync("[data-pick] >> nth=1");
        await site.Pictures("list-bulk-phone");
        (await site.Page.GetByRole(AriaRole.Button, new() { Name = "that match" }).CountAsync()).ShouldBe(0, "the page shows all there is");
        await site.Presses("Phase out");
        await site.Sees("not bought again", "#ask");
        await site.Agrees();
        await site.Sees("Phasing out", "#rows");

        (await shop.Text("select string_agg(sku, ' ' order by sku) from catalog.product where lifecycle = 'PhasingOut'")).ShouldBe("BOWL CANDLE");
        site.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task A_list_is_added_up_by_a_column_and_a_group_opens_its_rows(int width)
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, width: width, height: 844);
        await shop.Stocks("TEE-M", 10);
        await shop.Takes(("TEE-M", 2));
        await shop.Takes(("TEE-M", 1));
        var bazaar = await shop.TakesFromBazaar(("BOWL", 1));
        await shop.TakesFromBazaar(("BOWL", 2));
        await shop.TakesFromBazaar(("TEE-M", 2));

        await site.Goes("/orders?q=SO");
        await site.Page.ClickAsync("[data-export] > summary");
        await site.Pictures($"list-export-{width}");
        await site.Page.ClickAsync("[data-save-view] > summary");
        await site.Pictures($"list-save-{width}");
        await site.Page.ClickAsync("[data-group] > summary");
        await site.Pictures($"list-group-menu-{width}");
        await site.Page.ClickAsync("[data-group] a:has-text('By channel') >> nth=0");
        await site.Sees("Together", "#list");
        await site.Pictures($"list-groups-{width}");
        await site.Pictures($"list-groups-{width}", dark: true);
        (await site.Barriers()).ShouldBeEmpty();
        (await site.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("nothing stands beyond the right edge");
        (await site.Reads("#list tfoot")).ShouldContain("€ 172.60".Replace(' ', '\u00a0'));

        await site.Page.ClickAsync("#list tbody a:has-text('Bazaar')");
        await site.Sees(bazaar.Number!, "#list");
        (await site.Page.Locator("#rows tbody tr").CountAsync()).ShouldBe(3);
        new Uri(site.Page.Url).Query.ShouldBe("?q=SO&f.channel-name=Bazaar");
        await site.Goes("/orders?group=status");
        await site.Pictures($"list-groups-state-{width}");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Columns_are_put_in_another_order_and_the_file_has_the_same()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await shop.Stocks("TEE-M", 10);

        await site.Goes("/stock");
        var before = await Headings(site);
        await site.Page.ClickAsync("form[data-columns] >> xpath=.. >> summary");
        var last = site.Page.Locator("form[data-columns] .k-check").Nth(2);
        await last.Locator("[data-earlier]").ClickAsync();
        await site.Page.ClickAsync("form[data-columns] [type=submit]");
        await Assertions.Expect(site.Page.Locator("#list thead th").Nth(1)).ToContainTextAsync(before[2]);
        (await Headings(site))[2].ShouldBe(before[1]);

        var cols = new Uri(site.Page.Url).Query.Split("cols=")[1].Split('&')[0].Split([",", "%2C"], StringSplitOptions.None);
        await site.Page.ReloadAsync();
        (await Headings(site))[1].ShouldBe(before[2]);
        cols.Length.ShouldBeGreaterThan(2);
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_list_that_holds_nothing_says_what_it_is_for_and_a_tab_that_holds_nothing_says_so()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);

        await site.Goes("/privacy");
        (await site.Reads("#list")).ShouldNotContain("Nothing answers");
        await shop.Takes(("BOWL", 1));
        await site.Goes("/orders?f.status=Shipped");
        (await site.Reads("#list")).ShouldContain("Nothing under Shipped");
        await site.Goes("/orders?f.status=Shipped&q=zebra");
        (await site.Reads("#list")).ShouldContain("Nothing answers this question");
    }

    private static async Task<string[]> Headings(Site site) =>
        [.. (await site.Page.Locator("#list thead th:not(.k-pick-all)").AllInnerTextsAsync()).Select(t => t.Trim())];

    private static ILocator Tab(Site site, string name) => site.Page.Locator(".k-views a", new() { HasText = name });
}
