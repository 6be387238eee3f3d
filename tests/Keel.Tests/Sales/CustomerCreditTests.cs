using Keel.Kernel;
using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Partners.Merging;
using Keel.Sales;
using Keel.Sales.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// What customers may owe: it holds for every order, however many come at once, and what is paid makes room.
public class CustomerCreditTests
{
    private static readonly Contact Hotel = new("Hotel Zee BV", "front@zee.example", null, new PostalAddress("Zijlweg 12", null, "2013 DH", "Haarlem", null, "NL"));

    [Fact, Feature("CR-03")]
    public async Task An_order_that_takes_its_customer_over_the_limit_waits_in_the_queue_of_finance_with_the_figures()
    {
        await using var shop = await Trusting(euros: 50);
        var first = await Orders(shop, 2);
        var second = await Orders(shop, 1);

        first.Status.ShouldBe(OrderStatus.Reserved);
        (second.Status, second.Hold).ShouldBe((OrderStatus.OnHold, "credit"));
        (await shop.Text($"select kind || ' ' || owner || ' ' || sentence from kernel.work_case where subject_id = '{second.Id}'"))
            .ShouldBe($"order-credit finance {second.Number}: With 24.20 EUR more the customer owes 72.60 EUR; the limit is 50.00 EUR, 1.60 EUR are free.");
        (await Owed(shop)).ShouldBe(48_40, "what is stopped is not owed");
        (await shop.Position("BOWL")).Reserved.ShouldBe(2);
        (await shop.Takes(("BOWL", 20))).Status.ShouldBe(OrderStatus.Reserved, "who pays at once is asked nothing");
        await shop.Proves();
    }

    [Fact, Feature("CR-03", "OM-18")]
    public async Task An_order_that_is_changed_is_owed_as_it_is_now_and_is_changed_over_no_limit()
    {
        await using var shop = await Trusting(euros: 50);
        var order = await Orders(shop, 1);

        (await Changes(shop, order, 3)).Error!.Message.ShouldBe("With 48.40 EUR more the customer owes 72.60 EUR; the limit is 50.00 EUR, 25.80 EUR are free. Have something paid first, or place what is wanted besides as a new order, which finance can release.");
        (await Changes(shop, order, 2)).Ok.ShouldBeTrue();
        (await Owed(shop)).ShouldBe(48_40);
        (await Changes(shop, order, 1)).Ok.ShouldBeTrue();
        (await Owed(shop)).ShouldBe(24_20);
        await shop.Proves();
    }

    private static async Task<Result<ChangeOrder.Answer>> Changes(Shop shop, CapturedOrder order, int bowls) => await shop.Does<ChangeOrder, ChangeOrder.Request, ChangeOrder.Answer>(
        new(order.Id!.Value, (int)await shop.Number($"select version from sales.orders where id = '{order.Id}'"), "other quantity", [new(1, bowls)]));

