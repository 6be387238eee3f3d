namespace Keel.Warehouse;

/// The figures of the floor that are watched, for each site too.
internal static class WarehouseMeasures
{
    private const string Open = "f.status=Released,Picked,Packed";
    /// The shipments that are late on the floor: on the board, on the wall and in the figures.
    internal const string LateOnFloor = Open + "&f.ship-by.lt=today";

    private const string Left = "f.status=Shipped,Delivered&f.shipped-at.ge=today-6";

    public static readonly Measure[] All =
    [
        Measure.Rows<ShipmentList>("to-pick", "To pick", "Shipments that were released and not picked, at this moment.", "/shipments", "f.status=Released") with { Slices = "node", Team = "warehouse", Next = "Pick" },
        Measure.Rows<ShipmentList>("to-pack", "To pack", "Shipments that were picked and not packed, at this moment.", "/shipments", "f.status=Picked") with { Slices = "node", Team = "warehouse", Next = "Pack" },
        Measure.Rows<ShipmentList>("to-hand-over", "To hand over", "Shipments that were packed and have not left, at this moment.", "/shipments", "f.status=Packed")
            with { Slices = "node", Team = "warehouse", Next = "Ship" },
        Measure.Rows<ShipmentList>("shipments-due-today", "Must leave today", "Shipments on the floor that are promised to leave today, at this moment.", "/shipments", $"{Open}&f.ship-by=today")
            with { Slices = "node", Team = "warehouse", Next = "See where they are" },
        Measure.Rows<ShipmentList>("shipments-late", "Late on the floor", "Shipments on the floor whose promised day is past, at this moment.", "/shipments", LateOnFloor)
            with { Better = Better.Less, Target = 0, Slices = "node", Team = "warehouse", IsPast = true, Next = "Ship them first" },
        Measure.PerDay<ShipmentList>("shipments-left", "Shipments left", "Shipments by the day on which they left, in the company's zone.", "/shipments", "shipped-at", "f.status=Shipped,Delivered")
            with { Slices = "node", Team = "warehouse", Next = "See today's" },
        Measure.Share<ShipmentList>("shipped-on-time", "Shipped on time", "Of the shipments that left in the last 7 days, those that left on or before the promised day.", "/shipments",
            Left + "&f.left-late=false", Left, Left + "&f.left-late=true") with { Better = Better.More, Target = 98, Slices = "node", Team = "warehouse", IsPast = true, Next = "See those that left late" },
    ];
}
