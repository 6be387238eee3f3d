using Keel.Catalog.Contract;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Puts the book right by what was counted. Reality is never refused: promises that no longer hold give way in the same transaction.
internal sealed class Adjusting(KeelDb db, Places places, Network network, Reasons reasons, StockFacts facts, Lots lots)
{
    public async Task<Result<IReadOnlyList<DocumentRef>>> Adjust(IReadOnlyList<Count> counts, CancellationToken ct)
    {
        var wrong = new LineRefusals("lines");
        for (var i = 0; i < counts.Count; i++)
        {
            wrong.Add(i, "location", Wrong(counts[i].Location));
            wrong.Add(i, "reason", reasons.Wrong(counts[i].Reason));
        }

        if (wrong.All is { } refusal) return refusal;
        var tracked = await lots.Tracked(counts.Select(c => c.Sku), ct);
        var told = await lots.Counted(counts, tracked, ct);
        if (!told.Ok) return told.Error;

        var happenedAt = db.Work.HappenedAt ?? db.Now;
        var groups = counts.Select((c, i) => (Count: c, At: i)).GroupBy(c => (places.ByCode[c.Count.Location].Node, c.Count.Reason)).ToArray();
        var numbers = await db.Numbers.Take(db.Company, "AD", happenedAt.Year, groups.Length, ct);
        foreach (var number in numbers) db.Work.Concerns(number);
        Later<List<Since>>? since = null;
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency,
            counts.Select(c => new PositionKey(db.Company, c.Sku, places.ByCode[c.Location].Node, c.Owner)), create: true, ct,
            () => since = db.Work.HappenedAt is null ? null : AskSince(counts, happenedAt), counts.Select(c => c.Location));

        var moved = since?.Value.ToDictionary(s => (s.Location, s.Sku, s.Lot, s.Package, s.Owner, s.Condition), s => s.Quantity) ?? [];
        var documents = new List<DocumentRef>();
        foreach (var (group, number) in groups.Zip(numbers))
        {
            var found = new List<Found>();
            foreach (var (count, line) in group.Select((c, i) => (c, i + 1)))
            {
                var of = Of(shelf, count.Count, line, group.Key.Node, tracked, told.Value);
                if (of.Ok) found.AddRange(of.Value);
                else wrong.Add(count.At, "location", of.Error);
            }

            if (wrong.All is { } odd) return odd;
            documents.Add(Adjust(shelf, found, group.Count(), group.Key.Node, group.Key.Reason, number, happenedAt, moved));
        }

