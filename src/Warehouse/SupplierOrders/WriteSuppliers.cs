using Keel.Messages.Contract;
using Keel.Partners.Contract;
using Keel.Printing.Contract;

namespace Keel.Warehouse;

/// A supplier is asked to send, or to cancel.
internal sealed record SupplierAsked(Id<SupplierOrder> Order, bool IsCancelled) : IDelivered
{
    public string Subject => "supplier order " + Order;
}

/// The mails to suppliers who send to our customers directly.
internal static class SupplierMails
{
    private static readonly Placeholder[] Words =
    [
        new("number", PlaceholderKind.Text, "The supplier order's number", "PO-2026-000007", IsNeeded: true), new("supplier", PlaceholderKind.Text, "The supplier's name", "Toolmakers Ltd"),
        new("lines", PlaceholderKind.Text, "What is to be sent, one line each", "2 × LIG-167-OAT Lamp, oat"), new("to", PlaceholderKind.Text, "Who gets it", "Elin Vester, Zijlweg 12, 2013 DH Haarlem, NL"),
        new("shipBy", PlaceholderKind.Day, "The day by which it is to leave", "9 April 2026"), new("company", PlaceholderKind.Text, "Our name", "Harbour Home"),
    ];

    public static readonly MailTemplate Order = new("supplier-order", "Supplier order", "A supplier is asked to send goods to a customer.", Words,
        new("Order {{number}}: please send to our customer", "Dear {{supplier}},\n\nplease send directly to our customer:\n\n{{lines}}\n\nTo: {{to}}\nIt is to leave by {{shipBy}}. Put {{number}} on the parcel and no prices into it, and answer with the day on which it leaves.\n\nKind regards\n{{company}}"),
        new("Bestellung {{number}}: bitte an unseren Kunden senden", "Guten Tag {{supplier}},\n\nbitte senden Sie direkt an unseren Kunden:\n\n{{lines}}\n\nAn: {{to}}\nVersand bis {{shipBy}}. Vermerken Sie {{number}} auf dem Paket, legen Sie keine Preise bei, und nennen Sie uns den Tag des Versands.\n\nMit freundlichen Grüßen\n{{company}}"));

    public static readonly MailTemplate Cancel = new("supplier-order-cancel", "Supplier order to be cancelled", "A supplier is asked to cancel what it was to send.", Words,
        new("Please cancel {{number}}", "Dear {{supplier}},\n\nplease do not send what we ordered as {{number}}:\n\n{{lines}}\n\nTell us whether it can still be stopped.\n\nKind regards\n{{company}}"),
        new("Bitte stornieren Sie {{number}}", "Guten Tag {{supplier}},\n\nbitte senden Sie nicht mehr, was wir als {{number}} bestellt haben:\n\n{{lines}}\n\nSagen Sie uns, ob es noch aufzuhalten ist.\n\nMit freundlichen Grüßen\n{{company}}"));
}

/// Mails a supplier what it is asked, once for each asking. Whoever has no address is told by other means.
internal sealed class WriteSupplier(KeelDb db, PartnersDesk partners, MailDesk mails) : IDeliver<SupplierAsked>
{
    private sealed record LineRow(Sku Sku, string Name, Quantity Quantity);

    public async Task Deliver(SupplierAsked happened, CancellationToken ct)
    {
        if (await db.Table<SupplierOrder>().Find($"company_id = {db.Company} and id = {happened.Order}", ct) is not { } order) return;
        if (await db.Table<SupplierTerms>().Find($"company_id = {db.Company} and node = {order.Node}", ct) is not { Email: { Length: > 0 } address }) return;
        var company = db.Ask<string>($"select name from kernel.company where id = {db.Company}");
        var lines = await db.Query<LineRow>(
            $"""
            select l.sku, coalesce(p.name, l.sku) as name, (l.quantity - l.dispatched - l.refused) as quantity from warehouse.supplier_order_line l left join catalog.pub_product p on p.sku = l.sku
            where l.supplier_order_id = {order.Id} and l.quantity > l.dispatched + l.refused order by l.line limit 200
            """, ct);
        var supplier = await partners.MailOf(new Id<Partner>(order.SupplierId), ct);
        var to = order.ShipTo is { } at ? string.Join(", ", new[] { order.CustomerName, at.Line1, at.Line2, $"{at.PostalCode} {at.City}", at.Country }.Where(p => p is { Length: > 0 })) : order.CustomerName;
        var values = new Dictionary<string, object?>
        {
            ["number"] = order.Number, ["supplier"] = order.SupplierName, ["lines"] = string.Join('\n', lines.Select(l => $"{l.Quantity} × {l.Sku} {l.Name}")), ["to"] = to, ["shipBy"] = order.ShipBy, ["company"] = company.Value[0],
        };
        var once = happened.IsCancelled ? $"supplier cancel {order.Id} {order.CancelAskedAt:O}" : $"supplier order {order.Id}";
        await mails.Write(happened.IsCancelled ? SupplierMails.Cancel : SupplierMails.Order,
            new MailTo(address, order.SupplierName, MailToKind.Other, order.SupplierId, MailTemplate.LanguageOf(supplier?.Language, supplier?.Country)), values, order.Ref, once, ct);
    }
}

