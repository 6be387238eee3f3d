using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Puts goods where they belong: the bins are decided anew by rule and by what each takes, so that nobody fills a bin twice. What finds no place stays and says why.
[Operation("stock.put-away", StockPermissions.Move, Said = "put {goods|goods} away", Icon = "stock")]
internal sealed class PutGoodsAway(KeelDb db, Settings settings, Putaway putaway, StockFacts facts) : IOperation<PutGoodsAway.Request, PutGoodsAway.Answer>
{
    /// So often the bins are decided anew because somebody else was quicker; after that only those that are held already are filled.
    private const int Rounds = 3;

    /// Without goods everything that lies loose where goods come in at the site; packages go one by one.
    public sealed record Request(NodeCode Node, [MaxLength(Putaway.Most)] IReadOnlyList<Item>? Goods = null);

    /// Without a lot all lots of it, without a quantity all that is free; `To` names the place, and its limits still decide.
    public sealed record Item(
        LocationCode From, Sku Sku, LotCode? Lot = null, GoodsCondition Condition = GoodsCondition.Good, [MaxLength(40)] string? Owner = null, [Positive] Quantity? Quantity = null, LocationCode? To = null);

    public sealed record Answer(DocumentRef? Document, IReadOnlyList<Stowed> Goods);

    /// What became of goods: into which bins they went, how many stay, and why.
    public sealed record Stowed(Sku Sku, string Lot, LocationCode From, IReadOnlyList<StowStep> Into, Quantity Left, string? Why);

    public static readonly Error Nothing = new("stock.nothing-put-away", "Nothing was put away.");
    public static readonly Error NotForIt = new("stock.not-for-putaway", "Goods are put away into places for storage. Name another place, or move them.");

    public Task<Result<Answer>> Run(Request request, CancellationToken ct) => Carry(request, "put away", ct);

