namespace Keel.Warehouse;

/// What must be true of shipments, against the stock book and the orders. `$1` as in the other proofs: everything, or nothing.
internal static class WarehouseProof
{
    public static readonly ProofCheck[] All =
    [
        new("warehouse.shipped-is-moved", "What shipped shipments carry is what left the shelf for them",
            "select count(*) from warehouse.shipment_line where $1::text = '0'",
            """
            with carried as (
              select s.id, s.number, l.order_line as line, l.sku, sum(l.quantity) as quantity
              from warehouse.shipment s join warehouse.shipment_line l on l.shipment_id = s.id where $1::text = '0' and s.status in ('Shipped', 'Delivered') group by 1, 2, 3, 4),
            moved as (
              select document_id as id, document_number as number, line, sku, sum(quantity) as quantity from stock.pub_move
              where $1::text = '0' and document_kind = 'shipment' group by 1, 2, 3, 4)
            select coalesce(c.number, m.number) || ' line ' || coalesce(c.line, m.line), coalesce(m.quantity, 0)::text, coalesce(c.quantity, 0)::text
            from carried c full join moved m using (id, line, sku) where coalesce(c.quantity, 0) <> coalesce(m.quantity, 0)
            """),
        new("warehouse.shipped-is-invoiced", "Every shipped shipment has its invoice, and no other has one",
            "select count(*) from warehouse.shipment where $1::text = '0'",
            """
            select s.number, case when s.status in ('Shipped', 'Delivered') then 'an invoice' else 'none' end, case when i.shipment_id is null then 'none' else 'an invoice' end
            from warehouse.shipment s left join (select distinct shipment_id from sales.pub_invoice where not is_credit) i on i.shipment_id = s.id
            where $1::text = '0' and (s.status in ('Shipped', 'Delivered')) <> (i.shipment_id is not null)
            """),
        new("warehouse.suppliers-sent", "What suppliers said that they sent has left from their sites, line by line",
            "select count(*) from warehouse.supplier_order_line where $1::text = '0'",
            """
            with said as (
              select s.order_id, s.node, l.order_line as line, sum(l.dispatched) as quantity from warehouse.supplier_order s join warehouse.supplier_order_line l on l.supplier_order_id = s.id where $1::text = '0' group by 1, 2, 3),
            sent as (
              select s.order_id, s.node, l.order_line as line, sum(l.quantity) as quantity from warehouse.shipment s join warehouse.shipment_line l on l.shipment_id = s.id
              where $1::text = '0' and s.status in ('Shipped', 'Delivered') and exists (select from said d where d.order_id = s.order_id and d.node = s.node) group by 1, 2, 3)
            select coalesce((select min(o.number) from warehouse.supplier_order o where o.order_id = coalesce(d.order_id, t.order_id) and o.node = coalesce(d.node, t.node)), '') || ' line ' || coalesce(d.line, t.line), coalesce(t.quantity, 0)::text, coalesce(d.quantity, 0)::text
            from said d full join sent t using (order_id, node, line) where coalesce(d.quantity, 0) <> coalesce(t.quantity, 0)
            """),
        new("warehouse.floor-is-promised", "What is on the floor is still promised to its order",
            "select count(*) from warehouse.shipment where $1::text = '0' and status in ('Released', 'Picked', 'Packed')",
            """
            select s.number, o.status, s.status from warehouse.shipment s join sales.pub_order o on o.id = s.order_id
            where $1::text = '0' and s.status in ('Released', 'Picked', 'Packed') and o.status in ('Shipped', 'Cancelled')
            """),
    ];
}
