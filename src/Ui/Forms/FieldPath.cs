using System.Globalization;

namespace Keel.Ui;

/// The place of a value in a request as a person finds it in the form: `products[0].weightGrams` is Product 1, weight grams.
public static class FieldPath
{
    /// What a refusal says, with the labels of the form for the names of fields. `isAlone` where the form asks for one item of its list only.
    public static Error Spoken(Error error, Type request, Type? shape, Func<string, bool> isAlone) =>
        error.Fields.Count == 0 ? error : error with { Message = Said(error, path => Spoken(request, path, shape, isAlone)), Fields = [.. error.Fields.Select(f => f with { Message = Plain(f.Message) })] };

    /// The labels that lead to a value, from the outside in.
    public static string Spoken(Type request, string path, Type? shape = null, Func<string, bool>? isAlone = null)
    {
        var (said, fields, walked) = (new List<string>(), FormField.Of(request), "");
        foreach (var part in path.Split('.'))
        {
            var (name, at) = Split(part);
            walked = walked.Length == 0 ? name : $"{walked}.{name}";
            if (fields.FirstOrDefault(f => string.Equals(f.Path, name, StringComparison.OrdinalIgnoreCase)) is not { } field)
            {
                if (name.Length > 0) said.Add(Words.T(Kernel.Views.ViewInfo.Spoken(name)));
                fields = [];
                continue;
            }

            fields = field.Kind is FieldKind.Shaped && shape is not null ? FormField.Of(shape) : field.Columns;
            if (field.Kind is FieldKind.Shaped) continue;
            if (at is { } number && field.Kind is FieldKind.Lines) said.Add(isAlone?.Invoke(walked) == true ? "" : $"{Words.T(Shape.One(field))} {number + 1}");
            else said.Add(Words.T(field.Label));
        }

        string[] told = [.. said.Where(s => s.Length > 0)];
        return told.Length == 0 ? path : string.Join(", ", told.Select((s, i) => i == 0 || Words.Language != Words.English ? s : Small(s)));
    }

    private static string Said(Error error, Func<string, string> spoken)
    {
        var first = error.Fields.OrderByDescending(f => f.Field.Length).FirstOrDefault(f => f.Field.Length > 0 && error.Message.StartsWith(f.Field + " ", StringComparison.Ordinal));
        return first is null ? error.Message : $"{spoken(first.Field)}: {Words.T(Plain(error.Message[(first.Field.Length + 1)..]))}";
    }

    /// What programs have to heed nobody types.
    private static string Plain(string message) => message switch
    {
        "must be a whole number, written without quotes." => "must be a whole number.",
        "must be a number, written without quotes." => "must be a number.",
        "must be text in quotes." => "must be text.",
        _ when message.StartsWith("must be an instant such as", StringComparison.Ordinal) => "must be a day and a time.",
        _ when message.StartsWith("must be a day such as", StringComparison.Ordinal) => "must be a day.",
        _ when message.StartsWith("has a value that cannot stand here", StringComparison.Ordinal) => "has a value that cannot stand here.",
        _ => message,
    };

    private static (string Name, int? At) Split(string part)
    {
        var at = part.IndexOf('[', StringComparison.Ordinal);
        return at < 0 ? (part, null) : (part[..at], int.TryParse(part[(at + 1)..].TrimEnd(']').Split(']')[0], CultureInfo.InvariantCulture, out var number) ? number : null);
    }

    private static string Small(string label) => label.Length > 1 && char.IsUpper(label[1]) ? label : char.ToLowerInvariant(label[0]) + label[1..];
}
