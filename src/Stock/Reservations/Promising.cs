using Keel.Stock.Contract;

namespace Keel.Stock;

/// Promises goods to demands and gives promises back: one atomic step under the locks of the positions.
internal sealed class Promising(KeelDb db, Settings settings)
{
    private Owners owners = Owners.None;
    private DateOnly today;

    public async Task<IReadOnlyList<Hold>> Reserve(IReadOnlyList<Demand> demands, CancellationToken ct)
    {
        if (demands.Count == 0) return [];
        var adopted = demands.Where(d => d.Adopts is not null).Select(d => d.Adopts!.Value).ToArray();
        var known = demands.Select(d => d.Document.Id).ToArray();
        (owners, today) = (await Owners.Of(settings, ct), (await Network.Of(settings, ct)).Day(db.Now));
        PositionKey[] keys = [.. demands.SelectMany(d => d.Nodes.SelectMany(n => d.Lines.SelectMany(l => Keys(d, l, n))))];
        var held = new Held(await Rings.Of(settings, ct));
        var again = demands.Any(d => d.Again);

        // The promises of adopted holds are read behind the lock, in the same round trip.
        Later<List<Reservation>>? holds = null;
        Later<List<LinePart>>? parts = null;
        var lots = new LotsLeft();
        var opening = Shelf.ToPromise(db, keys, ct, () =>
        {
            if (adopted.Length > 0) holds = db.OpenReservations(adopted);
            held.Ask(db, keys);
            lots.Ask(db, demands);
            if (again) parts = db.Ask<LinePart>($"select document_id as document, line, max(part) as part from stock.reservation where document_id = any({known}) group by document_id, line");
        });
        var shelf = await opening;
        var last = parts?.Value.ToDictionary(p => (p.Document, p.Line), p => p.Part) ?? [];
        var byHold = holds?.Value.ToLookup(h => h.DocumentId);

        var answers = demands.Select(demand =>
        {
            if (demand.Adopts is { } hold && byHold is not null) GiveBack(shelf, byHold[hold], StepKind.Moved, "adopted by " + demand.Document.Number, held);
            return Reserve(shelf, demand, last, held, lots);
        }).ToArray();
        shelf.Write();
        KitShares.Remember(db, demands);
        WaitingList.Follow(db, demands, answers);
        return answers;
    }

    public async Task Release(IReadOnlyList<DocumentRef> documents, string reason, CancellationToken ct, StepKind kind = StepKind.Released)
    {
        var ids = documents.Select(d => d.Id).ToArray();
        // Who serves a document that waits holds its row: what it was served is seen then.
        db.QueueQuery<int>($"select 1 from stock.waiting where document_id = any({ids}) order by document_id, line for update", _ => { });
        var before = db.OpenReservations(ids);
        var set = db.OpenAllocations(ids);
        await db.Flush(ct);
        if (before.Value.Count == 0)
        {
            WaitingList.End(db, ids);
            return;
        }

        Later<List<Reservation>>? open = null;
        Later<List<Allocation>>? allocated = null;
        var keys = before.Value.Select(r => r.Position).ToArray();
        Shelf shelf;
        if (set.Value.Count == 0)
        {
            shelf = await Shelf.ToPromise(db, keys, ct, () => { open = db.OpenReservations(ids); allocated = db.OpenAllocations(ids); });
        }
        else
        {
            shelf = await Shelf.ToMove(db, Places.None, default, keys, create: false, ct,
                () => { open = db.OpenReservations(ids); allocated = db.OpenAllocations(ids); });
        }

        if (allocated!.Value.Count > 0 && set.Value.Count == 0) throw new InvariantBroken("Goods were set aside while their document was locked.");
        foreach (var allocation in allocated.Value) shelf.Reduce(allocation, allocation.Open);
        GiveBack(shelf, open!.Value, kind, reason);
        shelf.Write();
        WaitingList.End(db, ids);
    }

    private static void GiveBack(Shelf shelf, IEnumerable<Reservation> promises, StepKind kind, string reason, Held? held = null)
    {
        foreach (var promise in promises)
        {
            if (!shelf.Holds(promise.Position) || shelf.OpenOf(promise) is not { IsPositive: true } open) continue;
            shelf.Reduce(promise, open, kind, reason);
            held?.Add(promise.Position, promise.Channel, -open);
        }
    }

