using Keel.Printing.Contract;

namespace Keel.Stock;

/// The statement of an owner on paper: what came, what became ours, what went back, what is there, and what is owed.
internal sealed class OwnerStatementPaper(KeelDb db) : IPaper
{
    public static readonly PaperKind Form = new("owner-statement", "Statement of goods", OwnerStatement.RecordKind, PaperForm.Document, StockPermissions.Owners);

    private sealed record Head(Guid Id, string Number, string Owner, string Name, string? Language, DateOnly FromOn, DateOnly UntilOn, Money Owed, Currency Currency);

    private sealed record Line(Guid StatementId, Sku Sku, string Name, Quantity Opening, Quantity Came, Quantity Used, Quantity GivenBack, Quantity Corrected, Money Owed, Currency Currency);

    public PaperKind Kind => Form;

    public async Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct) =>
        [.. (await Heads(PaperSubject.Ids(keys), ct)).Select(h => new PaperSubject(new DocumentRef(OwnerStatement.RecordKind, h.Id, h.Number), default))];

    public async Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<DocumentRef> subjects, PaperStyle style, CancellationToken ct)
    {
        var ids = subjects.Select(s => s.Id).ToArray();
        var lines = (await db.Query<Line>(
            $"""
            select l.statement_id, l.sku, coalesce((select p.name from catalog.pub_product p where p.sku = l.sku), l.sku) as name, l.opening, l.came, l.used, l.given_back, l.corrected, l.owed, l.currency
            from stock.owner_statement_line l where l.company_id = {db.Company} and l.statement_id = any({ids}) order by l.sku
            """, ct)).ToLookup(l => l.StatementId);
        return (await Heads(ids, ct)).ToDictionary(h => h.Id, h => (Sheet)SheetOf(h, [.. lines[h.Id]], Tongue.Of(h.Language, style.Tongue)));
    }

    private static DocumentSheet SheetOf(Head head, Line[] lines, Tongue tongue)
    {
        var say = tongue.Say;
        return new DocumentSheet(say("owner-statement"), head.Number, tongue)
        {
            Day = head.UntilOn,
            To = [head.Name],
            Facts = [new(say("owner-number"), head.Owner), new(say("from-day"), tongue.Day(head.FromOn)), new(say("until-day"), tongue.Day(head.UntilOn))],
            Columns =
            [
                new(say("sku"), 14), new(say("what"), 26), new(say("opening"), 9, IsRight: true), new(say("came"), 9, IsRight: true), new(say("used"), 9, IsRight: true), new(say("given-back"), 9, IsRight: true),
                new(say("corrected"), 9, IsRight: true), new(say("closing"), 9, IsRight: true), new(say("owed"), 12, IsRight: true),
            ],
            Lines =
            [
                .. lines.Select(l => (IReadOnlyList<string>)
                [
                    l.Sku.Text, l.Name, tongue.Count(l.Opening), tongue.Count(l.Came), tongue.Count(l.Used), tongue.Count(l.GivenBack), tongue.Count(l.Corrected),
                    tongue.Count(l.Opening + l.Came - l.Used - l.GivenBack + l.Corrected), tongue.Amount(l.Owed),
                ]),
            ],
            Totals = [new(say("owed"), tongue.Sum(head.Owed), IsStrong: true)],
        };
    }

    private Task<List<Head>> Heads(IReadOnlyList<Guid> ids, CancellationToken ct) => db.Query<Head>(
        $"""
        select s.id, s.number, s.owner, coalesce(p.name, s.owner) as name, p.language, s.from_on, s.until_on, s.owed, s.currency
        from stock.owner_statement s left join stock.owner o on o.company_id = s.company_id and o.code = s.owner left join partners.pub_partner p on p.id = o.partner
        where s.company_id = {db.Company} and s.id = any({ids}) order by s.number
        """, ct);
}
