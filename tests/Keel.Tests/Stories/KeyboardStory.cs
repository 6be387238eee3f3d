using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stories;

/// Two people and no mouse.
public class KeyboardStory
{
    [Fact, Feature("AP-01", "AP-05")]
    public async Task From_the_sign_in_to_an_approved_correction_by_keys_alone()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10);
        await shop.Chooses("approvals", new { rules = new[] { new { operation = "stock.adjust", levels = new[] { new { permission = "kernel.approvals.decide" } } } } });
        await using var store = await Site.Open(shop, "store");
        await using var head = await Site.Open(shop, "operations");

        var clerk = await store.AtTheDoor();
        await clerk.Keyboard.TypeAsync("store@harbour.example");
        await clerk.Keyboard.PressAsync("Tab");
        await clerk.Keyboard.TypeAsync(Site.Password);
        await clerk.Keyboard.PressAsync("Enter");
        await clerk.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));

        await Finds(clerk, "Count a place", "/stock/adjust");
        await TabsTo(clerk, "lines[0].location");
        await clerk.Keyboard.TypeAsync("MAIN/STOCK");
        await TabsTo(clerk, "lines[0].sku");
        await clerk.Keyboard.TypeAsync("TEE-M");
        await TabsTo(clerk, "lines[0].counted");
        await clerk.Keyboard.TypeAsync("4");
        await clerk.Keyboard.PressAsync("Tab");
        await clerk.Keyboard.TypeAsync("Counted");
        await clerk.Keyboard.PressAsync("Tab");
        await Reads(clerk, "It would wait.");
        await clerk.Keyboard.PressAsync("Control+Enter");
        await Reads(clerk, "waits");
        (await shop.Text("select state || ' ' || requester_name from kernel.approval")).ShouldBe("Waiting Store Person");

        var boss = await head.AtTheDoor();
        await boss.Keyboard.TypeAsync("operations@harbour.example");
        await boss.Keyboard.PressAsync("Tab");
        await boss.Keyboard.TypeAsync(Site.Password);
        await boss.Keyboard.PressAsync("Enter");
        await boss.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        await Finds(boss, "Approvals", "/approvals");
        await Reads(boss, "Adjusts TEE-M");
        await boss.Keyboard.PressAsync("j");
        await boss.Keyboard.PressAsync("a");
        await boss.WaitForSelectorAsync("#ask-answer");
        await boss.Keyboard.TypeAsync("counted it myself");
        await boss.Keyboard.PressAsync("Enter");

        for (var i = 0; i < 200 && await shop.Number("select count(*) from kernel.approval where state = 'Done'") == 0; i++) await Task.Delay(100);
        (await shop.Text("select state || ' ' || coalesce(outcome, '') from kernel.approval")).ShouldBe("Done done");
        (await shop.Position("TEE-M")).OnHand.ShouldBe(4);
        (await shop.Text("select actor_name || ': ' || reason from kernel.approval_decision")).ShouldBe("Operations Person: counted it myself");
    }

    private static async Task Finds(IPage page, string typed, string address)
    {
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync(typed);
        await page.WaitForTimeoutAsync(600);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(url => url.Contains(address, StringComparison.OrdinalIgnoreCase));
    }

    /// Tabs on until the focus is on what is named so, or says so; a page that does not let one get there fails.
    private static async Task TabsTo(IPage page, string name)
    {
        for (var i = 0; i < 80; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("n => { const e = document.activeElement; return e.name === n || (e.innerText ?? '').trim().startsWith(n) && ['A', 'BUTTON'].includes(e.tagName) }", name)) return;
        }

        Assert.Fail($"Nobody gets to {name} with the Tab key on {page.Url}.");
    }

    private static Task Reads(IPage page, string text) => Assertions.Expect(page.Locator("main").First).ToContainTextAsync(text, new() { Timeout = 20_000, UseInnerText = true });
}
