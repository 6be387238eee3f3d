using Keel.Kernel;
using Keel.Stock;
using Keel.Tests.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Putting away and overflow on their pages.
public class PutawayPagesTests
{
    [Fact, Feature("WH-04", "IN-16")]
    public async Task A_lead_says_where_goods_belong_and_puts_them_away_and_fills_a_bin_from_its_overflow()
    {
        await using var shop = await PutawayTests.Open();
        await PutawayTests.Limits(shop, "MAIN/A-1", 4);
        await PutawayTests.Arrives(shop, ("MUG-BL", 6), ("BOWL", 2), ("TEE-M", 3));
        await using var site = await Site.Open(shop, "operations");

        await site.Goes("/stock/putaway/rules/new");
        await site.Page.FillAsync("[name='rules[0].place']", "MAIN/A-1");
        await site.Page.FillAsync("[name='rules[0].sku']", "MUG-BL");
        await site.Pictures("putaway-rule");
        await site.Presses("Set it");
        await site.Page.WaitForURLAsync("**/stock/putaway/rules");
        await site.Sees("Before all other rules");
        await site.Pictures("putaway-rules");

        await site.Goes("/stock/putaway?node=MAIN");
        await site.Sees("11 units wait where goods come in");
        await site.Sees("belongs in MAIN/A-1: the closest bin");
        await site.Sees("its place is full, MAIN/A is above it");
        await Looks(site, "putaway");
        await site.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Put it away" }).First.ClickAsync();
        await site.Sees("5 units wait where goods come in");
        await site.Page.ClickAsync(".card-footer button");
        await site.Sees("Everything is put away");
        (await shop.Number("select coalesce(sum(on_hand), 0) from stock.level where location = 'MAIN/RECEIVING'")).ShouldBe(0);

        await site.Goes("/stock/overflow/rules/new");
        await site.Page.FillAsync("[name='rules[0].sku']", "MUG-BL");
        await site.Page.FillAsync("[name='rules[0].least']", "2");
        await site.Page.FillAsync("[name='rules[0].most']", "5");
        await site.Page.FillAsync("[name='rules[0].place']", "MAIN/C-1");
        await site.Page.FillAsync("[name='rules[0].fromPlace']", "MAIN/A");
        await site.Pictures("overflow-rule");
        await site.Presses("Set it");
        await site.Page.WaitForURLAsync("**/stock/overflow/rules");
        await site.Pictures("overflow-rules");
        await site.Goes("/stock/overflow");
        await site.Sees("5 come from MAIN/A");
        await Looks(site, "overflow");
        await site.Presses("Move them");
        await site.Sees("Every bin and site has what it is to hold");
        (await shop.Number("select on_hand from stock.level where location = 'MAIN/C-1'")).ShouldBe(5_000);
        site.Complaints.ShouldBeEmpty();
        await shop.Proves();
    }

    private static async Task Looks(Site site, string name)
    {
        await site.Pictures(name);
        await site.Page.SetViewportSizeAsync(390, 844);
        (await site.TooWide()).ShouldBeLessThanOrEqualTo(0);
        await site.Pictures(name + "-390");
        await site.Page.SetViewportSizeAsync(1440, 900);
    }
}
