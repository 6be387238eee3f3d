using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Stock;

/// Where a freeze stands.
internal enum FreezeState
{
    [Shown(StateRole.Held)]
    Frozen,

    [Shown(StateRole.Done)]
    Thawed,
}

/// What is frozen and what was, the latest first: why, and who looks into it. Served by the index freeze_list.
[View("stock.freezes", StockPermissions.Read, Sort = "-frozen-at")]
internal sealed class FreezeList(KeelDb db) : IView<FreezeList.Row>
{
    public sealed record Row
    {
        [Key] public required Guid Id { get; init; }
        public required NodeCode Node { get; init; }
        [Search, Title("Place")] public LocationCode? Location { get; init; }
        [Search, Title("SKU")] public Sku? Sku { get; init; }
        [Search] public LotCode? Lot { get; init; }
        public required FreezeState State { get; init; }
        [Title("Why")] public required string Reason { get; init; }
        [Title("Who looks into it")] public required string Owner { get; init; }
        [Title("Since")] public required DateTimeOffset FrozenAt { get; init; }
        [Title("By")] public required string FrozenBy { get; init; }
        [Title("Thawed")] public DateTimeOffset? ThawedAt { get; init; }
        public string? Outcome { get; init; }
        [Title("Units there")] public required Quantity Units { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select f.id, f.node, f.location, f.sku, f.lot, case when f.thawed_at is null then 'Frozen' else 'Thawed' end as state, f.reason, f.owner, f.frozen_at, f.frozen_by, f.thawed_at, f.outcome,
          case when f.thawed_at is not null then 0 else coalesce((select sum(v.on_hand) from stock.level v where v.company_id = f.company_id and v.node = f.node
            and coalesce(f.sku, v.sku) = v.sku and coalesce(f.lot, v.lot) = v.lot and (f.location is null or v.location in (with recursive under (code) as (select f.location
              union select c.code from under u join stock.location c on c.company_id = f.company_id and c.parent = u.code) select code from under))), 0) end::bigint as units,
          case when f.thawed_at is null then 'Find out, then thaw it' else 'Done' end as next
        from stock.freeze f where f.company_id = {db.Company}
        """;
}
