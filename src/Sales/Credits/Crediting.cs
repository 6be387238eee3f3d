using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// Turns credits into credit notes. Amounts are cumulative as they are on invoices: what a line was credited so far is its share of the
/// whole, so that all parts together are what was invoiced, to the cent, in money and in cost.
internal sealed class Crediting(KeelDb db, Settings settings, StockDesk stock)
{
    private readonly Dictionary<Id<Order>, (Order Order, OrderLine[] Lines)> locked = [];
    private readonly Dictionary<(Guid Order, int Line), IssuedValue> issued = [];
    private readonly Dictionary<Id<Order>, NodeCode> nodes = [];
    private readonly HashSet<(Id<Order>, int)> credited = [];
    private readonly List<Invoice> notes = [];
    private readonly List<InvoiceLine> noteLines = [];
    private readonly List<TakeBackRequest> returns = [];

    public async Task<Result<IReadOnlyList<CreditOrders.Answer>>> Credit(IReadOnlyList<CreditOrders.Credit> credits, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var known = await Lock(credits, network.Company.Currency, ct);
        var answers = new CreditOrders.Answer[credits.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            var credit = credits[i];
            if (credit.Reference is { } reference && !known.Add(reference)) answers[i] = No(credit, "It was credited before; nothing was changed.");
            else answers[i] = Why(credit) is { } why ? No(credit, why) : Issue(credit, network);
        }

        var changed = notes.Select(n => n.OrderId).Distinct().Select(id => locked[id]).ToArray();
        db.Orders.Update([.. changed.Select(c => c.Order)], nameof(Order.Invoiced), nameof(Order.Version));
        db.OrderLines.Update([.. changed.SelectMany(c => c.Lines).Where(l => credited.Contains((l.OrderId, l.Line)))], nameof(OrderLine.Returned));
        db.Invoices.Insert(notes);
        db.InvoiceLines.Insert(noteLines);
        if (returns.Count == 0) return answers;

        var back = await stock.TakeBack(returns, ct);
        return back.Ok ? answers : back.Error;
    }

    /// The orders with their lines, where their goods left and what they had cost; answers the references that are booked already.
    private async Task<HashSet<string>> Lock(IReadOnlyList<CreditOrders.Credit> credits, Currency currency, CancellationToken ct)
    {
        var ids = credits.Select(c => c.Order.Value).Distinct().ToArray();
        var references = credits.Where(c => c.Reference is not null).Select(c => c.Reference!).ToArray();
        var (orders, lines) = db.LockOrders([.. credits.Select(c => c.Order)]);
        var left = db.Ask<IssuedValue>(
            $"""
            select i.order_id as "order", m.line, sum(m.quantity)::bigint as quantity, (-sum(m.value))::bigint as value
            from sales.invoice i join stock.pub_move m on m.document_id = i.shipment_id
            where i.company_id = {db.Company} and i.order_id = any({ids}) and not i.is_credit group by 1, 2
            """);
        var from = db.Ask<OrderNode>($"select distinct on (order_id) order_id as \"order\", node from sales.invoice where company_id = {db.Company} and order_id = any({ids}) and not is_credit order by order_id, id");
        var known = db.Ask<string>($"select reference from sales.invoice where company_id = {db.Company} and is_credit and reference = any({references})");
        await db.Flush(ct);

        var linesOf = lines.Value.ToLookup(l => l.OrderId);
        foreach (var order in orders.Value) locked[order.Id] = (order, [.. linesOf[order.Id]]);
        foreach (var value in left.Value) issued[(value.Order, value.Line)] = value;
        foreach (var node in from.Value) nodes[node.Order] = node.Node;
        return [.. known.Value];
    }

    /// Why a credit cannot be given, or nothing.
    private string? Why(CreditOrders.Credit credit)
    {
        if (!locked.TryGetValue(credit.Order, out var found)) return "There is no such order.";
        if (!nodes.ContainsKey(credit.Order)) return $"{found.Order.Number} is not invoiced yet: cancel it instead.";
        if (credit.Lines.GroupBy(l => l.Line).Any(g => g.Count() > 1)) return "A line is named twice. Name it once, with the sum.";
        foreach (var wish in credit.Lines)
        {
            var line = Array.Find(found.Lines, l => l.Line == wish.Line);
            if (line is null) return $"{found.Order.Number} has no line {wish.Line}.";
            if (!line.IsCustomers) return $"Line {wish.Line} is part of a kit: credit line {line.KitLine}, and its goods come back with it.";
            if (line.Kind is LineKind.Kit && !wish.Quantity.IsWhole) return $"Line {wish.Line} is a kit: whole kits are credited.";
            var left = line.Shipped - line.Returned;
            if (wish.Quantity > left) return $"Of line {wish.Line} only {left} can still be credited.";
        }

        return null;
    }

