using System.ComponentModel.DataAnnotations;

namespace Keel.Printing;

/// Which papers print by themselves, and when.
public sealed record AutomaticPrinting([MaxLength(50)] IReadOnlyList<PrintRule> Rules) : IPolicy<AutomaticPrinting>
{
    public static string Kind => "automatic-printing";
    public static AutomaticPrinting AsDelivered { get; } = new([]);
    public static string Says => "Papers that print by themselves: after a shipment was released, packed or shipped, or an invoice was issued. Each once for each record; a second one is a reprint with a reason.";
    public static IReadOnlyList<string> UsedBy => ["warehouse.release-orders", "warehouse.pack-shipments", "warehouse.ship", "warehouse.ship-orders"];
}

/// After a happening a paper goes to the printer of a station, or of the node where no station is named. No nodes means all.
public sealed record PrintRule(
    [Required, RegularExpression("^(shipment-released|shipment-packed|shipment-shipped|invoice-issued)$", ErrorMessage = "is shipment-released, shipment-packed, shipment-shipped or invoice-issued.")] string After,
    [Required, MaxLength(40)] string Paper, [MaxLength(100)] IReadOnlyList<NodeCode>? Nodes = null, [MaxLength(30)] string? Station = null);
