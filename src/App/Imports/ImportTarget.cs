using System.Text.Json.Nodes;
using Keel.Ui;
using Microsoft.Extensions.Primitives;

namespace Keel.App.Imports;

/// One place in a request that a column of a file can fill: `lines.sku`, or `list` for the request as a whole.
internal sealed record ImportField(string Path, string Label, FieldKind Kind, bool IsRequired, bool IsHead, bool IsMap, string? Hint);

/// An operation as a file fills it: each row is one item of the list in its request; the other fields are the same for all rows that go together.
/// Where a field of the item says what it is as a whole (`WholeAttribute`), the rows that say the same there are one item and its lines.
internal sealed class ImportTarget
{
    private readonly string list;
    private readonly Dictionary<string, ImportField> byPath;
    private readonly ImportField? whole;

    /// The list within an item that rows fill, with a dot: `components.`.
    private readonly string? lines;

    private ImportTarget(OperationInfo operation, FormField items, IReadOnlyList<FormField> heads)
    {
        Operation = operation;
        list = items.Path;
        var inner = items.Columns.Any(c => c.IsWhole) ? items.Columns.Single(c => c.Kind is FieldKind.Lines) : null;
        lines = inner is null ? null : inner.Path + ".";
        Fields =
        [
            .. heads.SelectMany(h => Flat(h, "", isHead: true, h.IsRequired)),
            .. items.Columns.SelectMany(c => c == inner ? c.Columns.SelectMany(l => Flat(l, lines!, isHead: false, l.IsRequired)) : Flat(c, "", isHead: false, c.IsRequired)),
        ];
        whole = inner is null ? null : Fields.First(f => !f.IsHead && f.Path == items.Columns.First(c => c.IsWhole).Path);
        byPath = Fields.ToDictionary(f => Address(f));
    }

    /// What several rows are together, such as a kit; null where each row is an item by itself.
    public string? Whole => whole?.Label.ToLowerInvariant();

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

    /// By what a row belongs to others; null where it does not say.
    public string? WholeOf(IReadOnlyDictionary<string, string> row) =>
        whole is not null && row.GetValueOrDefault(Address(whole))?.Trim() is { Length: > 0 } text ? text.ToUpperInvariant() : null;

    /// What is wrong with the rows of one item before anybody is asked: a line that says nothing, or two that say another thing of the whole.
    public (int Row, string Field, string Reason)? Odd(IReadOnlyList<IReadOnlyDictionary<string, string>> rows)
    {
        if (whole is null) return null;
        foreach (var field in Fields.Where(f => !f.IsHead && !f.IsMap))
        {
            var texts = rows.Select(r => r.GetValueOrDefault(Address(field), "").Trim()).ToArray();
            if (IsOfLine(field) || field == whole)
            {
                if (field.IsRequired && Array.FindIndex(texts, t => t.Length == 0) is >= 0 and var empty) return (empty, Address(field), $"{Address(field)} is empty. Enter it in every row of the {Whole}.");
            }
            else if (Array.Find(texts, t => t.Length > 0) is { } said && Array.FindIndex(texts, t => t.Length > 0 && !t.Equals(said, StringComparison.OrdinalIgnoreCase)) is >= 0 and var other)
            {
                return (other, Address(field), $"{Address(field)} is {texts[other]} here and {said} in another row of the same {Whole}. Say the same in all of them.");
            }
        }

        return null;
    }

    /// The request for some items, as JSON; each has one row, or those that belong together.
    public JsonObject Request(IReadOnlyList<IReadOnlyList<IReadOnlyDictionary<string, string>>> items, Currency usual)
    {
        var form = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        foreach (var (i, j, address, text) in items.SelectMany((rows, i) => rows.SelectMany((row, j) => row.Select(c => (i, j, c.Key, c.Value)))))
        {
            var field = Find(address)!;
            if (text.Trim().Length == 0 || field.IsMap) continue;
            var path = field.IsHead ? field.Path : $"{list}[{i}].{(IsOfLine(field) ? $"{lines![..^1]}[{j}].{field.Path[lines!.Length..]}" : field.Path)}";
            if (field.Kind is FieldKind.Money or FieldKind.UnitPrice && !text.Trim().Contains(' ', StringComparison.Ordinal))
            {
                form.TryAdd(path + (field.Kind is FieldKind.Money ? ".amount" : ".price"), text);
                form.TryAdd(path + ".currency", usual.Code);
            }
            else
            {
                form.TryAdd(path, text);
            }
        }

        var body = FormBody.Read(form, Operation.Request);
        AddMaps(body, [.. items.Select(rows => rows[0])]);
        return body;
    }

    private bool IsOfLine(ImportField field) => lines is not null && !field.IsHead && field.Path.StartsWith(lines, StringComparison.Ordinal);

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

    /// The item of a request's field, the row of it where the field is of one, and how a column is told to fill it: `kits[3].components[1].sku` is
    /// item 3, row 1 of it, and the field `components.sku`.
    public (int Item, int? Row, string Field)? RowOf(string field)
    {
        if (At(list, field) is not var (item, own)) return null;
        return lines is not null && At(lines[..^1], own) is var (row, cell) ? (item, row, lines + cell) : (item, lines is null ? 0 : null, own);
    }

    private static (int At, string Field)? At(string list, string field)
    {
        if (!field.StartsWith(list + "[", StringComparison.Ordinal)) return null;
        var end = field.IndexOf(']', StringComparison.Ordinal);
        return int.TryParse(field.AsSpan(list.Length + 1, end - list.Length - 1), out var at) ? (at, end + 2 < field.Length ? field[(end + 2)..] : "") : null;
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
