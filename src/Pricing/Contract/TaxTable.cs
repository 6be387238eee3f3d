using Keel.Pricing.Taxes;

namespace Keel.Pricing.Contract;

/// Where the company is registered for tax beyond the countries that it ships from, and whether it pays the Union's taxes on distance
/// sales through the one-stop shop. Without either, a sale to a private person in another member state is taxed where it leaves.
public sealed record TaxRegistration(bool OneStopShop, IReadOnlyList<string> RegisteredIn) : IPolicy<TaxRegistration>
{
    public static string Kind => "tax-registration";
    public static TaxRegistration AsDelivered { get; } = new(true, []);
    public static string Says => "Where the company pays sales tax: through the one-stop shop of the European Union, and in which states it is registered itself.";
    public static IReadOnlyList<string> UsedBy => ["sales.capture-orders", "sales.place-order"];
}

/// What decides which state taxes a sale.
public sealed record TaxSituation(string ShipFrom, string ShipTo, DateOnly Day)
{
    /// The customer gave a VAT id, and it was checked: in another member state the customer owes the tax.
    public bool HasCheckedVatId { get; init; }

    /// The channel collects the tax and owes it to the state.
    public bool MarketplaceCollects { get; init; }
}

/// The tax rates and registrations of a company.
public sealed class TaxTable
{
    private static readonly IReadOnlyDictionary<string, decimal> Untaxed = new Dictionary<string, decimal>();
    private static readonly HashSet<string> Union =
    [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL",
        "PT", "RO", "SE", "SI", "SK",
    ];

    private readonly TaxRates rates;
    private readonly TaxRegistration registration;

    internal TaxTable(TaxRates rates, TaxRegistration registration) => (this.rates, this.registration) = (rates, registration);

    /// The terms under which a document is taxed: which state, which rates, who owes it, under which scheme.
    public DocumentTerms Terms(TaxSituation situation, Currency currency, bool pricesIncludeTax)
    {
        var (jurisdiction, scheme, liable, taxed) = Treatment(situation);
        if (taxed && situation.MarketplaceCollects) liable = LiableParty.Marketplace;
        return new DocumentTerms(pricesIncludeTax, currency, jurisdiction, scheme, liable, taxed ? rates.On(jurisdiction, situation.Day)
            : Untaxed);
    }

    private (string Jurisdiction, string Scheme, LiableParty Liable, bool Taxed) Treatment(TaxSituation at)
    {
        var isHome = at.ShipFrom == at.ShipTo || registration.RegisteredIn.Contains(at.ShipTo);
        if (isHome) return (at.ShipTo, TaxSchemes.Domestic, LiableParty.Us, true);
        if (!Union.Contains(at.ShipFrom) || !Union.Contains(at.ShipTo))
        {
            return (at.ShipTo, at.MarketplaceCollects ? TaxSchemes.Marketplace : TaxSchemes.Export, LiableParty.Us, at.MarketplaceCollects);
        }

        if (at.HasCheckedVatId) return (at.ShipTo, TaxSchemes.ReverseCharge, LiableParty.Customer, false);
        return registration.OneStopShop
            ? (at.ShipTo, TaxSchemes.OneStopShop, LiableParty.Us, true)
            : (at.ShipFrom, TaxSchemes.Domestic, LiableParty.Us, true);
    }
}

/// The names under which tax is reported.
public static class TaxSchemes
{
    public const string Domestic = "domestic";
    public const string OneStopShop = "oss";
    public const string ReverseCharge = "reverse-charge";
    public const string Export = "export";

    /// A marketplace collects the tax of a country into which we only send.
    public const string Marketplace = "marketplace";
}
