using System.Net;
using System.Text.RegularExpressions;
using Keel.Sales;
using Keel.Tests.Doors;
using Shouldly;
using Xunit;

namespace Keel.Tests.Messages;

/// A record that was opened from a list knows what stands beside it there, without scripts and after the list has changed.
public class NeighbourTests
{
    [Fact]
    public async Task One_walks_through_a_filtered_list_from_record_to_record_and_back_to_the_list()
    {
        await using var web = await WebShop.Open();
        var orders = new List<CapturedOrder>();
        for (var i = 0; i < 5; i++)
        {
            web.Shop.Clock.Step(TimeSpan.FromMinutes(1));
            orders.Add(await (i == 2 ? web.Shop.TakesFromBazaar(("BOWL", 1)) : web.Shop.Takes(("BOWL", 1))));
        }

        const string list = "/orders?f.channel=webshop&sort=placed-at";
        var first = Regex.Match(await Page(web, list), $"href=\"(/orders/{orders[0].Id}[^\"]*)\"").Groups[1].Value;
        var seen = new List<string>();
        var at = WebUtility.HtmlDecode(first);
        while (at.Length > 0)
        {
            var page = await Page(web, at);
            seen.Add(Regex.Match(at, "/orders/([^?]*)").Groups[1].Value);
            page.ShouldContain($"href=\"{WebUtility.HtmlEncode(list)}\"");
            at = Link(page, "next");
        }

        seen.ShouldBe([.. new[] { 0, 1, 3, 4 }.Select(i => orders[i].Id!.Value.ToString())]);
    }

    [Fact]
    public async Task What_has_left_the_list_still_knows_its_neighbours()
    {
        await using var web = await WebShop.Open();
        var orders = new List<CapturedOrder>();
        for (var i = 0; i < 3; i++)
        {
            web.Shop.Clock.Step(TimeSpan.FromMinutes(1));
            orders.Add(await web.Shop.Takes(("BOWL", 1)));
        }

        var middle = WebUtility.HtmlDecode(Regex.Match(await Page(web, "/orders?f.status=Backordered&sort=placed-at"),
            $"href=\"(/orders/{orders[1].Id}[^\"]*)\"").Groups[1].Value);
        await web.Shop.Cancels(orders[1]);
        var page = await Page(web, middle);

        Link(page, "prev").ShouldStartWith($"/orders/{orders[0].Id}?");
        Link(page, "next").ShouldStartWith($"/orders/{orders[2].Id}?");
    }

    [Theory]
    [InlineData("?list=//evil.example&list-view=sales.orders&list-at=WyIxIiwiMSIsMF0")]
    [InlineData("?list=/orders&list-view=no.such&list-at=WyIxIiwiMSIsMF0")]
    [InlineData("?list=/orders&list-view=sales.orders&list-at=rubbish")]
    [InlineData("?list=/orders?f.nothing=1&list-view=sales.orders&list-at=WyIxIiwiMSIsMF0")]
    public async Task A_made_up_address_opens_the_record_all_the_same(string query)
    {
        await using var web = await WebShop.Open();
        var order = await web.Shop.Takes(("BOWL", 1));

        var page = await Page(web, $"/orders/{order.Id}{query}");

        page.ShouldContain(order.Number!);
        page.ShouldNotContain("href=\"//evil");
    }

    private static async Task<string> Page(WebShop web, string address)
    {
        using var answer = await web.Http.GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, address);
        return await answer.Content.ReadAsStringAsync();
    }

    private static string Link(string page, string rel) =>
        WebUtility.HtmlDecode(Regex.Match(page, $"href=\"([^\"]*)\" rel=\"{rel}\" data-sibling").Groups[1].Value);
}
