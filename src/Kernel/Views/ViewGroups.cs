using System.Text.Json;

namespace Keel.Kernel.Views;

/// The rows that answer a question, counted and summed for each value of one column: the largest groups first, of days the latest.
public sealed record ViewGroups(ViewInfo Info, ViewQuery Query, ViewColumn By, IReadOnlyList<ViewColumn> Sums, IReadOnlyList<ViewGroup> Groups, bool IsMore)
{
    /// So many groups are shown; who wants to see others narrows the list.
    public const int Most = 200;

    /// What the shown groups make together.
    public ViewGroup Total => new(null, null, Groups.Sum(g => g.Rows))
    {
        Sums = Sums.ToDictionary(c => c.Name, c => ViewGroup.Added(Groups.SelectMany(g => g.Sums[c.Name]))),
    };

    /// The list of one group's rows; nothing where no filter says it.
    public ViewQuery? RowsOf(ViewGroup group)
    {
        if (group.Text is { Length: 0 }) return null;
        var filter = group.Text is null ? new ViewFilter(By.Name, Comparison.Is, ["empty"]) : new ViewFilter(By.Name, Comparison.Eq, [group.Text]);
        var others = Query.Filters.Where(f => f.Column != By.Name || f.Comparison is not (Comparison.Eq or Comparison.Is));
        return Query.FromStart() with { Group = null, Filters = [.. others, filter] };
    }

    internal static ViewGroups Read(ViewInfo info, ViewQuery query, ViewColumn by, IReadOnlyList<ViewColumn> sums, IReadOnlyList<GroupPart> parts)
    {
        var groups = parts.GroupBy(p => (p.Value is null, p.Value)).Select(g => new ViewGroup(ValueOf(by, g.Key.Value), g.Key.Value, g.Sum(p => p.Count))
        {
            Sums = sums.Select((c, i) => (c.Name, Sum: ViewGroup.Added(g.SelectMany(p => SumOf(info, c, i, p))))).ToDictionary(s => s.Name, s => s.Sum),
        }).ToArray();
        return new ViewGroups(info, query, by, sums, groups.Length > Most ? groups[..Most] : groups, groups.Length > Most);
    }

    /// An instant stands for its day.
    private static object? ValueOf(ViewColumn by, string? text)
    {
        var type = by.Type == typeof(DateTimeOffset) ? typeof(DateOnly) : by.Type;
        return text is not null && ColumnText.TryKey(type, text, out var value) ? value : text;
    }

    private static IEnumerable<object> SumOf(ViewInfo info, ViewColumn column, int at, GroupPart part)
    {
        using var json = JsonDocument.Parse(part.Sums);
        var sum = json.RootElement[at];
        if (sum.ValueKind is JsonValueKind.Null) yield break;
        if (column.Kind is not ColumnKind.Money)
        {
            yield return new Quantity((long)sum.GetDecimal());
            yield break;
        }

        using var coins = JsonDocument.Parse(part.Currencies);
        var coin = coins.RootElement[Array.IndexOf(info.SummedCurrencies, info.CurrencyOf(column))].GetString();
        if (coin is not null && Currency.TryOf(coin, out var currency)) yield return new Money((long)sum.GetDecimal(), currency);
    }
}

/// One value of the column, how many rows have it, and what they sum up to: an amount for each currency, or one quantity.
public sealed record ViewGroup(object? Value, string? Text, long Rows)
{
    public IReadOnlyDictionary<string, IReadOnlyList<object>> Sums { get; init; } = new Dictionary<string, IReadOnlyList<object>>();

    /// Amounts of one currency are added, never those of two.
    internal static IReadOnlyList<object> Added(IEnumerable<object> parts)
    {
        var all = parts.ToArray();
        if (all is [Quantity, ..]) return [all.Cast<Quantity>().Aggregate((a, b) => a + b)];
        return [.. all.Cast<Money>().GroupBy(m => m.Currency).OrderBy(g => g.Key.Code, StringComparer.Ordinal).Select(g => (object)g.Aggregate((a, b) => a + b))];
    }
}

/// One value in one set of currencies, as the database sums it.
internal sealed record GroupPart(string? Value, long Count, string Sums, string Currencies);
