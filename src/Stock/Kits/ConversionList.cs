using Keel.Kernel.Views;

namespace Keel.Stock;

/// Kits that were assembled and taken apart, and goods that became others, the latest first: what went in, and what came out of it.
[View("stock.conversions", StockPermissions.Read, Sort = "-happened-at")]
internal sealed class ConversionList(KeelDb db) : IView<ConversionList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search] public required string Number { get; init; }
        [Title("Site")] public required NodeCode Node { get; init; }
        [Title("What")] public required string Reason { get; init; }
        [Search, Title("Went in")] public required string WentIn { get; init; }
        [Search, Title("Came out")] public required string CameOut { get; init; }
        [Title("Note")] public string? Reference { get; init; }
        [Cost, Title("Goods at cost")] public required Money Value { get; init; }
        public required Currency Currency { get; init; }
        [Title("When")] public required DateTimeOffset HappenedAt { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select d.id, d.number, d.node, d.reason, coalesce(g.went_in, '') as went_in, coalesce(g.came_out, '') as came_out, d.reference, coalesce(g.value, 0)::bigint as value, d.currency, d.happened_at
        from stock.document d cross join lateral (
          select string_agg(trim_scale(m.quantity / 1000.0) || ' × ' || m.sku, ', ' order by m.line) filter (where m.goes_in) as went_in,
            string_agg(trim_scale(m.quantity / 1000.0) || ' × ' || m.sku, ', ' order by m.line) filter (where not m.goes_in) as came_out, sum(m.value) filter (where not m.goes_in) as value
          from (select m.line, m.sku, m.to_location = {Place.Production} as goes_in, sum(m.quantity) as quantity, sum(m.value) as value from stock.move m where m.document_id = d.id group by 1, 2, 3) m) g
        where d.company_id = {db.Company} and d.kind in ('Assembly', 'Conversion')
        """;
}
