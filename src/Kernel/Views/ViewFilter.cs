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

    /// Words that mean a time when they are read: see `ViewPeriod`.
    internal static bool IsMoment(Type type, string text) =>
        (type == typeof(DateOnly) || type == typeof(DateTimeOffset)) && ViewPeriod.Of(text, DateOnly.FromDayNumber(700_000)) is not null;

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
