using Keel.Kernel.Views;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Ui;

/// Where the records of one kind of document stand: `order` at `/orders/`, `product` at `/product/{number}`, and who may see them.
public sealed record RecordKind(string Kind, string Folder)
{
    /// Stands in the address of what is found by its number instead of its key.
    internal const string ByNumber = "{number}";

    public string Permission { get; init; } = "";

    /// What people call one, and the table: `number from sales.orders`. Null where nothing can be hung on such a record.
    public string? Row { get; init; }

    /// It is known by its name alone, in every company: a product.
    public bool IsNamed => Folder.Contains(ByNumber, StringComparison.Ordinal);
}

/// Finds the page of any document, whichever module it belongs to.
public sealed class RecordBook(IEnumerable<RecordKind> kinds, Viewer viewer)
{
    private readonly Dictionary<string, RecordKind> kinds = kinds.ToDictionary(k => k.Kind, StringComparer.Ordinal);

    public static readonly Error Unknown = Error.NotFound("record.unknown", "There is no such record in this company, or you may not see it.");

    /// Null where nobody shows documents of this kind, or not to whoever looks.
    public string? Url(string kind, Guid id, string? number = null) => Address(kind, id, number) is { } href && viewer.Opens(href) ? href : null;

    public string? Url(DocumentRef document) => Url(document.Kind, document.Id, document.Number);

    /// The address for somebody else, who is let in or not when they come: what stands in a mail.
    public string? Address(DocumentRef document) => Address(document.Kind, document.Id, document.Number);

    private string? Address(string kind, Guid id, string? number) =>
        !kinds.TryGetValue(kind, out var known) ? null
        : !known.IsNamed ? known.Folder + id
        : string.IsNullOrEmpty(number) ? null : known.Folder.Replace(RecordKind.ByNumber, Uri.EscapeDataString(number), StringComparison.Ordinal);

    /// Those of these keys that are records of this company which whoever looks may see, with the numbers that people know. One statement.
    public async Task<IReadOnlyDictionary<Guid, DocumentRef>> Named(KeelDb db, IReadOnlyCollection<Guid> ids, CancellationToken ct = default)
    {
        var sql = new SqlText();
        foreach (var kind in kinds.Values.Where(k => k is { Row: not null, IsNamed: false } && viewer.May(k.Permission)).DistinctBy(k => k.Row))
        {
            var at = kind.Row!.LastIndexOf(" from ", StringComparison.Ordinal);
            sql.Words(sql.Text.Length == 0 ? "" : " union all ").Append($"select {kind.Kind}::text as kind, id, ").Words($"({kind.Row[..at]})::text as number{kind.Row[at..]}")
                .Append($" where company_id = {db.Company} and id = any({ids.ToArray()})");
        }

        return sql.Text.Length == 0 ? new Dictionary<Guid, DocumentRef>()
            : (await db.Query<DocumentRow>(sql, ct)).DistinctBy(r => r.Id).ToDictionary(r => r.Id, r => new DocumentRef(r.Kind, r.Id, r.Number));
    }

    private sealed record DocumentRow(string Kind, Guid Id, string Number);

    /// The kinds of records that somebody may see.
    public string[] Seen(Func<string, bool> may) => [.. kinds.Values.Where(k => k.Row is not null && (k.Permission.Length == 0 || may(k.Permission))).Select(k => k.Kind)];

    /// The record as it is known in this company; refused where there is none, or where whoever asks may not see it.
    public async Task<Result<DocumentRef>> Find(KeelDb db, string kind, Guid id, string? number, CancellationToken ct)
    {
        if (!kinds.TryGetValue(kind, out var known) || known.Row is not { } row || known.Permission.Length > 0 && !db.Work.Actor.May(known.Permission)) return Unknown;
        var one = new SqlText.Verbatim("select " + row);
        if (!known.IsNamed) return await db.First<string>($"{one} where company_id = {db.Company} and id = {id}", ct) is { } found ? new DocumentRef(kind, id, found) : Unknown;
        var named = DocumentRef.Named(kind, number ?? "");
        return named.Id == id && await db.First<string>($"{one} where {new SqlText.Verbatim(row[..row.IndexOf(' ', StringComparison.Ordinal)])} = {number}", ct) is not null ? named : Unknown;
    }
}

/// What an upper module adds to the record of a lower module's document: what hangs on it, what can be done, what happened, a panel
/// of its own.
/// It asks its questions with `Ask`; they travel with those of the record, and the rest is read after that round trip.
public interface IJoinRecord
{
    /// The kind of document that it joins: `order`. A star joins all that have nothing better to say.
    string Kind { get; }

    void Ask(DocumentRef document);

    IReadOnlyList<SmartLinks.SmartLink> Links => [];
    IReadOnlyList<Act> Acts => [];
    IReadOnlyList<TimelineEntry> Timeline => [];
    RenderFragment? Panel => null;

    /// Its acts stand behind those of the record, for they are seldom what somebody came for.
    bool ComesLast => false;
}

/// What an upper module offers for selected rows of a lower module's list.
public interface IJoinList
{
    /// The view that the list shows: `sales.orders`.
    string View { get; }
    IReadOnlyList<Act> Bulk { get; }
}

/// Finds who joins a record.
public static class RecordJoins
{
    public static IJoinRecord[] For(this IEnumerable<IJoinRecord> all, string kind) => [.. all.Where(j => j.Kind == kind)];

    /// With those that join every kind of document.
    public static IJoinRecord[] ForAny(this IEnumerable<IJoinRecord> all, string kind) =>
        [.. all.Where(j => j.Kind == kind || j.Kind == "*")];
}

/// How a module says where its records stand and which records and lists of others it joins.
public static class ModuleRecords
{
    extension(ModuleContents contents)
    {
        /// Documents of a kind have a page: `Record("order", "/orders/")`.
        public ModuleContents Record(string kind, string folder) => contents.Desk(_ => new RecordKind(kind, folder));

        /// Documents of a kind have a page for those with a permission, and notes, files and watchers can be hung on them.
        /// `row` says what people call one and where it stands: `number from sales.orders`.
        public ModuleContents Record(string kind, string folder, string permission, string row) =>
            contents.Desk(_ => new RecordKind(kind, folder) { Permission = permission, Row = row });

        public ModuleContents JoinsRecord<T>() where T : class, IJoinRecord =>
            contents.Desk<T>().Desk<IJoinRecord>(s => s.GetRequiredService<T>());

        /// Something that people begin from the palette: `Begins("Count a place", "/stock/adjust")`. The page says who may.
        public ModuleContents Begins(string title, string href) => contents.Desk(_ => new Beginning(title, href));

        public ModuleContents Finds<T>() where T : class, IFinder =>
            contents.Desk<T>().Desk<IFinder>(s => s.GetRequiredService<T>());

        /// A number on the day's page.
        public ModuleContents Tile<TView>(string title, string question, string href, StateRole role, string next, bool isStep = false, string needs = "") =>
            contents.Desk(_ => new TodayTile(title, typeof(TView), question, href, role, next) { IsStep = isStep, Needs = needs });

        /// What is most worth knowing of a record, for the pages of cases about it.
        public ModuleContents Facts<T>() where T : class, IRecordFacts =>
            contents.Desk<T>().Desk<IRecordFacts>(s => s.GetRequiredService<T>());

        public ModuleContents JoinsList<T>() where T : class, IJoinList =>
            contents.Desk<T>().Desk<IJoinList>(s => s.GetRequiredService<T>());
    }
}
