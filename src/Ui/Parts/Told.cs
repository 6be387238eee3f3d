using System.Globalization;

namespace Keel.Ui;

/// How times are told: when, and how far from now, in the zone of whoever reads.
public sealed class Told(DateTimeOffset now, TimeZoneInfo zone)
{
    private readonly DateTime local = TimeZoneInfo.ConvertTime(now, zone).DateTime;

    public DateOnly Today => DateOnly.FromDateTime(local);

    /// The clock of the top bar: Fri 20 Nov 2026, 13:42.
    public string Clock => local.ToString(Words.Of("ddd d MMM yyyy, HH:mm"), Words.Culture);

    public string Zone => zone.Id;

    /// Today 16:00, Thu 16:00, 4 Nov 09:12, 4 Nov 2025.
    public string At(DateTimeOffset instant)
    {
        var at = TimeZoneInfo.ConvertTime(instant, zone).DateTime;
        return $"{On(DateOnly.FromDateTime(at))} {at:HH:mm}";
    }

    /// To the second, with the zone: what a hover shows.
    public string Exact(DateTimeOffset instant) =>
        TimeZoneInfo.ConvertTime(instant, zone).ToString(Words.Of("ddd d MMM yyyy HH:mm:ss"), Words.Culture) + " " + zone.Id;

    /// A value of a history: an instant that was written down in UTC is told as the reader's clocks show it, anything else as it stands.
    public string Value(string text) =>
        text.EndsWith(" UTC", StringComparison.Ordinal) && DateTimeOffset.TryParseExact(text, "yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? TimeZoneInfo.ConvertTime(instant, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : text;

    /// Today, Yesterday, Tomorrow, Thu, Tue 24 Nov, 4 Nov 2025.
    public string On(DateOnly day)
    {
        var days = day.DayNumber - Today.DayNumber;
        return days switch
        {
            0 => Words.Of("Today"),
            1 => Words.Of("Tomorrow"),
            -1 => Words.Of("Yesterday"),
            > -7 and < 0 => day.ToString("ddd", Words.Culture),
            _ => day.ToString(Words.Of(day.Year == Today.Year ? "ddd d MMM" : "d MMM yyyy"), Words.Culture),
        };
    }

    /// How far: in 2 h 18, 21 h 42 late (past, for a deadline), 3 min ago.
    public string Far(DateTimeOffset instant, bool isDeadline)
    {
        var gap = instant - now;
        var text = Length(gap.Duration());
        if (gap.Duration().TotalHours >= 48) return Days(Math.Sign(gap.Ticks) * (int)gap.Duration().TotalDays, isDeadline);
        if (gap.Duration() < TimeSpan.FromMinutes(1)) return Words.Of(isDeadline ? "now" : "just now");
        if (gap > TimeSpan.Zero) return Words.T($"in {text}");
        return isDeadline ? Words.T($"{text} late") : Words.T($"{text} ago");
    }

    public string Far(DateOnly day, bool isDeadline)
    {
        var days = day.DayNumber - Today.DayNumber;
        return days == 0 ? Words.Of("today") : Days(days, isDeadline);
    }

    /// Whole sentences: other languages say the days of `in 2 days` otherwise than those of `2 days late`.
    private static string Days(int days, bool isDeadline) => days > 0 ? Words.Count(days, "in 1 day", "in {0} days")
        : isDeadline ? Words.Count(-days, "1 day late", "{0} days late") : Words.Count(-days, "1 day ago", "{0} days ago");

    /// The times until which things are usually put off: in an hour, this afternoon, tomorrow morning, on Monday.
    public IReadOnlyList<(string Words, DateTimeOffset At)> Soon
    {
        get
        {
            DateTimeOffset At(DateTime day, int hour) => new(day.AddHours(hour), zone.GetUtcOffset(day.AddHours(hour)));
            var monday = local.Date.AddDays((8 - (int)local.DayOfWeek) % 7 is var days and > 0 ? days : 7);
            var all = new List<(string, DateTimeOffset)> { (Words.Of("in 1 hour"), now.AddHours(1)) };
            if (local.Hour < 13) all.Add((Words.Of("this afternoon, 14:00"), At(local.Date, 14)));
            all.Add((Words.Of("tomorrow morning, 08:00"), At(local.Date.AddDays(1), 8)));
            if (monday > local.Date.AddDays(1)) all.Add((Words.Of("on Monday, 08:00"), At(monday, 8)));
            return all;
        }
    }

    public bool IsPast(DateTimeOffset instant) => instant < now;
    public bool IsPast(DateOnly day) => day < Today;

    /// 48 min, 2 h 18, 3 days.
    public static string Length(TimeSpan span) => span switch
    {
        { TotalMinutes: < 60 } => Words.T($"{(int)span.TotalMinutes} min"),
        { TotalHours: < 48 } => span.Minutes == 0 ? Words.T($"{(int)span.TotalHours} h") : Words.T($"{(int)span.TotalHours} h {span.Minutes:00}"),
        _ => Words.T($"{(int)span.TotalDays} days"),
    };
}
