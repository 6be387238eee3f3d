namespace Keel.Stock;

/// Why goods stay where they are.
public enum StowStays
{
    /// No bin that they may go to has room for them.
    Full,

    /// They are not good, and no rule says where goods like them belong.
    NoRule,

    /// They are frozen.
    Frozen,

    /// The catalogue gives them a storage class that nobody knows, or a package holds goods of several.
    Class,
}

/// What lies where goods come in, and where it belongs: read at once for a whole site, with everything that lies in the bins in question.
internal sealed class Putaway(KeelDb db, Settings settings)
{
    /// So much is looked at in one go.
    public const int Most = 500;

    /// What the catalogue says of a product's storage class stands in this attribute.
    public const string ClassAttribute = "storageClass";

    private static readonly PlaceKind[] ForSale = [PlaceKind.Storage, PlaceKind.PickFace, PlaceKind.StoreFloor];
    private static readonly PlaceKind[] NotForSale = [.. ForSale, PlaceKind.Quality, PlaceKind.Quarantine, PlaceKind.Damaged, PlaceKind.Returns];

    private readonly Dictionary<LocationCode, BinRoom> rooms = [];
    private readonly Dictionary<(LocationCode? Under, GoodsCondition Condition), IReadOnlyList<BinRoom>> under = [];
    private Places places = Places.None;
    private PutawayRules rules = new([]);

    /// Goods that lie in one place, loose or in a package.
    public sealed record Lying(
        LocationCode Location, Sku Sku, string Lot, string Package, string Owner, GoodsCondition Condition, Quantity Free, Quantity Allocated, DateTimeOffset ArrivedAt, DateOnly? SellUntil,
        string Name, string? Category, string? Class, int? WeightGrams, long? Volume, bool Measured)
    {
        [NotAColumn]
        public LoadPart Part => new(Sku, Lot, Free, new UnitSize(WeightGrams, Volume));
    }

    /// Goods with where they belong, or why they stay. A package has all that lies in it.
    public sealed record Suggestion(IReadOnlyList<Lying> Goods, string Package, StowPlan Plan, StowStays? Stays)
    {
        public Lying First => Goods[0];
        public Quantity Quantity => Goods.Sum(g => g.Free);
    }

    /// What bins hold is read anew; of bins with limits only `held` are filled, where it is given. Without items it is all that lies where goods come in.
    public async Task<IReadOnlyList<Suggestion>> Look(NodeCode node, IReadOnlyList<PutGoodsAway.Item>? items, CancellationToken ct, IReadOnlySet<LocationCode>? held = null)
    {
        (places, rules) = (await Places.Of(settings, ct), await PutawayRules.Of(settings, ct));
        rooms.Clear();
        under.Clear();
        var owners = await Owners.Of(settings, ct);
        LocationCode[] from = items is null
            ? [.. places.ByCode.Values.Where(l => l.Node == node && l.Kind is PlaceKind.Receiving && !l.IsClosed).Select(l => l.Code).Order()]
            : [.. items.Select(i => i.From).Distinct().Order()];
        var skus = items?.Select(i => i.Sku).Distinct().ToArray();
        var lying = db.Ask<Lying>(
            $"""
            select v.location, v.sku, v.lot, v.package, v.owner, v.condition, v.on_hand - v.allocated as free, v.allocated, v.arrived_at, v.sell_until, p.name,
              coalesce(p.attributes ->> 'category', f.attributes ->> 'category') as category, coalesce(p.attributes ->> {ClassAttribute}, f.attributes ->> {ClassAttribute}) as class,
              p.weight_grams, p.length_mm::bigint * p.width_mm * p.height_mm as volume, p.measured
            from stock.level v join catalog.pub_product p on p.sku = v.sku left join catalog.pub_product f on f.sku = p.variant_of
            where v.company_id = {db.Company} and v.node = {node} and v.location = any({from}) and v.on_hand > v.allocated and ({skus is null} or (v.sku = any({skus ?? []}) and v.package = ''))
            order by v.arrived_at, v.sku, v.lot, v.owner, v.condition, v.package limit {Most}
            """);
        var packages = db.Ask<Nested>($"select code, parent from stock.package where company_id = {db.Company} and location = any({from}) and status <> 'Ended'");
        await db.Flush(ct);
        var loose = lying.Value.Where(l => l.Package.Length == 0);
        var wanted = items is null ? [.. loose.Select(l => (Goods: l, To: (LocationCode?)null))] : items.SelectMany(i => Of(i, owners, loose)).ToArray();
        var whole = items is null ? Packages(lying.Value, packages.Value) : [];

        var found = wanted.Select(w => (Goods: (IReadOnlyList<Lying>)[w.Goods], Package: "", Ways: WaysOf(node, [w.Goods], w.To)))
            .Concat(whole.Select(p => (p.Goods, p.Package, Ways: WaysOf(node, p.Goods, null)))).ToArray();
        await Fill(ct);
        // Goods whose bin a rule names come first, so that nothing else takes it from them.
        return [.. found.OrderBy(f => f.Ways.Count > 0 ? f.Ways[0].By : StowBy.Unruled).Select(f => Suggest(f.Goods, f.Package, f.Ways, held))];
    }

