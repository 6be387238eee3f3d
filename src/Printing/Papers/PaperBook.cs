using Keel.Printing.Contract;
using Keel.Printing.Labels;

namespace Keel.Printing;

/// A paper as it goes to a printer or a browser.
internal sealed record Printed(string Name, string MediaType, byte[] Content);

/// All kinds of papers that the house can make, and the way from a record to what is sent.
internal sealed class PaperBook(KeelDb db, IEnumerable<IPaper> papers, Policies policies, Settings settings, Sights sights)
{
    private readonly Dictionary<string, IPaper> byName = papers.ToDictionary(p => p.Kind.Name, StringComparer.Ordinal);

    public static readonly Error NoPaper = Error.Invalid("printing.no-such-paper", "There is no such kind of paper. The list of routes names all.");
    public static readonly Error NotReady = Error.NotFound("printing.nothing-to-print", "There is nothing to print: the record does not exist, or is not ready yet. An invoice gets its number within a second.");
    public static readonly Error NotYours = new("printing.not-yours", "You may not see what stands on this paper.", Refusal.Forbidden);
    public static readonly Error NoZpl = Error.Invalid("printing.no-zpl", "Only labels are written in ZPL; this is a document.");

    public IReadOnlyList<PaperKind> Kinds => [.. byName.Values.Select(p => p.Kind).OrderBy(k => k.Title, StringComparer.Ordinal)];

    public IPaper? Find(string name) => byName.GetValueOrDefault(name);

    /// The words of a kind; its name where nobody knows it any more.
    public string TitleOf(string name) => Find(name)?.Kind.Title ?? name;

    /// One paper as a PDF, or as ZPL where a label printer wants it; refused where there is nothing to print or this actor may not see it.
    public async Task<Result<Printed>> Print(string name, string key, int copy, int? zplDpi, int sheets = 1, CancellationToken ct = default)
    {
        if (Find(name) is not { } paper) return NoPaper;
        if (!paper.Kind.IsFor(db.Work.Actor.May)) return NotYours;
        if (await paper.Find([key], ct) is not [var subject]) return NotReady;
        if (subject.Node.Text.Length > 0 && !db.Work.Actor.MayAt(subject.Node)) return NotYours;
        var drawn = await Draw(name, [subject.Document], ct);
        if (!drawn.TryGetValue(subject.Document.Id, out var sheet)) return NotReady;
        if (zplDpi is not null && sheet is not LabelSheet) return NoZpl;
        Handed(paper.Kind, subject.Document.Id);
        return await Write(paper.Kind, sheet, copy, zplDpi, sheets, ct);
    }

    /// A paper with names on it leaves the house: it is remembered who got it.
    public void Handed(PaperKind kind, Guid subject)
    {
        if (kind.NamesPeople) sights.Note(db.Work, kind.Name, SightWay.Record, subject.ToString());
    }

    public async Task<IReadOnlyDictionary<Guid, Sheet>> Draw(string name, IReadOnlyList<DocumentRef> subjects, CancellationToken ct)
    {
        var (letterhead, company) = await Style(ct);
        var style = new PaperStyle(company, letterhead.Sender, Tongue.Of(letterhead.Language, Tongue.English), letterhead.Gs1Prefix);
        return await byName[name].Draw(subjects, style, ct);
    }

    public async Task<Printed> Write(PaperKind kind, Sheet sheet, int copy, int? zplDpi, int sheets, CancellationToken ct)
    {
        var (letterhead, company) = await Style(ct);
        return sheet switch
        {
            LabelSheet label when zplDpi is { } dpi => new Printed(FileOf(sheet) + ".zpl", "application/zpl", System.Text.Encoding.UTF8.GetBytes(Zpl.Write(label, dpi, sheets))),
            LabelSheet label => new Printed(FileOf(sheet) + ".pdf", "application/pdf", LabelPdf.Write(label, DateTimeOffset.UnixEpoch)),
            DocumentSheet document => new Printed(FileOf(sheet) + ".pdf", "application/pdf", DocumentLayout.Write(document, letterhead, company, kind.MarksCopies ? copy : 1)),
            _ => throw new InvariantBroken($"Nobody knows how to write a {sheet.GetType().Name}."),
        };
    }

    private async Task<(Letterhead Letterhead, string Company)> Style(CancellationToken ct)
    {
        var letterhead = (await policies.Of<Letterhead>(ct)).Choice;
        return (letterhead, (await Network.Of(settings, ct)).Company.Name);
    }

    private static string FileOf(Sheet sheet) => string.Concat($"{sheet.Title} {sheet.Number}".Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
}
