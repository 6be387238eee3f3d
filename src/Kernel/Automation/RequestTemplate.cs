using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// The request of an operation with fields of an event in braces: `{order.id}` alone becomes the value itself, among other words its text.
internal static partial class RequestTemplate
{
    /// The request for one event, ready for the gate.
    public static Result<object> Fill(OperationInfo info, JsonElement template, Fact fact)
    {
        var filled = Fill(JsonNode.Parse(template.GetRawText()), info.Request, fact);
        try
        {
            return filled.Deserialize(info.Request, KeelJson.Options) is { } request ? Result.Of(request) : Unreadable(info, "it is empty");
        }
        catch (JsonException wrong)
        {
            return Unreadable(info, $"{wrong.Path} {wrong.Message}");
        }
    }

    /// What is wrong with a template: fields that the event does not have, and values that the operation does not take.
    public static IReadOnlyList<FieldError> Check(OperationInfo info, JsonElement template, FactShape shape, Currency usual)
    {
        if (template.ValueKind is not JsonValueKind.Object) return [new FieldError("with", $"The request of {info.Title.ToLowerInvariant()} is missing.")];
        var leaves = Leaves(template, "").ToArray();
        var unknown = leaves.SelectMany(l => Braces().Matches(l.Text).Select(m => (l.Path, Field: m.Groups[1].Value)))
            .Where(p => shape.Find(p.Field) is null)
            .Select(p => new FieldError("with." + p.Path, $"There is no field {p.Field} here. There are {string.Join(", ", shape.Fields.Select(f => f.Path))}.")).ToArray();
        if (unknown.Length > 0) return unknown;

        var filled = Fill(info, template, new Fact(Sample(shape, usual)));
        if (filled.Error is { } unreadable) return [new FieldError("with", unreadable.Message)];
        // What comes out of an event is looked at by the gate when it comes.
        var later = leaves.Where(l => Braces().IsMatch(l.Text)).Select(l => l.Path).ToArray();
        return [.. RequestShape.Check(filled.Value).Where(e => !later.Any(p => p == e.Field || p.StartsWith(e.Field + ".", StringComparison.Ordinal)))
            .Select(e => e with { Field = "with." + e.Field })];
    }

    /// A value as people read it in a sentence.
    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Object when value.TryGetProperty("amount", out var amount) && value.TryGetProperty("currency", out var currency) =>
            amount.GetDecimal().ToString("0.00", CultureInfo.InvariantCulture) + " " + currency.GetString(),
        JsonValueKind.Object when value.TryGetProperty("number", out var number) => Text(number),
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        _ => value.GetRawText(),
    };

    private static Error Unreadable(OperationInfo info, string why) =>
        Error.Invalid("rule.request-unreadable", $"The request does not fit {info.Title.ToLowerInvariant()}: {why}. Edit the rule.");

    private static JsonNode? Fill(JsonNode? node, Type? target, Fact fact)
    {
        var type = target is null ? null : Nullable.GetUnderlyingType(target) ?? target;
        switch (node)
        {
            case JsonObject amount when (type == typeof(Money) || type == typeof(UnitPrice)) && amount.Select(p => p.Value).OfType<JsonValue>().FirstOrDefault(v => Whole(v) is not null) is { } whole:
                return ValueOf(fact, Whole(whole)!, type);
            case JsonObject holder:
                foreach (var (name, value) in holder.ToArray())
                {
                    var filled = Fill(value, PropertyOf(type, name), fact);
                    if (filled is null) holder.Remove(name);
                    else if (!ReferenceEquals(filled, value)) holder[name] = filled;
                }

                return holder;
            case JsonArray list:
                var item = type is { IsArray: true } ? type.GetElementType() : type?.GetGenericArguments() is [var only] ? only : null;
                return new JsonArray([.. list.ToArray().SelectMany(one => Items(one, item, fact)).Where(n => n is not null)]);
            case JsonValue text when text.TryGetValue<string>(out var said):
                return Whole(text) is { } field ? ValueOf(fact, field, type)
                    : Braces().IsMatch(said) ? JsonValue.Create(Braces().Replace(said, m => fact.Json(m.Groups[1].Value) is { } v ? Text(v) : "")) : node;
            default:
                return node;
        }
    }

    /// A list of the event goes into a list of the request as a whole.
    private static IEnumerable<JsonNode?> Items(JsonNode? one, Type? item, Fact fact)
    {
        if (one is JsonValue text && Whole(text) is { } field && fact.Json(field) is { ValueKind: JsonValueKind.Array } several)
            return several.EnumerateArray().Select(v => JsonNode.Parse(v.GetRawText()));
        var filled = Fill(one, item, fact);
        filled?.Parent?.AsArray().Remove(filled);
        return [filled];
    }

    private static JsonNode? ValueOf(Fact fact, string field, Type? type) => fact.Json(field) is not { } value ? null
        : type == typeof(string) ? JsonValue.Create(Text(value)) : JsonNode.Parse(value.GetRawText());

    /// The field that a text is nothing but.
    private static string? Whole(JsonValue value) => value.TryGetValue<string>(out var said) && Braces().Match(said) is { Success: true } m && m.Length == said.Length ? m.Groups[1].Value : null;

    private static Type? PropertyOf(Type? type, string name) =>
        name.Length == 0 ? null : type?.GetProperty(char.ToUpperInvariant(name[0]) + name[1..], BindingFlags.Public | BindingFlags.Instance)?.PropertyType;

    private static IEnumerable<(string Path, string Text)> Leaves(JsonElement json, string path) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(p => Leaves(p.Value, path.Length == 0 ? p.Name : $"{path}.{p.Name}")),
        JsonValueKind.Array => json.EnumerateArray().SelectMany((v, i) => Leaves(v, $"{path}[{i}]")),
        JsonValueKind.String => [(path, json.GetString()!)],
        _ => [],
    };

    /// An event of this shape that nobody has seen, to try a template on.
    internal static JsonElement Sample(FactShape shape, Currency usual)
    {
        var root = new JsonObject();
        foreach (var field in shape.Fields)
        {
            var holder = root;
            foreach (var step in field.Steps[..^1]) holder = (JsonObject)(holder[step] ??= new JsonObject());
            var value = JsonSerializer.SerializeToNode(SampleOf(field.Type, usual), field.Type, KeelJson.Options);
            holder[field.Steps[^1]] = field.IsList ? new JsonArray(value) : value;
        }

        return JsonSerializer.SerializeToElement(root, KeelJson.Options);
    }

    private static object SampleOf(Type type, Currency usual)
    {
        if (type == typeof(string)) return "sample";
        if (type == typeof(Guid)) return new Guid("00000000-0000-7000-8000-000000000001");
        if (type == typeof(Money)) return new Money(100, usual);
        if (type == typeof(UnitPrice)) return new UnitPrice(1_000_000, usual);
        if (type == typeof(Quantity)) return (Quantity)1;
        if (type == typeof(Currency)) return usual;
        if (type == typeof(DateOnly)) return new DateOnly(2026, 1, 1);
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        if (type.IsEnum) return Enum.GetValues(type).GetValue(0)!;
        if (typeof(IId).IsAssignableFrom(type)) return Activator.CreateInstance(type, new Guid("00000000-0000-7000-8000-000000000001"))!;
        if (ColumnText.TryKey(type, "1", out var value)) return value!;
        return type == typeof(bool) ? true : throw new InvariantBroken($"There is no sample of {type.Name}.");
    }

    [GeneratedRegex(@"\{([A-Za-z][A-Za-z0-9.]*)\}")]
    private static partial Regex Braces();
}
