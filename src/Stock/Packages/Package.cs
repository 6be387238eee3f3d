using Keel.Printing.Contract;
using Keel.Ui;

namespace Keel.Stock;

/// What a package is.
public enum PackageKind
{
    Pallet,
    Case,
    Tote,
    Cage,
}

/// Where a package stands.
public enum PackageStatus
{
    [Shown(StateRole.Ready)]
    Open,

    /// Nothing is put into it or taken out by hand until it is opened.
    [Shown(StateRole.Held)]
    Closed,

    /// Empty, and its number is not used any more.
    [Shown(StateRole.Idle)]
    Ended,
}

/// A pallet, a case or a tote with a number of its own (SSCC). What lies in it are the levels that name it; it stands in a place, by itself or in another package.
[Rows("stock.package", "id")]
internal sealed record Package(
    Guid Id, Id<Company> CompanyId, string Code, PackageKind Kind, PackageStatus Status, NodeCode Node, LocationCode Location, string? Parent, DateTimeOffset MadeAt, string MadeBy, DateTimeOffset ChangedAt,
    int Version, Guid Operation)
{
    public const string RecordKind = "package";

    public static readonly Error Unknown = Error.NotFound("stock.package-unknown", "Nobody knows a package with this number. Scan its label again.");
    public static readonly Error NotOpen = new("stock.package-closed", "This package is closed: open it before something goes in or out.");
    public static readonly Error Gone = new("stock.package-ended", "This package was given up. Make a new one.");
    public static readonly Error Elsewhere = new("stock.package-elsewhere", "This package stands somewhere else. Look where it is, then do it there.");

    public static readonly Error OnItsWay = new("stock.package-on-its-way", "This package is on its way with a transfer. Receive it first.");

    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<Package>.Instance.Names} from stock.package");

    /// It travels with a transfer: nothing is done with it until it is there.
    [NotAColumn]
    public bool Travels => Status is not PackageStatus.Ended && Location == Place.Transit;

    [NotAColumn]
    public DocumentRef Ref => new(RecordKind, Id, Code);

    public Package At(Location place, DateTimeOffset now) => this with { Node = place.Node, Location = place.Code, ChangedAt = now, Version = Version + 1 };

    /// The 18 digits of what is typed or scanned, with or without the (00) in front.
    public static string Plain(string said)
    {
        var digits = string.Concat(said.Where(char.IsAsciiDigit));
        return digits.Length == 20 && digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..] : digits;
    }
}

/// What became of a package.
internal enum PackageStepKind
{
    Made,
    Moved,
    PutInto,
    TakenOut,
    Closed,
    Opened,
    Ended,

    /// It left for another site with a transfer.
    SentOff,

    /// It came in at the site that it was sent to.
    Arrived,

    /// It stands at its sender again.
    CameBack,

    /// It never arrived anywhere.
    Lost,
}

/// One step in the story of a package. Never changed.
[Rows("stock.package_step", "id")]
internal sealed record PackageStep(
    Guid Id, Id<Company> CompanyId, string Package, PackageStepKind Kind, LocationCode Location, string? Parent, string By, DateTimeOffset HappenedAt, Guid Operation);

/// What the operations on packages share: their locks, their story and the paper of their moves.
internal sealed class PackageSteps(KeelDb db, Settings settings)
{
    public static readonly Error BadCode = Error.Invalid("stock.package-code", "A package is known by 18 digits, the last of which checks the others. Scan the label again.");
    public static readonly Error SetAside = new("stock.package-set-aside", "Some of what lies in it is set aside for orders. Pick it first, or take it back from the floor.");

    private sealed record Held(Sku Sku, string Owner);