    /// A bin with limits is locked before it is filled, so that two people never fill it twice.
    public void Hold(NodeCode node, IReadOnlyList<LocationCode> bins)
    {
        places.StandOn(db, [node]);
        db.QueueQuery<int>($"select 1 from stock.location where company_id = {db.Company} and code = any({bins}) order by code for no key update", _ => { });
    }

    public bool HasLimits(LocationCode bin) => rooms.TryGetValue(bin, out var room) && room.HasLimits;

    /// Whether goods of a condition may be put away into a place.
    public static bool IsFor(Location place, GoodsCondition condition) => !place.IsClosed && (condition is GoodsCondition.Good ? ForSale : NotForSale).Contains(place.Kind);

    private Suggestion Suggest(IReadOnlyList<Lying> goods, string package, IReadOnlyList<StowWay> ways, IReadOnlySet<LocationCode>? held)
    {
        var first = goods[0];
        var load = new Load([.. goods.Select(g => g.Part)]) { Class = ClassOf(first.Class), IsPackage = package.Length > 0, IsCounted = !goods.Any(g => g.Measured) };
        if (goods.Any(g => places.IsFrozen(first.Location) || places.IsFrozen(places.ByCode[g.Location].Node, g.Location, g.Sku, g.Lot))) return Stays(StowStays.Frozen);
        if (goods.Any(g => g.Class is not null && ClassOf(g.Class) is null) || goods.Select(g => g.Class).Distinct().Count() > 1) return Stays(StowStays.Class);
        if (ways.Count == 0) return Stays(StowStays.NoRule);
        var open = ways.Select(w => w with { Bins = [.. w.Bins.Where(b => MayFill(b, goods, held))] }).ToArray();
        var plan = Stowing.Plan(load, open);
        return new Suggestion(goods, package, plan, plan.Left.IsPositive ? StowStays.Full : null);

        Suggestion Stays(StowStays why) => new(goods, package, new StowPlan([], goods.Sum(g => g.Free), null, null), why);
    }

    private bool MayFill(BinRoom bin, IReadOnlyList<Lying> goods, IReadOnlySet<LocationCode>? held) =>
        bin.Place.Code != goods[0].Location && (held is null || !bin.HasLimits || held.Contains(bin.Place.Code))
        && !goods.Any(g => places.IsFrozen(bin.Place.Node, bin.Place.Code, g.Sku, g.Lot));

    /// The ways for goods: named by hand; by rule, then the zones above the places of the rules, then where things go when nothing else has room; or any
    /// bin of the site that is fit for them, where no rule speaks of goods that are good.
    private IReadOnlyList<StowWay> WaysOf(NodeCode node, IReadOnlyList<Lying> goods, LocationCode? to)
    {
        var (first, same) = (goods[0], goods.Select(g => g.Sku).Distinct().Count() == 1);
        if (to is { } named) return [new StowWay(StowBy.All, named, BinChoice.Closest, Bins(node, named, first.Condition))];
        var some = rules.For(node, same ? first.Sku.Text : "", same ? first.Category : null, first.Condition);
        if (some.Count == 0 && first.Condition is not GoodsCondition.Good) return [];
        var (fit, kept) = (ClassOf(first.Class) ?? StorageClass.Ambient, some.Where(r => r.Overflow).SelectMany(r => places.Under(r.Place)).Select(l => l.Code).ToHashSet());
        return
        [
            .. some.Any(r => !r.Overflow) || first.Condition is not GoodsCondition.Good ? []
                : new[] { new StowWay(StowBy.Unruled, null, BinChoice.WhereItLies, [.. Bins(node, null, first.Condition).Where(b => b.Place.Class == fit && !kept.Contains(b.Place.Code))]) },
            .. some.Where(r => !r.Overflow).Select(r => new StowWay(r.Sku.Length > 0 ? StowBy.Product : r.Category.Length > 0 ? StowBy.Category : StowBy.All, r.Place, r.Choice, Bins(node, r.Place, r.Condition))),
            .. some.Where(r => !r.Overflow).Select(r => (Rule: r, Zone: places.Above(r.Place).FirstOrDefault(l => l.Tier is PlaceTier.Zone)?.Code))
                .Where(r => r.Zone is not null).Select(r => new StowWay(StowBy.Above, r.Zone, r.Rule.Choice, Bins(node, r.Zone, r.Rule.Condition))),
            .. some.Where(r => r.Overflow).Select(r => new StowWay(StowBy.Overflow, r.Place, r.Choice, Bins(node, r.Place, r.Condition))),
        ];
    }

