using Keel.Partners.Contract;
using Keel.Pricing.Contract;
using Keel.Printing.Contract;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// An invoice on paper, as the customer gets it; from the second copy on it says so.
internal sealed class InvoicePaper(InvoiceSheets sheets) : IPaper
{
    public static readonly PaperKind Paper = new("invoice", "Invoice", "invoice", PaperForm.Document, SalesPermissions.Read) { MarksCopies = true, NamesPeople = true };

    public PaperKind Kind => Paper;

    public Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<DocumentRef> subjects, PaperStyle style, CancellationToken ct) => sheets.Draw([.. subjects.Select(s => s.Id)], isCredit: false, style, ct);

    public Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct) => sheets.Find(PaperSubject.Ids(keys), isCredit: false, ct);
}

/// A credit note on paper.
internal sealed class CreditNotePaper(InvoiceSheets sheets) : IPaper
{
    public static readonly PaperKind Paper = new("credit-note", "Credit note", "credit-note", PaperForm.Document, SalesPermissions.Read) { MarksCopies = true, NamesPeople = true };

    public PaperKind Kind => Paper;

    public Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<DocumentRef> subjects, PaperStyle style, CancellationToken ct) => sheets.Draw([.. subjects.Select(s => s.Id)], isCredit: true, style, ct);

    public Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct) => sheets.Find(PaperSubject.Ids(keys), isCredit: true, ct);
}

/// What stands on invoices and credit notes: posted, so that the same one always says the same. Without its number there is no paper yet.
internal sealed class InvoiceSheets(KeelDb db)
{
    public sealed record HeadRow(
        Guid Id, bool IsCredit, string Series, long? Number, string OrderNumber, string? ChannelNumber, string? ShipmentNumber, string CustomerName, NodeCode Node, DateOnly Day, Currency Currency,
        Money Net, Money Tax, Money Gross, [property: Json] IReadOnlyList<TaxTotal> Taxes, Money PaidBefore, string? Reason, [property: Json] PostalAddress? ShipTo, DeliveryTerm? DeliveryTerm,
        string? Language, string? VatId, string? PurchaseOrder = null);

    public sealed record LineRow(Guid InvoiceId, int Line, LineKind Kind, Sku? Sku, string Name, Quantity Quantity, Currency Currency, Money Net, Money Tax, Money Gross);

    public sealed record SubjectRow(Guid Id, string Series, long? Number, string? ShipmentNumber, string OrderNumber, NodeCode Node);

