using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Stock;

/// How a place stands now.
internal enum PlaceState
{
    [Shown(StateRole.Ready)]
    Open,

    /// Everything in it stays where it is.
    [Shown(StateRole.Held)]
    Frozen,

    [Shown(StateRole.Idle)]
    Closed,
}

/// The places of all nodes, or those in and under one of them: what they are for and how much is in them.
[View("stock.locations", StockPermissions.Read, Sort = "code")]
internal sealed class LocationList(KeelDb db) : IView<LocationList.Row, LocationList.Args>
{
    public sealed record Args(LocationCode? Under = null);

    public sealed record Row
    {
        [Key, Search, Title("Place")] public required LocationCode Code { get; init; }
        public required NodeCode Node { get; init; }
        [Search] public required string Name { get; init; }
        public required PlaceKind Kind { get; init; }
        public required PlaceTier Tier { get; init; }
        public required PlaceState State { get; init; }
        [Title("Lies in")] public LocationCode? Parent { get; init; }
        [Search] public required string Barcode { get; init; }
        [Title("Walking order")] public required int PickOrder { get; init; }
        [Title("Sold from")] public required bool Promisable { get; init; }
        [Title("Picked from")] public required bool Pickable { get; init; }
        [Title("SKUs")] public required long Skus { get; init; }
        public required Quantity Units { get; init; }
        [Title("Full, %")] public int? Full { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select l.code, l.node, l.name, l.kind, l.tier, l.state, l.parent, l.barcode, l.pick_order, k.promisable, k.pickable and l.picked and l.state <> 'Closed' as pickable, v.skus, v.units,
          case when l.max_units is not null then least(999, v.units / 10 / l.max_units)::integer end as full,
          case when not k.counted then 'Outside: nothing is kept here' when l.state = 'Closed' then 'Closed' when l.state = 'Frozen' then 'Find out, then thaw it'
            when v.skus = 0 then 'Empty' when k.promisable then 'Holds stock to sell' else 'Decide what becomes of it' end as next
        from (select p.*, case when p.closed_at is not null then 'Closed'
            when p.code in (select f.location from stock.frozen f where f.company_id = {db.Company} and f.location is not null and f.sku is null) then 'Frozen' else 'Open' end as state
          from stock.location p where p.company_id = {db.Company} {Narrow(args)}) l
        join stock.place_kind k on k.kind = l.kind
        cross join lateral (select count(*) as skus, coalesce(sum(v.on_hand), 0)::bigint as units from stock.level v where v.company_id = l.company_id and v.location = l.code and v.on_hand > 0) v
        """;

    private SqlText Narrow(Args args)
    {
        var text = new SqlText();
        if (args.Under is { } top)
        {
            text.Append(
                $"""
                and p.code in (with recursive under (code) as (select t.code from stock.location t where t.company_id = {db.Company} and t.code = {top}
                  union select c.code from under u join stock.location c on c.company_id = {db.Company} and c.parent = u.code) select code from under)
                """);
        }

        return text;
    }
}
