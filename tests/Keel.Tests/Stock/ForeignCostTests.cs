using Keel.Accounting;
using Keel.Kernel.Views;
using Keel.Stock;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Goods and charges that are paid in another currency: goods take the rate of the day on which they were charged, and what the rate of the bill makes of the
/// same money is an exchange difference (IAS 21.21 to 21.28; inventories are not restated, IAS 21.23b).
public class ForeignCostTests
{
    private static readonly Currency usd = Currency.Of("USD");

    [Fact, Feature("AC-07", "AC-14", "AC-42")]
    public async Task Freight_in_dollars_counts_at_the_rate_of_its_day_and_is_owed_in_dollars()
    {
        await using var shop = await Shop.Open();
        await Rate(shop, 0.9m);
        var receipt = await ValuationTests.Receives(shop, "MUG-BL", 10, 3);
        await shop.Ships(await shop.Takes(("MUG-BL", 4)));
        var landed = await Lands(shop, [receipt], Dollars(100));
        (await shop.Balance("inventory")).ShouldBe(18_00 + 54_00);
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(12_00 + 36_00);
        (await shop.Balance("landed-cost-clearing")).ShouldBe(-90_00);
        (await Owed(shop, "landed-cost-clearing")).ShouldBe(-100_00);
        await Rate(shop, 0.7m);
        await shop.Must<UndoLandedCost, UndoLandedCost.Request, DocumentRef>(new(landed.Id, "the wrong bill"));
        (await shop.Balance("landed-cost-clearing")).ShouldBe(0);
        (await Owed(shop, "landed-cost-clearing")).ShouldBe(0);
        (await shop.Balance("exchange-difference")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("AC-14")]
    public async Task Every_rate_that_was_noted_is_found_again_and_says_whether_it_holds()
    {
        await using var shop = await Shop.Open();
        await Rate(shop, 0.8m);
        shop.Clock.Step(TimeSpan.FromHours(1));
        await Rate(shop, 0.9m);
        shop.Clock.Step(TimeSpan.FromDays(2));
        await Rate(shop, 0.85m);
        await shop.Must<SetExchangeRate, SetExchangeRate.Request, Done>(new(usd, 0.7m, DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime).AddDays(30)));

        await using var scope = shop.Scope();
        var rates = (await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<ExchangeRateList, ExchangeRateList.Row>(new ViewQuery())).Value.Rows;
        rates.Select(r => (r.Rate, r.Next)).ShouldBe([(0.7m, "Has not begun"), (0.85m, "Holds"), (0.9m, "Has ended"), (0.8m, "Replaced the same day")], ignoreOrder: true);
        rates.ShouldAllBe(r => r.Currency == usd && r.Company == Currency.Eur);
    }

