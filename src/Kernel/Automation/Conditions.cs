using System.Globalization;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// Reads the conditions of a rule against the fields of its event, once; then asks each event.
internal sealed class Conditions
{
    private readonly IReadOnlyList<Func<Fact, bool>[]> groups;

    private Conditions(IReadOnlyList<Func<Fact, bool>[]> groups) => this.groups = groups;

    /// Whether an event matches: all conditions of one group, or there are no groups.
    public bool Hold(Fact fact) => groups.Count == 0 || groups.Any(all => Array.TrueForAll(all, one => one(fact)));

    /// The conditions, and what is wrong with them.
    public static (Conditions Read, IReadOnlyList<FieldError> Wrong) Of(IReadOnlyList<RuleGroup> groups, FactShape shape)
    {
        var wrong = new List<FieldError>();
        var read = groups.Select((g, i) => g.Conditions.Select((c, j) =>
        {
            var (test, (field, why)) = Of(c, shape);
            if (why is not null) wrong.Add(new FieldError($"groups[{i}].conditions[{j}].{field}", why));
            return test;
        }).ToArray()).ToArray();
        return (new Conditions(read), wrong);
    }

    /// Which comparisons a field can be asked.
    public static IReadOnlyList<RuleTest> TestsOf(FactField field) => field switch
    {
        { IsList: true } => [RuleTest.Contains, RuleTest.ContainsNot, RuleTest.Said, RuleTest.NotSaid],
        { Type: var t } when t == typeof(bool) => [RuleTest.Equal],
        { Type: var t } when t == typeof(string) => [RuleTest.Equal, RuleTest.Different, RuleTest.OneOf, RuleTest.NoneOf, RuleTest.Contains, RuleTest.ContainsNot, RuleTest.Said, RuleTest.NotSaid],
        { Type: var t } when IsOrdered(t) =>
            [RuleTest.Equal, RuleTest.Different, RuleTest.MoreThan, RuleTest.AtLeast, RuleTest.LessThan, RuleTest.AtMost, RuleTest.Said, RuleTest.NotSaid],
        _ => [RuleTest.Equal, RuleTest.Different, RuleTest.OneOf, RuleTest.NoneOf, RuleTest.Said, RuleTest.NotSaid],
    };

    /// What to write for a value of a field.
    public static string Wanted(Type type) => type == typeof(Money) ? "an amount with its currency, such as 250 EUR" : ColumnText.Wanted(type);

    private static (Func<Fact, bool>, (string Field, string? Why)) Of(RuleCondition condition, FactShape shape)
    {
        (Func<Fact, bool>, (string, string?)) No(string field, string why) => (_ => false, (field, why));
        if (shape.Find(condition.Field) is not { } field) return No("field", $"There is no field {condition.Field} here. There are {string.Join(", ", shape.Fields.Select(f => f.Path))}.");
        if (!TestsOf(field).Contains(condition.Is)) return No("is", $"{field.Label} cannot be asked this. It can be asked: {string.Join(", ", TestsOf(field).Select(Spoken))}.");
        if (condition.Is is RuleTest.Said) return (f => f.Value(field) is not null, default);
        if (condition.Is is RuleTest.NotSaid) return (f => f.Value(field) is null, default);

        var texts = condition.Is is RuleTest.OneOf or RuleTest.NoneOf
            ? (condition.Value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : string.IsNullOrWhiteSpace(condition.Value) ? [] : [condition.Value.Trim()];
        if (texts.Length == 0) return No("value", "Say what it is compared with.");
        var values = texts.Select(t => Read(field.Type, t)).ToArray();
        if (Array.IndexOf(values, null) is >= 0 and var at) return No("value", $"'{texts[at]}' is no value of {field.Label}: {Wanted(field.Type)} is wanted.");
        return (Test(field, condition.Is, values!), default);
    }

    private static Func<Fact, bool> Test(FactField field, RuleTest test, object[] values)
    {
        var first = values[0];
        return test switch
        {
            RuleTest.Equal or RuleTest.OneOf => f => f.Value(field) is { } v && Array.Exists(values, w => Same(v, w)),
            RuleTest.Different or RuleTest.NoneOf => f => f.Value(field) is not { } v || !Array.Exists(values, w => Same(v, w)),
            RuleTest.Contains => f => Holds(f.Value(field), first),
            RuleTest.ContainsNot => f => !Holds(f.Value(field), first),
            RuleTest.MoreThan => f => Compare(f.Value(field), first) > 0,
            RuleTest.AtLeast => f => Compare(f.Value(field), first) >= 0,
            RuleTest.LessThan => f => Compare(f.Value(field), first) < 0,
            RuleTest.AtMost => f => Compare(f.Value(field), first) <= 0,
            _ => throw new InvariantBroken($"{test} compares nothing."),
        };
    }

    private static bool Holds(object? value, object wanted) => value switch
    {
        string text => text.Contains((string)wanted, StringComparison.OrdinalIgnoreCase),
        Array list => list.Cast<object>().Any(v => Same(v, wanted)),
        _ => false,
    };

    private static bool Same(object one, object other) => one is string a && other is string b ? a.Equals(b, StringComparison.OrdinalIgnoreCase) : one.Equals(other);

    /// An amount in another currency is neither more nor less.
    private static int? Compare(object? value, object wanted) => value switch
    {
        null => null,
        Money money => wanted is Money limit && limit.Currency == money.Currency ? money.Minor.CompareTo(limit.Minor) : null,
        Quantity quantity => wanted is Quantity limit ? quantity.CompareTo(limit) : null,
        IComparable ordered => ordered.CompareTo(wanted),
        _ => null,
    };

    private static bool IsOrdered(Type type) => type == typeof(Money) || type == typeof(Quantity) || type == typeof(int) || type == typeof(long) || type == typeof(short)
        || type == typeof(decimal) || type == typeof(DateOnly) || type == typeof(DateTimeOffset);

    internal static object? Read(Type type, string text)
    {
        if (type == typeof(Money))
        {
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return words.Length == 2 && Currency.TryOf(words[1].ToUpperInvariant(), out var currency) && Number(words[0]) is { } amount && decimal.Truncate(amount * currency.Scale) == amount * currency.Scale
                ? new Money((long)(amount * currency.Scale), currency) : null;
        }

        if (type == typeof(Quantity)) return Number(text) is { } units && decimal.Round(units, 3) == units ? Quantity.Of(units) : null;
        return ColumnText.TryKey(type, text, out var value) ? value : null;
    }

    private static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1_000_000_000_000m ? number : null;

    private static string Spoken(RuleTest test) => ViewInfo.Spoken(test.ToString()).ToLowerInvariant();
}
