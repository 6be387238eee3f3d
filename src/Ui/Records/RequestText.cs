using System.Text.Json;
using System.Text.Json.Nodes;
using Keel.Kernel.Views;

namespace Keel.Ui;

/// What was asked for, taken apart as a person reads it: values with their labels, and tables of what there are several of. It follows the type of
/// the request; what the type does not know is told by its name.
internal sealed class RequestText(Func<string, bool> may, GuardedFields guarded, Func<JsonObject, Type?> shapeOf)
{
    /// Stands in the log where a person's data is kept under their key.
    private const string Mark = "$personal";
    private const int Deepest = 8;

    private readonly bool seesPersons = may(Viewer.SeePersonal);

    /// One value with its label; `Why` says what stands there instead where whoever looks may not see it.
    public sealed record Value(string Label, string Name, Type? Type, JsonNode? Json, bool IsSeveral = false, string? Why = null);

    /// A list of small records.
    public sealed record Table(string Label, IReadOnlyList<Row> Rows)
    {
        /// The labels of all rows, in the order in which they are said.
        public IReadOnlyList<string> Columns => [.. Rows.SelectMany(r => r.Values.Select(v => v.Label)).Distinct()];
    }

    public sealed record Row(IReadOnlyList<Value> Values)
    {
        public Value? At(string label) => Values.FirstOrDefault(v => v.Label == label);
    }

    /// The values that stand for themselves, and the tables.
    public sealed record Parts(List<Value> Values, List<Table> Tables);

    public Parts Of(Type? type, JsonNode? json)
    {
        var parts = new Parts([], []);
        if (json is JsonObject all) Take(type, all, "", parts, 0);
        return parts;
    }

    private void Take(Type? type, JsonObject all, string before, Parts into, int depth)
    {
        if (depth > Deepest) return;
        if (all.ContainsKey(Mark))
        {
            into.Values.Add(new Value(before.Length == 0 ? "Person" : before, Mark, null, null, Why: Reason(all[Mark])));
            return;
        }

        var fields = type is null ? [] : FormField.Of(type);
        foreach (var field in fields) if (all[field.Path] is { } value) Take(field, type!, all, value, Beside(before, field.Label), into, depth);
        foreach (var (name, value) in all)
        {
            if (value is not null && fields.All(f => f.Path != name)) Loose(name, value, Beside(before, ViewInfo.Spoken(name)), into, depth);
        }
    }

    private void Take(FormField field, Type holder, JsonObject all, JsonNode value, string label, Parts into, int depth)
    {
        var isPersonal = holder.GetProperty(char.ToUpperInvariant(field.Path[0]) + field.Path[1..])?.IsDefined(typeof(PersonalAttribute), true) == true
            || field.Kind is FieldKind.Part or FieldKind.Lines && field.Type.IsDefined(typeof(PersonalAttribute), true);
        if (guarded.Hides(field.Path, may)) into.Values.Add(new Value(label, field.Path, null, null, Why: Words.T("not shown to you")));
        else if (isPersonal && !seesPersons) into.Values.Add(new Value(label, field.Path, null, null, Why: Words.T("personal")));
        else if (field.Kind is FieldKind.Part && value is JsonObject part) Take(field.Type, part, label, into, depth + 1);
        else if (field.Kind is FieldKind.Lines && value is JsonArray lines) Lines(field.Type, lines, label, into, depth);
        else if (field.Kind is FieldKind.Shaped && value is JsonObject shaped) Take(shapeOf(all), shaped, "", into, depth + 1);
        else into.Values.Add(new Value(label, field.Path, field.Type, value, value is JsonArray));
    }

    private void Loose(string name, JsonNode value, string label, Parts into, int depth)
    {
        if (guarded.Hides(name, may)) into.Values.Add(new Value(label, name, null, null, Why: Words.T("not shown to you")));
        else if (value is JsonObject part) Take(null, part, label, into, depth + 1);
        else if (value is JsonArray list && list.Any(i => i is JsonObject)) Lines(null, list, label, into, depth);
        else into.Values.Add(new Value(label, name, null, value, value is JsonArray));
    }

    /// Tables in the rows of a table are told in one cell, row by row.
    private void Lines(Type? type, JsonArray lines, string label, Parts into, int depth)
    {
        var rows = new List<Row>();
        foreach (var line in lines.OfType<JsonObject>())
        {
            var parts = new Parts([], []);
            Take(type, line, "", parts, depth + 1);
            foreach (var inner in parts.Tables) parts.Values.Add(new Value(inner.Label, "", null, null, Why: string.Join("; ", inner.Rows.Select(Plain))));
            rows.Add(new Row(parts.Values));
        }

        if (rows.Count > 0) into.Tables.Add(new Table(label, rows));
    }

    private static string Plain(Row row) => string.Join(", ", row.Values.Select(v => $"{Words.T(v.Label)}: {v.Why ?? Written(v)}"));

    private static string Written(Value value) => value.Json is JsonArray several ? string.Join(", ", several.Select(s => s?.ToString()))
        : value.Type is { } type && Read(type, value.Json) is { } known ? CellText.Plain(known, new Told(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc), false) : value.Json?.ToString() ?? "";

    private static string Reason(JsonNode? mark) => Words.T(mark?.ToString() == HistoryLine.Erased ? "erased" : "personal");

    private static string Beside(string before, string label) => before.Length == 0 ? label : $"{before}, {char.ToLowerInvariant(label[0])}{label[1..]}";

    /// The value as its type; nothing where it is none of it.
    internal static object? Read(Type type, JsonNode? json)
    {
        if (json is null || type == typeof(JsonElement)) return null;
        try
        {
            return json.Deserialize(type, KeelJson.Options);
        }
        catch (Exception odd) when (odd is JsonException or NotSupportedException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// Every key in it that could be of a record or a person.
    internal static IEnumerable<Guid> Keys(JsonNode? json) => json switch
    {
        JsonObject all => all.SelectMany(p => Keys(p.Value)),
        JsonArray list => list.SelectMany(Keys),
        JsonValue value when value.GetValueKind() is JsonValueKind.String && Guid.TryParse(value.GetValue<string>(), out var id) => [id],
        _ => [],
    };
}
