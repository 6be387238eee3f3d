using Keel.Sales.Contract;

namespace Keel.Warehouse;

/// Tells Sales how far the work on its orders is. Labels and manifests are no stages here yet: a shipment is released, picked or packed.
internal sealed class FloorWorks(KeelDb db) : IFloor
{
    private sealed record Row(Id<Shipment> Id, string Number, Guid OrderId, NodeCode Node, ShipmentStatus Status, int Line);

    public async Task<IReadOnlyList<FloorWork>> Of(IReadOnlyList<Guid> orders, CancellationToken ct = default)
    {
        var open = await db.Query<Row>(
            $"""
            select distinct s.id, s.number, s.order_id, s.node, s.status, l.order_line as line
            from warehouse.shipment s join warehouse.shipment_line l on l.shipment_id = s.id
            where s.company_id = {db.Company} and s.order_id = any({orders}) and s.status in ('Released', 'Picked', 'Packed') order by s.id, line
            """, ct);
        return [.. open.GroupBy(s => s.Id).Select(g => (One: g.First(), Lines: g.Select(l => l.Line).ToArray()))
            .Select(s => new FloorWork(s.One.OrderId, new DocumentRef("shipment", s.One.Id.Value, s.One.Number), s.One.Node, StageOf(s.One.Status), s.Lines))];
    }

    internal static FloorStage StageOf(ShipmentStatus status) => status switch
    {
        ShipmentStatus.Released => FloorStage.Allocated,
        ShipmentStatus.Picked => FloorStage.Picked,
        ShipmentStatus.Packed => FloorStage.Packed,
        ShipmentStatus.Shipped or ShipmentStatus.Delivered => FloorStage.HandedOver,
        _ => FloorStage.Waiting,
    };
}

/// Work whose order was cancelled, or changed in goods that it carries, stops in the same transaction; what was taken out of the bins already is put back by the
/// warehouse, with a case for each shipment. The scan-out refuses such a parcel.
internal sealed class StopWork(KeelDb db, CaseDesk cases) : IHandle<OrderCancelled>, IHandle<WorkCalledBack>
{
    public static readonly CaseKind PutBack = new("put-back", "warehouse", TimeSpan.FromHours(8), Severity.Normal)
    {
        Next = "Put its goods back into their bins",
        Supervisor = "operations",
        Resolutions = ["put-back", "not-picked", CaseKind.CalledOff, "duplicate"],
        Ways = [CaseWay.Go("See what is in it", "/shipments/{id}", WarehousePermissions.Read) with { SubjectKind = "shipment" }],
    };

    public async Task Handle(OrderCancelled happened, CancellationToken ct) =>
        await Stop(await db.Query<Id<Shipment>>($"select id from warehouse.shipment where company_id = {db.Company} and order_id = {happened.Order.Id} and status in ('Released', 'Picked', 'Packed')", ct), $"{happened.Order.Number} was cancelled", ct);

    public async Task Handle(WorkCalledBack happened, CancellationToken ct) => await Stop([.. happened.Work.Select(w => new Id<Shipment>(w))], $"{happened.Order.Number} was changed", ct);

    private async Task Stop(IReadOnlyList<Id<Shipment>> ids, string why, CancellationToken ct)
    {
        if (ids.Count == 0) return;
        var shipments = db.AskShipments(ids);
        await db.Flush(ct);
        var stopped = shipments.Value.Where(s => s.May(ShipmentStatus.Cancelled)).ToArray();
        db.Shipments.Update([.. stopped.Select(s => s.To(ShipmentStatus.Cancelled, db.Now) with { Together = null })], nameof(Shipment.Status), nameof(Shipment.Together), nameof(Shipment.CancelledAt), nameof(Shipment.Version));
        cases.Open([.. stopped.Where(s => FloorWorks.StageOf(s.Status) is >= FloorStage.Picked and < FloorStage.HandedOver).Select(s => (PutBack, s.Ref, $"{s.Number} was {s.Status.Spoken} when {why}: put its {s.Units} {(s.Units == 1 ? "unit" : "units")} back into their bins."))]);
    }
}
