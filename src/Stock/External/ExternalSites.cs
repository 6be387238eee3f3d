using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Stock;

/// The sites under another authority: what they told last, how old that is, and what of it differs from our book.
[View("stock.external-sites", StockPermissions.Read, Sort = "node")]
internal sealed class ExternalSites(KeelDb db) : IView<ExternalSites.Row>
{
    public sealed record Row
    {
        [Key] public required NodeCode Node { get; init; }
        [Search, Title("Site")] public required string Name { get; init; }
        [Title("Last snapshot")] public string? Number { get; init; }
        [Title("Key of the snapshot")] public Guid? SnapshotId { get; init; }
        public DateTimeOffset? AsOf { get; init; }
        [Title("Told")] public DateTimeOffset? ToldAt { get; init; }
        [Title("SKUs told")] public int? Lines { get; init; }
        [Title("Differences open")] public required long Open { get; init; }
        [Title("Too many, units")] public required Quantity Over { get; init; }
        [Title("Missing, units")] public required Quantity Missing { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select s.code as node, s.name, x.number, x.id as snapshot_id, x.as_of, x.told_at, x.lines, d.open, d.over, d.missing,
          case when x.id is null then 'Nothing told yet: send a snapshot' when d.open > 0 then 'Decide who is right' else 'Nothing: the books agree' end as next
        from kernel.site s
        left join stock.external_site e on e.company_id = s.company_id and e.node = s.code
        left join stock.external_snapshot x on x.id = e.snapshot_id
        cross join lateral (select count(*) as open, coalesce(sum(greatest(l.told - l.book, 0)), 0)::bigint as over, coalesce(sum(greatest(l.book - l.told, 0)), 0)::bigint as missing
          from stock.external_line l where l.company_id = s.company_id and l.node = s.code and l.state = 'Open') d
        where s.company_id = {db.Company} and s.authority = 'External'{db.Work.Actor.Reach.And("s.code")}
        """;
}

/// What external sites told that our book does not say, open or decided.
[View("stock.external-drift", StockPermissions.Read, Sort = "-as-of")]
internal sealed class DriftList(KeelDb db) : IView<DriftList.Row, DriftList.Args>
{
    public sealed record Args(Guid? Snapshot = null);

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("Snapshot")] public required string Number { get; init; }
        [Title("Key of the snapshot")] public required Guid SnapshotId { get; init; }
        public required NodeCode Node { get; init; }
        public required DateTimeOffset AsOf { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Title("Product")] public required string Name { get; init; }
        public required GoodsCondition Condition { get; init; }
        [Title("They say")] public required Quantity Told { get; init; }
        [Title("Our book")] public required Quantity Book { get; init; }
        [Title("Difference")] public required Quantity Drift { get; init; }
        public required DriftState State { get; init; }
        [Title("By")] public string? DecidedBy { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select l.snapshot_id::text || ' ' || l.sku || ' ' || l.condition as id, s.number, l.snapshot_id, l.node, s.as_of, l.sku, coalesce((select p.name from catalog.pub_product p where p.sku = l.sku), l.sku) as name,
          l.condition, l.told, l.book, l.told - l.book as drift, l.state, l.decided_by
        from stock.external_line l join stock.external_snapshot s on s.id = l.snapshot_id
        where l.company_id = {db.Company} and ({args.Snapshot}::uuid is null or l.snapshot_id = {args.Snapshot}){db.Work.Actor.Reach.And("l.node")}
        """;
}

/// Everything that the page of a snapshot shows.
internal sealed class ExternalCard(KeelDb db)
{
    public const int Most = 1_000;

    public ExternalSnapshot Snapshot { get; private set; } = null!;
    public IReadOnlyList<DriftList.Row> Lines { get; private set; } = [];
    public IReadOnlyList<ExternalSnapshot> Earlier { get; private set; } = [];

    /// The ways out of a case about a snapshot that differs.
    public static CaseWay[] WaysOut =>
    [
        CaseWay.Go("Look at the differences", "/stock/external/{id}", StockPermissions.Read) with { SubjectKind = ExternalSnapshot.RecordKind },
        CaseWay.On<DismissDrift>("Our book is right", "snapshot") with { SubjectKind = ExternalSnapshot.RecordKind },
        CaseWay.Go("Look at what they told", "/stock/external/events/{id}", StockPermissions.Read) with { SubjectKind = ExternalEvent.RecordKind },
        CaseWay.Go("Tell what is there", "/stock/external/new", StockPermissions.External) with { SubjectKind = ExternalEvent.RecordKind },
    ];

    public async Task<bool> Load(Guid id, CancellationToken ct = default)
    {
        var reach = db.Work.Actor.Reach;
        if (await db.Query<ExternalSnapshot>($"{ExternalSnapshot.Columns} where company_id = {db.Company} and id = {id}{reach.And("node")}", ct) is not [var snapshot]) return false;
        var lines = db.Ask<DriftList.Row>($"select * from ({new DriftList(db).Rows(new DriftList.Args(id))}) l order by state <> 'Open', drift = 0, sku, condition limit {Most}");
        var earlier = db.Ask<ExternalSnapshot>($"{ExternalSnapshot.Columns} where company_id = {db.Company} and node = {snapshot.Node} and id <> {id} order by as_of desc limit 20");
        await db.Flush(ct);
        (Snapshot, Lines, Earlier) = (snapshot, lines.Value, earlier.Value);
        return true;
    }
}
