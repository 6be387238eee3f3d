using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.App.Pages;

/// What the audit adds to a record: its lines of the log, and its evidence.
internal abstract class RecordAudit(string kind) : IJoinRecord
{
    private string number = "";

    public string Kind => kind;

    public void Ask(DocumentRef document) => number = document.Number;

    public IReadOnlyList<Act> Acts =>
    [
        Act.Go("Log", $"/operations?record={Uri.EscapeDataString(number)}", KernelPermissions.ReadLog),
        Act.Go("Evidence", EvidencePage.For(number), KernelPermissions.Evidence),
    ];
}

internal sealed class OrderAudit() : RecordAudit("order");

internal sealed class StockDocumentAudit() : RecordAudit("stock-document");

internal sealed class ProductAudit() : RecordAudit("product");
