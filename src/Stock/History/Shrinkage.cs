using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Stock;

/// What got lost, was found and was scrapped in a span of days, by place and reason. Served by move_times.
[View("stock.shrinkage", StockPermissions.Read, Sort = "id")]
internal sealed class Shrinkage(KeelDb db, TimeProvider clock) : IView<Shrinkage.Row, Shrinkage.Args>
{
    /// Business days of the sites; the last ninety where nothing is said.
    public sealed record Args(DateOnly? From = null, DateOnly? Until = null)
    {
        public const int UsualDays = 90;
    }

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        public required NodeCode Node { get; init; }
        [Search, Title("Place")] public required LocationCode Location { get; init; }
        [Search, Title("Why")] public required string Reason { get; init; }
        public required long Moves { get; init; }
        public required Quantity Lost { get; init; }
        public required Quantity Found { get; init; }
        public required Quantity Scrapped { get; init; }
        public required Quantity Net { get; init; }
        [Cost, Title("Net value")] public Money? Value { get; init; }
        public required Currency Currency { get; init; }
    }

    public FormattableString Rows(Args args)
    {
        var until = args.Until ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(1);
        var from = args.From ?? until.AddDays(-Args.UsualDays);
        var lost = new SqlText($"array(select l.code from stock.location l where l.company_id = {db.Company} and l.kind in ('Loss', 'Scrap'))");
        return
            $"""
            select g.location || ' ' || g.reason as id, g.node, g.location, g.reason, count(*) as moves, min(g.currency) as currency,
              coalesce(-sum(g.on_hand) filter (where g.other = 'Loss' and g.on_hand < 0), 0)::bigint as lost, coalesce(sum(g.on_hand) filter (where g.other = 'Loss' and g.on_hand > 0), 0)::bigint as found,
              coalesce(-sum(g.on_hand) filter (where g.other = 'Scrap'), 0)::bigint as scrapped, sum(g.on_hand)::bigint as net, sum(g.value)::bigint as value
            from stock.leg g
            where g.company_id = {db.Company} and (g.from_location = any({lost}) or g.to_location = any({lost})) and g.other in ('Loss', 'Scrap') and g.day between {from} and {until}
              and g.happened_at >= {Edge(from, -2)} and g.happened_at < {Edge(until, 2)}
            group by g.node, g.location, g.reason
            """;
    }

    /// A day of any zone lies between these, so that the index by time serves a question about days.
    private static DateTimeOffset Edge(DateOnly day, int days) => new(day.AddDays(days).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
