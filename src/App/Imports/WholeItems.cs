namespace Keel.App.Imports;

/// One row of a file by the fields that it fills, and what is wrong with it before anybody is asked. Without values nobody knows which cell is which.
internal sealed record Line(CsvRow Row, Dictionary<string, string>? Values, (string? Field, string Reason)? Wrong);

/// The rows of a file as the items that they are: each by itself, or those that belong together, wherever in the file they stand. A row that does
/// not say where it belongs belongs to what stands above it, so that nothing comes in without it.
internal static class WholeItems
{
    public static IEnumerable<Line[]> Of(IEnumerable<Line> lines, ImportTarget target)
    {
        if (target.Whole is null) return lines.Select(l => new[] { l });
        // The file is read twice: once to know how many rows each item has, and once to hand it out with its last one.
        var counts = new Dictionary<string, int>();
        var first = lines.Select(l => WholeOf(l, target)).FirstOrDefault(w => w is not null) ?? "";
        foreach (var (_, whole) in Told(lines, target, first)) counts[whole] = counts.GetValueOrDefault(whole) + 1;
        return Gathered(Told(lines, target, first), counts);
    }

    private static IEnumerable<Line[]> Gathered(IEnumerable<(Line Line, string Whole)> lines, Dictionary<string, int> counts)
    {
        var open = new Dictionary<string, List<Line>>();
        foreach (var (line, whole) in lines)
        {
            if (!open.TryGetValue(whole, out var rows)) open[whole] = rows = [];
            rows.Add(line);
            if (rows.Count < counts[whole]) continue;
            open.Remove(whole);
            yield return [.. rows];
        }
    }

    private static IEnumerable<(Line Line, string Whole)> Told(IEnumerable<Line> lines, ImportTarget target, string first)
    {
        var above = first;
        foreach (var line in lines)
        {
            above = WholeOf(line, target) ?? above;
            yield return (line, above);
        }
    }

    private static string? WholeOf(Line line, ImportTarget target) => line.Values is { } values ? target.WholeOf(values) : null;
}
