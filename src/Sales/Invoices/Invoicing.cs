using Keel.Pricing.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// Turns shipments into invoices. Amounts are cumulative: what a line was invoiced so far is its share of the whole, so the last part takes the rest.
internal sealed class Invoicing(
    KeelDb db, Network network, Dictionary<Guid, (Order Order, OrderLine[] Lines)> locked, IReadOnlyDictionary<Guid, int> daysToPay)
{
    public void Ship(IReadOnlyList<ShippedGoods> shipments)
    {
        var changedLines = new Dictionary<(Id<Order>, int), OrderLine>();
        var changedOrders = new Dictionary<Guid, Order>();
        var invoices = new List<Invoice>(shipments.Count);
        var invoiceLines = new List<InvoiceLine>(shipments.Count * 3);

        foreach (var shipment in shipments)
        {
            var (order, lines) = locked[shipment.Order.Id];
            var first = lines.All(l => l.Shipped.IsZero);
            var id = db.NewId<Invoice>();
            var own = new List<InvoiceLine>();
            for (var i = 0; i < lines.Length; i++)
            {
                var line = lines[i];
                var quantity = line.Kind switch
                {
                    LineKind.Goods => shipment.Lines.Where(l => l.Line == line.Line).Sum(l => l.Quantity),
                    LineKind.Kit => KitLines.WholeKits(line, lines, shipment.Lines),
                    _ => first ? line.Open : 0,
                };
                if (quantity.IsZero) continue;
                if (line.IsCustomers) own.Add(InvoiceLineOf(id, own.Count + 1, line, quantity));
                lines[i] = changedLines[(line.OrderId, line.Line)] = line with { Shipped = line.Shipped + quantity };
            }

            var invoice = InvoiceOf(id, order, shipment, own, lines);
            invoices.Add(invoice);
            invoiceLines.AddRange(own);
            order = order with { Invoiced = order.Invoiced + invoice.Gross };
            order = order.To(lines.All(l => l.Open.IsZero) ? OrderStatus.Shipped : OrderStatus.PartlyShipped, db.Now);
            locked[shipment.Order.Id] = (order, lines);
            changedOrders[shipment.Order.Id] = order;
            Raise(invoice, own, order, shipment.Shipment);
        }

        db.OrderLines.Update([.. changedLines.Values], nameof(OrderLine.Shipped));
        db.Orders.Update([.. changedOrders.Values], nameof(Order.Status), nameof(Order.Invoiced), nameof(Order.ShippedAt), nameof(Order.Version));
        db.Invoices.Insert(invoices);
        db.InvoiceLines.Insert(invoiceLines);
    }

    private InvoiceLine InvoiceLineOf(Id<Invoice> invoice, int number, OrderLine line, Quantity quantity)
    {
        var net = Part(line.Net, line.Shipped, quantity, line.Quantity);
        var tax = Part(line.Tax, line.Shipped, quantity, line.Quantity);
        return new InvoiceLine(invoice, number, db.Company, line.Line, line.Kind, line.Sku, line.Description, quantity, line.Currency, net, tax, net + tax);
    }

    private Invoice InvoiceOf(Id<Invoice> id, Order order, ShippedGoods shipment, List<InvoiceLine> own, OrderLine[] lines)
    {
        var happenedAt = db.Work.HappenedAt ?? db.Now;
        var day = network.DayAt(shipment.Node, happenedAt);
        var zero = Money.Zero(order.Currency);
        var net = own.Aggregate(zero, (sum, l) => sum + l.Net);
        var tax = own.Aggregate(zero, (sum, l) => sum + l.Tax);
        var gross = net + tax;
        var ahead = order.Paid - order.Invoiced;
        var paidBefore = Min(gross, ahead.IsNegative ? zero : ahead);
        return new Invoice(
            id, db.Company, false, Invoice.SeriesOf(false, day), null, order.Id, order.Number, shipment.Shipment?.Id, shipment.Shipment?.Number, order.Channel,
            order.CustomerId, order.CustomerName, shipment.Node, day, happenedAt, db.Now, order.Currency, net, tax, gross,
            TaxesOf(order, own, lines), gross.IsNegative ? zero : paidBefore, null, null, db.Work.Operation);
    }

    /// The tax lines of a part: those of the order, with the base and tax that the part's lines carry.
    internal static IReadOnlyList<TaxTotal> TaxesOf(Order order, IReadOnlyList<InvoiceLine> own, OrderLine[] lines)
    {
        var byLine = lines.ToDictionary(l => l.Line);
        return [.. own.GroupBy(l => (byLine[l.OrderLine].TaxCategory, byLine[l.OrderLine].TaxRate)).Select(g =>
        {
            var stated = order.Taxes.FirstOrDefault(t => t.Category == g.Key.TaxCategory && t.Rate == g.Key.TaxRate);
            var zero = Money.Zero(order.Currency);
            return new TaxTotal(
                stated?.Jurisdiction ?? order.Country, g.Key.TaxCategory, g.Key.TaxRate, g.Aggregate(zero, (sum, l) => sum + l.Net),
                g.Aggregate(zero, (sum, l) => sum + l.Tax), stated?.Liable ?? LiableParty.Us, stated?.Scheme ?? "domestic");
        })];
    }

    private void Raise(Invoice invoice, List<InvoiceLine> own, Order order, DocumentRef? shipment)
    {
        var channel = network.Channels[order.Channel];
        db.Raise(new InvoiceIssued(
            invoice.Ref, false, order.Ref, order.Channel, channel.Kind, order.CustomerId, invoice.Node, invoice.Day, invoice.HappenedAt,
            [.. own.Select(l => new RevenueLine(l.Sku, KindOf(l), l.Quantity, l.Net))], invoice.Taxes, invoice.Net, invoice.Tax, invoice.Gross)
        {
            PaidBefore = invoice.PaidBefore,
            MarketplaceCollects = channel.IsMarketplace,
            DaysToPay = daysToPay.TryGetValue(order.CustomerId, out var days) ? days : null,
            Shipment = shipment,
            DeliveryTerm = order.DeliveryTerm,
        });
    }

    /// As what a line earns: a kit earns as goods do.
    internal static string KindOf(InvoiceLine line) => (line.Kind is LineKind.Kit ? LineKind.Goods : line.Kind).ToString().ToLowerInvariant();

    /// What a further part of a whole is worth after an earlier part.
    internal static Money Part(Money whole, Quantity before, Quantity part, Quantity all) => whole.Share(before + part, all) - whole.Share(before, all);

    private static Money Min(Money a, Money b) => a <= b ? a : b;
}
