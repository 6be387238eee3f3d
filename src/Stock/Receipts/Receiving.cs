using Keel.Catalog.Contract;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Books goods in: what was bought, and what customers send back.
internal sealed class Receiving(KeelDb db, Places places, Network network, Lots lots, Estimating? estimating = null)
{
    public static readonly Error NoNode = Error.NotFound("stock.node-unknown", "There is no site with this code. Create the site first.");
    public static readonly Error NoPlace = Error.NotFound("stock.location-unknown", "There is no such place at this node. Create the place first, or leave it out.");
    public static readonly Error NotAPlaceForGoods = new("stock.location-not-counted", "This place is outside every node and holds no stock. Name a place inside the node.");

    public async Task<Result<IReadOnlyList<DocumentRef>>> Receive(IReadOnlyList<ReceiptRequest> receipts, CancellationToken ct)
    {
        foreach (var receipt in receipts)
        {
            if (Check(receipt.Node, receipt.Location, "STOCK") is { } wrong) return wrong;
        }

        var happenedAt = db.Work.HappenedAt ?? db.Now;
        var said = receipts.SelectMany(r => r.Lines.Select(l => new Lots.Said(
            l.Sku, l.Quantity, l.Lots, l.ExpiresOn, l.MadeOn, r.Supplier, places.ByCode[r.Location ?? Place.In(r.Node, "STOCK")].Rule.Promisable, network.DayAt(r.Node, db.Now)))).ToArray();
        var units = await lots.Intake(said, ct);
        if (!units.Ok) return units.Error!;
        using var next = units.Value.GetEnumerator();
        var documents = await Documents("RC", StockDocumentKind.Receipt, receipts.Select(r => (r.Node, r.Supplier, r.Reference, r.Lines.Count, Sum(r.Lines.Select(l => l.Value)), (DocumentRef?)null)), happenedAt, ct);
        if (estimating is not null) await estimating.Begin(receipts, ct);
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency,
            receipts.SelectMany(r => r.Lines.Select(l => new PositionKey(db.Company, l.Sku, r.Node, PositionKey.Own))), create: true, ct, named: receipts.Select(r => r.Location ?? Place.In(r.Node, "STOCK")));

        foreach (var (receipt, document, at) in receipts.Zip(documents).Select((p, at) => (p.First, p.Second, at)))
        {
            var paper = new Paper(document.Ref, "purchase", happenedAt, document.Day) { Partner = receipt.Supplier };
            var to = receipt.Location ?? Place.In(receipt.Node, "STOCK");
            for (var i = 0; i < receipt.Lines.Count; i++)
            {
                next.MoveNext();
                Bring(shelf, receipt.Lines[i].Sku, next.Current, Place.Supplier, to, paper, i + 1, receipt.Lines[i].Value);
            }

            var valued = receipt.Lines.Select(l => new ValuedLine(l.Sku, l.Quantity, l.Value)).ToArray();
            if (estimating?.Land(shelf, at, document, receipt.Lines) is { } wrong) return wrong;
            db.Table<ForeignCost>().Insert([.. receipt.Lines.Select((l, i) => (l.Said, Line: i + 1)).Where(l => l.Said is not null).Select(l => ForeignCost.Of(document.Id, l.Line, db.Company, l.Said!))]);
            db.Raise(new GoodsReceived(document.Ref, receipt.Node, document.Day, happenedAt, valued) { Partner = receipt.Supplier, Said = [.. receipt.Lines.Select(l => l.Said).OfType<ForeignMoney>()] });
            db.Raise(new StockArrived(receipt.Node, [.. receipt.Lines.Select(l => l.Sku).Distinct()]));
        }