    private static CreditOrders.Answer No(CreditOrders.Credit credit, string why) => new(credit.Order, null, null, null, why);

    private CreditOrders.Answer Issue(CreditOrders.Credit credit, Network network)
    {
        var (order, lines) = locked[credit.Order];
        var id = db.NewId<Invoice>();
        var own = new List<InvoiceLine>(credit.Lines.Count);
        var back = new List<TakeBackLine>(credit.Lines.Count);
        foreach (var wish in credit.Lines)
        {
            var at = Array.FindIndex(lines, l => l.Line == wish.Line);
            var line = lines[at];
            own.Add(LineOf(id, own.Count + 1, line, wish.Quantity));
            lines[at] = line with { Returned = line.Returned + wish.Quantity };
            credited.Add((order.Id, line.Line));
            foreach (var (goods, quantity) in line.Kind is LineKind.Kit ? KitLines.Parts(line, lines, wish.Quantity) : [(line, wish.Quantity)])
            {
                if (wish.GoodsBack && goods.Kind is LineKind.Goods && issued.TryGetValue((order.Id.Value, goods.Line), out var left))
                {
                    back.Add(new TakeBackLine(goods.Line, goods.Sku!.Value, quantity, left.Quantity, new Money(left.Value, network.Company.Currency), goods.Returned));
                }

                if (goods.IsCustomers) continue;
                lines[Array.FindIndex(lines, l => l.Line == goods.Line)] = goods with { Returned = goods.Returned + quantity };
                credited.Add((order.Id, goods.Line));
            }
        }

        var note = NoteOf(id, order, credit, own, lines, network);
        notes.Add(note);
        noteLines.AddRange(own);
        locked[credit.Order] = (order with { Invoiced = order.Invoiced - note.Gross, Version = order.Version + 1 }, lines);
        if (back.Count > 0) returns.Add(new TakeBackRequest(note.Node, order.Ref, back, order.Channel, order.CustomerId, credit.Location));
        db.Work.Concerns(order.Number);
        db.Work.IsWorth(note.Gross);
        Raise(note, own, order, network.Channels[order.Channel]);
        return new CreditOrders.Answer(order.Id, order.Number, id.Value, note.Gross, null);
    }

    private InvoiceLine LineOf(Id<Invoice> note, int number, OrderLine line, Quantity quantity)
    {
        var net = Invoicing.Part(line.Net, line.Returned, quantity, line.Quantity);
        var tax = Invoicing.Part(line.Tax, line.Returned, quantity, line.Quantity);
        return new InvoiceLine(note, number, db.Company, line.Line, line.Kind, line.Sku, line.Description, quantity, line.Currency, net, tax, net + tax);
    }

    private Invoice NoteOf(Id<Invoice> id, Order order, CreditOrders.Credit credit, List<InvoiceLine> own, OrderLine[] lines, Network network)
    {
        var happenedAt = db.Work.HappenedAt ?? db.Now;
        var node = nodes[order.Id];
        var day = network.DayAt(node, happenedAt);
        var zero = Money.Zero(order.Currency);
        var net = own.Aggregate(zero, (sum, l) => sum + l.Net);
        var tax = own.Aggregate(zero, (sum, l) => sum + l.Tax);
        var gross = net + tax;
        var unpaid = order.Invoiced > order.Paid ? order.Invoiced - order.Paid : zero;
        return new Invoice(
            id, db.Company, true, Invoice.SeriesOf(true, day), null, order.Id, order.Number, null, null, order.Channel, order.CustomerId, order.CustomerName,
            node, day, happenedAt, db.Now, order.Currency, net, tax, gross, Invoicing.TaxesOf(order, own, lines),
            gross > unpaid ? gross - unpaid : zero, credit.Reason, credit.Reference, db.Work.Operation);
    }

    private void Raise(Invoice note, List<InvoiceLine> own, Order order, Channel channel) => db.Raise(new InvoiceIssued(
        note.Ref, true, order.Ref, order.Channel, channel.Kind, order.CustomerId, note.Node, note.Day, note.HappenedAt,
        [.. own.Select(l => new RevenueLine(l.Sku, Invoicing.KindOf(l), l.Quantity, l.Net))], note.Taxes, note.Net, note.Tax, note.Gross)
    {
        PaidBefore = channel.IsMarketplace ? Money.Zero(order.Currency) : note.PaidBefore,
        MarketplaceCollects = channel.IsMarketplace,
    });

    private sealed record IssuedValue(Guid Order, int Line, Quantity Quantity, long Value);

    private sealed record OrderNode(Id<Order> Order, NodeCode Node);
}
