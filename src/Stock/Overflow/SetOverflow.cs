using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Kernel.Views;

namespace Keel.Stock;

/// Says how many of a product a place or a site is to hold, and from where more of them come.
[Operation("stock.set-overflow", StockPermissions.Locations, Said = "set {rules|a rule of overflow}", Icon = "swap")]
internal sealed class SetOverflow(KeelDb db, Settings settings, ProductGuard products) : IOperation<SetOverflow.Request, Done>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Item> Rules);

    /// A place with the place that it is filled from, or a site with the site that it is filled from.
    public sealed record Item(
        Sku Sku, [NotNegative] Quantity Least, [Positive] Quantity Most, LocationCode? Place = null, LocationCode? FromPlace = null, NodeCode? Node = null, NodeCode? FromNode = null, bool GivesBack = false);

    public static readonly Error Pair = Error.Invalid("stock.overflow-pair", "Name a place and the place that it is filled from, or a site and the site that it is filled from.");
    public static readonly Error Bounds = Error.Invalid("stock.overflow-bounds", "The least is not more than the most.");
    public static readonly Error OneBin = Error.Invalid("stock.overflow-one-bin", "The place that is filled is one open bin for goods that are sold. Name a bin.");
    public static readonly Error SameSite = Error.Invalid("stock.overflow-other-site", "A place is filled from another place of its site, that does not lie in it and in which it does not lie. Between sites name the sites.");
    public static readonly Error Circle = new("stock.overflow-circle", "Goods would go in a circle: the source is filled from here. Take that rule back first.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        foreach (var item in request.Rules)
        {
            if (Wrong(item, places, network) is { } wrong) return wrong;
            db.Work.Actor.MustBeAt(item.Place is { } place ? places.ByCode[place].Node : item.Node!.Value);
        }

        var named = await products.Named([.. request.Rules.Select(r => r.Sku)], ct);
        if (!named.Ok) return named.Error!;
        request = request with { Rules = [.. request.Rules.Select(r => r with { Sku = named.Value[r.Sku] })] };
        if (await products.Check(request.Rules.SelectMany(r => new[] { (r.Sku, r.Least), (r.Sku, r.Most) }), ct) is { } unknown) return unknown;
        var before = (await db.Table<OverflowRule>().Where($"company_id = {db.Company} order by id for update", ct)).ToDictionary(r => (r.Sku, r.Where));
        OverflowRule[] rows = [.. request.Rules.Select(i => RowOf(i, places)).GroupBy(r => (r.Sku, r.Where)).Select(g => g.Last()).Select(r => before.TryGetValue((r.Sku, r.Where), out var was) ? r with { Id = was.Id } : r)];
        var after = new Dictionary<(Sku, string), OverflowRule>(before);
        foreach (var row in rows) after[(row.Sku, row.Where)] = row;
        if (Array.Find(rows, r => Leads(r, r, after.Values, places, [])) is { } round) return Circle.With($"{round.Source} is filled from {round.Where} with {round.Sku}: the goods would go in a circle. Take that rule back first.");
        foreach (var row in rows) db.Work.Changed("overflow", row.Sku.Text, before.GetValueOrDefault((row.Sku, row.Where))?.What, row.What);
        db.Table<OverflowRule>().Insert([.. rows.Where(r => !before.ContainsKey((r.Sku, r.Where)))]);
        db.Table<OverflowRule>().Update([.. rows.Where(r => before.ContainsKey((r.Sku, r.Where)))]);
        return Done.It;
    }

    private static Error? Wrong(Item item, Places places, Network network)
    {
        if (item.Least > item.Most) return Bounds;
        if ((item.Place is null) != (item.FromPlace is null) || (item.Node is null) != (item.FromNode is null) || item.Place is null == item.Node is null) return Pair;
        if (item.Node is { } node)
            return new[] { node, item.FromNode!.Value }.FirstOrDefault(n => !network.Sites.ContainsKey(n)) is { Text.Length: > 0 } odd
                ? Receiving.NoNode.With($"There is no site {odd}. Choose one of the list.") : node == item.FromNode ? Pair : null;
        if (!places.ByCode.TryGetValue(item.Place!.Value, out var place)) return Receiving.NoPlace.With($"There is no place {item.Place}.");
        if (!places.ByCode.TryGetValue(item.FromPlace!.Value, out var from)) return Receiving.NoPlace.With($"There is no place {item.FromPlace}.");
        if (!Putaway.IsFor(place, GoodsCondition.Good) || places.In(place.Code).Any(c => !c.IsClosed)) return OneBin;
        if (place.Node != from.Node || places.Under(from.Code).Any(l => l.Code == place.Code)) return SameSite;
        return places.Under(from.Code).Any(l => Putaway.IsFor(l, GoodsCondition.Good)) ? null : SetPutaway.NoBins.With($"There is no open bin in {from.Code} that such goods may lie in. Name another place.");
    }

    private OverflowRule RowOf(Item item, Places places)
    {
        var node = item.Place is { } place ? places.ByCode[place].Node : item.Node!.Value;
        return new OverflowRule(
            db.NewId<OverflowRule>(), db.Company, item.Sku, node, item.Place?.Text ?? "", item.Least, item.Most, item.FromNode ?? node, item.FromPlace?.Text ?? "", item.GivesBack, db.Now, db.Work.Actor.Name, db.Work.Operation);
    }

    /// Whether the sources of a rule are filled, by whatever way, from where another one fills.
    private static bool Leads(OverflowRule rule, OverflowRule to, IReadOnlyCollection<OverflowRule> all, Places places, HashSet<OverflowRule> seen)
    {
        return seen.Add(rule) && all.Where(r => r.Sku == rule.Sku && r.IsOfPlace == rule.IsOfPlace && Within(r.Where, rule.Source)).Any(r => Within(to.Where, r.Source) || Leads(r, to, all, places, seen));

        bool Within(string one, string other) => one == other || (rule.IsOfPlace && places.Above(Code.Parse<LocationCode>(one)).Any(l => l.Code.Text == other));
    }
}

