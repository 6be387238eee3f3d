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
        PositionKey[] keys = [.. demands.SelectMany(d => (d.Adopts is null ? d.Asked : d.Nodes.Union(d.Asked)).SelectMany(n => d.Lines.SelectMany(l => Keys(d, l, n))))];
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

    /// Lines of a document want less, or the work on them is called back: what is promised beyond what they keep is given back, the last nodes first, so that kits
    /// stay whole at each; what was set aside in bins for any of them is set aside no more. What they wait for shrinks along.
    public async Task Trim(DocumentRef document, IReadOnlyDictionary<int, Quantity> keep, IReadOnlyCollection<int> calledBack, string reason, CancellationToken ct)
    {
        Guid[] ids = [document.Id];
        var lines = keep.Keys.Concat(calledBack).ToHashSet();
        db.QueueQuery<int>($"select 1 from stock.waiting where document_id = any({ids}) order by document_id, line for update", _ => { });
        var before = db.OpenReservations(ids);
        var set = db.OpenAllocations(ids);
        await db.Flush(ct);
        var had = before.Value.Where(r => keep.ContainsKey(r.Line)).GroupBy(r => r.Line).ToDictionary(g => g.Key, g => g.Sum(r => r.Open));
        var over = had.Where(h => h.Value > keep[h.Key]).Select(h => h.Key).ToHashSet();
        var aside = set.Value.Any(a => lines.Contains(a.Line));
        if (over.Count > 0 || aside)
        {
            Later<List<Reservation>>? open = null;
            Later<List<Allocation>>? allocated = null;
            var keys = before.Value.Where(r => lines.Contains(r.Line)).Select(r => r.Position).ToArray();
            void Read() => (open, allocated) = (db.OpenReservations(ids), db.OpenAllocations(ids));
            var shelf = aside ? await Shelf.ToMove(db, Places.None, default, keys, create: false, ct, Read) : await Shelf.ToPromise(db, keys, ct, Read);
            foreach (var allocation in allocated!.Value.Where(a => lines.Contains(a.Line))) shelf.Reduce(allocation, allocation.Open);
            foreach (var line in open!.Value.Where(r => over.Contains(r.Line)).GroupBy(r => r.Line))
            {
                var excess = line.Sum(r => r.Open) - keep[line.Key];
                foreach (var promise in line.OrderByDescending(r => r.Node).ThenByDescending(r => r.Part))
                {
                    if (!excess.IsPositive) break;
                    var part = Quantity.Min(excess, promise.Open);
                    shelf.Reduce(promise, part, StepKind.Released, reason);
                    excess -= part;
                }
            }

            shelf.Write();
        }

        // What is wanted and not promised is all that it may wait for.
        var most = keep.ToDictionary(k => k.Key, k => k.Value - Quantity.Min(k.Value, had.GetValueOrDefault(k.Key)));
        WaitingList.Shrink(db, document.Id, most);
    }

    /// Gives back what lines of a document are promised at one node.
    public async Task GiveBack(DocumentRef document, NodeCode node, IReadOnlyCollection<int> lines, string reason, CancellationToken ct)
    {
        Guid[] ids = [document.Id];
        bool Is(Reservation r) => r.Node == node && lines.Contains(r.Line);
        db.QueueQuery<int>($"select 1 from stock.waiting where document_id = any({ids}) order by document_id, line for update", _ => { });
        var before = db.OpenReservations(ids);
        await db.Flush(ct);
        var keys = before.Value.Where(Is).Select(r => r.Position).ToArray();
        if (keys.Length == 0) return;
        Later<List<Reservation>>? open = null;
        var shelf = await Shelf.ToPromise(db, keys, ct, () => open = db.OpenReservations(ids));
        foreach (var promise in open!.Value.Where(Is)) shelf.Reduce(promise, promise.Open, StepKind.Released, reason);
        shelf.Write();
    }

    private static void GiveBack(Shelf shelf, IEnumerable<Reservation> promises, StepKind kind, string reason, Held? held = null)
    {
        foreach (var promise in promises)
        {
            if (!shelf.Holds(promise.Position) || shelf.OpenOf(promise) is not { IsPositive: true } open) continue;
            shelf.Reduce(promise, open, kind, reason);
            held?.Add(promise.Sku, promise.Node, promise.Channel, -open);
        }
    }

    private Hold Reserve(Shelf shelf, Demand demand, Dictionary<(Guid, int), int> last, Held held, LotsLeft lots)
    {
        Quantity Free(DemandLine line, NodeCode node) => lots.Least(line, node, Allowed(shelf, demand, line, node, held).Quantity);
        var whole = demand.Asked.FirstOrDefault(n => CanGiveAll(demand, n, Free));
        var offers = demand.Asked.Count > 1 || whole == default
            ? demand.Asked.SelectMany(n => demand.Lines.Select(l => new NodeOffer(n, l.Line, Free(l, n)))).ToArray()
            : [];
        IReadOnlyList<NodeCode> nodes = whole != default ? [whole] : demand.MaySplit || demand.Asked.Count == 0 ? demand.Asked : [BestNode(demand, Free)];
        if (whole == default && demand.Lines.Any(l => l.Kit is not null)) return new KitPromising(shelf, held, last, (sku, node) => Keys(demand, sku, node)).Reserve(demand, nodes, offers);

        var reserved = new List<NodeHold>(demand.Lines.Count);
        var missing = new List<DemandLine>();
        var kept = new List<KeptBack>();
        foreach (var line in demand.Lines)
        {
            var left = line.Quantity;
            var part = last.GetValueOrDefault((demand.Document.Id, line.Line));
            foreach (var node in WholeFirst(nodes, line, Free))
            {
                if (!left.IsPositive) break;
                var (free, why) = Allowed(shelf, demand, line, node, held);
                if (line.Lot is { } lot && lots.Least(line, node, free) is var some && some < free) (free, why) = (some, $"{some} of lot {lot} are free");
                var before = left;
                if (why is not null && free < left) kept.Add(new KeptBack(line.Line, node, why));
                foreach (var key in Keys(demand, line, node))
                {
                    var taken = shelf.Reserve(key, demand, line, part + 1, Quantity.Min(left, free));
                    if (taken.IsZero) continue;
                    lots.Took(line, node, taken);
                    held.Add(line.Sku, node, demand.Channel?.Text, taken);
                    part++;
                    (left, free) = (left - taken, free - taken);
                }

                if (left < before) reserved.Add(new NodeHold(line.Line, node, before - left));
            }

            last[(demand.Document.Id, line.Line)] = part;
            if (left.IsPositive) missing.Add(line with { Quantity = left });
        }

        return new Hold(demand.Document, reserved, missing, offers) { Kept = kept };
    }

    private static bool CanGiveAll(Demand demand, NodeCode node, Func<DemandLine, NodeCode, Quantity> free)
    {
        if (demand.Lines.Any(l => l.Without?.Contains(node) == true)) return false;
        if (demand.Lines.Count == 1) return free(demand.Lines[0], node) >= demand.Lines[0].Quantity;
        return demand.Lines.GroupBy(l => (l.Sku, l.Owner)).All(g => free(g.First() with { Lot = null }, node) >= g.Sum(l => l.Quantity))
            && demand.Lines.Where(l => l.Lot is not null).GroupBy(l => (l.Sku, l.Lot, l.Owner)).All(g => free(g.First(), node) >= g.Sum(l => l.Quantity));
    }

    /// Where nothing may be split, the node that can give most lines; the preferred one among equals.
    private static NodeCode BestNode(Demand demand, Func<DemandLine, NodeCode, Quantity> free) =>
        demand.Asked.MaxBy(n => demand.Lines.Count(l => free(l, n) >= l.Quantity));

    /// A line stays whole where one of the nodes can give all of it: the first such node comes before the others.
    private static IEnumerable<NodeCode> WholeFirst(IReadOnlyList<NodeCode> nodes, DemandLine line, Func<DemandLine, NodeCode, Quantity> free) =>
        nodes.Count == 1 ? nodes : nodes.OrderByDescending(n => free(line, n) >= line.Quantity);

    /// What rings leave of what a line may be promised at a node. Goods that nobody but their owner has a say in are no channel's.
    private (Quantity Quantity, string? Why) Allowed(Shelf shelf, Demand demand, DemandLine line, NodeCode node, Held held)
    {
        if (line.Without is { } without && without.Contains(node)) return (0, null);
        var offer = OnOffer.Of(shelf, Keys(demand, line, node));
        var (free, why) = line.Owner is { } owner && !owners.Codes.Contains(owner) ? (offer.Available, null) : held.Allows(offer, demand.Channel?.Text, demand.Kind);
        return demand.KeepsBack.IsPositive ? (Quantity.Max(0, free - demand.KeepsBack), why ?? $"{demand.KeepsBack} stay there") : (free, why);
    }

    /// Whose goods a line may be promised at a node, in their order: nearly always our own.
    private PositionKey[] Keys(Demand demand, DemandLine line, NodeCode node) =>
        line.Owner is { } owner ? [new PositionKey(db.Company, line.Sku, node, owner)] : Keys(demand, line.Sku, node, line.Lot);

    /// Others' goods are never promised where a lot is asked for.
    private PositionKey[] Keys(Demand demand, Sku sku, NodeCode node, LotCode? lot = null) =>
        [.. (lot is null ? owners : Owners.None).Positions(db.Company, sku, node, demand.Kind, today)];

    private readonly record struct LinePart(Guid Document, int Line, int Part);
}
