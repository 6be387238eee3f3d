using FsCheck;
using FsCheck.Fluent;
using Keel.Pricing.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Pricing;

public class TaxEngineTests
{
    private sealed record Case(DocumentTerms Terms, PricedLine[] Lines, Money Charged);

    /// Documents with prices and discounts, in currencies of none, two and three decimals, with and without tax in their prices.
    private static readonly Gen<Case> Documents =
        from currency in Gen.Elements("EUR", "JPY", "KWD").Select(Currency.Of)
        from isGross in Gen.Elements(true, false)
        from standard in Gen.Elements(0m, 2.1m, 19m, 21m, 25.5m, 100m)
        from reduced in Gen.Elements(0m, 5.5m, 7m, 9m)
        from lines in Lines(currency).NonEmptyListOf()
        from charged in Gen.Choose(-50_000, 500_000)
        select new Case(Terms(currency, isGross, standard, reduced), [.. lines], new Money(charged, currency));

    private static Gen<PricedLine> Lines(Currency currency) =>
        from category in Gen.Elements("standard", "reduced", "zero", "exempt", "books")
        from amount in Gen.Frequency((1, Gen.Constant(0)), (4, Gen.Choose(1, 500)), (4, Gen.Choose(1, 90_000_000)),
            (2, Gen.Choose(-30_000, -1)))
        select new PricedLine(category, new Money(amount, currency));

    [Fact, Feature("AC-04", "AC-39")]
    public void Lines_rates_and_document_are_the_same_sums() => Prop.ForAll(Documents.ToArbitrary(), one =>
    {
        var taxed = TaxEngine.Compute(one.Terms, one.Lines);

        Ties(one, taxed);
        taxed.Difference.ShouldBeNull();
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact, Feature("AC-04")]
    public void Tax_is_rounded_once_per_rate() => Prop.ForAll(Documents.ToArbitrary(), one =>
    {
        foreach (var total in TaxEngine.Compute(one.Terms, one.Lines).Taxes)
        {
            var amount = one.Lines.Where(l => l.Category == total.Category).Sum(l => (decimal)l.Amount.Minor);
            var exact = one.Terms.PricesIncludeTax ? amount * total.Rate / (100 + total.Rate) : amount * total.Rate / 100;
            ((decimal)total.Tax.Minor).ShouldBe(Math.Round(exact, MidpointRounding.AwayFromZero));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact, Feature("AC-04")]
    public void No_line_is_more_than_one_smallest_unit_away_from_its_own_tax() => Prop.ForAll(Documents.ToArbitrary(), one =>
    {
        foreach (var (line, taxed) in one.Lines.Zip(TaxEngine.Compute(one.Terms, one.Lines).Lines))
        {
            var exact = one.Terms.PricesIncludeTax ? line.Amount.Minor * taxed.Rate / (100 + taxed.Rate)
                : line.Amount.Minor * taxed.Rate / 100;
            Math.Abs(taxed.Tax.Minor - exact).ShouldBeLessThanOrEqualTo(1);
            if (line.Amount.IsZero) taxed.Tax.IsZero.ShouldBeTrue();
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact, Feature("AC-04", "AC-29")]
    public void What_the_channel_charged_is_kept_and_the_difference_shown() => Prop.ForAll(Documents.ToArbitrary(), one =>
    {
        var ours = TaxEngine.Compute(one.Terms, one.Lines);
        var taxed = TaxEngine.Compute(one.Terms, one.Lines, one.Charged);

        Ties(one, taxed);
        taxed.Tax.ShouldBe(one.Charged);
        taxed.Difference.ShouldBe(one.Charged - ours.Tax);
        TaxEngine.Compute(one.Terms, one.Lines, ours.Tax).Difference!.Value.IsZero.ShouldBeTrue();
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact, Feature("AC-29")]
    public void Tax_that_the_channel_charged_on_each_line_stays_on_its_line() => Prop.ForAll(Documents.ToArbitrary(), one =>
    {
        var lines = one.Lines.Select((l, i) => l with { ChargedTax = new Money(l.Amount.Minor / (i + 5), l.Amount.Currency) }).ToArray();
        var taxed = TaxEngine.Compute(one.Terms, lines);

        Ties(one, taxed);
        taxed.Lines.Select(l => l.Tax).ShouldBe(lines.Select(l => l.ChargedTax!.Value));
        taxed.Difference.ShouldBe(taxed.Tax - TaxEngine.Compute(one.Terms, one.Lines).Tax);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact, Feature("AC-04")]
    public void Three_lines_of_nine_ninety_nine_lose_no_cent()
    {
        var taxed = TaxEngine.Compute(Terms(Currency.Eur, true, 21, 9),
            [.. Enumerable.Repeat(new PricedLine("standard", new Money(999, Currency.Eur)), 3)]);

        taxed.Lines.Select(l => l.Tax.Minor).ShouldBe([174, 173, 173]);
        (taxed.Net.Minor, taxed.Tax.Minor, taxed.Gross.Minor).ShouldBe((2477, 520, 2997));
    }

    [Fact, Feature("AC-04")]
    public void A_category_without_a_rate_pays_the_standard_one_and_zero_pays_nothing()
    {
        var terms = new DocumentTerms(false, Currency.Eur, "DK", "oss", LiableParty.Us,
            new Dictionary<string, decimal> { ["standard"] = 25 });

        (terms.RateOf("reduced"), terms.RateOf("zero"), terms.RateOf("exempt")).ShouldBe((25m, 0m, 0m));
    }

    private static void Ties(Case one, TaxedDocument taxed)
    {
        long Sum(Func<TaxedLine, Money> of) => taxed.Lines.Sum(l => of(l).Minor);
        taxed.Lines.ShouldAllBe(l => l.Net + l.Tax == l.Gross);
        (Sum(l => l.Net), Sum(l => l.Tax), Sum(l => l.Gross)).ShouldBe((taxed.Net.Minor, taxed.Tax.Minor, taxed.Gross.Minor));
        (taxed.Taxes.Sum(t => t.Base.Minor), taxed.Taxes.Sum(t => t.Tax.Minor)).ShouldBe((taxed.Net.Minor, taxed.Tax.Minor));
        (one.Terms.PricesIncludeTax ? taxed.Gross : taxed.Net).Minor.ShouldBe(one.Lines.Sum(l => l.Amount.Minor));
    }

    private static DocumentTerms Terms(Currency currency, bool isGross, decimal standard, decimal reduced) => new(
        isGross, currency, "NL", TaxSchemes.Domestic, LiableParty.Us,
        new Dictionary<string, decimal> { ["standard"] = standard, ["reduced"] = reduced });
}
