namespace Keel.Stock;

/// Everything that the page of a place shows, asked in one round trip.
internal sealed class PlaceCard(KeelDb db, Settings settings)
{
    private const int Latest = 15;

    /// Moves have no index by place: so many of the latest are looked through.
    private const int LookedThrough = 5_000;

    public sealed record ContentRow(Sku Sku, string Name, string? Whose, GoodsCondition Condition, Quantity OnHand, Quantity Packed, Quantity Allocated, bool IsFrozen);

    public sealed record PackageRow(Guid Id, string Code, PackageKind Kind, PackageStatus Status, string? Parent, Quantity Units);

    public sealed record ChildRow(LocationCode Code, string Name, PlaceTier Tier, PlaceKind Kind, Quantity Units, bool IsClosed);

    public Location Place { get; private set; } = null!;
    public Places Places { get; private set; } = Places.None;
    public IReadOnlyList<Location> Above { get; private set; } = [];
    public IReadOnlyList<ContentRow> Content { get; private set; } = [];
    public IReadOnlyList<PackageRow> Packages { get; private set; } = [];
    public IReadOnlyList<ChildRow> Children { get; private set; } = [];
    public IReadOnlyList<MoveList.Row> Moves { get; private set; } = [];
    public IReadOnlyList<Freeze> Freezes { get; private set; } = [];

    public async Task<bool> Load(LocationCode code, CancellationToken ct = default)
    {
        Places = await Places.Of(settings, ct);
        if (!Places.ByCode.TryGetValue(code, out var place) || !db.Work.Actor.Reach.Covers(place.Node)) return false;
        Above = [.. Places.Above(code).Reverse()];
        var content = db.Ask<ContentRow>(
            $"""
            select v.sku, coalesce((select c.name from catalog.pub_product c where c.sku = v.sku), v.sku) as name, 
              case when v.owner <> {PositionKey.Own} then coalesce((select p.name from stock.owner o join partners.pub_partner p on p.id = o.partner where o.company_id = {db.Company} and o.code = v.owner), v.owner) end as whose, v.condition,
              sum(v.on_hand)::bigint as on_hand, coalesce(sum(v.on_hand) filter (where v.package <> ''), 0)::bigint as packed, sum(v.allocated)::bigint as allocated,
              exists (select from stock.frozen f where f.company_id = {db.Company} and f.node = {place.Node} and coalesce(f.location, {code}) = {code} and coalesce(f.sku, v.sku) = v.sku) as is_frozen
            from stock.level v where v.company_id = {db.Company} and v.location = {code} and v.on_hand > 0 group by v.sku, v.owner, v.condition order by v.sku, v.owner <> {PositionKey.Own}, v.condition <> 'Good' limit 200
            """);
        var packages = db.Ask<PackageRow>(
            $"""
            select p.id, p.code, p.kind, p.status, p.parent, coalesce((select sum(v.on_hand) from stock.level v where v.company_id = p.company_id and v.package = p.code and v.package <> ''), 0)::bigint as units
            from stock.package p where p.company_id = {db.Company} and p.location = {code} and p.status <> 'Ended' order by coalesce(p.parent, p.code), p.parent is not null, p.code limit 200
            """);
        var children = db.Ask<ChildRow>(
            $"""
            with recursive child as (select l.* from stock.location l where l.company_id = {db.Company} and l.parent = {code} order by l.code limit 200),
            under (child, code) as (select code, code from child union all select u.child, c.code from under u join stock.location c on c.company_id = {db.Company} and c.parent = u.code)
            select l.code, l.name, l.tier, l.kind, l.closed_at is not null as is_closed, coalesce(h.units, 0)::bigint as units
            from child l left join (
              select u.child, sum(v.units) as units from under u cross join lateral (select sum(v.on_hand) as units from stock.level v where v.company_id = {db.Company} and v.location = u.code) v group by u.child) h on h.child = l.code
            order by l.code
            """);
        var moves = db.Ask<MoveList.Row>(
            $"""
            {MoveList.All} where m.company_id = {db.Company} and m.id > coalesce((select n.id from stock.move n where n.company_id = {db.Company} order by n.id desc offset {LookedThrough} limit 1), {Guid.Empty})
              and {code} in (m.from_location, m.to_location) order by m.happened_at desc, m.id desc limit {Latest}
            """);
        await db.Flush(ct);
        var chain = Above.Select(l => l.Code).Append(code).ToHashSet();
        Freezes = [.. Places.Freezes.Where(f => f.Node == place.Node && f.Location is { } at && chain.Contains(at))];
        (Place, Content, Children, Moves, Packages) = (place, content.Value, children.Value, moves.Value, packages.Value);
        return true;
    }

    /// What is in it with everything under it: how many places, and how many of them are bins.
    public (int Places, int Bins) Beneath() => (Places.Under(Place.Code).Count() - 1, Places.Under(Place.Code).Count(l => l.Tier is PlaceTier.Bin && l.Code != Place.Code));
}
