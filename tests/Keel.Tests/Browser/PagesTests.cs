using Keel.Sales;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Every page of the orders, the stock and the floor opens, shows what is true, and keeps nobody out.
public class PagesTests
{
    [Fact]
    public async Task Every_page_opens_without_a_complaint_and_without_barriers()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        var addresses = await Fill(shop);

        var wrong = new List<string>();
        foreach (var (name, address) in addresses)
        {
            await site.Goes(address);
            await site.Pictures(name);
            await site.Pictures(name, dark: true);
            await site.Shines(dark: true);
            wrong.AddRange((await site.Barriers()).Select(b => $"{address} (dark): {b}"));
            await site.Shines(dark: false);
            wrong.AddRange((await site.Barriers()).Select(b => $"{address}: {b}"));
        }

        wrong.AddRange(site.Complaints);
        wrong.ShouldBeEmpty();
    }

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

    /// A shop in the middle of a day: orders in every state, goods in and out, a count that took promises back.
    private static async Task<IReadOnlyList<(string Name, string Address)>> Fill(Shop shop)
    {
        await shop.Stocks("TEE-M", 40, worth: 400_00);
        await shop.Stocks("MUG-BL", 6, worth: 36_60, node: "OVERFLOW");
        await shop.Stocks("BOWL", 30, worth: 290_00);
        await shop.Stocks("CANDLE", 12, worth: 40_00);
        var shipped = await shop.Takes(("TEE-M", 2), ("BOWL", 1));
        await shop.Ships(shipped);
        var reserved = await shop.Takes(("TEE-M", 3), ("MUG-BL", 2));
        for (var i = 0; i < 8; i++) await shop.Takes(("BOWL", 1 + (i % 3)), ("TEE-M", 1));
        var waiting = await shop.TakesFromBazaar(("THROW", 4), ("CANDLE", 2));
        var released = await shop.Takes(("CANDLE", 3), ("BOWL", 2), ("TEE-M", 1));
        await shop.Does<ReleaseOrders, ReleaseOrders.Request, IReadOnlyList<ReleaseOrders.Answer>>(new([released.Id!.Value.Value]));
        var held = await shop.Takes(("TEE-M", 1));
        await shop.Does<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([held.Id!.Value], "the customer rang: wait for the second order"));
        var cancelled = await shop.Takes(("TEE-M", 1));
        await shop.Cancels(cancelled);
        var counted = await shop.Counts("MAIN/STOCK", "BOWL", 12);
        await shop.Does<NumberInvoices, NumberInvoices.Request, int>(new());

        var shipment = await shop.Text($"select id from warehouse.shipment where order_id = '{released.Id}'");
        var left = await shop.Text($"select id from warehouse.shipment where order_id = '{shipped.Id}'");
        var invoice = await shop.Text($"select id from sales.invoice where order_id = '{shipped.Id}'");
        var receipt = await shop.Text("select id from stock.document where kind = 'Receipt' limit 1");
        var kase = await shop.Text("select id from kernel.work_case where state = 'Open' order by id limit 1");
        return
        [
            ("orders", "/orders"), ("orders-ready", "/orders?f.status=Reserved"), ("order-shipped", $"/orders/{shipped.Id}"), ("order-reserved", $"/orders/{reserved.Id}"),
            ("order-waiting", $"/orders/{waiting.Id}"), ("order-held", $"/orders/{held.Id}"), ("order-cancelled", $"/orders/{cancelled.Id}"), ("order-released", $"/orders/{released.Id}"),
            ("order-new", "/orders/new"), ("order-payment", $"/orders/{reserved.Id}/payment"), ("invoices", "/invoices"), ("invoice", $"/invoices/{invoice}"),
            ("warehouse", "/warehouse"), ("warehouse-main", "/warehouse?node=MAIN"), ("shipments", "/shipments"), ("shipment", $"/shipments/{shipment}"), ("shipment-left", $"/shipments/{left}"),
            ("stock", "/stock"), ("stock-product", "/stock/TEE-M"), ("stock-bowl", "/stock/BOWL"), ("stock-moves", "/stock/moves"), ("stock-moves-of", "/stock/moves?sku=TEE-M"), ("stock-moves-doc", $"/stock/moves?document={left}"),
            ("stock-reservations", "/stock/reservations?sku=BOWL"), ("places", "/stock/locations"), ("places-new", "/stock/locations/new"), ("receipts", "/receipts"), ("receipt", $"/receipts/{receipt}"), ("receipt-new", "/receipts/new"),
            ("adjustments", "/adjustments"), ("adjustment", $"/adjustments/{counted.Value[0].Id}"), ("adjust", "/stock/adjust?lines%5B0%5D.location=MAIN/STOCK&lines%5B0%5D.sku=BOWL"), ("returns", "/returns"),
            ("today", "/today"), ("cases", "/cases"), ("case", $"/cases/{kase}"), ("cases-numbers", "/cases/numbers"), ("approvals", "/approvals"), ("away", "/approvals/away"), ("away-new", "/approvals/away/new"),
            ("policies", "/settings/policies"), ("policy", "/settings/policies/revenue-recognition"), ("policy-approvals", "/settings/policies/approvals"), ("segregation", "/settings/segregation"),
            ("imports", "/import"), ("import-new", "/import/new"), ("in-transit", "/in-transit"),
        ];
    }
}
