using System.Text.Json.Nodes;
using Keel.Ui;
using Microsoft.Extensions.Primitives;

namespace Keel.App.Imports;

/// One place in a request that a column of a file can fill: `lines.sku`, or `list` for the request as a whole.
internal sealed record ImportField(string Path, string Label, FieldKind Kind, bool IsRequired, bool IsHead, bool IsMap, string? Hint);

/// An operation as a file fills it: each row is one item of the list in its request; the other fields are the same for all rows that go together.
internal sealed class ImportTarget
{
    private readonly string list;
    private readonly Dictionary<string, ImportField> byPath;

    private ImportTarget(OperationInfo operation, FormField items, IReadOnlyList<FormField> heads)
    {
        Operation = operation;
        list = items.Path;
        Fields =
        [
            .. heads.SelectMany(h => Flat(h, "", isHead: true, h.IsRequired)),
            .. items.Columns.SelectMany(c => Flat(c, "", isHead: false, c.IsRequired)),
        ];
        byPath = Fields.ToDictionary(f => Address(f));
    }

    public OperationInfo Operation { get; }
    public IReadOnlyList<ImportField> Fields { get; }

    /// The target of an operation, where a file can fill its request.
    public static ImportTarget? Of(OperationInfo operation)
    {
        if (operation.Secret || operation.Module is "access") return null;
        var fields = FormField.Of(operation.Request);
        var items = fields.Where(f => f.Kind is FieldKind.Lines && f.Columns.Count > 1).ToArray();
        return items is [var only] ? new ImportTarget(operation, only, [.. fields.Where(f => f != only && f.Kind is not FieldKind.Several)]) : null;
    }

    /// The field of an address: `sku`, or `request.list` where an item has a field of the same name.
    public ImportField? Find(string address) => byPath.GetValueOrDefault(address)
        ?? (address.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && byPath.TryGetValue(address[..dot], out var map) && map.IsMap ? map : null);

    public string Address(ImportField field) =>
        field.IsHead && Fields.Any(f => !f.IsHead && f.Path == field.Path) ? "request." + field.Path : field.Path;

    /// Guesses which column fills which field, by their names.
    public Dictionary<string, string> Guess(IReadOnlyList<string> header)
    {
        var mapping = new Dictionary<string, string>();
        foreach (var column in header)
        {
            var plain = Plain(column);
            var field = Fields.FirstOrDefault(f => Plain(Address(f)) == plain) ?? Fields.FirstOrDefault(f => Plain(f.Label) == plain)
                ?? Fields.FirstOrDefault(f => Plain(f.Path[(f.Path.LastIndexOf('.') + 1)..]) == plain);
            if (field is not null && !mapping.ContainsValue(Address(field))) mapping[column] = Address(field);
            else if (column.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && Fields.FirstOrDefault(f => f.IsMap && Plain(f.Path) == Plain(column[..dot])) is { } map)
                mapping[column] = map.Path + column[dot..];
        }

        return mapping;
    }

    /// What a mapping still lacks, or names wrongly.
    public Error? Check(IReadOnlyDictionary<string, string> mapping, IReadOnlyDictionary<string, string> same, IReadOnlyList<string> header)
    {
        if (mapping.Keys.FirstOrDefault(c => !header.Contains(c)) is { } strange)
            return Error.Invalid("import.no-column", $"The file has no column '{strange}'. It has {string.Join(", ", header)}.");
        if (mapping.Values.Concat(same.Keys).FirstOrDefault(f => Find(f) is null) is { } unknown)
            return Error.Invalid("import.no-field", $"There is no field '{unknown}'. There are {string.Join(", ", Fields.Select(Address))}.");
        var missing = Fields.Where(f => f.IsRequired && !mapping.Values.Contains(Address(f)) && !same.ContainsKey(Address(f))).ToArray();
        return missing.Length == 0 ? null : Error.Invalid(
            "import.columns-missing", $"The file has no column for {string.Join(", ", missing.Select(Address))}. Add the columns, or say which of {string.Join(", ", header)} they are.",
            [.. missing.Select(f => new FieldError(Address(f), "has no column."))]);
    }

    /// What rows have in common must be the same for all that go into one request.
    public string HeadOf(IReadOnlyDictionary<string, string> row) =>
        string.Join('\n', Fields.Where(f => f.IsHead).Select(f => row.GetValueOrDefault(Address(f), "")));

    /// The request for some rows, as JSON.
    public JsonObject Request(IReadOnlyList<IReadOnlyDictionary<string, string>> rows, Currency usual)
    {
        var form = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            foreach (var (address, text) in rows[i])
            {
                var field = Find(address)!;
                if (text.Trim().Length == 0 || field.IsMap || (field.IsHead && i > 0)) continue;
                var path = field.IsHead ? field.Path : $"{list}[{i}].{field.Path}";
                if (field.Kind is FieldKind.Money or FieldKind.UnitPrice && !text.Trim().Contains(' ', StringComparison.Ordinal))
                {
                    form[path + (field.Kind is FieldKind.Money ? ".amount" : ".price")] = text;
                    form.TryAdd(path + ".currency", usual.Code);
                }
                else
                {
                    form[path] = text;
                }
            }
        }

        var body = FormBody.Read(form, Operation.Request);
        AddMaps(body, rows);
        return body;
    }

    private void AddMaps(JsonObject body, IReadOnlyList<IReadOnlyDictionary<string, string>> rows)
    {
        if (!Fields.Any(f => f.IsMap) || body[list] is not JsonArray items) return;
        for (var i = 0; i < Math.Min(rows.Count, items.Count); i++)
        {
            foreach (var (address, text) in rows[i])
            {
                if (Find(address) is not { IsMap: true } map || text.Trim().Length == 0 || address.Length <= map.Path.Length) continue;
                if (items[i]![map.Path] is not JsonObject entries) items[i]![map.Path] = entries = [];
                entries[address[(map.Path.Length + 1)..]] = text.Trim();
            }
        }
    }

    /// The row of a request's field: `lines[3].sku` is row 3, and its field `sku`.
    public (int Row, string Field)? RowOf(string field)
    {
        if (!field.StartsWith(list + "[", StringComparison.Ordinal)) return null;
        var end = field.IndexOf(']', StringComparison.Ordinal);
        return int.TryParse(field.AsSpan(list.Length + 1, end - list.Length - 1), out var row) ? (row, end + 2 < field.Length ? field[(end + 2)..] : "") : null;
    }

    private static IEnumerable<ImportField> Flat(FormField field, string before, bool isHead, bool needed)
    {
        if (field.Kind is FieldKind.Part) return field.Columns.SelectMany(c => Flat(c, before + field.Path + ".", isHead, needed && c.IsRequired));
        if (field.Kind is FieldKind.Lines) return [];
        var isMap = field.Type.IsGenericType && field.Type.Name.Contains("Dictionary", StringComparison.Ordinal);
        return [new ImportField(before + field.Path, field.Label, field.Kind, needed && !isMap, isHead, isMap, field.Hint)];
    }

    private static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
