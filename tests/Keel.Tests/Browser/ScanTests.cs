using Keel.Warehouse;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Scanning on a handheld whose link comes and goes.
public class ScanTests
{
    [Fact, Feature("BC-07")]
    public async Task Scans_without_a_link_are_kept_over_a_reload_and_sent_once_and_in_order()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "warehouse", 390, 844);
        var packed = await Packed(shop, 3);
        await Opens(site);

        await site.Page.Context.SetOfflineAsync(true);
        foreach (var number in packed) await Scans(site, number);
        await site.Sees("3 wait, the oldest for");
        await site.Sees("No link. Keep going.");
        await site.Pictures("scan-offline");
        await site.Page.ReloadAsync();
        await site.Sees("3 wait, the oldest for");
        (await shop.Number("select count(*) from warehouse.shipment where status = 'Shipped'")).ShouldBe(0);

        await site.Page.Context.SetOfflineAsync(false);
        await site.Sees("Nothing waits");
        (await shop.Number("select count(*) from warehouse.shipment where status = 'Shipped'")).ShouldBe(3);
        (await shop.Text("select string_agg(number, ' ' order by shipped_at) from warehouse.shipment")).ShouldBe(string.Join(' ', packed));
        (await shop.Number("select count(*) from kernel.operation_log where operation = 'warehouse.scan-out' and outcome = 'done'")).ShouldBe(3);
        await shop.Proves();
    }

    [Fact, Feature("BC-07")]
    public async Task A_scan_whose_answer_got_lost_is_said_again_under_its_key_and_counts_once()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "warehouse", 390, 844);
        var packed = await Packed(shop, 1);
        await Opens(site);
        var asked = 0;
        await site.Page.RouteAsync("**/api/v1/warehouse/scan-out", async route =>
        {
            asked++;
            var answer = await route.FetchAsync();
            if (asked == 1) await route.AbortAsync();
            else await route.FulfillAsync(new() { Response = answer });
        });

        await Scans(site, packed[0]);
        await site.Sees("1 waits");
        await site.Sees("Nothing waits");

        asked.ShouldBe(2);
        await site.Sees("left");
        (await site.Page.Locator("[data-seen]").CountAsync()).ShouldBe(0);
        (await shop.Number("select count(*) from sales.invoice")).ShouldBe(1);
    }

    [Fact, Feature("BC-03")]
    public async Task A_refused_scan_stays_with_its_reason_until_somebody_has_looked()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "warehouse", 390, 844);
        var packed = await Packed(shop, 1);
        await Opens(site);

        await Scans(site, "SH-9999-000001");
        await Scans(site, "]C1" + packed[0]);
        await site.Sees("SH-9999-000001 No shipment has this number");
        await site.Sees("Nothing waits");
        await site.Pictures("scan-refused");
        await site.Pictures("scan-refused", dark: true);
        (await site.Barriers()).ShouldBeEmpty();
        await site.Page.ReloadAsync();
        await site.Sees("No shipment has this number");
        await site.Page.ClickAsync("[data-seen]");
        await Assertions.Expect(site.Page.Locator("[data-scan-refused]")).ToBeHiddenAsync();
        await site.Page.ReloadAsync();
        await site.Sees("Nothing waits");

        (await site.Page.Locator("[data-seen]").CountAsync()).ShouldBe(0);
        (await shop.Text("select status from warehouse.shipment")).ShouldBe("Shipped");
        site.Complaints.Where(c => !c.Contains("404", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact, Feature("BC-03")]
    public async Task A_code_that_is_typed_is_answered_where_it_was_typed_known_or_not_with_a_link_or_without()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "warehouse", 390, 844);
        var packed = await Packed(shop, 2);
        await Opens(site);
        await site.Page.EvaluateAsync("() => { window.heard = []; document.addEventListener('keel:heard', e => window.heard.push(e.detail.right)); }");

        await Types(site, packed[0]);
        await site.Sees("1 unit left", "[data-scan-last]");
        await Types(site, "NOT-A-PARCEL");
        await site.Sees("NOT-A-PARCEL: No shipment has this number", "[data-scan-last]");
        await site.Sees("NOT-A-PARCEL No shipment has this number", "[data-scan-refused]");
        await Types(site, "");
        await site.Sees("Type a code first, or scan it.", "[data-scan-last]");
        await site.Pictures("scan-typed");
        await site.Page.Context.SetOfflineAsync(true);
        await Types(site, packed[1]);
        await site.Sees($"{packed[1]} kept", "[data-scan-last]");
        await site.Page.Context.SetOfflineAsync(false);
        await site.Sees($"{packed[1]}: 1 unit left", "[data-scan-last]");

        (await site.Page.EvaluateAsync<bool[]>("() => window.heard")).ShouldContain(false);
        (await shop.Number("select count(*) from warehouse.shipment where status = 'Shipped'")).ShouldBe(2);
        (await site.TooWide()).ShouldBe(0);
    }

    private static async Task Types(Site site, string code)
    {
        await site.Page.FillAsync("[name=typed]", code);
        await site.Page.PressAsync("[name=typed]", "Enter");
    }

    [Fact, Feature("BC-04")]
    public async Task The_scanner_test_says_what_arrived()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "warehouse", 390, 844);
        await site.Goes("/scan/test");
        await site.Page.Locator("[data-scan-test]").WaitForAsync();

        await Scans(site, "KEEL-TEST");
        await site.Sees("Right: the scanner says what the test label says");
        await Scans(site, "keel-test");
        await site.Sees("caps lock");
        await Scans(site, "KEELßTEST");
        await site.Sees("keyboard language");
        await Scans(site, "]C10104012345678902" + "10LOT7" + "\u001d" + "17271231");
        await site.Sees("Code 128, GS1");
        await site.Sees("its check digit is wrong");
        await Scans(site, "]d20104006381333931" + "10LOT7" + "\u001d" + "17271231");
        await site.Sees("Data Matrix, GS1");
        await site.Sees("GS1 reads all of it");
        await site.Sees("Expires on");
        await site.Sees("LOT7<GS>17");
        (await site.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue();
        await site.Sees("Enter");
        await site.Pictures("scan-test");
        await site.Pictures("scan-test", dark: true);
        (await site.Barriers()).ShouldBeEmpty();
        site.Complaints.ShouldBeEmpty();
    }

    /// Opens the screen and waits until the device keeps it.
    private static async Task Opens(Site site)
    {
        await site.Goes("/scan/out");
        await site.Sees("Nothing waits");
        await site.Page.WaitForFunctionAsync("async () => navigator.serviceWorker.controller !== null && (await caches.keys()).includes('keel-scan-pages') && (await (await caches.open('keel-scan-pages')).match('/scan/out', { ignoreSearch: true, ignoreVary: true })) !== undefined && (await (await caches.open('keel-scan-files')).keys()).length > 4");
    }

    private static async Task Scans(Site site, string code)
    {
        await site.Page.EvaluateAsync(
            """
            code => {
              for (const c of code) window.dispatchEvent(new KeyboardEvent('keydown', c === '\u001d' ? { key: ']', ctrlKey: true } : { key: c, bubbles: true, cancelable: true }));
              window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
            }
            """, code);
        await site.Page.WaitForTimeoutAsync(150);
    }

    private static async Task<IReadOnlyList<string>> Packed(Shop shop, int count)
    {
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        var numbers = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var order = await shop.Takes(("TEE-M", 1));
            await shop.Releases(order);
            var shipment = await shop.Text($"select id from warehouse.shipment where order_id = '{order.Id}'");
            await shop.Must<PackShipments, PackShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([new Id<Shipment>(Guid.Parse(shipment))]));
            numbers.Add(await shop.Text($"select number from warehouse.shipment where id = '{shipment}'"));
        }

        return numbers;
    }
}
