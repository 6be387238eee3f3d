using Keel.Stock.Contract;
using Keel.Ui;

namespace Keel.Stock;

/// What became of a package that left on a transfer.
public enum TransferPackageState
{
    [Shown(StateRole.Working, "On its way")]
    OnItsWay,

    [Shown(StateRole.Done)]
    Arrived,

    [Shown(StateRole.Idle, "Back at sender")]
    Back,

    [Shown(StateRole.Late)]
    Lost,
}

/// A package that left on a transfer whole. What that step moved in it is what lies in it until it is there.
[Rows("stock.transfer_package", "transfer_id", "package", "operation")]
internal sealed record TransferPackage(Id<Transfer> TransferId, Id<Company> CompanyId, string Package, Guid Operation, TransferPackageState State, DateTimeOffset SentAt, DateTimeOffset? EndedAt);

/// The way of whole packages with transfers: their goods go in them, and they come in as packages.
internal sealed class TransferPackages(KeelDb db, PackageSteps steps)
{
    /// Packages that are to leave, with everything in them, locked.
    public sealed record Load(IReadOnlyList<Package> Packages, IReadOnlyList<PositionKey> Positions)
    {
        public static readonly Load None = new([], []);
    }

    /// So many of what lies in a package leave on a line.
    public sealed record Part(TransferLine Line, Level Level, Quantity Quantity);

    public static readonly Error NotWanted = new("stock.transfer-package-not-wanted", "More lies in the packages than is to leave on this transfer. Take out what is too many, or send other packages.");
    public static readonly Error NotFit = new("stock.transfer-package-not-fit", "Some of what lies in the package is not fit for sale. Take it out first.");
    public static readonly Error NotPickable = new("stock.transfer-package-place", "The package stands where nothing is picked from. Move it to its place first.");
    public static readonly Error Promised = new("stock.transfer-package-lot", "A lot in the package is promised to somebody else. Take it out, or send other packages.");

    /// Locks the packages that somebody names, with everything in them.
    public async Task<Result<Load>> Begin(Transfer transfer, Places places, IReadOnlyList<string> said, CancellationToken ct)
    {
        if (said.Count == 0) return Load.None;
        var locked = await steps.LockTree(said, ct);
        if (!locked.Ok) return locked.Error!;
        var packages = locked.Value.Values.OrderBy(p => p.Code, StringComparer.Ordinal).ToArray();
        foreach (var package in packages)
        {
            if (package.Status is PackageStatus.Ended) return Package.Gone;
            if (package.Node != transfer.FromNode) return Package.Elsewhere.With($"{package.Code} stands in {package.Location}, and {transfer.Number} leaves from {transfer.FromNode}. Scan its label again.");
            if (places.IsFrozen(package.Location)) return Places.Frozen.With($"{package.Location} is frozen: what is there stays there until somebody thaws it.");
            if (!places.ByCode[package.Location].IsPickable) return NotPickable.With($"{package.Code} stands in {package.Location}, where nothing is picked from. Move it to its place first.");
            db.Work.Concerns(package.Code);
        }

        return new Load(packages, await steps.Positions(transfer.FromNode, packages, ct));
    }

    /// The lines on which what lies in the packages leaves: those of its lot first. `most` is how many may leave on each.
    public static Result<IReadOnlyList<Part>> Match(
        Shelf shelf, Load load, Places places, Transfer transfer, IReadOnlyList<TransferLine> lines, Func<TransferLine, Quantity> most, IReadOnlyList<Allocation> allocations)
    {
        var codes = load.Packages.Select(p => p.Code).ToHashSet(StringComparer.Ordinal);
        var left = lines.ToDictionary(l => l.Line, most);
        var parts = new List<Part>();
        foreach (var level in load.Positions.SelectMany(shelf.All).Where(l => codes.Contains(l.Key.Package)))
        {
            if (level.Key.Condition is not GoodsCondition.Good) return NotFit.With($"{level.OnHand} of {level.Key.Sku} in {level.Key.Package} are not fit for sale. Take them out first.");
            if (places.IsFrozen(level.Key.Node, level.Key.Location, level.Key.Sku, level.Key.Lot)) return Places.Frozen.With($"{level.Key.Sku} in {level.Key.Package} is frozen: it stays where it is until somebody thaws it.");
            if (level.Allocated > allocations.Where(a => a.Level == level.Key).Sum(a => a.Open)) return PackageSteps.SetAside.With($"Some of {level.Key.Sku} in {level.Key.Package} is set aside for orders. Pick it first, or take it back from the floor.");
            var rest = level.OnHand;
            foreach (var line in lines.Where(l => TransferSteps.KeyOf(l, level.Key.Node) == level.Key.Position && (l.Lot.Length == 0 || l.Lot == level.Key.Lot)).OrderBy(l => l.Lot.Length == 0))
            {
                var quantity = Quantity.Min(rest, left[line.Line]);
                if (!quantity.IsPositive) continue;
                parts.Add(new Part(line, level, quantity));
                left[line.Line] -= quantity;
                rest -= quantity;
            }

            if (rest.IsPositive) return NotWanted.With($"{rest} of {(level.Key.Lot.Length > 0 ? $"lot {level.Key.Lot} of " : "")}{level.Key.Sku} in {level.Key.Package} are too many: so many do not leave on {transfer.Number}. Take them out, or send another package.");
        }

        return parts;
    }