    public async Task<Result<Answer>> Carry(Request request, string reason, CancellationToken ct)
    {
        var (places, network, owners) = (await Places.Of(settings, ct), await Network.Of(settings, ct), await Owners.Of(settings, ct));
        if (!network.Sites.ContainsKey(request.Node)) return Receiving.NoNode.With($"There is no site {request.Node}. Choose one of the list.");
        db.Work.Actor.MustBeAt(request.Node);
        if (Wrong(request, places, owners) is { } wrong) return wrong;
        var found = await Decide(request, ct);
        if (found.Where(s => s.Package.Length == 0).ToArray() is not { Length: > 0 } goods) return Nothing.With("Nothing lies there that could be put away. Load the page again.");
        if (goods.All(g => g.Plan.Steps.Count == 0)) return Nothing.With($"Nothing was put away: {goods[0].First.Sku} stays, for {Says(goods[0])}.");

        var number = await db.Numbers.Take(db.Company, "MV", db.Now.Year, ct);
        var document = new StockDocument(
            db.NewId<StockDocument>().Value, db.Company, StockDocumentKind.Transfer, number, request.Node, null, null, reason, goods.Sum(g => g.Plan.Steps.Count),
            Money.Zero(network.Company.Currency), network.Company.Currency, db.Now, db.Now, network.DayAt(request.Node, db.Now), db.Work.Operation);
        db.Work.Concerns(number);
        db.StockDocuments.Insert(document);
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, goods.Select(g => new PositionKey(db.Company, g.First.Sku, request.Node, g.First.Owner)), create: false, ct);
        var paper = new Paper(document.Ref, reason, db.Now, document.Day);
        var line = 0;
        var answers = goods.Select(g => Move(shelf, g, request.Node, paper, ref line)).ToArray();
        if (line == 0) return Nothing.With("Somebody else put these away meanwhile. Load the page again.");
        facts.Tell(await shelf.GiveWay("moved to a place that is not for sale", ct), "move");
        shelf.Write();
        db.Raise(new StockArrived(request.Node, [.. goods.Select(g => g.First.Sku).Distinct()]));
        return new Answer(document.Ref, answers);
    }

    private static Error? Wrong(Request request, Places places, Owners owners)
    {
        foreach (var item in request.Goods ?? [])
        {
            if (!places.ByCode.TryGetValue(item.From, out var from)) return Receiving.NoPlace.With($"There is no place {item.From}.");
            if (from.Node != request.Node) return MoveStock.OtherNode;
            if (!from.Rule.Counted) return Receiving.NotAPlaceForGoods;
            if (from.Kind is PlaceKind.Doubt) return places.ClosedAt(from.Code)!;
            if (item.To is not { } named) continue;
            if (!places.ByCode.TryGetValue(named, out var to)) return Receiving.NoPlace.With($"There is no place {named}.");
            if (to.Node != request.Node || to.Code == from.Code) return MoveStock.OtherNode;
            if (places.ClosedAt(named) is { } closed) return closed;
            if (!places.Under(named).Any(p => Putaway.IsFor(p, item.Condition))) return NotForIt.With($"{named} is not a place to put such goods away. Name another one, or move them.");
        }

        return owners.Wrong((request.Goods ?? []).Select(i => i.Owner));
    }

    /// Holds the bins with limits that goods are to go into, and decides again on what lies there then.
    private async Task<IReadOnlyList<Putaway.Suggestion>> Decide(Request request, CancellationToken ct)
    {
        var held = new HashSet<LocationCode>();
        for (var round = 1; ; round++)
        {
            var found = await putaway.Look(request.Node, request.Goods, ct, round > Rounds ? held : null);
            LocationCode[] more = [.. found.Where(s => s.Package.Length == 0).SelectMany(s => s.Plan.Steps).Select(s => s.Bin).Where(b => putaway.HasLimits(b) && !held.Contains(b)).Distinct().Order()];
            if (more.Length == 0) return found;
            putaway.Hold(request.Node, more);
            held.UnionWith(more);
        }
    }

    private Stowed Move(Shelf shelf, Putaway.Suggestion goods, NodeCode node, Paper paper, ref int line)
    {
        var from = goods.First;
        var key = new LevelKey(db.Company, node, from.Sku, from.Location, from.Lot, "", from.Owner, from.Condition);
        var into = new List<StowStep>();
        foreach (var step in goods.Plan.Steps)
        {
            // Somebody may have taken some of it while the bins were decided.
            var quantity = Quantity.Min(step.Quantity, shelf.LevelAt(key).Free);
            if (!quantity.IsPositive) continue;
            shelf.Move(shelf.LevelAt(key).Goods(quantity), from.Location, step.Bin, paper, ++line);
            into.Add(step with { Quantity = quantity });
        }

        return new Stowed(from.Sku, from.Lot, from.Location, into, goods.Plan.Left, goods.Plan.Left.IsPositive ? Says(goods) : null);
    }

    /// Why some of it stays, as a clause.
    internal static string Says(Putaway.Suggestion goods) => goods.Stays switch
    {
        StowStays.Frozen => "it is frozen",
        StowStays.Class => $"nobody knows the storage class {goods.Goods.Select(g => g.Class).FirstOrDefault(c => Putaway.ClassOf(c) is null) ?? "of a package with several"}",
        StowStays.NoRule => "no rule says where goods in this condition belong",
        _ when goods.Plan.Full is { } bin => goods.Plan.Limit switch
        {
            BinLimit.Class => $"no bin of storage class {goods.First.Class} has room",
            BinLimit.Mixing => $"no bin has room; in {bin} lies another product",
            BinLimit.NotEmpty => $"no bin has room; {bin} takes goods only while it is empty",
            BinLimit.Weight => $"no bin has room; {bin} bears no more weight",
            BinLimit.Volume => $"no bin has room; {bin} is full",
            BinLimit.Packages => $"no bin has room; {bin} holds no more packages",
            _ => $"no bin has room; {bin} holds no more units",
        },
        _ => "there is no bin that it could go to",
    };
}
