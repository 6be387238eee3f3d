using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Keel.Tests.Doors;

/// Requests that look a little like those which the API describes, and are mostly nonsense.
internal sealed class Junk(JsonElement document, int seed, string[] ids)
{
    private static readonly string[] Texts =
    [
        "", " ", "A", "MUG-BL", "TEE-M", "MAIN", "MAIN/STOCK", "webshop", "bazaar", "retail", "EUR", "JPY", "XXX", "NL", "nl", "Europe/Amsterdam", "each", "standard", "count", "inventory",
        "2026-03-10", "2026-13-40", "2026-03-10T08:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01", "00000000-0000-0000-0000-000000000000", "' or 1=1 --", "\u0000", "a\u0007b", "🙂", "é", "{}", "NaN", "-0",
        "%s%n", "../../etc/passwd", "\u202eabc", "x\r\ny", "SO-2026-000001", "administrator", "*", "a.b", "someone@example.org",
    ];

    private static readonly decimal[] Numbers =
        [0, 1, -1, 2, 3, 0.5m, 0.0001m, 1.005m, 100, 999_999, 1_000_000_000, -1_000_000_000, 2_147_483_648, 9_007_199_254_740_993, 99_999_999_999_999_999, -99_999_999_999_999_999];

    private readonly Random random = new(seed);

    public string Request(string name) => Value(document.GetProperty("components").GetProperty("schemas").GetProperty(name), 0, isRoot: true)?.ToJsonString() ?? "null";

    private JsonNode? Value(JsonElement schema, int depth, bool isRoot = false)
    {
        if (!isRoot && random.Next(14) == 0) return Nonsense(depth);
        if (schema.ValueKind is not JsonValueKind.Object) return Nonsense(depth);
        if (schema.TryGetProperty("enum", out var choices)) return JsonNode.Parse(choices[random.Next(choices.GetArrayLength())].GetRawText());
        var type = TypeOf(schema);
        return type switch
        {
            "object" => Record(schema, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, Count()).Select(_ => schema.TryGetProperty("items", out var item) ? Value(item, depth + 1) : Nonsense(depth))]),
            "integer" => JsonValue.Create(decimal.Truncate(Numbers[random.Next(Numbers.Length)])),
            "number" => JsonValue.Create(Numbers[random.Next(Numbers.Length)]),
            "boolean" => JsonValue.Create(random.Next(2) == 0),
            "string" => Text(schema),
            _ => Nonsense(depth),
        };
    }

    private JsonObject Record(JsonElement schema, int depth)
    {
        var record = new JsonObject();
        if (!schema.TryGetProperty("properties", out var properties)) return record;
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()).ToHashSet() : [];
        foreach (var property in properties.EnumerateObject())
        {
            var keep = required.Contains(property.Name) ? random.Next(40) != 0 : random.Next(3) == 0;
            if (keep) record[property.Name] = Value(property.Value, depth + 1);
        }

        if (random.Next(50) == 0) record["unheardOf"] = 1;
        return record;
    }

    private JsonNode? Text(JsonElement schema)
    {
        if (schema.TryGetProperty("format", out var format) && format.GetString() == "uuid" && random.Next(5) != 0)
            return JsonValue.Create(ids.Length > 0 && random.Next(4) != 0 ? ids[random.Next(ids.Length)] : Guid.NewGuid().ToString());
        return random.Next(30) == 0 ? JsonValue.Create(new string('y', random.Next(30, 6_000))) : JsonValue.Create(Texts[random.Next(Texts.Length)]);
    }

    private JsonNode? Nonsense(int depth) => random.Next(8) switch
    {
        0 => null,
        1 => JsonValue.Create(true),
        2 => JsonValue.Create(Texts[random.Next(Texts.Length)]),
        3 => JsonValue.Create(Numbers[random.Next(Numbers.Length)]),
        4 => new JsonArray(JsonValue.Create(1), null),
        5 => new JsonObject { ["a"] = "b" },
        6 => new JsonObject { ["amount"] = Numbers[random.Next(Numbers.Length)], ["currency"] = "EUR" },
        _ => depth < 4 ? new JsonArray(Nonsense(depth + 1)) : JsonValue.Create(double.MaxValue.ToString(CultureInfo.InvariantCulture)),
    };

    private int Count() => random.Next(12) switch { 0 => 0, < 8 => 1, < 11 => 2, _ => 12 };

    private static string? TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type)) return null;
        return type.ValueKind is JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()).FirstOrDefault(t => t != "null") : type.GetString();
    }
}
