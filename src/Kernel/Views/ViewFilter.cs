using Microsoft.Extensions.Primitives;

namespace Keel.Kernel.Views;

/// How a column is compared with a value.
public enum Comparison
{
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,

    /// The text occurs in it.
    Has,

    /// It begins with the text.
    Starts,

    /// `empty` or `set`.
    Is,
}

/// One condition on one column: `f.total.ge=100`, `f.status=Reserved,Waiting`. Several values of `eq` mean any of
/// them, of `ne` none of them.
public sealed record ViewFilter(string Column, Comparison Comparison, IReadOnlyList<string> Values)
{
    /// As an address names it.
    public string Name => Comparison is Comparison.Eq ? $"f.{Column}" : $"f.{Column}.{Comparison.ToString().ToLowerInvariant()}";

    /// As people say it: `at least 100`.
    public string Spoken
    {
        get
        {
            var words = string.Join(" or ", Values);
            return Comparison switch
            {
                Comparison.Eq => words,
                Comparison.Ne => "not " + words,
                Comparison.Gt => "more than " + words,
                Comparison.Ge => "at least " + words,
                Comparison.Lt => "less than " + words,
                Comparison.Le => "at most " + words,
                Comparison.Has => "has " + words,
                Comparison.Starts => "begins with " + words,
                _ => "is " + words,
            };
        }
    }

    public bool Equals(ViewFilter? other) =>
        other is not null && Column == other.Column && Comparison == other.Comparison && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => HashCode.Combine(Column, Comparison, Values.Count);

    internal static Result<ViewFilter> Parse(ViewInfo info, string name, StringValues texts)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var columnName = dot < 0 ? name : name[..dot];
        var column = info.Column(columnName);
        if (column is null) return ViewErrors.NoColumn(columnName, info);
        if (!column.IsComparable) return ViewErrors.NotFilterable(column.Name);

        var comparison = Comparison.Eq;
        if (dot >= 0 && !Enum.TryParse(name[(dot + 1)..], ignoreCase: true, out comparison))
            return ViewErrors.BadOperator(name[(dot + 1)..]);
        if (comparison is Comparison.Has or Comparison.Starts && column.Type != typeof(string))
            return ViewErrors.NotFilterable(column.Name);

        var single = comparison is Comparison.Has or Comparison.Starts;
        string[] values = [.. texts.Where(t => !string.IsNullOrEmpty(t)).SelectMany(t => single ? [t!] : Split(t!)).Distinct()
            .Take(ViewQuery.MaxValues)];
        foreach (var value in values)
        {
            var fits = comparison switch
            {
                Comparison.Is => value is "empty" or "set",
                _ => IsMoment(column.Type, value) || ColumnText.TryRead(column.Type, value, Currency.Eur, out _),
            };
            if (!fits) return ViewErrors.BadValue(column, value);
        }

        return new ViewFilter(column.Name, comparison, values);
    }

    /// Words that mean a time when they are read: `today`, and `today+7` or `today-30` in days.
    internal static bool IsMoment(Type type, string text) =>
        (type == typeof(DateOnly) || type == typeof(DateTimeOffset)) && DaysFromToday(text) is not null;

    internal static int? DaysFromToday(string text)
    {
        if (!text.StartsWith("today", StringComparison.OrdinalIgnoreCase)) return null;
        var rest = text[5..].Replace(" ", "+", StringComparison.Ordinal);
        if (rest.Length == 0) return 0;
        return rest[0] is '+' or '-' && int.TryParse(rest, out var days) && Math.Abs(days) <= 10_000 ? days : null;
    }

    /// A comma inside a value is written `\,`.
    internal static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);

    private static List<string> Split(string text)
    {
        var parts = new List<string>();
        var part = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length) part.Append(text[++i]);
            else if (text[i] == ',') Take();
            else part.Append(text[i]);
        }

        Take();
        return parts;

        void Take()
        {
            if (part.Length > 0) parts.Add(part.ToString());
            part.Clear();
        }
    }
}
