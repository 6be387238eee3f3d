using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Nodes;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// Fields that a role sees or does not see together, and the permission that shows them.
public sealed record FieldGroup(string Permission, string Title)
{
    /// All groups, as the editor of roles offers them.
    public static readonly IReadOnlyList<FieldGroup> All =
    [
        new(Viewer.SeeCost, "See what things cost us"), new(Viewer.SeePersonal, "See names and addresses of customers"), new(Viewer.SeeCredit, "See credit limits of customers"),
    ];
}

/// The fields of requests that only some may see, by their names: they are left out wherever the house tells what was asked for or changed, such
/// as the log, the history of a record and requests that wait for a yes.
public sealed class GuardedFields(ModuleCatalog catalog)
{
    private readonly FrozenDictionary<string, string> permissions = catalog.Operations.SelectMany(o => In(o.Request, [])).DistinctBy(g => g.Name)
        .ToFrozenDictionary(g => g.Name, g => g.Permission, StringComparer.OrdinalIgnoreCase);

    /// Whether somebody may not see a field, named as a request names it, as people read it, or at the end of a path of either.
    public bool Hides(string field, Func<string, bool> may) =>
        permissions.TryGetValue(field[(field.LastIndexOf(',') + 1)..].Replace(" ", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal), out var needed) && !may(needed);

    /// The fields that somebody may not see, as people read them, in lower case.
    internal string[] Hidden(Func<string, bool> may) => [.. permissions.Where(p => !may(p.Value)).Select(p => ViewInfo.Spoken(p.Key).ToLowerInvariant())];

    /// Takes what somebody may not see out of what was asked for.
    internal void Strip(JsonNode? node, Func<string, bool> may)
    {
        switch (node)
        {
            case JsonObject holder:
                foreach (var (name, value) in holder.ToArray())
                {
                    if (value is not null && Hides(name, may)) holder[name] = HistoryLine.Hidden;
                    else Strip(value, may);
                }

                break;
            case JsonArray list:
                foreach (var item in list) Strip(item, may);
                break;
        }
    }

    private static IEnumerable<(string Name, string Permission)> In(Type type, HashSet<Type> seen)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericArguments() is [var item] && typeof(System.Collections.IEnumerable).IsAssignableFrom(type)) type = item;
        if (type.Namespace?.StartsWith("Keel", StringComparison.Ordinal) != true || type.IsEnum || !seen.Add(type)) yield break;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<GuardedAttribute>() is { } guard) yield return (property.Name, guard.Permission);
            else foreach (var inner in In(property.PropertyType, seen)) yield return inner;
        }
    }
}
