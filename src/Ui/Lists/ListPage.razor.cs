using Keel.Kernel.Views;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace Keel.Ui;

/// A page over a view: saved filters, search, filters, sort, paging, bulk operations, export. The address says it all.
public partial class ListPage<View, Row>
{
    private const string Picked = "pick";
    private readonly ColumnSet<Row> columns = new();
    private ViewPage<Row>? found;
    private Error? refusal;
    private readonly List<(ListTab Tab, ViewQuery Query, Later<Counted>? Count, bool IsHere, SavedFilter? Saved)> tabs = [];
    private IReadOnlyList<SavedFilter> saved = [];
    private IReadOnlyList<SavedFilter> broken = [];
    private bool opensElsewhere;

    /// Whatever is asked, the list has no row at all.
    private bool isBare;
    private Later<int>? matching;
    private ViewGroups? groups;
    private IReadOnlyList<Act> allowed = [];
    private Told told = null!;

    [Parameter, EditorRequired] public string Title { get; set; } = "";

    /// The `Column`s and `Cell`s; the first one carries the link to the record.
    [Parameter] public RenderFragment? ChildContent { get; set; }

    /// Saved filters, the first one for the plain list.
    [Parameter] public IReadOnlyList<ListTab> Tabs { get; set; } = [];

    /// What can be done with selected rows, the main one first.
    [Parameter] public IReadOnlyList<Act> Bulk { get; set; } = [];

    /// The page that makes a new one.
    [Parameter] public Act? New { get; set; }

    /// More buttons at the top right.
    [Parameter] public RenderFragment? Actions { get; set; }

    /// Behind the title and its count.
    [Parameter] public RenderFragment? Beside { get; set; }

    /// Sums in the foot: `<span><b>1,038</b> units</span>`.
    [Parameter] public RenderFragment? Totals { get; set; }

    /// What to show while there is nothing at all: an `Empty` that says what this is for.
    [Parameter] public RenderFragment? Empty { get; set; }

    /// What the rows are, where the title does not say it: `accounts`.
    [Parameter] public string? Noun { get; set; }

    /// What the search box looks for; without searched columns there is no box.
    [Parameter] public string Search { get; set; } = "Search";

    /// The arguments of a view that is about something.
    [Parameter] public object? Args { get; set; }

    private string Path => "/" + Navigation.ToBaseRelativePath(Navigation.Uri).Split('?', '#')[0];
    private string Here => Url(found!.Query);
    private bool CanPick => allowed.Count > 0;
    private bool IsNarrowed => found is { Query: var q } && (q.Filters.Count > 0 || q.Search is not null);

    /// The tab whose question this is, where it is just that.
    private string? Tab => tabs.Find(t => t.IsHere).Tab?.Title;
    private string CountText => found is null ? "" : IsNarrowed ? Words.T($"{found.Count} of them") : Words.T($"{found.Count} in all");
    private IReadOnlyList<IListColumn<Row>> Offered =>
        [.. columns.All.Where(c => c.Member is null || found!.Info.Column(c.Member) is not null || !IsOfView(c.Member))];

    /// The file has the columns that are seen, in the order in which they stand.
    private string ExportUrl(FileKind kind) =>
        ViewAddress.ForPeople(found!.Info, found.Query with { Group = null, Columns = [.. ShownColumns.Select(c => c.Member is null ? null : found.Info.Column(c.Member)?.Name).OfType<string>().Distinct()] }, ArgFields, kind);

    private IReadOnlyList<IListColumn<Row>> ShownColumns
    {
        get
        {
            var chosen = found!.Query.Columns;
            if (chosen.Count == 0) return Offered;

            // Those that were chosen stand in the order they were chosen in; a cell of the page's own stays behind the column that it stands behind.
            var places = chosen.Select((name, at) => (name, at)).ToDictionary(c => c.name, c => c.at, StringComparer.Ordinal);
            var (kept, behind) = (new List<(IListColumn<Row> Column, int At)>(), -1);
            foreach (var column in Offered)
            {
                if (column.Member is null) kept.Add((column, behind));
                else if (places.TryGetValue(ViewInfo.Kebab(column.Member), out var at)) kept.Add((column, behind = at));
            }

            return [.. kept.OrderBy(c => c.At).Select(c => c.Column)];
        }
    }

    /// The arguments as they stand in an address; and that the whole list is meant, where its plain address opens a filter of somebody's own.
    private IReadOnlyList<KeyValuePair<string, string>> ArgFields =>
    [
        .. (Args?.GetType().GetProperties() ?? []).Where(p => p.GetValue(Args) is not null)
            .Select(p => new KeyValuePair<string, string>(ViewInfo.Kebab(p.Name), FormField.Written(p.GetValue(Args)!))),
        .. opensElsewhere ? new KeyValuePair<string, string>[] { new("whole", "yes") } : [],
    ];

    protected override async Task OnInitializedAsync()
    {
        told = new Told(Time.GetUtcNow(), Viewer.Zone);
        columns.Known = ViewInfo.Of<View>().Column;
        var info = Views.Visible(typeof(View));
        var query = ViewQuery.Parse(info, QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query));
        refusal = query.Error;
        if (!query.Ok) return;

        var kept = await Kept(info);
        await Views.Prepare(typeof(View));
        opensElsewhere = kept.Exists(k => k.Filter.IsDefault);
        if (new Uri(Navigation.Uri).Query.Length < 2) query = Opening(info, kept);
        var isHere = kept.Any(k => IsThis(k.Query, query.Value, info));

