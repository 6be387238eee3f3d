using System.ComponentModel.DataAnnotations;

namespace Keel.Stock;

/// Says anew what places are: their name, kind, limits, walking order, and what they lie in. What is left out stays as it is.
[Operation("stock.edit-locations", StockPermissions.Locations, ChangesSettings = true, Said = "changed {places|the place}", Icon = "edit")]
internal sealed class EditLocations(KeelDb db, Settings settings) : IOperation<EditLocations.Request, Saved[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(5000)] IReadOnlyList<Place> Places);

    /// A limit of 0 is none. `Version`, where it is given, is the version that the writer looked at.
    public sealed record Place(
        LocationCode Code, [MaxLength(100)] string? Name = null, PlaceKind? Kind = null, PlaceTier? Tier = null, LocationCode? Parent = null,
        [MaxLength(60), RegularExpression("^[!-~]([ -~]*[!-~])?$", ErrorMessage = "is plain letters, digits and marks.")] string? Barcode = null,
        bool? Picked = null, [Range(0, 1_000_000)] int? PickOrder = null,
        [Range(0, 10_000_000)] int? MaxKilograms = null, [Range(0, 10_000_000)] int? MaxLitres = null,
        [Range(0, 10_000_000)] int? MaxUnits = null, [Range(0, 10_000_000)] int? MaxPackages = null,
        Mixing? Mixing = null, StorageClass? Class = null,
        [Range(-1_000_000, 1_000_000)] int? AlongCm = null, [Range(-1_000_000, 1_000_000)] int? AcrossCm = null,
        [Range(-1_000_000, 1_000_000)] int? HeightCm = null, int? Version = null);

    public static readonly Error Twice = new("stock.place-twice", "The list names this place twice. Name it once.");
    public static readonly Error Outside = new("stock.place-outside", "This place is outside every site and stays as it is.");
    public static readonly Error NotEmpty = new(
        "stock.place-not-empty", "The kind of a place that holds goods cannot change, for it says whether they may be sold. Move the goods out first.");
    public static readonly Error UnderItself = new("stock.place-under-itself", "A place cannot lie in itself or in what lies in it. Name another place.");
    public static readonly Error OtherSite = new("stock.place-other-site", "A place stays at its site. Name a place there.");
    public static readonly Error InFrozen = new("stock.place-frozen", "One of the two places is frozen, and goods would change with the move. Thaw it first.");
    public static readonly Error ChangedMeanwhile = new("stock.place-changed-meanwhile", "Somebody changed this place meanwhile. Look at it again, then save.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var places = await Stock.Places.Of(settings, ct);
        var nodes = request.Places.Select(p => places.ByCode.GetValueOrDefault(p.Code)).Where(l => l?.Rule.Counted == true).Select(l => l!.Node).Distinct().ToArray();
        foreach (var node in nodes) db.Work.Actor.MustBeAt(node);
        if (nodes.Length > 0) places.Change(db, nodes);
        var full = await Full(db, request.Places.Select(p => p.Code), ct);

        var tree = new Tree(places);
        var changed = new List<Location>();
        var seen = new HashSet<LocationCode>();
        var answers = request.Places.Select(One).ToArray();
        db.Table<Location>().Update(changed);
        return Saved.Answer(answers);

        Saved One(Place item)
        {
            if (!seen.Add(item.Code)) return Saved.Refused(item.Code.Text, Twice);
            if (!places.ByCode.TryGetValue(item.Code, out var old))
                return Saved.Refused(item.Code.Text, Receiving.NoPlace.With($"There is no place {item.Code}. Create it first."));
            if (!old.Rule.Counted) return Saved.Refused(item.Code.Text, Outside);
            if (item.Version is { } version && version != old.Version) return Saved.Refused(item.Code.Text, ChangedMeanwhile);
            if (WrongKind(item, old, full) is { } kind) return Saved.Refused(item.Code.Text, kind);
            if (item.Parent is { } parent && parent != old.Parent && tree.Wrong(old, parent) is { } under) return Saved.Refused(item.Code.Text, under);
            if (item.Barcode is { } label && label != old.Barcode && !tree.TakeLabel(old, label))
                return Saved.Refused(item.Code.Text, CreateLocations.LabelTaken.With($"Another place has the barcode {label}. Choose another."));
            var next = Made(item, old);
            if (next == old) return new Saved(item.Code.Text, SavedAs.Unchanged);
            next = next with { Version = old.Version + 1 };
            if (next.Parent is { } above && above != old.Parent) tree.Hang(next.Code, above);
            changed.Add(next);
            db.Work.Concerns(next.Code.Text);
            db.Work.Changed(Location.RecordKind, next.Code.Text, old, next);
            return new Saved(item.Code.Text, SavedAs.Changed);
        }
    }

    /// Those of the places that hold goods, as they are once nobody else moves any.
    internal static async Task<HashSet<LocationCode>> Full(KeelDb db, IEnumerable<LocationCode> codes, CancellationToken ct) =>
        [
            .. await db.Query<LocationCode>(
                $"select distinct location from stock.level where company_id = {db.Company} and location = any({codes}) and (on_hand > 0 or allocated > 0)", ct),
        ];

    private static Error? WrongKind(Place item, Location old, HashSet<LocationCode> full)
    {
        if (item.Kind is not { } kind || kind == old.Kind) return null;
        if (!Stock.Place.Rules[kind].Counted || kind is PlaceKind.Doubt || old.Kind is PlaceKind.Doubt) return CreateLocations.Outside;
        return full.Contains(old.Code) ? NotEmpty.With($"{old.Code} holds goods, and its kind says whether they may be sold. Move them out first.") : null;
    }

    private static Location Made(Place item, Location old) => old with
    {
        Name = item.Name is { Length: > 0 } name ? name.Trim() : old.Name, Kind = item.Kind ?? old.Kind, Tier = item.Tier ?? old.Tier, Parent = item.Parent ?? old.Parent,
        Barcode = item.Barcode ?? old.Barcode, Picked = item.Picked ?? old.Picked, PickOrder = item.PickOrder ?? old.PickOrder,
        MaxKilograms = Limit(item.MaxKilograms, old.MaxKilograms), MaxLitres = Limit(item.MaxLitres, old.MaxLitres), MaxUnits = Limit(item.MaxUnits, old.MaxUnits),
        MaxPackages = Limit(item.MaxPackages, old.MaxPackages), Mixing = item.Mixing ?? old.Mixing, Class = item.Class ?? old.Class,
        AlongCm = item.AlongCm ?? old.AlongCm, AcrossCm = item.AcrossCm ?? old.AcrossCm, HeightCm = item.HeightCm ?? old.HeightCm,
    };

    private static int? Limit(int? said, int? old) => said is null ? old : said > 0 ? said : null;

    /// The tree as it becomes while one request moves several places.
    private sealed class Tree(Stock.Places places)
    {
        private readonly Dictionary<LocationCode, LocationCode> moved = [];
        private readonly Dictionary<string, LocationCode> labels = new(places.ByBarcode);

        public void Hang(LocationCode place, LocationCode under) => moved[place] = under;

        public bool TakeLabel(Location place, string label)
        {
            if (!labels.TryAdd(label, place.Code)) return false;
            labels.Remove(place.Barcode);
            return true;
        }

        public Error? Wrong(Location place, LocationCode under)
        {
            if (!places.ByCode.TryGetValue(under, out var parent)) return Receiving.NoPlace.With($"There is no place {under}. Create it first.");
            if (parent.Node != place.Node)
                return OtherSite.With($"{place.Code} stays at {place.Node}, and {under} is not there. Name a place at {place.Node}.");
            if (places.ClosedAt(under) is { } closed) return closed;
            if (parent.Code == place.Code || Above(parent).Contains(place.Code))
                return UnderItself.With($"{under} lies in {place.Code} itself. Name another place.");
            var frozen = places.Freezes.Where(f => f.Location is not null).Select(f => f.Location!.Value).ToHashSet();
            return Above(place).Concat(Above(parent)).Append(under).Any(frozen.Contains) ? InFrozen : null;
        }

        private IEnumerable<LocationCode> Above(Location place)
        {
            var at = ParentOf(place);
            while (at is { } code)
            {
                yield return code;
                at = ParentOf(places.ByCode[code]);
            }
        }

        private LocationCode? ParentOf(Location place) => moved.TryGetValue(place.Code, out var under) ? under : place.Parent;
    }
}
