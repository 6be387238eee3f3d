using Keel.Catalog.Contract;
using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Lots and serial numbers on their pages: received, traced to whoever got them, called back.
public class LotPagesTests
{
    /// Pages go by the clock on the wall.
    private static readonly DateOnly Expires = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(200);

    [Fact, Feature("IN-18", "IN-19")]
    public async Task A_lot_is_received_with_its_date_sold_traced_and_called_back()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("TEA", "Green tea", Tracking: Tracking.Lot, ShelfLifeDays: 365, LastSaleDays: 30));
        await shop.Sells(new("LAMP", "Desk lamp", Tracking: Tracking.Serial));
        await using var site = await Site.Open(shop);

        await site.Goes("/receipts/new");
        await Fills("TEA", 0, 12, "2");
        await site.Presses("Receive");
        await site.Sees("told apart by lot");
        await site.Page.FillAsync("[name='receipts[0].lines[0].lots']", "t-2411");
        await site.Page.FillAsync("[name='receipts[0].lines[0].expiresOn']", Expires.ToString("yyyy-MM-dd", null));
        await Fills("LAMP", 1, 3, "30");
        await site.Page.FillAsync("[name='receipts[0].lines[1].lots']", "DL-01..DL-03");
        await site.Pictures("lots-receipt");
        await site.Presses("Receive");
        await site.Page.WaitForURLAsync(u => u.Contains("/receipts/", StringComparison.Ordinal) && !u.Contains("new", StringComparison.Ordinal));
        var order = await shop.Takes(("TEA", 5), ("LAMP", 1));
        await shop.Ships(order);

        await site.Goes("/stock/lots");
        await site.Sees("T-2411");
        await site.Pictures("lots");
        await site.Follows("T-2411");
        await site.Sees("5 still with 1 customer");
        await site.Sees(order.Number!);
        await site.Pictures("lot");

        await site.Presses("Call it back");
        await site.Page.FillAsync("#ask input", "Glass in a tin");
        await site.Agrees();
        await site.Sees("Glass in a tin");
        (await shop.Position("TEA")).Sellable.ShouldBe(0);
        (await shop.Number("select count(*) from kernel.work_case where kind = 'lot-recall'")).ShouldBe(1);
        await site.Pictures("lot-blocked");
        site.Complaints.Where(c => !c.Contains("422", StringComparison.Ordinal) && !c.Contains("400", StringComparison.Ordinal)).ShouldBeEmpty();

        async Task Fills(string sku, int line, int quantity, string cost)
        {
            await site.Page.FillAsync($"[name='receipts[0].lines[{line}].sku']", sku);
            await site.Page.FillAsync($"[name='receipts[0].lines[{line}].quantity']", quantity.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await site.Page.FillAsync($"[name='receipts[0].lines[{line}].unitCost.price']", cost);
        }
    }

    [Fact, Feature("IN-18")]
    public async Task The_pages_of_lots_fit_a_desk_and_a_phone()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("TEA", "Green tea", Tracking: Tracking.Lot, ShelfLifeDays: 365, LastSaleDays: 30));
        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([
            new("MAIN", [new("TEA", 12, new UnitPrice(2_000_000, Currency.Eur), "T-2411", Expires), new("TEA", 4, new UnitPrice(2_000_000, Currency.Eur), "T-2403", Expires.AddDays(-100))])]));
        await shop.Ships(await shop.Takes(("TEA", 5)));
        var lot = await shop.Text("select id from stock.lot where code = 'T-2411'");
        var named = shop.NewOrder("webshop", ("TEA", 2));
        var order = (await shop.Tries(named with { Lines = [named.Lines[0] with { Lot = "T-2411" }] })).Value;
        await using var site = await Site.Open(shop);

        (await site.Walks([("lots", "/stock/lots"), ("lot", $"/stock/lots/{lot}"), ("lot-edit", $"/stock/lots/edit?lot={lot}"), ("lot-product", "/stock/TEA"), ("lot-freezes", "/stock/freezes"), ("lot-product-edit", "/products/edit?sku=TEA"), ("lot-order", $"/orders/{order.Id}"), ("lot-order-new", "/orders/new")])).ShouldBeEmpty();
        await site.Goes($"/orders/{order.Id}");
        await site.Follows("T-2411");
        await site.Sees("Green tea");
    }
}
