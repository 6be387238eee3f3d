using Keel.Stock.Contract;
using Keel.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Stock;

/// The stock book: what is where, whose, and promised to whom.
public sealed class StockModule : IModule
{
    public void Describe(ModuleContents contents) => contents
        .Desk(s => new StockDesk(s.GetRequiredService<KeelDb>(), s.GetRequiredService<Settings>(), s.GetRequiredService<StockFacts>()))
        .Desk<ProductGuard>()
        .Desk<StockFacts>()
        .Case(StockCases.Displaced)
        .Operation<CreateLocations>()
        .Operation<ReceiveGoods>()
        .Operation<AdjustStock>()
        .Operation<MoveStock>()
        .Operation<HoldStock>()
        .Operation<ReleaseHold>()
        .Operation<ExpireHolds>()
        .View<PositionList>().View<MoveList>().View<LatestMoves>().View<ReservationList>().View<LocationList>()
        .View<ReceiptList>().View<AdjustmentList>().View<ReturnList>()
        .Desk<ProductCard>().Desk<DocumentCard>().Desk<CountSheet>().Desk<ReceiptSheet>()
        .Page<StockListPage>("Stock", "Stock", "/stock", StockPermissions.Read)
        .Page<ReceiptsPage>("Receipts", "Stock", "/receipts", StockPermissions.Read)
        .Page<AdjustmentsPage>("Adjustments", "Stock", "/adjustments", StockPermissions.Read)
        .Page<LocationsPage>("Places", "Stock", "/stock/locations", StockPermissions.Read)
        .Page<ReturnsPage>("Returned goods", "Returns", "/returns", StockPermissions.Read)
        .Begins("Count a place", "/stock/adjust").Begins("Receive goods", "/receipts/new").Begins("New places", "/stock/locations/new").Begins("Moves of goods", "/stock/moves")
        .Record("receipt", "/receipts/").Record("adjustment", "/adjustments/").Record("return", "/returns/")
        .Handles<GiveSitePlaces>()
        .JoinsRecord<ProductStockLink>().Foretells<ForetellMoves>()
        .Job<ExpireHoldsJob>(every: TimeSpan.FromSeconds(10))
        .Checks(StockProof.All);
}

/// Permissions of the stock book.
public static class StockPermissions
{
    public const string Read = "stock.read";
    public const string Adjust = "stock.adjust";
    public const string Receive = "stock.receive";
    public const string Move = "stock.move";
    public const string Hold = "stock.hold";
    public const string Locations = "stock.locations";
}
