using Keel.Kernel.Views;

namespace Keel.App.Access;

/// What can be allowed, by module, in the words of the operations and lists that ask for it.
internal sealed class PermissionBook
{
    /// What no operation asks for as a whole: columns, and sharing.
    private static readonly string[] Besides = [.. FieldGroup.All.Select(g => g.Permission), KernelPermissions.ShareFilters];
    private readonly HashSet<string> known;

    public PermissionBook(ModuleCatalog catalog)
    {
        known = [.. catalog.Permissions.Concat(Besides).Where(p => p is not (AccessPermissions.SignIn or AccessPermissions.Own))];
        Modules = [.. known.GroupBy(ModuleOf).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new Shelf(g.Key, [.. g.Order(StringComparer.Ordinal).Select(p => new Entry(p, PartsOf(catalog, p)))]))];
    }

    /// A permission and what it is for.
    public sealed record Entry(string Name, IReadOnlyList<string> Parts)
    {
        /// What it is for, in the language that is read now.
        public string Words => string.Join(", ", Parts.Select(p => Kernel.Words.Of(p))) is { Length: > 0 } said ? char.ToUpperInvariant(said[0]) + said[1..] : "";
    }

    public sealed record Shelf(string Module, IReadOnlyList<Entry> Entries);

    public IReadOnlyList<Shelf> Modules { get; }

    /// A permission that something asks for, all of a part in which something is asked for, or everything. Levels of approval are named by the policy.
    public bool Knows(string permission) => permission == "*" || known.Contains(permission) || permission.StartsWith("kernel.approvals.", StringComparison.Ordinal)
        || permission.EndsWith(".*", StringComparison.Ordinal) && known.Any(k => k.StartsWith(permission[..^1], StringComparison.Ordinal));

    public static string ModuleOf(string permission) => permission.Split('.')[0];

    /// What somebody may who holds these, in one line: `Stock, Warehouse: all; Sales: read`.
    public static string Summary(IEnumerable<string> permissions)
    {
        var held = permissions.ToArray();
        if (held.Contains("*")) return Words.T("Everything");
        var parts = held.GroupBy(ModuleOf).Select(g => (Module: ViewInfo.Spoken(g.Key), What: g.Contains(g.Key + ".*") ? "all" : string.Join(", ", g.Select(p => Rest(p, g.Key)))));
        return string.Join("; ", parts.GroupBy(p => p.What).OrderBy(p => p.Key == "all" ? 0 : p.Key == "read" ? 1 : 2).Select(p => $"{string.Join(", ", p.Select(m => m.Module))}: {p.Key}"));
    }

    /// The first thing that a permission is for, as a verb: `correct stock`.
    public static string Brief(ModuleCatalog catalog, string permission) =>
        catalog.Operations.Where(o => o.Permission == permission).Select(o => o.Title).Order(StringComparer.Ordinal).FirstOrDefault() ?? permission;

    private static string Rest(string permission, string module) =>
        permission[(module.Length + 1)..].Replace(".*", "", StringComparison.Ordinal).Replace('.', ' ').Replace('-', ' ');

    private static string[] PartsOf(ModuleCatalog catalog, string permission)
    {
        if (FieldGroup.All.FirstOrDefault(g => g.Permission == permission) is { } group) return [group.Title];
        if (permission == KernelPermissions.ShareFilters) return ["Save views of lists for everybody"];
        if (permission == KernelPermissions.Decide) return ["Decide about others' requests"];
        var operations = catalog.Operations.Where(o => o.Permission == permission).Select(o => o.Title).Order(StringComparer.Ordinal).ToArray();
        var (lists, pages) = (catalog.Views.Count(v => ViewInfo.Of(v).Permission == permission), catalog.Pages.Count(p => p.Permission == permission));
        string[] parts = [.. operations.Take(6), .. operations.Length > 6 ? [$"{operations.Length - 6} more"] : Array.Empty<string>(),
            .. lists > 0 ? [lists == 1 ? "see one list" : "see its lists"] : Array.Empty<string>(), .. lists == 0 && pages > 0 ? [$"see {catalog.Pages.First(p => p.Permission == permission).Title}"] : Array.Empty<string>()];
        return parts.Length == 0 ? ["A part of it"] : parts;
    }
}
