namespace Keel.Simulators.Contract;

/// Lines of a file and what they are worth, exact as the file says it.
public sealed record Tally(long Lines, decimal Money)
{
    public static readonly Tally None = new(0, 0);

    public static Tally operator +(Tally a, Tally b) => new(a.Lines + b.Lines, a.Money + b.Money);
}

/// What became of the lines of one month and country: accepted, refused and waiting are what was read.
public sealed record ImportCell(string Month, string Country, Tally Read, Tally Accepted, Tally Refused, Tally Waiting);

/// One stated rule, and how many lines it took.
public sealed record ImportRule(string Rule, long Lines, decimal Money);

/// What became of a file: every line is accepted, refused with a reason, or waits.
public sealed record ImportResult(
    Tally Read, Tally Accepted, Tally Refused, Tally Waiting, IReadOnlyList<ImportRule> Rules, IReadOnlyList<ImportCell> Cells, IReadOnlyList<string> Why, bool ChangedNothing);
