using Keel.Sales;
using Keel.Simulators;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// Money is promised, taken, let go and given back through a gateway, and every cent of it stands in the books once.
public class PaymentIntentTests
{
    [Fact, Feature("OM-06")]
    public async Task What_is_authorised_is_captured_in_parts_and_given_back_in_parts()
    {
        await using var till = await Cashier.Open();
        var (order, intent) = await till.Authorised(mugs: 2);
        (await till.Stands(intent)).ShouldBe("Authorised 2420 2420 0 0");
        (await till.Paid(order)).ShouldBe(0, "a promise is no money");

        (await till.Captures(intent, 1000)).ShouldBeNull();
        (await till.Stands(intent)).ShouldBe("PartlyCaptured 2420 1420 1000 0");
        (await till.Captures(intent, 1500)).ShouldBe("Only 14.20 EUR can be captured.");
        (await till.Captures(intent)).ShouldBeNull();
        (await till.Stands(intent)).ShouldBe("Captured 2420 0 2420 0");
        (await till.Refunds(intent, 420)).ShouldBeNull();
        (await till.Stands(intent)).ShouldBe("Captured 2420 0 2420 420");
        (await till.Refunds(intent, 2001)).ShouldBe("Only 20.00 EUR can be given back.");
        (await till.Refunds(intent)).ShouldBeNull();

        (await till.Stands(intent)).ShouldBe("Refunded 2420 0 2420 2420");
        (await till.Paid(order), till.House.Money).ShouldBe((0, (2420L, 2420L)));
        (await till.Facts(order, "Captured"), await till.Facts(order, "Refunded")).ShouldBe((2, 2));
        await till.Shop.Proves();
    }

    [Fact]
    public async Task Several_ways_to_pay_make_up_one_order_and_no_more_than_it()
    {
        await using var till = await Cashier.Open();
        var order = await till.Orders(mugs: 2);

        var one = await till.Authorises(order, cents: 1000);
        var other = await till.Authorises(order);

        (await till.Stands(one), await till.Stands(other)).ShouldBe(("Authorised 1000 1000 0 0", "Authorised 1420 1420 0 0"));
        (await till.Asks(order)).Why.ShouldBe("It is paid, promised or asked for in full already.");
    }

    [Fact]
    public async Task A_shipment_captures_what_it_is_invoiced_for()
    {
        await using var till = await Cashier.Open();
        await till.Shop.Stocks("MUG-BL", 1);
        var order = await till.Shop.Takes(("MUG-BL", 3));
        var intent = await till.Authorises(order);

        await till.Shop.Ships(order);
        await till.Shop.Delivers();
        (await till.Stands(intent)).ShouldBe("PartlyCaptured 3630 2420 1210 0");
        await till.Shop.Stocks("MUG-BL", 2);
        await till.Shop.Delivers();
        await till.Shop.Ships(order);
        await till.Shop.Delivers();

        (await till.Stands(intent)).ShouldBe("Captured 3630 0 3630 0");
        (await till.Paid(order)).ShouldBe(3630);
        await till.Shop.Proves();
    }

    [Fact, Feature("OM-18")]
    public async Task What_was_authorised_beyond_what_the_order_came_to_is_let_go_when_all_has_left_and_is_paid()
    {
        await using var till = await Cashier.Open();
        await till.Shop.Stocks("MUG-BL", 3);
        var order = await till.Shop.Takes(("MUG-BL", 3));
        var intent = await till.Authorises(order);
        await till.Shop.Must<ChangeOrder, ChangeOrder.Request, ChangeOrder.Answer>(new(order.Id!.Value, 1, "one less", [new(1, 2)]));
        await till.Tends(TimeSpan.FromMinutes(1));
        (await till.Stands(intent)).ShouldBe("Authorised 3630 3630 0 0", "it may still become more");

        await till.Shop.Ships(order);
        await till.Shop.Delivers();

        (await till.Stands(intent)).ShouldBe("Captured 3630 0 2420 0");
        (await till.Paid(order), till.House.Money).ShouldBe((2420, (2420L, 0L)));
        await till.Shop.Proves();
    }

    [Fact]
    public async Task A_gateway_that_captures_once_gives_all_with_the_first_shipment()
    {
        await using var till = await Cashier.Open(capturesOften: false);
        await till.Shop.Stocks("MUG-BL", 1);
        var order = await till.Shop.Takes(("MUG-BL", 3));
        var intent = await till.Authorises(order);

        await till.Shop.Ships(order);
        await till.Shop.Delivers();

        (await till.Stands(intent)).ShouldBe("Captured 3630 0 3630 0");
    }

