namespace Keel.Pricing.Contract;

/// The one reckoning of tax. Tax is computed per document and rate, rounded once, and split to the lines by largest remainder, so that
/// lines, rates and document are the same sums, and an order and its invoice never differ by a cent.
public static class TaxEngine
{
    /// A rate of 1 % in millionths.
    private const int PerCent = 10_000;
    private const int Whole = 1_000_000;

    /// Taxes a document by our own rates. Where every line says what the channel charged, that is kept and the difference to ours is shown.
    public static TaxedDocument Compute(DocumentTerms terms, IReadOnlyList<PricedLine> lines)
    {
        if (lines.Count == 0 || lines.Any(l => l.ChargedTax is null)) return Ours(terms, lines, out _);

        var ours = Ours(terms, lines, out var rates);
        var taxes = new long[lines.Count];
        for (var i = 0; i < taxes.Length; i++) taxes[i] = In(terms, lines[i].ChargedTax!.Value);
        return Charged(terms, lines, rates, taxes, ours);
    }

    /// Taxes a document by what the channel says it charged in all: kept, split to the lines as our own tax would be, the difference shown.
    public static TaxedDocument Compute(DocumentTerms terms, IReadOnlyList<PricedLine> lines, Money chargedTax)
    {
        if (lines.Count == 0) throw new InvariantBroken("A tax was charged on a document without lines.");
        var ours = Ours(terms, lines, out var rates);
        var weights = new Int128[lines.Count];
        var sum = Int128.Zero;
        for (var i = 0; i < weights.Length; i++)
        {
            var (numerator, denominator) = Exact(terms, lines[i], rates[i]);
            sum += weights[i] = numerator * Whole / denominator;
        }

        // Where we see no tax at all the amounts say how to split it.
        for (var i = 0; sum == 0 && i < weights.Length; i++) weights[i] = Math.Abs(lines[i].Amount.Minor);
        return Charged(terms, lines, rates, Spread.Over(In(terms, chargedTax), weights), ours);
    }

    private static TaxedDocument Ours(DocumentTerms terms, IReadOnlyList<PricedLine> lines, out decimal[] rates)
    {
        rates = new decimal[lines.Count];
        var taxes = new long[lines.Count];
        var groups = new List<(string Category, decimal Rate, List<int> Lines)>(2);
        for (var i = 0; i < lines.Count; i++)
        {
            var category = lines[i].Category;
            rates[i] = terms.RateOf(category);
            var at = groups.FindIndex(g => g.Category == category);
            if (at < 0) groups.Add((category, rates[i], [i]));
            else groups[at].Lines.Add(i);
        }

        foreach (var (_, _, members) in groups) Tax(terms, lines, members, rates[members[0]], taxes);
        return Document(terms, lines, rates, taxes, null);
    }

    /// The tax of one rate: the sum is rounded once, then given to the lines.
    private static void Tax(DocumentTerms terms, IReadOnlyList<PricedLine> lines, List<int> members, decimal rate, long[] taxes)
    {
        var exact = new Int128[members.Count];
        Int128 sum = 0, denominator = 1;
        for (var i = 0; i < exact.Length; i++)
        {
            (exact[i], denominator) = Exact(terms, lines[members[i]], rate);
            sum += exact[i];
        }

        var shares = Spread.Fractions(Spread.Rounded(sum, denominator), exact, denominator);
        for (var i = 0; i < shares.Length; i++) taxes[members[i]] = shares[i];
    }

    /// The tax of a line as an exact fraction of the smallest unit of money.
    private static (Int128 Numerator, Int128 Denominator) Exact(DocumentTerms terms, PricedLine line, decimal rate)
    {
        var millionths = (long)(rate * PerCent);
        return ((Int128)In(terms, line.Amount) * millionths, terms.PricesIncludeTax ? Whole + millionths : Whole);
    }

    private static TaxedDocument Charged(DocumentTerms terms, IReadOnlyList<PricedLine> lines, decimal[] rates, long[] taxes,
        TaxedDocument ours)
    {
        var document = Document(terms, lines, rates, taxes, null);
        return document with { Difference = document.Tax - ours.Tax };
    }

    private static TaxedDocument Document(DocumentTerms terms, IReadOnlyList<PricedLine> lines, decimal[] rates, long[] taxes,
        Money? difference)
    {
        var taxed = new TaxedLine[lines.Count];
        var totals = new List<TaxTotal>(2);
        Money net = Money.Zero(terms.Currency), tax = net;
        for (var i = 0; i < taxed.Length; i++)
        {
            var amount = lines[i].Amount;
            var own = new Money(taxes[i], terms.Currency);
            var line = taxed[i] = terms.PricesIncludeTax
                ? new TaxedLine(lines[i].Category, rates[i], amount - own, own, amount)
                : new TaxedLine(lines[i].Category, rates[i], amount, own, amount + own);
            net += line.Net;
            tax += line.Tax;
            Add(totals, terms, line);
        }

        return new TaxedDocument(taxed, totals, net, tax, net + tax, difference);
    }

    private static void Add(List<TaxTotal> totals, DocumentTerms terms, TaxedLine line)
    {
        var at = totals.FindIndex(t => t.Category == line.Category);
        if (at < 0) totals.Add(new TaxTotal(terms.Jurisdiction, line.Category, line.Rate, line.Net, line.Tax, terms.Liable, terms.Scheme));
        else totals[at] = totals[at] with { Base = totals[at].Base + line.Net, Tax = totals[at].Tax + line.Tax };
    }

    private static long In(DocumentTerms terms, Money amount) => amount.Currency == terms.Currency
        ? amount.Minor
        : throw new InvariantBroken($"A line in {amount.Currency} stands on a document in {terms.Currency}.");
}

/// Splits a whole to signed shares by largest remainder: the parts always add up to the whole.
internal static class Spread
{
    /// Half away from zero.
    public static long Rounded(Int128 numerator, Int128 denominator)
    {
        var (quotient, rest) = Int128.DivRem(Int128.Abs(numerator), denominator);
        if (rest * 2 >= denominator) quotient++;
        return (long)(numerator < 0 ? -quotient : quotient);
    }

    /// The whole in proportion to weights, which may be negative; equal parts where they sum to nothing.
    public static long[] Over(long whole, Int128[] weights)
    {
        var sum = weights.Aggregate(Int128.Zero, (a, b) => a + b);
        if (sum == 0) return Over(whole, [.. weights.Select(_ => Int128.One)]);
        var sign = sum < 0 ? -1 : 1;
        return Fractions(whole, [.. weights.Select(w => whole * w * sign)], sum * sign);
    }

    /// Whole numbers near the given fractions, which sum to the given whole: each its floor, the largest remainders one more.
    public static long[] Fractions(long whole, Int128[] numerators, Int128 denominator)
    {
        var shares = new long[numerators.Length];
        var rests = new Int128[numerators.Length];
        var left = whole;
        for (var i = 0; i < shares.Length; i++)
        {
            var (quotient, rest) = Int128.DivRem(numerators[i], denominator);
            if (rest < 0) (quotient, rest) = (quotient - 1, rest + denominator);
            (shares[i], rests[i]) = ((long)quotient, rest);
            left -= shares[i];
        }

        if (left < 0 || left > shares.Length) throw new InvariantBroken($"A split of {whole} left {left} over.");
        foreach (var i in Enumerable.Range(0, left > 0 ? shares.Length : 0).OrderByDescending(i => rests[i]).ThenBy(i => i)
            .Take((int)left)) shares[i]++;
        return shares;
    }
}
