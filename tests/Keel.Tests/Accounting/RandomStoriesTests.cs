using Keel.Accounting;
using Keel.Sales.Contract;
using Keel.Tests.Ledger;
using Shouldly;
using Xunit;

namespace Keel.Tests.Accounting;

/// Whatever customers do in whatever order and currency: every entry balances, and what is open is what they owe.
public class RandomStoriesTests
{
    [Theory, Feature("AC-14", "AC-27", "AC-42"), InlineData(1, "EUR"), InlineData(2, "USD"), InlineData(3, "JPY"), InlineData(4, "KWD")]
    public async Task Any_story_of_money_balances_and_leaves_open_what_is_owed(int seed, string code)
    {
        await using var shop = await BookShop.Open();
        var (random, currency) = (new Random(seed), Currency.Of(code));
        var orders = Enumerable.Range(0, 8).Select(n => new Story(Facts.Document("order", $"{code}-{n}"), currency)).ToArray();

        for (var step = 0; step < 60; step++)
        {
            shop.Now += TimeSpan.FromMinutes(1);
            if (currency != Currency.Eur && step % 10 == 0) await shop.Does<SetExchangeRate, SetExchangeRate.Request, Done>(new(currency, random.Next(1, 30_000) / 10_000m, BookShop.Today));
            var facts = Enumerable.Range(0, random.Next(1, 5)).Select(_ => orders[random.Next(orders.Length)].Next(random)).ToArray();
            await shop.Tells(facts);
        }

        foreach (var order in orders)
        {
            (await Open(shop, order, "customer-deposits", "Credit")).ShouldBe(order.Deposit);
            (await Open(shop, order, "customer-receivable", "Debit")).ShouldBe(order.Owed);
            (await Open(shop, order, "customer-receivable", "Credit")).ShouldBe(order.Credited);
        }

        (await shop.Balance("suspense")).ShouldBe(0);
        var report = await ProofTests.Proves(shop, ProofDepth.Full);
        report.Checks.Where(c => c.Name.StartsWith("ledger.", StringComparison.Ordinal) && c.Differences > 0).Select(c => c.Name + c.Examples[0]).ShouldBeEmpty();
    }

    private static Task<long> Open(BookShop shop, Story order, string account, string side) => shop.Scalar(
        $"select coalesce(sum(open_amount), 0)::bigint from ledger.open_item where coalesce(order_id, document_id) = '{order.Ref.Id}' and account = '{account}' and side = '{side}'");

    /// One order's money, as Sales would keep it.
    private sealed class Story(DocumentRef order, Currency currency)
    {
        private int documents;

        public DocumentRef Ref => order;
        public long Deposit { get; private set; }
        public long Owed { get; private set; }
        public long Credited { get; private set; }

        public IEvent Next(Random random) => random.Next(5) switch
        {
            0 => Capture(random.Next(1, 100_000)),
            1 or 2 => Invoice(random.Next(1, 100_000), random.Next(0, 20_000)),
            3 => Credit(random.Next(1, 50_000), random.Next(0, 10_000)),
            _ when Deposit + Credited > 0 => Refund(random.NextInt64(1, Deposit + Credited + 1)),
            _ => Capture(random.Next(1, 1_000)),
        };

        private PaymentRecorded Capture(long amount)
        {
            var settles = Math.Min(amount, Owed);
            (Owed, Deposit) = (Owed - settles, Deposit + amount - settles);
            return Facts.Payment(PaymentKind.Captured, In(amount), settles: In(settles)) with { Order = order };
        }

        private PaymentRecorded Refund(long amount)
        {
            var credits = Math.Min(amount, Credited);
            (Credited, Deposit) = (Credited - credits, Deposit - (amount - credits));
            return Facts.Payment(PaymentKind.Refunded, In(amount), credits: In(credits)) with { Order = order };
        }

        private InvoiceIssued Invoice(long net, long tax)
        {
            var before = Math.Min(Deposit, net + tax);
            (Deposit, Owed) = (Deposit - before, Owed + net + tax - before);
            return Facts.Invoice($"{order.Number}-I{++documents}", In(net), In(tax), paidBefore: In(before)) with { Order = order };
        }

        private InvoiceIssued Credit(long net, long tax)
        {
            var unpaid = Math.Min(Owed, net + tax);
            (Owed, Credited) = (Owed - unpaid, Credited + net + tax - unpaid);
            return Facts.Invoice($"{order.Number}-C{++documents}", In(net), In(tax), credit: true) with { Order = order };
        }

        private Money In(long minor) => new(minor, currency);
    }
}
