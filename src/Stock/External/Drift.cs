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

    public void Back(Shelf shelf, Network network, IReadOnlyList<ExternalDoubt> doubts, string why, HashSet<(NodeCode Node, Sku Sku)> free)
    {
        foreach (var doubt in doubts)
        {
            var paper = new Paper(new DocumentRef(ExternalSnapshot.RecordKind, doubt.SnapshotId, doubt.Node.Text), why, db.Now, network.DayAt(doubt.Node, db.Now));
            shelf.Move(new Goods(doubt.Sku, doubt.Quantity, doubt.Lot), Place.Doubt(doubt.Node), doubt.Location, paper, 0);
            free.Add((doubt.Node, doubt.Sku));
        }

        db.Table<ExternalDoubt>().Delete(doubts);
    }
}

/// Writes the differences of one snapshot into the shelf: into doubt, or into the books.
internal sealed class DriftBooking(KeelDb db, Shelf shelf, Places places, Network network, ExternalSnapshot snapshot, string number, ReasonCode reason)
{
    private readonly List<ValuedLine> lines = [];
    private readonly DocumentRef document = new("adjustment", db.NewId<StockDocument>().Value, number);
    private readonly DateOnly day = network.DayAt(snapshot.Node, db.Now);
    private int at;

    public List<ExternalDoubt> Doubts { get; } = [];

    /// SKUs of which there is more to sell now.
    public HashSet<Sku> More { get; } = [];

    /// What is missing of good units is promised to nobody from now on; the rest waits for a decision as it is.
    public ExternalLine Doubt(ExternalLine line)
    {
        if (line.Condition is not GoodsCondition.Good || !line.Drift.IsNegative) return line;
        var paper = new Paper(snapshot.Ref, "in doubt", db.Now, day);
        foreach (var (level, quantity) in Take(line, -line.Drift))
        {
            shelf.Move(level.Goods(quantity) with { Package = "" }, level.Key.Location, Place.Doubt(snapshot.Node), paper, ++at);
            Doubts.Add(new ExternalDoubt(snapshot.Id, db.Company, snapshot.Node, line.Sku, level.Key.Location, level.Key.Lot, quantity));
        }

        return line;
    }

    /// Books a difference as an adjustment: what stands in doubt for it first. Nothing where nobody knows of which lot what was found is.
    public ExternalLine? Accept(ExternalLine line, IReadOnlyList<ExternalDoubt> doubts, string by)
    {
        var paper = new Paper(document, reason.Text, db.Now, day);
        var left = line.Drift;
        if (left.IsPositive)
        {
            if (shelf.All(Key(line)).Any(l => l.Key.Lot.Length > 0)) return null;
            Book(line.Sku, left, shelf.Move(new Goods(line.Sku, left) { Condition = line.Condition }, Place.Loss, Place.In(snapshot.Node, "STOCK"), paper, ++at));
            if (line.Condition is GoodsCondition.Good) More.Add(line.Sku);
        }
        else
        {
            foreach (var doubt in doubts)
            {
                Book(line.Sku, -doubt.Quantity, shelf.Move(new Goods(line.Sku, doubt.Quantity, doubt.Lot), Place.Doubt(snapshot.Node), Place.Loss, paper, ++at));
                left += doubt.Quantity;
            }

            foreach (var (level, quantity) in Take(line, -left)) Book(line.Sku, -quantity, shelf.Move(level.Goods(quantity), level.Key.Location, Place.Loss, paper, ++at));
        }

        return line with { State = DriftState.Accepted, DecidedAt = db.Now, DecidedBy = by, DocumentId = document.Id };
    }

    public async Task Write(Settings settings, CancellationToken ct)
    {
        if (lines.Count == 0) return;
        var why = (await Reasons.Of(settings, ct)).ByCode[reason];
        var value = lines.Select(l => l.Value).Aggregate((a, b) => a + b);
        db.StockDocuments.Insert(new StockDocument(
            document.Id, db.Company, StockDocumentKind.Adjustment, number, snapshot.Node, null, null, reason.Text, lines.Count, value, value.Currency, db.Now, db.Now, day, db.Work.Operation, snapshot.Id,
            snapshot.Number, db.Work.ApprovedBy));
        db.Raise(new StockAdjusted(document, snapshot.Node, day, db.Now, reason, lines) { PostsAs = why.PostsAs, ApprovedBy = db.Work.ApprovedBy });
    }

    private PositionKey Key(ExternalLine line) => new(db.Company, line.Sku, snapshot.Node, PositionKey.Own);

    /// The levels from which so many are taken: what is not set aside first. What is gone since cannot be taken away again.
    private List<(Level Level, Quantity Quantity)> Take(ExternalLine line, Quantity wanted)
    {
        var taken = new List<(Level, Quantity)>();
        foreach (var level in shelf.All(Key(line)).Where(l => l.Key.Condition == line.Condition && l.Key.Package.Length == 0 && places.ByCode[l.Key.Location].Kind is not PlaceKind.Doubt)
            .OrderByDescending(l => l.Free).ThenBy(l => l.Key.Location).ThenBy(l => l.Key.Lot, StringComparer.Ordinal).ToArray())
        {
            var quantity = Quantity.Min(wanted, level.OnHand);
            if (!quantity.IsPositive) continue;
            taken.Add((level, quantity));
            wanted -= quantity;
        }

        return taken;
    }

    private void Book(Sku sku, Quantity quantity, StockMove move) => lines.Add(new ValuedLine(sku, quantity, move.Value!.Value));
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
        var desk = new DriftBooking(db, shelf, places, network, snapshot, number, reason ?? Reason.Counted);
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
