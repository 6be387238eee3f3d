using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Moves a package with everything in it to another place of its site, in one step. A package that lay in another one is taken out of it.
[Operation("stock.move-package", StockPermissions.Move, Said = "moved {package|a package}", Icon = "swap")]
internal sealed class MovePackage(PackageMoves moves) : IOperation<MovePackage.Request, DocumentRef>
{
    /// `From` is where whoever moves it found it: where it stands somewhere else by now, nothing is moved.
    public sealed record Request([Required, MaxLength(30)] string Package, LocationCode To, LocationCode? From = null, [MaxLength(100)] string Reason = "moved");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct) => await moves.Move(request.Package, null, request.To, request.From, request.Reason, ct);
}

/// Puts a package into another one, where that stands.
[Operation("stock.nest-package", StockPermissions.Move, Said = "put {package|a package} into another one", Icon = "stock")]
internal sealed class NestPackage(PackageMoves moves) : IOperation<NestPackage.Request, DocumentRef>
{
    public sealed record Request([Required, MaxLength(30)] string Package, [Required, MaxLength(30)] string Into);

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct) => await moves.Move(request.Package, request.Into, null, null, "put into another package", ct);
}

/// Takes a package out of the one that it lies in; it stays in the place, or goes to another one.
[Operation("stock.take-package-out", StockPermissions.Move, Said = "took {package|a package} out of another one", Icon = "stock")]
internal sealed class TakePackageOut(PackageMoves moves) : IOperation<TakePackageOut.Request, DocumentRef>
{
    public sealed record Request([Required, MaxLength(30)] string Package, LocationCode? To = null);

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct) => await moves.Move(request.Package, null, request.To, null, "taken out of another package", ct);
}

/// The way of a package with all that lies in it. Its row and those of everything in it are the lock; goods follow.
internal sealed class PackageMoves(KeelDb db, Settings settings, PlaceLimits limits, PackageSteps steps, StockFacts facts)
{
    public static readonly Error InItself = new("stock.package-in-itself", "A package does not lie in itself, nor in what lies in it. Name another one.");
    public static readonly Error There = new("stock.package-there", "The package is there already.");

    public async Task<Result<DocumentRef>> Move(string said, string? into, LocationCode? where, LocationCode? from, string reason, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        var locked = await steps.LockTree(into is null ? [said] : [said, into], ct);
        if (!locked.Ok) return locked.Error!;
        var package = locked.Value[Package.Plain(said)];
        var parent = into is null ? null : locked.Value[Package.Plain(into)];
        var tree = PackageSteps.Tree(locked.Value, package.Code);
        var to = parent?.Location ?? where ?? package.Location;
        if (package.Status is PackageStatus.Ended || parent?.Status is PackageStatus.Ended) return Package.Gone;
        if (parent?.Status is PackageStatus.Closed) return Package.NotOpen.With($"{parent.Code} is closed: open it before something goes in.");
        if (parent is not null && tree.Any(p => p.Code == parent.Code)) return InItself;
        if (from is { } seen && package.Location != seen) return Package.Elsewhere.With($"{package.Code} stands in {package.Location} by now. Look where it is, then move it.");
        if (to == package.Location && package.Parent == parent?.Code) return There.With($"{package.Code} is there already, in {package.Location}.");
        if (PackageSteps.Wrong(places, to, package.Node) is { } wrong) return wrong;
        if (places.IsFrozen(package.Location)) return Places.Frozen.With($"{package.Location} is frozen: what is there stays there until somebody thaws it.");
        if (parent is null && (to != package.Location || package.Parent is not null) && await limits.CheckPackages(places, to, 1, ct) is { } many) return many;

        var moves = to != package.Location;
        var keys = moves ? await steps.Positions(package.Node, tree, ct) : [];
        if (keys.Count > 0 && await Room(places, tree, package.Location, to, ct) is { } full) return full;
        db.Work.Concerns(package.Code);
        var document = await steps.Paper(StockDocumentKind.Transfer, package.Node, reason, keys.Count, ct);
        var place = places.ByCode[to];
        var after = tree.Select(p => p.At(place, db.Now) with { Parent = p.Code == package.Code ? parent?.Code : p.Parent }).ToArray();
        db.StockDocuments.Insert(document);
        steps.Write(after);
        steps.Note(parent is not null ? PackageStepKind.PutInto : package.Parent is not null && !moves ? PackageStepKind.TakenOut : PackageStepKind.Moved, after[0]);
        if (moves) steps.Note(PackageStepKind.Moved, after.Skip(1));
        if (keys.Count == 0)
        {
            places.StandOn(db, [package.Node]);
            return document.Ref;
        }

        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, keys, create: false, ct);
        var paper = new Paper(document.Ref, reason, db.Now, document.Day);
        var codes = tree.Select(p => p.Code).ToHashSet(StringComparer.Ordinal);
        foreach (var (level, at) in keys.SelectMany(shelf.All).Where(l => codes.Contains(l.Key.Package)).ToArray().Select((l, i) => (l, i + 1)))
        {
            if (level.Allocated.IsPositive) return PackageSteps.SetAside.With($"{level.Allocated} of {level.Key.Sku} in {level.Key.Package} are set aside for orders. Pick them first, or take them back from the floor.");
            if (places.IsFrozen(level.Key.Node, level.Key.Location, level.Key.Sku, level.Key.Lot) || places.IsFrozen(place.Node, to, level.Key.Sku, level.Key.Lot))
                return Places.Frozen.With($"{level.Key.Sku} in {package.Code} is frozen: it stays where it is until somebody thaws it.");
            shelf.Move(level.Goods(level.OnHand), level.Key.Location, to, paper, at);
        }

