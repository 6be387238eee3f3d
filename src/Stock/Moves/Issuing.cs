using Keel.Stock.Contract;

namespace Keel.Stock;

/// Lets promised goods leave: from reservation to bin, and from bin to customer.
internal sealed class Issuing(KeelDb db, Places places, Network network, RemovalRules removal, Owners owners)
{
    private readonly ConsignedIssues consigned = new(db, network, owners);

    public async Task<IReadOnlyList<Allocated>> Allocate(IReadOnlyList<DocumentRef> documents, IReadOnlySet<NodeCode>? without, CancellationToken ct)
    {
        var ids = documents.Select(d => d.Id).ToArray();
        var before = db.OpenReservations(ids);
        await db.Flush(ct);

        Later<List<Reservation>>? promised = null;
        Later<List<Allocation>>? set = null;
        // What was set aside before and has left, or was called back, keeps its number.
        Later<List<LastPart>>? last = null;
        Emptying? emptying = null;
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, before.Value.Select(r => r.Position), create: false, ct,
            () =>
            {
                (promised, set) = (db.OpenReservations(ids), db.OpenAllocations(ids));
                last = db.Ask<LastPart>($"select document_id, line, max(part) as part from stock.allocation where document_id = any({ids}) group by document_id, line");
                emptying = Emptying.Ask(db, removal, before.Value.Select(r => r.Sku));
            });

