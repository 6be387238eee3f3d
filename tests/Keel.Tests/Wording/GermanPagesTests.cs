using System.Text.RegularExpressions;
using Keel.App.Access;
using Keel.App;
using Keel.Kernel;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// The house in German, in a browser: whoever chooses it reads it, forms mean the same, and no English is left where German is known.
public partial class GermanPagesTests
{
    [Fact]
    public async Task Whoever_chooses_german_reads_it_from_then_on_and_can_go_back()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await site.Goes("/orders");
        (await site.Page.GetAttributeAsync("html", "lang")).ShouldBe("en");

        await Speaks(site, "de");

        (await site.Page.GetAttributeAsync("html", "lang")).ShouldBe("de");
        site.Page.Url.ShouldEndWith("/orders", Shouldly.Case.Sensitive, "the page stays");
        (await site.Page.TextContentAsync("h1")).ShouldBe("Aufträge");
        (await site.Page.TextContentAsync("#side")).ShouldNotBeNull().ShouldContain("Einstellungen");
        await site.Goes("/me");
        (await site.Page.TextContentAsync("h1")).ShouldBe("Mein Konto");
        await Speaks(site, "en");
        (await site.Page.TextContentAsync("h1")).ShouldBe("My account");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Before_the_sign_in_the_browser_says_the_language_and_the_api_stays_english()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        var request = site.Page.Context.APIRequest;
        var german = new Dictionary<string, string> { ["Accept-Language"] = "de-DE,de;q=0.9", ["Cookie"] = "" };

        var door = await (await request.GetAsync("/sign-in", new() { Headers = german })).TextAsync();
        var api = await (await request.GetAsync("/api/v1/nowhere", new() { Headers = german })).TextAsync();

        door.ShouldContain("<html lang=\"de\"");
        door.ShouldContain(">Passwort</label>");
        api.ShouldContain("There is nothing at this address.");
    }

    /// The same forms, the same rules: an order goes through the house in German, and what is written down of it is what English writes.
    [Fact]
    public async Task An_order_goes_through_the_house_in_german()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await shop.Stocks("TEE-M", 10, worth: 100_00);
        await Speaks(site, "de");

        await site.Goes("/orders/new");
        await site.Page.SelectOptionAsync("#channel", "webshop");
        await site.Page.FillAsync("[name='lines[0].sku']", "TEE-M");
        await site.Page.FillAsync("[name='lines[0].quantity']", "2");
        await site.Page.FillAsync("#name", "Elin Vester");
        await site.Page.FillAsync("#line1", "Zijlweg 12");
        await site.Page.FillAsync("#postal-code", "2013 DH");
        await site.Page.FillAsync("#city", "Haarlem");
        await site.Presses("Auftrag anlegen");
        await site.Page.WaitForURLAsync("**/orders/*-*");
        await site.Sees("bereit zur Freigabe");
        var page = await site.Reads();
        GermanMoney().IsMatch(page).ShouldBeTrue("amounts are written as German writes them");
        EnglishMoney().IsMatch(page).ShouldBeFalse("and no other way");
        await site.Pictures("german-order");
        (await site.Barriers()).ShouldBeEmpty();

        await site.Presses("Zur Kommissionierung freigeben");
        await site.Follows("öffnen");
        await site.Presses("Alles kommissioniert");
        await site.Sees("kommissionierte sie");
        await site.Presses("Gepackt");
        await site.Sees("packte sie");
        await site.Pictures("german-shipment");
        await site.Presses("2 Stück versenden");
        await site.Agrees();
        await site.Sees("1 Rechnung");

        (await shop.Number("select count(*) from warehouse.shipment where status = 'Shipped'")).ShouldBe(1);
        site.Complaints.ShouldBeEmpty();
    }

    /// Every text of a page that has a German is German: compared with the English keys, wherever a page of the house shows one.
    [Fact]
    public async Task No_english_is_left_where_german_is_known()
    {
        await using var shop = await Shop.Open();
        await Days.Busy(shop);
        await using var site = await Site.Open(shop);
        await Speaks(site, "de");
        var known = KeelModules.All.Select(m => m.GetType().Assembly).Concat([typeof(Words).Assembly, typeof(Keel.Ui.Shell).Assembly]).Distinct().SelectMany(WordFile.In).SelectMany(f => f.Texts)
            .Where(t => t.Key != t.Value && t.Key.Length > 3).Select(t => t.Key).ToHashSet(StringComparer.Ordinal);
        known.ExceptWith(SharedOfBoth);

        var left = new List<string>();
        foreach (var address in MostUsed)
        {
            await site.Goes(address);
            (await site.Page.GetAttributeAsync("html", "lang")).ShouldBe("de", address);
            await site.Pictures("german" + address.Replace('/', '-'));
            var texts = await site.Page.EvaluateAsync<string[]>(TextsOfPage);
            left.AddRange(texts.Where(known.Contains).Distinct().Select(t => $"{address}: {t}"));
            if (await site.Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth - innerWidth") > 0) left.Add($"{address} is too wide");
        }

        await site.Page.SetViewportSizeAsync(390, 844);
        foreach (var address in MostUsed)
        {
            await site.Goes(address);
            if (await site.Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth - innerWidth") is > 0 and var over) left.Add($"{address} at 390 is {over} px too wide");
        }

        left.ShouldBeEmpty();
        site.Complaints.ShouldBeEmpty();
    }

    /// The pages of a day's work.
    private static readonly string[] MostUsed =
    [
        "/today", "/orders", "/orders/new", "/warehouse", "/shipments", "/stock", "/stock/moves", "/receipts", "/cases", "/cases/board", "/approvals", "/customers", "/products",
        "/products/new", "/invoices", "/open-items", "/periods", "/import", "/settings/policies", "/settings/users", "/settings/roles", "/me", "/notices", "/rules", "/operations",
    ];

    /// Words that both languages write alike, and data that is called like a text.
    private static readonly string[] SharedOfBoth = ["Anonymous customer", "operations", "Office", "Overflow", "invoice", "Name", "Status", "Service", "System", "Team", "Code", "Text", "Import", "Export", "Jobs", "Minor", "Version"];

    private const string TextsOfPage =
        """
        () => {
          const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const parent = walk.currentNode.parentElement;
            if (parent && !parent.closest('script, style, [lang]:not(html), .k-code, option, datalist')) found.push(walk.currentNode.textContent.trim());
          }
          for (const e of document.querySelectorAll('[aria-label], [placeholder]')) found.push(e.getAttribute('aria-label') ?? '', e.getAttribute('placeholder') ?? '');
          return found.filter(t => t.length > 3);
        }
        """;

    private static async Task Speaks(Site site, string language)
    {
        await site.Page.ClickAsync("details.k-menu.end > summary:has(.k-face)");
        await site.Page.ClickAsync($"button[lang={language}]");
        await site.Page.WaitForSelectorAsync($"html[lang={language}]", new() { State = Microsoft.Playwright.WaitForSelectorState.Attached });
    }

    [GeneratedRegex(@"\d,\d\d\u00a0(€|£|\$)")]
    private static partial Regex GermanMoney();

    [GeneratedRegex(@"(€|£|\$)\u00a0\d")]
    private static partial Regex EnglishMoney();
}
