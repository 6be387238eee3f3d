namespace Keel.Pricing.Contract;

/// Who owes a tax to the state: we, the marketplace that collected it, or the customer (reverse charge).
public enum LiableParty
{
    Us,
    Marketplace,
    Customer,
}

/// How a document is taxed. Rates are per cent by category.
public sealed record DocumentTerms(
    bool PricesIncludeTax, Currency Currency, string Jurisdiction, string Scheme, LiableParty Liable,
    IReadOnlyDictionary<string, decimal> Rates)
{
    /// A category without a rate of its own pays the standard one, as in a state that knows no reduced rate; zero and exempt pay nothing.
    public decimal RateOf(string category)
    {
        if (Rates.TryGetValue(category, out var rate)) return rate;
        return category is TaxCategories.Zero or TaxCategories.Exempt ? 0 : Rates.GetValueOrDefault(TaxCategories.Standard);
    }
}

/// Categories of goods that every jurisdiction has.
public static class TaxCategories
{
    public const string Standard = "standard";
    public const string Reduced = "reduced";
    public const string Zero = "zero";
    public const string Exempt = "exempt";
}

/// A line that is to be taxed: its tax category and its amount, with or without tax as the terms say. A discount is negative.
/// `ChargedTax` is what the channel says that it charged on the line.
public readonly record struct PricedLine(string Category, Money Amount, Money? ChargedTax = null);

/// A line with its tax: net and tax are gross, exactly.
public readonly record struct TaxedLine(string Category, decimal Rate, Money Net, Money Tax, Money Gross);

/// The tax of one jurisdiction, category and rate on a document.
public sealed record TaxTotal(string Jurisdiction, string Category, decimal Rate, Money Base, Money Tax, LiableParty Liable, string Scheme);

/// A document with its taxes: lines and totals are the same sums. `Difference` is what the channel charged beyond our own reckoning;
/// null where it did not say what it charged.
public sealed record TaxedDocument(
    IReadOnlyList<TaxedLine> Lines, IReadOnlyList<TaxTotal> Taxes, Money Net, Money Tax, Money Gross, Money? Difference = null);
