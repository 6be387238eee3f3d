using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// What is open between the books of external sites and ours: its lock, and what our book said of an instant.
internal sealed class Drift(KeelDb db, CaseDesk cases)
{
    public sealed record SiteRow(NodeCode Node, Guid? SnapshotId, DateTimeOffset? AsOf);

    public sealed record Since(NodeCode Node, Sku Sku, GoodsCondition Condition, Quantity Quantity);

    public sealed record Spot(NodeCode Node, Sku Sku);

    /// What is open at sites: their last snapshots, the differences nobody decided about, and what stands in doubt for them.
    public sealed record Known(IReadOnlyList<SiteRow> Sites, IReadOnlyList<ExternalLine> Open, IReadOnlyList<ExternalDoubt> Doubts);

    /// Locks sites; what is open there stays as it is.
    public async Task<Known> Lock(IReadOnlyList<NodeCode> nodes, CancellationToken ct)
    {
        foreach (var node in nodes) db.Work.Actor.MustBeAt(node);
        db.Climb(Rung.Document);
        var sorted = nodes.Distinct().Order().ToArray();
        db.Queue($"insert into stock.external_site (company_id, node) select {db.Company}, n from unnest({sorted}) as n on conflict do nothing");
        var sites = db.Ask<SiteRow>($"select node, snapshot_id, as_of from stock.external_site where company_id = {db.Company} and node = any({sorted}) order by node for update");
        await db.Flush(ct);
        var lines = db.Ask<ExternalLine>($"{ExternalLine.Columns} where company_id = {db.Company} and node = any({sorted}) and state = 'Open' order by node, sku, condition");
        var doubts = db.Ask<ExternalDoubt>($"{ExternalDoubt.Columns} where company_id = {db.Company} and node = any({sorted}) order by node, sku, location, lot");
        await db.Flush(ct);
        return new Known(sites.Value, lines.Value, doubts.Value);
    }

    /// Which SKUs of ours our book has at sites.
    public Task<List<Spot>> There(IReadOnlyList<NodeCode> nodes, CancellationToken ct) =>
        db.Query<Spot>($"select node, sku from stock.position where company_id = {db.Company} and node = any({nodes.ToArray()}) and owner = {PositionKey.Own} and on_hand > 0 order by sku, node", ct);

    /// What came to sites and left them since an instant, asked behind the locks: it is no difference.
    public Later<List<Since>> AskSince(IReadOnlyList<PositionKey> keys, DateTimeOffset at) => db.Ask<Since>(
        $"""
        select k.node, k.sku, m.condition, sum(case when m.to_node = k.node then m.quantity else 0 end - case when m.from_node = k.node then m.quantity else 0 end)::bigint as quantity
        from unnest({keys.Select(k => k.Sku)}, {keys.Select(k => k.Node)}) as k (sku, node)
        join stock.move m on m.company_id = {db.Company} and m.sku = k.sku and m.happened_at > {at} and m.owner = {PositionKey.Own} and (m.to_node = k.node or m.from_node = k.node)
        group by k.node, k.sku, m.condition
        """);

    /// What our book has of a SKU in a condition at a site, in whatever place.
    public static Quantity OnHand(Shelf shelf, PositionKey key, GoodsCondition condition) => shelf.All(key).Where(l => l.Key.Condition == condition).Sum(l => l.OnHand);

    /// What was open is decided by something newer: what stood in doubt is back in its place.
    public void Forget(Known before, Shelf shelf, Network network, string why, HashSet<(NodeCode Node, Sku Sku)> free)
    {
        if (before.Open.Count == 0 && before.Doubts.Count == 0) return;
        Back(shelf, network, before.Doubts, why, free);
        db.Table<ExternalLine>().Update([.. before.Open.Select(l => l with { State = DriftState.Overtaken, DecidedAt = db.Now, DecidedBy = db.Work.Actor.Name })], nameof(ExternalLine.State), nameof(ExternalLine.DecidedAt), nameof(ExternalLine.DecidedBy));
        cases.Close(StockCases.ExternalDrift, [.. before.Open.Select(l => l.SnapshotId).Distinct()], why);
    }

