using Keel.Ledger;
using Keel.Sales;
using Keel.Sales.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Ledger;

public class BooksAndGoodsTests
{
    [Fact, Feature("AC-01", "AC-06", "AC-09")]
    public async Task Goods_and_books_move_together()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 3, worth: 10_00);
        var order = await shop.Takes(("TEE-M", 1));
        var second = await shop.Takes(("TEE-M", 2));

        await shop.Ships(order);
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(3_33);
        (await shop.Balance("inventory")).ShouldBe(6_67);
        await shop.Ships(second);

        (await shop.Balance("cost-of-goods-sold")).ShouldBe(10_00);
        (await shop.Balance("customer-receivable")).ShouldBe(60_00);
        (await Differences(shop)).ShouldBeEmpty();
    }

    [Fact, Feature("AC-27", "AC-28")]
    public async Task An_order_that_is_paid_ahead_leaves_nothing_open()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", onHand: 10, worth: 50_00);
        var order = await shop.Takes(("MUG-BL", 3));
        (await shop.Does<RecordPayments, RecordPayments.Request, IReadOnlyList<RecordPayments.Answer>>(
            new([new(order.Id!.Value, PaymentKind.Captured, "card", new Money(36_30, Currency.Eur), "ch_1")]))).Value[0].Booked.ShouldBeTrue();
        (await shop.Balance("customer-deposits")).ShouldBe(-36_30);

        await shop.Ships(order);

        (await shop.Balance("customer-deposits")).ShouldBe(0);
        (await shop.Balance("customer-receivable")).ShouldBe(0);
        (await shop.Balance("revenue")).ShouldBe(-30_00);
        (await shop.Balance("vat-payable")).ShouldBe(-6_30);
        (await Differences(shop)).ShouldBeEmpty();
    }

    [Fact, Feature("AC-16")]
    public async Task A_marketplace_owes_what_it_collects()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 5, worth: 40_00);
        var order = await shop.TakesFromBazaar(("BOWL", 2));

        await shop.Ships(order);

        (await shop.Balance("marketplace-receivable")).ShouldBeGreaterThan(0);
        (await shop.Number("select count(*) from ledger.posting where account = 'revenue' and channel = 'bazaar' and node = 'MAIN' and sku = 'BOWL' and order_id is not null")).ShouldBe(1);
        (await Differences(shop)).ShouldBeEmpty();
    }

    [Fact, Feature("AC-25", "IN-09")]
    public async Task Counted_differences_are_posted_for_their_reason()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("CANDLE", onHand: 10, worth: 30_00);
        var place = await shop.Text("select location from stock.level where sku = 'CANDLE' and on_hand > 0");

        (await shop.Counts(place, "CANDLE", 8, "theft")).Ok.ShouldBeTrue();

        (await shop.Balance("shrinkage")).ShouldBe(6_00);
        (await Differences(shop)).ShouldBeEmpty();
    }

    internal static async Task<IReadOnlyList<string>> Differences(Shop shop)
    {
        var report = await shop.Services.GetRequiredService<Prover>().Run(ProofDepth.Full);
        return [.. report.Checks.SelectMany(c => c.Examples.Select(e => $"{c.Name}: {e.Subject} expected {e.Expected} found {e.Found}"))];
    }
}
