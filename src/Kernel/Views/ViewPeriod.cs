using System.Globalization;

namespace Keel.Kernel.Views;

/// Days that are meant from the day on which they are read: `today`, `today-30`, `last7`, `week`, `month-1`, `quarter`, `year`.
public static class ViewPeriod
{
    private const int Furthest = 10_000;

    /// Those that a filter offers, with what people call them.
    public static readonly (string Code, string Words)[] Usual =
    [
        ("today", "today"), ("today-1", "yesterday"), ("today+1", "tomorrow"), ("last7", "the last 7 days"), ("last30", "the last 30 days"), ("week", "this week"),
        ("week-1", "last week"), ("month", "this month"), ("month-1", "last month"), ("quarter", "this quarter"), ("year", "this year"), ("year-1", "last year"),
    ];

    /// As people say it, in their language; nothing where it is no such word.
    public static string? Spoken(string text)
    {
        if (Array.Find(Usual, u => u.Code == text).Words is { } usual) return Words.Of(usual);
        if (Read(text) is not var (unit, number)) return null;
        return unit switch
        {
            "last" => Words.T($"the last {number} days"),
            "today" when number < 0 => Words.T($"{-number} days before today"),
            "today" => Words.T($"{number} days after today"),
            "week" when number < 0 => Words.T($"{-number} weeks before this one"),
            "month" when number < 0 => Words.T($"{-number} months before this one"),
            _ => null,
        };
    }

    /// From which day to which; nothing where it is no such word.
    internal static (DateOnly First, DateOnly Last)? Of(string text, DateOnly today)
    {
        if (Read(text) is not var (unit, number)) return null;
        var (first, months) = unit switch
        {
            "month" => (new DateOnly(today.Year, today.Month, 1), 1),
            "quarter" => (new DateOnly(today.Year, (today.Month - 1) / 3 * 3 + 1, 1), 3),
            "year" => (new DateOnly(today.Year, 1, 1), 12),
            _ => (today, 0),
        };
        if (months > 0) return Math.Abs(number) > 1_000 ? null : (first.AddMonths(months * number), first.AddMonths(months * (number + 1)).AddDays(-1));
        var monday = today.AddDays(-((int)today.DayOfWeek + 6) % 7).AddDays(7 * number);
        return unit switch
        {
            "week" => (monday, monday.AddDays(6)),
            "last" => number > 0 ? (today.AddDays(1 - number), today) : null,
            _ => (today.AddDays(number), today.AddDays(number)),
        };
    }

    private static (string Unit, int Number)? Read(string text)
    {
        var plain = text.ToLowerInvariant().Replace(' ', '+');
        var unit = Array.Find(["today", "week", "month", "quarter", "year", "last"], u => plain.StartsWith(u, StringComparison.Ordinal));
        if (unit is null) return null;
        var rest = plain[unit.Length..];
        if (rest.Length == 0) return unit is "last" ? null : (unit, 0);
        if (rest[0] is not ('+' or '-') != unit is "last") return null;
        return int.TryParse(rest, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) <= Furthest ? (unit, number) : null;
    }
}
