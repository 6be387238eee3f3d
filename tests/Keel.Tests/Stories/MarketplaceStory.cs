using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stories;

public class MarketplaceStory
{
    [Fact, Feature("OM-46", "AC-29", "AC-37")]
    public async Task A_marketplace_sells_what_is_not_there_pays_later_and_gives_money_back()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("THROW", onHand: 1, worth: 20_00);
        var order = await shop.TakesFromBazaar(("THROW", 2));
        order.Status.ShouldBe(OrderStatus.Backordered, "the sale is made already: it is kept, and somebody is told");
        (await shop.Text($"select kind || ' ' || severity from kernel.work_case where subject_id = '{order.Id}'")).ShouldBe("stock-conflict High");

        await shop.Stocks("THROW", onHand: 1, worth: 22_00);
        await shop.Delivers();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        await shop.Ships(order);
        (await shop.Balance("marketplace-receivable"), await shop.Balance("customer-receivable")).ShouldBe((121_00, 0));

        await shop.Credits(order, line: 1, quantity: 1);
        (await shop.Balance("marketplace-receivable")).ShouldBe(60_50, "the marketplace owes less");
        await shop.Pays(order, PaymentKind.Captured, 121_00, "payout");
        await shop.Pays(order, PaymentKind.Refunded, 60_50, "payout");

        (await shop.Balance("marketplace-receivable"), await shop.Balance("customer-deposits"), await shop.Balance("suspense")).ShouldBe((0, 0, 0));
        (await shop.Number("select count(*) from ledger.open_item where open_amount > 0")).ShouldBe(0);
        await shop.Credits(order, line: 1, quantity: 1, goodsBack: false);
        (await shop.Balance("marketplace-receivable")).ShouldBe(-60_50, "it was paid already: we owe it");
        await shop.Pays(order, PaymentKind.Refunded, 60_50, "chargeback");
        (await shop.Balance("marketplace-receivable"), await shop.Balance("customer-deposits"), await shop.Balance("suspense")).ShouldBe((0, 0, 0));
        (await shop.Number("select count(*) from ledger.open_item where open_amount > 0")).ShouldBe(0);
        (await shop.Balance("revenue") + await shop.Balance("returns-and-allowances")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("AC-29")]
    public async Task What_a_marketplace_pays_ahead_is_taken_by_the_invoice()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("THROW", onHand: 1);
        var order = await shop.TakesFromBazaar(("THROW", 2));
        await shop.Pays(order, PaymentKind.Captured, 121_00, "payout");
        await shop.Ships(order);
        (await shop.Balance("customer-deposits"), await shop.Balance("marketplace-receivable")).ShouldBe((-60_50, 0));

        await shop.Credits(order, line: 1, quantity: 1);
        (await shop.Balance("marketplace-receivable")).ShouldBe(-60_50);
        await shop.Stocks("THROW", onHand: 1);
        await shop.Delivers();
        await shop.Ships(order);

        (await shop.Balance("customer-deposits"), await shop.Balance("marketplace-receivable")).ShouldBe((0, -60_50));
        await shop.Proves();
    }
}
