using Keel.Accounting;
using Keel.Ledger;
using Keel.Pricing.Contract;
using Keel.Sales.Contract;
using Keel.Tests.Ledger;
using Shouldly;
using Xunit;
using static Keel.Tests.Accounting.Facts;

namespace Keel.Tests.Accounting;

public class PostingTests
{
    [Fact, Feature("AC-01", "AC-06", "AC-26")]
    public async Task Goods_that_arrive_and_leave_move_between_inventory_accrual_and_cost()
    {
        await using var shop = await BookShop.Open();

        await shop.Tells(Received("R-1", ("MUG", 3, 1000)));
        await shop.Tells(Issued("SH-1", ("MUG", 1, 333)), Issued("SH-2", ("MUG", 2, 667)));

        (await shop.Balance("inventory")).ShouldBe(0);
        (await shop.Balance("goods-received-not-invoiced")).ShouldBe(-1000);
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(1000);
    }

    [Fact, Feature("AC-27")]
    public async Task A_deposit_is_a_liability_until_the_invoice_takes_it()
    {
        await using var shop = await BookShop.Open();

        (await shop.Tells(Payment(PaymentKind.Authorised, Eur(12100)))).Ok.ShouldBeTrue();
        (await shop.Tells(Payment(PaymentKind.Captured, Eur(12100)))).Ok.ShouldBeTrue();
        (await shop.Balance("customer-deposits")).ShouldBe(-12100);
        (await shop.Tells(Invoice("I-1", Eur(10000), Eur(2100), paidBefore: Eur(12100)))).Ok.ShouldBeTrue();

        (await shop.Balance("customer-deposits")).ShouldBe(0);
        (await shop.Balance("gateway-clearing")).ShouldBe(12100);
        (await shop.Balance("revenue")).ShouldBe(-10000);
        (await shop.Balance("vat-payable")).ShouldBe(-2100);
        (await shop.Scalar("select coalesce(sum(open_amount), 0)::bigint from ledger.open_item")).ShouldBe(0);
    }

    [Fact, Feature("AC-01", "AC-03")]
    public async Task What_is_not_paid_is_open_until_money_comes()
    {
        await using var shop = await BookShop.Open();

        await shop.Tells(Invoice("I-1", Eur(10000), Eur(2100)));
        (await shop.Balance("customer-receivable")).ShouldBe(12100);
        await shop.Tells(Payment(PaymentKind.Captured, Eur(13000), settles: Eur(12100)));

        (await shop.Balance("customer-receivable")).ShouldBe(0);
        (await shop.Balance("customer-deposits")).ShouldBe(-900);
    }

    [Fact, Feature("AC-03")]
    public async Task Money_that_comes_in_the_operation_of_the_invoice_settles_it()
    {
        await using var shop = await BookShop.Open();

        await shop.Tells(Invoice("I-1", Eur(10000), Eur(2100)), Payment(PaymentKind.Captured, Eur(12100), settles: Eur(12100)));

        (await shop.Balance("customer-receivable")).ShouldBe(0);
        (await shop.Scalar("select count(*) from ledger.open_item where open_amount = 0")).ShouldBe(1);
    }

    [Fact, Feature("AC-29")]
    public async Task Tax_that_the_marketplace_owes_is_never_ours()
    {
        await using var shop = await BookShop.Open();

        await shop.Tells(Invoice("I-1", Eur(10000), Eur(2100), liable: LiableParty.Marketplace, marketplace: true));

        (await shop.Balance("marketplace-receivable")).ShouldBe(10000);
        (await shop.Balance("vat-payable")).ShouldBe(0);
    }

    [Fact, Feature("AC-13")]
    public async Task A_credit_note_and_its_refund_leave_nothing_open()
    {
        await using var shop = await BookShop.Open();
        await shop.Tells(Invoice("I-1", Eur(10000), Eur(2100)), Payment(PaymentKind.Captured, Eur(12100), settles: Eur(12100)));

        await shop.Tells(Invoice("C-1", Eur(10000), Eur(2100), credit: true));
        await shop.Tells(Payment(PaymentKind.Refunded, Eur(12100), credits: Eur(12100)));

        (await shop.Balance("customer-receivable")).ShouldBe(0);
        (await shop.Balance("returns-and-allowances")).ShouldBe(10000);
        (await shop.Balance("gateway-clearing")).ShouldBe(0);
    }

    [Fact, Feature("AC-34", "AC-37")]
    public async Task A_refund_that_nothing_explains_stands_in_suspense_with_a_case()
    {
        await using var shop = await BookShop.Open();

        (await shop.Tells(Payment(PaymentKind.Refunded, Eur(500)))).Ok.ShouldBeTrue();

        (await shop.Balance("suspense")).ShouldBe(500);
        (await shop.Texts("select kind from kernel.work_case")).ShouldBe(["posting-rule-missing"]);
    }

    [Fact, Feature("AC-25")]
    public async Task A_reason_decides_where_a_difference_goes()
    {
        await using var shop = await BookShop.Open();

        await shop.Tells(Adjusted("A-1", "opening", ("MUG", 10, 5000)));
        await shop.Tells(Adjusted("A-2", "damaged", ("MUG", -1, -500)), Adjusted("A-2", "counted", ("MUG", -1, -500)));

        (await shop.Balance("opening-balance")).ShouldBe(-5000);
        (await shop.Balance("write-off")).ShouldBe(500);
        (await shop.Balance("inventory-adjustment")).ShouldBe(500);
        (await shop.Balance("inventory")).ShouldBe(4000);
    }

    [Fact, Feature("AC-21", "AC-24")]
    public async Task A_channel_may_have_a_revenue_account_of_its_own_from_a_day_on()
    {
        await using var shop = await BookShop.Open();
        (await shop.Does<AddAccount, AddAccount.Request, Done>(new("revenue-web", "Web revenue", Keel.Ledger.Contract.AccountKind.Income))).Ok.ShouldBeTrue();
        (await shop.Does<SetPostingRule, SetPostingRule.Request, int>(new("invoice.revenue", "revenue-web", Channel: "webshop"))).Value.ShouldBe(1);

        await shop.Tells(Invoice("I-1", Eur(10000), Eur(2100)));

        (await shop.Balance("revenue-web")).ShouldBe(-10000);
    }

    [Fact, Feature("AC-14", "AC-42")]
    public async Task Foreign_money_balances_in_company_currency_and_the_difference_is_an_exchange_difference()
    {
        await using var shop = await BookShop.Open();
        var usd = Currency.Of("USD");
        await shop.Does<SetExchangeRate, SetExchangeRate.Request, Done>(new(usd, 0.9m, BookShop.Today));
        await shop.Tells(Invoice("I-1", new Money(9999, usd), new Money(2101, usd)));
        (await shop.Balance("customer-receivable")).ShouldBe(10890);
        shop.Now += TimeSpan.FromHours(1);
        await shop.Does<SetExchangeRate, SetExchangeRate.Request, Done>(new(usd, 0.8m, BookShop.Today));

        await shop.Tells(Payment(PaymentKind.Captured, new Money(12100, usd), settles: new Money(12100, usd)));

        (await shop.Balance("customer-receivable")).ShouldBe(0);
        (await shop.Balance("gateway-clearing")).ShouldBe(9680);
        (await shop.Balance("exchange-difference")).ShouldBe(1210);
    }
}
