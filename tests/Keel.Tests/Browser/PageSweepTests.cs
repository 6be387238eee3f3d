using System.Text.RegularExpressions;
using Keel.App.Doors;
using Keel.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// The whole house in a browser, on a wide screen and on a phone, light and dark.
public partial class PageSweepTests
{
    /// What a busy day leads nobody to: links out of mails, and what must have happened before somebody looks at it. It has tests of its own.
    private static readonly string[] Apart =
    [
        "/problems/{Code}", "/decide/{Token}", "/duplicates/{Id:guid}", "/import/{Id:guid}/reconcile", "/scan/count/{Id:guid}",
        "/stock/lots/{Id:guid}", "/stock/lots/edit", "/stock/owner-statements/{Id:guid}", "/stock/places/edit",
    ];

    /// Every page as the browser shows it: nothing scrolls sideways, nobody is kept out, nothing complains. A page that is new and that nothing leads to is missed.
    [Fact]
    public async Task Every_page_fits_a_wide_screen_and_a_phone_by_day_and_by_night()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await Days.Busy(shop);
        var crawl = new Crawl(site);
        await using (var desk = shop.Scope()) await crawl.Follow(["/", "/gallery", "/inventory-closes/new", $"/journal/reverse?entry={await shop.Text("select id from ledger.entry order by id limit 1")}", $"/orders/{await shop.Text("select id from sales.orders where status = 'OnHold' limit 1")}/address", $"/orders/{await shop.Text("select id from sales.orders where status = 'OnHold' limit 1")}/lines", $"/orders/{await shop.Text("select id from sales.orders where status = 'Shipped' limit 1")}/again", $"/gift-cards/{await shop.Text("select id from sales.voucher where kind = 'GiftCard' limit 1")}/replace",
            .. desk.ServiceProvider.GetServices<Beginning>().Select(b => b.Href)]);

        string[] opened = [.. crawl.Shapes.Select(a => a.Split('?')[0]).Distinct()];
        var missed = shop.Services.GetRequiredService<ModuleCatalog>().Modules.Select(m => m.Assembly).Append(typeof(PageNeeds).Assembly).Distinct().SelectMany(a => a.GetTypes())
            .Select(t => t.GetCustomAttributes(typeof(RouteAttribute), false).Cast<RouteAttribute>().Select(r => r.Template).ToArray())
            .Where(routes => routes.Length > 0 && !routes.Any(r => opened.Any(a => Regex.IsMatch(a, "^" + Parameter().Replace(r, "[^/]+") + "/?$"))) && !Apart.Any(a => routes[0].StartsWith(a, StringComparison.Ordinal)));
        missed.Select(routes => routes[0]).Order().ShouldBeEmpty("nothing leads there");

        // One address of each page: what a list is asked for changes its rows, not how it is built.
        (await site.Walks(crawl.Shapes.GroupBy(a => a.Split('?')[0]).Select(g => ("sweep" + g.Key.Replace('/', '-'), g.First())))).ShouldBeEmpty();
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
