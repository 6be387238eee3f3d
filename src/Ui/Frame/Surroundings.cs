using Keel.Kernel.Views;

namespace Keel.Ui;

/// What stands around every page: the menu, the proof line, who and where. The host makes one per request.
public sealed record Surroundings
{
    public static readonly Surroundings None = new();

    public IReadOnlyList<MenuSection> Menu { get; init; } = [];
    public ProofLine? Proof { get; init; }

    /// Other companies and sites to switch to.
    public IReadOnlyList<MenuLink> Places { get; init; } = [];

    /// News that nobody read yet; null where there is no page of news.
    public int? Notices { get; init; }
}

/// Makes the surroundings for the person of this request; registered scoped by the host.
public delegate Task<Surroundings> SurroundingsSource(CancellationToken ct);

/// A block of the side menu; blocks are set apart by a line.
public sealed record MenuSection(IReadOnlyList<MenuItem> Items);

/// One job in the side menu, with what waits there and the pages behind it.
public sealed record MenuItem(string Title, string Icon, string Href)
{
    public string? Count { get; init; }
    public StateRole? Role { get; init; }
    public IReadOnlyList<MenuLink> Pages { get; init; } = [];

    /// How well an address fits here: the length of the longest address of this job that it begins with.
    internal int Fit(string path) =>
        Pages.Select(p => p.Href).Append(Href).Where(h => MenuLink.Covers(h, path)).Select(h => h.Length).DefaultIfEmpty(0).Max();
}

public sealed record MenuLink(string Title, string Href)
{
    /// The part of a long job that it stands in; only the part where somebody is lies open.
    public string? Part { get; init; }

    /// How much waits there for whoever looks.
    public string? Count { get; init; }

    internal static bool Covers(string href, string path) =>
        href == "/" ? path == "/" : path == href || path.StartsWith(href + "/", StringComparison.Ordinal);
}

/// Whether the books tie, and when that was proved.
public sealed record ProofLine(string Sentence, string Proved, StateRole Role = StateRole.Done, string Href = "/proof");

/// The usual menu, made from the pages that the modules offer to whoever may see them.
public static class Menu
{
    private static readonly (string Section, string Icon)[][] Blocks =
    [
        [("Today", "home"), ("Exceptions", "alert")],
        [
            ("Orders", "orders"), ("Stock", "stock"), ("Warehouse", "warehouse"), ("Buying", "buying"), ("Returns", "returns"),
            ("Service", "service"), ("Channels", "channels"), ("Books", "books"), ("Insight", "insight"),
        ],
        [("Settings", "settings")],
    ];

    /// In which order the parts of a section stand.
    private static readonly string[] Parts = ["Goods", "Promises", "Counting", "Places", "Worth", "Company", "People", "Data", "Automation", "Mail and papers", "Audit", "System"];

    /// Sections without a page for this person are absent. `waiting` says what waits where, by the section or by the address of a page, and how
    /// bad that is.
    public static IReadOnlyList<MenuSection> Of(
        IEnumerable<PageInfo> pages, Viewer viewer,
        IReadOnlyDictionary<string, (string Count, StateRole Role)>? waiting = null)
    {
        var seen = pages.Where(p => viewer.May(p.Permission)).ToLookup(p => p.Section, StringComparer.Ordinal);
        MenuItem Item(string section, string icon)
        {
            // The page that is called like its job leads there.
            var links = seen[section].OrderBy(p => p.Title != section).ThenBy(p => p.Part is null ? -1 : Array.IndexOf(Parts, p.Part))
                .Select(p => new MenuLink(p.Title, p.Url) { Part = p.Part, Count = waiting is not null && waiting.TryGetValue(p.Url, out var there) ? there.Count : null }).ToArray();
            var waits = waiting is not null && waiting.TryGetValue(section, out var some) ? some : default;
            return new MenuItem(section, icon, links[0].Href)
            {
                Pages = links.Length > 1 ? links : [], Count = waits.Count, Role = waits.Count is null ? null : waits.Role,
            };
        }

        return [.. Blocks
            .Select(block => new MenuSection([.. block.Where(s => seen.Contains(s.Section)).Select(s => Item(s.Section, s.Icon))]))
            .Where(s => s.Items.Count > 0)];
    }
}
