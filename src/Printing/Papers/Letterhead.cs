using System.ComponentModel.DataAnnotations;

namespace Keel.Printing;

/// How a company's papers look: what stands at their head and foot, and which language they speak where the customer's is not known.
public sealed record Letterhead(
    [MaxLength(40)] string Logo,
    [MaxLength(120)] string Sender,
    [MaxLength(300)] string Foot,
    [RegularExpression("^(en|de)$", ErrorMessage = "is en or de.")] string Language,
    [RegularExpression(@"^\d{7,10}$", ErrorMessage = "is 7 to 10 digits, as GS1 gave them.")] string? Gs1Prefix = null,
    [MaxLength(120)] string? InvoiceRemark = null) : IPolicy<Letterhead>
{
    public static string Kind => "letterhead";

    /// Empty words stand for the company's own name.
    public static Letterhead AsDelivered { get; } = new("", "", "", "en");

    public static string Says =>
        "The head and foot of every paper: the name as a logo, the sender above the address, the foot with bank and registration, and the language where the customer's own is not known. " +
        "With a GS1 prefix, parcels get serial numbers (SSCC).";

    public static IReadOnlyList<string> UsedBy => ["printing.print", "printing.claim-jobs"];
}
