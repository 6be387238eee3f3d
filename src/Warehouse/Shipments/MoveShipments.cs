using System.ComponentModel.DataAnnotations;
using Keel.Printing.Contract;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock.Contract;
using Keel.Warehouse.Contract;

namespace Keel.Warehouse;

/// What became of one shipment of a list.
internal sealed record ShipmentAnswer(Id<Shipment> Shipment, string? Number, ShipmentStatus? Status, string? Why);

/// Says that everything on these shipments is picked.
[Operation("warehouse.pick-shipments", WarehousePermissions.Pick, Said = "picked {shipments|it}", Icon = "scan")]
internal sealed class PickShipments(ShipmentSteps steps) : IOperation<PickShipments.Request, IReadOnlyList<ShipmentAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<Shipment>> Shipments);

    public async Task<Result<IReadOnlyList<ShipmentAnswer>>> Run(Request request, CancellationToken ct) =>
        Result.Of(await steps.To(request.Shipments, ShipmentStatus.Picked, s => s, ct));
}

/// Says that these shipments are packed, into how many parcels, for which carrier.
[Operation("warehouse.pack-shipments", WarehousePermissions.Pack, Said = "packed {shipments|it}", Icon = "stock")]
internal sealed class PackShipments(ShipmentSteps steps) : IOperation<PackShipments.Request, IReadOnlyList<ShipmentAnswer>>
{
    public sealed record Request(
        [Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<Shipment>> Shipments, [Range(1, 100)] int Parcels = 1, [MaxLength(60)] string? Carrier = null, [MaxLength(80)] string? Tracking = null);

    public async Task<Result<IReadOnlyList<ShipmentAnswer>>> Run(Request request, CancellationToken ct) => Result.Of(await steps.To(
        request.Shipments, ShipmentStatus.Packed, s => s with { Parcels = request.Parcels, Carrier = request.Carrier ?? s.Carrier, Tracking = request.Tracking ?? s.Tracking }, ct));
}

/// Scan-out: these shipments leave the building. Goods are issued, cost of sales and invoice are posted.
[Operation("warehouse.ship", WarehousePermissions.Ship, Said = "let {shipments|it} leave", Icon = "truck")]
internal sealed class ShipShipments(ShipmentSteps steps) : IOperation<ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<Shipment>> Shipments);

    public async Task<Result<IReadOnlyList<ShipmentAnswer>>> Run(Request request, CancellationToken ct) => Result.Of(await steps.Out(request.Shipments, ct));
}

/// Says that these shipments arrived, as their carrier, the customer or the own driver tells. Where a sale counts at delivery, it counts now.
[Operation("warehouse.deliver", WarehousePermissions.Ship, Said = "said that {shipments|it} arrived", Icon = "check")]
internal sealed class DeliverShipments(ShipmentSteps steps) : IOperation<DeliverShipments.Request, IReadOnlyList<ShipmentAnswer>>
{
    /// `HappenedAt` is when they arrived; now, where it is left out.
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<Shipment>> Shipments, DateTimeOffset? HappenedAt = null);

    public static readonly Error InFuture = new("warehouse.delivered-in-the-future", "Goods cannot arrive later than now. Leave the instant out, or give the one at which they arrived.");

    public async Task<Result<IReadOnlyList<ShipmentAnswer>>> Run(Request request, CancellationToken ct) =>
        request.HappenedAt > steps.Now ? InFuture : Result.Of(await steps.Arrived(request.Shipments, request.HappenedAt, ct));
}

/// Takes shipments from stage to stage under their orders' locks.
internal sealed class ShipmentSteps(KeelDb db, SalesDesk sales, Shipping shipping, Settings settings, PrintDesk prints)
{
    private const string Held = "Its order is on hold. Leave it where it is until somebody confirms the order.";

    public DateTimeOffset Now => db.Now;

    private static bool IsHeld(OrderToShip order) => order.Status is OrderStatus.OnHold;

