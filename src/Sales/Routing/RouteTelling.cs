using Keel.Ui;
using static Keel.Kernel.Words;

namespace Keel.Sales;

/// The sites that were looked at, as a page shows them beside each other.
internal static class RouteTelling
{
    /// No more lines than that stand beside each other.
    private const int Widest = 4;

    private static readonly (string Fact, string Heading)[] Others =
        [(RouteWords.Cost, "Cost"), (RouteWords.Leaves, "Leaves"), (RouteWords.Arrives, "Arrives"), (RouteWords.Busy, "Orders that day"), (RouteWords.WhyNot, "Why not")];

    /// With what each had of one line, where one is named, or of the first ones.
    public static WhyPanel.WhyCandidate[] Candidates(IReadOnlyList<Candidate> candidates, Func<string, string> name, (int Line, Quantity Wanted)? only = null)
    {
        int[] lines = only is { } one ? [one.Line] : [.. Enumerable.Range(1, Widest).Where(n => candidates.Any(c => c.Facts.ContainsKey(RouteWords.LineOf(n))))];
        return [.. candidates.Select(c =>
        {
            var facts = new Dictionary<string, string>();
            foreach (var line in lines) facts[only is null ? T($"Line {line}") : T("Available then")] = c.Facts.GetValueOrDefault(RouteWords.LineOf(line), "0");
            if (only is { } asked) facts[T("Wanted")] = asked.Wanted.ToString();
            foreach (var (fact, heading) in Others) if (candidates.Any(o => o.Facts.ContainsKey(fact))) facts[T(heading)] = c.Facts.GetValueOrDefault(fact, "");
            return new WhyPanel.WhyCandidate(name(c.Name), c.Chosen, facts, c.Score);
        })];
    }
}
