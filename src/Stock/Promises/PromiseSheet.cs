using Keel.Stock.Contract;

namespace Keel.Stock;

/// What is promised to one line, and who waits for the same goods.
internal sealed class PromiseSheet(KeelDb db, Scopes scopes)
{
    private sealed record Row(string DocumentNumber, Sku Sku, NodeCode Node, Quantity Open, DateOnly? PromisedBy);

    public string Number { get; private set; } = "";
    public Sku Sku { get; private set; }
    public Quantity Has { get; private set; }
    public DateOnly? PromisedBy { get; private set; }
    public IReadOnlyList<NodeCode> Nodes { get; private set; } = [];
    public IReadOnlyList<Waiting> Waits { get; private set; } = [];

    public async Task<bool> Load(LineKey line, CancellationToken ct = default)
    {
        var reach = db.Work.Actor.Reach;
        var rows = await db.Query<Row>(
            $"select document_number, sku, node, open, promised_by from stock.reservation r where company_id = {db.Company} and document_id = {line.Document} and line = {line.Line} and open > 0{reach.And("node")}{scopes.And("r.document_id")} order by part", ct);
        if (rows.Count == 0) return false;
        (Number, Sku, PromisedBy, Has, Nodes) = (rows[0].DocumentNumber, rows[0].Sku, rows[0].PromisedBy, rows.Sum(r => r.Open), [.. rows.Select(r => r.Node).Distinct()]);
        Waits = await db.Query<Waiting>($"{Waiting.Columns} where company_id = {db.Company} and sku = {Sku} and document_id <> {line.Document}{reach.And("node", "channel")} order by rank, promised_by, since limit 50", ct);
        return true;
    }
}