    [Fact]
    public async Task By_choice_money_is_taken_with_the_order_or_only_by_hand()
    {
        await using var till = await Cashier.Open();
        await till.Shop.Chooses(PaymentCapture.Kind, new { when = "AtOrder" });
        var (_, first) = await till.Authorised();
        await till.Shop.Delivers();
        (await till.Stands(first)).ShouldBe("Captured 1210 0 1210 0");

        await till.Shop.Chooses(PaymentCapture.Kind, new { when = "ByHand" });
        var (order, second) = await till.Authorised();
        await till.Shop.Ships(order);
        await till.Shop.Delivers();
        (await till.Stands(second)).ShouldBe("Authorised 1210 1210 0 0");
    }

    [Fact, Feature("RT-25")]
    public async Task A_cancellation_before_the_invoice_voids_and_credits_nothing()
    {
        await using var till = await Cashier.Open();
        var (order, intent) = await till.Authorised();

        await till.Shop.Cancels(order);
        await till.Shop.Delivers();

        (await till.Stands(intent)).ShouldBe("Voided 1210 0 0 0");
        (await till.Shop.Number("select count(*) from sales.invoice")).ShouldBe(0);
        till.House.Money.ShouldBe((0L, 0L));
        await till.Shop.Proves();
    }

    [Fact]
    public async Task What_is_promised_for_an_order_after_it_was_cancelled_is_let_go()
    {
        await using var till = await Cashier.Open();
        var order = await till.Orders();
        var intent = (await till.Asks(order)).Intent!.Value;

        await till.Shop.Cancels(order);
        await till.Shop.Delivers();
        await till.Shop.Delivers();

        (await till.Stands(intent)).ShouldBe("Voided 1210 0 0 0");
    }

    [Fact]
    public async Task A_gateway_that_did_it_and_said_nothing_is_asked_again_under_the_same_key_and_charges_once()
    {
        await using var till = await Cashier.Open();
        var (order, intent) = await till.Authorised();
        till.House.Faults.SilentAfterDoing = 2;

        await till.Captures(intent);
        (await till.Stands(intent)).ShouldBe("Authorised 1210 1210 0 0");
        (await till.Captures(intent)).ShouldBe("All of it is asked for already. Wait for the gateway's answer.");
        (await till.Voids(intent)).ShouldBe("The gateway is asked something about it. Wait for its answer.");
        await till.Tends(TimeSpan.FromSeconds(30));
        (await till.Shop.Number("select count(*) from sales.payment_step where state = 'Unknown'")).ShouldBe(1, "its time has not come");
        await till.Tends(TimeSpan.FromMinutes(1));
        (await till.Shop.Number("select count(*) from sales.payment_step where state = 'Unknown'")).ShouldBe(2);
        await till.Tends(TimeSpan.FromMinutes(5));

        (await till.Stands(intent)).ShouldBe("Captured 1210 0 1210 0");
        (till.House.Charges, await till.Facts(order, "Captured"), await till.Shop.Number("select count(distinct wish) from sales.payment_step where kind = 'Capture'")).ShouldBe((1, 1, 1));
        await till.Shop.Proves();
    }

    [Fact]
    public async Task A_gateway_that_stays_silent_makes_a_case()
    {
        await using var till = await Cashier.Open();
        var (order, intent) = await till.Authorised();
        till.House.Faults.Broken = 50;

        await till.Captures(intent);
        for (var i = 0; i < 4; i++) await till.Tends(TimeSpan.FromMinutes(30));

        (await till.CasesOf(order)).ShouldBe("payment-unexplained");
    }

