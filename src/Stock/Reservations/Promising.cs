using Keel.Stock.Contract;

namespace Keel.Stock;

/// Promises goods to demands and gives promises back: one atomic step under the locks of the positions.
internal sealed class Promising(KeelDb db)
{
    public async Task<IReadOnlyList<Hold>> Reserve(IReadOnlyList<Demand> demands, CancellationToken ct)
    {
        if (demands.Count == 0) return [];
        var adopted = demands.Where(d => d.Adopts is not null).Select(d => d.Adopts!.Value).ToArray();
        var known = demands.Select(d => d.Document.Id).ToArray();
        var keys = demands.SelectMany(d => d.Nodes.SelectMany(n => d.Lines.Select(l => Key(l.Sku, n))));
        var again = demands.Any(d => d.Again);

        // The promises of adopted holds are read behind the lock, in the same round trip.
        Later<List<Reservation>>? holds = null;
        Later<List<LinePart>>? parts = null;
        var opening = Shelf.ToPromise(db, keys, ct, () =>
        {
            if (adopted.Length > 0) holds = db.OpenReservations(adopted);
            if (again) parts = db.Ask<LinePart>($"select document_id as document, line, max(part) as part from stock.reservation where document_id = any({known}) group by document_id, line");
        });
        var shelf = await opening;
        var last = parts?.Value.ToDictionary(p => (p.Document, p.Line), p => p.Part) ?? [];
        var byHold = holds?.Value.ToLookup(h => h.DocumentId);

        var answers = demands.Select(demand =>
        {
            if (demand.Adopts is { } hold && byHold is not null) GiveBack(shelf, byHold[hold], StepKind.Moved, "adopted by " + demand.Document.Number);
            return Reserve(shelf, demand, last);
        }).ToArray();
        shelf.Write();
        return answers;
    }

    public async Task Release(IReadOnlyList<DocumentRef> documents, string reason, CancellationToken ct, StepKind kind = StepKind.Released)
    {
        var ids = documents.Select(d => d.Id).ToArray();
        var before = db.OpenReservations(ids);
        var set = db.OpenAllocations(ids);
        await db.Flush(ct);
        if (before.Value.Count == 0) return;

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
    }

    private void GiveBack(Shelf shelf, IEnumerable<Reservation> promises, StepKind kind, string reason)
    {
        foreach (var promise in promises)
        {
            if (shelf.Holds(promise.Position) && shelf.OpenOf(promise) is { IsPositive: true } open) shelf.Reduce(promise, open, kind, reason);
        }
    }

    private Hold Reserve(Shelf shelf, Demand demand, Dictionary<(Guid, int), int> last)
    {
        var whole = demand.Nodes.FirstOrDefault(n => CanGiveAll(shelf, demand, n));
        var offers = demand.Nodes.Count > 1 || whole == default
            ? demand.Nodes.SelectMany(n => demand.Lines.Select(l => new NodeOffer(n, l.Line, shelf.At(Key(l.Sku, n)).Available))).ToArray()
            : [];
        IEnumerable<NodeCode> nodes = whole != default ? [whole] : demand.MaySplit ? demand.Nodes : [BestNode(shelf, demand)];

        var reserved = new List<NodeHold>(demand.Lines.Count);
        var missing = new List<DemandLine>();
        foreach (var line in demand.Lines)
        {
            var left = line.Quantity;
            var part = last.GetValueOrDefault((demand.Document.Id, line.Line));
            foreach (var node in nodes)
            {
                if (!left.IsPositive) break;
                var taken = shelf.Reserve(Key(line.Sku, node), demand, line, part + 1, left);
                if (taken.IsZero) continue;
                part++;
                left -= taken;
                reserved.Add(new NodeHold(line.Line, node, taken));
            }

            last[(demand.Document.Id, line.Line)] = part;
            if (left.IsPositive) missing.Add(line with { Quantity = left });
        }

        return new Hold(demand.Document, reserved, missing, offers);
    }

    private bool CanGiveAll(Shelf shelf, Demand demand, NodeCode node)
    {
        if (demand.Lines.Count == 1) return shelf.At(Key(demand.Lines[0].Sku, node)).Available >= demand.Lines[0].Quantity;
        return demand.Lines.GroupBy(l => l.Sku).All(g => shelf.At(Key(g.Key, node)).Available >= g.Sum(l => l.Quantity));
    }

    /// Where nothing may be split, the node that can give most lines; the preferred one among equals.
    private NodeCode BestNode(Shelf shelf, Demand demand) =>
        demand.Nodes.MaxBy(n => demand.Lines.Count(l => shelf.At(Key(l.Sku, n)).Available >= l.Quantity));

    private PositionKey Key(Sku sku, NodeCode node) => new(db.Company, sku, node, PositionKey.Own);

    private readonly record struct LinePart(Guid Document, int Line, int Part);
}