        shelf.Write();
        return documents.Select(d => d.Ref).ToArray();
    }

    public async Task<Result<IReadOnlyList<DocumentRef>>> TakeBack(IReadOnlyList<TakeBackRequest> returns, CancellationToken ct)
    {
        foreach (var request in returns)
        {
            if (Check(request.Node, request.Location, "RETURNS") is { } wrong) return wrong;
        }

        var happenedAt = db.Work.HappenedAt ?? db.Now;
        var tracked = await lots.Tracked(returns.SelectMany(r => r.Lines.Select(l => l.Sku)), ct);
        var issued = tracked.Count == 0 ? null : await lots.OfOrders([.. returns.Select(r => r.Order.Id).Distinct()], [.. tracked.Keys], ct);
        var documents = await Documents("RT", StockDocumentKind.Return, returns.Select(r => (r.Node, (Guid?)r.Partner, (string?)null, r.Lines.Count, Sum(r.Lines.Select(Value)), (DocumentRef?)r.Order)), happenedAt, ct);
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency,
            returns.SelectMany(r => r.Lines.Select(l => new PositionKey(db.Company, l.Sku, r.Node, PositionKey.Own))), create: true, ct, named: returns.Select(r => r.Location ?? Place.In(r.Node, "RETURNS")));

        foreach (var (request, document) in returns.Zip(documents))
        {
            var paper = new Paper(document.Ref, "return", happenedAt, document.Day) { Partner = request.Partner, Order = request.Order };
            var to = request.Location ?? Place.In(request.Node, "RETURNS");
            foreach (var line in request.Lines) Bring(shelf, line.Sku, await Returned(request, line, document.Number, tracked, issued, ct), Place.Customer, to, paper, line.Line, Value(line));
            db.Raise(new GoodsReturned(document.Ref, request.Node, document.Day, happenedAt, [.. request.Lines.Select(l => new ValuedLine(l.Sku, l.Quantity, Value(l)))])
            {
                Channel = request.Channel, Partner = request.Partner, Order = request.Order,
            });
            if (places.ByCode[to].Rule.Promisable) db.Raise(new StockArrived(request.Node, [.. request.Lines.Select(l => l.Sku).Distinct()]));
        }

        shelf.Write();
        return documents.Select(d => d.Ref).ToArray();
    }

    /// Moves the units of a line in, lot by lot; its value is split by their quantities.
    private static void Bring(Shelf shelf, Sku sku, IReadOnlyList<LotUnits> units, LocationCode from, LocationCode to, Paper paper, int line, Money value)
    {
        var (all, before) = (units.Sum(u => u.Quantity), Quantity.Zero);
        foreach (var unit in units)
        {
            shelf.Move(unit.Of(sku), from, to, paper, line, value.Share(before + unit.Quantity, all) - value.Share(before, all));
            before += unit.Quantity;
        }
    }

    /// Of which lots the goods are that came back: those that the order got. Where nobody knows, the number of the paper stands for the lot.
    private async Task<IReadOnlyList<LotUnits>> Returned(
        TakeBackRequest request, TakeBackLine line, string number, IReadOnlyDictionary<Sku, Tracking> tracked, ILookup<(Guid, int, Sku), LotUnits>? issued, CancellationToken ct)
    {
        if (!tracked.TryGetValue(line.Sku, out var how)) return [new LotUnits("", line.Quantity, null)];
        var (known, left) = Lots.Take(issued![(request.Order.Id, line.Line, line.Sku)], line.Quantity);
        if (!left.IsPositive) return known;
        var codes = how is Tracking.Lot ? [new LotUnits(number, left, null)] : Enumerable.Range(1, (int)Math.Ceiling(left.Units)).Select(i => new LotUnits($"{number}-{line.Line}-{i}", 1, null)).ToArray();
        await lots.Unknown(line.Sku, codes.Select(c => LotCode.From(c.Lot)), how, ct);
        return [.. known, .. codes];
    }

    /// The share of the original cost that this part takes, so that all parts of a line add up to what had left.
    private static Money Value(TakeBackLine line) =>
        line.IssuedValue.Share(line.ReturnedBefore + line.Quantity, line.Issued) - line.IssuedValue.Share(line.ReturnedBefore, line.Issued);

    private Money Sum(IEnumerable<Money> values) => values.Aggregate(Money.Zero(network.Company.Currency), (a, b) => a + b);

    private Error? Check(NodeCode node, LocationCode? location, string usual)
    {
        if (!network.Sites.ContainsKey(node)) return NoNode.With($"There is no site {node}. Create the site first.");
        if (location is not { } code) return places.ClosedAt(Place.In(node, usual));
        if (!places.ByCode.TryGetValue(code, out var place) || (place.Rule.Counted && place.Node != node)) return NoPlace.With($"There is no place {code} at {node}. Create the place first, or leave it out.");
        return place.Rule.Counted ? places.ClosedAt(code) : NotAPlaceForGoods;
    }

    private async Task<StockDocument[]> Documents(
        string series, StockDocumentKind kind, IEnumerable<(NodeCode Node, Guid? Partner, string? Reference, int Lines, Money Value, DocumentRef? Order)> papers, DateTimeOffset happenedAt, CancellationToken ct)
    {
        var wanted = papers.ToArray();
        var numbers = await db.Numbers.Take(db.Company, series, happenedAt.Year, wanted.Length, ct);
        var documents = wanted.Select((w, i) => new StockDocument(
            db.NewId<StockDocument>().Value, db.Company, kind, numbers[i], w.Node, w.Partner, w.Reference, kind.ToString().ToLowerInvariant(), w.Lines, w.Value,
            network.Company.Currency, happenedAt, db.Now, network.DayAt(w.Node, happenedAt), db.Work.Operation, w.Order?.Id, w.Order?.Number)).ToArray();
        db.StockDocuments.Insert(documents);
        foreach (var document in documents)
        {
            db.Work.Concerns(document.Number);

            // What came back is worth what the credit note says, not what it had cost.
            if (kind is not StockDocumentKind.Return) db.Work.IsWorth(document.Value);
        }

        return documents;
    }
}
