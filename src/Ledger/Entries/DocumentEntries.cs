using Keel.Ui;

namespace Keel.Ledger;

/// What the money book adds to the record of any document: the entries that it caused.
internal sealed class DocumentEntries(KeelDb db) : IJoinRecord
{
    private Later<long>? entries;
    private DocumentRef? about;

    public string Kind => "*";

    public void Ask(DocumentRef document)
    {
        about = document;
        entries = db.Ask<long, long>($"select count(*) from ledger.entry where company_id = {db.Company} and document_id = {document.Id}", rows => rows[0]);
    }

    public IReadOnlyList<SmartLinks.SmartLink> Links => [new("books", (int)entries!.Value, "entry", "entries", $"/postings?document={about!.Id}")];
}