    public async Task<IReadOnlyList<ShipmentAnswer>> To(IReadOnlyList<Id<Shipment>> ids, ShipmentStatus next, Func<Shipment, Shipment> with, CancellationToken ct)
    {
        // Each is picked from its own bins; from the bench on what goes together does.
        var (shipments, _, orders) = next is ShipmentStatus.Packed ? await LockWithMates(ids, ct) : await Lock(ids, ct);
        string? Wrong(Shipment s) => !s.May(next) ? $"It is {s.Status.Spoken}; it cannot become {next.Spoken}." : IsHeld(orders[s.OrderId]) ? Held : null;
        var stays = next is ShipmentStatus.Packed ? Stays(shipments, Wrong) : [];
        var counted = shipments.Where(s => s.Together is not null).GroupBy(s => s.Together).Select(g => g.First().Id).ToHashSet();
        var stepped = shipments.Where(s => Wrong(s) is null && !stays.ContainsKey(s.Id)).Select(s => with(s).To(next, db.Now)).Select(s => next is not ShipmentStatus.Packed || s.Together is null || counted.Contains(s.Id) ? s : s with { Parcels = 0 }).ToDictionary(s => s.Id);
        foreach (var shipment in stepped.Values) db.Work.Concerns(shipment.Number);
        db.Shipments.Update([.. stepped.Values], nameof(Shipment.Status), nameof(Shipment.PickedAt), nameof(Shipment.PackedAt), nameof(Shipment.Parcels), nameof(Shipment.Carrier), nameof(Shipment.Tracking), nameof(Shipment.Version));
        if (next is ShipmentStatus.Packed) await prints.After(PrintMoment.ShipmentPacked, [.. stepped.Values.Select(s => new PaperSubject(s.Ref, s.Node))], ct);
        return Answers([.. ids, .. shipments.Select(s => s.Id)], shipments, s => stepped.GetValueOrDefault(s.Id), s => Wrong(s) ?? stays[s.Id]);
    }

    public async Task<IReadOnlyList<ShipmentAnswer>> Out(IReadOnlyList<Id<Shipment>> ids, CancellationToken ct)
    {
        var (shipments, lines, orders) = await LockWithMates(ids, ct);
        string? Wrong(Shipment s) => !s.May(ShipmentStatus.Shipped) ? $"It is {s.Status.Spoken}; it cannot leave." : IsHeld(orders[s.OrderId]) ? Held : orders[s.OrderId].IsUnpaid ? OrderToShip.Unpaid : s.Together is not null && orders[s.OrderId].IsBroken ? OrderToShip.Broken : null;
        var stays = Stays(shipments, Wrong);
        var leaving = shipments.Where(s => Wrong(s) is null && !stays.ContainsKey(s.Id))
            .Select(s => new Leaving(s, [.. lines[s.Id].GroupBy(l => (l.OrderLine, l.Sku)).Select(g => new IssueLine(g.Key.OrderLine, g.Key.Sku, g.Sum(l => l.Quantity)))], orders[s.OrderId].DeliveryTerm, IsNew: false))
            .ToArray();
        var outcome = await shipping.Out(leaving, ct);
        return Answers([.. ids, .. shipments.Select(s => s.Id)], shipments,
            s => outcome.TryGetValue(s.Id, out var refused) && refused is null ? s with { Status = ShipmentStatus.Shipped } : null,
            s => outcome.GetValueOrDefault(s.Id)?.Message ?? Wrong(s) ?? stays[s.Id]);
    }

    /// What arrived before it left, by the carrier's clock, arrived as it left.
    public async Task<IReadOnlyList<ShipmentAnswer>> Arrived(IReadOnlyList<Id<Shipment>> ids, DateTimeOffset? happenedAt, CancellationToken ct)
    {
        db.Work.HappenedAt = happenedAt;
        var network = await Network.Of(settings, ct);
        var (shipments, _, _) = await Lock(ids, ct);
        var at = happenedAt ?? db.Now;
        var arrived = shipments.Where(s => s.May(ShipmentStatus.Delivered)).Select(s => s.To(ShipmentStatus.Delivered, at < s.ShippedAt ? s.ShippedAt.Value : at)).ToDictionary(s => s.Id);
        foreach (var shipment in arrived.Values) db.Work.Concerns(shipment.Number);
        db.Shipments.Update([.. arrived.Values], nameof(Shipment.Status), nameof(Shipment.DeliveredAt), nameof(Shipment.Version));
        if (arrived.Count > 0)
        {
            db.Raise(new ShipmentsDelivered([.. arrived.Values.Select(s => new DeliveredShipment(
                s.Ref, s.Order, s.Channel, s.Node, s.CustomerId, network.DayAt(s.Node, s.DeliveredAt!.Value), s.DeliveredAt.Value))]));
        }

        foreach (var s in arrived.Values) db.Raise(new ShipmentArrived(s.Ref, s.Order, s.Channel, s.Node, network.DayAt(s.Node, s.DeliveredAt!.Value)));
        return Answers(ids, shipments, s => arrived.GetValueOrDefault(s.Id), s => s.Status is ShipmentStatus.Delivered ? "It was delivered already." : $"It is {s.Status.Spoken}: what did not leave cannot arrive.");
    }

