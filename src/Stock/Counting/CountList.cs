using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Stock;

/// Counts, what is to be done about each, and what they came to. What the book says is not in it: whoever counts may look here too. Served by the
/// index count_task_list.
[View("stock.counts", StockPermissions.Read, Sort = "due-on")]
internal sealed class CountList(KeelDb db) : IView<CountList.Row>
{
    public sealed record Row
    {
        public required Id<CountTask> Id { get; init; }
        [Search, Title("Count")] public required string Number { get; init; }
        [Search, Title("Place")] public required LocationCode Location { get; init; }
        [Search, Title("SKU", Empty = "everything")] public Sku? Sku { get; init; }
        public required NodeCode Node { get; init; }
        [Title("State")] public required CountStatus Status { get; init; }
        [Title("Due")] public required DateOnly DueOn { get; init; }
        [Search, Title("Why")] public required string Why { get; init; }
        [Title("Plan", Empty = "asked for")] public string? Plan { get; init; }
        [Title("Counted by", Empty = "nobody")] public string? CounterName { get; init; }
        [Title("Again by", Empty = "nobody")] public string? RecounterName { get; init; }
        [Title("In doubt")] public required Quantity InDoubt { get; init; }
        [Title("Over")] public DateTimeOffset? EndedAt { get; init; }
        [Title("Came to"), Spoken(Sentence = true)] public string? Outcome { get; init; }
        public required string Next { get; init; }

        [NotAColumn]
        public bool IsToCount => Status is CountStatus.Due or CountStatus.Counting or CountStatus.Recount;
    }

    public FormattableString Rows() =>
        $"""
        select t.id, t.number, t.location, t.sku, t.node, t.status, t.due_on, t.why, t.plan, t.counter_name, t.recounter_name, t.ended_at, t.outcome,
          coalesce((select sum(l.in_doubt) from stock.count_line l where l.task_id = t.id), 0)::bigint as in_doubt,
          case t.status
            when 'Due' then 'Count it'
            when 'Counting' then t.counter_name || ' counts it'
            when 'Recount' then coalesce(t.recounter_name || ' counts it again', 'Somebody other than ' || t.counter_name || ' counts it again')
            when 'ToApprove' then 'Decide about what two people found'
            when 'Done' then 'Nothing: over'
            else 'Nothing: given up' end as next
        from stock.count_task t where t.company_id = {db.Company}
        """;
}

/// Everything that the page of a count shows, asked in one round trip.
internal sealed class CountCard(KeelDb db)
{
    public sealed record LineRow(
        int Line, Sku Sku, string Name, string Lot, Quantity? Counted, Quantity? Book, Quantity? Recounted, Quantity? Rebook, Quantity InDoubt, Quantity? Difference, Money? Value,
        Currency Currency);

    public sealed record PaperRow(Guid Id, string Number);

    public CountTask Task { get; private set; } = null!;
    public string PlaceName { get; private set; } = "";
    public string? ProductName { get; private set; }
    public IReadOnlyList<LineRow> Lines { get; private set; } = [];
    public IReadOnlyList<PaperRow> Papers { get; private set; } = [];

    /// The bar codes by which the place is known.
    public string Label { get; private set; } = "";

    public async Task<bool> Load(Id<CountTask> id, CancellationToken ct = default)
    {
        var tasks = db.Ask<CountTask>($"{CountTask.Columns} where company_id = {db.Company} and id = {id}");
        var lines = db.Ask<LineRow>(
            $"""
            select l.line, l.sku, coalesce(p.name, l.sku) as name, l.lot, l.counted, l.book, l.recounted, l.rebook, l.in_doubt, l.difference, l.value, l.currency
            from stock.count_line l left join catalog.pub_product p on p.sku = l.sku where l.company_id = {db.Company} and l.task_id = {id} order by l.line
            """);
        var papers = db.Ask<PaperRow>($"select id, number from stock.document where company_id = {db.Company} and kind = 'Adjustment' and order_id = {id.Value} order by number");
        var place = db.Ask<Named>($"select l.name, l.barcode from stock.location l join stock.count_task t on t.company_id = l.company_id and t.location = l.code where l.company_id = {db.Company} and t.id = {id}");
        var product = db.Ask<string>($"select p.name from catalog.pub_product p join stock.count_task t on t.sku = p.sku where t.company_id = {db.Company} and t.id = {id}");
        await db.Flush(ct);
        if (tasks.Value is not [var task]) return false;
        (Task, Lines, Papers, ProductName) = (task, lines.Value, papers.Value, product.Value.FirstOrDefault());
        if (place.Value is [var at]) (PlaceName, Label) = (at.Name, at.Barcode);
        return db.Work.Actor.MayAt(task.Node);
    }

    private sealed record Named(string Name, string Barcode);
}

/// Counts that wait for whoever counts: those to be counted again by somebody else come first, then the suspicious, then by day and walking order.
internal sealed class CountQueue(KeelDb db)
{
    private const int Most = 40;

    public sealed record Row(Guid Id, string Number, NodeCode Node, LocationCode Location, string? Sku, string? Name, CountStatus Status, DateOnly DueOn, string Why, bool IsMine);

    public IReadOnlyList<Row> Rows { get; private set; } = [];
    public long More { get; private set; }

    public async Task Load(CancellationToken ct = default)
    {
        var me = db.Work.Actor.Id;
        var rows = db.Ask<Row>(
            $"""
            select t.id, t.number, t.node, t.location, t.sku::text as sku, p.name, t.status, t.due_on, t.why, me.is_mine
            from stock.count_task t join stock.location l on l.company_id = t.company_id and l.code = t.location left join catalog.pub_product p on p.sku = t.sku
            cross join lateral (select coalesce(case when t.status = 'Recount' then t.recounter else t.counter end = {me}, false) as is_mine) me
            where t.company_id = {db.Company} and {Mine(me)}{Near}
            order by me.is_mine desc, t.status = 'Recount' desc, t.due_on, t.rank, l.pick_order, t.location, t.id limit {Most}
            """);
        var all = db.Ask<long>($"select count(*) from stock.count_task t where t.company_id = {db.Company} and {Mine(me)}{Near}");
        await db.Flush(ct);
        (Rows, More) = (rows.Value, all.Value[0] - rows.Value.Count);
    }

    /// What nobody else counts right now, and nobody counts twice.
    private static SqlText Mine(Guid me) => new SqlText().Append(
        $"(t.status = 'Due' or (t.status = 'Counting' and t.counter = {me}) or (t.status = 'Recount' and coalesce(t.recounter, {me}) = {me} and t.counter is distinct from {me}))");

    private SqlText Near
    {
        get
        {
            if (db.Work.Actor.Nodes is not { } nodes) return new SqlText();
            var sites = nodes.ToArray();
            return new SqlText().Append($" and t.node = any({sites})");
        }
    }
}
