using Shouldly;
using Xunit;

namespace Keel.Tests;

/// What is not there.
public class PagesTests
{
    [Fact]
    public async Task What_is_not_there_says_so_on_a_page()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        var nobody = Guid.NewGuid();

        foreach (var address in new[] { $"/orders/{nobody}", $"/shipments/{nobody}", $"/invoices/{nobody}", $"/receipts/{nobody}", "/stock/NOBODY-KNOWS", "/problems/nobody.says", "/nowhere" })
        {
            var answer = (await site.Page.GotoAsync(address))!;
            answer.Status.ShouldBe(404, address);
            (await site.Page.Locator("main").InnerTextAsync()).Length.ShouldBeGreaterThan(20, address);
        }
    }
}
