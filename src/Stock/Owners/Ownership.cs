using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Some of what an owner has here: a SKU, how many, and, where it matters, from which place and which lot.
internal sealed record OwnedLine(Sku Sku, [Positive] Quantity Quantity, LocationCode? Location = null, LotCode? Lot = null);

/// Goods of an owner become ours where they lie, at the agreed cost: they are received then, and owed.
[Operation("stock.take-ownership", StockPermissions.Receive, Said = "took goods of {owner|somebody else} over", Icon = "check")]
internal sealed class TakeOwnership(KeelDb db, OwnedGoods goods) : IOperation<TakeOwnership.Request, DocumentRef>
{
    public sealed record Request(
        [Required, MaxLength(40)] string Owner, NodeCode Node, [Required, MinLength(1), MaxLength(500)] IReadOnlyList<OwnedLine> Lines, [MaxLength(100)] string Reason = "taken over");

    public static readonly Error NotConsigned = new("stock.owner-is-client", "What we keep for a client stays theirs. Agree with them on a cost first, as with a supplier.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var found = await goods.Begin(request.Owner, request.Node, request.Lines, ct);
        if (!found.Ok) return found.Error!;
        var (owners, owner, places, network) = found.Value;
        if (owner.Kind is not OwnerKind.Consignor) return NotConsigned;
        var day = network.DayAt(request.Node, db.Now);
        if (request.Lines.FirstOrDefault(l => owners.CostOf(owner.Code, l.Sku, day) is null) is { } unpriced)
            return ReceiveOwned.NoCost.With($"Nobody agreed with {owner.Code} what {unpriced.Sku} costs us once it is ours. Agree on its cost first.");
        var document = await goods.Paper(owner, request.Node, request.Reason, request.Lines.Count, network, ct);
        // The same arithmetic as below, before the locks: what it is worth stands in the log.
        var worth = request.Lines.Select(l => owners.CostOf(owner.Code, l.Sku, day)!.Value.Times(l.Quantity)).Aggregate((a, b) => a + b);
        db.Work.IsWorth(worth);
        db.StockDocuments.Insert(document with { Value = worth });
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency,
            request.Lines.SelectMany(l => new[] { new PositionKey(db.Company, l.Sku, request.Node, owner.Code), new PositionKey(db.Company, l.Sku, request.Node, PositionKey.Own) }), create: true, ct);

        var paper = new Paper(document.Ref, request.Reason, db.Now, document.Day) { Partner = owner.Partner };
        var uses = new List<OwnerUse>();
        var lines = new List<ValuedLine>();
        foreach (var (line, at) in request.Lines.Select((l, i) => (l, i + 1)))
        {
            var unit = owners.CostOf(owner.Code, line.Sku, document.Day)!.Value;
            var (value, before) = (unit.Times(line.Quantity), Quantity.Zero);
            var parts = OwnedGoods.Find(shelf, new PositionKey(db.Company, line.Sku, request.Node, owner.Code), line);
            if (!parts.Ok) return parts.Error!;
            foreach (var (level, quantity) in parts.Value)
            {
                var share = value.Share(before + quantity, line.Quantity) - value.Share(before, line.Quantity);
                before += quantity;
                var theirs = level.Goods(quantity);
                var move = shelf.Move(theirs, level.Key.Location, Place.Owner, paper, at);
                shelf.Move(theirs with { Owner = PositionKey.Own, SellUntil = level.SellUntil }, Place.Owner, level.Key.Location, paper with { ArrivedAt = level.ArrivedAt }, at, share);
                uses.Add(OwnedGoods.Use(db, move, unit, share, OwnerUseHow.TakenOver, null, document));
            }

            lines.Add(new ValuedLine(line.Sku, line.Quantity, value));
        }

        if (OwnedGoods.Promised(shelf, request.Lines.Select(l => new PositionKey(db.Company, l.Sku, request.Node, owner.Code))) is { } promised) return promised;
        shelf.Write();
        db.Table<OwnerUse>().Insert(uses);
        db.Raise(new GoodsReceived(document.Ref, request.Node, document.Day, db.Now, lines) { Partner = owner.Partner });
        db.Raise(new StockArrived(request.Node, [.. request.Lines.Select(l => l.Sku).Distinct()]));
        return document.Ref;
    }
}