    /// An event of before a snapshot explains what the snapshot tells: our book of its instant is another one, and what stood in doubt for it is back. Says what is still open.
    public Known Explain(Known before, Shelf shelf, Network network, ExternalEvent told, HashSet<(NodeCode Node, Sku Sku)> free)
    {
        if (before.Sites.FirstOrDefault(s => s.Node == told.Node)?.AsOf is not { } asOf || told.HappenedAt > asOf) return before;
        var explained = ExternalEvent.Changes(told.Kind, told.Quantity).Join(before.Open.Where(l => l.Node == told.Node && l.Sku == told.Sku), c => c.Condition, l => l.Condition, (c, l) => l with { Book = l.Book + c.By })
            .Select(l => l.Drift.IsZero ? l with { State = DriftState.Agrees } : l).ToArray();
        if (explained.Length == 0) return before;
        db.Table<ExternalLine>().Update(explained, nameof(ExternalLine.Book), nameof(ExternalLine.State));
        var doubts = before.Doubts.ToList();
        var left = told.Kind is ExternalEventKind.Lost or ExternalEventKind.Damaged ? told.Quantity : 0;
        foreach (var doubt in before.Doubts.Where(d => d.Node == told.Node && d.Sku == told.Sku && (told.Lot.Length == 0 || d.Lot == told.Lot)))
        {
            var part = Quantity.Min(left, doubt.Quantity);
            if (!part.IsPositive) break;
            left -= part;
            Back(shelf, network, doubt with { Quantity = part }, told.Number, free);
            doubts.Remove(doubt);
            var rest = doubt with { Quantity = doubt.Quantity - part };
            if (rest.Quantity.IsZero) db.Table<ExternalDoubt>().Delete([doubt]);
            else db.Table<ExternalDoubt>().Update([rest], nameof(ExternalDoubt.Quantity));
            if (rest.Quantity.IsPositive) doubts.Add(rest);
        }

        ExternalLine[] open = [.. before.Open.Where(l => !explained.Any(e => (e.SnapshotId, e.Sku, e.Condition) == (l.SnapshotId, l.Sku, l.Condition))), .. explained.Where(e => e.State is DriftState.Open)];
        cases.Close(StockCases.ExternalDrift, [.. explained.Select(l => l.SnapshotId).Distinct().Where(id => open.All(l => l.SnapshotId != id))], told.Number);
        return before with { Open = open, Doubts = doubts };
    }

    /// The lots of a SKU at a site.
    public static IReadOnlyList<string> Lots(Shelf shelf, PositionKey key) => [.. shelf.All(key).Select(l => l.Key.Lot).Where(l => l.Length > 0).Distinct()];

    public void Back(Shelf shelf, Network network, IReadOnlyList<ExternalDoubt> doubts, string why, HashSet<(NodeCode Node, Sku Sku)> free)
    {
        foreach (var doubt in doubts) Back(shelf, network, doubt, why, free);
        db.Table<ExternalDoubt>().Delete(doubts);
    }

    private void Back(Shelf shelf, Network network, ExternalDoubt doubt, string why, HashSet<(NodeCode Node, Sku Sku)> free)
    {
        var paper = new Paper(new DocumentRef(ExternalSnapshot.RecordKind, doubt.SnapshotId, doubt.Node.Text), why, db.Now, network.DayAt(doubt.Node, db.Now));
        shelf.Move(new Goods(doubt.Sku, doubt.Quantity, doubt.Lot), Place.Doubt(doubt.Node), doubt.Location, paper, 0);
        free.Add((doubt.Node, doubt.Sku));
    }
}

/// Says that an external site is right: the differences are booked, with a reason.
[Operation("stock.accept-drift", StockPermissions.Adjust, Said = "accepted what {snapshot|a site} told", Icon = "check")]
internal sealed class AcceptDrift(DriftDecisions decisions) : IOperation<AcceptDrift.Request, DocumentRef>
{
    /// Without SKUs, all that is open of the snapshot.
    public sealed record Request(Guid Snapshot, ReasonCode Reason, [MaxLength(5000)] IReadOnlyList<Sku>? Skus = null);

    public Task<Result<DocumentRef>> Run(Request request, CancellationToken ct) => decisions.Decide(request.Snapshot, request.Skus, request.Reason, ct);
}