        var already = set!.Value.GroupBy(a => (a.DocumentId, a.Line)).ToDictionary(g => g.Key, g => g.Sum(a => a.Open));
        var parts = last!.Value.ToDictionary(l => (l.DocumentId, l.Line), l => l.Part);
        var byDocument = promised!.Value.ToLookup(r => r.DocumentId);
        var answers = documents.SelectMany(document => byDocument[document.Id].Where(r => without?.Contains(r.Node) is not true).GroupBy(r => r.Node).Select(node =>
        {
            var picks = new List<PickFrom>();
            var missing = new List<IssueLine>();
            foreach (var promise in node) Allocate(shelf, emptying!, promise, already, parts, picks, missing);
            return new Allocated(document, node.Key, picks, missing);
        })).ToArray();
        shelf.Write();
        return answers;
    }

    private sealed record LastPart(Guid DocumentId, int Line, int Part);

    public async Task<IReadOnlyList<Issued>> Issue(IReadOnlyList<IssueRequest> issues, CancellationToken ct)
    {
        var orders = issues.Select(i => i.Order.Id).Distinct().ToArray();
        var keys = issues.SelectMany(i => i.Lines.SelectMany(l => consigned.Keys(l.Sku, i.Node)));
        await consigned.Prepare(issues, ct);
        Later<List<Reservation>>? promised = null;
        Later<List<Allocation>>? set = null;
        Emptying? emptying = null;
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, keys, create: false, ct,
            () => { promised = db.OpenReservations(orders); set = db.OpenAllocations(orders); emptying = Emptying.Ask(db, removal, issues.SelectMany(i => i.Lines.Select(l => l.Sku))); });

        var promises = promised!.Value.ToLookup(r => (r.DocumentId, r.Line, r.Node));
        var allocations = set!.Value.ToLookup(a => (a.DocumentId, a.Line, a.Node));
        var answers = issues.Select(issue => Issue(shelf, emptying!, issue, promises, allocations)).ToArray();
        shelf.Write();
        consigned.Write();
        return answers;
    }

    private void Allocate(
        Shelf shelf, Emptying emptying, Reservation promise, Dictionary<(Guid, int), Quantity> already, Dictionary<(Guid, int), int> parts, List<PickFrom> picks, List<IssueLine> missing)
    {
        var line = (promise.DocumentId, promise.Line);
        var done = Quantity.Min(already.GetValueOrDefault(line), promise.Open);
        already[line] = already.GetValueOrDefault(line) - done;
        var left = promise.Open - done;
        foreach (var (level, may) in emptying.From(shelf, promise.Position, left, promise.Lot, promise.Lot.Length > 0 ? left : 0))
        {
            if (!left.IsPositive) break;
            var quantity = Quantity.Min(left, may);
            if (!quantity.IsPositive) continue;
            emptying.Took(promise.Position, promise.Lot, quantity);
            parts[line] = parts.GetValueOrDefault(line) + 1;
            shelf.Allocate(promise, level, parts[line], quantity);
            picks.Add(new PickFrom(promise.Line, promise.Sku, level.Key.Location, quantity, level.Key.Lot));
            left -= quantity;
        }

        if (left.IsPositive) missing.Add(new IssueLine(promise.Line, promise.Sku, left) { Lot = LotOf(promise.Lot) });
    }

    private Issued Issue(
        Shelf shelf, Emptying emptying, IssueRequest issue, ILookup<(Guid, int, NodeCode), Reservation> promises, ILookup<(Guid, int, NodeCode), Allocation> allocations)
    {
        foreach (var line in issue.Lines)
        {
            if (promises[(issue.Order.Id, line.Line, issue.Node)].Sum(shelf.OpenOf) < line.Quantity) return new Issued(issue.Document, issue.Order, [], Issued.NotPromised);
        }

        if (Unpickable(shelf, emptying, issue, promises, allocations) is { } wrong) return new Issued(issue.Document, issue.Order, [], wrong);

        var happenedAt = db.Work.HappenedAt ?? db.Now;
        var paper = new Paper(issue.Document, "sale", happenedAt, network.DayAt(issue.Node, happenedAt)) { Partner = issue.Partner, Order = issue.Order };
        var lines = new List<ValuedLine>(issue.Lines.Count);
        foreach (var line in issue.Lines) lines.Add(Issue(shelf, emptying, issue, line, paper, promises, allocations));

        consigned.Tell(issue);
        db.Raise(new GoodsIssued(issue.Document, issue.Node, paper.Day, happenedAt, lines) { Channel = issue.Channel, Partner = issue.Partner, Order = issue.Order, DeliveryTerm = issue.DeliveryTerm });
        return new Issued(issue.Document, issue.Order, lines, null);
    }

    /// Why goods of an issue cannot be picked, or nothing: for each owner and lot what is set aside and what is free must do.
    private Error? Unpickable(Shelf shelf, Emptying emptying, IssueRequest issue, ILookup<(Guid, int, NodeCode), Reservation> promises, ILookup<(Guid, int, NodeCode), Allocation> allocations)
    {
        var parts = issue.Lines.SelectMany(l => Lots(shelf, l, promises[(issue.Order.Id, l.Line, issue.Node)])
            .SelectMany(o => ConsignedIssues.ByOwner(shelf, o.Quantity, o.Promises).Select(p => (o.Line, o.Lot, p.Owner, p.Quantity))));
        foreach (var part in parts.GroupBy(p => (p.Line.Sku, p.Owner, p.Lot)))
        {
            var lines = part.Select(p => p.Line.Line).Distinct().ToArray();
            var aside = lines.SelectMany(l => allocations[(issue.Order.Id, l, issue.Node)]).Where(a => a.Owner == part.Key.Owner && (part.Key.Lot.Length == 0 || a.Lot == part.Key.Lot)).ToArray();
            var mine = Mine(shelf, part.Key.Lot, lines.SelectMany(l => promises[(issue.Order.Id, l, issue.Node)]).Where(r => r.Owner == part.Key.Owner), aside);
            if (aside.Sum(shelf.OpenOf) + emptying.Free(shelf, new PositionKey(db.Company, part.Key.Sku, issue.Node, part.Key.Owner), part.Key.Lot, mine) >= part.Sum(p => p.Quantity)) continue;
            return part.Key.Lot.Length == 0 ? Issued.NotPickable : Issued.LotNotThere.With($"Lot {part.Key.Lot} of {part.Key.Sku} was asked for, and {issue.Node} has not as many of it to be picked. Put it away, or promise another one.");
        }

        return null;
    }

    /// How many of a lot are promised to these and not set aside yet.
    internal static Quantity Mine(Shelf shelf, string lot, IEnumerable<Reservation> promises, IEnumerable<Allocation> allocations) => lot.Length == 0 ? 0
        : Quantity.Max(0, promises.Where(r => r.Lot == lot).Sum(shelf.OpenOf) - allocations.Where(a => a.Lot == lot).Sum(shelf.OpenOf));

    /// The parts of a line by the lot that must leave: the one that the issue names, else those that were promised.
    private static IEnumerable<(IssueLine Line, string Lot, Quantity Quantity, IEnumerable<Reservation> Promises)> Lots(Shelf shelf, IssueLine line, IEnumerable<Reservation> promises)
    {
        if (line.Lot is { } named) return [(line, named.Text, line.Quantity, promises)];
        var left = line.Quantity;
        return [.. promises.GroupBy(r => r.Lot).OrderByDescending(g => g.Key.Length > 0).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g =>
        {
            var quantity = Quantity.Min(left, g.Sum(shelf.OpenOf));
            left -= quantity;
            return (Line: line with { Quantity = quantity, Lot = LotOf(g.Key) }, Lot: g.Key, Quantity: quantity, Promises: (IEnumerable<Reservation>)g);
        }).Where(p => p.Quantity.IsPositive)];
    }

    private static LotCode? LotOf(string lot) => lot.Length > 0 ? Code.Parse<LotCode>(lot) : default(LotCode?);

    private ValuedLine Issue(
        Shelf shelf, Emptying emptying, IssueRequest issue, IssueLine line, Paper paper,
        ILookup<(Guid, int, NodeCode), Reservation> promises, ILookup<(Guid, int, NodeCode), Allocation> allocations)
    {
        var key = (issue.Order.Id, line.Line, issue.Node);
        var cost = Money.Zero(network.Company.Currency);
        var parts = Lots(shelf, line, promises[key]).SelectMany(l => ConsignedIssues.ByOwner(shelf, l.Quantity, l.Promises).Select(o => (l.Line, l.Lot, l.Promises, o.Owner, o.Quantity))).ToArray();
        foreach (var (of, lot, promised, owner, quantity) in parts)
        {
            var (position, part) = (new PositionKey(db.Company, line.Sku, issue.Node, owner), of with { Quantity = quantity });
            var (theirs, set) = (promised.Where(r => r.Owner == owner), allocations[key].Where(a => a.Owner == owner && (parts.Length == 1 || lot.Length == 0 || a.Lot == lot)));
            cost += owner == PositionKey.Own
                ? TakeOut(shelf, position, part, paper, Place.Customer, "shipped on " + issue.Document.Number, theirs, set, emptying)!.Value
                : consigned.Sell(shelf, position, part, issue, paper, theirs, set, emptying);
        }

        return new ValuedLine(line.Sku, line.Quantity, cost);
    }

    /// Takes promised goods out of their bins to a place outside: keeps the promises, empties first what was set aside, then what is free in walking order.
    /// Says what they cost where they leave what the company owns, else nothing. The caller has seen that so many are promised and can be picked.
    internal static Money? TakeOut(
        Shelf shelf, PositionKey position, IssueLine line, Paper paper, LocationCode to, string kept, IEnumerable<Reservation> promises, IEnumerable<Allocation> allocations, Emptying emptying)
    {
        var (left, wanted) = (line.Quantity, line.Lot?.Text ?? "");
        var mine = Mine(shelf, wanted, promises, allocations);
        foreach (var promise in promises)
        {
            var quantity = Quantity.Min(left, shelf.OpenOf(promise));
            if (!quantity.IsPositive) continue;
            shelf.Reduce(promise, quantity, StepKind.Consumed, kept);
            left -= quantity;
        }

        left = line.Quantity;
        Money? value = null;
        // Of a lot that was named later than bins were set aside, other bins are emptied instead.
        var replaced = line.Quantity;
        foreach (var allocation in allocations.OrderBy(a => wanted.Length > 0 && a.Lot != wanted))
        {
            var isOther = wanted.Length > 0 && allocation.Lot != wanted;
            var quantity = Quantity.Min(isOther ? replaced : left, shelf.OpenOf(allocation));
            if (!quantity.IsPositive) continue;
            shelf.Reduce(allocation, quantity);
            replaced -= quantity;
            if (!isOther) Leave(allocation.Location, quantity, allocation.Lot, allocation.Package);
        }

        foreach (var (level, may) in emptying.From(shelf, position, left, wanted, mine))
        {
            var quantity = Quantity.Min(left, may);
            if (!quantity.IsPositive) continue;
            emptying.Took(position, wanted, Quantity.Min(quantity, mine));
            mine = Quantity.Max(0, mine - quantity);
            Leave(level.Key.Location, quantity, level.Key.Lot, level.Key.Package);
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
