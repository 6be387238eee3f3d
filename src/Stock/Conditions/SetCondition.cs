using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Says what units are fit for where they lie: damaged, on hold, to be looked at, or good again. They stay on hand at what they cost; what is not good is
/// neither sold nor picked, and promises that no longer hold give way, visibly.
[Operation("stock.set-condition", StockPermissions.Condition, Said = "set the condition of {goods|goods}", Icon = "alert")]
internal sealed class SetCondition(KeelDb db, Settings settings, ProductGuard products, PackageSteps packages, StockFacts facts) : IOperation<SetCondition.Request, DocumentRef>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Line> Lines, [Required, MaxLength(100)] string Reason);

    /// Of which lot, package and owner may be left out where only one lies there.
    public sealed record Line(
        LocationCode Location, Sku Sku, [Positive] Quantity Quantity, GoodsCondition Becomes, GoodsCondition From = GoodsCondition.Good, LotCode? Lot = null, [MaxLength(40)] string? Owner = null,
        [MaxLength(30)] string? Package = null);

    public static readonly Error Same = Error.Invalid("stock.condition-same", "They are in this condition already. Say what they become.");
    public static readonly Error OtherNode = Error.Invalid("stock.condition-other-site", "One paper is about one site. Send each site by itself.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (places, network, owners) = (await Places.Of(settings, ct), await Network.Of(settings, ct), await Owners.Of(settings, ct));
        foreach (var line in request.Lines)
        {
            if (line.Becomes == line.From) return Same.With($"{line.Sku} in {line.Location} is {line.From.Spoken} already. Say what it becomes.");
            if (!places.ByCode.TryGetValue(line.Location, out var place)) return Receiving.NoPlace.With($"There is no place {line.Location}.");
            if (!place.Rule.Counted) return Receiving.NotAPlaceForGoods;
            if (place.Kind is PlaceKind.Doubt) return places.ClosedAt(place.Code)!;
            if (place.Node != places.ByCode[request.Lines[0].Location].Node) return OtherNode;
            if (owners.Resolve(line.Owner) is { Ok: false } unknown) return unknown.Error!;
        }

        if (await products.Check(request.Lines.Select(l => (l.Sku, l.Quantity)), ct, "lines") is { } wrong) return wrong;
        var node = places.ByCode[request.Lines[0].Location].Node;
        var held = await packages.Lock([.. request.Lines.Where(l => l.Package is { Length: > 0 }).Select(l => l.Package!)], ct);
        if (!held.Ok) return held.Error!;
        foreach (var line in request.Lines.Where(l => l.Package is { Length: > 0 }))
            if (held.Value[Package.Plain(line.Package!)] is var package && package.Location != line.Location) return Package.Elsewhere.With($"{package.Code} stands in {package.Location}. Say it of that place.");

        var document = await packages.Paper(StockDocumentKind.Change, node, request.Reason.Trim(), request.Lines.Count, ct);
        foreach (var sku in request.Lines.Select(l => l.Sku.Text).Distinct()) db.Work.Concerns(sku);
        db.StockDocuments.Insert(document);
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, request.Lines.Select(l => new PositionKey(db.Company, l.Sku, node, owners.Resolve(l.Owner).Value)), create: false, ct,
            named: request.Lines.Select(l => l.Location));
        var paper = new Paper(document.Ref, document.Reason, db.Now, document.Day);
        foreach (var (line, at) in request.Lines.Select((l, i) => (l, i + 1)))
        {
            var (owner, inside) = (owners.Resolve(line.Owner).Value, line.Package is { Length: > 0 } code ? Package.Plain(code) : "");
            var lot = Lots.Only(shelf, new PositionKey(db.Company, line.Sku, node, owner), line.Location, line.Lot, inside, line.From);
            if (!lot.Ok) return lot.Error!;
            var level = shelf.LevelAt(new LevelKey(db.Company, node, line.Sku, line.Location, lot.Value, inside, owner, line.From));
            if (level.OnHand < line.Quantity)
                return MoveStock.NotThere.With($"{line.Location} holds {level.OnHand} of {line.Sku} in the condition {line.From.Spoken}{(inside.Length > 0 ? " in this package" : " that lie loose")}; {line.Quantity} cannot become {line.Becomes.Spoken}. Count first if there should be more.");
            shelf.Turn(level.Goods(line.Quantity), level.Goods(line.Quantity) with { Condition = line.Becomes }, line.Location, line.Location, paper, at);
        }

        facts.Tell(await shelf.GiveWay("not good any more: it may not be sold", ct), "condition");
        shelf.Write();
        var good = request.Lines.Where(l => l.Becomes is GoodsCondition.Good && places.ByCode[l.Location].Rule.Promisable).Select(l => l.Sku).Distinct().ToArray();
        if (good.Length > 0) db.Raise(new StockArrived(node, good));
        return document.Ref;
    }
}
