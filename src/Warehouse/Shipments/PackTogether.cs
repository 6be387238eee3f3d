using System.ComponentModel.DataAnnotations;
using Keel.Sales.Contract;

namespace Keel.Warehouse;

/// Whether shipments of one customer to one address that are released together go in one parcel without anybody saying so.
public sealed record ParcelsTogether(bool Automatically = false) : IPolicy<ParcelsTogether>
{
    public static string Kind => "parcels-together";
    public static ParcelsTogether AsDelivered => new();
    public static string Says => "Whether orders of one customer to one address that are released together go in one parcel by themselves. They can always be put together and parted by hand.";
    public static IReadOnlyList<string> UsedBy => ["warehouse.release-orders"];
}

/// Has shipments of one customer to one address go in one parcel: they are packed together, bear one tracking number and leave together or not at all. Each keeps its own order, slip and invoice.
[Operation("warehouse.pack-together", WarehousePermissions.Pack, Said = "put {shipments|them} into one parcel", Icon = "stock")]
internal sealed class PackTogether(KeelDb db, ShipmentSteps steps) : IOperation<PackTogether.Request, PackTogether.Answer>
{
    public sealed record Request([Required, MinLength(2), MaxLength(50)] IReadOnlyList<Id<Shipment>> Shipments);

    public sealed record Answer(IReadOnlyList<string> Numbers);

    public static readonly Error One = Error.Invalid("together.one", "One shipment alone goes in a parcel of its own. Choose another one of the same customer.");
    public static readonly Error Differs = new("together.differs", "They do not leave one site for one customer and one address. Choose such as do.");
    public static readonly Error Packed = new("together.packed", "It is packed or gone already: only what is still to be packed goes into one parcel with others.");

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var all = await steps.LockedTogether(request.Shipments, ct);
        if (all.Count < 2) return One;
        var first = all[0];
        if (all.FirstOrDefault(s => (s.Node, s.CustomerId, s.ShipTo) != (first.Node, first.CustomerId, first.ShipTo) || s.ShipTo is null) is { } other)
            return Differs.With($"{first.Number} and {other.Number} do not leave one site for one customer and one address. Choose such as do.");
        if (all.FirstOrDefault(s => s.Status is not (ShipmentStatus.Released or ShipmentStatus.Picked)) is { } late) return Packed.With($"{late.Number} is {late.Status.Spoken}: only what is still to be packed goes into one parcel with others.");
        var together = all.Select(s => s.Together).OfType<Guid>().DefaultIfEmpty(first.Id.Value).Min();
        foreach (var shipment in all) db.Work.Concerns(shipment.Number);
        db.Shipments.Update([.. all.Where(s => s.Together != together).Select(s => s with { Together = together, Version = s.Version + 1 })], nameof(Shipment.Together), nameof(Shipment.Version));
        return new Answer([.. all.Select(s => s.Number)]);
    }

    /// Which of some new shipments go together by themselves: what leaves one site for one customer and one address.
    public static IReadOnlyList<Shipment> ByThemselves(IReadOnlyList<Shipment> made) =>
        [.. made.GroupBy(s => (s.Node, s.CustomerId, s.ShipTo)).SelectMany(g => g.Key.ShipTo is null || g.Count() == 1 ? g : g.Select(s => s with { Together = g.First().Id.Value }))];
}

/// Parts what was to go in one parcel: each goes by itself again. What was packed together already is packed anew.
[Operation("warehouse.part-shipments", WarehousePermissions.Pack, Said = "parted {shipments|them}", Icon = "split")]
internal sealed class PartShipments(KeelDb db, ShipmentSteps steps) : IOperation<PartShipments.Request, PackTogether.Answer>
{
    public sealed record Request([Required, MinLength(1), MaxLength(50)] IReadOnlyList<Id<Shipment>> Shipments);

    public static readonly Error Gone = new("together.gone", "The parcel has left already.");

    public async Task<Result<PackTogether.Answer>> Run(Request request, CancellationToken ct)
    {
        var all = await steps.LockedTogether(request.Shipments, ct);
        if (all.Any(s => !s.IsOpen)) return Gone;
        var parted = all.Where(s => s.Together is not null).ToArray();
        foreach (var shipment in parted) db.Work.Concerns(shipment.Number);
        db.Shipments.Update(
            [.. parted.Select(s => (s.Status is ShipmentStatus.Packed ? s.To(ShipmentStatus.Picked, db.Now) with { PickedAt = s.PickedAt ?? db.Now, PackedAt = null, Parcels = 0, Tracking = null } : s) with { Together = null, Version = s.Version + 1 })],
            nameof(Shipment.Status), nameof(Shipment.PickedAt), nameof(Shipment.PackedAt), nameof(Shipment.Parcels), nameof(Shipment.Tracking), nameof(Shipment.Together), nameof(Shipment.Version));
        return new PackTogether.Answer([.. parted.Select(s => s.Number)]);
    }
}
