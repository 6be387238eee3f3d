using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Moves goods between two places of one node: putting away, into quarantine, to damaged. What leaves a promisable place may displace promises.
/// Of goods that are told apart the lot may be left out where only one lies there.
[Operation("stock.move", StockPermissions.Move, Said = "moved {goods|the goods}", Icon = "swap")]
internal sealed class MoveStock(KeelDb db, Settings settings, ProductGuard products, PlaceLimits limits, StockFacts facts) : IOperation<MoveStock.Request, DocumentRef>
{
    public sealed record Request([Required, MinLength(1)] IReadOnlyList<Line> Lines, [MaxLength(100)] string Reason = "moved");

    public sealed record Line(
        Sku Sku, LocationCode From, LocationCode To, [Positive] Quantity Quantity, LotCode? Lot = null, GoodsCondition Condition = GoodsCondition.Good, [MaxLength(40)] string? Owner = null, [MaxLength(12)] string? Unit = null);

    public static readonly Error OtherNode = Error.Invalid("stock.move-other-node", "Both places must be in one node. Between nodes goods travel on a transfer.");
    public static readonly Error NotOurs = new("stock.move-not-ours", "Only our own goods lie at customers'. Take them over first.");
    public static readonly Error NotThere = new("stock.not-there", "The place does not hold as many that are not set aside. Count it first if it should.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (places, network, owners) = (await Places.Of(settings, ct), await Network.Of(settings, ct), await Owners.Of(settings, ct));
        if (owners.Wrong(request.Lines.Select(l => l.Owner)) is { } unknown) return unknown;
        var counted = await products.InStockUnits(request.Lines, l => (l.Sku, l.Quantity, l.Unit), (l, q) => l with { Quantity = q, Unit = null }, ct, "lines");
        if (!counted.Ok) return counted.Error!;
        request = request with { Lines = counted.Value };
        foreach (var line in request.Lines)
        {
            if (!places.ByCode.TryGetValue(line.From, out var from)) return Receiving.NoPlace.With($"There is no place {line.From}.");
            if (!places.ByCode.TryGetValue(line.To, out var to)) return Receiving.NoPlace.With($"There is no place {line.To}.");
            if (!from.Rule.Counted || !to.Rule.Counted) return Receiving.NotAPlaceForGoods;
            if (places.ClosedAt(to.Code) is { } closed) return closed;
            if (from.Kind is PlaceKind.Doubt) return places.ClosedAt(from.Code)!;
            if (places.IsFrozen(from.Node, from.Code, line.Sku, line.Lot?.Text ?? "")) return Places.Frozen.With($"{line.Sku} in {from.Code} is frozen: it stays where it is until somebody thaws it.");
            if (places.IsFrozen(to.Node, to.Code, line.Sku)) return Places.Frozen.With($"{to.Code} is frozen: nothing is moved there until somebody thaws it.");
            if (from.Node != to.Node || from.Node != places.ByCode[request.Lines[0].From].Node || from.Code == to.Code) return OtherNode;
        }

        if (await products.Check(request.Lines.Select(l => (l.Sku, l.Quantity)), ct, "lines") is { } wrong) return wrong;
        if (await limits.Check(places, request.Lines, ct) is { } full) return full;
        var node = places.ByCode[request.Lines[0].From].Node;
        var number = await db.Numbers.Take(db.Company, "MV", db.Now.Year, ct);
        var document = new StockDocument(
            db.NewId<StockDocument>().Value, db.Company, StockDocumentKind.Transfer, number, node, null, null, request.Reason, request.Lines.Count,
            Money.Zero(network.Company.Currency), network.Company.Currency, db.Now, db.Now, network.DayAt(node, db.Now), db.Work.Operation);
        db.Work.Concerns(number);
        db.StockDocuments.Insert(document);
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, request.Lines.Select(l => new PositionKey(db.Company, l.Sku, node, owners.Resolve(l.Owner).Value)), create: false, ct,
            named: request.Lines.SelectMany(l => new[] { l.From, l.To }));

        var paper = new Paper(document.Ref, request.Reason, db.Now, document.Day);
        for (var i = 0; i < request.Lines.Count; i++)
        {
            var line = request.Lines[i];
            var owner = owners.Resolve(line.Owner).Value;
            if (places.ByCode[line.To].Kind is PlaceKind.AtCustomer && owner != PositionKey.Own) return NotOurs;
            var lot = Lots.Only(shelf, new PositionKey(db.Company, line.Sku, node, owner), line.From, line.Lot, "", line.Condition);
            if (!lot.Ok) return lot.Error!;
            if (places.IsFrozen(node, line.From, line.Sku, lot.Value)) return Places.Frozen.With($"Lot {lot.Value} of {line.Sku} is frozen: it stays where it is until somebody thaws it.");
            var level = shelf.LevelAt(new LevelKey(db.Company, node, line.Sku, line.From, lot.Value, "", owner, line.Condition));
            if (level.Free < line.Quantity) return NotThere.With($"{line.From} holds {level.Free} of {line.Sku} that are not set aside; {line.Quantity} cannot leave it.");
            shelf.Move(level.Goods(line.Quantity), line.From, line.To, paper, i + 1);
        }

        facts.Tell(await shelf.GiveWay("moved to a place that is not for sale", ct), "move");
        shelf.Write();
        if (request.Lines.Any(l => places.ByCode[l.To].Rule.Promisable)) db.Raise(new StockArrived(node, [.. request.Lines.Select(l => l.Sku).Distinct()]));
        return document.Ref;
    }
}
