using Keel.Kernel.Views;
using Microsoft.AspNetCore.WebUtilities;

namespace Keel.Ui;

/// The list that a record was opened from and the place in it, as they stand in the record's address: which list, which question, beside which row.
internal sealed record Neighbours(string List, string View, PageKey Place)
{
    private const string ListName = "list";
    private const string ViewName = "list-view";
    private const string PlaceName = "list-at";

    public static string Of(string href, string list, string view, PageKey place) =>
        $"{href}?{ListName}={Uri.EscapeDataString(list)}&{ViewName}={Uri.EscapeDataString(view)}&{PlaceName}={place}";

    /// What an address says; nothing where somebody made it up.
    public static Neighbours? In(Uri address)
    {
        var asked = QueryHelpers.ParseQuery(address.Query);
        if (!asked.TryGetValue(ListName, out var list) || !asked.TryGetValue(ViewName, out var view)
            || !asked.TryGetValue(PlaceName, out var place)) return null;
        return list.ToString() is ['/', ..] home && home is not ['/', '/' or '\\', ..] && !home.Any(char.IsControl)
            && PageKey.TryParse(place.ToString()) is { } at
            ? new Neighbours(home, view.ToString(), at) : null;
    }

    /// The question of the list.
    public Dictionary<string, Microsoft.Extensions.Primitives.StringValues> Question =>
        QueryHelpers.ParseQuery(List.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? List[at..] : "");

    /// The record of another row of the list, which stands in the same folder; nothing where this record's address does not end in its key.
    public string? Url(Uri here, PageKey? other)
    {
        var own = "/" + Uri.EscapeDataString(Place.Key);
        return other is not null && here.AbsolutePath.EndsWith(own, StringComparison.OrdinalIgnoreCase)
            ? Of(here.AbsolutePath[..^own.Length] + "/" + Uri.EscapeDataString(other.Key), List, View, other) : null;
    }
}