        var isScrap = counts.All(c => c.Scrapped is not null);
        var lost = await shelf.GiveWay(isScrap ? "scrapped: less is there than was promised" : "counted: less is there than was promised", ct);
        shelf.Write();
        LastCount.Remember(db, counts.Where(c => c.Scrapped is null).Select(c => (c.Location, c.Sku)), happenedAt);
        facts.Tell(lost, isScrap ? "scrap" : "count");
        return documents;
    }

    private Error? Wrong(LocationCode location) => !places.ByCode.TryGetValue(location, out var place) ? Receiving.NoPlace.With($"There is no place {location}. Create it first.")
        : place.Rule.Counted ? places.ClosedAt(location) : Receiving.NotAPlaceForGoods;

    /// What came into the counted places and left them since they were counted, asked behind the locks: it is no difference.
    private Later<List<Since>> AskSince(IReadOnlyList<Count> counts, DateTimeOffset at)
    {
        var (locations, skus) = (counts.Select(c => c.Location), counts.Select(c => c.Sku));
        return db.Ask<Since>(
            $"""
            select k.location, k.sku, m.lot, m.package, m.owner, m.condition, coalesce(sum(case when m.to_location = k.location then m.quantity else -m.quantity end), 0)::bigint as quantity
            from (select distinct * from unnest({locations}, {skus})) as k (location, sku)
            join stock.move m on m.company_id = {db.Company} and m.sku = k.sku and m.happened_at > {at} and (m.to_location = k.location or m.from_location = k.location)
            group by k.location, k.sku, m.lot, m.package, m.owner, m.condition
            """);
    }

    private sealed record Since(LocationCode Location, Sku Sku, string Lot, string Package, string Owner, GoodsCondition Condition, Quantity Quantity);

    /// What was counted of one lot; of goods that are not told apart the lot is empty.
    private sealed record Found(
        int Line, LocationCode Location, Sku Sku, string Lot, Quantity Counted, DateOnly? SellUntil, string Package, string Owner, GoodsCondition Condition, Quantity? Scrapped = null, Money? Opening = null)
    {
        public Goods Goods(Quantity quantity) => new(Sku, quantity, Lot, Package, Owner) { Condition = Condition, SellUntil = SellUntil };
    }

    /// The lots that a count is about. A place that was found empty, or as full as the book says, needs no lot named.
    private Result<IReadOnlyList<Found>> Of(Shelf shelf, Count count, int line, NodeCode node, IReadOnlyDictionary<Sku, Tracking> tracked, IReadOnlyDictionary<(Sku, LotCode), DateOnly?> known)
    {
        if (count.Scrapped is { } gone) return Gone(shelf, count, line, node, gone);
        Found[] plain = [new Found(line, count.Location, count.Sku, "", count.Counted, null, count.Package, count.Owner, count.Condition, Opening: count.Opening)];
        if (count.Opening is not null && !tracked.ContainsKey(count.Sku) && Holds(shelf, plain[0], node) is { } holds) return holds;
        if (!tracked.ContainsKey(count.Sku)) return plain;
        if (count.Opening is not null && count.Lot is null) return Lots.Needed.With($"Units of {count.Sku} are told apart. Say of which lot these are.");
        if (count.Lot is { } lot)
        {
            var one = plain[0] with { Lot = lot.Text, SellUntil = known.GetValueOrDefault((count.Sku, lot)) };
            return count.Opening is not null && Holds(shelf, one, node) is { } held ? held : (Found[])[one];
        }

        var there = shelf.LevelsIn(new PositionKey(db.Company, count.Sku, node, count.Owner), count.Location, count.Package, count.Condition);
        if (count.Counted.IsZero || there.Sum(l => l.OnHand) == count.Counted) return there.Select(l => plain[0] with { Lot = l.Key.Lot, Counted = count.Counted.IsZero ? 0 : l.OnHand }).ToArray();
        if (there.Count == 1) return (Found[])[plain[0] with { Lot = there[0].Key.Lot }];
        return Lots.Needed.With(there.Count == 0 ? $"Units of {count.Sku} are told apart. Say of which lot these are."
            : $"{count.Location} holds several lots of {count.Sku}: {string.Join(", ", there.Select(l => $"{l.Key.Lot} ({l.OnHand})"))}. Count each of them.");
    }

    /// Opening stock comes into a place that does not hold the goods yet: where it does, the two would become one.
    private Error? Holds(Shelf shelf, Found found, NodeCode node) =>
        shelf.LevelAt(new LevelKey(db.Company, node, found.Sku, found.Location, found.Lot, found.Package, found.Owner, found.Condition)).OnHand is { IsPositive: true } there
            ? OpenStock.NotEmpty.With($"{found.Location} holds {there} of {found.Sku} already. Count it instead.") : null;

    /// Goods that are no good must be there to leave: what nobody knows of is counted first.
    private Result<IReadOnlyList<Found>> Gone(Shelf shelf, Count count, int line, NodeCode node, Quantity gone)
    {
        var lot = Lots.Only(shelf, new PositionKey(db.Company, count.Sku, node, count.Owner), count.Location, count.Lot);
        if (!lot.Ok) return lot.Error!;
        var there = shelf.LevelAt(new LevelKey(db.Company, node, count.Sku, count.Location, lot.Value, count.Package, count.Owner, count.Condition)).OnHand;
        if (there < gone) return MoveStock.NotThere.With($"{count.Location} holds {there} of {count.Sku}; {gone} cannot be scrapped. Count it first if it should hold more.");
        return (Found[])[new Found(line, count.Location, count.Sku, lot.Value, 0, null, count.Package, count.Owner, count.Condition, gone)];
    }

    private DocumentRef Adjust(
        Shelf shelf, IReadOnlyList<Found> counts, int counted, NodeCode node, ReasonCode reason, string number, DateTimeOffset happenedAt, Dictionary<(LocationCode, Sku, string, string, string, GoodsCondition), Quantity> moved)
    {
        var currency = network.Company.Currency;
        var document = new StockDocument(
            db.NewId<StockDocument>().Value, db.Company, StockDocumentKind.Adjustment, number, node, null, null, reason.Text, counted,
            Money.Zero(currency), currency, happenedAt, db.Now, network.DayAt(node, happenedAt), db.Work.Operation, ApprovedBy: db.Work.ApprovedBy);
        var paper = new Paper(document.Ref, reason.Text, happenedAt, document.Day);
        var lines = new List<ValuedLine>();
        var theirs = new List<Sku>();
        foreach (var count in counts)
        {
            var key = new LevelKey(db.Company, node, count.Sku, count.Location, count.Lot, count.Package, count.Owner, count.Condition);
            var onHand = shelf.LevelAt(key).OnHand;
            // What was counted earlier is held against what the book says of that moment; what is gone since cannot be taken away again.
            var variance = count.Scrapped is { } gone ? -gone : Quantity.Max(count.Counted - (onHand - moved.GetValueOrDefault((count.Location, count.Sku, count.Lot, count.Package, count.Owner, count.Condition))), -onHand);
            if (variance.IsZero) continue;
            var move = variance.IsPositive
                ? shelf.Move(count.Goods(variance), Place.Loss, count.Location, paper, count.Line, count.Opening?.Share(variance, count.Counted))
                : shelf.Move(count.Goods(-variance), count.Location, count.Scrapped is null ? Place.Loss : Place.Scrap, paper, count.Line);
            // What of others' goods was found or lost is theirs: nothing of ours changes.
            if (move.Value is { } worth) lines.Add(new ValuedLine(count.Sku, variance, worth));
            else if (variance.IsPositive && places.ByCode[count.Location].Rule.Promisable) theirs.Add(count.Sku);
        }

        var value = lines.Aggregate(Money.Zero(currency), (sum, l) => sum + l.Value);
        db.StockDocuments.Insert(document with { Value = value });
        if (lines.Count > 0) db.Raise(new StockAdjusted(document.Ref, node, document.Day, happenedAt, reason, lines) { PostsAs = reasons.ByCode[reason].PostsAs, ApprovedBy = db.Work.ApprovedBy });
        var more = lines.Where(l => l.Quantity.IsPositive).Select(l => l.Sku).Concat(theirs).Distinct().ToArray();
        if (more.Length > 0) db.Raise(new StockArrived(node, more));
        return document.Ref;
    }
}
