namespace Keel.Sales;

/// Everything that an invoice's page shows, asked in one round trip.
internal sealed class InvoiceCard(KeelDb db)
{
    public sealed record LineRow(int Line, LineKind Kind, Sku? Sku, string Name, Quantity Quantity, Currency Currency, Money Net, Money Tax, Money Gross);

    public sealed record EntryRow(Guid Id, string Journal, DateOnly Day, string Sentence, Money Total, Currency Currency);

    public sealed record OrderRow(Money Paid, Money Invoiced, Currency Currency);

    public Invoice Invoice { get; private set; } = null!;
    public IReadOnlyList<LineRow> Lines { get; private set; } = [];
    public IReadOnlyList<EntryRow> Entries { get; private set; } = [];
    public OrderRow Order { get; private set; } = null!;

    public async Task<bool> Load(Id<Invoice> id, CancellationToken ct = default)
    {
        var invoices = db.Ask<Invoice>($"{new SqlText.Verbatim($"select {RowMap<Invoice>.Instance.Names} from sales.invoice")} where company_id = {db.Company} and id = {id}");
        var lines = db.Ask<LineRow>(
            $"""
            select l.line, l.kind, l.sku, coalesce(p.name, l.description, l.kind) as name, l.quantity, l.currency, l.net, l.tax, l.gross
            from sales.invoice_line l left join catalog.pub_product p on p.sku = l.sku where l.company_id = {db.Company} and l.invoice_id = {id} order by l.line
            """);
        var entries = db.Ask<EntryRow>($"select id, journal, day, sentence, total, currency from ledger.pub_entry where company_id = {db.Company} and document_id = {id} order by day, id");
        var orders = db.Ask<OrderRow>(
            $"select paid, invoiced, currency from sales.orders where company_id = {db.Company} and id = (select order_id from sales.invoice where company_id = {db.Company} and id = {id})");
        await db.Flush(ct);

        if (invoices.Value is not [var invoice]) return false;
        (Invoice, Lines, Entries, Order) = (invoice, lines.Value, entries.Value, orders.Value[0]);
        return true;
    }
}
