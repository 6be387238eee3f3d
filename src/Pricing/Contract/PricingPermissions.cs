namespace Keel.Pricing.Contract;

/// What a role may do with prices and taxes.
public static class PricingPermissions
{
    public const string Read = "pricing.read";
    public const string EditPrices = "pricing.prices.edit";
    public const string EditPromotions = "pricing.promotions.edit";
    public const string EditTaxes = "pricing.taxes.edit";
}