        // The counts of the tabs travel with the page: one round trip.
        foreach (var tab in Tabs)
        {
            var asked = Asked(info, tab);
            Add(tab, asked, !isHere && Same(asked, query.Value), null);
        }

        foreach (var (filter, asked) in kept) Add(new ListTab(filter.Name, filter.Question) { IsMine = !filter.IsShared }, asked, IsThis(asked, query.Value, info), filter);

        // All that match are selected: how many that are is counted only now.
        if (QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query).ContainsKey(Picked) && Views.AskMatching<Row>(typeof(View), Args, query.Value) is { Ok: true } every) matching = every.Value;
        var answer = await Views.Page<Row>(typeof(View), Args, query.Value);
        allowed = [.. Bulk.Where(a => a.IsFor(Viewer))];
        refusal = answer.Error;
        if (answer.Ok) found = answer.Value;
        if (answer.Ok) columns.Trail = Trail;
        if (answer.Ok && answer.Value.Rows.Count == 0 && IsNarrowed) isBare = !await Views.HasAny<Row>(typeof(View), Args);
        if (found?.Query.Group is null) return;
        var added = await Views.Groups<Row>(typeof(View), Args, found.Query);
        refusal = added.Error;
        groups = added.Ok ? added.Value : null;
    }

    /// The saved filters that this list and this person can still ask.
    private async Task<List<(SavedFilter Filter, ViewQuery Query)>> Kept(ViewInfo info)
    {
        saved = await SavedFilters.Of(info);
        var read = saved.Select(f => (Filter: f, Query: ViewQuery.Parse(info, f.Question))).ToArray();
        broken = [.. read.Where(r => !r.Query.Ok).Select(r => r.Filter)];
        return [.. read.Where(r => r.Query.Ok).Select(r => (r.Filter, r.Query.Value))];
    }

    /// Without a question a list opens with somebody's own choice, else plainly; a page that has no tab for that begins with its first tab.
    private ViewQuery Opening(ViewInfo info, List<(SavedFilter Filter, ViewQuery Query)> kept)
    {
        if (kept.Find(k => k.Filter.IsDefault) is { Query: { } own }) return own;
        return Tabs.Count > 0 && Tabs.All(t => t.Question.Length > 0) ? Asked(info, Tabs[0]) : ViewQuery.All;
    }

    private static ViewQuery Asked(ViewInfo info, ListTab tab)
    {
        var asked = ViewQuery.Parse(info, tab.Question);
        return asked.Ok ? asked.Value : throw new InvariantBroken($"The tab {tab.Title} asks what {info.Name} does not know: {asked.Error!.Message}");
    }

    private void Add(ListTab tab, ViewQuery asked, bool isHere, SavedFilter? filter)
    {
        var count = tab.Counts ? Views.AskCount<Row>(typeof(View), Args, asked) : default(Result<Later<Counted>>?);
        tabs.Add((tab, asked, count is { Ok: true } counted ? counted.Value : null, isHere, filter));
    }

    /// A saved filter is open where everything that it keeps is as it says.
    private static bool IsThis(ViewQuery tab, ViewQuery here, ViewInfo info) =>
        Same(tab, here) && tab.Order(info) == here.Order(info) && tab.Group == here.Group && tab.Columns.SequenceEqual(here.Columns);

    private static bool Same(ViewQuery tab, ViewQuery here) => tab.Filters.SequenceEqual(here.Filters) && tab.Search == here.Search;

    private static bool IsOfView(string member) => ViewInfo.Of<View>().Column(member) is not null;

    private string Url(ViewQuery query)
    {
        var parts = ArgFields.Select(f => $"{f.Key}={Uri.EscapeDataString(f.Value)}").Append(query.ToString()).Where(p => p.Length > 0);
        var text = string.Join('&', parts);
        return text.Length == 0 ? Path : $"{Path}?{text}";
    }

    /// The same page with all rows selected that match, where there are more than it shows.
    private string? EveryUrl
    {
        get
        {
            if (found!.Next is null && found.Previous is null) return null;
            var url = Url(found.Query);
            return url + (url.Contains('?', StringComparison.Ordinal) ? "&" : "?") + Picked + "=all";
        }
    }

    /// A record remembers the list and its place in it, so that it knows its neighbours; where its address ends in the row's key.
    private string Trail(Row row, string href)
    {
        if (href.Contains('?', StringComparison.Ordinal) || !href.EndsWith("/" + Uri.EscapeDataString(KeyText(row)), StringComparison.Ordinal)) return href;
        var rank = 0;
        while (rank < found!.Rows.Count && !ReferenceEquals(found.Rows[rank], row)) rank++;
        return Neighbours.Of(href, Here, found.Info.Name, ViewRunner.PlaceOf(found.Info, found.Query, row, found.Before + rank));
    }

    private static string Query(string url) => url.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? url[at..] : "?";

    private string KeyText(Row row) => FormField.Written(found!.Info.Key.Property.GetValue(row)!);

    private string NameText(Row row)
    {
        var first = Offered.FirstOrDefault(c => c.Member is not null);
        return first is null ? "" : typeof(Row).GetProperty(first.Member!)?.GetValue(row)?.ToString() ?? "";
    }

    private RowsTable<Row>.SortLink? SortOf(IListColumn<Row> column)
    {
        if (column.Member is null || found!.Info.Column(column.Member) is not { IsComparable: true } shown) return null;
        var (current, falls) = found.Query.Order(found.Info);
        return new(Url(found.Query.SortedBy(shown, found.Info)), current.Name == shown.Name ? falls ? "descending" : "ascending" : null);
    }
}
