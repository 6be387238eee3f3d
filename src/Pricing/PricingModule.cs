using Keel.Pricing.Contract;
using Keel.Pricing.PriceLists;
using Keel.Pricing.Taxes;

namespace Keel.Pricing;

/// What goods cost whom, and which taxes fall due on them.
public sealed class PricingModule : IModule
{
    public void Describe(ModuleContents contents) => contents
        .Operation<SavePriceList>()
        .Operation<SetPrices>()
        .Operation<SetTaxRates>()
        .View<PriceListRows>().View<PriceRows>().View<TaxRateList>()
        .Page<PriceListsPage>("Price lists", "Channels", "/price-lists", PricingPermissions.Read)
        .Page<TaxRatesPage>("Tax rates", "Settings/Company", "/tax-rates", PricingPermissions.Read)
        .Domain(PricingMasters.All).Quality(PricingMasters.Rules).Coming(PricingMasters.Coming).Reconciles(PricingMasters.Import)
        .Policy<TaxRegistration>()
        .Desk<PricingDesk>()
        .Handles<DeliverTaxRates>();
}