    [Fact, Feature("CR-03")]
    public async Task Of_twenty_orders_at_once_as_many_pass_as_there_is_room_for()
    {
        await using var shop = await Trusting(euros: 125, stock: 100);

        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Orders(shop, 1))));

        all.Count(o => o.Hold is null).ShouldBe(5);
        all.Count(o => o.Hold == "credit").ShouldBe(15);
        (await Owed(shop)).ShouldBe(5 * 24_20);
        await shop.Proves();
    }

    [Fact, Feature("CR-03")]
    public async Task Orders_that_come_together_are_decided_one_after_the_other_and_a_marketplaces_is_none_of_the_limit()
    {
        await using var shop = await Trusting(euros: 50);
        var wishes = Enumerable.Range(0, 3).Select(_ => shop.NewOrder("webshop", ("BOWL", 1)) with { Customer = Hotel }).Append(shop.NewOrder("bazaar", ("BOWL", 5)) with { Customer = Hotel }).ToArray();

        var taken = await shop.Must<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new(wishes));

        taken.Count(t => t.Hold == "credit").ShouldBe(1);
        taken[3].Hold.ShouldBeNull("the marketplace pays");
        (await Owed(shop)).ShouldBe(48_40);
    }

    [Fact, Feature("CR-03")]
    public async Task What_is_owed_follows_shipping_payments_refunds_credit_notes_and_cancelling()
    {
        await using var shop = await Trusting(euros: 500);
        var order = await Orders(shop, 4);
        (await Owed(shop)).ShouldBe(96_80);
        await shop.Ships(order);
        (await Owed(shop)).ShouldBe(96_80, "it is invoiced now, and owed as before");
        await shop.Pays(order, PaymentKind.Captured, 46_80);
        (await Owed(shop)).ShouldBe(50_00);
        await shop.Credits(order, 1, 1);
        (await Owed(shop)).ShouldBe(25_80);
        await shop.Pays(order, PaymentKind.Refunded, 6_80);
        (await Owed(shop)).ShouldBe(32_60);
        await shop.Pays(order, PaymentKind.Captured, 32_60, "bank");
        (await Owed(shop)).ShouldBe(0);
        await shop.Cancels(await Orders(shop, 2));
        (await Owed(shop)).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("CR-03")]
    public async Task What_credit_stopped_is_not_confirmed_but_checked_again_paid_or_released_by_somebody_who_may()
    {
        await using var shop = await Trusting(euros: 50);
        var old = await Orders(shop, 2);
        var (released, room, paid) = (await Orders(shop, 1), await Orders(shop, 1), await Orders(shop, 1));

        (await shop.Must<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([room.Id!.Value])))[0].Why.ShouldStartWith("Its customer owes too much for it");
        (await Checks(shop, room)).Why.ShouldBe("With 24.20 EUR more the customer owes 72.60 EUR; the limit is 50.00 EUR, 1.60 EUR are free.");
        var clerk = await shop.Person("Noor", "operations");
        (await shop.Does<ReleaseOverLimit, ReleaseOverLimit.Request, IReadOnlyList<CheckCredit.Answer>>(new([released.Id!.Value], "a good customer"), shop.By(clerk))).Error!.Code.ShouldBe("gate.no-permission");
        var finance = await shop.Person("Fenna", "finance");
        (await shop.Does<ReleaseOverLimit, ReleaseOverLimit.Request, IReadOnlyList<CheckCredit.Answer>>(new([released.Id!.Value], "a good customer"), shop.By(finance))).Value[0].Status.ShouldBe(OrderStatus.Reserved);
        (await Owed(shop)).ShouldBe(72_60);

        await shop.Pays(paid, PaymentKind.Captured, 24_20);
        await shop.Delivers();
        (await shop.StatusOf(paid)).ShouldBe(OrderStatus.Reserved, "it is paid, and nobody has to trust anybody");

        await shop.Runs<CheckCreditJob>();
        (await shop.StatusOf(room)).ShouldBe(OrderStatus.OnHold);
        await shop.Pays(old, PaymentKind.Captured, 48_40, "bank");
        await shop.Runs<CheckCreditJob>();
        (await shop.StatusOf(room)).ShouldBe(OrderStatus.Reserved, "there is room");
        (await shop.Number("select count(*) from kernel.work_case where kind = 'order-credit' and state <> 'Closed'")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("CR-03")]
    public async Task Invoices_that_are_overdue_for_too_long_stop_new_orders_until_they_are_paid()
    {
        await using var shop = await Trusting(euros: 500);
        var old = await Orders(shop, 2);
        await shop.Ships(old);
        shop.Clock.Step(TimeSpan.FromDays(44));
        (await Orders(shop, 1)).Status.ShouldBe(OrderStatus.Reserved, "14 days to pay and 30 of patience are just over");
        shop.Clock.Step(TimeSpan.FromDays(1));

        var stopped = await Orders(shop, 1);

        stopped.Hold.ShouldBe("credit");
        (await shop.Text($"select sentence from kernel.work_case where subject_id = '{stopped.Id}'")).ShouldBe($"{stopped.Number}: Invoices of one order are unpaid more than 30 days after their due day; 48.40 EUR are overdue.");
        await shop.Pays(old, PaymentKind.Captured, 48_40);
        (await Checks(shop, stopped)).Status.ShouldBe(OrderStatus.Reserved);
    }

    [Fact, Feature("CR-03")]
    public async Task The_policy_says_on_which_channels_how_far_over_it_and_whether_orders_go_on_by_themselves()
    {
        await using var shop = await Trusting(euros: 48);
        await shop.Chooses(CreditRules.Kind, new CreditRules(TolerancePercent: 1, ReleasesByItself: false));
        var within = await Orders(shop, 2);
        var over = await Orders(shop, 1);
        (within.Hold, over.Hold).ShouldBe((null, "credit"), "48.40 is within one per cent of 48");

        await shop.Pays(within, PaymentKind.Captured, 48_40);
        await shop.Runs<CheckCreditJob>();
        (await shop.StatusOf(over)).ShouldBe(OrderStatus.OnHold, "somebody looks first");

        await shop.Chooses(CreditRules.Kind, new CreditRules(["bazaar"]));
        (await Orders(shop, 9)).Hold.ShouldBeNull("credit is not kept in the web shop");
    }

    [Fact, Feature("CR-03", "OM-22")]
    public async Task An_order_that_a_check_doubts_too_waits_for_that_when_credit_is_given()
    {
        await using var shop = await Trusting(euros: 10);
        await shop.Chooses(OrderChecks.Kind, new OrderChecks([new OrderCheck(CheckKind.HighValue, CheckEffect.Hold, From: new Money(20_00, Currency.Eur))]));
        var order = await Orders(shop, 1);
        order.Hold.ShouldBe("credit");

        await Allows(shop, 100);
        (await Checks(shop, order)).Status.ShouldBe(OrderStatus.OnHold);
        (await shop.Text($"select hold from sales.orders where id = '{order.Id}'")).ShouldBe("high-value");
        (await Owed(shop)).ShouldBe(24_20);
        (await shop.Must<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([order.Id!.Value])))[0].Status.ShouldBe(OrderStatus.Reserved);
        await shop.Proves();
    }

    [Fact, Feature("CR-03")]
    public async Task What_was_open_before_a_customer_had_a_limit_counts_from_then_on()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        await Orders(shop, 2);
        await Allows(shop, 60);

        (await Orders(shop, 1)).Hold.ShouldBe("credit");
        (await Owed(shop)).ShouldBe(48_40);
        await shop.Proves();
    }

    [Fact, Feature("CR-06", "OM-35")]
    public async Task The_page_of_a_customer_and_of_an_order_tell_orders_of_all_channels_cases_returns_and_credit()
    {
        await using var shop = await Trusting(euros: 100);
        var first = await Orders(shop, 2);
        await shop.Ships(first);
        await shop.Credits(first, 1, 1);
        var stopped = await Orders(shop, 5);
        await using var scope = shop.Scope();
        var book = scope.ServiceProvider.GetRequiredService<CustomerBook>();
        book.AskOfOrder(stopped.Id!.Value.Value);
        await scope.ServiceProvider.GetRequiredService<KeelDb>().Flush();

        (book.Orders, book.Sums.Single().Value.Minor, book.Facts!.Before, book.Facts.OpenCases, book.ReturnedPercent).ShouldBe((2, 169_40, 2, 1, 50m));
        (book.Credit!.Exposure.Minor, book.Credit.Free!.Value.Minor, book.Credit.OverdueOrders).ShouldBe((24_20, 75_80, 0));
    }

    internal static async Task<Shop> Trusting(int euros, int stock = 60)
    {
        var shop = await Shop.Open();
        await shop.Stocks("BOWL", stock);
        await Allows(shop, euros);
        return shop;
    }

    private static Task Allows(Shop shop, int euros) => shop.Must<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(Hotel, PaymentTermsDays: 14, CreditLimit: new Money(euros * 100, Currency.Eur))]));

    private static async Task<CapturedOrder> Orders(Shop shop, int bowls) => (await shop.Tries(shop.NewOrder("webshop", ("BOWL", bowls)) with { Customer = Hotel })).Value;

    private static async Task<CheckCredit.Answer> Checks(Shop shop, CapturedOrder order) => (await shop.Must<CheckCredit, CheckCredit.Request, IReadOnlyList<CheckCredit.Answer>>(new([order.Id!.Value])))[0];

    private static Task<long> Owed(Shop shop) => shop.Number("select coalesce(sum(owed), 0)::bigint from sales.owed");
}