    public async Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<Guid> ids, bool isCredit, CancellationToken ct)
    {
        var rows = await db.Query<SubjectRow>(
            $"select id, series, number, shipment_number, order_number, node from sales.invoice where company_id = {db.Company} and is_credit = {isCredit} and id = any({ids}) order by id", ct);
        return [.. rows.Select(r => new PaperSubject(
            new DocumentRef((isCredit ? CreditNotePaper.Paper : InvoicePaper.Paper).Name, r.Id, r.Number is null ? $"{r.Series} for {r.ShipmentNumber ?? r.OrderNumber}" : Invoice.NameOf(r.Series, r.Number)), r.Node))];
    }

    public async Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<Guid> ids, bool isCredit, PaperStyle style, CancellationToken ct)
    {
        var heads = db.Ask<HeadRow>(
            $"""
            select i.id, i.is_credit, i.series, i.number, i.order_number, o.channel_number, i.shipment_number, i.customer_name, i.node, i.day, i.currency, i.net, i.tax, i.gross, i.taxes,
              i.paid_before, i.reason, o.ship_to, o.delivery_term, p.language, p.vat_id, o.purchase_order
            from sales.invoice i join sales.orders o on o.id = i.order_id left join partners.pub_partner p on p.company_id = i.company_id and p.id = i.customer_id
            where i.company_id = {db.Company} and i.is_credit = {isCredit} and i.number is not null and i.id = any({ids})
            """);
        var lines = await db.Query<LineRow>(
            $"""
            select l.invoice_id, l.line, l.kind, l.sku, coalesce(p.name, l.description, l.kind) as name, l.quantity, l.currency, l.net, l.tax, l.gross
            from sales.invoice_line l left join catalog.pub_product p on p.sku = l.sku where l.company_id = {db.Company} and l.invoice_id = any({ids}) order by l.invoice_id, l.line
            """, ct);
        var byInvoice = lines.ToLookup(l => l.InvoiceId);
        return heads.Value.ToDictionary(h => h.Id, h => (Sheet)SheetOf(h, [.. byInvoice[h.Id]], Tongue.Of(h.Language, style.Tongue)));
    }

    internal static DocumentSheet SheetOf(HeadRow head, IReadOnlyList<LineRow> lines, Tongue tongue)
    {
        var say = tongue.Say;
        return new DocumentSheet(say(head.IsCredit ? "credit-note" : "invoice"), Invoice.NameOf(head.Series, head.Number), tongue)
        {
            Day = head.Day,
            To = AddressLines(head.CustomerName, head.ShipTo),
            Facts =
            [
                new(say("date"), tongue.Day(head.Day)),
                new(say(head.IsCredit ? "corrects" : "order"), head.OrderNumber),
                .. Fact(say("your-order"), head.PurchaseOrder),
                .. Fact(say("your-reference"), head.ChannelNumber is { Length: > 0 } own && own != head.OrderNumber ? own : null),
                .. Fact(say("shipment"), head.ShipmentNumber),
                // The law wants the day of supply on an invoice; ours is issued on the day on which the goods leave.
                .. Fact(say("delivery-day"), head.IsCredit ? null : tongue.Day(head.Day)),
                .. Fact(say("delivery-term"), head.DeliveryTerm?.ToString().ToUpperInvariant()),
                .. Fact(say("your-vat-id"), head.VatId),
                .. Fact(say("reason"), head.Reason),
            ],
            Columns =
            [
                new(say("position"), 4), new(say("sku"), 16), new(say("what"), 34), new(say("quantity"), 9, IsRight: true),
                new(say("net"), 12, IsRight: true), new(say("tax"), 11, IsRight: true), new(say("gross"), 13, IsRight: true),
            ],
            Lines = [.. lines.Select(l => (IReadOnlyList<string>)
            [
                $"{l.Line}", l.Sku?.Text ?? "", l.Kind is LineKind.Shipping ? say("shipping") : l.Name, tongue.Count(l.Quantity), tongue.Amount(l.Net), tongue.Amount(l.Tax), tongue.Amount(l.Gross),
            ])],
            Totals = [.. Totals(head, tongue)],
            Remarks = [.. head.Taxes.Select(t => t.Liable).Distinct().Select(l => l switch { LiableParty.Customer => say("reverse-charge"), LiableParty.Marketplace => say("marketplace-owes"), _ => "" }).Where(r => r.Length > 0)],
        };
    }

    private static IEnumerable<SheetTotal> Totals(HeadRow head, Tongue tongue)
    {
        yield return new SheetTotal(tongue.Say("net"), tongue.Sum(head.Net));
        foreach (var tax in head.Taxes)
        {
            yield return new SheetTotal(string.Format(System.Globalization.CultureInfo.InvariantCulture, tongue.Say("tax-on"), tongue.Rate(tax.Rate), tongue.Sum(tax.Base)), tongue.Sum(tax.Tax));
        }

        if (head.IsCredit)
        {
            yield return new SheetTotal(tongue.Say("credited"), tongue.Sum(head.Gross), IsStrong: true);
            yield break;
        }

        yield return new SheetTotal(tongue.Say("gross"), tongue.Sum(head.Gross), IsStrong: head.PaidBefore.IsZero);
        if (head.PaidBefore.IsZero) yield break;
        yield return new SheetTotal(tongue.Say("paid"), tongue.Sum(head.PaidBefore));
        yield return new SheetTotal(tongue.Say("to-pay"), tongue.Sum(head.Gross - head.PaidBefore), IsStrong: true);
    }

    private static SheetFact[] Fact(string label, string? value) => value is { Length: > 0 } ? [new(label, value)] : [];

    private static string[] AddressLines(string name, PostalAddress? at) => at is null
        ? [name]
        : [.. new[] { name, at.Line1, at.Line2, $"{at.PostalCode} {at.City}", at.Country }.Where(l => l is { Length: > 0 }).Select(l => l!)];
}

/// Invoices and credit notes go to their printers as the policy says; the paper waits for its number.
internal sealed class PrintIssued(PrintDesk prints) : IHandle<InvoiceIssued>
{
    public Task Handle(InvoiceIssued issued, CancellationToken ct) => prints.After(PrintMoment.InvoiceIssued, [new PaperSubject(issued.Document, issued.Node)], ct);
}
