using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Who waits for goods, and when they come: the strongest claim first. Served by waiting_sku.
[View("stock.waiting", StockPermissions.Read, Sort = "promised-by")]
internal sealed class WhoWaits(KeelDb db) : IView<WhoWaits.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("Waits")] public required string DocumentNumber { get; init; }
        public required DemandKind Kind { get; init; }
        [Title("Document key")] public required Guid DocumentId { get; init; }
        public string? Channel { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        public required NodeCode Node { get; init; }
        [Title("Waits for")] public required Quantity Quantity { get; init; }
        [Title("Priority")] public required int Rank { get; init; }
        [Title("Promised")] public DateOnly? PromisedBy { get; init; }
        [Title("Expected", Empty = "nobody knows")] public DateOnly? ExpectedOn { get; init; }
        [Title("Since")] public required DateTimeOffset Since { get; init; }
        [Title("Asks later")] public required bool Planned { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select w.document_id::text || '/' || w.line as id, w.document_number, w.kind, w.document_id, w.channel, w.sku, w.node, w.quantity, w.rank, w.promised_by, w.expected_on, w.since, w.planned,
          case when w.planned then 'Its goods are set aside before its day' when w.expected_on is null and w.kept is not null then 'Kept from it: ' || w.kept
            when w.expected_on is null then 'Nothing that is to come serves it: buy, move goods or take over' when w.expected_on > w.promised_by then 'Comes later than promised: tell them, or take over' else 'Comes in time' end as next
        from stock.waiting w where w.company_id = {db.Company}{db.Work.Actor.Reach.And("w.node", "w.channel")}
        """;
}

/// Everybody who has or wants units of a SKU that somebody waits for, the strongest claim first at each node: what is promised to each, what each waits
/// for, and until when. Served by waiting_sku and reservation_open.
[View("stock.competing", StockPermissions.Read, Sort = "turn")]
internal sealed class Competing(KeelDb db) : IView<Competing.Row, Competing.Args>
{
    /// Without a SKU, all that somebody waits for.
    public sealed record Args(Sku? Sku = null);

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Title("Turn")] public required long Turn { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        public required NodeCode Node { get; init; }
        [Search, Title("For")] public required string DocumentNumber { get; init; }
        public required DemandKind Kind { get; init; }
        [Title("Document key")] public required Guid DocumentId { get; init; }
        public required int Line { get; init; }
        public string? Channel { get; init; }
        [Title("Priority")] public required int Rank { get; init; }
        [Title("Promised day")] public DateOnly? PromisedBy { get; init; }
        [Title("Since")] public required DateTimeOffset Since { get; init; }
        [Title("Has")] public required Quantity Has { get; init; }
        [Title("Waits for")] public required Quantity Waits { get; init; }
        [Title("Expected")] public DateOnly? ExpectedOn { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows(Args args)
    {
        FormattableString which = args.Sku is { } sku ? $"and x.sku = {sku}" : (FormattableString)$"and x.sku in (select sku from stock.waiting where company_id = {db.Company})";
        return
            $"""
            select c.id, row_number() over (partition by c.sku, c.node order by c.rank, c.promised_by, c.since, c.document_id) as turn, c.sku, c.node, c.document_number, c.kind, c.document_id, c.line, c.channel, c.rank,
              c.promised_by, c.since, c.has, c.waits, c.expected_on,
              case when c.waits = 0 then 'Has what it wants' when c.has > 0 then 'Waits for the rest' else 'Waits' end as next
            from (
              select x.document_id::text || '/' || x.line || '@' || x.node as id, x.sku, x.node, max(x.document_number) as document_number, max(x.kind) as kind, x.document_id, x.line, max(x.channel) as channel, min(x.rank) as rank,
                min(x.promised_by) as promised_by, min(x.since) as since, sum(x.has)::bigint as has, sum(x.waits)::bigint as waits, max(x.expected_on) as expected_on
              from (
                select r.company_id, r.document_id, r.line, r.document_number, r.kind, r.channel, r.sku, r.node, r.rank, r.promised_by, r.taken_at as since, r.open as has, 0 as waits, null::date as expected_on
                from stock.reservation r where r.open > 0 and (r.owner = {PositionKey.Own} or r.kind <> {nameof(DemandKind.Transfer)})
                union all
                select w.company_id, w.document_id, w.line, w.document_number, w.kind, w.channel, w.sku, w.node, w.rank, w.promised_by, w.since, 0, w.quantity, w.expected_on from stock.waiting w
              ) x where x.company_id = {db.Company} {which}{db.Work.Actor.Reach.And("x.node", "x.channel")}
              group by x.sku, x.node, x.document_id, x.line
            ) c
            """;
    }
}
