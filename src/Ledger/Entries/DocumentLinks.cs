namespace Keel.Ledger;

/// Where the documents that cause entries are shown, as far as they have a page.
internal static class DocumentLinks
{
    public static string? To(string kind, Guid id) => kind switch
    {
        "order" => $"/orders/{id}",
        "invoice" => $"/invoices/{id}",
        "shipment" => $"/shipments/{id}",
        _ => null,
    };
}
