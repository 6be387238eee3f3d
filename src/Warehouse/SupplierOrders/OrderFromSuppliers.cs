using System.ComponentModel.DataAnnotations;
using Keel.Sales;
using Keel.Sales.Contract;

namespace Keel.Warehouse;

/// Asks suppliers to send to customers directly what orders are promised from them: one supplier order for each order and supplier, for what was not asked for yet.
[Operation("warehouse.order-from-suppliers", WarehousePermissions.Suppliers, Said = "asked suppliers for goods of {orders|it}", Icon = "truck")]
internal sealed class OrderFromSuppliers(KeelDb db, SalesDesk sales) : IOperation<OrderFromSuppliers.Request, IReadOnlyList<OrderFromSuppliers.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Guid> Orders);

    public sealed record Answer(Guid Order, string? Number, IReadOnlyList<string> SupplierOrders, string? Why);

    private sealed record OpenRow(Guid OrderId, NodeCode Node, int Line, Quantity Quantity);

    private sealed record CostRow(string Owner, Sku Sku, UnitPrice UnitCost, Currency Currency);

    private sealed record NameRow(Guid Id, string Name);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var terms = (await db.Query<SupplierTerms>($"{SupplierTerms.Columns} where company_id = {db.Company}", ct)).ToDictionary(t => t.Node);
        var orders = await sales.Lock(request.Orders, ct);
        var asked = db.Ask<OpenRow>(
            $"""
            select s.order_id, s.node, l.order_line as line, sum(l.quantity - l.dispatched - l.refused)::bigint as quantity
            from warehouse.supplier_order s join warehouse.supplier_order_line l on l.supplier_order_id = s.id
            where s.company_id = {db.Company} and s.order_id = any({request.Orders}) and s.status in ('Asked', 'Confirmed', 'CancelAsked') group by 1, 2, 3
            """);
        var names = db.Ask<NameRow>($"select id, name from partners.pub_partner where company_id = {db.Company} and id = any({terms.Values.Select(t => t.SupplierId).ToArray()})");
        var skus = orders.SelectMany(o => o.Promises).Where(p => terms.ContainsKey(p.Node)).Select(p => p.Sku).Distinct().ToArray();
        var costs = await db.Query<CostRow>(
            $"""
            select distinct on (owner, sku) owner, sku, unit_cost, currency from stock.pub_agreed_cost
            where company_id = {db.Company} and sku = any({skus}) and from_on <= {db.Today} order by owner, sku, from_on desc
            """, ct);
        var costOf = costs.ToDictionary(c => (c.Owner, c.Sku));
        var nameOf = names.Value.ToDictionary(n => n.Id, n => n.Name);
        var had = asked.Value.ToDictionary(a => (a.OrderId, a.Node, a.Line), a => a.Quantity);

        var wants = orders.Where(o => Why(o) is null).SelectMany(o => o.ByNode.Where(n => terms.ContainsKey(n.Node)).Select(n => (Order: o, n.Node, Lines: n.Lines
            .Select(l => l with { Quantity = l.Quantity - had.GetValueOrDefault((o.Order.Id, n.Node, l.Line)) }).Where(l => l.Quantity.IsPositive && costOf.ContainsKey((terms[n.Node].Owner, l.Sku))).ToArray())))
            .Where(w => w.Lines.Length > 0).ToArray();
        var numbers = await db.Numbers.Take(db.Company, "PO", db.Now.Year, wants.Length, ct);
        var made = new List<(SupplierOrder Head, SupplierOrderLine[] Lines)>();
        foreach (var ((order, node, lines), number) in wants.Zip(numbers))
        {
            var by = terms[node];
            var id = db.NewId<SupplierOrder>();
            var own = lines.Select((l, i) => (At: i + 1, Line: l, Cost: costOf[(by.Owner, l.Sku)])).Select(l => new SupplierOrderLine(id, l.At, db.Company, l.Line.Line, l.Line.Sku, l.Line.Quantity, 0, 0, l.Cost.UnitCost, l.Cost.Currency)).ToArray();
            var cost = own.Aggregate(Money.Zero(own[0].Currency), (sum, l) => sum + l.UnitCost.Times(l.Quantity));
            made.Add((new SupplierOrder(
                id, db.Company, number, order.Order.Id, order.Order.Number, node, by.SupplierId, nameOf.GetValueOrDefault(by.SupplierId, by.Owner), order.Customer, order.CustomerName, order.ShipTo, SupplierOrderStatus.Asked,
                order.ShipBy, null, null, own.Sum(l => l.Quantity), cost, own[0].Currency, db.Now, null, null, null, false, null, 1, db.Work.Operation), own));
            db.Work.Concerns(number);
            db.Work.Concerns(order.Order.Number);
        }

        db.Table<SupplierOrder>().Insert([.. made.Select(m => m.Head)]);
        db.Table<SupplierOrderLine>().Insert([.. made.SelectMany(m => m.Lines)]);
        // Where nothing of it is to be picked here, it is being worked on.
        sales.MarkReleased([.. orders.Where(o => o.Status is OrderStatus.Reserved && made.Exists(m => m.Head.OrderId == o.Order.Id) && o.Promises.All(p => terms.ContainsKey(p.Node))).Select(o => o.Order)]);
        foreach (var (head, _) in made) db.Raise(new SupplierAsked(head.Id, IsCancelled: false));

        var numbersOf = made.ToLookup(m => m.Head.OrderId, m => m.Head.Number);
        var known = orders.ToDictionary(o => o.Order.Id);
        return request.Orders.Distinct().Select(id => !known.TryGetValue(id, out var order) ? new Answer(id, null, [], "There is no such order.")
            : new Answer(id, order.Order.Number, [.. numbersOf[id]], numbersOf[id].Any() ? null : Why(order) ?? "Nothing of it is promised from a supplier that was not asked already.")).ToArray();
    }

    private static string? Why(OrderToShip order) =>
        order.Status is not (OrderStatus.Reserved or OrderStatus.Backordered or OrderStatus.Released or OrderStatus.PartlyShipped) ? $"It is {order.Status.Spoken}: nothing is promised that a supplier could send."
        : order.IsBroken ? OrderToShip.Broken : order.IsUnpaid ? "Its payment is not confirmed: no supplier is asked before." : null;
}

