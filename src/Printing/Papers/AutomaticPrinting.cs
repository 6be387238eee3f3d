using System.ComponentModel.DataAnnotations;
using Keel.Printing.Contract;

namespace Keel.Printing;

/// Which papers print by themselves, and when.
public sealed record AutomaticPrinting([MaxLength(50)] IReadOnlyList<PrintRule> Rules) : IPolicy<AutomaticPrinting>
{
    public static string Kind => "automatic-printing";
    public static AutomaticPrinting AsDelivered { get; } = new([]);
    public static string Says => "Papers that print by themselves: after a shipment was released, packed or shipped, or an invoice was issued. Each once for each record; a second one is a reprint with a reason.";
    public static IReadOnlyList<string> UsedBy => ["warehouse.release-orders", "warehouse.pack-shipments", "warehouse.ship", "warehouse.ship-orders"];
}
