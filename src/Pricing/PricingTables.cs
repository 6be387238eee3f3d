using Keel.Pricing.PriceLists;
using Keel.Pricing.Taxes;

namespace Keel.Pricing;

/// The tables of prices and taxes.
internal static class PricingTables
{
    extension(KeelDb db)
    {
        public Table<PriceList> PriceLists => db.Table<PriceList>();
        public Table<Price> Prices => db.Table<Price>();
        public Table<TaxRate> TaxRates => db.Table<TaxRate>();
    }
}
