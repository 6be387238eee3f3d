using Microsoft.Extensions.Primitives;

namespace Keel.Kernel.Views;

/// The arguments of a view, read from an address by the names of its record's parameters: `?order=…&as-of=2026-11-20`.
public static class ViewArgs
{
    public static Result<object> Read(Type args, IEnumerable<KeyValuePair<string, StringValues>> address)
    {
        var values = address.GroupBy(p => Plain(p.Key)).ToDictionary(g => g.Key, g => g.First().Value.ToString(), StringComparer.Ordinal);
        var constructor = args.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        var parameters = constructor.GetParameters();
        var arguments = new object?[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            var name = ViewInfo.Kebab(parameters[i].Name ?? "");
            var type = Nullable.GetUnderlyingType(parameters[i].ParameterType) ?? parameters[i].ParameterType;
            var given = values.TryGetValue(Plain(name), out var text) && text.Length > 0;
            if (given && !ColumnText.TryRead(type, text!, Currency.Eur, out arguments[i])) return ViewErrors.BadArgument(name);
            if (given) continue;
            if (parameters[i].HasDefaultValue) arguments[i] = parameters[i].DefaultValue;
            else if (Nullable.GetUnderlyingType(parameters[i].ParameterType) is null) return ViewErrors.BadArgument(name);
        }

        return constructor.Invoke(arguments);
    }

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
}
