namespace Keel.Kernel;

/// What one run of the proof found. It looked at one snapshot of the books; differences are never repaired in silence.
public sealed record ProofReport(Guid Id, DateTimeOffset At, int Millis, bool Full, string Through, IReadOnlyList<ProofResult> Checks)
{
    public long Differences => Checks.Sum(c => c.Differences);
    public bool IsClean => Differences == 0;
}

/// What one check found: how many rows it looked at, how many differ, and some of those.
public sealed record ProofResult(string Name, string Title, long Rows, long Differences, IReadOnlyList<ProofDifference> Examples, int Millis);

/// One thing that is not as it must be.
public sealed record ProofDifference(string Subject, string Expected, string Found);

/// How much a proof looks at.
public enum ProofDepth
{
    /// Everything.
    Full,

    /// What was written since the last proof without differences, where a check can tell; everything where it cannot.
    WhatIsNew,
}

/// Checks that several modules need.
public static class ProofChecks
{
    /// Numbers of a series follow each other without gaps from the first. `numbered` selects a series as text and a number.
    public static ProofCheck WithoutGaps(string name, string title, string numbered) => new(name, title,
        $"select count(*) from ({numbered}) n",
        $"""
        select n.series, n.most || ' numbers from ' || n.least, n.count || ' numbers'
        from (select series, min(number) as least, max(number) as most, count(distinct number) as count, count(*) as every from ({numbered}) i(series, number) group by series) n
        where n.least <> 1 or n.most <> n.count or n.every <> n.count
        """);
}
