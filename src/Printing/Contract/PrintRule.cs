using System.ComponentModel.DataAnnotations;

namespace Keel.Printing.Contract;

/// After a happening a paper goes to the printer of a station, or of the node where no station is named. No nodes means all.
public sealed record PrintRule(
    PrintMoment After,
    [Required, MaxLength(40), Display(Description = "packing-slip, pick-list or shipping-label of a shipment; invoice or credit-note.")] string Paper,
    [MaxLength(100)] IReadOnlyList<NodeCode>? Nodes = null, [MaxLength(30)] string? Station = null);
