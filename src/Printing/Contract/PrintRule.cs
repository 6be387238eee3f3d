using System.ComponentModel.DataAnnotations;

namespace Keel.Printing.Contract;

/// After a happening a paper goes to the printer of a station, or of the node where no station is named. No nodes means all.
public sealed record PrintRule(
    [Required, RegularExpression("^(shipment-released|shipment-packed|shipment-shipped|invoice-issued)$", ErrorMessage = "is shipment-released, shipment-packed, shipment-shipped or invoice-issued.")] string After,
    [Required, MaxLength(40)] string Paper, [MaxLength(100)] IReadOnlyList<NodeCode>? Nodes = null, [MaxLength(30)] string? Station = null);