/// Asks suppliers for what became due since: orders that are promised in full, or whose work has begun.
internal sealed class OrderFromSuppliersJob(KeelDb db, Gate gate) : IJob
{
    private const int Most = 500;

    private sealed record Due(Id<Company> CompanyId, Guid OrderId);

    public async Task Run(CancellationToken ct)
    {
        Guid after = default;
        List<Due> due;
        do
        {
            due = await db.Query<Due>(
                $"""
                select distinct o.company_id, o.id as order_id from warehouse.supplier_terms t
                join stock.pub_reservation r on r.company_id = t.company_id and r.node = t.node and r.open > 0 and r.kind = 'Order'
                join sales.pub_order o on o.id = r.document_id and o.status in ('Reserved', 'Released', 'PartlyShipped')
                where o.id > {after} and not exists (select from warehouse.supplier_order s where s.order_id = o.id and s.node = t.node and s.status in ('Asked', 'Confirmed', 'CancelAsked'))
                order by o.id limit {Most}
                """, ct);
            foreach (var company in due.GroupBy(d => d.CompanyId))
                await gate.Run<OrderFromSuppliers, OrderFromSuppliers.Request, IReadOnlyList<OrderFromSuppliers.Answer>>(new([.. company.Select(d => d.OrderId)]), new Caller(Actor.Keel, Door.Job, company.Key), ct);
            if (due.Count > 0) after = due[^1].OrderId;
        }
        while (due.Count == Most);
    }
}

/// What was ordered from a supplier is work on its order that only the supplier ends.
internal sealed class SupplierWorks(KeelDb db) : IFloor
{
    private sealed record Row(Id<SupplierOrder> Id, string Number, Guid OrderId, NodeCode Node, int Line);

    public async Task<IReadOnlyList<FloorWork>> Of(IReadOnlyList<Guid> orders, CancellationToken ct = default)
    {
        var open = await db.Query<Row>(
            $"""
            select s.id, s.number, s.order_id, s.node, l.order_line as line from warehouse.supplier_order s join warehouse.supplier_order_line l on l.supplier_order_id = s.id
            where s.company_id = {db.Company} and s.order_id = any({orders}) and s.status in ('Asked', 'Confirmed', 'CancelAsked') and l.quantity > l.dispatched + l.refused order by s.id, l.line
            """, ct);
        return [.. open.GroupBy(s => s.Id).Select(g => new FloorWork(g.First().OrderId, new DocumentRef(SupplierOrder.RecordKind, g.Key.Value, g.First().Number), g.First().Node, FloorStage.Ordered, [.. g.Select(l => l.Line)]))];
    }
}
