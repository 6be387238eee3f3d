namespace Keel.Printing.Contract;

/// A kind of paper or label: what it is called, which records it is about, what it comes out on, and who may see what stands on it.
public sealed record PaperKind(string Name, string Title, string Subject, PaperForm Form, string Permission)
{
    /// From the second copy on the paper itself says which copy it is: the law wants that of invoices.
    public bool MarksCopies { get; init; }

    /// Names and addresses stand on it: only who may see personal data may have it.
    public bool NamesPeople { get; init; }

    /// The permissions of the steps that need it: whoever may do one of them may print it, for the parcel needs its label whoever packs it.
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// True for who may see what stands on it.
    public bool IsFor(Func<string, bool> may) => may(Permission) && (!NamesPeople || may(Kernel.Views.Viewer.SeePersonal));

    /// True for who may send it to a printer: who may see it, and who does the step that it is for.
    public bool IsPrintedBy(Func<string, bool> may) => IsFor(may) || may(Permission) && Steps.Any(may);

    /// How soon somebody should have taken it to a printer; after that it is a case.
    public TimeSpan Target { get; init; } = TimeSpan.FromMinutes(5);
}

/// What a paper comes out on.
public enum PaperForm
{
    Document,
    Label,
}

/// Makes the sheets of one kind of paper from the records that it is about. The module that owns the records knows how.
public interface IPaper
{
    PaperKind Kind { get; }

    /// The sheet of each record that is ready for it, by its id. A record that is missing in the answer does not exist, or is not ready yet.
    Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<DocumentRef> subjects, PaperStyle style, CancellationToken ct);

    /// The records of these keys, as lists name them: ids, or codes where records have one. Asked when a job is made, before the sheet can be drawn.
    Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct);
}

/// A record that a paper is about, under the key by which it was asked for, and the node whose printers it goes to; none where it belongs to none.
public sealed record PaperSubject(DocumentRef Document, NodeCode Node, string Key)
{
    public PaperSubject(DocumentRef document, NodeCode node) : this(document, node, document.Id.ToString())
    {
    }

    /// The keys that are ids.
    public static Guid[] Ids(IEnumerable<string> keys) => [.. keys.Select(k => Guid.TryParse(k, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).Distinct()];

    /// The id of a record that has a code only: the same for the same code, so that its copies are counted.
    public static Guid IdOf(string kind, string code) => new(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{kind}:{code}")).AsSpan(0, 16));
}

/// What makers know of the company's letterhead: the language where the reader's own is not known, and the prefix of its GS1 numbers.
public sealed record PaperStyle(string Company, string Sender, Tongue Tongue, string? Gs1Prefix);

/// A happening after which papers may be printed by themselves; the policy says which.
public enum PrintMoment
{
    ShipmentReleased,
    ShipmentPacked,
    ShipmentShipped,
    InvoiceIssued,
}

/// How a module says which papers it can make.
public static class ModulePapers
{
    extension(ModuleContents contents)
    {
        public ModuleContents Paper<T>() where T : class, IPaper =>
            contents.Desk<T>().Desk<IPaper>(s => (IPaper)s.GetService(typeof(T))!);
    }
}
