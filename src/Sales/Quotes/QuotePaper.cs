using Keel.Printing.Contract;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// A quote on paper, in its latest version.
internal sealed class QuotePaper(KeelDb db) : IPaper
{
    public static readonly PaperKind Paper = new("quote", "Quote", "quote", PaperForm.Document, SalesPermissions.Read) { NamesPeople = true };

    private sealed record Subject(Guid Id, string Number, NodeCode Node);

    private sealed record Head(
        Guid Id, string Number, int Version, string? Customer, int PaymentTermsDays, string? Language, DateOnly Day, DateOnly ValidUntil, DateOnly? DeliverOn, DeliveryTerm? DeliveryTerm, string? PurchaseOrder, string? Notes,
        Currency Currency, Money Net, Money Tax, Money Gross);

    private sealed record Row(Guid QuoteId, int Line, Sku Sku, string Name, Quantity Quantity, UnitPrice UnitPrice, Currency Currency, Money Net, Money Gross);

    public PaperKind Kind => Paper;

    public async Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct)
    {
        var ids = PaperSubject.Ids(keys);
        var found = await db.Query<Subject>($"select q.id, q.number, (select s.nodes ->> 0 from kernel.channel s where s.company_id = q.company_id and s.code = q.channel) as node from sales.quote q where q.company_id = {db.Company} and q.id = any({ids}) order by q.id", ct);
        return [.. found.Select(f => new PaperSubject(new DocumentRef(Quote.RecordKind, f.Id, f.Number), f.Node))];
    }

    public async Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<DocumentRef> subjects, PaperStyle style, CancellationToken ct)
    {
        var ids = subjects.Select(s => s.Id).ToArray();
        var heads = db.Ask<Head>(
            $"""
            select q.id, q.number, q.version, p.name as customer, p.payment_terms_days, p.language, (v.at at time zone c.zone)::date as day, v.valid_until, v.deliver_on, v.delivery_term, v.purchase_order, v.notes, v.currency, v.net, v.tax, v.gross
            from sales.quote q join sales.quote_version v on v.quote_id = q.id and v.version = q.version join partners.pub_partner p on p.id = q.customer_id join kernel.company c on c.id = q.company_id
            where q.company_id = {db.Company} and q.id = any({ids})
            """);
        var lines = await db.Query<Row>(
            $"""
            select l.quote_id, l.line, l.sku, coalesce(p.name, l.sku) as name, l.quantity, l.unit_price, l.currency, l.net, l.gross
            from sales.quote_line l join sales.quote q on q.id = l.quote_id and q.version = l.version left join catalog.pub_product p on p.sku = l.sku where l.company_id = {db.Company} and l.quote_id = any({ids}) order by l.quote_id, l.line
            """, ct);
        var linesOf = lines.ToLookup(l => l.QuoteId);
        return heads.Value.ToDictionary(h => h.Id, h => (Sheet)SheetOf(h, [.. linesOf[h.Id]], Tongue.Of(h.Language, style.Tongue)));
    }

    private static DocumentSheet SheetOf(Head head, IReadOnlyList<Row> lines, Tongue tongue)
    {
        var say = tongue.Say;
        return new DocumentSheet(say("quote"), head.Version == 1 ? head.Number : $"{head.Number} / {head.Version}", tongue)
        {
            Day = head.Day,
            To = [head.Customer ?? ""],
            Facts =
            [
                new(say("date"), tongue.Day(head.Day)), new(say("valid-until"), tongue.Day(head.ValidUntil)),
                .. head.DeliverOn is { } on ? [new SheetFact(say("delivery-day"), tongue.Day(on))] : Array.Empty<SheetFact>(),
                .. head.DeliveryTerm is { } term ? [new SheetFact(say("delivery-term"), term.ToString().ToUpperInvariant())] : Array.Empty<SheetFact>(),
                .. head.PurchaseOrder is { } reference ? [new SheetFact(say("your-reference"), reference)] : Array.Empty<SheetFact>(),
            ],
            Columns =
            [
                new(say("position"), 4), new(say("sku"), 16), new(say("what"), 36), new(say("quantity"), 10, IsRight: true), new(say("unit-price"), 12, IsRight: true), new(say("net"), 11, IsRight: true), new(say("gross"), 11, IsRight: true),
            ],
            Lines = [.. lines.Select(l => (IReadOnlyList<string>)[$"{l.Line}", l.Sku.Text, l.Name, tongue.Count(l.Quantity), l.UnitPrice.Price.ToString("0.00##", System.Globalization.CultureInfo.InvariantCulture), tongue.Amount(l.Net), tongue.Amount(l.Gross)])],
            Totals = [new SheetTotal(say("net"), tongue.Sum(head.Net)), new SheetTotal(say("tax"), tongue.Sum(head.Tax)), new SheetTotal(say("gross"), tongue.Sum(head.Gross), IsStrong: true)],
            Remarks = head.Notes is { } notes ? [notes] : [],
        };
    }
}
