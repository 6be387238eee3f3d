using System.Collections;
using Keel.Kernel.Views;

namespace Keel.Ui;

/// A value with parts and lists inside, as forms ask for it and people read it.
public static class Shape
{
    /// What the fields of a form begin with, by their paths: `rules[0].at`.
    public static IReadOnlyDictionary<string, string> Values(object value, string prefix)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (field, path, _, leaf) in Walk(value, prefix, "")) values[path] = field.Kind is FieldKind.Several ? string.Join(',', Items(leaf)) : FormField.Written(leaf);
        return values;
    }

    /// The value as pairs of a label and a text, in order: `Rule 1, at` is `delivery`. What is left out is not said.
    /// What is chosen from a list is called as the list calls it.
    public static IReadOnlyList<(string Label, string Text)> Said(object value, Func<FormField, IReadOnlyList<Option>?>? choices = null) =>
        [.. Walk(value, "", "").Select(w => (w.Label, Text(w.Field, w.Value, choices))).Where(p => p.Item2.Length > 0)];

    /// What is said differently of two values; a side is empty where only the other says it.
    public static IReadOnlyList<(string Label, string Before, string After)> Differences(object before, object after, Func<FormField, IReadOnlyList<Option>?>? choices = null) =>
        [.. Beside(before, after, choices).Where(d => d.Before != d.After)];

    /// All that either of two values says, side by side.
    public static IReadOnlyList<(string Label, string Before, string After)> Beside(object before, object after, Func<FormField, IReadOnlyList<Option>?>? choices = null)
    {
        var (old, now) = (Said(before, choices), Said(after, choices));
        return [.. old.Concat(now).Select(p => p.Label).Distinct()
            .Select(label => (label, old.FirstOrDefault(p => p.Label == label).Text ?? "", now.FirstOrDefault(p => p.Label == label).Text ?? ""))];
    }

    private static IEnumerable<(FormField Field, string Path, string Label, object Value)> Walk(object value, string prefix, string before)
    {
        foreach (var field in FormField.Of(value.GetType()))
        {
            if (value.GetType().GetProperty(char.ToUpperInvariant(field.Path[0]) + field.Path[1..])?.GetValue(value) is not { } inner) continue;
            var (path, label) = (prefix + field.Path, before.Length == 0 ? Words.Of(field.Label) : $"{before}, {Small(field.Label)}");
            if (field.Kind is FieldKind.Part) foreach (var part in Walk(inner, path + ".", label)) yield return part;
            else if (field.Kind is FieldKind.Lines) foreach (var line in Lines(field, (IEnumerable)inner, path, before)) yield return line;
            else yield return (field, path, label, inner);
        }
    }

    private static IEnumerable<(FormField Field, string Path, string Label, object Value)> Lines(FormField field, IEnumerable lines, string path, string before)
    {
        var one = One(field);
        return lines.Cast<object>().SelectMany((line, i) => Walk(line, $"{path}[{i}].", before.Length == 0 ? $"{Words.Of(one)} {i + 1}" : $"{before}, {Words.Inside(one)} {i + 1}"));
    }

    /// One item of a list, as people call it: of `Rules`, a rule.
    public static string One(FormField lines) => lines.Label.EndsWith('s') ? lines.Label[..^1] : lines.Label;

    private static string Small(string label) => Words.Language == Words.English ? char.ToLowerInvariant(label[0]) + label[1..] : Words.Of(label);

    private static IEnumerable<string> Items(object several) => ((IEnumerable)several).Cast<object>().Select(FormField.Written);

    private static string Text(FormField field, object value, Func<FormField, IReadOnlyList<Option>?>? choices) => choices is not null && field.Kind is not FieldKind.Choice && choices(field) is { } known
        ? string.Join(", ", (field.Kind is FieldKind.Several ? Items(value) : [FormField.Written(value)]).Select(w => known.FirstOrDefault(o => o.Value == w)?.Text ?? w))
        : Text(field, value);

    private static string Text(FormField field, object value) => field.Kind switch
    {
        FieldKind.Several => string.Join(", ", Items(value)),
        FieldKind.Flag => Words.Of(value is true ? "yes" : "no"),
        FieldKind.Choice => Words.Of(Shown.Of((Enum)value)?.Word ?? ViewInfo.Spoken(value.ToString()!)),
        _ => FormField.Written(value),
    };
}