    /// Shipments and all that go together with them, under the locks of their orders.
    public async Task<IReadOnlyList<Shipment>> LockedTogether(IReadOnlyList<Id<Shipment>> ids, CancellationToken ct) => (await LockWithMates(ids, ct)).Shipments;

    /// Somebody may put others to them before the locks are there: then it begins again with those.
    private async Task<(IReadOnlyList<Shipment> Shipments, ILookup<Id<Shipment>, ShipmentLine> Lines, Dictionary<Guid, OrderToShip> Orders)> LockWithMates(IReadOnlyList<Id<Shipment>> ids, CancellationToken ct)
    {
        var all = await WithMates(ids, ct);
        var locked = await Lock(all, ct);
        if (!db.Work.Cautious && locked.Shipments.Any(s => s.Together is not null) && (await WithMates(ids, ct)).Except(all).Any()) throw new BeginAgain();
        return locked;
    }

    /// What goes in one parcel with these, behind them.
    private async Task<IReadOnlyList<Id<Shipment>>> WithMates(IReadOnlyList<Id<Shipment>> ids, CancellationToken ct)
    {
        var mates = await db.Query<Id<Shipment>>(
            $"select id from warehouse.shipment where company_id = {db.Company} and together in (select together from warehouse.shipment where company_id = {db.Company} and id = any({ids.Select(i => i.Value)})) and status <> 'Cancelled' order by id", ct);
        return [.. ids.Union(mates)];
    }

    /// Of shipments that go together, those that stay because another one does, and why.
    private static Dictionary<Id<Shipment>, string> Stays(IReadOnlyList<Shipment> shipments, Func<Shipment, string?> wrong) => shipments.Where(s => s.Together is not null).GroupBy(s => s.Together)
        .Select(g => (All: g, Cause: g.FirstOrDefault(s => wrong(s) is not null))).Where(g => g.Cause is not null)
        .SelectMany(g => g.All.Where(s => s != g.Cause).Select(s => (s.Id, Why: $"It goes in one parcel with {g.Cause!.Number}, which stays: {wrong(g.Cause)} Part them, or wait for it."))).ToDictionary(s => s.Id, s => s.Why);

    private static ShipmentAnswer[] Answers(IReadOnlyList<Id<Shipment>> ids, IReadOnlyList<Shipment> known, Func<Shipment, Shipment?> done, Func<Shipment, string> why)
    {
        var byId = known.ToDictionary(s => s.Id);
        return [.. ids.Distinct().Select(id => !byId.TryGetValue(id, out var shipment)
            ? new ShipmentAnswer(id, null, null, "There is no such shipment.")
            : done(shipment) is { } after
                ? new ShipmentAnswer(id, after.Number, after.Status, null)
                : new ShipmentAnswer(id, shipment.Number, shipment.Status, why(shipment)))];
    }

    /// The order's row is the lock: shipments are read behind it.
    private async Task<(IReadOnlyList<Shipment> Shipments, ILookup<Id<Shipment>, ShipmentLine> Lines, Dictionary<Guid, OrderToShip> Orders)> Lock(IReadOnlyList<Id<Shipment>> ids, CancellationToken ct)
    {
        var orders = db.Ask<Guid>($"select distinct order_id from warehouse.shipment where company_id = {db.Company} and id = any({ids.Select(i => i.Value)})");
        await db.Flush(ct);
        var locked = await sales.Lock(orders.Value, ct);
        var (shipments, lines) = (db.AskShipments(ids), db.AskShipmentLines(ids));
        await db.Flush(ct);
        foreach (var shipment in shipments.Value) db.Work.Actor.MustBeAt(shipment.Node);
        return (shipments.Value, lines.Value.ToLookup(l => l.ShipmentId), locked.ToDictionary(o => o.Order.Id));
    }
}