/// Says that our book is right: what stood in doubt is back, and the site is asked to look again.
[Operation("stock.dismiss-drift", StockPermissions.Adjust, Said = "kept our book against {snapshot|a site}", Icon = "undo")]
internal sealed class DismissDrift(DriftDecisions decisions) : IOperation<DismissDrift.Request, DocumentRef>
{
    public sealed record Request(Guid Snapshot, [MaxLength(5000)] IReadOnlyList<Sku>? Skus = null);

    public Task<Result<DocumentRef>> Run(Request request, CancellationToken ct) => decisions.Decide(request.Snapshot, request.Skus, null, ct);
}

/// Decides about what is open of a snapshot: it is booked, or the book stays.
internal sealed class DriftDecisions(KeelDb db, Settings settings, Drift drift, StockFacts facts, CaseDesk cases)
{
    public static readonly Error Unknown = Error.NotFound("stock.snapshot-unknown", "There is no such snapshot in this company.");
    public static readonly Error Decided = new("stock.drift-decided", "Nothing of this is open any more: somebody decided, or a later snapshot tells more.");
    public static readonly Error LotNeeded = new("stock.drift-lot", "Units of this product are told apart, and nobody knows of which lot those are that were found. Count them lot by lot.");

    public async Task<Result<DocumentRef>> Decide(Guid id, IReadOnlyList<Sku>? skus, ReasonCode? reason, CancellationToken ct)
    {
        var (places, network, reasons) = (await Places.Of(settings, ct), await Network.Of(settings, ct), await Reasons.Of(settings, ct));
        if (reason is { } why && reasons.Wrong(why) is { } wrong) return wrong;
        if (await db.Table<ExternalSnapshot>().Find($"company_id = {db.Company} and id = {id}", ct) is not { } snapshot) return Unknown;
        var number = await db.Numbers.Take(db.Company, "AD", db.Now.Year, ct);
        var known = await drift.Lock([snapshot.Node], ct);
        db.Work.Concerns(snapshot.Number);
        var open = known.Open.Where(l => l.SnapshotId == id).ToArray();
        var wanted = open.Where(l => skus is not { Count: > 0 } || skus.Contains(l.Sku)).ToArray();
        if (wanted.Length == 0) return Decided;
        var doubts = known.Doubts.Where(d => d.SnapshotId == id && wanted.Any(l => l.Sku == d.Sku && l.Condition is GoodsCondition.Good)).ToLookup(d => d.Sku);
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, wanted.Select(l => new PositionKey(db.Company, l.Sku, l.Node, PositionKey.Own)), create: true, ct);
        var free = new HashSet<(NodeCode Node, Sku Sku)>();
        var desk = new DriftBooking(db, shelf, places, network, snapshot.Node, snapshot.Ref, number, reason ?? Reason.Counted, db.Now);
        var done = new List<ExternalLine>();
        if (reason is null)
        {
            drift.Back(shelf, network, [.. doubts.SelectMany(d => d)], "our book is right", free);
            done.AddRange(wanted.Select(l => l with { State = DriftState.Dismissed, DecidedAt = db.Now, DecidedBy = db.Work.Actor.Name }));
        }
        else
        {
            foreach (var line in wanted)
            {
                if (desk.Accept(line, line.Condition is GoodsCondition.Good ? [.. doubts[line.Sku]] : [], db.Work.Actor.Name) is not { } accepted)
                    return LotNeeded.With($"Units of {line.Sku} are told apart, and nobody knows of which lot those are that were found. Count them lot by lot.");
                done.Add(accepted);
            }

            db.Table<ExternalDoubt>().Delete([.. doubts.SelectMany(d => d)]);
        }

        db.Table<ExternalLine>().Update(done, nameof(ExternalLine.State), nameof(ExternalLine.DecidedAt), nameof(ExternalLine.DecidedBy), nameof(ExternalLine.DocumentId));
        await desk.Write(settings, ct);
        facts.Tell(await shelf.GiveWay("the site tells that less is there", ct), "external");
        shelf.Write();
        if (done.Count == open.Length) cases.Close(StockCases.ExternalDrift, [id], reason is null ? "our book is right" : "booked");
        foreach (var sku in desk.More) free.Add((snapshot.Node, sku));
        if (free.Count > 0) db.Raise(new StockArrived(snapshot.Node, [.. free.Select(f => f.Sku).Distinct().Order()]));
        return snapshot.Ref;
    }
}
