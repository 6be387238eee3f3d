using Keel.Stock.Contract;

namespace Keel.Stock;

/// Lets promised goods leave: from reservation to bin, and from bin to customer.
internal sealed class Issuing(KeelDb db, Places places, Network network, RemovalRules removal, Owners owners)
{
    private readonly ConsignedIssues consigned = new(db, network, owners);

    public async Task<IReadOnlyList<Allocated>> Allocate(IReadOnlyList<DocumentRef> documents, CancellationToken ct)
    {
        var ids = documents.Select(d => d.Id).ToArray();
        var before = db.OpenReservations(ids);
        await db.Flush(ct);

        Later<List<Reservation>>? promised = null;
        Later<List<Allocation>>? set = null;
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, before.Value.Select(r => r.Position), create: false, ct,
            () => { promised = db.OpenReservations(ids); set = db.OpenAllocations(ids); });

        var already = set!.Value.GroupBy(a => (a.DocumentId, a.Line)).ToDictionary(g => g.Key, g => g.Sum(a => a.Open));
        var parts = set.Value.GroupBy(a => (a.DocumentId, a.Line)).ToDictionary(g => g.Key, g => g.Max(a => a.Part));
        var byDocument = promised!.Value.ToLookup(r => r.DocumentId);
        var answers = documents.SelectMany(document => byDocument[document.Id].GroupBy(r => r.Node).Select(node =>
        {
            var picks = new List<PickFrom>();
            var missing = new List<IssueLine>();
            foreach (var promise in node) Allocate(shelf, promise, already, parts, picks, missing);
            return new Allocated(document, node.Key, picks, missing);
        })).ToArray();
        shelf.Write();
        return answers;
    }

    public async Task<IReadOnlyList<Issued>> Issue(IReadOnlyList<IssueRequest> issues, CancellationToken ct)
    {
        var orders = issues.Select(i => i.Order.Id).Distinct().ToArray();
        var keys = issues.SelectMany(i => i.Lines.SelectMany(l => consigned.Keys(l.Sku, i.Node)));
        await consigned.Prepare(issues, ct);
        Later<List<Reservation>>? promised = null;
        Later<List<Allocation>>? set = null;
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, keys, create: false, ct,
            () => { promised = db.OpenReservations(orders); set = db.OpenAllocations(orders); });

        var promises = promised!.Value.ToLookup(r => (r.DocumentId, r.Line, r.Node));
        var allocations = set!.Value.ToLookup(a => (a.DocumentId, a.Line, a.Node));
        var answers = issues.Select(issue => Issue(shelf, issue, promises, allocations)).ToArray();
        shelf.Write();
        consigned.Write();
        return answers;
    }

    private void Allocate(
        Shelf shelf, Reservation promise, Dictionary<(Guid, int), Quantity> already, Dictionary<(Guid, int), int> parts, List<PickFrom> picks, List<IssueLine> missing)
    {
        var line = (promise.DocumentId, promise.Line);
        var done = Quantity.Min(already.GetValueOrDefault(line), promise.Open);
        already[line] = already.GetValueOrDefault(line) - done;
        var left = promise.Open - done;
        foreach (var level in shelf.PickableLevels(promise.Position, removal, left).ToArray())
        {
            if (!left.IsPositive) break;
            var quantity = Quantity.Min(left, level.Free);
            if (!quantity.IsPositive) continue;
            parts[line] = parts.GetValueOrDefault(line) + 1;
            shelf.Allocate(promise, level, parts[line], quantity);
            picks.Add(new PickFrom(promise.Line, promise.Sku, level.Key.Location, quantity, level.Key.Lot));
            left -= quantity;
        }

        if (left.IsPositive) missing.Add(new IssueLine(promise.Line, promise.Sku, left));
    }

    private Issued Issue(
        Shelf shelf, IssueRequest issue, ILookup<(Guid, int, NodeCode), Reservation> promises, ILookup<(Guid, int, NodeCode), Allocation> allocations)
    {
        foreach (var line in issue.Lines)
        {
            if (promises[(issue.Order.Id, line.Line, issue.Node)].Sum(shelf.OpenOf) < line.Quantity) return new Issued(issue.Document, issue.Order, [], Issued.NotPromised);
        }

        if (!CanPick(shelf, issue, promises, allocations)) return new Issued(issue.Document, issue.Order, [], Issued.NotPickable);

        var happenedAt = db.Work.HappenedAt ?? db.Now;
        var paper = new Paper(issue.Document, "sale", happenedAt, network.DayAt(issue.Node, happenedAt)) { Partner = issue.Partner, Order = issue.Order };
        var lines = new List<ValuedLine>(issue.Lines.Count);
        foreach (var line in issue.Lines) lines.Add(Issue(shelf, issue, line, paper, promises, allocations));

        consigned.Tell(issue);
        db.Raise(new GoodsIssued(issue.Document, issue.Node, paper.Day, happenedAt, lines) { Channel = issue.Channel, Partner = issue.Partner, Order = issue.Order, DeliveryTerm = issue.DeliveryTerm });
        return new Issued(issue.Document, issue.Order, lines, null);
    }

    private bool CanPick(Shelf shelf, IssueRequest issue, ILookup<(Guid, int, NodeCode), Reservation> promises, ILookup<(Guid, int, NodeCode), Allocation> allocations)
    {
        foreach (var part in issue.Lines.SelectMany(l => ConsignedIssues.ByOwner(shelf, l.Quantity, promises[(issue.Order.Id, l.Line, issue.Node)]).Select(p => (Line: l, p.Owner, p.Quantity))).GroupBy(p => (p.Line.Sku, p.Owner)))
        {
            var set = part.Sum(p => allocations[(issue.Order.Id, p.Line.Line, issue.Node)].Where(a => a.Owner == p.Owner).Sum(shelf.OpenOf));
            var free = shelf.PickableLevels(new PositionKey(db.Company, part.Key.Sku, issue.Node, part.Key.Owner)).Sum(l => l.Free);
            if (set + free < part.Sum(p => p.Quantity)) return false;
        }

        return true;
    }

    private ValuedLine Issue(
        Shelf shelf, IssueRequest issue, IssueLine line, Paper paper,
        ILookup<(Guid, int, NodeCode), Reservation> promises, ILookup<(Guid, int, NodeCode), Allocation> allocations)
    {
        var key = (issue.Order.Id, line.Line, issue.Node);
        var cost = Money.Zero(network.Company.Currency);
        foreach (var (owner, quantity) in ConsignedIssues.ByOwner(shelf, line.Quantity, promises[key]))
        {
            var (position, part) = (new PositionKey(db.Company, line.Sku, issue.Node, owner), line with { Quantity = quantity });
            var (theirs, set) = (promises[key].Where(r => r.Owner == owner), allocations[key].Where(a => a.Owner == owner));
            cost += owner == PositionKey.Own
                ? TakeOut(shelf, position, part, paper, Place.Customer, "shipped on " + issue.Document.Number, theirs, set, removal)!.Value
                : consigned.Sell(shelf, position, part, issue, paper, theirs, set, removal);
        }

        return new ValuedLine(line.Sku, line.Quantity, cost);
    }

    /// Takes promised goods out of their bins to a place outside: keeps the promises, empties first what was set aside, then what is free in walking order.
    /// Says what they cost where they leave what the company owns, else nothing. The caller has seen that so many are promised and can be picked.
    internal static Money? TakeOut(
        Shelf shelf, PositionKey position, IssueLine line, Paper paper, LocationCode to, string kept, IEnumerable<Reservation> promises, IEnumerable<Allocation> allocations, RemovalRules removal)
    {
        var left = line.Quantity;
        foreach (var promise in promises)
        {
            var quantity = Quantity.Min(left, shelf.OpenOf(promise));
            if (!quantity.IsPositive) continue;
            shelf.Reduce(promise, quantity, StepKind.Consumed, kept);
            left -= quantity;
        }

        left = line.Quantity;
        Money? value = null;
        foreach (var allocation in allocations)
        {
            var quantity = Quantity.Min(left, shelf.OpenOf(allocation));
            if (!quantity.IsPositive) continue;
            shelf.Reduce(allocation, quantity);
            Leave(allocation.Location, quantity, allocation.Lot, allocation.Package);
        }

        foreach (var level in shelf.PickableLevels(position, removal, left).ToArray())
        {
            var quantity = Quantity.Min(left, level.Free);
            if (quantity.IsPositive) Leave(level.Key.Location, quantity, level.Key.Lot, level.Key.Package);
        }

        return left.IsZero ? value : throw new InvariantBroken($"{left} more of {line.Sku} should leave {position.Node} than can be picked.");

        void Leave(LocationCode from, Quantity quantity, string lot, string package)
        {
            var move = shelf.Move(new Goods(line.Sku, quantity, lot, package, position.Owner), from, to, paper, line.Line);
            if (move.Value is { } change) value = value is { } so ? so - change : -change;
            left -= quantity;
        }
    }
}
