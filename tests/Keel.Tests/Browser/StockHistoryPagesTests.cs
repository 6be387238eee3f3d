using Keel.Stock;
using Keel.Tests.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Stock over time in a browser.
public class StockHistoryPagesTests
{
    [Fact, Feature("IN-30", "IN-34", "IN-25", "IN-26", "IN-28", "IN-03")]
    public async Task The_pages_of_stock_over_time_open_and_lead_to_the_moves()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 40, worth: 200_00);
        await shop.Stocks("TEE-M", onHand: 12, worth: 60_00, node: "OVERFLOW");
        shop.Clock.Step(TimeSpan.FromDays(20));
        await shop.Takes(("BOWL", 5));
        await shop.Ships(await shop.Takes(("BOWL", 3)));
        await shop.Counts("MAIN/STOCK", "BOWL", 36);
        await StockCardTests.Takes(shop, days: 15);

        await using var site = await Site.Open(shop);
        await site.Goes("/stock/as-of?on=2026-03-12T12:00");
        (await site.Page.InnerTextAsync("tbody")).ShouldContain("40");
        await site.Goes("/stock/between?since=2026-03-12T12:00");
        (await site.Page.InnerTextAsync("tbody")).ShouldContain("36");
        await site.Goes("/stock/card?sku=BOWL");
        await site.Sees("Before the earliest of these, 0 were on hand.");

        (await site.Walks(
        [
            ("stock-as-of", "/stock/as-of?on=2026-03-12T12:00"), ("stock-as-of-now", "/stock/as-of"), ("stock-between", "/stock/between?since=2026-03-12T12:00"), ("stock-card", "/stock/card?sku=BOWL"),
            ("stock-card-at-a-site", "/stock/card?sku=BOWL&node=MAIN"), ("stock-health", "/stock/health"), ("stock-ageing", "/stock/ageing"), ("stock-ageing-places", "/stock/ageing?by-place=true"),
            ("stock-shrinkage", "/stock/shrinkage"), ("policy-stock-rules", "/settings/policies/stock-rules"), ("stock-product", "/stock/BOWL"),
        ])).ShouldBeEmpty();
        site.Complaints.ShouldBeEmpty();
    }
}
