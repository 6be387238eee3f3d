using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Some of what lies somewhere, by all that tells it apart.
internal sealed record PackedLine(
    Sku Sku, [Positive] Quantity Quantity, LocationCode? From = null, LotCode? Lot = null, GoodsCondition Condition = GoodsCondition.Good, [MaxLength(40)] string? Owner = null);

/// Puts loose goods into a package where it stands, from there or from another place of the site. What is promised stays promised.
[Operation("stock.pack-goods", StockPermissions.Move, Said = "packed {package|a package}", Icon = "stock")]
internal sealed class PackGoods(KeelDb db, Settings settings, ProductGuard products, PlaceLimits limits, PackageSteps steps, StockFacts facts) : IOperation<PackGoods.Request, DocumentRef>
{
    public sealed record Request([Required, MaxLength(30)] string Package, [Required, MinLength(1), MaxLength(500)] IReadOnlyList<PackedLine> Lines);

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (places, network, owners) = (await Places.Of(settings, ct), await Network.Of(settings, ct), await Owners.Of(settings, ct));
        if (owners.Wrong(request.Lines.Select(l => l.Owner)) is { } unknown) return unknown;
        if (await products.Check(request.Lines.Select(l => (l.Sku, l.Quantity)), ct, "lines") is { } odd) return odd;
        var locked = await steps.Lock([request.Package], ct);
        if (!locked.Ok) return locked.Error!;
        var package = locked.Value.Values.Single();
        if (package.Status is not PackageStatus.Open) return package.Status is PackageStatus.Ended ? Package.Gone : Package.NotOpen.With($"{package.Code} is closed: open it before something goes in.");
        foreach (var line in request.Lines)
        {
            var from = line.From ?? package.Location;
            if (PackageSteps.Wrong(places, from, package.Node) is { } wrong) return wrong;
            if (places.IsFrozen(package.Node, from, line.Sku, line.Lot?.Text ?? "")) return Places.Frozen.With($"{line.Sku} in {from} is frozen: it stays where it is until somebody thaws it.");
        }

        if (PackageSteps.Wrong(places, package.Location, package.Node) is { } shut) return shut;
        var carried = request.Lines.Where(l => (l.From ?? package.Location) != package.Location).Select(l => new MoveStock.Line(l.Sku, l.From!.Value, package.Location, l.Quantity)).ToArray();
        if (carried.Length > 0 && await limits.Check(places, carried, ct) is { } full) return full;
        db.Work.Concerns(package.Code);
        var document = await steps.Paper(StockDocumentKind.Change, package.Node, "packed", request.Lines.Count, ct);
        db.StockDocuments.Insert(document);
        steps.Write([package with { ChangedAt = db.Now, Version = package.Version + 1 }]);
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, request.Lines.Select(l => new PositionKey(db.Company, l.Sku, package.Node, owners.Resolve(l.Owner).Value)), create: false, ct);
        var paper = new Paper(document.Ref, "packed", db.Now, document.Day);
        foreach (var (line, at) in request.Lines.Select((l, i) => (l, i + 1)))
        {
            var (from, owner) = (line.From ?? package.Location, owners.Resolve(line.Owner).Value);
            var lot = Lots.Only(shelf, new PositionKey(db.Company, line.Sku, package.Node, owner), from, line.Lot, "", line.Condition);
            if (!lot.Ok) return lot.Error!;
            if (places.IsFrozen(package.Node, from, line.Sku, lot.Value)) return Places.Frozen.With($"Lot {lot.Value} of {line.Sku} is frozen: it stays where it is until somebody thaws it.");
            var goods = new Goods(line.Sku, line.Quantity, lot.Value, "", owner) { Condition = line.Condition };
            var level = shelf.LevelAt(new LevelKey(db.Company, package.Node, line.Sku, from, lot.Value, "", owner, line.Condition));
            if (level.Free < line.Quantity) return MoveStock.NotThere.With($"{from} holds {level.Free} of {line.Sku} that lie loose and are not set aside; {line.Quantity} cannot be packed.");
            shelf.Turn(goods, goods with { Package = package.Code }, from, package.Location, paper, at);
        }

        facts.Tell(await shelf.GiveWay("packed where nothing is sold from", ct), "packing");
        shelf.Write();
        if (carried.Length > 0 && places.ByCode[package.Location].Rule.Promisable) db.Raise(new StockArrived(package.Node, [.. carried.Select(l => l.Sku).Distinct()]));
        return document.Ref;
    }
}

