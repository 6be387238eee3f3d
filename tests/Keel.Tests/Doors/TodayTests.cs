using Keel.Tests.Access;
using Shouldly;
using Xunit;

namespace Keel.Tests.Doors;

/// The day's page offers work that whoever looks may do, and nothing that would refuse them.
public class TodayTests
{
    [Fact]
    public async Task Each_role_is_offered_its_own_work_and_every_tile_opens()
    {
        await using var web = await WebShop.Open();
        foreach (var (role, offered, spared) in new[]
        {
            ("picker", new[] { "To pick", "To pack", "Late on the floor" }, new[] { "To release", "To hand over", "Stopped orders", "Exceptions for you", "Late orders" }),
            ("warehouse", ["To pick", "To pack", "To hand over", "To release"], ["Stopped orders", "Overdue, owed to us"]),
            ("finance", ["Overdue, owed to us"], ["To pick", "To release", "Stopped orders"]),
            ("operations", ["Late orders", "Stopped orders", "To release", "Exceptions for you"], ["Overdue, owed to us"]),
        })
        {
            using var browser = new Browsing(web);
            await Browsing.Let(web, $"{role}@harbour.example", role);
            await browser.Enters($"{role}@harbour.example");
            var page = (await browser.Goes("/today")).Text;

            foreach (var title in offered) page.ShouldContain(title, customMessage: role);
            foreach (var title in spared) page.ShouldNotContain($">{title}<", customMessage: role);
            foreach (System.Text.RegularExpressions.Match link in System.Text.RegularExpressions.Regex.Matches(page, "href=\"([^\"]+)\" class=\"next\""))
                (await browser.Goes(System.Net.WebUtility.HtmlDecode(link.Groups[1].Value))).Status.ShouldBe(System.Net.HttpStatusCode.OK, $"{role} {link.Groups[1].Value}");
        }
    }
}