    [Fact]
    public async Task Two_who_capture_at_once_take_it_once()
    {
        await using var till = await Cashier.Open();
        var (order, intent) = await till.Authorised(mugs: 2);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => till.Shop.Does<CapturePayments, CapturePayments.Request, IReadOnlyList<IntentAnswer>>(new([new(intent)]))));
        await till.Shop.Delivers();

        answers.Count(a => a.Value[0].Why is null).ShouldBe(1);
        (till.House.Charges, await till.Paid(order), await till.Facts(order, "Captured")).ShouldBe((1, 2420, 1));
        await till.Shop.Proves();
    }

    [Fact, Feature("OM-24")]
    public async Task An_order_whose_payment_failed_waits_in_its_own_queue_until_it_is_paid()
    {
        await using var till = await Cashier.Open();
        var order = await till.Orders();
        var intent = await till.Authorises(order, "tok_declined");

        (await till.Stands(intent)).ShouldBe("Failed 0 0 0 0");
        (await till.Shop.Text($"select status || ' ' || hold from sales.orders where id = '{order.Id}'")).ShouldBe("OnHold payment");
        (await till.CasesOf(order)).ShouldBe("order-payment");
        var again = (await till.Shop.Must<RetryPayments, RetryPayments.Request, IReadOnlyList<RetryPayments.Answer>>(new([order.Id!.Value])))[0];
        again.Why.ShouldBeNull();
        await till.Shop.Delivers();
        (await till.Stands(again.Intent!.Value)).ShouldBe("Failed 0 0 0 0");

        await till.Authorises(order);
        await till.Shop.Delivers();

        (await till.Shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await till.CasesOf(order)).ShouldBe("");
    }

    [Fact, Feature("OM-24")]
    public async Task An_order_whose_payment_failed_can_be_cancelled()
    {
        await using var till = await Cashier.Open();
        var order = await till.Orders();
        await till.Authorises(order, "tok_insufficient");

        (await till.Shop.Cancels(order)).Cancelled.ShouldBeTrue();

        (await till.CasesOf(order)).ShouldBe("");
        (await till.Shop.Must<RetryPayments, RetryPayments.Request, IReadOnlyList<RetryPayments.Answer>>(new([order.Id!.Value])))[0].Why.ShouldBe("It is cancelled: nothing more is authorised for it.");
    }

    [Fact]
    public async Task An_authorisation_that_ends_is_told_in_time_and_can_be_made_anew()
    {
        await using var till = await Cashier.Open();
        var (order, intent) = await till.Authorised();

        await till.Tends(TimeSpan.FromDays(5.5));
        (await till.CasesOf(order)).ShouldBe("");
        await till.Tends(TimeSpan.FromDays(0.2));
        (await till.CasesOf(order)).ShouldBe("authorisation-ends");
        await till.Tends(TimeSpan.FromDays(1.4));
        (await till.Stands(intent)).ShouldBe("Expired 1210 0 0 0");
        (await till.Captures(intent)).ShouldBe("It is expired: there is nothing to capture.");
        var again = (await till.Shop.Must<RetryPayments, RetryPayments.Request, IReadOnlyList<RetryPayments.Answer>>(new([order.Id!.Value])))[0];
        await till.Shop.Delivers();

        (await till.Stands(again.Intent!.Value)).ShouldBe("Authorised 1210 1210 0 0");
        (await till.CasesOf(order)).ShouldBe("");
        await till.Shop.Proves();
    }

    [Fact, Feature("OM-24")]
    public async Task A_customer_whose_card_failed_is_sent_a_link_and_pays_by_it()
    {
        await using var till = await Cashier.Open();
        var order = await till.Orders();
        await till.Authorises(order, "tok_declined");

        var sent = await till.Links(order);
        sent.Why.ShouldBeNull();
        (await till.Stands(sent.Intent!.Value)).ShouldBe("Created 0 0 0 0");
        var link = await till.Shop.Text($"select link from sales.payment_intent where id = '{sent.Intent}'");
        (await till.Shop.Text("select title || text from messages.mail")).ShouldContain(link);
        (await till.Links(order)).Why.ShouldBe("A link was sent already. Void it before another is made.");
        await till.House.PaysByLink(await till.NameOf(sent.Intent.Value));
        (await till.Hears(till.House.Kept[^1])).Result.ShouldBe("booked");
        await till.Shop.Delivers();

        (await till.Stands(sent.Intent.Value)).ShouldBe("Authorised 1210 1210 0 0");
        (await till.Shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await till.Shop.Number("select count(*) from messages.mail")).ShouldBe(1);
    }

    [Fact]
    public async Task A_link_of_a_cancelled_order_is_closed_and_what_is_paid_by_it_all_the_same_is_let_go()
    {
        await using var till = await Cashier.Open();
        var (order, other) = (await till.Orders(), await till.Orders());
        var (one, two) = ((await till.Links(order)).Intent!.Value, (await till.Links(other)).Intent!.Value);

        await till.Shop.Cancels(order);
        await till.Shop.Delivers();
        (await till.Stands(one)).ShouldBe("Voided 0 0 0 0");
        await Should.ThrowAsync<InvariantBroken>(async () => await till.House.PaysByLink(await till.NameOf(one)));

        till.House.Faults.Broken = 1;
        await till.Shop.Cancels(other);
        await till.Shop.Delivers();
        await till.House.PaysByLink(await till.NameOf(two));
        await till.Hears(till.House.Kept[^1]);
        await till.Tends(TimeSpan.FromMinutes(2));
        (await till.Stands(two)).ShouldBe("Voided 1210 0 0 0");
        till.House.Money.ShouldBe((0L, 0L));
        await till.Shop.Proves();
    }

    [Fact]
    public async Task What_has_left_and_could_not_be_captured_is_authorised_anew_and_captured_at_once()
    {
        await using var till = await Cashier.Open();
        var (order, intent) = await till.Authorised();
        till.Shop.Clock.Step(TimeSpan.FromDays(8));
        await till.Shop.Ships(order);
        await till.Shop.Delivers();
        (await till.CasesOf(order)).ShouldBe("payment-refused");
        (await till.Paid(order), await till.Shop.Number("select count(distinct wish) from sales.payment_step where kind = 'Capture'")).ShouldBe((0, 1), "what was refused is not wished again by itself");
        await till.Tends(TimeSpan.FromMinutes(1));
        (await till.Stands(intent)).ShouldBe("Expired 1210 0 0 0");

        (await till.Shop.Must<RetryPayments, RetryPayments.Request, IReadOnlyList<RetryPayments.Answer>>(new([order.Id!.Value])))[0].Why.ShouldBeNull();
        await till.Shop.Delivers();
        await till.Shop.Delivers();

        (await till.Paid(order)).ShouldBe(1210);
        (await till.CasesOf(order)).ShouldBe("");
        await till.Shop.Proves();
    }

    [Fact, Feature("OM-24", "EX-02")]
    public async Task A_card_that_is_refused_after_the_goods_have_left_has_a_case_until_it_is_paid()
    {
        await using var till = await Cashier.Open();
        var order = await till.Orders();
        till.House.Faults.Broken = 1;
        (await till.Asks(order, "tok_declined")).Why.ShouldBeNull();
        await till.Shop.Delivers();
        (await till.Shop.Ships(order)).Why.ShouldBeNull();

        await till.Tends(TimeSpan.FromHours(1));
        (await till.CasesOf(order)).ShouldBe("payment-refused");
        var link = (await till.Links(order)).Intent!.Value;
        await till.House.PaysByLink(await till.NameOf(link));
        await till.Hears(till.House.Kept[^1]);
        await till.Shop.Delivers();
        await till.Shop.Delivers();

        (await till.Paid(order), till.House.Charges, await till.CasesOf(order)).ShouldBe((1210, 1, ""));
        await till.Shop.Proves();
    }

    [Fact, Feature("OM-24")]
    public async Task What_has_left_and_is_paid_another_way_needs_nobody_any_more()
    {
        await using var till = await Cashier.Open();
        var (order, _) = await till.Authorised();
        till.Shop.Clock.Step(TimeSpan.FromDays(8));
        await till.Shop.Ships(order);
        await till.Shop.Delivers();
        (await till.CasesOf(order)).ShouldBe("payment-refused");

        await till.Shop.Pays(order, Keel.Sales.Contract.PaymentKind.Captured, 600, "bank");
        (await till.CasesOf(order)).ShouldBe("payment-refused", "half of it is still owed");
        await till.Shop.Pays(order, Keel.Sales.Contract.PaymentKind.Captured, 610, "cash");

        (await till.CasesOf(order)).ShouldBe("");
        await till.Shop.Proves();
    }

    [Fact, Feature("OM-24")]
    public async Task Money_that_comes_another_way_lets_an_order_go_on_whose_payment_failed()
    {
        await using var till = await Cashier.Open();
        var order = await till.Orders();
        await till.Authorises(order, "tok_declined");

        await till.Shop.Pays(order, Keel.Sales.Contract.PaymentKind.Captured, 1210, "bank");
        await till.Shop.Delivers();

        (await till.Shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
    }

    [Fact]
    public async Task By_choice_nothing_leaves_whose_payment_is_not_there()
    {
        await using var till = await Cashier.Open();
        await till.Shop.Chooses(PaymentCapture.Kind, new { when = "AtOrder", onlyPaidLeaves = true });
        var (order, _) = (await till.Orders(), 0);
        (await till.Asks(order)).Why.ShouldBeNull();
        await till.Shop.Releases(order);
        var floor = new Id<Shipment>(Guid.Parse(await till.Shop.Text("select id from warehouse.shipment")));
        Task<IReadOnlyList<ShipmentAnswer>> Leaves() => till.Shop.Must<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([floor]));
        (await Leaves())[0].Why.ShouldBe(Keel.Sales.Contract.OrderToShip.Unpaid);
        (await till.Shop.Number("select count(*) from stock.move where document_kind = 'shipment'")).ShouldBe(0);

        await till.Shop.Delivers();
        await till.Shop.Delivers();
        (await till.Paid(order)).ShouldBe(1210);
        (await Leaves())[0].Why.ShouldBeNull();

        var free = await till.Orders();
        (await till.Shop.Ships(free)).Why.ShouldBeNull("what is paid another way, or later, leaves");
        await till.Shop.Proves();
    }

    [Fact]
    public async Task By_choice_nothing_leaves_whose_authorisation_has_ended()
    {
        await using var till = await Cashier.Open();
        await till.Shop.Chooses(PaymentCapture.Kind, new { when = "AtShipment", onlyPaidLeaves = true });
        var (order, _) = await till.Authorised();
        var (ended, intent) = await till.Authorised();
        (await till.Shop.Ships(order)).Why.ShouldBeNull();
        await till.Tends(TimeSpan.FromDays(8));

        (await till.Stands(intent)).ShouldBe("Expired 1210 0 0 0");
        (await till.Shop.Ships(ended)).Why.ShouldBe(Keel.Sales.Contract.OrderToShip.Unpaid);
    }

    [Fact]
    public async Task A_case_that_somebody_closed_is_not_opened_again_before_the_end()
    {
        await using var till = await Cashier.Open();
        var (order, _) = await till.Authorised();
        await till.Tends(TimeSpan.FromDays(6));
        var id = new Id<Keel.Kernel.Case>(Guid.Parse(await till.Shop.Text($"select id from kernel.work_case where subject_id = '{order.Id}'")));
        (await till.Shop.Does<CloseCase, CloseCase.Request, Done>(new(id, "ships today", "shipped"))).Ok.ShouldBeTrue();

        await till.Tends(TimeSpan.FromHours(1));
        (await till.CasesOf(order)).ShouldBe("");
        await till.Tends(TimeSpan.FromDays(1));
        (await till.CasesOf(order)).ShouldBe("authorisation-ends");
    }

    [Theory]
    [InlineData("ftp://pay.example")]
    [InlineData("http://pay.example")]
    [InlineData("https://user:word@pay.example")]
    [InlineData("pay")]
    public async Task A_gateway_has_an_address_that_can_be_trusted(string address)
    {
        await using var shop = await Shop.Open();

        (await shop.Does<SetPaymentGateway, SetPaymentGateway.Request, Done>(new("cards", "Cards", address, "key", "secret"))).Error!.Code.ShouldBe("gateway.no-address");
    }

    [Fact]
    public async Task A_gateways_keys_are_sealed_and_stay_where_none_are_given()
    {
        await using var shop = await Shop.Open();
        (await shop.Does<SetPaymentGateway, SetPaymentGateway.Request, Done>(new("cards", "Cards", "https://pay.example"))).Error!.Code.ShouldBe("gateway.no-keys");
        await shop.Must<SetPaymentGateway, SetPaymentGateway.Request, Done>(new("cards", "Cards", "https://pay.example", "very-own-key", "very-own-secret"));
        var before = await shop.Text("select api_key || webhook_secret from sales.payment_gateway");

        await shop.Must<SetPaymentGateway, SetPaymentGateway.Request, Done>(new("cards", "All cards", "https://pay.example/v2"));

        (await shop.Text("select api_key || webhook_secret from sales.payment_gateway")).ShouldBe(before);
        before.ShouldNotContain("very-own");
        (await shop.Text("select string_agg(coalesce(encode(p.payload, 'escape'), '') || coalesce(l.changes::text, ''), ' ') from kernel.operation_log l left join kernel.operation_payload p on p.operation_id = l.id")).ShouldNotContain("very-own");
    }
}