    /// Locks packages in the order of their numbers.
    public async Task<Result<IReadOnlyDictionary<string, Package>>> Lock(IReadOnlyList<string> said, CancellationToken ct)
    {
        var codes = said.Select(Package.Plain).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (codes.Length == 0) return new Dictionary<string, Package>();
        if (codes.FirstOrDefault(c => !Sscc.IsValid(c)) is { } bad) return BadCode.With($"{bad} is no number of a package: it has 18 digits, the last of which checks the others. Scan the label again.");
        db.Climb(Rung.Document);
        var found = db.Ask<Package>($"{Package.Columns} where company_id = {db.Company} and code = any({codes}) order by code for update");
        await db.Flush(ct);
        var known = found.Value.ToDictionary(p => p.Code, StringComparer.Ordinal);
        if (found.Value.Find(p => p.Travels) is { } away) return Package.OnItsWay.With($"{away.Code} is on its way to {away.Node} with a transfer. Receive it there first.");
        foreach (var node in found.Value.Select(p => p.Node).Distinct()) db.Work.Actor.MustBeAt(node);
        return codes.FirstOrDefault(c => !known.ContainsKey(c)) is { } unknown ? Package.Unknown.With($"Nobody knows a package {unknown}. Scan its label again.") : known;
    }

    /// Locks packages with everything that lies in them, however deep. Whoever puts one into another holds both, so that what is found stays.
    public async Task<Result<IReadOnlyDictionary<string, Package>>> LockTree(IReadOnlyList<string> said, CancellationToken ct)
    {
        var locked = await Lock(said, ct);
        while (locked.Ok)
        {
            var roots = locked.Value.Keys.ToArray();
            var inside = await db.Query<string>($"select code from stock.package_tree({db.Company}, {roots})", ct);
            if (inside.All(locked.Value.ContainsKey)) return locked;
            locked = await Lock([.. roots, .. inside], ct);
        }

        return locked;
    }

    /// A package and what lies in it, among those that are locked.
    public static IReadOnlyList<Package> Tree(IReadOnlyDictionary<string, Package> all, string code)
    {
        var inside = new List<Package> { all[code] };
        for (var at = 0; at < inside.Count; at++) inside.AddRange(all.Values.Where(p => p.Parent == inside[at].Code).OrderBy(p => p.Code, StringComparer.Ordinal));
        return inside;
    }

    /// The positions of what lies in packages.
    public async Task<IReadOnlyList<PositionKey>> Positions(NodeCode node, IReadOnlyList<Package> packages, CancellationToken ct)
    {
        var codes = packages.Select(p => p.Code).ToArray();
        var held = await db.Query<Held>($"select distinct sku, owner from stock.level where company_id = {db.Company} and package = any({codes}) and package <> '' and on_hand > 0", ct);
        return [.. held.Select(h => new PositionKey(db.Company, h.Sku, node, h.Owner)).Order()];
    }

    /// The paper of goods that change where they lie.
    public async Task<StockDocument> Paper(StockDocumentKind kind, NodeCode node, string reason, int lines, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var number = await db.Numbers.Take(db.Company, kind is StockDocumentKind.Transfer ? "MV" : "CH", db.Now.Year, ct);
        db.Work.Concerns(number);
        return new StockDocument(
            db.NewId<StockDocument>().Value, db.Company, kind, number, node, null, null, reason, lines, Money.Zero(network.Company.Currency), network.Company.Currency, db.Now, db.Now,
            network.DayAt(node, db.Now), db.Work.Operation);
    }

    public void Write(IReadOnlyList<Package> packages) => db.Table<Package>().Update(
        packages, nameof(Package.Status), nameof(Package.Node), nameof(Package.Location), nameof(Package.Parent), nameof(Package.ChangedAt), nameof(Package.Version));

    public void Note(PackageStepKind kind, params IEnumerable<Package> packages) => db.Table<PackageStep>().Insert(
        [.. packages.Select(p => new PackageStep(Guid.CreateVersion7(db.Now), db.Company, p.Code, kind, p.Location, p.Parent, db.Work.Actor.Name, db.Now, db.Work.Operation))]);

    /// Why a place cannot take a package, or nothing.
    public static Error? Wrong(Places places, LocationCode to, NodeCode node)
    {
        if (!places.ByCode.TryGetValue(to, out var place)) return Receiving.NoPlace.With($"There is no place {to}.");
        if (!place.Rule.Counted) return Receiving.NotAPlaceForGoods;
        if (place.Node != node) return MoveStock.OtherNode;
        return places.IsFrozen(to) ? Places.Frozen.With($"{to} is frozen: nothing is moved there until somebody thaws it.") : places.ClosedAt(to);
    }
}
