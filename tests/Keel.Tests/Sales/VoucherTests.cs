using Keel.Kernel;
using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// Gift cards and store credit: what is sold is owed, pays orders, and comes back when they end.
public class VoucherTests
{
    [Fact, Feature("AC-28", "RT-25")]
    public async Task An_order_paid_by_card_and_gift_card_is_cancelled_and_each_part_is_where_it_belongs()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        var card = await Issues(shop, 15_00);
        (await shop.Balance("gift-cards")).ShouldBe(-15_00);
        (await shop.Balance("cash")).ShouldBe(15_00);
        (await shop.Balance("vat-payable")).ShouldBe(0, "it is taxed when it is spent");
        var order = await shop.Takes(("TEE-M", 1));

        (await Redeems(shop, order, card.Code.ToLowerInvariant())).Value.Left.ShouldBe(Money.Zero(Currency.Eur));
        (await shop.Balance("gift-cards")).ShouldBe(0);
        await shop.Pays(order, PaymentKind.Captured, 5_00);
        (await shop.Balance("customer-deposits")).ShouldBe(-20_00);
        (await Redeems(shop, order, (await Issues(shop, 5_00)).Code)).Error!.Code.ShouldBe("voucher.nothing-open");
        await shop.Cancels(order);

        (await shop.Number($"select balance from sales.voucher where id = '{card.Id}'")).ShouldBe(15_00);
        (await shop.Number($"select paid from sales.orders where id = '{order.Id}'")).ShouldBe(5_00, "what came by another card goes back by it");
        (await shop.Balance("gift-cards")).ShouldBe(-20_00);
        (await shop.Balance("customer-deposits")).ShouldBe(-5_00);
        await shop.Proves();
    }

    [Fact, Feature("AC-28", "RT-25")]
    public async Task What_comes_back_of_an_order_goes_first_to_the_card_that_paid_and_the_rest_becomes_store_credit()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        var card = await Issues(shop, 15_00);
        var order = await shop.Takes(("TEE-M", 2));
        await Redeems(shop, order, card.Code);
        await shop.Pays(order, PaymentKind.Captured, 25_00);
        await shop.Ships(order);
        (await Refunds(shop, order, 1_00)).Error!.Code.ShouldBe("voucher.refund-too-much");
        await shop.Credits(order, 1, 1);

        var back = (await Refunds(shop, order, 20_00)).Value;

        (back.ToCards.Minor, back.ToCredit.Minor).ShouldBe((15_00, 5_00));
        (await shop.Balance("gift-cards"), await shop.Balance("store-credit")).ShouldBe((-15_00, -5_00));
        await shop.Proves();
        var next = await shop.Tries(shop.NewOrder("webshop", ("TEE-M", 1)));
        var credit = await shop.Text("select number from sales.voucher where kind = 'StoreCredit'");
        await shop.Text($"update sales.orders set customer_id = (select customer_id from sales.orders where id = '{order.Id}') where id = '{next.Value.Id}' returning number");
        var paid = await Redeems(shop, next.Value, null);
        (paid.Value.Number, paid.Value.Paid.Minor).ShouldBe((credit, 5_00));
        (await shop.Balance("store-credit")).ShouldBe(0);
    }

    [Fact, Feature("AC-28")]
    public async Task A_card_spent_on_ten_orders_at_once_never_pays_more_than_it_has()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 20, worth: 100_00);
        var card = await Issues(shop, 50_00);
        var orders = new List<CapturedOrder>();
        for (var i = 0; i < 10; i++) orders.Add(await shop.Takes(("TEE-M", 1)));

        var all = await Task.WhenAll(orders.Select(o => Task.Run(() => Redeems(shop, o, card.Code, 20_00))));

        all.Count(a => a.Ok).ShouldBe(2);
        all.Where(a => !a.Ok).ShouldAllBe(a => a.Error!.Code == "voucher.too-little");
        (await shop.Number($"select balance from sales.voucher where id = '{card.Id}'")).ShouldBe(10_00);
        (await shop.Balance("gift-cards")).ShouldBe(-10_00);
        await shop.Proves();
    }

    [Fact, Feature("AC-28")]
    public async Task Codes_are_kept_as_digests_only_and_whoever_tries_many_wrong_ones_has_to_wait()
    {
        await using var shop = await Shop.Open();
        var card = await Issues(shop, 20_00);
        (await shop.Number($"select count(*) from sales.voucher where code_digest like '%{card.Code}%' or code_digest like '%{CardCode.Plain(card.Code)}%'")).ShouldBe(0);
        (await shop.Text("select last_four from sales.voucher")).ShouldBe(card.Code[^4..]);
        var order = await shop.Takes(("TEE-M", 1));

        for (var i = 0; i < 5; i++) (await Redeems(shop, order, $"WRONG-{i}")).Error!.Code.ShouldBe("voucher.wrong-code");

        (await Redeems(shop, order, card.Code)).Error!.Code.ShouldBe("voucher.too-many-codes");
        (await shop.Number("select count(*) from kernel.operation_log where operation = 'sales.redeem-voucher'")).ShouldBeGreaterThan(5);
        (await shop.Number("select count(*) from kernel.operation_payload p join kernel.operation_log l on l.id = p.operation_id where l.operation in ('sales.redeem-voucher', 'sales.issue-gift-card')")).ShouldBe(0, "codes are not logged");
        shop.Clock.Step(TimeSpan.FromMinutes(16));
        (await Redeems(shop, order, card.Code)).Value.Paid.Minor.ShouldBe(20_00);
    }

    [Fact, Feature("AC-28")]
    public async Task A_lost_card_is_blocked_and_its_balance_moves_to_a_new_one()
    {
        await using var shop = await Shop.Open();
        var lost = await Issues(shop, 30_00);
        var order = await shop.Takes(("TEE-M", 1));
        await shop.Must<BlockGiftCard, BlockGiftCard.Request, Done>(new(lost.Id, "lost on a train"));
        (await Redeems(shop, order, lost.Code)).Error!.Code.ShouldBe("voucher.blocked");

        var fresh = await shop.Must<ReplaceGiftCard, ReplaceGiftCard.Request, IssueGiftCard.Answer>(new(lost.Id, "lost on a train"));

        (await Redeems(shop, order, fresh.Code)).Value.Left.Minor.ShouldBe(10_00);
        (await shop.Does<ReplaceGiftCard, ReplaceGiftCard.Request, IssueGiftCard.Answer>(new(lost.Id, "once more"))).Error!.Code.ShouldBe("voucher.replaced");
        (await shop.Balance("gift-cards")).ShouldBe(-10_00);
        await shop.Proves();
    }

    [Fact, Feature("AC-28", "RT-25")]
    public async Task What_cards_paid_goes_back_by_no_other_way_and_no_money_goes_back_twice()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        var lost = await Issues(shop, 15_00);
        var order = await shop.Takes(("TEE-M", 1));
        await Redeems(shop, order, lost.Code);
        await shop.Pays(order, PaymentKind.Captured, 5_00);
        (await shop.Pays(order, PaymentKind.Refunded, 6_00)).Booked.ShouldBeFalse("only five came as money");
        (await shop.Must<LookUpGiftCard, LookUpGiftCard.Request, LookUpGiftCard.Answer>(new(lost.Code))).Balance.Minor.ShouldBe(0);
        await shop.Cancels(order);
        var fresh = await shop.Must<ReplaceGiftCard, ReplaceGiftCard.Request, IssueGiftCard.Answer>(new(lost.Id, "lost after all"));
        (await shop.Number($"select balance from sales.voucher where id = '{fresh.Id}'")).ShouldBe(15_00);

        (await Refunds(shop, order, 5_00)).Value.ToCredit.Minor.ShouldBe(5_00);

        (await shop.Pays(order, PaymentKind.Refunded, 5_00)).Booked.ShouldBeFalse("it is store credit already");
        (await shop.Balance("customer-deposits")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("AC-28")]
    public async Task What_a_replaced_card_paid_comes_back_to_the_one_in_its_place_and_an_expired_card_takes_nothing()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        await shop.Chooses(GiftCardRules.Kind, new GiftCardRules(1));
        var lost = await Issues(shop, 20_00);
        var (first, second) = (await shop.Takes(("TEE-M", 1)), await shop.Takes(("TEE-M", 1)));
        await Redeems(shop, first, lost.Code, 8_00);
        await Redeems(shop, second, lost.Code, 2_00);
        var fresh = await shop.Must<ReplaceGiftCard, ReplaceGiftCard.Request, IssueGiftCard.Answer>(new(lost.Id, "lost"));

        await shop.Cancels(first);

        (await shop.Number($"select balance from sales.voucher where id = '{fresh.Id}'")).ShouldBe(18_00);
        shop.Clock.Step(TimeSpan.FromDays(40));
        await shop.Cancels(second);
        (await shop.Number($"select paid from sales.orders where id = '{second.Id}'")).ShouldBe(2_00);
        (await Refunds(shop, second, 2_00)).Value.ToCredit.Minor.ShouldBe(2_00, "its customer can spend it still");
        await shop.Proves();
    }

    [Fact, Feature("AC-28")]
    public async Task A_card_is_good_until_the_end_of_its_day_and_what_is_left_then_is_income()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses(GiftCardRules.Kind, new GiftCardRules(1));
        var card = await Issues(shop, 20_00);
        var order = await shop.Takes(("TEE-M", 1));
        shop.Clock.Step(TimeSpan.FromDays(31));
        await shop.Runs<ExpireGiftCardsJob>();
        (await shop.Balance("breakage")).ShouldBe(0, "its last day is not over");
        shop.Clock.Step(TimeSpan.FromDays(1));
        (await Redeems(shop, order, card.Code)).Error!.Code.ShouldBe("voucher.expired");

        await shop.Runs<ExpireGiftCardsJob>();
        await shop.Runs<ExpireGiftCardsJob>();

        (await shop.Balance("breakage"), await shop.Balance("gift-cards")).ShouldBe((-20_00, 0));
        await shop.Proves();
    }

    [Fact, Feature("AC-28")]
    public async Task Goodwill_is_store_credit_and_neither_cards_nor_credit_are_recorded_as_money()
    {
        await using var shop = await Shop.Open();
        var customer = await QuoteTests.Customer(shop);
        await Corrects(shop, customer, 10_00);
        (await Corrects(shop, customer, 4_00, takes: true)).Value.Balance.Minor.ShouldBe(6_00);
        (await Corrects(shop, customer, 7_00, takes: true)).Error!.Code.ShouldBe("voucher.too-little");
        (await shop.Balance("store-credit"), await shop.Balance("discounts")).ShouldBe((-6_00, 6_00));
        var order = await shop.Takes(("TEE-M", 1));
        (await shop.Pays(order, PaymentKind.Captured, 20_00, "gift-card")).Booked.ShouldBeFalse();
        (await shop.Does<IssueGiftCard, IssueGiftCard.Request, IssueGiftCard.Answer>(new(new Money(1_00, Currency.Eur), "gift-card", "x"))).Error!.Code.ShouldBe("voucher.paid-by-voucher");
        await Issues(shop, 5_00, "till 7");
        (await shop.Does<IssueGiftCard, IssueGiftCard.Request, IssueGiftCard.Answer>(new(new Money(5_00, Currency.Eur), "cash", "till 7"))).Error!.Code.ShouldBe("voucher.booked");
        await Should.ThrowAsync<Npgsql.PostgresException>(() => shop.Text("update sales.voucher_entry set amount = 1"));
        await shop.Proves();
    }

    private static Task<IssueGiftCard.Answer> Issues(Shop shop, long cents, string? reference = null) =>
        shop.Must<IssueGiftCard, IssueGiftCard.Request, IssueGiftCard.Answer>(new(new Money(cents, Currency.Eur), "cash", reference ?? Guid.NewGuid().ToString("N")[..12] + "x"));

    private static Task<Result<RedeemVoucher.Answer>> Redeems(Shop shop, CapturedOrder order, string? code, long? cents = null) =>
        shop.Does<RedeemVoucher, RedeemVoucher.Request, RedeemVoucher.Answer>(new(order.Id!.Value, code, cents is { } c ? new Money(c, Currency.Eur) : default(Money?)));

    private static Task<Result<RefundToStoreCredit.Answer>> Refunds(Shop shop, CapturedOrder order, long cents) =>
        shop.Does<RefundToStoreCredit, RefundToStoreCredit.Request, RefundToStoreCredit.Answer>(new(order.Id!.Value, new Money(cents, Currency.Eur), "came back"));

    private static Task<Result<CorrectStoreCredit.Answer>> Corrects(Shop shop, string customer, long cents, bool takes = false) =>
        shop.Does<CorrectStoreCredit, CorrectStoreCredit.Request, CorrectStoreCredit.Answer>(new(customer, new Money(cents, Currency.Eur), "late parcel", takes));
}
