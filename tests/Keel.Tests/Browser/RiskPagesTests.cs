using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Tests.Sales;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// The queue of orders that look risky, on its pages.
public class RiskPagesTests
{
    [Fact, Feature("OM-23", "EX-08", "AI-10")]
    public async Task Operations_sees_why_an_order_was_stopped_clears_one_refuses_another_and_reads_how_good_the_scoring_is()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 50);
        await using var site = await Site.Open(shop, "operations");
        await site.Goes("/order-risk");
        await site.Sees("No order was scored yet");
        await OrderRiskTests.Scores(shop, new(RiskSign.DisposableMail, 60), new(RiskSign.FirstOrder, 15));
        var one = (await shop.Tries(OrderRiskTests.From(shop, "a@throwaway.example", ("BOWL", 2)))).Value;
        var two = (await shop.Tries(OrderRiskTests.From(shop, "b@throwaway.example", ("BOWL", 1)))).Value;

        await site.Goes("/order-risk?f.status=OnHold&f.effect=Hold");
        await site.Sees(one.Number!);
        await site.Sees("The mailbox is at throwaway.example");
        await site.Pictures("order-risk");
        (await site.Barriers("main")).ShouldBeEmpty();
        await site.Goes($"/orders/{one.Id}");
        await site.Sees("75 of 100", "#risk");
        await site.Sees("It is the customer's first order.", "#risk");
        await site.Pictures("order-risk-panel");
        (await site.Barriers("main")).ShouldBeEmpty();
        (await site.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Confirm", Exact = true }).CountAsync()).ShouldBe(0, "confirming is no way out");
        await site.Presses("Clear the risk");
        await site.Page.FillAsync("#ask input", "known by phone");
        await site.Agrees();
        await site.Sees("cleared the risk", "#stream");
        (await shop.StatusOf(one)).ShouldBe(OrderStatus.Reserved);

        var kept = await shop.Text($"select id::text from kernel.work_case where subject_id = '{two.Id}'");
        await site.Goes($"/cases/{kept}");
        await site.Sees("Verify it, then clear or refuse it");
        await site.Pictures("order-risk-case");
        await site.Presses("Refuse as fraud");
        await site.Page.FillAsync("#ask input", "denies the order");
        await site.Agrees();
        await site.Sees("Closed");
        (await shop.StatusOf(two)).ShouldBe(OrderStatus.Cancelled);

        await site.Goes("/order-risk/model");
        await site.Sees("50 %");
        await site.Sees("No model was trained");
        await site.Pictures("order-risk-model");
        await site.Page.SetViewportSizeAsync(390, 844);
        (await site.TooWide()).ShouldBeLessThanOrEqualTo(0);
        await site.Goes("/order-risk");
        (await site.TooWide()).ShouldBeLessThanOrEqualTo(0);
        site.Complaints.ShouldBeEmpty();
        await shop.Proves();
    }
}
