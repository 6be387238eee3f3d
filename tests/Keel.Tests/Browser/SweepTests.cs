using System.Text.RegularExpressions;
using Keel.App.Access;
using Keel.App.Doors;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Everybody's whole house: what the menu and the pages lead to opens, whoever somebody is, on a wide screen and on a phone, light and dark.
public partial class SweepTests
{
    public static TheoryData<string> Roles => [.. Role.Delivered.Select(r => r.Name)];

    /// No address that a page offers to somebody refuses them, is not there, or breaks; and their browser shows each page whole, wide and narrow.
    [Theory, MemberData(nameof(Roles)), Feature("SE-01")]
    public async Task What_is_offered_to_a_role_opens_for_it(string role)
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, role);
        await Days.Busy(shop);

        var crawl = new Crawl(site);
        var wrong = new List<string>(await crawl.Follow("/"));
        // The browser takes long: of each role it shows every fourth page, another quarter for the next role.
        var turn = Role.Delivered.ToList().FindIndex(r => r.Name == role);
        foreach (var (address, at) in crawl.Shapes.Select((a, at) => (a, at)).Where(s => s.at % 4 == turn % 4))
        {
            // Every second one begins on the phone, so that both sizes are also loaded and not only resized.
            foreach (var width in at / 4 % 2 == 0 ? new[] { 1440, 390 } : [390, 1440])
            {
                await site.Page.SetViewportSizeAsync(width, width == 390 ? 844 : 900);
                if (width == (at / 4 % 2 == 0 ? 1440 : 390)) await site.Page.GotoAsync(address, new() { WaitUntil = Microsoft.Playwright.WaitUntilState.DOMContentLoaded });
                if (await site.TooWide() is > 0 and var over) wrong.Add($"{address} at {width}: {over} px too wide");
            }
        }

        wrong.AddRange(site.Complaints);
        wrong.ShouldBeEmpty();
        crawl.Opened.ShouldBeGreaterThan(15, "there is more in this house than that");
    }

    [Fact, Feature("SE-01")]
    public async Task Every_page_says_who_may_open_it()
    {
        await using var shop = await Shop.Open();
        PageNeeds.Silent(shop.Services.GetRequiredService<ModuleCatalog>()).Where(p => p.Namespace is not "Keel.Ui").ShouldBeEmpty();
    }

    /// Every page as the browser shows it: nothing scrolls sideways, nobody is kept out, nothing complains.
    [Fact]
    public async Task Every_page_fits_a_wide_screen_and_a_phone_by_day_and_by_night()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await Days.Busy(shop);
        var crawl = new Crawl(site);
        await crawl.Follow("/");

        var wrong = new List<string>();
        foreach (var (address, at) in crawl.Shapes.Select((a, at) => (a, at)))
        {
            await site.Page.SetViewportSizeAsync(1440, 900);
            await site.Goes(address);
            foreach (var (width, dark) in at % 2 == 0 ? new[] { (1440, false), (390, true) } : [(1440, true), (390, false)])
            {
                await site.Page.SetViewportSizeAsync(width, width == 390 ? 844 : 900);
                await site.Shines(dark);
                if (await site.TooWide() is > 0 and var over) wrong.Add($"{address} at {width}: {over} px too wide");
                wrong.AddRange((await site.Barriers()).Select(b => $"{address} at {width}{(dark ? " dark" : "")}: {b}"));
                await site.Pictures($"sweep{address.Split('?')[0].Replace('/', '-')}-{width}", dark);
            }
        }

        wrong.AddRange(site.Complaints);
        wrong.ShouldBeEmpty();
    }

    /// Follows every address that pages offer, some of each shape.
    private sealed partial class Crawl(Site site)
    {
        private const int OfOneShape = 2;

        /// What changes how a page is shown, not what it is.
        private static readonly string[] Asides = ["sort", "group", "stream", "list", "list-view", "list-at", "cols"];
        private const int Most = 600;
        private readonly Dictionary<string, List<string>> seen = [];

        public int Opened { get; private set; }

        /// One address of each shape that opened.
        public IEnumerable<string> Shapes => seen.Values.Where(v => v.Count > 0).Select(v => v[0]);

        public async Task<IReadOnlyList<string>> Follow(string first)
        {
            var wrong = new List<string>();
            var ahead = new Queue<(string Address, string From)>([(first, "the beginning")]);
            while (ahead.TryDequeue(out var next) && Opened < Most)
            {
                if (!IsNew(next.Address)) continue;
                var answer = await site.Page.Context.APIRequest.GetAsync(next.Address);
                Opened++;
                if (answer.Status != 200) wrong.Add($"{next.Address} answers {answer.Status}; offered on {next.From}");
                if (!answer.Headers.GetValueOrDefault("content-type", "").StartsWith("text/html", StringComparison.Ordinal))
                {
                    seen[ShapeOf(next.Address)].Remove(next.Address);
                    continue;
                }

                foreach (Match link in Link().Matches(await answer.TextAsync()))
                {
                    var address = System.Net.WebUtility.HtmlDecode(link.Groups[1].Value).Split('#')[0];
                    if (!Leaves().IsMatch(address)) ahead.Enqueue((address, next.Address));
                }
            }

            return wrong;
        }

        private bool IsNew(string address)
        {
            var shape = ShapeOf(address);
            if (!seen.TryGetValue(shape, out var known)) seen[shape] = known = [];
            if (known.Count >= OfOneShape || known.Contains(address)) return false;
            known.Add(address);
            return true;
        }

        /// The address without what tells one record, or one question to a list, from another.
        private static string ShapeOf(string address)
        {
            var parts = address.Split('?');
            var path = Record().Replace(parts[0], "/{}");
            var asked = parts.Length == 1 ? [] : parts[1].Split('&').Select(p => p.Split('=')[0]).Where(p => !Asides.Contains(p) && (!p.StartsWith("f.", StringComparison.Ordinal) || p is "f.state")).Distinct()
                .Order(StringComparer.Ordinal).ToArray();
            return asked.Length == 0 ? path : path + "?" + string.Join('&', asked);
        }

        [GeneratedRegex("""<a [^>]*?href="(/[^"]*)" """, RegexOptions.IgnorePatternWhitespace)]
        private static partial Regex Link();

        [GeneratedRegex("/(?:[0-9a-f]{8}-[0-9a-f-]{27}|[^/]*[A-Z][^/]*)(?=/|$)")]
        private static partial Regex Record();

        /// Signing out, files of the house itself, the API's own pages.
        [GeneratedRegex("^/(sign-out|lib/|api|openapi|do/|health)")]
        private static partial Regex Leaves();
    }
}
