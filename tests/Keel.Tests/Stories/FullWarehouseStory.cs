using Keel.Catalog.Contract;
using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stories;

/// Somebody who is new to Keel: a warehouse of five thousand bins, filled, promised, counted, paid for, called back, looked at as it was, and proved.
public class FullWarehouseStory
{
    [Fact, Feature("IN-17", "IN-18", "IN-30", "AC-08", "CC-05")]
    public async Task Five_thousand_bins_from_the_pattern_to_the_proof()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("TEA", "Green tea", Tracking: Tracking.Lot, ShelfLifeDays: 365, LastSaleDays: 30));
        await shop.Stocks("BOWL", 7, worth: 35_00);
        await using var site = await Site.Open(shop);
        var today = DateOnly.FromDateTime(DateTime.UtcNow);

        await site.Goes("/stock/places/layout");
        foreach (var (at, values) in new[] { "A-E", "1-10", "1-20", "1-5" }.Index()) await site.Page.FillAsync($"[name='parts[{at}].values']", values);
        await site.Page.PressAsync("[name='parts[3].values']", "Tab");
        await site.Sees("Adds 5000 bins");
        await site.Presses("Add these places");
        await site.Page.WaitForURLAsync("**/stock/map**");
        (await shop.Number("select count(*) from stock.location where tier = 'Bin'")).ShouldBe(5_000);
        await site.Pictures("walk-map");
        using (var reader = await site.Reader())
        {
            (await (await reader.GetAsync(new Uri("/print/bin-label/MAIN%2FA-01-01-1", UriKind.Relative))).Content.ReadAsByteArrayAsync())[..4].ShouldBe("%PDF"u8.ToArray());
        }

        await site.Goes("/import/new?operation=stock.open");
        await site.Page.FillAsync("#drop-text", $"location\tsku\tquantity\tunitCost\tlot\texpiresOn\nMAIN/A-01-01-1\tMUG-BL\t24\t3.25\t\t\nMAIN/A-01-01-2\tTEA\t20\t2.00\tT-OLD\t{today.AddDays(200):yyyy-MM-dd}\nMAIN/NOWHERE\tMUG-BL\t1\t3.25\t\t\n");
        await site.Presses("Read the file");
        await site.Sees("Columns");
        await site.Presses("Try");
        await site.Sees("There is no place MAIN/NOWHERE.");
        await site.Pictures("walk-import");
        (await shop.Balance("opening-balance")).ShouldBe(0, "a try changes nothing");
        await site.Presses("Commit");
        await site.Sees("Committed");
        (await shop.Balance("opening-balance")).ShouldBe(-(24 * 3_25 + 40_00));

        await site.Goes("/stock/rings/new");
        await site.Page.SelectOptionAsync("[name='rings[0].kind']", "most");
        await site.Page.SelectOptionAsync("[name='rings[0].channel']", "bazaar");
        await site.Page.FillAsync("[name='rings[0].quantity']", "2");
        await site.Presses("Set it");
        await site.Page.WaitForURLAsync("**/stock/rings");
        var over = await shop.TakesFromBazaar(("MUG-BL", 3));
        await site.Goes($"/orders/{over.Id}");
        await site.Sees("2 of 3 reserved");
        await site.Pictures("walk-ring");

        await shop.Must<PlanCounts, PlanCounts.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/A-01-01-1")]));
        var count = await shop.Text("select id from stock.count_task where location = 'MAIN/A-01-01-1'");
        await site.Page.SetViewportSizeAsync(390, 844);
        await site.Goes($"/scan/count/{count}");
        await site.Page.FillAsync("[name=code]", "MUG-BL");
        await site.Page.FillAsync("[name=quantity]", "24");
        await site.Presses("Note it");
        await site.Sees("Nothing else lies here");
        for (var tries = 0; tries < 100 && await shop.Number("select count(*) from stock.count_line where location = 'MAIN/A-01-01-1' and counted is not null") == 0; tries++) await Task.Delay(100);
        shop.Clock.StepTo(TimeProvider.System.GetUtcNow());
        await shop.Must<MoveStock, MoveStock.Request, DocumentRef>(new([new("MUG-BL", "MAIN/A-01-01-1", "MAIN/B-01-01-1", 4)]));
        await site.Presses("Nothing else lies here");
        await site.Sees("The next places");
        (await shop.Text("select status || ' ' || coalesce(sum(difference), 0) from stock.count_task t join stock.count_line l on l.task_id = t.id where t.location = 'MAIN/A-01-01-1' group by status")).ShouldBe("Done 0", "four were carried away after they had been counted");
        await site.Page.SetViewportSizeAsync(1440, 900);

        var receipt = (await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([
            new("MAIN", [new("TEA", 12, UnitPrice.Of(2, Currency.Eur), "T-NEW", today.AddDays(300))], Location: "MAIN/A-02-01-1")])))[0];
        var order = await shop.Takes(("TEA", 26));
        await shop.Ships(order);
        await site.Goes("/stock/landed-costs/new?receipt=" + receipt.Number);
        await site.Page.SelectOptionAsync("[name='charges[0].kind']", "freight");
        await site.Page.FillAsync("[name='charges[0].amount.amount']", "12");
        await site.Presses("Land them");
        await site.Page.WaitForURLAsync(u => u.Contains("/stock/landed-costs/", StringComparison.Ordinal) && !u.Contains("new", StringComparison.Ordinal));
        await site.Sees("6.00 in stock, 6.00 on what was sold");
        await site.Pictures("walk-freight");

        await site.Goes("/stock/lots");
        await site.Follows("T-NEW");
        await site.Sees("6 still with 1 customer");
        await site.Sees(order.Number!);
        await site.Presses("Call it back");
        await site.Page.FillAsync("#ask input", "Glass in a tin");
        await site.Agrees();
        await site.Sees("Glass in a tin");
        (await shop.Position("TEA")).Available.ShouldBe(0);
        await site.Pictures("walk-recall");

        var tuesday = today.AddDays(-((((int)today.DayOfWeek - (int)DayOfWeek.Tuesday + 6) % 7) + 1));
        await site.Goes($"/stock/as-of?on={tuesday:yyyy-MM-dd}T10:00");
        var then = await site.Page.InnerTextAsync("tbody");
        then.ShouldContain("BOWL");
        then.ShouldNotContain("TEA", customMessage: "there was none of it");
        await site.Pictures("walk-tuesday");

        await shop.Proves();
        await site.Goes("/proof");
        await site.Pictures("walk-proof");
        site.Complaints.Where(c => !c.Contains("422", StringComparison.Ordinal) && !c.Contains("400", StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
