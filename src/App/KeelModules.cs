using Keel.Accounting;
using Keel.App.Access;
using Keel.Catalog;
using Keel.Ledger;
using Keel.Messages;
using Keel.Partners;
using Keel.Pricing;
using Keel.Printing;
using Keel.Sales;
using Keel.Simulators;
using Keel.Stock;
using Keel.Warehouse;

namespace Keel.App;

/// The modules of this house, lower ones first. A new module is one more line here.
internal static class KeelModules
{
    public static readonly IModule[] All =
    [
        new AccessModule(),
        new MessagesModule(),
        new CatalogModule(),
        new PartnersModule(),
        new LedgerModule(),
        new PrintingModule(),
        new StockModule(),
        new PricingModule(),
        new SalesModule(),
        new WarehouseModule(),
        new AccountingModule(),
        new SimulatorsModule(),
    ];
}
