using Keel.Printing.Contract;

namespace Keel.Stock;

/// What goes from one site to another on paper: where to take it before it leaves, what left and what to tick off where it arrives. No prices.
internal sealed class TransferNote(KeelDb db) : IPaper
{
    public static readonly PaperKind Form = new("transfer-note", "Transfer note", "transfer", PaperForm.Document, StockPermissions.Read);

    private sealed record Head(Guid Id, string Number, NodeCode FromNode, string FromName, NodeCode ToNode, string ToName, string Reason, DateOnly Day, DateOnly? ExpectedOn, TransferStatus Status);

    private sealed record Line(Guid TransferId, Sku Sku, string Name, string Lot, string? Gone, string? Bin, Quantity Quantity, Quantity Shipped, Quantity Received);

    private sealed record Whole(Guid TransferId, string Package);

    public PaperKind Kind => Form;

    public async Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct) =>
        [.. (await Heads(PaperSubject.Ids(keys), ct)).Select(h => new PaperSubject(new DocumentRef("transfer", h.Id, h.Number), h.Status is TransferStatus.InTransit ? h.ToNode : h.FromNode))];

    public async Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<DocumentRef> subjects, PaperStyle style, CancellationToken ct)
    {
        var ids = subjects.Select(s => s.Id).ToArray();
        var lines = (await db.Query<Line>(
            $"""
            select l.transfer_id, l.sku, coalesce((select p.name from catalog.pub_product p where p.sku = l.sku), l.sku) as name, l.lot,
              (select string_agg(distinct m.lot, ', ' order by m.lot) from stock.move m where m.document_id = l.transfer_id and m.line = l.line and m.to_location = 'TRANSIT' and m.lot <> '') as gone,
              (select v.location from stock.level v join stock.pub_location c on c.company_id = v.company_id and c.code = v.location and c.pickable
               where v.company_id = l.company_id and v.node = t.from_node and v.sku = l.sku and v.owner = l.owner and v.condition = 'Good' and v.on_hand > v.allocated and (l.lot = '' or v.lot = l.lot)
                 and not exists (select from stock.frozen f where f.company_id = v.company_id and f.node = v.node and coalesce(f.location, v.location) = v.location and coalesce(f.sku, v.sku) = v.sku and coalesce(f.lot, v.lot) = v.lot) order by v.sell_until, c.pick_order, v.location limit 1) as bin,
              l.quantity, l.shipped, l.received
            from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id where l.company_id = {db.Company} and l.transfer_id = any({ids}) order by l.line
            """, ct)).ToLookup(l => l.TransferId);
        var packages = (await db.Query<Whole>($"select distinct transfer_id, package from stock.transfer_package where company_id = {db.Company} and transfer_id = any({ids}) and state <> 'Back' order by package", ct)).ToLookup(p => p.TransferId, p => p.Package);
        return (await Heads(ids, ct)).ToDictionary(h => h.Id, h => (Sheet)SheetOf(h, [.. lines[h.Id]], [.. packages[h.Id]], style.Tongue));
    }

    private static DocumentSheet SheetOf(Head head, Line[] lines, string[] packages, Tongue tongue)
    {
        var say = tongue.Say;
        var hasLeft = lines.Any(l => l.Shipped.IsPositive);
        string Named(Line line) => (line.Gone ?? (line.Lot.Length > 0 ? line.Lot : null)) is { } lots ? $"{line.Name}, {say("lot")} {lots}" : line.Name;
        SheetColumn[] columns = hasLeft ? [new(say("left"), 12, IsRight: true), new(say("arrived"), 12, IsRight: true)] : [new(say("bin"), 16), new(say("picked"), 10)];
        return new DocumentSheet(say("transfer-note"), head.Number, tongue)
        {
            Day = head.Day,
            Barcode = head.Number,
            To = [head.ToName],
            Facts =
            [
                new(say("from"), head.FromName), new(say("to"), head.ToName), new(say("reason"), head.Reason),
                .. head.ExpectedOn is { } expected ? [new SheetFact(say("expected"), tongue.Day(expected))] : Array.Empty<SheetFact>(),
            ],
            Columns = [new(say("position"), 5), new(say("sku"), 18), new(say("what"), 40), new(say("quantity"), 11, IsRight: true), .. columns],
            Lines =
            [
                .. lines.Select((l, i) => (IReadOnlyList<string>)
                [
                    $"{i + 1}", l.Sku.Text, Named(l), tongue.Count(l.Quantity),
                    .. hasLeft ? [tongue.Count(l.Shipped), l.Received.IsPositive ? tongue.Count(l.Received) : "____"] : new[] { l.Bin ?? say("no-bin"), "____" },
                ]),
            ],
            Remarks = packages.Length > 0 ? [say("packages"), .. packages.Select(Sscc.Spoken)] : [],
            Totals = [new(say("units"), tongue.Count(lines.Sum(l => hasLeft ? l.Shipped : l.Quantity)), IsStrong: true)],
        };
    }

    private Task<List<Head>> Heads(IReadOnlyList<Guid> ids, CancellationToken ct) => db.Query<Head>(
        $"""
        select t.id, t.number, t.from_node, f.name as from_name, t.to_node, o.name as to_name, t.reason, (coalesce(t.shipped_at, t.requested_at) at time zone f.zone)::date as day, t.expected_on, t.status
        from stock.transfer t join kernel.site f on f.company_id = t.company_id and f.code = t.from_node join kernel.site o on o.company_id = t.company_id and o.code = t.to_node
        where t.company_id = {db.Company} and t.status <> 'Cancelled' and t.id = any({ids}) order by t.number
        """, ct);
}
