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
        .Policy<TaxRegistration>()
        .Desk<PricingDesk>()
        .Handles<DeliverTaxRates>();
}
