using Keel.Kernel;
using Keel.Partners.Contract;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Tests.Sales;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Keel.Tests;

public class CustomerLinkPagesTests
{
    [Fact, Feature("CR-04", "OM-25")]
    public async Task A_customer_accepts_a_quote_and_puts_an_address_right_without_signing_in()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "service");
        await shop.Stocks("BOWL", 30);
        await shop.Stocks("MUG-BL", 30);
        await shop.Chooses(CustomerLinks.Kind, new CustomerLinks("https://orders.example.org"));
        await shop.Chooses(OrderChecks.Kind, new OrderChecks([new OrderCheck(CheckKind.Address, CheckEffect.Hold)]));
        var quote = await QuoteTests.Writes(shop, await QuoteTests.Customer(shop), null, new SaveQuote.Item("BOWL", 4), new SaveQuote.Item("MUG-BL", 12));
        await QuoteTests.Sends(shop, quote);
        var order = (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 2)) with { ShipTo = new PostalAddress("Zijlweg", null, "2013 DH", "Haarlem", null, "NL") })).Value;
        await shop.Must<AskCustomers, AskCustomers.Request, IReadOnlyList<AskCustomers.Answer>>(new([order.Id!.Value], "Which house number is it?"));
        await shop.Delivers();
        var page = await site.AtTheDoor();
        await page.SetViewportSizeAsync(390, 844);

        await page.GotoAsync("/c/" + await CustomerLinkTests.Token(shop, "quote"));
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Our quote " + quote.Number);
        await Picture(page, "customer-quote");
        await page.FillAsync("#own", "ZEE-12");
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept the quote" }).ClickAsync();
        await Assertions.Expect(page.Locator("[role=status]")).ToContainTextAsync("You have accepted it");
        (await page.EvaluateAsync<int>("document.scrollingElement.scrollWidth - innerWidth")).ShouldBe(0);
        (await shop.Text("select purchase_order from sales.orders where channel_number like 'QU-%'")).ShouldBe("ZEE-12");

        await page.GotoAsync("/c/" + await CustomerLinkTests.Token(shop, "order-question"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Send it there" }).ClickAsync();
        await Assertions.Expect(page.Locator("[role=alert]")).ToContainTextAsync("The house number is missing");
        await Picture(page, "customer-address");
        await page.FillAsync("#line1", "Zijlweg 12");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send it there" }).ClickAsync();
        await Assertions.Expect(page.Locator("[role=status]").First).ToContainTextAsync("Thank you");
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);

        await page.GotoAsync("/c/guessed");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("This link opens nothing");
    }

    private static async Task Picture(IPage page, string name)
    {
        if (Site.PictureFolder is { } folder) await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        (await Site.Barriers(page)).ShouldBeEmpty();
    }
}
