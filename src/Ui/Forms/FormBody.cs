using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Keel.Ui;

/// A posted form as the JSON that the same request has on the API. What it cannot read as the wanted kind goes on as text, so that the one
/// reader of requests says what is wrong with it.
public static class FormBody
{
    private const int MaxLines = 5_000;

    /// `shape` says what a value is that another field of the form names the shape of.
    public static JsonObject Read(IFormCollection form, Type request, Func<IFormCollection, Type?>? shape = null) =>
        Read(form.ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal), request, shape?.Invoke(form));

    public static JsonObject Read(IReadOnlyDictionary<string, StringValues> form, Type request, Type? shape = null)
    {
        var fields = form.Where(f => !f.Key.StartsWith("__", StringComparison.Ordinal))
            .ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
        if (form.TryGetValue(FormField.SelectionName, out var target) && fields.Remove(FormField.Selected, out var selected))
            fields[target.ToString()] = selected;

        var known = FormField.Of(request);
        var body = Fill(known, fields, "");
        foreach (var shaped in known.Where(f => f.Kind is FieldKind.Shaped && shape is not null)) body[shaped.Path] = Fill(FormField.Of(shape!), fields, shaped.Path + ".", isWhole: true);
        foreach (var (name, value) in fields)
        {
            var root = name.Split('.', '[')[0];
            if (!known.Any(f => f.Path == root)) body[root] ??= value.ToString();
        }

        return body;
    }

    /// In a whole, a list that nothing was said about is empty.
    private static JsonObject Fill(IReadOnlyList<FormField> known, Dictionary<string, StringValues> fields, string prefix, bool isWhole = false)
    {
        var body = new JsonObject();
        foreach (var field in known)
        {
            if (Value(field, fields, prefix + field.Path, isWhole) is { } value) body[field.Path] = value;
            else if (isWhole && field is { IsRequired: true, Kind: FieldKind.Lines or FieldKind.Several }) body[field.Path] = new JsonArray();
        }

        return body;
    }

    private static JsonNode? Value(FormField field, Dictionary<string, StringValues> fields, string path, bool isWhole)
    {
        switch (field.Kind)
        {
            case FieldKind.Shaped:
                return null;
            case FieldKind.Lines:
                return Lines(field, fields, path, isWhole);
            case FieldKind.Part:
                return Fill(field.Columns, fields, path + ".", isWhole) is { Count: > 0 } part ? part : null;
            case FieldKind.Several:
                if (!fields.TryGetValue(path, out var several)) return null;
                return new JsonArray([.. several.SelectMany(Words).Select(w => IsNumber(field.Type) ? Number(w) : (JsonNode)w)]);
            case FieldKind.Money:
                return Amount(fields, path, "amount");
            case FieldKind.UnitPrice:
                return Amount(fields, path, "price");
            case FieldKind.Flag:
                return fields.TryGetValue(path, out var flags) ? flags.Contains("true") : null;
        }

        if (!fields.TryGetValue(path, out var values) || values.ToString().Trim() is not { Length: > 0 } text) return null;
        if (field.IsSecret) return values.ToString();
        return field.Kind switch
        {
            FieldKind.Number or FieldKind.Quantity => Number(text),
            FieldKind.Instant => text.Length is 16 or 19 && !text.EndsWith('Z') ? text + (text.Length == 16 ? ":00Z" : "Z") : text,
            _ => text,
        };
    }

    /// Lines that are left empty are no lines.
    private static JsonArray? Lines(FormField field, Dictionary<string, StringValues> fields, string path, bool isWhole)
    {
        var rows = fields.Where(f => f.Key.StartsWith(path + "[", StringComparison.Ordinal) && !StringValues.IsNullOrEmpty(f.Value))
            .Select(f => f.Key[(path.Length + 1)..].Split(']')[0])
            .Select(i => int.TryParse(i, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : -1)
            .Where(i => i is >= 0 and < MaxLines).Distinct().Order().ToArray();
        if (rows.Length == 0) return null;

        var lines = new JsonArray();
        foreach (var at in rows)
        {
            var line = Fill(field.Columns, fields, $"{path}[{at}].", isWhole);
            var isEmpty = line.All(p => p.Value is null or JsonObject { Count: < 2 } or JsonArray { Count: 0 }
                || (p.Value is JsonValue v && v.TryGetValue<bool>(out var on) && !on));
            if (!isEmpty) lines.Add(line);
        }

        return lines;
    }

    private static JsonNode? Amount(Dictionary<string, StringValues> fields, string path, string name)
    {
        var text = fields.GetValueOrDefault($"{path}.{name}").ToString().Trim();
        var currency = fields.GetValueOrDefault($"{path}.currency").ToString().Trim().ToUpperInvariant();
        if (text.Length == 0 && fields.TryGetValue(path, out var whole)
            && whole.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, var second])
            (text, currency) = (first, second.ToUpperInvariant());
        return text.Length == 0 ? null : new JsonObject { [name] = Number(text), ["currency"] = currency };
    }

    /// `1,234.50`, `12,5`, `−3` with a true minus sign. `1,234` alone could be either of two numbers: it stays text, and is refused.
    private static JsonNode Number(string text)
    {
        var plain = text.Replace('−', '-').Replace("\u00a0", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        var comma = plain.IndexOf(',', StringComparison.Ordinal);
        if (comma >= 0 && plain.Contains('.', StringComparison.Ordinal)) plain = plain.Replace(",", "", StringComparison.Ordinal);
        else if (comma >= 0 && plain.Length - comma - 1 != 3) plain = plain.Replace(',', '.');

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(plain, Style, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : text;
    }

    private static bool IsNumber(Type type) =>
        type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(decimal) || type == typeof(Quantity);

    private static IEnumerable<string> Words(string? text) =>
        (text ?? "").Split(['\n', '\r', ',', ';', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
