using Keel.Ledger;
using Keel.Ledger.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Ledger;

public class DivisionTests
{
    [Fact, Feature("AC-03", "AC-39")]
    public void A_payment_is_divided_without_losing_a_cent_whatever_the_items_are()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var items = Enumerable.Range(0, random.Next(1, 12)).Select(n => Item(n, random.NextInt64(1, 5_000), random.NextInt64(0, 5_000))).ToList();
            var payment = new Money(random.NextInt64(1, 20_000), Currency.Eur);

            var settled = Division.Of(items, payment, random.Next(2) == 0 ? SettleFirst.Oldest : SettleFirst.Largest);

            settled.Sum(s => s.Amount.Minor).ShouldBe(Math.Min(payment.Minor, items.Sum(i => i.OpenAmount.Minor)));
            settled.ShouldAllBe(s => s.Amount.Minor > 0 && s.Amount <= s.Item.OpenAmount && s.CompanyAmount.Minor >= 0 && s.CompanyAmount <= s.Item.CompanyOpen);
            settled.Where(s => s.Amount == s.Item.OpenAmount).ShouldAllBe(s => s.CompanyAmount == s.Item.CompanyOpen);
            settled.Count(s => s.Amount != s.Item.OpenAmount).ShouldBeLessThanOrEqualTo(1);
        }
    }

    [Fact]
    public void The_oldest_or_the_largest_is_settled_first()
    {
        OpenItem[] items = [Item(2, 500, 500), Item(1, 100, 100), Item(3, 300, 300)];

        Division.Of(items, new Money(550, Currency.Eur), SettleFirst.Oldest).Select(s => s.Amount.Minor).ShouldBe([100, 450]);
        Division.Of(items, new Money(550, Currency.Eur), SettleFirst.Largest).Select(s => s.Amount.Minor).ShouldBe([500, 50]);
    }

    private static OpenItem Item(int day, long open, long company)
    {
        var money = new Money(open, Currency.Eur);
        return new OpenItem(
            default, "customer-receivable", new DocumentRef("invoice", Guid.NewGuid(), $"I-{day}"), Currency.Eur, Side.Debit, Guid.Empty, null, null,
            new DateOnly(2026, 3, day + 1), new DateOnly(2026, 3, day + 1), money, money, new Money(company, Currency.Eur), company, Currency.Eur);
    }
}