        facts.Tell(await shelf.GiveWay("moved to a place that is not for sale", ct), "move");
        shelf.Write();
        if (place.Rule.Promisable) db.Raise(new StockArrived(package.Node, [.. keys.Select(k => k.Sku).Distinct()]));
        return document.Ref;
    }

    /// Whether the place has room for what lies in the packages.
    private async Task<Error?> Room(Places places, IReadOnlyList<Package> tree, LocationCode from, LocationCode to, CancellationToken ct)
    {
        var codes = tree.Select(p => p.Code).ToArray();
        var load = await db.Query<Load>($"select sku, sum(on_hand)::bigint as quantity from stock.level where company_id = {db.Company} and package = any({codes}) and package <> '' and on_hand > 0 group by sku order by sku", ct);
        return await limits.Check(places, [.. load.Select(l => new MoveStock.Line(l.Sku, from, to, l.Quantity))], ct);
    }

    private sealed record Load(Sku Sku, Quantity Quantity);
}

/// Closes packages: nothing goes in or out by hand until they are opened again.
[Operation("stock.close-packages", StockPermissions.Packages, Said = "closed {packages|packages}", Icon = "lock")]
internal sealed class ClosePackages(PackageStates states) : IOperation<ClosePackages.Request, Done>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<string> Packages);

    public Task<Result<Done>> Run(Request request, CancellationToken ct) => states.Set(request.Packages, PackageStatus.Open, PackageStatus.Closed, PackageStepKind.Closed, ct);
}

/// Opens closed packages.
[Operation("stock.open-packages", StockPermissions.Packages, Said = "opened {packages|packages}", Icon = "check")]
internal sealed class OpenPackages(PackageStates states) : IOperation<OpenPackages.Request, Done>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<string> Packages);

    public Task<Result<Done>> Run(Request request, CancellationToken ct) => states.Set(request.Packages, PackageStatus.Closed, PackageStatus.Open, PackageStepKind.Opened, ct);
}

/// Gives empty packages up: their numbers are not used again.
[Operation("stock.end-packages", StockPermissions.Packages, Said = "gave up {packages|packages}", Icon = "x")]
internal sealed class EndPackages(PackageStates states) : IOperation<EndPackages.Request, Done>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<string> Packages);

    public Task<Result<Done>> Run(Request request, CancellationToken ct) => states.Set(request.Packages, PackageStatus.Open, PackageStatus.Ended, PackageStepKind.Ended, ct);
}

/// Opens, closes and ends packages.
internal sealed class PackageStates(KeelDb db, PackageSteps steps)
{
    public static readonly Error NotNow = new("stock.package-state", "The package is not in a state for this. Look at it again.");
    public static readonly Error NotEmpty = new("stock.package-not-empty", "Something lies in this package. Unpack it first, and take packages out of it.");

    public async Task<Result<Done>> Set(IReadOnlyList<string> said, PackageStatus from, PackageStatus to, PackageStepKind step, CancellationToken ct)
    {
        var locked = await steps.Lock(said, ct);
        if (!locked.Ok) return locked.Error!;
        var packages = locked.Value.Values.OrderBy(p => p.Code, StringComparer.Ordinal).ToArray();
        if (packages.FirstOrDefault(p => p.Status != from) is { } other) return NotNow.With($"{other.Code} is {other.Status.Spoken}: look at it again.");
        var codes = packages.Select(p => p.Code).ToArray();
        if (to is PackageStatus.Ended && await db.Query<string>(
            $"""
            select code from stock.package p where p.company_id = {db.Company} and p.code = any({codes}) and (exists (select from stock.package c where c.company_id = p.company_id and c.parent = p.code)
              or exists (select from stock.level v where v.company_id = p.company_id and v.package = p.code and v.package <> '' and v.on_hand > 0)) order by code limit 1
            """, ct) is [var full]) return NotEmpty.With($"Something lies in {full}. Unpack it first, and take packages out of it.");
        var after = packages.Select(p => p with { Status = to, Parent = to is PackageStatus.Ended ? null : p.Parent, ChangedAt = db.Now, Version = p.Version + 1 }).ToArray();
        foreach (var code in codes) db.Work.Concerns(code);
        steps.Write(after);
        steps.Note(step, after);
        return Done.It;
    }
}
