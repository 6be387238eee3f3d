using Keel.Stock.Contract;

namespace Keel.Stock;

/// Everything that the page of a receipt, an adjustment or a return shows, asked in one round trip.
internal sealed class DocumentCard(KeelDb db)
{
    public sealed record LineRow(int Line, Sku Sku, string Name, Quantity Quantity, LocationCode FromLocation, LocationCode ToLocation, Money? Value, Currency Currency);

    /// Who lost a promise to this paper.
    public sealed record LoserRow(DemandKind Kind, Guid DocumentId, string DocumentNumber, Sku Sku, NodeCode Node, Quantity Quantity, string Reason);

    public sealed record NameRow(Guid Id, string Name);

    public StockDocument Document { get; private set; } = null!;
    public IReadOnlyList<LineRow> Lines { get; private set; } = [];
    public IReadOnlyList<LoserRow> Displaced { get; private set; } = [];
    public NameRow? Partner { get; private set; }

    public async Task<bool> Load(Guid id, Action<DocumentRef> others, CancellationToken ct = default)
    {
        var documents = db.Ask<StockDocument>($"{new SqlText.Verbatim($"select {RowMap<StockDocument>.Instance.Names} from stock.document")} where company_id = {db.Company} and id = {id}");
        var lines = db.Ask<LineRow>(
            $"""
            select m.line, m.sku, coalesce(p.name, m.sku) as name, m.quantity, m.from_location, m.to_location, m.value, m.currency
            from stock.move m left join catalog.pub_product p on p.sku = m.sku where m.company_id = {db.Company} and m.document_id = {id} order by m.line, m.id limit 1000
            """);
        var displaced = db.Ask<LoserRow>(
            $"""
            select r.kind, r.document_id, r.document_number, r.sku, r.node, sum(s.quantity)::bigint as quantity, min(s.reason) as reason
            from stock.reservation_step s join stock.reservation r on r.document_id = s.document_id and r.line = s.line and r.part = s.part
            where s.kind = 'Displaced' and s.operation = (select operation from stock.document where company_id = {db.Company} and id = {id})
            group by r.kind, r.document_id, r.document_number, r.sku, r.node order by r.document_number
            """);
        var partners = db.Ask<NameRow>($"select id, name from partners.pub_partner where id = (select partner from stock.document where company_id = {db.Company} and id = {id})");
        others(new DocumentRef("", id, ""));
        await db.Flush(ct);

        if (documents.Value is not [var document]) return false;
        (Document, Lines, Displaced, Partner) = (document, lines.Value, displaced.Value, partners.Value.FirstOrDefault());
        return true;
    }
}