/// Takes goods out of a package, everything where nothing is named; packages in it stay in it.
[Operation("stock.unpack-goods", StockPermissions.Move, Said = "unpacked {package|a package}", Icon = "stock")]
internal sealed class UnpackGoods(KeelDb db, Settings settings, PlaceLimits limits, PackageSteps steps, StockFacts facts) : IOperation<UnpackGoods.Request, DocumentRef>
{
    public sealed record Request([Required, MaxLength(30)] string Package, [MaxLength(500)] IReadOnlyList<Line>? Lines = null, LocationCode? To = null);

    public sealed record Line(Sku Sku, [Positive] Quantity Quantity, LotCode? Lot = null, GoodsCondition Condition = GoodsCondition.Good, [MaxLength(40)] string? Owner = null);

    public static readonly Error Empty = new("stock.package-empty", "Nothing lies in this package by itself.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (places, network, owners) = (await Places.Of(settings, ct), await Network.Of(settings, ct), await Owners.Of(settings, ct));
        if (owners.Wrong((request.Lines ?? []).Select(l => l.Owner)) is { } unknown) return unknown;
        var locked = await steps.Lock([request.Package], ct);
        if (!locked.Ok) return locked.Error!;
        var package = locked.Value.Values.Single();
        if (package.Status is not PackageStatus.Open) return package.Status is PackageStatus.Ended ? Package.Gone : Package.NotOpen.With($"{package.Code} is closed: open it before something is taken out.");
        var to = request.To ?? package.Location;
        if (PackageSteps.Wrong(places, to, package.Node) is { } wrong) return wrong;
        var keys = await steps.Positions(package.Node, [package], ct);
        if (keys.Count == 0) return Empty.With($"Nothing lies in {package.Code} by itself.");
        if (to != package.Location && await limits.Check(places, [.. (request.Lines ?? []).Select(l => new MoveStock.Line(l.Sku, package.Location, to, l.Quantity))], ct) is { } full) return full;
        db.Work.Concerns(package.Code);
        var document = await steps.Paper(StockDocumentKind.Change, package.Node, "unpacked", request.Lines?.Count ?? keys.Count, ct);
        db.StockDocuments.Insert(document);
        steps.Write([package with { ChangedAt = db.Now, Version = package.Version + 1 }]);
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, keys, create: false, ct);
        var paper = new Paper(document.Ref, "unpacked", db.Now, document.Day);
        var all = keys.SelectMany(shelf.All).Where(l => l.Key.Package == package.Code).ToArray();
        var wanted = new List<(Level Level, Quantity Quantity)>();
        foreach (var line in request.Lines ?? [])
        {
            var owner = owners.Resolve(line.Owner).Value;
            var there = all.Where(l => l.Key.Sku == line.Sku && l.Key.Owner == owner && l.Key.Condition == line.Condition && (line.Lot is not { } lot || l.Key.Lot == lot.Text)).ToArray();
            if (there.Length > 1) return Lots.Needed.With($"{package.Code} holds several lots of {line.Sku}. Name the lot.");
            if (there.Length == 0 || there[0].Free < line.Quantity) return MoveStock.NotThere.With($"{package.Code} holds {(there.Length == 0 ? 0 : there[0].Free)} of {line.Sku} that are not set aside; {line.Quantity} cannot be taken out.");
            wanted.Add((there[0], line.Quantity));
        }

        if (request.Lines is not { Count: > 0 }) wanted.AddRange(all.Select(l => (l, l.OnHand)));
        foreach (var ((level, quantity), at) in wanted.Select((w, i) => (w, i + 1)))
        {
            if (shelf.LevelAt(level.Key).Free < quantity) return PackageSteps.SetAside.With($"Some of {level.Key.Sku} in {package.Code} is set aside for orders. Pick it first, or take it back from the floor.");
            if (places.IsFrozen(package.Node, level.Key.Location, level.Key.Sku, level.Key.Lot)) return Places.Frozen.With($"{level.Key.Sku} in {level.Key.Location} is frozen: it stays where it is until somebody thaws it.");
            shelf.Turn(level.Goods(quantity), level.Goods(quantity) with { Package = "" }, level.Key.Location, to, paper, at);
        }

        facts.Tell(await shelf.GiveWay("unpacked to a place that is not for sale", ct), "unpacking");
        shelf.Write();
        if (to != package.Location && places.ByCode[to].Rule.Promisable) db.Raise(new StockArrived(package.Node, [.. wanted.Select(w => w.Level.Key.Sku).Distinct()]));
        return document.Ref;
    }
}
