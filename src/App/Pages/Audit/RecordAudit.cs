using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.App.Pages;

/// What the audit adds to a record: its lines of the log, and its evidence; and that it was opened, where it shows personal data.
internal abstract class RecordAudit(string kind, Sights? sights = null, Viewer? viewer = null, Work? work = null) : IJoinRecord
{
    private string record = "";

    public string Kind => kind;
    public bool ComesLast => true;

    public void Ask(DocumentRef document)
    {
        // A record may ask before it knows its number; the log and the evidence find it by its key too.
        record = document.Number.Length > 0 ? document.Number : document.Id.ToString();
        if (viewer?.May(Viewer.SeePersonal) == true) sights?.Note(work!, kind, SightWay.Record, document.Id.ToString());
    }

    public IReadOnlyList<Act> Acts =>
    [
        Act.Go("Log", $"/operations?record={Uri.EscapeDataString(record)}", KernelPermissions.ReadLog),
        Act.Go("Evidence", EvidencePage.For(record), KernelPermissions.Evidence),
    ];
}

internal sealed class OrderAudit(Sights sights, Viewer viewer, Work work) : RecordAudit("order", sights, viewer, work);

internal sealed class StockDocumentAudit() : RecordAudit("stock-document");

internal sealed class ProductAudit() : RecordAudit("product");
