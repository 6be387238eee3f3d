using Keel.Partners.Contract;
using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

public class OrderRiskTests
{
    [Fact, Feature("OM-23", "EX-08", "AI-10")]
    public async Task An_order_that_looks_risky_reserves_nothing_until_somebody_who_may_clears_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 50);
        await Scores(shop, new(RiskSign.DisposableMail, 60), new(RiskSign.FirstOrder, 20));

        var good = await shop.Takes(("BOWL", 1));
        var risky = (await shop.Tries(From(shop, "elin@drop.throwaway.example", ("BOWL", 2)))).Value;

        (await Told(shop, good)).ShouldBe("20 Pass It is the customer's first order.");
        (await Told(shop, risky)).ShouldBe("80 Hold The mailbox is at drop.throwaway.example, which is for throwing away. It is the customer's first order.");
        (good.Status, risky.Status, risky.Hold).ShouldBe((OrderStatus.Reserved, OrderStatus.OnHold, "fraud"));
        (await shop.Text($"select kind || ' ' || owner from kernel.work_case where subject_id = '{risky.Id}'")).ShouldBe("order-fraud operations");

        // Nobody confirms, reserves, releases or ships it, whatever they may do.
        (await shop.Must<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([risky.Id!.Value])))[0].Why.ShouldBe("Its risk stops it: somebody who may clear risks clears it, or refuses it.");
        (await shop.Must<ReserveOrders, ReserveOrders.Request, IReadOnlyList<ReserveOrders.Answer>>(new([risky.Id.Value])))[0].Why!.ShouldContain("only orders that are confirmed");
        (await shop.Ships(risky)).Why.ShouldNotBeNull();
        await shop.Runs<ReserveDueJob>();
        (await shop.Position("BOWL")).Reserved.ShouldBe(1, "only the good one");
        (await shop.Number($"select count(*) from stock.reservation where document_id = '{risky.Id}'")).ShouldBe(0);

        // All of sales is not enough to clear it.
        var clerk = await shop.Person("Servicio", "service");
        (await shop.Asks<ClearRisk>(new ClearRisk.Request([risky.Id.Value], "called her"), shop.By(clerk))).Error!.Kind.ShouldBe(Refusal.Forbidden);
        var lead = await shop.Person("Lead", "operations");
        (await shop.Does<ClearRisk, ClearRisk.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([risky.Id.Value], "called her"), shop.By(lead))).Value[0].Status.ShouldBe(OrderStatus.Reserved);

        (await shop.Position("BOWL")).Reserved.ShouldBe(3);
        (await shop.Text($"select verdict || ' ' || said_by from sales.risk_outcome where order_id = '{risky.Id}'")).ShouldBe("Good Lead");
        (await shop.Number("select count(*) from kernel.work_case where state <> 'Closed'")).ShouldBe(0);
        (await shop.Ships(risky)).Why.ShouldBeNull();
        await shop.Proves();
    }

    [Fact, Feature("OM-23", "AI-10")]
    public async Task A_refused_order_is_cancelled_as_fraud_and_precision_and_recall_are_told_from_what_people_said()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 50);
        await Scores(shop, new RiskRule(RiskSign.DisposableMail, 80));
        var fraud = (await shop.Tries(From(shop, "a@throwaway.example", ("BOWL", 1)))).Value;
        var harmless = (await shop.Tries(From(shop, "b@throwaway.example", ("BOWL", 1)))).Value;
        var unseen = await shop.Takes(("BOWL", 1));

        (await shop.Must<RefuseRisk, RefuseRisk.Request, IReadOnlyList<CancelOrders.Answer>>(new([fraud.Id!.Value, unseen.Id!.Value], "denies the order"))).Select(a => a.Cancelled).ShouldBe([true, false]);
        (await shop.Must<RecordRiskOutcomes, RecordRiskOutcomes.Request, IReadOnlyList<RecordRiskOutcomes.Answer>>(new([harmless.Id!.Value], RiskVerdict.Good)))[0].Why.ShouldBe("Its risk stops it: clear it, or refuse it as fraud.");
        await shop.Must<ClearRisk, ClearRisk.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([harmless.Id.Value], "known by phone"));
        await shop.Must<RecordRiskOutcomes, RecordRiskOutcomes.Request, IReadOnlyList<RecordRiskOutcomes.Answer>>(new([unseen.Id.Value], RiskVerdict.Fraud));

        (await shop.StatusOf(fraud)).ShouldBe(OrderStatus.Cancelled);
        (await shop.Text($"select resolution_code from kernel.work_case where subject_id = '{fraud.Id}'")).ShouldBe("fraud");
        await using var scope = shop.Scope();
        var record = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<RiskRecord>(scope.ServiceProvider);
        var at = (await record.Decisions()).Single(d => d.FromScore == 70);
        (at.Flagged, at.Hit, at.Fraud, at.Precision, at.Recall).ShouldBe((2, 1, 2, "50 %", "50 %"));
        await shop.Proves();
    }

    [Fact, Feature("AI-09", "AI-10")]
    public async Task Velocity_counts_what_came_before_in_the_house_and_in_the_same_list_and_others_at_the_same_address()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", onHand: 50);
        await Scores(shop, new(RiskSign.OrdersInHour, 30, 3), new(RiskSign.SharedAddress, 20, 3), new(RiskSign.DigitsInMail, 10), new(RiskSign.ShortPhone, 10), new(RiskSign.OtherCountry, 10));

        var first = (await shop.Tries(From(shop, "ida@example.org", ("MUG-BL", 1)))).Value;
        var listed = (await shop.Does<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new([From(shop, "IDA@example.org", ("MUG-BL", 1)), From(shop, "ida@example.org", ("MUG-BL", 2))]))).Value;
        var neighbour = (await shop.Tries(From(shop, "k1234567@example.org", ("MUG-BL", 1)))).Value;
        shop.Clock.Step(TimeSpan.FromHours(2));
        var later = (await shop.Tries(From(shop, "ida@example.org", ("MUG-BL", 1)))).Value;
        var abroad = (await shop.Tries(From(shop, "may@example.org", ("MUG-BL", 1)) with { ShipTo = new PostalAddress("Kai 1", null, "20457", "Hamburg", null, "DE"), Customer = Contact("may@example.org") with { Phone = "123" } })).Value;

        (await Told(shop, first)).ShouldBe("0 Pass ");
        (await Told(shop, listed[0])).ShouldBe("0 Pass ");
        (await Told(shop, listed[1])).ShouldBe("30 Pass It is the customer's order 3 within an hour.");
        (await Told(shop, neighbour)).ShouldBe("30 Pass 3 orders of others go to the same address within a day. The mailbox's name has 7 digits.");
        (await Told(shop, later)).ShouldBe("0 Pass ");
        (await Told(shop, abroad)).ShouldBe("20 Pass The customer's address is in NL, the goods go to DE. The phone has 3 digits.");
    }

    [Fact, Feature("AI-09", "AI-10")]
    public async Task Value_returns_and_channels_count_as_the_policy_says()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", onHand: 500);
        for (var i = 0; i < 3; i++)
        {
            var kept = (await shop.Tries(From(shop, "old@example.org", ("MUG-BL", 4)))).Value;
            await shop.Ships(kept);
            await shop.Must<Keel.Sales.NumberInvoices, NumberInvoices.Request, int>(new());
            await shop.Credits(kept, 1, 3);
        }

        await Scores(shop, new(RiskSign.UnusualValue, 45, 5), new(RiskSign.ManyReturns, 15));
        (await Told(shop, (await shop.Tries(From(shop, "old@example.org", ("MUG-BL", 10)))).Value)).ShouldBe("15 Pass 75 % of what the customer got came back.");
        var large = (await shop.Tries(From(shop, "old@example.org", ("MUG-BL", 60)))).Value;
        (await shop.Text($"select score || ' ' || effect from sales.order_risk where order_id = '{large.Id}'")).ShouldBe("60 Warn");
        large.Status.ShouldBe(OrderStatus.Reserved, "what is marked goes on");
        await shop.TakesFromBazaar(("MUG-BL", 1));
        (await shop.Number("select count(*) from sales.order_risk")).ShouldBe(2, "a marketplace is scored where it is named only");
    }

    [Fact, Feature("OM-23")]
    public async Task What_is_cleared_of_its_risk_and_doubted_otherwise_waits_for_the_other_doubt()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 50);
        await Scores(shop, new RiskRule(RiskSign.DisposableMail, 90));
        await shop.Chooses(OrderChecks.Kind, new OrderChecks([new OrderCheck(CheckKind.ManyUnits, CheckEffect.Hold, Units: 5)]));
        var both = (await shop.Tries(From(shop, "a@throwaway.example", ("BOWL", 6)))).Value;
        both.Hold.ShouldBe("fraud");
        (await shop.Text($"select string_agg(kind, ', ' order by kind) from kernel.work_case where subject_id = '{both.Id}'")).ShouldBe("order-fraud, order-many-units");

        var cleared = (await shop.Must<ClearRisk, ClearRisk.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([both.Id!.Value], "a school")))[0];
        (cleared.Status, cleared.Why).ShouldBe((OrderStatus.OnHold, "Its risk is cleared. It waits for another doubt to be settled: confirm it when that is done."));
        (await shop.Text($"select hold from sales.orders where id = '{both.Id}'")).ShouldBe("many-units");
        (await shop.Must<ClearRisk, ClearRisk.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([both.Id.Value], "a school")))[0].Why.ShouldBe("No risk stops it: confirm it instead.");
        (await shop.Must<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([both.Id.Value])))[0].Status.ShouldBe(OrderStatus.Reserved);
        await shop.Proves();
    }

    [Fact, Feature("OM-23", "OM-25")]
    public async Task Who_is_asked_gets_a_mail_and_the_order_waits()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 50);
        await Scores(shop, new RiskRule(RiskSign.DisposableMail, 90));
        var risky = (await shop.Tries(From(shop, "a@throwaway.example", ("BOWL", 1)))).Value;

        (await shop.Must<AskCustomers, AskCustomers.Request, IReadOnlyList<AskCustomers.Answer>>(new([risky.Id!.Value], "Did you order a bowl?")))[0].Asked.ShouldBeTrue();
        await shop.Delivers();

        (await shop.Number("select count(*) from messages.mail where title like 'A question about your order%' and text like '%Did you order a bowl?%'")).ShouldBe(1);
        (await shop.StatusOf(risky)).ShouldBe(OrderStatus.OnHold);
        var other = await shop.Takes(("BOWL", 1));
        (await shop.Must<AskCustomers, AskCustomers.Request, IReadOnlyList<AskCustomers.Answer>>(new([other.Id!.Value], "Is it meant?")))[0].Why.ShouldBe("It is reserved, not on hold.");
    }

    internal static Task Scores(Shop shop, params RiskRule[] rules) => shop.Chooses(OrderRisk.Kind, new OrderRisk(40, 70, rules, DisposableDomains: ["throwaway.example"]));

    internal static NewOrder From(Shop shop, string email, params (Sku Sku, int Quantity)[] lines) => shop.NewOrder("webshop", lines) with { Customer = Contact(email) };

    private static Contact Contact(string email) => new(email.Split('@')[0], email, null, new PostalAddress("Zijlweg 12", null, "2013 DH", "Haarlem", null, "NL"));

    internal static Task<string> Told(Shop shop, CapturedOrder order) => shop.Text(
        $"select r.score || ' ' || r.effect || ' ' || coalesce((select string_agg(e ->> 'sentence', ' ' order by n) from jsonb_array_elements(r.reasons) with ordinality as x (e, n)), '') from sales.order_risk r where r.order_id = '{order.Id}'");
}