    /// Takes what lies in the packages out of the house in them: keeps the promises of its lines, and gives back what was set aside for them elsewhere.
    public static Error? Leave(Shelf shelf, IReadOnlyList<Part> parts, Paper paper, ILookup<int, Reservation> promises, IReadOnlyList<Allocation> allocations, Emptying emptying)
    {
        foreach (var allocation in allocations.Where(a => parts.Any(p => p.Level.Key == a.Level) && shelf.OpenOf(a).IsPositive)) shelf.Reduce(allocation, shelf.OpenOf(allocation));
        foreach (var part in parts.Where(p => p.Level.Key.Lot.Length > 0).GroupBy(p => (p.Line.Line, p.Level.Key.Position, p.Level.Key.Lot)))
        {
            var mine = Issuing.Mine(shelf, part.Key.Lot, promises[part.Key.Line], allocations.Where(a => a.Line == part.Key.Line));
            if (emptying.Free(shelf, part.Key.Position, part.Key.Lot, mine) < part.Sum(p => p.Quantity)) return Promised.With($"Lot {part.Key.Lot} of {part.Key.Position.Sku} is promised to somebody else. Take it out of the package, or send other packages.");
        }

        foreach (var (line, level, quantity) in parts)
        {
            var left = quantity;
            foreach (var promise in promises[line.Line])
            {
                var some = Quantity.Min(left, shelf.OpenOf(promise));
                if (!some.IsPositive) continue;
                shelf.Reduce(promise, some, StepKind.Consumed, "left on " + paper.Document.Number);
                left -= some;
            }

            emptying.Took(level.Key.Position, line.Lot, quantity);
            shelf.Move(level.Goods(quantity), level.Key.Location, Place.Transit, paper, line.Line);
        }

        foreach (var line in parts.Select(p => p.Line.Line).Distinct())
        {
            var over = allocations.Where(a => a.Line == line).Sum(shelf.OpenOf) - promises[line].Sum(shelf.OpenOf);
            foreach (var allocation in allocations.Where(a => a.Line == line))
            {
                var some = Quantity.Min(over, shelf.OpenOf(allocation));
                if (!some.IsPositive) continue;
                shelf.Reduce(allocation, some);
                over -= some;
            }
        }

        return null;
    }

    /// The packages are on their way from now on; one that lay in another that stays is taken out of it.
    public void Sent(Transfer transfer, IReadOnlyList<Package> packages)
    {
        var codes = packages.Select(p => p.Code).ToHashSet(StringComparer.Ordinal);
        var gone = packages.Select(p => Without(p, codes) with { Node = transfer.ToNode, Location = Place.Transit, ChangedAt = db.Now, Version = p.Version + 1 }).ToArray();
        steps.Write(gone);
        steps.Note(PackageStepKind.SentOff, gone);
        db.Table<TransferPackage>().Insert([.. gone.Select(p => new TransferPackage(transfer.Id, db.Company, p.Code, db.Work.Operation, TransferPackageState.OnItsWay, db.Now, null))]);
    }

    /// The packages stand in a place again.
    public void Stand(Transfer transfer, IReadOnlyList<Package> packages, Location place, TransferPackageState state)
    {
        var codes = packages.Select(p => p.Code).ToHashSet(StringComparer.Ordinal);
        End(transfer, [.. packages.Select(p => Without(p, codes).At(place, db.Now))], state, state is TransferPackageState.Arrived ? PackageStepKind.Arrived : PackageStepKind.CameBack);
    }

    /// The packages are gone for good.
    public void Lose(Transfer transfer, IReadOnlyList<Package> packages) => End(
        transfer, [.. packages.Select(p => p with { Status = PackageStatus.Ended, Parent = null, ChangedAt = db.Now, Version = p.Version + 1 })], TransferPackageState.Lost, PackageStepKind.Lost);

    private void End(Transfer transfer, IReadOnlyList<Package> packages, TransferPackageState state, PackageStepKind step)
    {
        if (packages.Count == 0) return;
        steps.Write(packages);
        steps.Note(step, packages);
        db.Queue(
            $"update stock.transfer_package set state = {state.ToString()}, ended_at = {db.Now} where transfer_id = {transfer.Id} and package = any({packages.Select(p => p.Code).ToArray()}) and state = 'OnItsWay'", packages.Count);
    }

    private static Package Without(Package package, HashSet<string> codes) => package.Parent is { } parent && !codes.Contains(parent) ? package with { Parent = null } : package;
}
