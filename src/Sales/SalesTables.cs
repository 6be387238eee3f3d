namespace Keel.Sales;

/// Sales' tables, and the only place that locks their rows.
internal static class SalesTables
{
    extension(KeelDb db)
    {
        public Table<Order> Orders => db.Table<Order>();
        public Table<OrderLine> OrderLines => db.Table<OrderLine>();
        public Table<Payment> Payments => db.Table<Payment>();
        public Table<Invoice> Invoices => db.Table<Invoice>();
        public Table<InvoiceLine> InvoiceLines => db.Table<InvoiceLine>();

        /// Locks orders in key order and reads their lines with them; both are there after the next round trip.
        public (Later<List<Order>> Orders, Later<List<OrderLine>> Lines) LockOrders(IReadOnlyList<Id<Order>> ids)
        {
            db.Climb(Rung.Document);
            var keys = ids.Select(i => i.Value).Distinct().Order().ToArray();
            return (
                db.Ask<Order>($"{OrderColumns} where company_id = {db.Company} and id = any({keys}) order by id for update"),
                db.Ask<OrderLine>($"{LineColumns} where company_id = {db.Company} and order_id = any({keys}) order by order_id, line"));
        }
    }

    internal static readonly SqlText.Verbatim OrderColumns = new($"select {RowMap<Order>.Instance.Names} from sales.orders");
    internal static readonly SqlText.Verbatim LineColumns = new($"select {RowMap<OrderLine>.Instance.Names} from sales.order_line");
}
