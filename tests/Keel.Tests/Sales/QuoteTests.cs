using Keel.Kernel;
using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Pricing.PriceLists;
using Keel.Sales;
using Keel.Sales.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// Prices offered until a day: what was sent stays, and an acceptance is one order at those prices.
public class QuoteTests
{
    private static readonly Contact Hotel = new("Hotel Zee BV", "front@zee.example", null, new PostalAddress("Zijlweg 12", null, "2013 DH", "Haarlem", null, "NL"));

    [Fact, Feature("CR-04")]
    public async Task A_quote_that_is_accepted_becomes_one_order_at_the_agreed_prices_however_lists_change()
    {
        await using var shop = await Shop.Open();
        var hotel = await Customer(shop);
        await shop.Stocks("BOWL", 20);
        var quote = await Writes(shop, hotel, null, new SaveQuote.Item("BOWL", 10, new UnitPrice(20_000_000, Currency.Eur)), new SaveQuote.Item("MUG-BL", 2));
        quote.Gross.ShouldBe(new Money(224_20, Currency.Eur));
        await Sends(shop, quote);
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new("BOWL", 99), new("MUG-BL", 99)]));

        var order = await Accepts(shop, quote);

        (await shop.Text($"select number || ' ' || gross || ' ' || channel_number from sales.orders where id = '{order.Value.Id}'")).ShouldBe($"{order.Value.Order} 22420 {quote.Number}");
        (await shop.Text($"select customer_id::text from sales.orders where id = '{order.Value.Id}'")).ShouldBe(await shop.Text($"select id::text from partners.partner where number = '{hotel}'"));
        (await shop.Text("select status || ' ' || order_number from sales.quote")).ShouldBe($"Accepted {order.Value.Order}");
        await shop.Proves();
    }

    [Fact, Feature("CR-04")]
    public async Task Accepted_ten_times_at_once_it_is_one_order_and_the_others_are_told_which()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 100);
        var quote = await Writes(shop, await Customer(shop), null, new SaveQuote.Item("BOWL", 1));
        await Sends(shop, quote);

        var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => Accepts(shop, quote))));

        all.Count(a => !a.Value.Duplicate).ShouldBe(1);
        all.Select(a => a.Value.Order).Distinct().Count().ShouldBe(1);
        (await shop.Number("select count(*) from sales.orders")).ShouldBe(1);
        await shop.Proves();
    }

    [Fact, Feature("CR-04")]
    public async Task What_was_sent_stays_and_a_change_is_a_further_version_that_has_to_be_sent_again()
    {
        await using var shop = await Shop.Open();
        var hotel = await Customer(shop);
        var quote = await Writes(shop, hotel, null, new SaveQuote.Item("BOWL", 1));
        await Writes(shop, hotel, quote.Id, new SaveQuote.Item("BOWL", 2));
        (await shop.Number("select count(*) from sales.quote_version")).ShouldBe(1, "a draft is changed as it stands");
        await Sends(shop, quote);

        var second = await Writes(shop, hotel, quote.Id, new SaveQuote.Item("BOWL", 3));

        second.Version.ShouldBe(2);
        (await shop.Text("select string_agg(version || ': ' || quantity / 1000, ', ' order by version) from sales.quote_line")).ShouldBe("1: 2, 2: 3");
        (await Accepts(shop, quote)).Error!.Message.ShouldBe($"{quote.Number} was not sent yet in version 2: send it first.");
        await Should.ThrowAsync<Npgsql.PostgresException>(() => shop.Text("update sales.quote_line set unit_price = 1 where version = 1"));
        await Should.ThrowAsync<Npgsql.PostgresException>(() => shop.Text("delete from sales.quote_version where version = 1"));
        await Sends(shop, quote);
        (await shop.Number($"select units from sales.orders where id = '{(await Accepts(shop, quote)).Value.Id}'")).ShouldBe(3_000);
        (await shop.Does<SaveQuote, SaveQuote.Request, SaveQuote.Answer>(new("webshop", hotel, [new("BOWL", 1)], quote.Id))).Error!.Code.ShouldBe("quote.over");
    }

    [Fact, Feature("CR-04")]
    public async Task A_quote_whose_day_has_passed_is_refused_and_renewed_at_the_same_prices()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 10);
        var quote = await Writes(shop, await Customer(shop), null, new SaveQuote.Item("BOWL", 1, new UnitPrice(22_000_000, Currency.Eur)));
        await Sends(shop, quote);
        shop.Clock.Step(TimeSpan.FromDays(30));
        await shop.Runs<ExpireQuotesJob>();
        (await shop.Text("select status from sales.quote")).ShouldBe("Sent", "it is good until the end of its day");
        shop.Clock.Step(TimeSpan.FromDays(1));

        (await Accepts(shop, quote)).Error!.Message.ShouldBe($"{quote.Number} was good until 2026-04-09: renew it, and send it again.");
        await shop.Runs<ExpireQuotesJob>();
        (await shop.Text("select status from sales.quote")).ShouldBe("Expired");
        (await shop.Must<RenewQuotes, RenewQuotes.Request, IReadOnlyList<QuoteAnswer>>(new([quote.Id])))[0].Status.ShouldBe(QuoteStatus.Draft);
        await Sends(shop, quote);
        (await shop.Number($"select gross from sales.orders where id = '{(await Accepts(shop, quote)).Value.Id}'")).ShouldBe(22_00);
        (await shop.Text("select string_agg(version || ' ' || valid_until, ', ' order by version) from sales.quote_version")).ShouldBe("1 2026-04-09, 2 2026-05-10");
    }

    [Fact, Feature("CR-04", "CR-03")]
    public async Task The_customers_own_list_holds_and_a_price_below_it_waits_for_a_yes_where_a_policy_wants_one()
    {
        await using var shop = await Shop.Open();
        var hotel = await Customer(shop);
        await shop.Must<SavePriceList, SavePriceList.Request, Saved[]>(new("hotels", "Hotels", Currency.Eur, Customer: hotel));
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("hotels", [new("BOWL", 18)]));
        (await Writes(shop, hotel, null, new SaveQuote.Item("BOWL", 2))).Gross.ShouldBe(new Money(36_00, Currency.Eur));

        await using var scope = shop.Scope();
        var saving = ActivatorUtilities.CreateInstance<SaveQuote>(scope.ServiceProvider);
        var request = new SaveQuote.Request("webshop", hotel, [new("BOWL", 2, new UnitPrice(15_000_000, Currency.Eur))]);
        var effect = await saving.Assess(request, (await saving.Run(request, default)).Value, default);
        effect.Amount.ShouldBe(new Money(6_00, Currency.Eur));
        effect.Exceptions.ShouldBe(["below-list"]);
    }

    [Fact, Feature("CR-04", "AP-02")]
    public async Task What_is_offered_again_below_the_lists_of_today_is_a_concession_like_any_other()
    {
        await using var shop = await Shop.Open();
        var quote = await Writes(shop, await Customer(shop), null, new SaveQuote.Item("BOWL", 2));
        await Sends(shop, quote);
        (await Renewed()).ShouldBe(Effect.Nothing, "it is what the list says");
        await Sends(shop, quote);
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new("BOWL", 30)]));

        var effect = await Renewed();

        effect.Amount.ShouldBe(new Money(11_60, Currency.Eur));
        effect.Exceptions.ShouldBe(["below-list"]);

        async Task<Effect> Renewed()
        {
            await using var scope = shop.Scope();
            var renewing = ActivatorUtilities.CreateInstance<RenewQuotes>(scope.ServiceProvider);
            var request = new RenewQuotes.Request([quote.Id]);
            var answer = (await renewing.Run(request, default)).Value;
            var found = await renewing.Assess(request, answer, default);
            await scope.ServiceProvider.GetRequiredService<KeelDb>().Flush(default);
            await shop.Must<RenewQuotes, RenewQuotes.Request, IReadOnlyList<QuoteAnswer>>(request);
            return found;
        }
    }

    [Fact, Feature("CR-04")]
    public async Task A_lost_quote_keeps_why_and_can_only_be_copied()
    {
        await using var shop = await Shop.Open();
        var quote = await Writes(shop, await Customer(shop), null, new SaveQuote.Item("BOWL", 1));
        await Sends(shop, quote);

        (await shop.Must<DeclineQuotes, DeclineQuotes.Request, IReadOnlyList<QuoteAnswer>>(new([quote.Id], LostReason.Competitor, "cheaper by ten per cent")))[0].Status.ShouldBe(QuoteStatus.Lost);

        (await shop.Text("select lost_reason || ': ' || lost_note from sales.quote")).ShouldBe("Competitor: cheaper by ten per cent");
        (await Accepts(shop, quote)).Error!.Code.ShouldBe("quote.over");
        (await shop.Must<SendQuotes, SendQuotes.Request, IReadOnlyList<QuoteAnswer>>(new([quote.Id])))[0].Why.ShouldBe("It is lost: only a draft is sent.");
    }

    [Fact, Feature("CR-04")]
    public async Task A_sent_quote_is_mailed_to_its_customer_once_per_version()
    {
        await using var shop = await Shop.Open();
        var quote = await Writes(shop, await Customer(shop), null, new SaveQuote.Item("BOWL", 2));
        await Sends(shop, quote);
        await shop.Delivers();

        (await shop.Text("select title from messages.mail where template = 'quote'")).ShouldBe($"Our quote {quote.Number}");
        (await shop.Text("select text from messages.mail where template = 'quote'")).ShouldContain("2 × Bowl");
    }

    [Fact, Feature("CR-04")]
    public async Task What_makes_no_quote_is_refused_with_what_to_do()
    {
        await using var shop = await Shop.Open();
        var hotel = await Customer(shop);
        async Task<string> Refused(SaveQuote.Request request) => (await shop.Does<SaveQuote, SaveQuote.Request, SaveQuote.Answer>(request)).Error!.Code;

        (await Refused(new("webshop", "C-NOBODY", [new("BOWL", 1)]))).ShouldBe("quote.customer-unknown");
        (await Refused(new("bazaar", hotel, [new("BOWL", 1)]))).ShouldBe("quote.marketplace");
        (await Refused(new("webshop", hotel, [new("NOTHING", 1)]))).ShouldBe("order.sku-unknown");
        (await Refused(new("webshop", hotel, [new("BOWL", 1)], ValidUntil: new DateOnly(2026, 3, 9)))).ShouldBe("quote.valid-in-the-past");
        (await shop.Number("select count(*) from sales.quote")).ShouldBe(0);
    }

    internal static async Task<string> Customer(Shop shop, int limit = 1000)
    {
        await shop.Must<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(Hotel, PaymentTermsDays: 14, CreditLimit: new Money(limit * 100, Currency.Eur))]));
        return await shop.Text("select number from partners.partner where email = 'front@zee.example'");
    }

    internal static Task<SaveQuote.Answer> Writes(Shop shop, string customer, Id<Quote>? quote, params SaveQuote.Item[] lines) => shop.Must<SaveQuote, SaveQuote.Request, SaveQuote.Answer>(new("webshop", customer, lines, quote));

    internal static async Task Sends(Shop shop, SaveQuote.Answer quote) => (await shop.Must<SendQuotes, SendQuotes.Request, IReadOnlyList<QuoteAnswer>>(new([quote.Id])))[0].Status.ShouldBe(QuoteStatus.Sent);

    internal static Task<Result<AcceptQuote.Answer>> Accepts(Shop shop, SaveQuote.Answer quote) => shop.Does<AcceptQuote, AcceptQuote.Request, AcceptQuote.Answer>(new(quote.Id));
}
