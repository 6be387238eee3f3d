using Keel.Kernel.Views;

namespace Keel.Stock;

/// What a list of papers about goods shows.
internal static class DocumentList
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search] public required string Number { get; init; }
        public required NodeCode Node { get; init; }
        public string? Partner { get; init; }
        [Search] public string? Reference { get; init; }
        public required string Reason { get; init; }
        public required int Lines { get; init; }
        [Cost] public required Money Value { get; init; }
        public required Currency Currency { get; init; }
        [Title("When")] public required DateTimeOffset HappenedAt { get; init; }
        public required DateOnly Day { get; init; }
        public required string Next { get; init; }
    }

    internal static SqlText Rows(KeelDb db, StockDocumentKind kind, SqlText.Verbatim next) => new(
        $"""
        select d.id, d.number, d.node, d.reference, d.reason, d.lines, d.value, d.currency, d.happened_at, d.day,
          (select p.name from partners.pub_partner p where p.id = d.partner) as partner, {next} as next
        from stock.document d where d.company_id = {db.Company} and d.kind = {new SqlText.Verbatim($"'{kind}'")}
        """);
}

/// Goods that were bought and came in, the latest first. Served by the index document_day.
[View("stock.receipts", StockPermissions.Read, Sort = "-happened-at")]
internal sealed class ReceiptList(KeelDb db) : IView<DocumentList.Row>
{
    public FormattableString Rows() => $"{DocumentList.Rows(db, StockDocumentKind.Receipt, new SqlText.Verbatim("'The bill is to come'"))}";
}

/// Counts and corrections, the latest first, and who lost a promise to them. Served by the index document_day.
[View("stock.adjustments", StockPermissions.Read, Sort = "-happened-at")]
internal sealed class AdjustmentList(KeelDb db) : IView<DocumentList.Row>
{
    public FormattableString Rows() => $"{DocumentList.Rows(db, StockDocumentKind.Adjustment, Displaced)}";

    private static readonly SqlText.Verbatim Displaced = new(
        """
        coalesce((select 'Displaced ' || trim_scale(sum(s.quantity) / 1000.0) || ' of ' || count(distinct s.document_id) || case when count(distinct s.document_id) = 1 then ' order' else ' orders' end
          from stock.reservation_step s where s.operation = d.operation and s.kind = 'Displaced' having count(*) > 0), 'Nobody lost a promise')
        """);
}

/// Goods that customers sent back, the latest first. Served by the index document_day.
[View("stock.returns", StockPermissions.Read, Sort = "-happened-at")]
internal sealed class ReturnList(KeelDb db) : IView<DocumentList.Row>
{
    public FormattableString Rows() => $"{DocumentList.Rows(db, StockDocumentKind.Return, new SqlText.Verbatim("'Look at it and decide'"))}";
}
