using Keel.Kernel.Views;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Ui;

/// Where the records of one kind of document stand: `order` at `/orders/`, `product` at `/product/{number}`.
public sealed record RecordKind(string Kind, string Folder)
{
    /// Stands in the address of what is found by its number instead of its key.
    internal const string ByNumber = "{number}";
}

/// Finds the page of any document, whichever module it belongs to.
public sealed class RecordBook(IEnumerable<RecordKind> kinds, Viewer viewer)
{
    private readonly Dictionary<string, string> folders = kinds.ToDictionary(k => k.Kind, k => k.Folder, StringComparer.Ordinal);

    /// Null where nobody shows documents of this kind, or not to whoever looks.
    public string? Url(string kind, Guid id, string? number = null) =>
        folders.TryGetValue(kind, out var folder) && (folder.Contains(RecordKind.ByNumber, StringComparison.Ordinal) ? Named(folder, number) : folder + id) is { } href && viewer.Opens(href) ? href : null;

    public string? Url(DocumentRef document) => Url(document.Kind, document.Id, document.Number);

    private static string? Named(string folder, string? number) => string.IsNullOrEmpty(number) ? null : folder.Replace(RecordKind.ByNumber, Uri.EscapeDataString(number), StringComparison.Ordinal);
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

        public ModuleContents JoinsRecord<T>() where T : class, IJoinRecord =>
            contents.Desk<T>().Desk<IJoinRecord>(s => s.GetRequiredService<T>());

        /// Something that people begin from the palette: `Begins("Count a place", "/stock/adjust")`. The page says who may.
        public ModuleContents Begins(string title, string href) => contents.Desk(_ => new Beginning(title, href));

        public ModuleContents Finds<T>() where T : class, IFinder =>
            contents.Desk<T>().Desk<IFinder>(s => s.GetRequiredService<T>());

        /// A number on the day's page.
        public ModuleContents Tile<TView>(string title, string question, string href, StateRole role, string next, bool isStep = false) =>
            contents.Desk(_ => new TodayTile(title, typeof(TView), question, href, role, next) { IsStep = isStep });

        public ModuleContents JoinsList<T>() where T : class, IJoinList =>
            contents.Desk<T>().Desk<IJoinList>(s => s.GetRequiredService<T>());
    }
}
