using System.Collections.Frozen;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.App.Access;

/// What somebody with some permissions and no others would find in the house: menu, operations, and lists with columns left out.
internal sealed record RoleSight(
    IReadOnlyList<RoleSight.Section> Menu, IReadOnlyList<RoleSight.Doing> Operations, IReadOnlyList<RoleSight.Hidden> HiddenColumns, int Lists)
{
    public sealed record Section(string Title, IReadOnlyList<string> Pages);

    public sealed record Doing(string Module, IReadOnlyList<string> Titles);

    public sealed record Hidden(string List, IReadOnlyList<string> Columns);

    public static RoleSight Of(ModuleCatalog catalog, IEnumerable<string> permissions)
    {
        var actor = new Actor(ActorKind.Person, Guid.Empty, "somebody") { Permissions = permissions.Append(AccessPermissions.Own).ToFrozenSet(StringComparer.Ordinal) };
        var viewer = new Viewer(actor.May);
        var menu = Keel.Ui.Menu.Of(catalog.Pages, viewer);
        var lists = catalog.Views.Select(ViewInfo.Of).Where(v => viewer.May(v.Permission)).ToArray();
        return new RoleSight(
            [.. menu.SelectMany(s => s.Items).Select(i => new Section(i.Title, i.Pages.Count == 0 ? [i.Title] : [.. i.Pages.Select(p => p.Title)]))],
            [.. catalog.Operations.Where(o => viewer.May(o.Permission)).GroupBy(o => o.Module).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new Doing(g.Key, [.. g.Select(o => o.Title).Order(StringComparer.Ordinal)]))],
            [.. lists.Select(v => new Hidden(v.Name, [.. v.Columns.Except(v.For(viewer).Columns).Select(c => c.Title)])).Where(h => h.Columns.Count > 0).OrderBy(h => h.List, StringComparer.Ordinal)],
            lists.Length);
    }
}
