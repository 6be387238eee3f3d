using Shouldly;
using Xunit;

namespace Keel.Tests;

/// The whole house in a browser, on a wide screen and on a phone, light and dark.
public class PageSweepTests
{
    /// Every page as the browser shows it: nothing scrolls sideways, nobody is kept out, nothing complains.
    [Fact]
    public async Task Every_page_fits_a_wide_screen_and_a_phone_by_day_and_by_night()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await Days.Busy(shop);
        var crawl = new Crawl(site);
        await crawl.Follow("/");

        (await site.Walks(crawl.Shapes.Select(a => ("sweep" + a.Split('?')[0].Replace('/', '-'), a)))).ShouldBeEmpty();
    }
}
