using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// What is promised of a SKU now: to whom, how much, from where, since when. Served by the index reservation_open.
[View("stock.reservations", StockPermissions.Read, Sort = "taken-at")]
internal sealed class ReservationList(KeelDb db) : IView<ReservationList.Row, ReservationList.Args>
{
    public sealed record Args(Sku Sku);

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("For")] public required string DocumentNumber { get; init; }
        public required DemandKind Kind { get; init; }
        [Title("Document key")] public required Guid DocumentId { get; init; }
        public required NodeCode Node { get; init; }
        [Title("Promised")] public required Quantity Quantity { get; init; }
        [Title("Since")] public required DateTimeOffset TakenAt { get; init; }
        [Title("To ship by")] public DateOnly? PromisedBy { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select r.document_id::text || '/' || lpad(r.line::text, 5, '0') || '/' || lpad(r.part::text, 5, '0') as id, r.document_number, r.kind, r.document_id, r.node,
          r.open as quantity, r.taken_at, r.promised_by, r.expires_at,
          case when r.expires_at is not null then 'Free again unless it is ordered' when exists (
            select from stock.allocation a where a.document_id = r.document_id and a.line = r.line and a.open > 0) then 'Set aside in a bin: pick it' else 'Waits to be released' end as next
        from stock.reservation r where r.company_id = {db.Company} and r.sku = {args.Sku} and r.open > 0
        """;
}