    /// The bins of a place or of the whole site in walking order: open places in which nothing else stands.
    private IReadOnlyList<BinRoom> Bins(NodeCode node, LocationCode? place, GoodsCondition condition)
    {
        if (under.TryGetValue((place, condition), out var known)) return known;
        var all = place is { } top ? places.Under(top) : places.ByCode.Values.Where(l => l.Node == node);
        return under[(place, condition)] =
        [
            .. all.Where(l => l.Node == node && IsFor(l, condition) && places.In(l.Code).All(c => c.IsClosed)).OrderBy(l => l.PickOrder).ThenBy(l => l.Code)
                .Select(l => rooms.TryGetValue(l.Code, out var room) ? room : rooms[l.Code] = new BinRoom(l)),
        ];
    }

    /// What lies in all the bins in question.
    private async Task Fill(CancellationToken ct)
    {
        if (rooms.Count == 0) return;
        var codes = rooms.Keys.Order().ToArray();
        var content = db.Ask<Content>(
            $"""
            select v.location, v.sku, v.lot, sum(v.on_hand)::bigint as units, p.weight_grams, p.length_mm::bigint * p.width_mm * p.height_mm as volume
            from stock.level v left join catalog.pub_product p on p.sku = v.sku where v.company_id = {db.Company} and v.location = any({codes}) and v.on_hand > 0
            group by v.location, v.sku, v.lot, p.weight_grams, p.length_mm, p.width_mm, p.height_mm
            """);
        var limited = rooms.Values.Where(r => r.Place.MaxPackages is not null).Select(r => r.Place.Code).Order().ToArray();
        var packages = limited.Length == 0 ? null : db.Ask<Standing>(
            $"select location, count(*) as packages from stock.package where company_id = {db.Company} and location = any({limited}) and status <> 'Ended' and parent is null group by location");
        await db.Flush(ct);
        foreach (var row in content.Value) rooms[row.Location].Holds(row.Sku, row.Lot, row.Units, new UnitSize(row.WeightGrams, row.Volume));
        foreach (var row in packages?.Value ?? []) rooms[row.Location].HoldsPackages((int)row.Packages);
    }

    /// The goods that an item means, as many of them as it says: what expires first, first.
    private static IEnumerable<(Lying Goods, LocationCode? To)> Of(PutGoodsAway.Item item, Owners owners, IEnumerable<Lying> lying)
    {
        var owner = owners.Resolve(item.Owner).Value;
        var left = item.Quantity;
        foreach (var goods in lying.Where(l => l.Location == item.From && l.Sku == item.Sku && l.Condition == item.Condition && l.Owner == owner && (item.Lot is null || item.Lot.Value.Text == l.Lot))
            .OrderBy(l => l.SellUntil ?? DateOnly.MaxValue).ThenBy(l => l.Lot, StringComparer.Ordinal))
        {
            var quantity = left is { } some ? Quantity.Min(some, goods.Free) : goods.Free;
            if (quantity.IsPositive) yield return (goods with { Free = quantity }, item.To);
            left -= quantity;
        }
    }

    /// Packages that stand by themselves, with everything in them and in what stands in them; what is set aside for orders stays.
    private static IEnumerable<(string Package, IReadOnlyList<Lying> Goods)> Packages(IReadOnlyList<Lying> lying, IReadOnlyList<Nested> nested)
    {
        var parents = nested.ToDictionary(n => n.Code, n => n.Parent);
        return lying.Where(l => l.Package.Length > 0).GroupBy(l => Top(l.Package)).Where(g => g.All(l => !l.Allocated.IsPositive)).Select(g => (g.Key, (IReadOnlyList<Lying>)[.. g]));

        string Top(string code)
        {
            while (parents.GetValueOrDefault(code) is { } parent) code = parent;
            return code;
        }
    }

    internal static StorageClass? ClassOf(string? written) => Enum.TryParse<StorageClass>(written, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null;

    private sealed record Nested(string Code, string? Parent);

    private sealed record Content(LocationCode Location, Sku Sku, string Lot, Quantity Units, int? WeightGrams, long? Volume);

    private sealed record Standing(LocationCode Location, long Packages);
}
