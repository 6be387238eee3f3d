using Shouldly;
using Xunit;

namespace Keel.Tests;

/// One box finds whatever has a number, a code or a name.
public class FindTests
{
    [Fact]
    public async Task The_palette_finds_an_order_by_the_digits_that_somebody_read_out_and_opens_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10);
        var order = await shop.Takes(("TEE-M", 1));
        await using var site = await Site.Open(shop);
        await site.Goes("/stock");

        await site.Page.Keyboard.PressAsync("Control+k");
        await site.Page.FillAsync("#palette-q", order.Number![^3..].TrimStart('0'));
        await site.Page.Locator("#found-records [role=option]", new() { HasText = order.Number }).WaitForAsync();
        await site.Pictures("palette");
        await site.Page.Keyboard.PressAsync("Enter");
        await site.Page.WaitForURLAsync(url => url.Contains("/orders/" + order.Id, StringComparison.Ordinal));

        site.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("webshop's own number", "T-1", "T-1")]
    [InlineData("a SKU", "tee", "TEE-M")]
    [InlineData("a word of a product's name", "linen", "THROW")]
    [InlineData("a customer's name", "custom", "Customer 1")]
    [InlineData("a customer's mail", "customer1@", "Customer 1")]
    [InlineData("a shipment", "sh-", "SH-")]
    [InlineData("a page that is in no open part of the menu", "trial", "Trial balance")]
    [InlineData("something to do", "count", "Count a place")]
    public async Task It_finds(string what, string typed, string found)
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10);
        await shop.Ships(await shop.Takes(("TEE-M", 1)));
        await using var site = await Site.Open(shop);

        await site.Goes("/search?q=" + Uri.EscapeDataString(typed));

        (await site.Page.Locator("main [role=option]").AllInnerTextsAsync()).ShouldContain(t => t.Contains(found, StringComparison.Ordinal), what);
        (await site.Barriers()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_may_not_see_something_does_not_find_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10);
        await shop.Takes(("TEE-M", 1));
        await using var site = await Site.Open(shop, role: "executive");

        await site.Goes("/search?q=custom");

        (await site.Page.Locator("main").InnerTextAsync()).ShouldNotContain("Customer 1");
    }

    [Fact]
    public async Task A_problem_explains_itself_at_its_own_address()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);

        await site.Goes("/problems/order.short");

        (await site.Page.Locator("main").InnerTextAsync()).ShouldContain("Not everything is available");
    }
}
