using Keel.Stock.Contract;

namespace Keel.Stock;

/// Keeps who waits for goods, in the step in which they come out short, lose a promise, are served, or give up.
internal static class WaitingList
{
    private sealed record Row(
        Guid DocumentId, int Line, DemandKind Kind, string Number, string? Channel, Sku Sku, IReadOnlyList<NodeCode> Nodes, NodeCode Node, Quantity Quantity, int Rank, DateOnly? PromisedBy, bool Planned, string? Kept, string Lot);

    /// After goods were asked for: who came out short waits for the rest, and lines that were asked for again and are served do not wait any more.
    public static void Follow(KeelDb db, IReadOnlyList<Demand> demands, IReadOnlyList<Hold> holds)
    {
        var rows = new List<Row>();
        var over = new List<(Guid Document, int Line)>();
        foreach (var (demand, hold) in demands.Zip(holds))
        {
            if (demand.Kind is DemandKind.Cart) continue;
            // Who waits is served from our own goods: what is asked of somebody else's is asked again when theirs arrive.
            foreach (var line in hold.Short.Where(l => l.Owner is null))
            {
                var kept = hold.Kept.Where(k => k.Line == line.Line).Select(k => $"{k.Why} at {k.Node}").ToArray();
                rows.Add(RowOf(demand, line, planned: false, kept.Length > 0 ? string.Join("; ", kept) : null));
            }

            if (!demand.Again) continue;
            var shorted = hold.Short.Select(s => s.Line).ToHashSet();
            over.AddRange(demand.Lines.Where(l => !shorted.Contains(l.Line)).Select(l => (demand.Document.Id, l.Line)));
        }

        if (over.Count > 0)
        {
            db.Queue(
                $"""
                delete from stock.waiting w using unnest({over.Select(o => o.Document).ToArray()}, {over.Select(o => o.Line).ToArray()}) as k (document_id, line)
                where w.document_id = k.document_id and w.line = k.line
                """);
        }

        Upsert(db, rows, adds: false);
    }

    /// Demand that asks for its goods later: what is promised to others takes it into account.
    public static void Plan(KeelDb db, IReadOnlyList<Demand> demands) =>
        Upsert(db, [.. demands.SelectMany(d => d.Lines.Select(l => RowOf(d, l, planned: true, null)))], adds: false);

    /// Whoever lost a promise waits for as much again.
    public static void Add(KeelDb db, IReadOnlyList<(Reservation Loser, Quantity Lost)> lost) => Upsert(db,
        [.. lost.Where(l => l.Loser.Kind is not DemandKind.Cart && l.Loser is not { Kind: DemandKind.Transfer, Owner: not PositionKey.Own }).GroupBy(l => (l.Loser.DocumentId, l.Loser.Line)).Select(g =>
        {
            var one = g.First().Loser;
            return new Row(one.DocumentId, one.Line, one.Kind, one.DocumentNumber, one.Channel, one.Sku, [.. g.Select(l => l.Loser.Node).Distinct()], one.Node, g.Sum(l => l.Lost), one.Rank, one.PromisedBy, false, null, one.Lot);
        })], adds: true);

    /// Somebody who waited was served with so many.
    public static void Serve(KeelDb db, Waiting waiting, Quantity quantity)
    {
        if (quantity == waiting.Quantity) db.Queue($"delete from stock.waiting where document_id = {waiting.DocumentId} and line = {waiting.Line}", 1);
        else db.Queue($"update stock.waiting set quantity = quantity - {quantity} where document_id = {waiting.DocumentId} and line = {waiting.Line}", 1);
    }

    /// Rings are others now: what they kept from somebody is offered again.
    public static async Task Offer(KeelDb db, CancellationToken ct)
    {
        var kept = await db.Query<KeptSku>($"select distinct node, sku from stock.waiting where company_id = {db.Company} and kept is not null order by node, sku limit 5000", ct);
        foreach (var node in kept.GroupBy(k => k.Node)) db.Raise(new StockArrived(node.Key, [.. node.Select(k => k.Sku)]));
    }

    private sealed record KeptSku(NodeCode Node, Sku Sku);

    /// Documents that want nothing any more.
    public static void End(KeelDb db, IReadOnlyList<Guid> documents) => db.Queue($"delete from stock.waiting where document_id = any({documents})");

    /// Lines of a document wait for so much at most.
    public static void Shrink(KeelDb db, Guid document, IReadOnlyDictionary<int, Quantity> most)
    {
        if (most.Count == 0) return;
        var (lines, quantities) = (most.Keys.ToArray(), most.Values.ToArray());
        db.Queue($"delete from stock.waiting w using unnest({lines}, {quantities}) as k (line, most) where w.document_id = {document} and w.line = k.line and k.most = 0");
        db.Queue($"update stock.waiting w set quantity = k.most from unnest({lines}, {quantities}) as k (line, most) where w.document_id = {document} and w.line = k.line and w.quantity > k.most and k.most > 0");
    }

    private static Row RowOf(Demand demand, DemandLine line, bool planned, string? kept)
    {
        // Where every site has said no, goods are offered all the same: the document's owner looks at it then.
        IReadOnlyList<NodeCode> nodes = line.Without is { Count: > 0 } without && demand.Nodes.Except(without).ToArray() is { Length: > 0 } left ? left : demand.Nodes;
        return new(
            demand.Document.Id, line.Line, demand.Kind, demand.Document.Number, demand.Channel?.Text, line.Sku, nodes, nodes[0], line.Quantity, demand.Rank, demand.PromisedBy, planned, kept, line.Lot?.Text ?? "");
    }

    private static void Upsert(KeelDb db, IReadOnlyList<Row> rows, bool adds)
    {
        if (rows.Count == 0) return;
        var json = System.Text.Json.JsonSerializer.Serialize(rows.OrderBy(r => r.DocumentId).ThenBy(r => r.Line).Select(r => new
        {
            r.DocumentId, r.Line, Kind = r.Kind.ToString(), r.Number, r.Channel, Sku = r.Sku.Text, Nodes = r.Nodes.Select(n => n.Text), Node = r.Node.Text, Quantity = r.Quantity.Thousandths, r.Rank,
            PromisedBy = r.PromisedBy, r.Planned, r.Kept, r.Lot,
        }));
        db.Queue(
            $"""
            insert into stock.waiting (document_id, line, company_id, kind, document_number, channel, sku, nodes, node, quantity, rank, promised_by, since, planned, kept, lot, operation)
            select "DocumentId", "Line", {db.Company}::uuid, "Kind", "Number", "Channel", "Sku", "Nodes", "Node", "Quantity", "Rank", "PromisedBy", {db.Now}::timestamptz, "Planned", "Kept", "Lot", {db.Work.Operation}::uuid
            from jsonb_to_recordset({json}::jsonb) as r ("DocumentId" uuid, "Line" integer, "Kind" text, "Number" text, "Channel" text, "Sku" text, "Nodes" jsonb, "Node" text, "Quantity" bigint,
              "Rank" integer, "PromisedBy" date, "Planned" boolean, "Kept" text, "Lot" text)
            on conflict (document_id, line) do update set quantity = excluded.quantity + case when {adds}::boolean then waiting.quantity else 0 end,
              nodes = case when {adds}::boolean then waiting.nodes else excluded.nodes end, node = case when {adds}::boolean then waiting.node else excluded.node end,
              rank = excluded.rank, promised_by = excluded.promised_by, planned = excluded.planned, kept = excluded.kept, lot = excluded.lot
            """);
    }
}