/// Takes rules of overflow back.
[Operation("stock.drop-overflow", StockPermissions.Locations, Said = "took {rules|a rule of overflow} back", Icon = "x")]
internal sealed class DropOverflow(KeelDb db) : IOperation<DropOverflow.Request, Done>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Guid> Rules);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var rows = await db.Table<OverflowRule>().Where($"company_id = {db.Company} and id = any({request.Rules.Distinct().ToArray()}) order by id for update", ct);
        if (rows.Count < request.Rules.Distinct().Count()) return DropRings.Gone;
        foreach (var row in rows)
        {
            db.Work.Actor.MustBeAt(row.Node);
            db.Work.Changed("overflow", row.Sku.Text, row.What, "none");
        }

        db.Table<OverflowRule>().Delete(rows);
        return Done.It;
    }
}

/// How many of which goods places and sites are to hold, and from where more of them come.
[View("stock.overflow-rules", StockPermissions.Read, Sort = "sku")]
internal sealed class OverflowRuleList(KeelDb db) : IView<OverflowRuleList.Row>
{
    public sealed record Row
    {
        [Key] public required Guid Id { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search, Title("Place or site")] public required string Target { get; init; }
        [Title("At least")] public required Quantity Least { get; init; }
        [Title("At most")] public required Quantity Most { get; init; }
        [Search, Title("Filled from")] public required string Source { get; init; }
        [Title("Since")] public required DateTimeOffset ChangedAt { get; init; }
        [Title("By")] public required string ChangedBy { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select r.id, r.sku, case when r.place = '' then r.node else r.place end as target, r.least, r.most, case when r.from_place = '' then r.from_node else r.from_place end as source, r.changed_at, r.changed_by,
          case when r.gives_back then 'Filled below the least, gives back above the most' else 'Filled below the least' end as next
        from stock.overflow_rule r where r.company_id = {db.Company}{db.Work.Actor.Reach.And("r.node")}
        """;
}
