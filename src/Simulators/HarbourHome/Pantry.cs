using Keel.Catalog.Contract;
using Keel.Catalog.Products;
using Keel.Pricing.PriceLists;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock;
using Keel.Warehouse;

namespace Keel.Simulators;

/// The shelf of things that go off or have numbers of their own: tea and soap by lot, lamps by serial number.
internal sealed class Pantry(Clerk clerk)
{
    private static readonly Sku Tea = "PAN-501";
    private static readonly Sku Soap = "PAN-502";
    private static readonly Sku Lamp = "PAN-503";
    private static readonly Actor Receiver = Staff.Of("Wim de Boer");

    /// The products, and the first lots of them.
    public async Task Open(DateTimeOffset at, DateOnly lastDay, CancellationToken ct)
    {
        var caller = clerk.At(at);
        Dictionary<string, string> Sorted(string category) => new() { ["category"] = category };
        await clerk.Does<SaveProducts, SaveProducts.Request, Saved[]>(new([
            new(Tea, "Green tea, loose, 100 g", Attributes: Sorted("Kitchen"), WeightGrams: 130, HsCode: "090210", Tracking: Tracking.Lot, ShelfLifeDays: 540, LastSaleDays: 30),
            new(Soap, "Hand soap, fig", Attributes: Sorted("Bath"), WeightGrams: 420, HsCode: "340130", Tracking: Tracking.Lot, ShelfLifeDays: 730, LastSaleDays: 60),
            new(Lamp, "Desk lamp with dimmer", Attributes: Sorted("Lighting"), WeightGrams: 1900, HsCode: "940521", Tracking: Tracking.Serial)]), caller, ct);
        await clerk.Does<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new(Tea, 8.90m), new(Soap, 12.50m), new(Lamp, 89m)]), caller, ct);

        UnitPrice Euro(decimal price) => UnitPrice.Of(price, Currency.Eur);
        await clerk.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([
            new("MAIN", [
                new(Tea, 24, Euro(3.10m), "T2403", lastDay.AddDays(29)), new(Tea, 60, Euro(3.15m), "T2411", lastDay.AddDays(47)), new(Tea, 120, Euro(3.25m), "T2502", lastDay.AddDays(300)),
                new(Soap, 40, Euro(4.20m), "FG-118", lastDay.AddDays(200)), new(Soap, 80, Euro(4.25m), "FG-121", lastDay.AddDays(420)), new(Lamp, 12, Euro(31m), "DL-00417..DL-00428")],
                Reference: "PANTRY/OPEN")]), caller with { Actor = Receiver, Door = Door.Page }, ct);
    }

    /// Tea costs by lot what was paid for it, lamps what came first, at each site for itself; a container's freight is landed, part of it on goods that are sold, and a duty is counted on.
    public async Task Worth(DateTimeOffset at, CancellationToken ct)
    {
        var caller = clerk.At(at) with { Actor = Staff.Of("Anna Visser"), Door = Door.Page };
        await clerk.Does<SetCosting, SetCosting.Request, DocumentRef>(new(CostingMethod.Lot, "Kitchen", "Tea is bought by the harvest"), caller, ct);
        await clerk.Does<SetCosting, SetCosting.Request, DocumentRef>(new(CostingMethod.Fifo, "Lighting", "Prices of lamps move quickly, and the shop pays its own freight", BySite: true), caller, ct);
        var receipt = await clerk.Asks<string>($"select number from stock.document where company_id = {clerk.Company} and reference = 'PANTRY/OPEN'", ct);
        if (receipt is [var number])
        {
            await clerk.Does<LandCosts, LandCosts.Request, DocumentRef>(new([number],
                [new(ChargeKind.Freight, Money.Of(184.50m, Currency.Eur), SplitBy.Weight, Reference: "MSK-88123"), new(ChargeKind.Duty, Money.Of(61.20m, Currency.Eur), Reference: "NL-DMS-4411")], Note: "Container of the pantry shelf"), caller, ct);
            await clerk.Does<LandCosts, LandCosts.Request, DocumentRef>(new([number], [new(ChargeKind.Insurance, Money.Of(95m, Currency.Of("USD")), Reference: "Offer 2207", Rate: 0.92m)], Note: "Insurance of the container, offered in dollars", BillToCome: true), caller, ct);
        }

        await clerk.Does<WriteDown, WriteDown.Request, DocumentRef>(new([new(Soap, UnitPrice.Of(3.90m, Currency.Eur))], "The old scent sells below cost"), caller, ct);
        var (soap, lamp) = (UnitPrice.Of(4.40m, Currency.Eur), UnitPrice.Of(33.50m, Currency.Eur));
        await clerk.Does<SetPolicy, SetPolicy.Request, int>(new(LandedEstimates.Kind, System.Text.Json.JsonSerializer.SerializeToElement(new LandedEstimates([new("Sea freight from the Far East", ChargeKind.Freight, 4.5m, "MAIN")]), KeelJson.Options), "finance"), caller, ct);
        await clerk.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new(Soap, 30, soap, "FG-126", DateOnly.FromDateTime(at.UtcDateTime).AddDays(600)), new(Lamp, 6, lamp, "DL-00429..DL-00434")], Reference: "PANTRY/NEXT")]), clerk.At(at) with { Actor = Receiver, Door = Door.Page }, ct);
        await clerk.Does<SetPolicy, SetPolicy.Request, int>(new(LandedEstimates.Kind, System.Text.Json.JsonSerializer.SerializeToElement(LandedEstimates.AsDelivered, KeelJson.Options), "finance"), caller, ct);
    }

    /// Some of it was sold to these customers and left. What is over by the calendar is off sale, and one lot is called back.
    public async Task Scene(DateTimeOffset at, IReadOnlyList<NewOrder> like, CancellationToken ct)
    {
        var orders = like.Take(9).Select((o, i) => o with
        {
            Number = $"L-HH-PAN-{i + 1}", Lines = [new NewLine(i % 3 == 2 ? Lamp : i % 3 == 1 ? Tea : Soap, 1 + i % 2)], Total = null, ChargedTax = null, Payments = null, PlacedAt = at.AddMinutes(-1),
        });
        // A café asks for the soap of one boiling.
        orders = orders.Append(like[0] with { Number = "L-HH-PAN-LOT", Lines = [new NewLine(Soap, 2) { Lot = "FG-121" }], Total = null, ChargedTax = null, Payments = null, PlacedAt = at.AddMinutes(-1) });
        var taken = await clerk.Does<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new([.. orders]), clerk.At(at) with { Actor = Staff.Channel("webshop"), Door = Door.Channel }, ct);
        Guid[] ready = [.. taken.Where(o => o.Status is OrderStatus.Reserved).Take(7).Select(o => o.Id!.Value.Value)];
        if (ready.Length > 0) await clerk.Does<ShipOrders, ShipOrders.Request, IReadOnlyList<ShipOrders.Answer>>(new(ready), clerk.At(at) with { Actor = Receiver, Door = Door.Page }, ct);
        await clerk.Does<ExpireLots, ExpireLots.Request, int>(new(), clerk.At(at), ct);
        var bad = await clerk.Asks<Guid>($"select id from stock.pub_lot where company_id = {clerk.Company} and code = 'FG-118'", ct);
        if (bad is [var lot])
            await clerk.Does<BlockLot, BlockLot.Request, DocumentRef>(new(lot, "A customer found a splinter in the pump", Recall: true), clerk.At(at) with { Actor = Staff.Of("Wim de Boer"), Door = Door.Page }, ct);
    }
}
