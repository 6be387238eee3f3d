using Keel.Printing.Contract;
using Keel.Stock;
using Keel.Ui;

namespace Keel.Warehouse;

/// A count on paper, blind as the screen is: the place, what is asked for by name, and lines for what else lies there.
internal sealed class CountSheet(KeelDb db) : IPaper
{
    private const int Blank = 12;

    public static readonly PaperKind Paper = new("count-sheet", "Count sheet", "count", PaperForm.Document, StockPermissions.Read);

    private sealed record Row(Guid Id, string Number, NodeCode Node, string Location, string Barcode, string Status, DateOnly DueOn, string Why);

    private sealed record Product(Guid TaskId, string Sku, string Name);

    public PaperKind Kind => Paper;

    public async Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct)
    {
        var ids = PaperSubject.Ids(keys);
        return [.. (await Rows(ids, ct)).Select(r => new PaperSubject(new DocumentRef("count", r.Id, r.Number), r.Node))];
    }

    public async Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<DocumentRef> subjects, PaperStyle style, CancellationToken ct)
    {
        var ids = subjects.Select(s => s.Id).ToArray();
        var products = (await db.Query<Product>(
            $"""
            select t.id as task_id, t.sku::text as sku, coalesce(p.name, t.sku) as name from stock.pub_count_task t left join catalog.pub_product p on p.sku = t.sku
            where t.company_id = {db.Company} and t.id = any({ids}) and t.sku is not null and t.status in ('Due', 'Counting')
            union
            select l.task_id, l.sku::text, coalesce(p.name, l.sku) from stock.pub_count_product l join stock.pub_count_task t on t.id = l.task_id left join catalog.pub_product p on p.sku = l.sku
            where l.company_id = {db.Company} and l.task_id = any({ids}) and t.status = 'Recount' order by 2
            """, ct)).ToLookup(p => p.TaskId);
        return (await Rows(ids, ct)).Where(r => r.Status is "Due" or "Counting" or "Recount").ToDictionary(r => r.Id, r => (Sheet)SheetOf(r, [.. products[r.Id]], style.Tongue));
    }

    private static DocumentSheet SheetOf(Row row, Product[] products, Tongue tongue)
    {
        var say = tongue.Say;
        return new DocumentSheet(say("count-sheet"), row.Number, tongue)
        {
            Day = row.DueOn,
            Barcode = row.Number,
            To = [row.Node.Text, row.Location],
            Facts = [new(say("bin"), row.Location), new(say("count-by"), tongue.Day(row.DueOn)), new(say("counted-by"), "________________"), new(say("counted-at"), "________________")],
            Columns = [new(say("position"), 6), new(say("sku"), 22), new(say("what"), 44), new(say("counted"), 28, IsRight: true)],
            Lines =
            [
                .. products.Select((p, i) => (IReadOnlyList<string>)[$"{i + 1}", p.Sku, p.Name, "____________"]),
                .. Enumerable.Range(products.Length + 1, products.Length > 0 ? 4 : Blank).Select(i => (IReadOnlyList<string>)[$"{i}", "________________", "", "____________"]),
            ],
        };
    }

    private Task<List<Row>> Rows(Guid[] ids, CancellationToken ct) => db.Query<Row>(
        $"""
        select t.id, t.number, t.node, t.location::text as location, l.barcode::text as barcode, t.status, t.due_on, t.why
        from stock.pub_count_task t join stock.pub_location l on l.company_id = t.company_id and l.code = t.location where t.company_id = {db.Company} and t.id = any({ids}) order by t.number
        """, ct);
}

/// Lets somebody print the sheet of a count from its record.
internal sealed class PrintCount : IJoinRecord
{
    private Guid? count;

    public string Kind => "count";

    public void Ask(DocumentRef document) => count = document.Id;

    public IReadOnlyList<Act> Acts => count is { } id ? [PaperActs.Print("Print count sheet", CountSheet.Paper, id), PaperActs.Open("Count sheet as PDF", CountSheet.Paper, id.ToString())] : [];
}

/// Lets somebody print the sheets of selected counts.
internal sealed class PrintCounts : IJoinList
{
    public string View => "stock.counts";
    public IReadOnlyList<Act> Bulk => [PaperActs.PrintSelected("Print count sheets", CountSheet.Paper)];
}
