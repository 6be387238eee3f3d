using Keel.Pricing.Contract;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// A customer invoice, or a credit note. Its number follows within a second, gap-free; nothing else of it ever changes.
[Rows("sales.invoice", "id")]
internal sealed record Invoice(
    Id<Invoice> Id, Id<Company> CompanyId, bool IsCredit, string Series, long? Number, Id<Order> OrderId, string OrderNumber, Guid? ShipmentId, string? ShipmentNumber,
    ChannelCode Channel, Guid CustomerId, string CustomerName, NodeCode Node, DateOnly Day, DateTimeOffset HappenedAt, DateTimeOffset IssuedAt,
    Currency Currency, Money Net, Money Tax, Money Gross, [property: Json] IReadOnlyList<TaxTotal> Taxes, Money PaidBefore, string? Reason, string? Reference, Guid Operation)
{
    /// The series of a day: invoices and credit notes count for themselves, each year anew.
    public static string SeriesOf(bool isCredit, DateOnly day) => (isCredit ? "CN-" : "INV-") + day.Year.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// The number that people know; a word until it is given.
    public static string NameOf(string series, long? number) => number is { } n ? $"{series}-{n:D6}" : "being numbered";

    /// What the document is called until its number is there.
    [NotAColumn]
    public DocumentRef Ref => new(IsCredit ? "credit-note" : "invoice", Id.Value, Number is { } n ? $"{Series}-{n:D6}" : $"{Series} for {ShipmentNumber ?? OrderNumber}");
}

[Rows("sales.invoice_line", "invoice_id", "line")]
internal sealed record InvoiceLine(
    Id<Invoice> InvoiceId, int Line, Id<Company> CompanyId, int OrderLine, LineKind Kind, Sku? Sku, string? Description, Quantity Quantity,
    Currency Currency, Money Net, Money Tax, Money Gross);
