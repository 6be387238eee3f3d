using System.Collections.Frozen;
using System.Reflection;
using Keel.Ui;
using Microsoft.AspNetCore.Components;

namespace Keel.App.Doors;

/// What each page asks of those who open it: what its line in the menu says, else its own `[Needs]`.
internal sealed class PageNeeds
{
    private readonly FrozenDictionary<Type, string> byPage;
    private readonly ILookup<int, (string[] Parts, string Permission)> byLength;
    private readonly (string[] Parts, string Permission)[] open;

    public PageNeeds(ModuleCatalog catalog)
    {
        var pages = catalog.Modules.Select(m => m.Assembly).Append(typeof(PageNeeds).Assembly).Distinct().SelectMany(a => a.GetTypes())
            .Where(t => t.GetCustomAttributes<RouteAttribute>().Any()).ToArray();
        var menu = catalog.Pages.GroupBy(p => p.Component).ToDictionary(g => g.Key, g => g.First().Permission);
        byPage = pages.ToFrozenDictionary(p => p, p => menu.GetValueOrDefault(p) ?? p.GetCustomAttribute<NeedsAttribute>()?.Permission ?? "");
        var routes = pages.SelectMany(p => p.GetCustomAttributes<RouteAttribute>().Select(r => (Parts: Split(r.Template), Permission: byPage[p])))
            .OrderByDescending(r => r.Parts.Count(IsFixed)).ToArray();
        byLength = routes.Where(r => !IsRest(r.Parts)).ToLookup(r => r.Parts.Length);
        open = [.. routes.Where(r => IsRest(r.Parts))];
    }

    /// The pages that say in no way what they ask: there are none.
    public static IEnumerable<Type> Silent(ModuleCatalog catalog) =>
        catalog.Modules.Select(m => m.Assembly).Append(typeof(PageNeeds).Assembly).Distinct().SelectMany(a => a.GetTypes())
            .Where(t => t.GetCustomAttributes<RouteAttribute>().Any() && t.GetCustomAttribute<NeedsAttribute>() is null && catalog.Pages.All(p => p.Component != t));

    /// Nothing, where anybody may.
    public string? NeededFor(Type page) => byPage.GetValueOrDefault(page);

    /// The permission of the page at an address; nothing, where no page stands there.
    public string? NeededFor(string href)
    {
        var parts = Split(href.Split('?', '#')[0]);
        foreach (var (route, permission) in byLength[parts.Length])
        {
            if (Fits(route, parts)) return permission;
        }

        return Array.Find(open, o => o.Parts.Length <= parts.Length + 1 && Fits(o.Parts[..^1], parts)).Permission;
    }

    private static bool Fits(string[] route, string[] parts)
    {
        for (var i = 0; i < route.Length; i++)
        {
            if (IsFixed(route[i]) ? !route[i].Equals(parts[i], StringComparison.OrdinalIgnoreCase) : !Allows(route[i], parts[i])) return false;
        }

        return true;
    }

    private static bool Allows(string parameter, string part) => !parameter.Contains(":guid", StringComparison.Ordinal) || Guid.TryParse(part, out _);
    private static string[] Split(string path) => path.Trim('/').Split('/');
    private static bool IsFixed(string part) => part is not ['{', ..];
    private static bool IsRest(string[] parts) => parts[^1].StartsWith("{*", StringComparison.Ordinal);
}
