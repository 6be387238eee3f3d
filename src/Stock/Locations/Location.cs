using System.Collections.Frozen;
using Keel.Ui;

namespace Keel.Stock;

/// The kinds of place. What stock there counts as stands in one table, `Place.Rules`, and again in `stock.place_kind`.
public enum PlaceKind
{
    Storage,
    PickFace,
    Receiving,
    Packing,
    Staging,
    Quality,
    Quarantine,
    Damaged,
    Returns,
    Transit,
    Supplier,
    Customer,
    Production,
    Loss,
    Scrap,

    /// Where customers take goods from the shelf themselves.
    StoreFloor,

    /// Goods on the road with somebody who works from a van.
    Van,

    /// What a count missed, until somebody decides about it.
    Doubt,

    /// Where goods become of another condition or package: what goes in comes out in the same step.
    Change,

    /// Where goods become somebody else's.
    Owner,

    /// Our own goods at a customer's, until the customer uses them.
    AtCustomer,
}

/// What units are fit for where they lie, whatever the place is for.
public enum GoodsCondition
{
    [Shown(StateRole.Ready)]
    Good,

    /// To be looked at before they are sold.
    [Shown(StateRole.Waiting, "Quality check")]
    Quality,

    [Shown(StateRole.Late)]
    Damaged,

    /// Kept back until somebody says otherwise.
    [Shown(StateRole.Held, "On hold")]
    Hold,
}

/// How high a place stands in the tree of its site.
public enum PlaceTier
{
    Zone,
    Aisle,
    Rack,
    Bin,
}

/// What may lie together in one place.
public enum Mixing
{
    Mixed,
    SameProduct,
    OnlyEmpty,
}

/// What a place is fit for.
public enum StorageClass
{
    Ambient,
    Chilled,
    DeepFrozen,
    Flammable,
    Corrosive,
    Toxic,
}

/// Whether stock in a place is on hand, may be promised, may be picked, and is valued.
internal readonly record struct PlaceRule(bool Counted, bool Promisable, bool Pickable, bool Valued)
{
    /// What a move keeps of it: counted 1, promisable 2, valued 4.
    public int Bits => (Counted ? 1 : 0) | (Promisable ? 2 : 0) | (Valued ? 4 : 0);
}

/// The one table that says what stock in a place counts as.
internal static class Place
{
    public static readonly FrozenDictionary<PlaceKind, PlaceRule> Rules = new Dictionary<PlaceKind, PlaceRule>
    {
        [PlaceKind.Storage] = new(true, true, true, true),
        [PlaceKind.PickFace] = new(true, true, true, true),
        [PlaceKind.Receiving] = new(true, true, false, true),
        [PlaceKind.Packing] = new(true, false, false, true),
        [PlaceKind.Staging] = new(true, false, false, true),
        [PlaceKind.Quality] = new(true, false, false, true),
        [PlaceKind.Quarantine] = new(true, false, false, true),
        [PlaceKind.Damaged] = new(true, false, false, true),
        [PlaceKind.Returns] = new(true, false, false, true),
        [PlaceKind.Transit] = new(false, false, false, true),
        [PlaceKind.Supplier] = new(false, false, false, false),
        [PlaceKind.Customer] = new(false, false, false, false),
        [PlaceKind.Production] = new(false, false, false, false),
        [PlaceKind.Loss] = new(false, false, false, false),
        [PlaceKind.Scrap] = new(false, false, false, false),
        [PlaceKind.StoreFloor] = new(true, true, true, true),
        [PlaceKind.Van] = new(true, false, false, true),
        [PlaceKind.Doubt] = new(true, false, false, true),
        [PlaceKind.Change] = new(false, false, false, true),
        [PlaceKind.Owner] = new(false, false, false, false),
        [PlaceKind.AtCustomer] = new(true, false, false, true),
    }.ToFrozenDictionary();

    /// What goods count as where they lie, in their condition, and whoever they belong to: the same stands in `stock.counts_as`.
    public static PlaceRule RuleOf(PlaceKind kind, GoodsCondition condition, bool own)
    {
        var rule = Rules[kind];
        var good = condition is GoodsCondition.Good;
        return new PlaceRule(rule.Counted, rule.Promisable && good, rule.Pickable && good, rule.Valued && own);
    }

    public static readonly LocationCode Supplier = "SUPPLIER";
    public static readonly LocationCode Customer = "CUSTOMER";
    public static readonly LocationCode Transit = "TRANSIT";
    public static readonly LocationCode Loss = "LOSS";
    public static readonly LocationCode Production = "PRODUCTION";
    public static readonly LocationCode Scrap = "SCRAP";
    public static readonly LocationCode Change = "CHANGE";
    public static readonly LocationCode Owner = "OWNER";

    /// The ends of a change of value: nothing lies there, and no goods move.
    public static readonly LocationCode Cost = "COST";
    public static readonly LocationCode Value = "VALUE";
    public const short ValueEnds = 4 << 3;

    /// Where what a count missed stands until it is decided.
    public static LocationCode Doubt(NodeCode node) => In(node, "DOUBT");

    public static LocationCode In(NodeCode node, string place) => $"{node}/{place}";
}

/// A place: a warehouse, a zone in it, a bin; or one of the places outside, where goods come from and go to.
[Rows("stock.location", "company_id", "code")]
internal sealed record Location(Id<Company> CompanyId, LocationCode Code, NodeCode Node, LocationCode? Parent, PlaceKind Kind, string Name, int PickOrder)
{
    public const string RecordKind = "place";

    public PlaceTier Tier { get; init; } = Parent is null ? PlaceTier.Zone : PlaceTier.Bin;

    /// What stands on its label.
    public string Barcode { get; init; } = Code.Text;

    /// False where nothing is picked from it although its kind would allow it.
    public bool Picked { get; init; } = true;
    public int? MaxKilograms { get; init; }
    public int? MaxLitres { get; init; }
    public int? MaxUnits { get; init; }
    public int? MaxPackages { get; init; }
    public Mixing Mixing { get; init; }
    public StorageClass Class { get; init; }
    public int? AlongCm { get; init; }
    public int? AcrossCm { get; init; }
    public int? HeightCm { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public int Version { get; init; } = 1;

    [NotAColumn]
    public PlaceRule Rule => Place.Rules[Kind];

    /// What goods count as here.
    public PlaceRule RuleOf(Goods goods) => Place.RuleOf(Kind, goods.Condition, goods.Owner == PositionKey.Own);

    [NotAColumn]
    public bool IsClosed => ClosedAt is not null;

    [NotAColumn]
    public bool IsPickable => Rule.Pickable && Picked && !IsClosed;
}
