using Keel.Kernel.Views;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace Keel.Ui;

/// A page over a view: saved filters, search, filters, sort, paging, bulk operations, export. The address says it all.
public partial class ListPage<View, Row>
{
    private readonly ColumnSet<Row> columns = new();
    private ViewPage<Row>? found;
    private Error? refusal;
    private List<(ListTab Tab, ViewQuery Query, Later<Counted>? Count, bool IsHere)> tabs = [];
    private IReadOnlyList<Act> allowed = [];
    private Told told = null!;
    private bool beginsElsewhere;

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
    private string Here => "/" + Navigation.ToBaseRelativePath(Navigation.Uri);
    private bool CanPick => allowed.Count > 0;
    private bool IsNarrowed => found is { Query: var q } && (q.Filters.Count > 0 || q.Search is not null);
    private string CountText => found is null ? "" : IsNarrowed ? $"{found.Count} of them" : $"{found.Count} in all";
    private IReadOnlyList<IListColumn<Row>> Offered =>
        [.. columns.All.Where(c => c.Member is null || found!.Info.Column(c.Member) is not null || !IsOfView(c.Member))];
    private string ExportUrl(FileKind kind) => ViewAddress.File(found!.Info, found.Query, ArgFields, kind);

    private IReadOnlyList<IListColumn<Row>> ShownColumns
    {
        get
        {
            var chosen = found!.Query.Columns;
            return chosen.Count == 0 ? Offered : [.. Offered.Where(c => c.Member is null || chosen.Contains(ViewInfo.Kebab(c.Member)))];
        }
    }

    /// The arguments as they stand in an address.
    private IReadOnlyList<KeyValuePair<string, string>> ArgFields =>
        Args is null ? [] : [.. Args.GetType().GetProperties().Where(p => p.GetValue(Args) is not null)
            .Select(p => new KeyValuePair<string, string>(ViewInfo.Kebab(p.Name), FormField.Written(p.GetValue(Args)!)))];

    protected override async Task OnInitializedAsync()
    {
        told = new Told(Time.GetUtcNow(), Viewer.Zone);
        var info = Views.Visible(typeof(View));
        var query = ViewQuery.Parse(info, QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query));
        refusal = query.Error;
        if (!query.Ok) return;

        // Without a question the list begins with the view that the person chose for it, or plain; a page that has no tab for that begins with its first tab.
        var saved = Args is null ? (await SavedFilters.Of(Settings)).For(info.Name, Work.Actor.Id) : [];
        beginsElsewhere = saved.FirstOrDefault(f => f.IsDefault) is { } own && ViewQuery.Parse(info, own.Question).Ok;
        if (new Uri(Navigation.Uri).Query.Length < 2)
        {
            if (beginsElsewhere) query = ViewQuery.Parse(info, saved.First(f => f.IsDefault).Question);
            else if (Tabs.Count > 0 && Tabs.All(t => t.Question.Length > 0)) query = ViewQuery.Parse(info, Tabs[0].Question);
        }

        if (!query.Ok) throw new InvariantBroken($"The tab {Tabs[0].Title} asks what {info.Name} does not know: {query.Error!.Message}");

        // The counts of the tabs travel with the page: one round trip.
        foreach (var tab in Tabs)
        {
            var asked = ViewQuery.Parse(info, tab.Question);
            if (!asked.Ok) throw new InvariantBroken($"The tab {tab.Title} asks what {info.Name} does not know: {asked.Error!.Message}");
            var count = tab.Counts ? Views.AskCount<Row>(typeof(View), Args, asked.Value) : default(Result<Later<Counted>>?);
            tabs.Add((tab, asked.Value, count is { Ok: true } counted ? counted.Value : null, Same(asked.Value, query.Value)));
        }

        // What was saved may ask for a column that is gone or hidden by now: then it is not offered.
        foreach (var filter in saved)
        {
            if (ViewQuery.Parse(info, filter.Question) is not { Ok: true } asked || Views.AskCount<Row>(typeof(View), Args, asked.Value) is not { Ok: true } count) continue;
            tabs.Add((new ListTab(filter.Name, filter.Question) { IsMine = filter.OwnerId is not null, Saved = filter.Id }, asked.Value, count.Value, Same(asked.Value, query.Value)));
        }

        var answer = await Views.Page<Row>(typeof(View), Args, query.Value);
        allowed = [.. Bulk.Where(a => Viewer.May(a.Permission))];
        refusal = answer.Error;
        if (answer.Ok) found = answer.Value;
    }

    private static bool Same(ViewQuery tab, ViewQuery here) => tab.Filters.SequenceEqual(here.Filters) && tab.Search == here.Search;

    private static bool IsOfView(string member) => ViewInfo.Of<View>().Column(member) is not null;

    private string Url(ViewQuery query)
    {
        var parts = ArgFields.Select(f => $"{f.Key}={Uri.EscapeDataString(f.Value)}").Append(query.ToString()).Where(p => p.Length > 0);
        var text = string.Join('&', parts);
        return text.Length > 0 ? $"{Path}?{text}" : beginsElsewhere ? Path + "?all" : Path;
    }

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
