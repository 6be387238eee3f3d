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

    private static ILocator Tab(Site site, string name) => site.Page.Locator(".k-views a", new() { HasText = name });
}
