using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Keel.Ui;

/// A posted form as the JSON that the same request has on the API. What it cannot read as the wanted kind goes on as text, so that the one
/// reader of requests says what is wrong with it.
public static partial class FormBody
{
    private const int MaxLines = 5_000;

    /// `shape` says what a value is that another field of the form names the shape of; `writer` who filled it in, where a person did.
    public static JsonObject Read(IFormCollection form, Type request, Func<IFormCollection, Type?>? shape = null, FormWriter? writer = null) =>
        Read(form.ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal), request, shape?.Invoke(form), writer);

    public static JsonObject Read(IReadOnlyDictionary<string, StringValues> form, Type request, Type? shape = null, FormWriter? writer = null)
    {
        var fields = form.Where(f => !f.Key.StartsWith("__", StringComparison.Ordinal))
            .ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
        if (form.TryGetValue(FormField.SelectionName, out var target) && fields.Remove(FormField.Selected, out var selected))
            fields[target.ToString()] = selected;

        var known = FormField.Of(request);
        var body = Fill(known, fields, "", writer);
        foreach (var shaped in known.Where(f => f.Kind is FieldKind.Shaped && shape is not null)) body[shaped.Path] = Fill(FormField.Of(shape!), fields, shaped.Path + ".", writer, isWhole: true);
        foreach (var (name, value) in fields)
        {
            var root = name.Split('.', '[')[0];
            if (!known.Any(f => f.Path == root)) body[root] ??= value.ToString();
        }

        return body;
    }

    /// In a whole, a list that nothing was said about is empty.
    private static JsonObject Fill(IReadOnlyList<FormField> known, Dictionary<string, StringValues> fields, string prefix, FormWriter? writer, bool isWhole = false)
    {
        var body = new JsonObject();
        foreach (var field in known)
        {
            if (field.TakesUnit && InUnit(fields, prefix + field.Path, known.First(f => f.IsUnit), prefix) is { } entered)
            {
                body[field.Path] = Number(entered.Figure, prefix + field.Path, writer);
                body["unit"] = entered.Unit;
                continue;
            }

            if (field.IsUnit && body.ContainsKey(field.Path)) continue;
            if (Value(field, fields, prefix + field.Path, writer, isWhole) is { } value) body[field.Path] = value;
            else if (isWhole && field is { IsRequired: true, Kind: FieldKind.Lines or FieldKind.Several }) body[field.Path] = new JsonArray();
        }

        return body;
    }

    /// A quantity with the unit that it is entered in: `3 case`, `1.5 m`. A unit that stands in a field of its own goes first.
    private static (string Figure, string Unit)? InUnit(Dictionary<string, StringValues> fields, string path, FormField unit, string prefix)
    {
        if (!fields.TryGetValue(path, out var values) || (fields.TryGetValue(prefix + unit.Path, out var own) && own.ToString().Trim().Length > 0)) return null;
        return Entered().Match(values.ToString().Trim()) is { Success: true } match ? (match.Groups["figure"].Value, match.Groups["unit"].Value.ToLowerInvariant()) : null;
    }

    [GeneratedRegex(@"^(?<figure>[0-9][0-9.,\s]*?)\s*(?<unit>[A-Za-z][A-Za-z0-9-]{0,11})$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Entered();

    private static JsonNode? Value(FormField field, Dictionary<string, StringValues> fields, string path, FormWriter? writer, bool isWhole)
    {
        switch (field.Kind)
        {
            case FieldKind.Shaped:
                return null;
            case FieldKind.Lines:
                return Lines(field, fields, path, writer, isWhole);
            case FieldKind.Part:
                return Fill(field.Columns, fields, path + ".", writer, isWhole) is { Count: > 0 } part ? part : null;
            case FieldKind.Several:
                if (!fields.TryGetValue(path, out var several)) return null;
                return new JsonArray([.. several.SelectMany(Words).Select(w => IsNumber(field.Type) ? Number(w, path, writer) : (JsonNode)w)]);
            case FieldKind.Money:
                return Amount(fields, path, "amount", writer);
            case FieldKind.UnitPrice:
                return Amount(fields, path, "price", writer);
            case FieldKind.Flag:
                return fields.TryGetValue(path, out var flags) ? flags.Contains("true") : null;
        }

        if (!fields.TryGetValue(path, out var values) || values.ToString().Trim() is not { Length: > 0 } text) return null;
        if (field.IsSecret) return values.ToString();
        return field.Kind switch
        {
            FieldKind.Number or FieldKind.Quantity => Number(text, path, writer),
            FieldKind.Instant => Instant(text, writer),
            _ => text,
        };
    }

    /// Lines that are left empty are no lines.
    private static JsonArray? Lines(FormField field, Dictionary<string, StringValues> fields, string path, FormWriter? writer, bool isWhole)
    {
        var rows = fields.Where(f => f.Key.StartsWith(path + "[", StringComparison.Ordinal) && !StringValues.IsNullOrEmpty(f.Value))
            .Select(f => f.Key[(path.Length + 1)..].Split(']')[0])
            .Select(i => int.TryParse(i, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : -1)
            .Where(i => i is >= 0 and < MaxLines).Distinct().Order().ToArray();
        if (rows.Length == 0) return null;

        var lines = new JsonArray();
        foreach (var at in rows)
        {
            var line = Fill(field.Columns, fields, $"{path}[{at}].", writer, isWhole);
            var isEmpty = line.All(p => p.Value is null or JsonObject { Count: < 2 } or JsonArray { Count: 0 }
                || (p.Value is JsonValue v && v.TryGetValue<bool>(out var on) && !on));
            if (!isEmpty) lines.Add(line);
        }

        return lines;
    }

    private static JsonNode? Amount(Dictionary<string, StringValues> fields, string path, string name, FormWriter? writer)
    {
        var text = fields.GetValueOrDefault($"{path}.{name}").ToString().Trim();
        var currency = fields.GetValueOrDefault($"{path}.currency").ToString().Trim().ToUpperInvariant();
        if (text.Length == 0 && fields.TryGetValue(path, out var whole)
            && whole.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, var second])
            (text, currency) = (first, second.ToUpperInvariant());
        return text.Length == 0 ? null : new JsonObject { [name] = Number(text, path, writer), ["currency"] = currency };
    }

    /// What a clock shows is meant where whoever wrote it is; without a writer it is UTC.
    private static string Instant(string text, FormWriter? writer)
    {
        if (text.Length is not (16 or 19) || text.EndsWith('Z')) return text;
        if (writer is null) return text + (text.Length == 16 ? ":00Z" : "Z");
        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? FormField.Written(Zones.InstantOf(local, writer.Zone)) : text;
    }

    /// `1,234.50`, `12,5`, `−3` with a true minus sign. What could be either of two numbers stays text, and is refused.
    private static JsonNode Number(string text, string path, FormWriter? writer)
    {
        if (writer?.Unclear(text, path) == true) return text;
        var plain = FormWriter.Plain(text);
        var (comma, dot) = (plain.LastIndexOf(','), plain.LastIndexOf('.'));
        if (comma >= 0 && dot >= 0) plain = comma > dot && writer is not null ? plain.Replace(".", "", StringComparison.Ordinal).Replace(',', '.') : plain.Replace(",", "", StringComparison.Ordinal);
        else if (comma >= 0 && (plain.Length - comma - 1 != 3 || writer is { Decimal: ',' })) plain = plain.Replace(',', '.');

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(plain, Style, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : text;
    }

    private static bool IsNumber(Type type) =>
        type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(decimal) || type == typeof(Quantity);

    private static IEnumerable<string> Words(string? text) =>
        (text ?? "").Split(['\n', '\r', ',', ';', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
