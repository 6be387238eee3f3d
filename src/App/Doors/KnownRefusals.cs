using System.Reflection;

namespace Keel.App.Doors;

/// Every refusal that Keel can say, by its code, as the modules declare them: what the address in a problem's `type` explains.
internal sealed class KnownRefusals(ModuleCatalog catalog)
{
    private readonly Lazy<IReadOnlyDictionary<string, (Error Error, string Module)>> known = new(() => Read(catalog));

    public (Error Error, string Module)? Find(string code) => known.Value.TryGetValue(code, out var found) ? found : null;

    private static Dictionary<string, (Error, string)> Read(ModuleCatalog catalog)
    {
        var all = new Dictionary<string, (Error, string)>(StringComparer.Ordinal);
        foreach (var assembly in catalog.Modules.Select(m => m.Assembly).Append(typeof(Gate).Assembly).Append(typeof(KnownRefusals).Assembly).Distinct())
        {
            foreach (var field in assembly.GetTypes().Where(t => !t.ContainsGenericParameters).SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)).Where(f => f.FieldType == typeof(Error)))
            {
                if (field.GetValue(null) is Error error) all.TryAdd(error.Code, (error, assembly.GetName().Name!["Keel.".Length..]));
            }
        }

        return all;
    }
}
