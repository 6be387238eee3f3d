using System.Reflection;
using Keel.App.Access;
using Keel.Kernel.Views;
using Keel.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Tests;

/// The texts that pages make of what the code is called: columns, fields, states, operations, pages, permissions, roles, checks.
internal static class SpokenTexts
{
    public static SortedSet<string> Of(Shop shop)
    {
        var said = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var operation in shop.Catalog.Operations)
        {
            said.UnionWith([operation.Title, OperationWords.Story(operation, operation.Name)]);
            foreach (var field in FormField.Of(operation.Request)) Take(field, said);
        }

        foreach (var view in shop.Catalog.Views.Select(ViewInfo.Of))
        {
            foreach (var column in view.Columns.Where(c => !c.IsKey)) said.Add(column.Title);
            foreach (var column in view.Columns) Take(column.Property.PropertyType, said);
            foreach (var arg in view.Args?.GetProperties() ?? []) Take(arg.PropertyType, said);
        }

        foreach (var page in shop.Catalog.Pages) said.UnionWith([page.Title, page.Section]);
        foreach (var kind in shop.Services.GetRequiredService<CaseKinds>().All) said.UnionWith([ViewInfo.Spoken(kind.Name), kind.Next, .. kind.Resolutions.Select(ViewInfo.Spoken), .. kind.Ways.Select(w => w.Label)]);
        foreach (var tile in shop.Services.GetServices<TodayTile>()) said.UnionWith([tile.Title, tile.Next]);
        foreach (var measure in shop.Services.GetRequiredService<Measures>().All) said.UnionWith([measure.Title, measure.Next]);
        foreach (var shelf in new PermissionBook(shop.Catalog).Modules) said.UnionWith(shelf.Entries.SelectMany(e => e.Parts).Append(ViewInfo.Spoken(shelf.Module)));
        said.UnionWith(Role.Delivered.Select(r => r.Title));
        foreach (var kind in shop.Services.GetRequiredService<PolicyKinds>().All)
        {
            said.UnionWith([ViewInfo.Spoken(kind.Kind), kind.Says]);
            foreach (var field in FormField.Of(kind.Type)) Take(field, said);
        }

        said.Remove("");
        return said;
    }

    private static void Take(FormField field, SortedSet<string> said)
    {
        if (field.Path is "version" or "idempotencyKey") return;
        said.Add(field.Label);
        if (field.Hint is { } hint) said.Add(hint);
        Take(field.Type, said);
        foreach (var column in field.Columns) Take(column, said);
    }

    private static void Take(Type type, SortedSet<string> said)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (!type.IsEnum || type.Namespace?.StartsWith("Keel", StringComparison.Ordinal) != true) return;
        foreach (var member in type.GetFields(BindingFlags.Public | BindingFlags.Static)) said.Add(member.GetCustomAttribute<ShownAttribute>()?.Word ?? ViewInfo.Spoken(member.Name));
    }
}