/// Goods of an owner go back to them: they leave our places, and nothing is owed.
[Operation("stock.give-back", StockPermissions.Receive, Said = "gave goods back to {owner|their owner}", Icon = "undo")]
internal sealed class GiveBack(KeelDb db, OwnedGoods goods) : IOperation<GiveBack.Request, DocumentRef>
{
    public sealed record Request(
        [Required, MaxLength(40)] string Owner, NodeCode Node, [Required, MinLength(1), MaxLength(500)] IReadOnlyList<OwnedLine> Lines, [MaxLength(100)] string Reason = "given back");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var found = await goods.Begin(request.Owner, request.Node, request.Lines, ct);
        if (!found.Ok) return found.Error!;
        var (_, owner, places, network) = found.Value;
        var document = await goods.Paper(owner, request.Node, request.Reason, request.Lines.Count, network, ct);
        db.StockDocuments.Insert(document);
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, request.Lines.Select(l => new PositionKey(db.Company, l.Sku, request.Node, owner.Code)), create: false, ct);
        var paper = new Paper(document.Ref, request.Reason, db.Now, document.Day) { Partner = owner.Partner };
        foreach (var (line, at) in request.Lines.Select((l, i) => (l, i + 1)))
        {
            var parts = OwnedGoods.Find(shelf, new PositionKey(db.Company, line.Sku, request.Node, owner.Code), line);
            if (!parts.Ok) return parts.Error!;
            foreach (var (level, quantity) in parts.Value) shelf.Move(level.Goods(quantity), level.Key.Location, Place.Supplier, paper, at);
        }

        if (OwnedGoods.Promised(shelf, request.Lines.Select(l => new PositionKey(db.Company, l.Sku, request.Node, owner.Code))) is { } promised) return promised;
        shelf.Write();
        return document.Ref;
    }
}

/// What the operations on goods of others share.
internal sealed class OwnedGoods(KeelDb db, Settings settings, ProductGuard products)
{
    public static readonly Error NotThere = new("stock.owned-not-there", "Not so many of theirs lie there that are not set aside. Count first if they should.");
    public static readonly Error StillPromised = new("stock.owned-promised", "Some of it is promised to orders. Ship them: what is shipped becomes ours by itself.");

    public sealed record Known(Owners Owners, GoodsOwner Owner, Places Places, Network Network);

    public async Task<Result<Known>> Begin(string said, NodeCode node, IReadOnlyList<OwnedLine> lines, CancellationToken ct)
    {
        var (owners, places, network) = (await Owners.Of(settings, ct), await Places.Of(settings, ct), await Network.Of(settings, ct));
        if (!owners.ByCode.TryGetValue(said.Trim(), out var owner)) return GoodsOwner.Unknown.With($"Nobody agreed with {said} that goods of theirs lie here. Agree on it first.");
        if (!network.Sites.ContainsKey(node)) return Receiving.NoNode.With($"There is no site {node}. Create the site first.");
        foreach (var line in lines)
            if (line.Location is { } place && (!places.ByCode.TryGetValue(place, out var at) || at.Node != node)) return Receiving.NoPlace.With($"There is no place {place} at {node}.");
        if (await products.Check(lines.Select(l => (l.Sku, l.Quantity)), ct) is { } wrong) return wrong;
        return new Known(owners, owner, places, network);
    }

    /// The paper about goods that change their owner.
    public async Task<StockDocument> Paper(GoodsOwner owner, NodeCode node, string reason, int lines, Network network, CancellationToken ct)
    {
        var number = await db.Numbers.Take(db.Company, "OW", db.Now.Year, ct);
        db.Work.Concerns(number);
        db.Work.Concerns(owner.Code);
        return new StockDocument(
            db.NewId<StockDocument>().Value, db.Company, StockDocumentKind.Ownership, number, node, owner.Partner, null, reason, lines, Money.Zero(network.Company.Currency), network.Company.Currency,
            db.Now, db.Now, network.DayAt(node, db.Now), db.Work.Operation);
    }

    /// The levels from which a line is taken, what came first on top; what is set aside stays.
    public static Result<IReadOnlyList<(Level Level, Quantity Quantity)>> Find(Shelf shelf, PositionKey key, OwnedLine line)
    {
        var left = line.Quantity;
        var parts = new List<(Level, Quantity)>();
        foreach (var level in shelf.All(key).Where(l => (line.Location is not { } at || l.Key.Location == at) && (line.Lot is not { } lot || l.Key.Lot == lot.Text)).OrderBy(l => l.ArrivedAt).ThenBy(l => l.Key.Location))
        {
            var quantity = Quantity.Min(left, level.Free);
            if (!quantity.IsPositive) continue;
            parts.Add((level, quantity));
            left -= quantity;
        }

        return left.IsZero ? parts : NotThere.With($"Only {line.Quantity - left} of {line.Sku} of {key.Owner} lie {(line.Location is { } place ? "in " + place : "at " + key.Node)} that are not set aside. Count first if there should be {line.Quantity}.");
    }

    /// Nothing that is promised is taken from under a promise.
    public static Error? Promised(Shelf shelf, IEnumerable<PositionKey> keys) => keys.Select(shelf.At).FirstOrDefault(p => p.Reserved > p.Sellable) is { } over
        ? StillPromised.With($"{over.Reserved} of {over.Key.Sku} of {over.Key.Owner} at {over.Key.Node} are promised to orders. Ship them: what is shipped becomes ours by itself.") : null;

    public static OwnerUse Use(KeelDb db, StockMove move, UnitPrice unit, Money value, OwnerUseHow how, DocumentRef? needed, StockDocument document) => new(
        move.Id, db.Company, move.Owner, move.Sku, move.Quantity, unit, value, value.Currency, how, needed?.Kind, needed?.Id, needed?.Number, document.Id, document.Day, db.Now, db.Work.Operation);
}
