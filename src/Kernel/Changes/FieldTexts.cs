using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// The fields of a master or a setting as people read them, so that two versions can be compared field by field.
internal static class FieldTexts
{
    private const int Deepest = 6;
    private static readonly HashSet<string> Bookkeeping = ["Id", "CompanyId", "Version", "ChangedAt", "CreatedAt", "ChangedBy", "Identity", "EqualityContract"];
    private static readonly ConcurrentDictionary<Type, (PropertyInfo Property, bool IsPersonal)[]> Known = new();

    public sealed record Field(string Text, bool IsPersonal);

    /// Every field that says something, by its name, in the order of the type.
    public static OrderedDictionary<string, Field> Of(object value)
    {
        var fields = new OrderedDictionary<string, Field>(StringComparer.Ordinal);
        Take(value, "", false, fields, 0);
        return fields;
    }

    private static void Take(object? value, string name, bool isPersonal, OrderedDictionary<string, Field> into, int depth)
    {
        switch (value)
        {
            case null:
                return;
            case JsonElement json:
                TakeJson(json, name, isPersonal, into, depth);
                return;
        }

        if (Plain(value) is { } text)
        {
            if (text.Length > 0) into[name.Length == 0 ? "Value" : name] = new Field(text, isPersonal);
            return;
        }

        if (depth == Deepest) return;
        if (value is IDictionary named)
        {
            foreach (DictionaryEntry entry in named) Take(entry.Value, Beside(name, entry.Key.ToString()!), isPersonal, into, depth + 1);
        }
        else if (value is IEnumerable several)
        {
            TakeSeveral(several.Cast<object?>().ToArray(), name, isPersonal, into, depth);
        }
        else
        {
            foreach (var (property, hides) in Known.GetOrAdd(value.GetType(), Read))
            {
                Take(property.GetValue(value), Beside(name, ViewInfo.Spoken(property.Name)), isPersonal || hides, into, depth + 1);
            }
        }
    }

    /// Plain values stand in one line; records are told one by one.
    private static void TakeSeveral(object?[] items, string name, bool isPersonal, OrderedDictionary<string, Field> into, int depth)
    {
        if (items.All(i => i is null || Plain(i) is not null)) Take(string.Join(", ", items.Where(i => i is not null).Select(i => Plain(i!))), name, isPersonal, into, depth);
        else for (var i = 0; i < items.Length; i++) Take(items[i], Beside(name, (i + 1).ToString(CultureInfo.InvariantCulture)), isPersonal, into, depth + 1);
    }

    private static void TakeJson(JsonElement json, string name, bool isPersonal, OrderedDictionary<string, Field> into, int depth)
    {
        if (depth == Deepest) return;
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in json.EnumerateObject()) TakeJson(property.Value, Beside(name, ViewInfo.Spoken(property.Name)), isPersonal, into, depth + 1);
                break;
            case JsonValueKind.Array when json.EnumerateArray().All(e => e.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)):
                Take(string.Join(", ", json.EnumerateArray()), name, isPersonal, into, depth);
                break;
            case JsonValueKind.Array:
                foreach (var (item, at) in json.EnumerateArray().Select((e, i) => (e, i))) TakeJson(item, Beside(name, $"{at + 1}"), isPersonal, into, depth + 1);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                Take(json.GetBoolean(), name, isPersonal, into, depth);
                break;
            case not (JsonValueKind.Null or JsonValueKind.Undefined):
                Take(json.ToString(), name, isPersonal, into, depth);
                break;
        }
    }

    private static string Beside(string name, string part) => name.Length == 0 ? part : $"{name}, {char.ToLowerInvariant(part[0])}{part[1..]}";

    /// A value in one word or figure; null for what has parts.
    private static string? Plain(object value) => value switch
    {
        string text => text,
        bool yes => yes ? "yes" : "no",
        Enum choice => ViewInfo.Spoken(choice.ToString()).ToLowerInvariant(),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset at => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC",
        TimeOnly time => time.ToString("HH:mm", CultureInfo.InvariantCulture),
        ICode or IId or Money or UnitPrice or Quantity or Currency or Guid => value.ToString(),
        IFormattable figure => figure.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static (PropertyInfo, bool)[] Read(Type type)
    {
        var isPersonal = type.IsDefined(typeof(PersonalAttribute));
        return
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.GetIndexParameters().Length == 0 && !Bookkeeping.Contains(p.Name) && !p.IsDefined(typeof(NotAColumnAttribute)))
                .Select(p => (p, isPersonal || p.IsDefined(typeof(PersonalAttribute)))),
        ];
    }
}
