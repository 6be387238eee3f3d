using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Warehouse;

/// Supplier orders, the newest first, each with what happens next. Served by the index supplier_order_list.
[View("warehouse.supplier-orders", WarehousePermissions.Read)]
internal sealed class SupplierOrderList(KeelDb db) : IView<SupplierOrderList.Row>
{
    public sealed record Row
    {
        public required Id<SupplierOrder> Id { get; init; }
        [Search, Title("Supplier order")] public required string Number { get; init; }
        [Search] public required string Supplier { get; init; }
        [Title("From")] public required NodeCode Node { get; init; }
        public required Guid OrderId { get; init; }
        [Search, Title("Order")] public required string OrderNumber { get; init; }
        [Search, Personal] public string? Customer { get; init; }
        [Title("State")] public required SupplierOrderStatus Status { get; init; }
        public required Quantity Units { get; init; }
        [Cost, Title("Cost")] public Money? Cost { get; init; }
        public required Currency Currency { get; init; }
        [Title("Promised ship")] public required DateOnly ShipBy { get; init; }
        [Title("Leaves supplier")] public DateOnly? ExpectedOn { get; init; }
        [Search, Title("Supplier's number")] public string? Reference { get; init; }
        [Title("Asked at")] public required DateTimeOffset AskedAt { get; init; }
        [Title("Ended at")] public DateTimeOffset? EndedAt { get; init; }
        public required string Next { get; init; }

        [NotAColumn]
        public bool IsOpen => Status is SupplierOrderStatus.Asked or SupplierOrderStatus.Confirmed or SupplierOrderStatus.CancelAsked;
    }

    public FormattableString Rows() =>
        $"""
        select s.id, s.number, s.supplier_name as supplier, s.node, s.order_id, s.order_number, s.customer_name as customer, s.status, s.units, s.cost, s.currency, s.ship_by, s.expected_on, s.reference, s.asked_at, s.ended_at,
          case s.status when 'Asked' then 'Note what the supplier answers' when 'Confirmed' then 'Note when it has left' when 'CancelAsked' then 'Note whether it can be stopped' when 'Dispatched' then 'Nothing: it is on its way to the customer'
            else 'Nothing: its goods come from elsewhere' end as next
        from warehouse.supplier_order s where s.company_id = {db.Company}{db.Work.Actor.Reach.And("s.node")}
        """;
}

/// Suppliers that send to our customers directly, with what they have and what they owe us an answer to.
[View("warehouse.suppliers", WarehousePermissions.Read, Sort = "site")]
internal sealed class SupplierTermsList(KeelDb db) : IView<SupplierTermsList.Row>
{
    public sealed record Row
    {
        [Key, Search] public required NodeCode Site { get; init; }
        [Search] public required string Supplier { get; init; }
        [Title("Number")] public required string Owner { get; init; }
        [Personal, Title("Mail", Empty = "not written to")] public string? Email { get; init; }
        [Title("Hours to answer")] public required int PatienceHours { get; init; }
        [Title("SKUs")] public required int Skus { get; init; }
        [Title("To be promised")] public required Quantity Available { get; init; }
        [Title("Open")] public required int Open { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select t.node as site, coalesce(p.name, t.owner) as supplier, t.owner, t.email, t.patience_hours, coalesce(a.skus, 0)::int as skus, coalesce(a.available, 0)::bigint as available,
          (select count(*) from warehouse.supplier_order s where s.company_id = t.company_id and s.node = t.node and s.status in ('Asked', 'Confirmed', 'CancelAsked'))::int as open,
          case when coalesce(a.skus, 0) = 0 then 'Tell what it has' when not exists (select from kernel.channel c where c.company_id = t.company_id and c.nodes ? t.node) then 'Add its site to a channel'
            else 'Nothing: it is asked' end as next
        from warehouse.supplier_terms t left join partners.pub_partner p on p.id = t.supplier_id
        left join lateral (select count(*) as skus, sum(greatest(v.available, 0)) as available from stock.pub_position v where v.company_id = t.company_id and v.node = t.node and v.owner = t.owner and v.on_hand > 0) a on true
        where t.company_id = {db.Company}{db.Work.Actor.Reach.And("t.node")}
        """;
}

/// Everything that a supplier order's page shows.
internal sealed class SupplierOrderCard(KeelDb db)
{
    public sealed record LineRow(int Line, Sku Sku, string Name, Quantity Quantity, Quantity Dispatched, Quantity Refused, UnitPrice UnitCost, Currency Currency)
    {
        [NotAColumn]
        public Quantity Open => Quantity - Dispatched - Refused;
    }

    public sealed record ShipmentRow(Guid Id, string Number, Quantity Units, string? Carrier, string? Tracking, DateTimeOffset? ShippedAt);

    public SupplierOrder Order { get; private set; } = null!;
    public IReadOnlyList<LineRow> Lines { get; private set; } = [];
    public IReadOnlyList<ShipmentRow> Shipments { get; private set; } = [];

    public async Task<bool> Load(Guid id, CancellationToken ct = default)
    {
        var heads = db.Ask<SupplierOrder>($"{SupplierOrder.Columns} where company_id = {db.Company} and id = {id}{db.Work.Actor.Reach.And("node")}");
        var lines = db.Ask<LineRow>(
            $"""
            select l.line, l.sku, coalesce(p.name, l.sku) as name, l.quantity, l.dispatched, l.refused, l.unit_cost, l.currency from warehouse.supplier_order_line l left join catalog.pub_product p on p.sku = l.sku
            where l.company_id = {db.Company} and l.supplier_order_id = {id} order by l.line
            """);
        var shipments = db.Ask<ShipmentRow>(
            $"""
            select s.id, s.number, s.units, s.carrier, s.tracking, s.shipped_at from warehouse.shipment s join warehouse.supplier_order o on o.order_id = s.order_id and o.node = s.node
            where s.company_id = {db.Company} and o.id = {id} and s.status <> 'Cancelled' order by s.id
            """);
        await db.Flush(ct);
        if (heads.Value is not [var head]) return false;
        (Order, Lines, Shipments) = (head, lines.Value, shipments.Value);
        return true;
    }
}
