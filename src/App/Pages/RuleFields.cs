using System.Text.Json;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.App.Pages;

/// What the form of a rule asks for: the fields of the operation's request, each a constant or a field of the event in braces.
internal static class RuleFields
{
    /// The request's fields as a rule's form shows them: what can hold braces is typed as text, and says which fields of the event fit.
    public static IReadOnlyList<FormField> Of(IReadOnlyList<FormField> fields, FactShape shape) => [.. fields.Select(f => f with
    {
        Hint = f.Hint ?? From(f, shape),
        Kind = f.Kind is FieldKind.Number or FieldKind.Quantity or FieldKind.Day or FieldKind.Instant ? FieldKind.Code : f.Kind,
        Columns = Of(f.Columns, shape),
    })];

    /// What a field of the request can be taken from: fields of the event of its own type.
    private static string? From(FormField field, FactShape shape)
    {
        if (field.Kind is FieldKind.Choice or FieldKind.Flag or FieldKind.Text or FieldKind.LongText or FieldKind.Part or FieldKind.Lines) return null;
        var fits = shape.Fields.Where(f => Fits(field.Type, f)).Select(f => $"{{{f.Path}}}").ToArray();
        return fits.Length == 0 ? null : "From the event: " + string.Join(", ", fits);
    }

    /// What a new rule's form begins with: the keys and codes that can only be meant.
    public static Dictionary<string, string> Guess(IReadOnlyList<FormField> fields, FactShape shape, string prefix = "with.")
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in fields.Where(f => f.IsRequired))
        {
            if (field.Kind is FieldKind.Lines or FieldKind.Part)
            {
                foreach (var (path, value) in Guess(field.Columns, shape, prefix + field.Path + (field.Kind is FieldKind.Lines ? "[0]." : "."))) values[path] = value;
                continue;
            }

            if (field.Kind is FieldKind.Choice or FieldKind.Flag or FieldKind.Text or FieldKind.LongText) continue;
            var fits = shape.Fields.Where(f => Fits(field.Type, f)).ToArray();
            var name = Single(field.Path);
            var meant = fits.FirstOrDefault(f => Named(f, name)) ?? fits.FirstOrDefault(f => Named(f, KindOf(field.Type))) ?? (IsKey(field.Type) ? fits.FirstOrDefault(f => name == "subject" && f.Path.EndsWith(".id", StringComparison.Ordinal)) : fits.Length == 1 ? fits[0] : null);
            if (meant is not null) values[prefix + field.Path] = $"{{{meant.Path}}}";
        }

        return values;
    }

    /// A saved request as the form's fields begin with it.
    public static Dictionary<string, string> Values(JsonElement request, string prefix = "with")
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        Walk(request, prefix, values);
        return values;
    }

    private static void Walk(JsonElement json, string path, Dictionary<string, string> values)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object when json.TryGetProperty("currency", out var currency) && (json.TryGetProperty("amount", out var figure) || json.TryGetProperty("price", out figure)):
                values[path] = $"{Text(figure)} {Text(currency)}";
                break;
            case JsonValueKind.Object:
                foreach (var property in json.EnumerateObject()) Walk(property.Value, $"{path}.{property.Name}", values);
                break;
            case JsonValueKind.Array when json.EnumerateArray().Any(v => v.ValueKind is JsonValueKind.Object):
                foreach (var (item, at) in json.EnumerateArray().Select((v, i) => (v, i))) Walk(item, $"{path}[{at}]", values);
                break;
            case JsonValueKind.Array:
                values[path] = string.Join(',', json.EnumerateArray().Select(Text));
                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            default:
                values[path] = Text(json);
                break;
        }
    }

    private static string Text(JsonElement json) => json.ValueKind is JsonValueKind.String ? json.GetString()! : json.GetRawText();

    private static bool Fits(Type wanted, FactField field) => field.Type == wanted || (IsKey(wanted) && IsKey(field.Type) && (wanted == typeof(Guid) || field.Type == typeof(Guid)));

    private static bool IsKey(Type type) => type == typeof(Guid) || typeof(IId).IsAssignableFrom(type);

    private static bool Named(FactField field, string name) => field.Path == name || field.Path == name + ".id" || field.Path == name + "Id";

    private static string KindOf(Type type) => typeof(IId).IsAssignableFrom(type) && type.IsGenericType ? FormField.Name(type.GetGenericArguments()[0].Name) : FormField.Name(type.Name);

    private static string Single(string path) => path.EndsWith('s') ? path[..^1] : path;
}
