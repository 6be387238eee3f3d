using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Stock;

/// The stock book: what is where, whose, and promised to whom.
public sealed class StockModule : IModule
{
    public void Describe(ModuleContents contents) => contents
        .Desk(s => new StockDesk(s.GetRequiredService<KeelDb>(), s.GetRequiredService<Settings>(), s.GetRequiredService<StockFacts>()))
        .Desk<ProductGuard>()
        .Desk<StockFacts>()
        .Operation<CreateLocations>()
        .Operation<ReceiveGoods>()
        .Operation<AdjustStock>()
        .Operation<MoveStock>()
        .Operation<HoldStock>()
        .Operation<ReleaseHold>()
        .Operation<ExpireHolds>()
        .Handles<GiveSitePlaces>()
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
