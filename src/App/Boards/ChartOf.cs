using Keel.Ui;

namespace Keel.App.Boards;

/// A chart of measures: its lines, and the sentence that says the same.
internal sealed record ChartOf(string Title, string Sentence, IReadOnlyList<string> Along, IReadOnlyList<Chart.ChartLine> Lines, string Href, bool IsNow = false)
{
    private static readonly string[] Colors = ["ready-mark", "working-mark", "held-mark", "waiting-mark", "done-mark", "idle-mark"];

    /// Nothing where whoever looks may see none of it, or nobody took it yet.
    public static ChartOf? Of(BoardChart chart, IReadOnlyDictionary<string, MeasureSeen> seen, Func<string, string> sliceName)
    {
        var all = chart.Measures.Where(seen.ContainsKey).Select(n => seen[n]).Where(s => s.Days.Count > 0).ToArray();
        if (all.Length == 0) return null;
        if (chart.Shape is ChartShape.Now) return Now(chart, all[0], sliceName);
        var days = all.SelectMany(s => s.Days.Select(d => d.Day)).Distinct().Order().ToArray();
        var along = days.Select(d => d.ToString("d MMM", Words.Culture)).ToArray();
        if (chart.Shape is ChartShape.Stacked && all[0].Slices.Count > 1) return Stacked(chart, all[0], days, along, sliceName);
        var lines = all.Select((s, i) => new Chart.ChartLine(Words.Of(s.Measure.Title), [.. days.Select(d => s.Days.FirstOrDefault(p => p.Day == d) is { } point ? s.Plain(point.Value) : (decimal?)null)],
            chart.Shape is ChartShape.Lines ? i == 0 ? "line" : "dash" : "bar", Colors[i % Colors.Length])).ToArray();
        return new ChartOf(chart.Title, string.Join(" ", all.Select(Told)), along, lines, all[0].Url);
    }

    private static ChartOf Stacked(BoardChart chart, MeasureSeen seen, DateOnly[] days, string[] along, Func<string, string> sliceName)
    {
        var slices = seen.Slices.Select(s => (Name: sliceName(s.Key), Points: s.Value.ToDictionary(p => p.Day, p => p.Value), Sum: s.Value.Sum(p => p.Value))).OrderByDescending(s => s.Sum).ToArray();
        var shown = slices.Length <= Colors.Length ? slices
            : [.. slices.Take(Colors.Length - 1), (Name: Words.T("others"), Points: days.ToDictionary(d => d, d => slices.Skip(Colors.Length - 1).Sum(s => s.Points.GetValueOrDefault(d))), Sum: slices.Skip(Colors.Length - 1).Sum(s => s.Sum))];
        var lines = shown.Select((s, i) => new Chart.ChartLine(s.Name, [.. days.Select(d => (decimal?)seen.Plain(s.Points.GetValueOrDefault(d)))], "stack", Colors[i])).ToArray();
        return new ChartOf(chart.Title, Told(seen) + " " + Words.T($"Of it {string.Join(", ", shown.Select(s => $"{s.Name} {seen.WithUnit(s.Sum)}"))}."), along, lines, seen.Url);
    }

    private static ChartOf? Now(BoardChart chart, MeasureSeen seen, Func<string, string> sliceName)
    {
        var last = seen.Days[^1].Day;
        var parts = seen.Slices.Select(s => (s.Key, Value: s.Value.FirstOrDefault(p => p.Day == last)?.Value ?? 0)).Where(s => s.Value != 0 || seen.Measure.SliceOrder.Contains(s.Key)).ToArray();
        var ordered = seen.Measure.SliceOrder.Count > 0
            ? [.. seen.Measure.SliceOrder.Select(k => (Key: k, Value: parts.FirstOrDefault(p => p.Key == k).Value))]
            : parts.OrderByDescending(p => p.Value).ToArray();
        if (ordered.Length == 0) return null;
        return new ChartOf(chart.Title, $"{Words.Of(seen.Measure.Title)} {seen.WithUnit(seen.Days[^1].Value)}: {string.Join(", ", ordered.Select(p => $"{sliceName(p.Key)} {seen.WithUnit(p.Value)}"))}.",
            [.. ordered.Select(p => sliceName(p.Key))], [new Chart.ChartLine(Words.Of(seen.Measure.Title), [.. ordered.Select(p => (decimal?)seen.Plain(p.Value))], "bar")], seen.Url, IsNow: true);
    }

    /// What happened is added up; what stands is told from its lowest to its highest.
    private static string Told(MeasureSeen seen)
    {
        var (days, last) = (seen.Days, seen.Days[^1].Value);
        if (seen.Measure.AddsUp) return Words.T($"{Words.Of(seen.Measure.Title)}: {seen.WithUnit(days.Sum(d => d.Value))} in {Count(days.Count)}, {seen.WithUnit(last)} on the last.");
        return days.Count == 1
            ? $"{Words.Of(seen.Measure.Title)}: {seen.WithUnit(last)}."
            : Words.T($"{Words.Of(seen.Measure.Title)}: {seen.WithUnit(last)} now, between {seen.WithUnit(days.Min(d => d.Value))} and {seen.WithUnit(days.Max(d => d.Value))} in {Count(days.Count)}.");
    }

    private static string Count(int days) => Words.Count(days, "1 day", "{0} days");
}