/// A supplier order on paper.
internal sealed class SupplierOrderPaper(KeelDb db) : IPaper
{
    public static readonly PaperKind Paper = new("supplier-order", "Supplier order", SupplierOrder.RecordKind, PaperForm.Document, WarehousePermissions.Read) { NamesPeople = true };

    private sealed record Subject(Guid Id, string Number, NodeCode Node);

    private sealed record Row(Guid SupplierOrderId, int Line, Sku Sku, string Name, Quantity Quantity);

    public PaperKind Kind => Paper;

    public async Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct) =>
        [.. (await db.Query<Subject>($"select id, number, node from warehouse.supplier_order where company_id = {db.Company} and id = any({PaperSubject.Ids(keys)}) order by id", ct)).Select(f => new PaperSubject(new DocumentRef(SupplierOrder.RecordKind, f.Id, f.Number), f.Node))];

    public async Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<DocumentRef> subjects, PaperStyle style, CancellationToken ct)
    {
        var ids = subjects.Select(s => s.Id).ToArray();
        var heads = db.Ask<SupplierOrder>($"{SupplierOrder.Columns} where company_id = {db.Company} and id = any({ids})");
        var lines = await db.Query<Row>(
            $"""
            select l.supplier_order_id, l.line, l.sku, coalesce(p.name, l.sku) as name, l.quantity - l.refused as quantity from warehouse.supplier_order_line l left join catalog.pub_product p on p.sku = l.sku
            where l.company_id = {db.Company} and l.supplier_order_id = any({ids}) and l.quantity > l.refused order by l.supplier_order_id, l.line
            """, ct);
        var linesOf = lines.ToLookup(l => l.SupplierOrderId);
        return heads.Value.ToDictionary(h => h.Id.Value, h => (Sheet)SheetOf(h, [.. linesOf[h.Id.Value]], style.Tongue));
    }

    private static DocumentSheet SheetOf(SupplierOrder head, IReadOnlyList<Row> lines, Tongue tongue)
    {
        var say = tongue.Say;
        var day = DateOnly.FromDateTime(head.AskedAt.UtcDateTime);
        string[] to = head.ShipTo is { } at ? [.. new[] { head.CustomerName, at.Line1, at.Line2, $"{at.PostalCode} {at.City}", at.Country }.Where(l => l is { Length: > 0 }).Select(l => l!)] : [head.CustomerName];
        return new DocumentSheet(say("supplier-order"), head.Number, tongue)
        {
            Day = day,
            Barcode = head.Number,
            To = to,
            Facts = [new(say("date"), tongue.Day(day)), new(say("supplier"), head.SupplierName), new(say("order"), head.OrderNumber), new(say("ship-by"), tongue.Day(head.ShipBy)), .. head.Reference is { } own ? [new SheetFact(say("your-reference"), own)] : Array.Empty<SheetFact>()],
            Columns = [new(say("position"), 5), new(say("sku"), 20), new(say("what"), 45), new(say("quantity"), 10, IsRight: true)],
            Lines = [.. lines.Select(l => (IReadOnlyList<string>)[$"{l.Line}", l.Sku.Text, l.Name, tongue.Count(l.Quantity)])],
            Remarks = [say("send-directly")],
        };
    }
}
