using Keel.App.Access;
using Keel.App.Doors;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Everybody's whole house: what the menu and the pages lead to opens, whoever somebody is.
public class SweepTests(SweepTests.House house) : IClassFixture<SweepTests.House>
{
    /// One busy day, which everybody looks at and nobody changes.
    public sealed class House : IAsyncLifetime
    {
        internal Shop Shop { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Shop = await Shop.Open();
            Shop.Clock.StepTo(TimeProvider.System.GetUtcNow());
            await Days.Busy(Shop);
        }

        public ValueTask DisposeAsync() => Shop.DisposeAsync();
    }

    public static TheoryData<string> Roles => [.. Role.Delivered.Select(r => r.Name)];

    /// No address that a page offers to somebody refuses them, is not there, or breaks; and their browser shows each page whole, wide and narrow.
    [Theory, MemberData(nameof(Roles)), Feature("SE-01")]
    public async Task What_is_offered_to_a_role_opens_for_it(string role)
    {
        await using var site = await Site.Open(house.Shop, role);
        var crawl = new Crawl(site);
        var wrong = new List<string>(await crawl.Follow("/"));
        if (Site.WalksAll) wrong.AddRange(await site.Walks(crawl.Shapes.Select(a => (role, a))));

        // The browser takes long: of each role it shows every sixteenth page, other ones for the next role; the administrator's are all shown elsewhere.
        var turn = Role.Delivered.ToList().FindIndex(r => r.Name == role);
        foreach (var (address, at) in crawl.Shapes.Select((a, at) => (a, at)).Where(s => !Site.WalksAll && s.at % 16 == turn % 16))
        {
            // Every second one begins on the phone, so that both sizes are also loaded and not only resized.
            foreach (var width in at / 16 % 2 == 0 ? new[] { 1440, 390 } : [390, 1440])
            {
                await site.Page.SetViewportSizeAsync(width, width == 390 ? 844 : 900);
                if (width == (at / 16 % 2 == 0 ? 1440 : 390)) await site.Page.GotoAsync(address, new() { WaitUntil = Microsoft.Playwright.WaitUntilState.DOMContentLoaded });
                if (await site.TooWide() is > 0 and var over) wrong.Add($"{address} at {width}: {over} px too wide");
            }
        }

        wrong.AddRange(site.Complaints);
        wrong.ShouldBeEmpty();
        crawl.Opened.ShouldBeGreaterThan(15, "there is more in this house than that");
    }

    [Fact, Feature("SE-01")]
    public void Every_page_says_who_may_open_it() => PageNeeds.Silent(house.Shop.Services.GetRequiredService<ModuleCatalog>()).Where(p => p.Namespace is not "Keel.Ui").ShouldBeEmpty();
}
