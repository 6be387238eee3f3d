using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Sales;

internal enum MakingState
{
    [Shown(StateRole.Working, "To be made")]
    ToMake,

    [Shown(StateRole.Late, "Late")]
    Late,

    [Shown(StateRole.Done, "Finished making")]
    Made,

    [Shown(StateRole.Idle, "Not wanted any more")]
    Off,
}

/// What is made because an order wants it, the most urgent first. Served by the index making_list.
[View("sales.making", SalesPermissions.Read, Sort = "due-on")]
internal sealed class MakingList(KeelDb db) : IView<MakingList.Row>
{
    public sealed record Row
    {
        [Key] public required Guid Id { get; init; }
        [Search, Title("Supply")] public required string Number { get; init; }
        public required Guid OrderId { get; init; }
        [Search, Title("Order")] public required string OrderNumber { get; init; }
        [Title("Channel code")] public required ChannelCode Channel { get; init; }
        public required MakingState State { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search, Title("Product")] public required string Product { get; init; }
        [Title("Made at")] public required NodeCode Node { get; init; }
        [Title("Ordered quantity")] public required Quantity Quantity { get; init; }
        [Title("Still to be made")] public required Quantity Open { get; init; }
        [Title("Due")] public required DateOnly DueOn { get; init; }
        [Title("Promised ship")] public required DateOnly ShipBy { get; init; }
        [Title("Since")] public required DateTimeOffset AskedAt { get; init; }
        [Title("Put together from parts")] public required bool IsAssembled { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select m.supply_id as id, m.supply_number as number, m.order_id, o.number as order_number, o.channel, case when s.open > 0 then case when s.expected_on < {db.Today} then 'Late' else 'ToMake' end when s.received > 0 then 'Made' else 'Off' end as state,
          m.sku, coalesce(p.name, m.sku) as product, m.node, m.quantity, s.open, s.expected_on as due_on, o.ship_by, m.asked_at, k.sku is not null as is_assembled,
          case when s.open = 0 then case when s.received > 0 then 'Nothing: it is made' else 'Nothing: the order wants it no more' end when k.sku is not null then 'Put it together: its order goes on by itself' else 'Make it and receive it: its order goes on by itself' end as next
        from sales.making m join sales.orders o on o.id = m.order_id join stock.pub_supply s on s.id = m.supply_id left join catalog.pub_product p on p.sku = m.sku
        left join catalog.pub_kit k on k.sku = m.sku and k.kind = 'PreBuilt'
        where m.company_id = {db.Company}{db.Work.Actor.Reach.And(channel: "o.channel")}
        """;
}
