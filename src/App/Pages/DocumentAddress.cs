namespace Keel.App.Pages;

/// Where a document of any module is shown, by its kind.
internal static class DocumentAddress
{
    public static string? Of(string kind, Guid id, string number) => kind switch
    {
        "order" => $"/orders/{id}",
        "shipment" => $"/shipments/{id}",
        "journal-entry" or "entry" => $"/journal/{id}",
        "customer" or "supplier" or "partner" => $"/partners/{id}",
        "product" => $"/product/{Uri.EscapeDataString(number)}",
        "case" or "kernel.cases" => CasePage.Url(id),
        "rule" => RulePage.Url(id),
        "approval" => ApprovalPage.Url(id),
        "operation" => OperationPage.Url(id),
        _ => null,
    };
}
