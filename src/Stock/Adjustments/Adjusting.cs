using Keel.Stock.Contract;

namespace Keel.Stock;

/// Puts the book right by what was counted. Reality is never refused: promises that no longer hold give way in the same transaction.
internal sealed class Adjusting(KeelDb db, Places places, Network network, Reasons reasons, StockFacts facts)
{
    public async Task<Result<IReadOnlyList<DocumentRef>>> Adjust(IReadOnlyList<Count> counts, CancellationToken ct)
    {
        foreach (var count in counts)
        {
            if (!places.ByCode.TryGetValue(count.Location, out var place)) return Receiving.NoPlace.With($"There is no place {count.Location}. Create it first.");
            if (!place.Rule.Counted) return Receiving.NotAPlaceForGoods;
            if (places.ClosedAt(place.Code) is { } closed) return closed;
        }

        if (counts.Select(c => reasons.Wrong(c.Reason)).FirstOrDefault(e => e is not null) is { } wrong) return wrong;

        var happenedAt = db.Work.HappenedAt ?? db.Now;
        var groups = counts.GroupBy(c => (places.ByCode[c.Location].Node, c.Reason)).ToArray();
        var numbers = await db.Numbers.Take(db.Company, "AD", happenedAt.Year, groups.Length, ct);
        foreach (var number in numbers) db.Work.Concerns(number);
        Later<List<Since>>? since = null;
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency,
            counts.Select(c => new PositionKey(db.Company, c.Sku, places.ByCode[c.Location].Node, PositionKey.Own)), create: true, ct,
            () => since = db.Work.HappenedAt is null ? null : AskSince(counts, happenedAt));

        var moved = since?.Value.ToDictionary(s => (s.Location, s.Sku), s => s.Quantity) ?? [];
        var documents = groups.Select((group, i) => Adjust(shelf, [.. group], group.Key.Node, group.Key.Reason, numbers[i], happenedAt, moved)).ToArray();
        var lost = await shelf.GiveWay("counted: less is there than was promised", ct);
        shelf.Write();
        LastCount.Remember(db, counts.Select(c => (c.Location, c.Sku)), happenedAt);
        facts.Tell(lost, "count");
        return documents;
    }

    /// What came into the counted places and left them since they were counted, asked behind the locks: it is no difference.
    private Later<List<Since>> AskSince(IReadOnlyList<Count> counts, DateTimeOffset at)
    {
        var (locations, skus) = (counts.Select(c => c.Location), counts.Select(c => c.Sku));
        return db.Ask<Since>(
            $"""
            select k.location, k.sku, coalesce(sum(case when m.to_location = k.location then m.quantity else -m.quantity end), 0)::bigint as quantity
            from unnest({locations}, {skus}) as k (location, sku)
            join stock.move m on m.company_id = {db.Company} and m.sku = k.sku and m.happened_at > {at} and (m.to_location = k.location or m.from_location = k.location)
              and m.lot = '' and m.package = '' and m.owner = {PositionKey.Own}
            group by k.location, k.sku
            """);
    }

    private sealed record Since(LocationCode Location, Sku Sku, Quantity Quantity);

    private DocumentRef Adjust(Shelf shelf, Count[] counts, NodeCode node, ReasonCode reason, string number, DateTimeOffset happenedAt, Dictionary<(LocationCode, Sku), Quantity> moved)
    {
        var currency = network.Company.Currency;
        var document = new StockDocument(
            db.NewId<StockDocument>().Value, db.Company, StockDocumentKind.Adjustment, number, node, null, null, reason.Text, counts.Length,
            Money.Zero(currency), currency, happenedAt, db.Now, network.DayAt(node, happenedAt), db.Work.Operation, ApprovedBy: db.Work.ApprovedBy);
        var paper = new Paper(document.Ref, reason.Text, happenedAt, document.Day);
        var lines = new List<ValuedLine>();
        for (var i = 0; i < counts.Length; i++)
        {
            var key = new LevelKey(db.Company, node, counts[i].Sku, counts[i].Location, "", "", PositionKey.Own);
            var onHand = shelf.LevelAt(key).OnHand;
            // What was counted earlier is held against what the book says of that moment; what is gone since cannot be taken away again.
            var variance = Quantity.Max(counts[i].Counted - (onHand - moved.GetValueOrDefault((counts[i].Location, counts[i].Sku))), -onHand);
            if (variance.IsZero) continue;
            var move = variance.IsPositive
                ? shelf.Move(new Goods(counts[i].Sku, variance), Place.Loss, counts[i].Location, paper, i + 1)
                : shelf.Move(new Goods(counts[i].Sku, -variance), counts[i].Location, Place.Loss, paper, i + 1);
            lines.Add(new ValuedLine(counts[i].Sku, variance, move.Value!.Value));
        }

        var value = lines.Aggregate(Money.Zero(currency), (sum, l) => sum + l.Value);
        db.StockDocuments.Insert(document with { Value = value });
        if (lines.Count > 0) db.Raise(new StockAdjusted(document.Ref, node, document.Day, happenedAt, reason, lines) { PostsAs = reasons.ByCode[reason].PostsAs, ApprovedBy = db.Work.ApprovedBy });
        var found = lines.Where(l => l.Quantity.IsPositive).Select(l => l.Sku).Distinct().ToArray();
        if (found.Length > 0) db.Raise(new StockArrived(node, found));
        return document.Ref;
    }
}
