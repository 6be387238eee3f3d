using Shouldly;
using Keel.App;
using Keel.App.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using Xunit;

namespace Keel.Tests;

/// A shop with its pages open in a real browser, signed in as somebody with a role. Debian's Chromium drives it; without one the tests skip visibly.
internal sealed class Site : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";
    public const string Password = "harbour lights at noon";
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, byte> Judged = [];
    private static readonly Lazy<Task<(IPlaywright, IBrowser)>> Browser = new(Start);
    private static readonly Lazy<string> Axe = new(FindAxe);
    private readonly WebApplication app;
    private readonly IBrowserContext context;
    private readonly List<string> refused = [];

    private Site(Shop shop, WebApplication app, IBrowserContext context, IPage page) => (Shop, this.app, this.context, Page) = (shop, app, context, page);

    internal static string? PictureFolder => Environment.GetEnvironmentVariable("KEEL_PICTURES") is { Length: > 0 } folder ? folder : null;

    public Shop Shop { get; }
    public IPage Page { get; }

    /// What the browser complained about: script errors, refused content, answers of 500.
    public List<string> Complaints { get; } = [];

    public static async Task<Site> Open(Shop shop, string role = "administrator", int width = 1440, int height = 900)
    {
        if (!File.Exists(Chromium)) Assert.Skip("There is no Chromium at " + Chromium + ".");
        shop.Clock.StepTo(TimeProvider.System.GetUtcNow());
        var email = $"{role}@harbour.example";
        await shop.Does<CreateUser, CreateUser.Request, Guid>(new(Title(role), email, Password, [role]), Caller.Keel(shop.Company));

        var app = WebHost.Build(shop.ConnectionString, new WebOptions { Port = 0 });
        await app.StartAsync();
        var (_, browser) = await Browser.Value;
        var context = await browser.NewContextAsync(new() { BaseURL = app.Urls.First(), ViewportSize = new() { Width = width, Height = height }, ReducedMotion = Microsoft.Playwright.ReducedMotion.Reduce });
        var page = await context.NewPageAsync();
        var site = new Site(shop, app, context, page);
        page.Console += (_, said) =>
        {
            // Taking a picture puts a style into the page, which the page rightly refuses.
            if (said.Text.Contains("Content Security Policy", StringComparison.Ordinal)) { if (PictureFolder is null) site.refused.Add($"{page.Url}: {said.Text}"); }
            // A preview that the next keystroke or the saving itself overtakes is given up; what fails says so in words of its own.
            else if (said.Text is "htmx:sendAbort" or "htmx:afterRequest") { }
            else if (said.Type is "error") site.Complaints.Add($"{page.Url}: {said.Text}");
        };
        page.PageError += (_, error) => site.Complaints.Add($"{page.Url}: {error}");
        page.Response += (_, response) => { if (response.Status >= 500) site.Complaints.Add($"{response.Status} {response.Url}"); };

        await page.GotoAsync("/sign-in");
        await page.FillAsync("#email", email);
        await page.FillAsync("#password", Password);
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        return site;
    }

    /// Another window, of somebody who is not signed in yet.
    public async Task<IPage> AtTheDoor()
    {
        var fresh = await (await Browser.Value).Item2.NewContextAsync(new() { BaseURL = app.Urls.First(), ReducedMotion = Microsoft.Playwright.ReducedMotion.Reduce });
        var page = await fresh.NewPageAsync();
        await page.GotoAsync("/sign-in");
        return page;
    }

    /// The same person without a browser, for whoever reads many pages.
    public async Task<HttpClient> Reader()
    {
        var jar = new System.Net.CookieContainer();
        var here = new Uri(app.Urls.First());
        foreach (var cookie in await context.CookiesAsync()) jar.Add(here, new System.Net.Cookie(cookie.Name, cookie.Value, cookie.Path));
        return new HttpClient(new HttpClientHandler { CookieContainer = jar }) { BaseAddress = here };
    }

    public Task Goes(string address) => Page.GotoAsync(address);

    public Task Presses(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button }).First.ClickAsync();

    public Task Follows(string link) => Page.GetByRole(AriaRole.Link, new() { Name = link }).First.ClickAsync();

    /// Says yes to what the page asks before it does it.
    public Task Agrees() => Page.ClickAsync("#ask [data-ask-yes]");

    /// Waits until the page says so.
    public Task Sees(string text, string within = "main") => Assertions.Expect(Page.Locator(within).First).ToContainTextAsync(text, new() { Timeout = 20_000, UseInnerText = true });

    /// What is on the page as people read it.
    public async Task<string> Reads(string selector = "main") => await Page.InnerTextAsync(selector);

    /// By how many pixels the page must be scrolled sideways.
    public Task<int> TooWide() => Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth - innerWidth");

    /// Keeps a picture where somebody wants to look: `KEEL_PICTURES` names the folder.
    public async Task Pictures(string name, bool dark = false)
    {
        if (PictureFolder is not { } folder) return;
        Directory.CreateDirectory(folder);
        await Shines(dark);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + (dark ? "-dark" : "") + ".png") });
    }

    /// Light or dark, and settled: a colour on its way is no finding.
    public Task Shines(bool dark) => Page.EvaluateAsync(
        """
        theme => {
          document.documentElement.dataset.bsTheme = theme;
          for (const moving of document.getAnimations()) try { moving.finish() } catch { moving.cancel() }
        }
        """, dark ? "dark" : "light");

    /// `KEEL_SWEEP=full`: every page is judged in all four ways, and every role's pages are all shown. It takes the better part of an hour.
    public static bool WalksAll { get; } = Environment.GetEnvironmentVariable("KEEL_SWEEP") is "full";

    /// Opens each page wide and narrow, and says what is wrong with it: wider than the screen, barriers, empty, complaints of the browser. Each is
    /// looked at in one of the four ways of size and light, in turn, every second one in the opposite way too, and judged for barriers once; with `WalksAll` in all four.
    public async Task<IReadOnlyList<string>> Walks(IEnumerable<(string Name, string Address)> pages)
    {
        var wrong = new List<string>();
        foreach (var ((name, address), at) in pages.Select((p, at) => (p, at)))
        {
            var (isNarrow, isDark) = (at % 2 == 1, at % 4 is 1 or 2);
            await Page.SetViewportSizeAsync(isNarrow ? 390 : 1440, isNarrow ? 844 : 900);
            await Goes(address);
            if ((await Reads()).Length < 20) wrong.Add($"{address} says nothing");
            (bool Narrow, bool Dark, bool Judged)[] ways = [(isNarrow, isDark, true), (!isNarrow, !isDark, WalksAll)];
            foreach (var way in WalksAll ? [.. ways, (isNarrow, !isDark, true), (!isNarrow, isDark, true)] : ways.Take(at / 4 % 2 == 0 ? 2 : 1))
            {
                var width = way.Narrow ? 390 : 1440;
                await Page.SetViewportSizeAsync(width, way.Narrow ? 844 : 900);
                await Shines(way.Dark);
                if (await TooWide() is > 0 and var over) wrong.Add($"{address} at {width}: {over} px too wide");
                if (way.Judged && await Unjudged(way.Dark) is { } part) wrong.AddRange((await Barriers(part)).Select(b => $"{address} at {width}{(way.Dark ? " dark" : "")}: {b}"));
                await Pictures($"{name}-{width}", way.Dark);
            }
        }

        return [.. wrong, .. Complaints];
    }

    /// What nobody judged yet of a page of this build: the same elements with the same classes and roles, in the same light and size. Barriers lie in the
    /// build, not in the words; so the page of a list that ten roles see alike is judged once, and where only its middle is new, that alone.
    private async Task<string?> Unjudged(bool isDark)
    {
        var builds = await Page.EvaluateAsync<string[]>(
            """
            () => {
              const told = ['class', 'type', 'role', 'alt', 'title', 'for', 'name', 'tabindex', 'disabled', 'hidden'];
              const build = e => e.tagName + [...e.attributes].filter(a => told.includes(a.name) || a.name.startsWith('aria-')).map(a => a.name + (a.name === 'class' || a.name === 'role' || a.name === 'type' ? a.value : !!a.value)).sort()
                + (e.children.length || e.textContent.trim() ? '{' : '') + [...new Set([...e.children].map(build))].join();
              return ['main', 'body'].map(s => { const e = document.querySelector(s)?.cloneNode(true); if (s === 'body') e.querySelector('main')?.replaceChildren(); return e ? build(e) : ''; });
            }
            """);
        bool[] areNew = [.. builds.Select(build => Judged.TryAdd($"{build} {Page.ViewportSize!.Width} {isDark}", 0))];
        return areNew[1] || builds[0].Length == 0 ? "html" : areNew[0] ? "main" : null;
    }

    /// What axe finds that keeps people out: serious and critical, by rule and place.
    public Task<IReadOnlyList<string>> Barriers(string part = "html") => Barriers(Page, part);

    /// The same of another window.
    public static async Task<IReadOnlyList<string>> Barriers(IPage page, string part = "html")
    {
        await page.EvaluateAsync(Axe.Value);
        return await page.EvaluateAsync<string[]>(
            """
            async part => (await axe.run(part === 'html' ? document : part, { resultTypes: ['violations'], preload: false, iframes: false })).violations
              .filter(v => v.impact === 'serious' || v.impact === 'critical').map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | ')}`)
            """, part);
    }

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        await app.StopAsync();
        await app.DisposeAsync();
        refused.ShouldBeEmpty("a page holds something that its own content policy refuses");
    }

    private static async Task<(IPlaywright, IBrowser)> Start()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium, Headless = true,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return (playwright, browser);
    }

    private static string Title(string role) => char.ToUpperInvariant(role[0]) + role[1..] + " Person";

    private static string FindAxe()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "node_modules", "axe-core", "axe.min.js");
            if (File.Exists(file)) return File.ReadAllText(file);
        }

        throw new FileNotFoundException("axe-core is not restored: run the build, which restores the packages of package.json.");
    }
}
