namespace Keel.Stock;

/// The stock card of a product: each move with what was on hand after it, at all sites or at one. A page reads its moves by their key and its
/// opening balance from the checkpoint before it, so the last page of a million moves costs as much as the first.
internal sealed class StockCard(KeelDb db, Scopes scopes)
{
    internal const int Size = 50;

    public sealed record Row(
        Id<StockMove> Id, DateTimeOffset HappenedAt, DateTimeOffset RecordedAt, Quantity Change, Quantity Quantity, LocationCode FromLocation, LocationCode ToLocation, string DocumentKind, Guid DocumentId,
        string DocumentNumber, string Reason, Money? Value, Currency Currency, bool IsShown)
    {
        /// What is there after the move.
        [NotAColumn]
        public Quantity After { get; init; }

        /// Where it stands among the moves of its product.
        [NotAColumn]
        public string Key => $"{HappenedAt.UtcDateTime:O}_{Id.Value:N}";
    }

    /// What it is called, and the unit that it is counted in.
    public sealed record Product(Sku Sku, string Name, string Unit);

    private sealed record Held(Quantity OnHand);

    public Product? Of { get; private set; }
    public IReadOnlyList<NodeCode> Nodes { get; private set; } = [];

    /// The latest first.
    public IReadOnlyList<Row> Rows { get; private set; } = [];

    /// Where it goes on to earlier moves, and back to later ones.
    public string? Earlier { get; private set; }
    public string? Later { get; private set; }

    /// What was on hand before the earliest move of the page.
    public Quantity Opening { get; private set; }

    /// False where the product is not known and nothing ever moved. `before` and `after` are keys of rows; `at` begins with the last move until then.
    public async Task<bool> Load(Sku sku, NodeCode? node, string? before, string? after, DateTimeOffset? at, string owner = PositionKey.Own, CancellationToken ct = default)
    {
        var reach = db.Work.Actor.Reach;
        var (earlierThan, laterThan) = (Read(before), Read(after));
        var product = db.Ask<Product>($"select sku, name, unit from catalog.pub_product where sku = {sku}");
        var nodes = db.Ask<NodeCode>($"select distinct node from stock.position where company_id = {db.Company} and sku = {sku}{reach.And("node")} order by node");
        var way = Way(laterThan);
        var moves = db.Ask<Row>(
            $"""
            select m.id, m.happened_at, m.recorded_at, g.change, m.quantity, m.from_location, m.to_location, m.document_kind, m.document_id, m.document_number, m.reason, m.value, m.currency,
              (true{scopes.And("m.document_id")}) as is_shown
            from (
              select * from stock.move m
              where m.company_id = {db.Company} and m.sku = {sku} and m.owner = {owner}{Touches(node)}{Beside(earlierThan, "<")}{Beside(laterThan, ">")}{Until(at, earlierThan, laterThan)}
              order by m.happened_at {way}, m.id {way} limit {Size + 1}
            ) m
            cross join lateral (select coalesce(sum(g.on_hand), 0)::bigint as change from stock.leg g where g.id = m.id{At("g.node", node)}{reach.And("g.node")}) g
            order by m.happened_at {way}, m.id {way}
            """);
        await db.Flush(ct);

        Nodes = nodes.Value;
        Of = product.Value.FirstOrDefault() ?? (Nodes.Count > 0 ? new Product(sku, sku.Text, "") : null);
        if (Of is null) return false;
        var found = moves.Value;
        var goesOn = found.Count > Size;
        if (goesOn) found.RemoveAt(Size);
        if (laterThan is not null) found.Reverse();
        if (found.Count == 0) return true;

        Earlier = laterThan is not null || goesOn ? found[^1].Key : null;
        Later = laterThan is null ? earlierThan is null && at is null ? null : found[0].Key : goesOn ? found[0].Key : null;
        await Balance(sku, node, owner, found, ct);
        return true;
    }

    /// One balance is asked for, that after the latest move of the page; the others follow from the moves.
    private async Task Balance(Sku sku, NodeCode? node, string owner, List<Row> rows, CancellationToken ct)
    {
        var reach = db.Work.Actor.Reach;
        var (at, id) = (rows[0].HappenedAt, rows[0].Id);
        var held = await db.First<Held>(
            $"""
            select coalesce(sum(t.on_hand), 0)::bigint as on_hand from (
              select c.node, c.owner, c.on_hand from stock.checkpoint c where c.company_id = {db.Company} and c.sku = {sku} and c.at = (select stock.checkpoint_before({db.Company}, {sku}, {at}))
              union all
              select g.node, g.owner, g.on_hand from stock.leg g
              where g.company_id = {db.Company} and g.sku = {sku} and g.happened_at >= (select stock.checkpoint_before({db.Company}, {sku}, {at})) and (g.happened_at, g.id) <= ({at}, {id})
              union all
              select g.node, g.owner, g.on_hand from {AsOf.Late}
              where g.company_id = {db.Company} and g.sku = {sku} and g.happened_at < (select stock.checkpoint_before({db.Company}, {sku}, {at}))
            ) t where t.owner = {owner}{At("t.node", node)}{reach.And("t.node")}
            """, ct);
        var after = held!.OnHand;
        var made = new List<Row>(rows.Count);
        foreach (var row in rows)
        {
            made.Add(row with { After = after });
            after -= row.Change;
        }

        (Rows, Opening) = (made, after);
    }

    /// Only moves that begin or end at the site, or where somebody may look.
    private SqlText Touches(NodeCode? node)
    {
        var reach = db.Work.Actor.Reach;
        var text = node is { } one ? new SqlText($" and (m.from_node = {one} or m.to_node = {one})") : new SqlText();
        return reach.Nodes is null ? text : text.Append($" and exists (select from (values (m.from_node), (m.to_node)) e (node) where e.node <> ''{reach.And("e.node")})");
    }

    private static SqlText At(string column, NodeCode? node) => node is { } one ? new SqlText().Words($" and {column} = ").Append($"{one}") : new SqlText();

    private static SqlText Beside((DateTimeOffset At, Guid Id)? key, string sign) =>
        key is { } one ? new SqlText().Words($" and (m.happened_at, m.id) {sign} ").Append($"({one.At}, {one.Id})") : new SqlText();

    private static SqlText Until(DateTimeOffset? at, (DateTimeOffset, Guid)? before, (DateTimeOffset, Guid)? after) =>
        at is { } one && before is null && after is null ? new SqlText($" and m.happened_at <= {one}") : new SqlText();

    private static SqlText.Verbatim Way((DateTimeOffset, Guid)? after) => new(after is null ? "desc" : "asc");

    private static (DateTimeOffset At, Guid Id)? Read(string? key) =>
        key?.Split('_') is [var at, var id] && DateTimeOffset.TryParse(at, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var instant) && Guid.TryParse(id, out var guid)
            ? (instant.ToUniversalTime(), guid)
            : null;
}
