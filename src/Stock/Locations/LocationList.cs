using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Stock;

/// The places of all nodes: what they are for and how much is in them.
[View("stock.locations", StockPermissions.Read, Sort = "code")]
internal sealed class LocationList(KeelDb db) : IView<LocationList.Row>
{
    public sealed record Row
    {
        [Key, Search, Title("Place")] public required LocationCode Code { get; init; }
        public required NodeCode Node { get; init; }
        [Search] public required string Name { get; init; }
        public required PlaceKind Kind { get; init; }
        [Title("Walking order")] public required int PickOrder { get; init; }
        [Title("Sold from")] public required bool Promisable { get; init; }
        [Title("Picked from")] public required bool Pickable { get; init; }
        [Title("SKUs")] public required long Skus { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select l.code, l.node, l.name, l.kind, l.pick_order, k.promisable, k.pickable, l.skus,
          case when not k.counted then 'Outside: nothing is kept here' when l.skus = 0 then 'Empty' when k.promisable then 'Holds stock to sell' else 'Decide what becomes of it' end as next
        from (select p.*, (select count(*) from stock.level v where v.company_id = p.company_id and v.location = p.code and v.on_hand > 0) as skus
          from stock.location p where p.company_id = {db.Company}) l
        join stock.place_kind k on k.kind = l.kind
        """;
}