    [Fact, Feature("AC-14", "AC-35", "AC-42")]
    public async Task The_bill_of_an_offer_at_another_rate_makes_an_exchange_difference_and_only_another_price_touches_stock()
    {
        await using var shop = await Shop.Open();
        await Rate(shop, 0.9m);
        var receipt = await ValuationTests.Receives(shop, "MUG-BL", 10, 3);
        await shop.Must<LandCosts, LandCosts.Request, DocumentRef>(new([receipt], [Dollars(100)], BillToCome: true));
        var offer = await shop.Text("select number from stock.landed_cost where status = 'Estimated'");
        shop.Clock.Step(TimeSpan.FromDays(20));
        var bill = await shop.Must<LandCosts, LandCosts.Request, DocumentRef>(new([], [Dollars(110, 0.95m)], [offer]));
        (await shop.Balance("inventory")).ShouldBe(30_00 + 99_00, "ten dollars more, at the rate of the offer");
        (await shop.Balance("exchange-difference")).ShouldBe(5_50, "110 dollars at five cents more");
        (await shop.Balance("landed-cost-clearing")).ShouldBe(-104_50);
        (await Owed(shop, "landed-cost-clearing")).ShouldBe(-110_00);
        await shop.Must<UndoLandedCost, UndoLandedCost.Request, DocumentRef>(new(bill.Id, "the wrong bill"));
        (await shop.Balance("exchange-difference")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("AC-35", "AC-42")]
    public async Task A_bill_that_says_what_was_offered_touches_no_stock_at_all()
    {
        await using var shop = await Shop.Open();
        var receipt = await ValuationTests.Receives(shop, "MUG-BL", 10, 3);
        await shop.Must<LandCosts, LandCosts.Request, DocumentRef>(new([receipt], [Dollars(100, 0.9m)], BillToCome: true));
        await shop.Must<LandCosts, LandCosts.Request, DocumentRef>(new([], [Dollars(100, 0.8m)], [await shop.Text("select number from stock.landed_cost")]));
        (await shop.Balance("inventory")).ShouldBe(120_00);
        (await shop.Balance("exchange-difference")).ShouldBe(-10_00);
        (await shop.Balance("landed-cost-clearing")).ShouldBe(-80_00);
        await shop.Proves();
    }

    [Theory, Feature("AC-20", "AC-42")]
    [InlineData(CostingMethod.Average)]
    [InlineData(CostingMethod.Fifo)]
    [InlineData(CostingMethod.Standard)]
    public async Task A_bill_for_goods_in_dollars_tells_price_and_rate_apart(CostingMethod method)
    {
        await using var shop = await Shop.Open();
        await ValuationTests.Values(shop, method);
        await Rate(shop, 0.9m);
        var receipt = await Receives(shop, 10);
        (await shop.Balance("goods-received-not-invoiced")).ShouldBe(-90_00);
        (await Owed(shop, "goods-received-not-invoiced")).ShouldBe(-100_00);
        await shop.Ships(await shop.Takes(("MUG-BL", 4)));
        await Rate(shop, 0.95m);

        await Bills(shop, receipt, 11);
        (await shop.Balance("goods-received-not-invoiced")).ShouldBe(-104_50);
        (await Owed(shop, "goods-received-not-invoiced")).ShouldBe(-110_00);
        (await shop.Balance("exchange-difference")).ShouldBe(5_50);
        (await shop.Balance("inventory")).ShouldBe(method is CostingMethod.Standard ? 54_00 : 54_00 + 5_40);
        (await shop.Balance("cost-of-goods-sold") + await shop.Balance("purchase-price-variance")).ShouldBe(method is CostingMethod.Standard ? 36_00 + 9_00 : 36_00 + 3_60);
        await Bills(shop, receipt, 10);
        (await shop.Balance("goods-received-not-invoiced")).ShouldBe(-95_00);
        (await shop.Balance("exchange-difference")).ShouldBe(5_00);
        (await shop.Balance("inventory")).ShouldBe(54_00);
        (await Bill(shop, receipt, 10)).Error?.Code.ShouldBe("stock.correct-cost-same");
        await shop.Proves();
    }

    [Fact, Feature("AC-20", "AC-42")]
    public async Task Goods_that_were_booked_in_euros_keep_the_rate_of_the_day_on_which_they_came()
    {
        await using var shop = await Shop.Open();
        await Rate(shop, 0.9m);
        var receipt = await ValuationTests.Receives(shop, "MUG-BL", 10, 9);
        shop.Clock.Step(TimeSpan.FromDays(30));
        await Rate(shop, 0.8m);
        await Bills(shop, receipt, 10);
        (await shop.Balance("inventory")).ShouldBe(90_00, "ten dollars were nine euros when they came");
        (await shop.Balance("goods-received-not-invoiced")).ShouldBe(-80_00);
        (await shop.Balance("exchange-difference")).ShouldBe(-10_00);
        await shop.Must<CorrectCost, CorrectCost.Request, DocumentRef>(new(receipt, [new("MUG-BL", UnitPrice.Of(9, Currency.Eur))], "in euros after all"));
        (await shop.Balance("goods-received-not-invoiced")).ShouldBe(-90_00);
        (await shop.Balance("exchange-difference")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("AC-14")]
    public async Task Without_a_rate_nothing_in_another_currency_is_booked()
    {
        await using var shop = await Shop.Open();
        var receipt = await ValuationTests.Receives(shop, "MUG-BL", 10, 3);
        (await shop.Does<LandCosts, LandCosts.Request, DocumentRef>(new([receipt], [Dollars(100)]))).Error?.Message.ShouldStartWith("No rate is known for USD on ");
        (await Bill(shop, receipt, 10)).Error?.Code.ShouldBe("stock.no-rate");
        (await shop.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new("MUG-BL", 1, UnitPrice.Of(10, usd))])]))).Error?.Code.ShouldBe("stock.no-rate");
        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new("MUG-BL", 1, UnitPrice.Of(10, usd))], Rate: 0.5m)]));
        (await shop.Balance("inventory")).ShouldBe(35_00);
        await shop.Proves();
    }

    [Fact, Feature("AC-08", "AC-14", "AC-42")]
    public async Task Whatever_is_billed_at_whatever_rate_stock_and_books_agree()
    {
        var dice = new Random(7);
        await using var shop = await Shop.Open();
        await ValuationTests.Values(shop, CostingMethod.Fifo);
        var receipts = new List<string>();
        for (var turn = 0; turn < 30; turn++)
        {
            await Rate(shop, dice.Next(50, 150) / 100m);
            switch (dice.Next(5))
            {
                case 0 or 1: receipts.Add(await Receives(shop, dice.Next(1, 2000) / 100m)); break;
                case 2 when receipts.Count > 0: await Lands(shop, [receipts[dice.Next(receipts.Count)]], Dollars(dice.Next(1, 900) / 100m)); break;
                case 3 when receipts.Count > 0: await Bill(shop, receipts[dice.Next(receipts.Count)], dice.Next(0, 2000) / 100m); break;
                case 4 when receipts.Count > 0: await shop.Ships(await shop.Takes(("MUG-BL", dice.Next(1, 9)))); break;
            }
        }

        await shop.Proves();
    }

    [Fact, Feature("AC-14", "AC-26", "AC-42")]
    public async Task What_is_paid_at_another_rate_is_an_exchange_difference_and_touches_no_stock()
    {
        await using var shop = await Shop.Open();
        await Rate(shop, 0.9m);
        var receipt = await ValuationTests.Receives(shop, "MUG-BL", 10, 3);
        var freight = await Lands(shop, [receipt], Dollars(100));
        await Rate(shop, 1.1m);
        async Task<Result<SettleClearing.Settled>> Pays(string account, string document, string from = "bank") => await shop.Does<SettleClearing, SettleClearing.Request, SettleClearing.Settled>(new(account, [document], from));

        var paid = await Pays("landed-cost-clearing", freight.Number);
        (paid.Value.Paid, paid.Value.CompanyPaid.Minor, paid.Value.Exchange.Minor).ShouldBe((Money.Of(100, usd), 110_00, 20_00));
        (await shop.Balance("landed-cost-clearing"), await shop.Balance("bank"), await shop.Balance("exchange-difference"), await shop.Balance("inventory")).ShouldBe((0, -110_00, 20_00, 120_00));
        (await Owed(shop, "landed-cost-clearing")).ShouldBe(0);
        (await Pays("landed-cost-clearing", freight.Number)).Error?.Code.ShouldBe("clearing.nothing-open");
        (await Pays("inventory", receipt)).Error?.Code.ShouldBe("clearing.not-settled-so");
        (await Pays("goods-received-not-invoiced", receipt, "customer-receivable")).Error?.Code.ShouldBe("clearing.paid-from");
        (await Pays("goods-received-not-invoiced", receipt)).Value.Exchange.IsZero.ShouldBeTrue("it is owed in euros");
        (await shop.Balance("bank")).ShouldBe(-140_00);
        await shop.Proves();
    }

    internal static Task Rate(Shop shop, decimal rate)
    {
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        return shop.Must<SetExchangeRate, SetExchangeRate.Request, Done>(new(usd, rate));
    }

    internal static LandCosts.Item Dollars(decimal amount, decimal? rate = null) => new(ChargeKind.Freight, Money.Of(amount, usd), Rate: rate);

    internal static Task<DocumentRef> Lands(Shop shop, string[] receipts, params LandCosts.Item[] charges) => shop.Must<LandCosts, LandCosts.Request, DocumentRef>(new(receipts, charges));

    internal static async Task<string> Receives(Shop shop, decimal dollars) =>
        (await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new("MUG-BL", 10, UnitPrice.Of(dollars, usd))])])))[0].Number;

    private static Task<Result<DocumentRef>> Bill(Shop shop, string receipt, decimal dollars) => shop.Does<CorrectCost, CorrectCost.Request, DocumentRef>(new(receipt, [new("MUG-BL", UnitPrice.Of(dollars, usd))], "the bill"));

    private static async Task Bills(Shop shop, string receipt, decimal dollars) => (await Bill(shop, receipt, dollars)).Ok.ShouldBeTrue();

    private static Task<long> Owed(Shop shop, string account) => shop.Number($"select coalesce(sum(amount), 0)::bigint from ledger.posting where account = '{account}' and currency = 'USD'");
}
