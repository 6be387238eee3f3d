using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Stock;

/// What a list of papers about goods shows.
internal static class DocumentList
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search] public required string Number { get; init; }
        [Title("Site")] public required NodeCode Node { get; init; }
        [Title("Supplier")] public string? Partner { get; init; }
        [Search, Title("Delivery note")] public string? Reference { get; init; }
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
    public FormattableString Rows() => $"{DocumentList.Rows(db, StockDocumentKind.Receipt, Bill)}";

    private static readonly SqlText.Verbatim Bill = new(
        """
        case when d.reason in ('consigned', 'kept') then 'Not ours: nothing is billed' else 'The bill is to come' end
        """);
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

/// Whether somebody still has to look at what came back.
internal enum ReturnState
{
    [Shown(StateRole.Waiting, "To look at")]
    ToLookAt,

    [Shown(StateRole.Done, "Put away")]
    PutAway,
}

/// Goods that customers sent back, the latest first: from whom, of which order, and what of it still stands where it came back to. Served by the
/// index document_day.
[View("stock.returns", StockPermissions.Read, Sort = "-happened-at")]
internal sealed class ReturnList(KeelDb db) : IView<ReturnList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search, Title("Return")] public required string Number { get; init; }
        [Search, Personal, Title("Customer", Empty = "nobody")] public string? Customer { get; init; }
        [Search, Title("Order")] public string? OrderNumber { get; init; }
        public Guid? OrderId { get; init; }
        public required ReturnState State { get; init; }
        [Title("Came back")] public required DateTimeOffset HappenedAt { get; init; }
        [Title("Into")] public required NodeCode Node { get; init; }
        public required Quantity Units { get; init; }
        [Cost, Title("Goods at cost")] public required Money Value { get; init; }
        public required Currency Currency { get; init; }
        public required DateOnly Day { get; init; }
        public required string Next { get; init; }
    }

    /// What still stands in the place that it came back to is to be looked at, as far as that place holds so many.
    public FormattableString Rows() =>
        $"""
        select d.id, d.number, (select p.name from partners.pub_partner p where p.id = d.partner) as customer, d.order_number, d.order_id,
          case when g.left_there > 0 then 'ToLookAt' else 'PutAway' end as state, d.happened_at, d.node, g.units, d.value, d.currency, d.day,
          case when g.left_there > 0 then 'Look at ' || trim_scale(g.left_there / 1000.0) || ' in ' || g.place || ' and move them on' else 'Nothing: moved on' end as next
        from stock.document d cross join lateral (
          select coalesce(sum(m.quantity), 0)::bigint as units, coalesce(sum(least(m.quantity, m.still)), 0)::bigint as left_there, min(m.to_location) as place
          from (select m.quantity, m.to_location, case when m.to_location = any(array(select w.code from stock.location w where w.company_id = {db.Company} and w.kind in ('Returns', 'Quality', 'Receiving'))) then (
                  select coalesce(sum(l.on_hand), 0) from stock.level l where l.company_id = d.company_id and l.node = m.to_node and l.location = m.to_location and l.sku = m.sku) else 0 end as still
                from stock.move m where m.document_id = d.id) m) g
        where d.company_id = {db.Company} and d.kind = 'Return'
        """;
}
