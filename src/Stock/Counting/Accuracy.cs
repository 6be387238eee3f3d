using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Stock;

/// Whether the book was right about what was counted.
internal enum CountVerdict
{
    [Shown(StateRole.Done)]
    Right,

    [Shown(StateRole.Late)]
    Missing,

    [Shown(StateRole.Waiting)]
    TooMany,

    /// It lay where the book had none of it: somebody put it down in the wrong place.
    [Shown(StateRole.Held)]
    Misplaced,
}

/// Every product that was counted in a place, and whether the book was right about it. Served by the index count_line_decided.
[View("stock.counted", StockPermissions.Read, Sort = "-decided-at")]
internal sealed class CountedList(KeelDb db) : IView<CountedList.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        public required Guid Count { get; init; }
        [Search, Title("Count")] public required string Number { get; init; }
        [Title("When")] public required DateTimeOffset DecidedAt { get; init; }
        public required NodeCode Node { get; init; }
        [Search, Title("Place")] public required LocationCode Location { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Title("Product")] public required string Name { get; init; }
        public SkuClass? Class { get; init; }
        [Title("The book was")] public required CountVerdict Verdict { get; init; }
        [Title("Counted by", Empty = "nobody")] public string? Counter { get; init; }
        public required Quantity Book { get; init; }
        [Title("Put right by")] public required Quantity Difference { get; init; }
        [Cost] public required Money Value { get; init; }
        public required Currency Currency { get; init; }
        public required bool Right { get; init; }
        [Title("Counter was right")] public required bool CounterRight { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select l.task_id || ' ' || l.line as id, l.task_id as count, t.number, l.decided_at, l.node, l.location, l.sku, coalesce(p.name, l.sku) as name, k.class,
          case when l.difference = 0 then 'Right' when coalesce(l.book, l.rebook) = 0 and l.difference > 0 then 'Misplaced' when l.difference < 0 then 'Missing' else 'TooMany' end as verdict,
          t.counter_name as counter, coalesce(l.book, l.rebook, 0) as book, l.difference, l.value, l.currency, l.difference = 0 as right,
          l.counted is null or l.counted - l.book = l.difference as counter_right
        from stock.count_line l join stock.count_task t on t.id = l.task_id
        left join catalog.pub_product p on p.sku = l.sku left join stock.sku_class k on k.company_id = l.company_id and k.node = l.node and k.sku = l.sku
        where l.company_id = {db.Company} and l.decided_at is not null
        """;
}

/// By what accuracy is told apart.
internal enum AccuracyBy
{
    Site,
    Place,
    Class,
    Counter,
    Month,
}

/// How often the book was right where somebody counted, in a span of days: by site, place, class, counter or month. Of counters it says how often their
/// own count was what it came to in the end. Served by the index count_line_decided.
[View("stock.count-accuracy", StockPermissions.Read, Sort = "share")]
internal sealed class CountAccuracy(KeelDb db, TimeProvider clock, Viewer viewer) : IView<CountAccuracy.Row, CountAccuracy.Args>
{
    /// The last ninety days where nothing is said.
    public sealed record Args(AccuracyBy By = AccuracyBy.Site, DateOnly? From = null, DateOnly? Until = null)
    {
        public const int UsualDays = 90;
    }

    public sealed record Row
    {
        [Key, Search, Title("Of")] public required string Id { get; init; }
        [Title("Counted")] public required long Lines { get; init; }
        [Title("Were right")] public required long Right { get; init; }
        [Title("Accuracy")] public required decimal Share { get; init; }
        [Title("Missing")] public required Quantity Missing { get; init; }
        [Title("Too many")] public required Quantity TooMany { get; init; }
        [Title("In the wrong place")] public required long Misplaced { get; init; }
        [Cost, Title("Net value")] public required Money Value { get; init; }
        public required Currency Currency { get; init; }
    }

    public FormattableString Rows(Args args)
    {
        var until = args.Until ?? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), viewer.Zone).DateTime);
        var from = args.From ?? until.AddDays(-Args.UsualDays);
        var of = new SqlText(args.By switch
        {
            AccuracyBy.Place => $"c.location",
            AccuracyBy.Class => $"coalesce(c.class, 'none')",
            AccuracyBy.Counter => $"coalesce(c.counter, 'nobody')",
            AccuracyBy.Month => $"to_char(c.decided_at at time zone {viewer.Zone.Id}, 'YYYY-MM')",
            _ => (FormattableString)$"c.node",
        });
        var right = new SqlText.Verbatim(args.By is AccuracyBy.Counter ? "c.counter_right" : "c.right");
        return
            $"""
            select {of} as id, count(*) as lines, count(*) filter (where {right}) as right, round(count(*) filter (where {right}) * 100.0 / count(*), 2) as share,
              coalesce(-sum(c.difference) filter (where c.difference < 0), 0)::bigint as missing, coalesce(sum(c.difference) filter (where c.difference > 0), 0)::bigint as too_many,
              count(*) filter (where c.verdict = 'Misplaced') as misplaced, sum(c.value)::bigint as value, min(c.currency) as currency
            from ({new CountedList(db).Rows()}) c
            where c.decided_at >= {Start(from)} and c.decided_at < {Start(until.AddDays(1))} group by 1
            """;
    }

    private DateTimeOffset Start(DateOnly day) => Zones.InstantOf(day.ToDateTime(TimeOnly.MinValue), viewer.Zone);
}