    private Hold Reserve(Shelf shelf, Demand demand, Dictionary<(Guid, int), int> last, Held held, LotsLeft lots)
    {
        Quantity Free(DemandLine line, NodeCode node) => lots.Least(line, node, Keys(demand, line, node).Sum(k => held.Allows(shelf.At(k), demand.Channel?.Text, demand.Kind).Quantity));
        var whole = demand.Nodes.FirstOrDefault(n => CanGiveAll(demand, n, Free));
        var offers = demand.Nodes.Count > 1 || whole == default
            ? demand.Nodes.SelectMany(n => demand.Lines.Select(l => new NodeOffer(n, l.Line, Free(l, n)))).ToArray()
            : [];
        IReadOnlyList<NodeCode> nodes = whole != default ? [whole] : demand.MaySplit ? demand.Nodes : [BestNode(demand, Free)];
        if (whole == default && demand.Lines.Any(l => l.Kit is not null)) return new KitPromising(db, shelf, held, last).Reserve(demand, nodes, offers);

        var reserved = new List<NodeHold>(demand.Lines.Count);
        var missing = new List<DemandLine>();
        var kept = new List<KeptBack>();
        foreach (var line in demand.Lines)
        {
            var left = line.Quantity;
            var part = last.GetValueOrDefault((demand.Document.Id, line.Line));
            foreach (var key in nodes.SelectMany(n => Keys(demand, line, n)))
            {
                if (!left.IsPositive) break;
                var (free, why) = held.Allows(shelf.At(key), demand.Channel?.Text, demand.Kind);
                if (line.Lot is { } lot && lots.Least(line, key.Node, free) is var some && some < free) (free, why) = (some, $"{some} of lot {lot} are free");
                var taken = shelf.Reserve(key, demand, line, part + 1, Quantity.Min(left, free));
                lots.Took(line, key.Node, taken);
                if (why is not null && taken < left) kept.Add(new KeptBack(line.Line, key.Node, why));
                if (taken.IsZero) continue;
                held.Add(key, demand.Channel?.Text, taken);
                part++;
                left -= taken;
                reserved.Add(new NodeHold(line.Line, key.Node, taken));
            }

            last[(demand.Document.Id, line.Line)] = part;
            if (left.IsPositive) missing.Add(line with { Quantity = left });
        }

        return new Hold(demand.Document, reserved, missing, offers) { Kept = kept };
    }

    private static bool CanGiveAll(Demand demand, NodeCode node, Func<DemandLine, NodeCode, Quantity> free)
    {
        if (demand.Lines.Count == 1) return free(demand.Lines[0], node) >= demand.Lines[0].Quantity;
        return demand.Lines.GroupBy(l => (l.Sku, l.Owner)).All(g => free(g.First() with { Lot = null }, node) >= g.Sum(l => l.Quantity))
            && demand.Lines.Where(l => l.Lot is not null).GroupBy(l => (l.Sku, l.Lot, l.Owner)).All(g => free(g.First(), node) >= g.Sum(l => l.Quantity));
    }

    /// Where nothing may be split, the node that can give most lines; the preferred one among equals.
    private static NodeCode BestNode(Demand demand, Func<DemandLine, NodeCode, Quantity> free) =>
        demand.Nodes.MaxBy(n => demand.Lines.Count(l => free(l, n) >= l.Quantity));

    /// Whose goods a line may be promised at a node, in their order: nearly always our own.
    private IEnumerable<PositionKey> Keys(Demand demand, DemandLine line, NodeCode node) => line.Owner is { } owner ? [new PositionKey(db.Company, line.Sku, node, owner)]
        : owners.IsEmpty ? [new PositionKey(db.Company, line.Sku, node, PositionKey.Own)]
        : owners.Promising(line.Sku, demand.Kind, today).Select(o => new PositionKey(db.Company, line.Sku, node, o));

    private readonly record struct LinePart(Guid Document, int Line, int Part);
}
