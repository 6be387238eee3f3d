using System.Net;
using System.Text;
using Keel.Sales;
using Keel.Simulators;
using Keel.Tests.Doors;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// What gateways tell by themselves: only what they signed, just now, and each thing once, in whatever order it comes.
public class PaymentEventTests
{
    [Fact]
    public async Task Words_that_are_not_the_gateways_own_or_not_of_now_are_refused()
    {
        await using var till = await Cashier.Open();
        await till.Authorised();
        var told = till.House.Kept[0];
        var now = till.Shop.Clock.GetUtcNow();

        (await till.Hears(told.Body, null)).ShouldBe(new(400, "no-signature"));
        (await till.Hears(told.Body, "t=later,v1=00")).ShouldBe(new(400, "no-signature"));
        (await till.Hears(told.Body, PaymentHouse.SignWith("whsec_other", told.Body, now))).ShouldBe(new(401, "wrong-signature"));
        (await till.Hears(told.Body.Replace("1210", "1", StringComparison.Ordinal), told.Signature)).ShouldBe(new(401, "wrong-signature"));
        (await till.Hears(told.Body, till.House.Sign(told.Body, now.AddMinutes(-6)))).ShouldBe(new(400, "too-old"));
        (await till.Hears(told.Body, till.House.Sign(told.Body, now.AddMinutes(2)))).ShouldBe(new(400, "from-the-future"));
        (await till.Hears("""{"id":7}""", till.House.Sign("""{"id":7}""", now))).ShouldBe(new(400, "unreadable"));
        (await till.Hears("[", till.House.Sign("[", now))).ShouldBe(new(400, "unreadable"));
        (await till.Hears(told.Body, told.Signature, "elsewhere")).ShouldBe(new(404, "unknown-gateway"));

        (await till.Shop.Number("select count(*) from sales.payment_event")).ShouldBe(0);
        (await till.Hears(told)).ShouldBe(new(200, "known"), "the answer said it before");
    }

    [Fact]
    public async Task An_event_that_comes_twice_is_booked_once_and_other_words_under_its_key_never()
    {
        await using var till = await Cashier.Open();
        var (order, intent) = await till.Authorised();
        await till.House.CaptureByHand(await till.NameOf(intent), 1210);
        var told = till.House.Kept[^1];

        (await till.Hears(told)).ShouldBe(new(200, "booked"));
        (await till.Hears(told)).ShouldBe(new(200, "known"));
        var other = told.Body.Replace("charge.captured", "charge.refunded", StringComparison.Ordinal);
        (await till.Hears(other, till.House.Sign(other, till.Shop.Clock.GetUtcNow()))).ShouldBe(new(409, "payment-event.other-words"));

        (await till.Stands(intent)).ShouldBe("Captured 1210 0 1210 0");
        (await till.Facts(order, "Captured"), await till.Shop.Number("select count(*) from sales.payment_event")).ShouldBe((1, 1));
        await till.Shop.Proves();
    }

