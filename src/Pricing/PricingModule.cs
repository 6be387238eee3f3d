using Keel.Catalog.Contract;
using Keel.Pricing.Contract;
using Keel.Pricing.PriceLists;
using Keel.Pricing.Promotions;
using Keel.Pricing.Taxes;

namespace Keel.Pricing;

/// What goods cost whom, and which taxes fall due on them.
public sealed class PricingModule : IModule
{
    public void Describe(ModuleContents contents) => contents
        .Operation<SavePriceList>()
        .Operation<SetPrices>()
        .Operation<SetTaxRates>()
        .Operation<SavePromotion>().Operation<AddCoupons>()
        .View<PromotionList>().View<CouponList>().View<PromotionUses>()
        .Page<PromotionsPage>("Promotions", "Channels", "/promotions", PricingPermissions.Read)
        .View<PriceListRows>().View<PriceRows>().View<TaxRateList>()
        .Page<PriceListsPage>("Price lists", "Channels", "/price-lists", PricingPermissions.Read)
        .Page<TaxRatesPage>("Tax rates", "Settings/Company", "/tax-rates", PricingPermissions.Read)
        .Domain(PricingMasters.All).Quality(PricingMasters.Rules).Coming(PricingMasters.Coming).Reconciles(PricingMasters.Import)
        .Undoes<SetPrices, UndoPrices>()
        .Depends("product", "select p.sku as key, 'prices' as what from kernel.company c join pricing.price p on p.company_id = c.id and p.sku = any($2)")
        .Depends("partner", "select l.customer as key, 'a price list of its own' as what from pricing.price_list l where l.company_id = $1 and l.customer = any($2)")
        .Policy<TaxRegistration>()
        .Desk<PricingDesk>().Desk(_ => Prices)
        .Handles<DeliverTaxRates>();

    /// Prices of two products on one list were never meant to be one: those of a list come over together or not at all.
    private static readonly RuleTable Prices = new("Price", "pricing.price")
    {
        Key = "$.company_id, $.sku, $.list, $.min_quantity, $.from_day", Shape = "$.list", Stamp = "$.changed_at", OfGoods = false,
        Says = "'Price on ' || $.list || ' from ' || $.from_day || case when $.min_quantity <= 1 then '' else ', ' || trim_scale($.min_quantity / 1000.0) || ' and more' end",
    };
}