    [Fact]
    public async Task The_same_event_at_many_doors_at_once_is_booked_once()
    {
        await using var till = await Cashier.Open();
        var (order, intent) = await till.Authorised();
        await till.House.CaptureByHand(await till.NameOf(intent), 1210);
        var told = till.House.Kept[^1];

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => till.Hears(told)));

        answers.Select(a => a.Status).Distinct().ShouldBe([200]);
        answers.Count(a => a.Result == "booked").ShouldBe(1);
        (await till.Facts(order, "Captured")).ShouldBe(1);
        await till.Shop.Proves();
    }

    [Fact]
    public async Task Events_out_of_order_come_to_the_same()
    {
        await using var till = await Cashier.Open();
        var (order, intent) = await till.Authorised();
        var name = await till.NameOf(intent);
        await till.House.CaptureByHand(name, 500);
        await till.House.CaptureByHand(name, 710);
        await till.House.RefundByHand(name, 210);

        foreach (var told in till.House.Kept.Reverse()) (await till.Hears(told)).Status.ShouldBe(200);

        (await till.Stands(intent)).ShouldBe("Captured 1210 0 1210 210");
        (await till.Paid(order)).ShouldBe(1000);
        await till.Shop.Proves();
    }

    [Fact]
    public async Task What_cannot_be_so_is_kept_with_a_case_and_never_booked()
    {
        await using var till = await Cashier.Open();
        var (order, intent) = await till.Authorised();
        var name = await till.NameOf(intent);
        await till.House.CaptureByHand(name, 1210);
        var told = till.House.Kept[^1];
        string[] wrong =
        [
            told.Body.Replace("\"eur\"", "\"usd\"", StringComparison.Ordinal), told.Body.Replace("\"amount\":1210", "\"amount\":9210", StringComparison.Ordinal),
            told.Body.Replace("\"amount_received\":1210", "\"amount_received\":1310", StringComparison.Ordinal), told.Body.Replace("\"amount_authorized\":1210", "\"amount_authorized\":10", StringComparison.Ordinal),
        ];

        foreach (var (body, i) in wrong.Select((w, i) => (w.Replace(told.Id, $"evt_odd{i}", StringComparison.Ordinal), i)))
        {
            body.ShouldNotBe(told.Body.Replace(told.Id, $"evt_odd{i}", StringComparison.Ordinal));
            (await till.Hears(body, till.House.Sign(body, till.Shop.Clock.GetUtcNow()))).ShouldBe(new(200, "kept"));
        }

        (await till.Stands(intent)).ShouldBe("Authorised 1210 1210 0 0");
        (await till.CasesOf(order)).ShouldBe("payment-unexplained");
        (await till.Paid(order)).ShouldBe(0);
    }

    [Fact]
    public async Task Money_for_an_order_that_nobody_knows_is_kept_with_a_case()
    {
        await using var till = await Cashier.Open();
        await till.Authorised();
        await till.House.CaptureByHand(await till.Shop.Text("select reference from sales.payment_intent"), 1210);
        var told = till.House.Kept[^1];
        var body = told.Body.Replace("pi_", "pi_x", StringComparison.Ordinal);

        (await till.Hears(body, till.House.Sign(body, till.Shop.Clock.GetUtcNow()))).ShouldBe(new(200, "kept"));

        (await till.Shop.Text("select subject_kind || ' ' || subject from kernel.work_case where kind = 'payment-unexplained'")).ShouldBe($"payment-event cards {told.Id}");
        (await till.Shop.Number("select count(*) from sales.payment where kind = 'Captured'")).ShouldBe(0);
    }

    [Fact]
    public async Task What_no_event_tells_is_asked_for()
    {
        await using var till = await Cashier.Open(validDays: 30);
        var (order, intent) = await till.Authorised();
        till.House.Faults.Lost = true;
        await till.House.CaptureByHand(await till.NameOf(intent), 1210);

        await till.Tends(TimeSpan.FromDays(2));

        (await till.Stands(intent)).ShouldBe("Captured 1210 0 1210 0");
        (await till.Paid(order)).ShouldBe(1210);
        await till.Shop.Proves();
    }

    [Fact]
    public async Task An_event_answers_the_wish_that_caused_it()
    {
        await using var till = await Cashier.Open();
        var (order, intent) = await till.Authorised();
        till.House.Faults.SilentAfterDoing = 1;
        await till.Captures(intent);

        (await till.Hears(till.House.Kept[^1])).ShouldBe(new(200, "booked"));

        (await till.Shop.Text("select string_agg(state, ' ' order by position) from sales.payment_step where kind = 'Capture'")).ShouldBe("Asked Unknown Confirmed");
        await till.Tends(TimeSpan.FromHours(1));
        (till.House.Charges, await till.Facts(order, "Captured")).ShouldBe((1, 1));
        await till.Shop.Proves();
    }

    [Fact]
    public async Task An_event_that_names_a_wish_and_shows_nothing_of_it_is_no_answer_to_it()
    {
        await using var till = await Cashier.Open();
        var (order, intent) = await till.Authorised();
        var told = till.House.Kept[0];
        till.House.Faults.Broken = 1;
        await till.Captures(intent);
        var body = told.Body.Replace(told.Id, "evt_other", StringComparison.Ordinal)
            .Replace(await till.Shop.Text("select replace(wish::text, '-', '') from sales.payment_step where kind = 'Authorise' limit 1"), await till.Shop.Text("select replace(wish::text, '-', '') from sales.payment_step where kind = 'Capture' limit 1"), StringComparison.Ordinal);
        body.ShouldNotBe(told.Body.Replace(told.Id, "evt_other", StringComparison.Ordinal));

        (await till.Hears(body, till.House.Sign(body, till.Shop.Clock.GetUtcNow()))).ShouldBe(new(200, "known"));

        (await till.Shop.Text("select string_agg(state, ' ' order by position) from sales.payment_step where kind = 'Capture'")).ShouldBe("Asked Unknown");
        await till.Tends(TimeSpan.FromHours(1));
        (till.House.Charges, await till.Facts(order, "Captured")).ShouldBe((1, 1));
        await till.Shop.Proves();
    }

    [Fact, Feature("OM-24")]
    public async Task A_refund_that_is_refused_has_a_case_though_its_order_is_over()
    {
        await using var till = await Cashier.Open();
        var (order, intent) = await till.Authorised();
        await till.Captures(intent);
        await till.Shop.Ships(order);
        await till.Shop.Delivers();
        till.House.Faults.Lost = true;
        await till.House.RefundByHand(await till.NameOf(intent), 1210);

        (await till.Refunds(intent)).ShouldBeNull();

        (await till.CasesOf(order)).ShouldBe("payment-refused");
        till.House.Money.ShouldBe((1210L, 1210L));
        await till.Shop.Proves();
    }

    [Fact, Feature("OM-24")]
    public async Task Money_that_comes_for_a_cancelled_order_is_a_deposit_with_a_case()
    {
        await using var till = await Cashier.Open();
        var (order, intent) = await till.Authorised();
        till.House.Faults.Broken = 1;
        await till.Shop.Cancels(order);
        await till.Shop.Delivers();
        await till.House.CaptureByHand(await till.NameOf(intent), 1210);

        (await till.Hears(till.House.Kept[^1])).ShouldBe(new(200, "booked"));
        await till.Tends(TimeSpan.FromMinutes(5));

        (await till.CasesOf(order)).ShouldBe("payment-late");
        (await till.Paid(order)).ShouldBe(1210);
        (await till.Refunds(intent)).ShouldBeNull();
        (await till.Paid(order), till.House.Money).ShouldBe((0, (1210L, 1210L)));
        await till.Shop.Proves();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_the_books_say_what_the_gateway_took_and_gave_back(int seed)
    {
        await using var till = await Cashier.Open(validDays: 60);
        var random = new Random(seed);
        await till.Shop.Stocks("MUG-BL", 40);
        var orders = new List<CapturedOrder>();
        var intents = new List<Id<PaymentIntent>>();
        for (var i = 0; i < 3; i++)
        {
            orders.Add(await till.Shop.Takes(("MUG-BL", 3)));
            intents.Add(await till.Authorises(orders[i]));
        }

        for (var step = 0; step < 60; step++)
        {
            var (one, cents) = (intents.Count == 0 ? default : intents[random.Next(intents.Count)], 1 + random.Next(1500));
            switch (random.Next(10))
            {
                case 0: orders.Add(await till.Shop.Takes(("MUG-BL", 1 + random.Next(3)))); break;
                case 1 when orders.Count > 0: if ((await till.Asks(orders[random.Next(orders.Count)], random.Next(4) == 0 ? "tok_declined" : "tok_fine", random.Next(2) == 0 ? cents : null)).Intent is { } made) intents.Add(made); break;
                case 2 or 8 when intents.Count > 0: await till.Captures(one, random.Next(2) == 0 ? cents : null); break;
                case 3 when intents.Count > 0: await till.Refunds(one, cents); break;
                case 4 when intents.Count > 0 && random.Next(3) == 0: await till.Voids(one); break;
                case 5 when orders.Count > 0: await till.Shop.Ships(orders[random.Next(orders.Count)]); break;
                case 6 when orders.Count > 0 && random.Next(3) == 0: await till.Shop.Cancels(orders[random.Next(orders.Count)]); break;
                case 7: till.House.Faults.SilentAfterDoing = random.Next(3); till.House.Faults.Broken = random.Next(2); till.House.Faults.Twice = random.Next(2) == 0; break;
                default: foreach (var told in till.House.Kept.OrderBy(_ => random.Next()).Take(5).ToArray()) await till.Hears(told); break;
            }

            if (random.Next(3) == 0) await till.Tends(TimeSpan.FromMinutes(random.Next(90)));
        }

        (till.House.Faults.SilentAfterDoing, till.House.Faults.Broken) = (0, 0);
        for (var i = 0; i < 6; i++) await till.Tends(TimeSpan.FromHours(2));

        (await till.Shop.Number("select count(*) from sales.payment_step a where state = 'Asked' and not exists (select from sales.payment_step f where f.wish = a.wish and f.state in ('Confirmed', 'Refused'))")).ShouldBe(0);
        var booked = (await till.Shop.Number("select coalesce(sum(amount), 0)::bigint from sales.payment where kind = 'Captured'"), await till.Shop.Number("select coalesce(sum(amount), 0)::bigint from sales.payment where kind = 'Refunded'"));
        booked.ShouldBe(till.House.Money);
        till.House.Money.Captured.ShouldBeGreaterThan(0);
        (await till.Shop.Number("select coalesce(sum(paid), 0)::bigint from sales.orders")).ShouldBe(booked.Item1 - booked.Item2);
        await till.Shop.Proves();
    }

    [Fact]
    public async Task A_gateway_tells_over_http()
    {
        await using var web = await WebShop.Open();
        await using var house = await PaymentHouse.Open(TimeProvider.System);
        await Cashier.Sets(web.Shop, house);
        await web.Shop.Stocks("MUG-BL", 1);
        var order = await web.Shop.Takes(("MUG-BL", 1));
        house.Hook = new Uri(web.Address, "/webhooks/payments/cards");
        house.Faults.Late = true;
        await web.Shop.Must<AuthorisePayments, AuthorisePayments.Request, IReadOnlyList<IntentAnswer>>(new([new(order.Id!.Value, "cards", "card", "tok_fine")]));
        await web.Shop.Delivers();
        await house.CaptureByHand(await web.Shop.Text("select reference from sales.payment_intent"), 1210);

        (await house.Release(all => all.Reverse().Concat(all))).ShouldBe([200, 200, 200, 200]);
        using var http = web.Client(null);
        using var forged = await http.PostAsync(house.Hook, new StringContent("{}", Encoding.UTF8, "application/json"));
        using var huge = await http.PostAsync(house.Hook, new StringContent(new string('x', 300_000), Encoding.UTF8, "application/json"));

        (forged.StatusCode, huge.StatusCode).ShouldBe((HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge));
        (await web.Shop.Number("select paid from sales.orders")).ShouldBe(1210);
        (await web.Shop.Text("select string_agg(outcome, ' ' order by outcome) from sales.payment_event")).ShouldBe("Booked Known");
        await web.Shop.Proves();
    }
}
