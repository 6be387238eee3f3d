using System.Globalization;
using System.Text;

namespace Keel.Sales;

/// Learns a logistic regression from labelled samples: the same samples make the same model. Three of ten are held back and measured on; samples that are alike stand on one side, so that nothing
/// is measured on what was learned.
internal static class Learning
{
    /// A column that alone tells fraud from the rest so well knows the answer from somewhere: it is left out.
    public const double TooGood = 0.98;

    private const int Rounds = 400;
    private const double Step = 0.5;
    private const double Pull = 0.001;

    public sealed record Learned(double Intercept, IReadOnlyList<RiskFeature> Features, IReadOnlyList<UnusedColumn> LeftOut, RiskFigures Figures);

    public static Learned From(IReadOnlyList<(RiskSample Sample, bool IsFraud)> labelled)
    {
        var rows = labelled.Select(l => (Columns: RiskColumns.Of(l.Sample), l.IsFraud, Test: IsTest(l.Sample))).ToArray();
        var (learn, test) = (rows.Where(r => !r.Test).ToArray(), rows.Where(r => r.Test).ToArray());
        List<UnusedColumn> leftOut = [];
        List<(string Name, double Mean, double Deviation, double Least, double Most)> used = [];
        foreach (var name in RiskColumns.All)
        {
            var known = learn.Where(r => r.Columns.ContainsKey(name)).ToArray();
            if (known.Length == 0) continue;
            var values = known.Select(r => r.Columns[name]).ToArray();
            var mean = values.Average();
            var deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
            var auc = Auc([.. known.Select(r => (r.Columns[name], r.IsFraud))]);
            if (deviation < 1e-9) leftOut.Add(new UnusedColumn(name, 0.5, "It is the same in all rows."));
            else if (Math.Max(auc, 1 - auc) >= TooGood) leftOut.Add(new UnusedColumn(name, Math.Max(auc, 1 - auc), "It alone tells fraud from the rest: rows knew the answer before. An order does not."));
            else used.Add((name, mean, deviation, values.Min(), values.Max()));
        }

        var x = learn.Select(r => Scaled(r.Columns)).ToArray();
        var weights = new double[used.Count];
        var intercept = 0.0;
        var fraud = learn.Count(r => r.IsFraud);
        // Both kinds count as much as the other, however rare fraud is.
        var (ofFraud, ofGood) = (0.5 / Math.Max(1, fraud), 0.5 / Math.Max(1, learn.Length - fraud));
        for (var round = 0; round < Rounds; round++)
        {
            var slope = new double[used.Count];
            var lift = 0.0;
            for (var i = 0; i < x.Length; i++)
            {
                var sum = intercept;
                for (var f = 0; f < weights.Length; f++) sum += weights[f] * x[i][f];
                var off = (1 / (1 + Math.Exp(-sum)) - (learn[i].IsFraud ? 1 : 0)) * (learn[i].IsFraud ? ofFraud : ofGood);
                lift += off;
                for (var f = 0; f < weights.Length; f++) slope[f] += off * x[i][f];
            }

            intercept -= Step * lift;
            for (var f = 0; f < weights.Length; f++) weights[f] -= Step * (slope[f] + Pull * weights[f]);
        }

        var scored = test.Select(r => (Odds: 1 / (1 + Math.Exp(-(intercept + Scaled(r.Columns).Select((v, f) => v * weights[f]).Sum()))), r.IsFraud)).ToArray();
        return new Learned(
            intercept, [.. used.Select((u, f) => new RiskFeature(u.Name, u.Mean, u.Deviation, u.Least, u.Most, weights[f]))], leftOut,
            new RiskFigures(learn.Length, fraud, test.Length, test.Count(r => r.IsFraud), Math.Round(Auc(scored), 4), Table(scored)));

        double[] Scaled(IReadOnlyDictionary<string, double> columns) => [.. used.Select(u => columns.TryGetValue(u.Name, out var value) ? (value - u.Mean) / u.Deviation : 0)];
    }

    /// How often a fraud is above a good one; half for those that are level. Both kinds must be there, else nobody can say.
    public static double Auc(IReadOnlyList<(double Value, bool IsFraud)> scored)
    {
        long fraud = scored.Count(s => s.IsFraud), good = scored.Count - fraud;
        if (fraud == 0 || good == 0) return 0.5;
        double above = 0;
        long below = 0;
        foreach (var level in scored.GroupBy(s => s.Value).OrderBy(g => g.Key))
        {
            long f = level.Count(s => s.IsFraud), g = level.Count() - f;
            above += f * (below + g / 2.0);
            below += g;
        }

        return above / ((double)fraud * good);
    }

    private static IReadOnlyList<RiskThreshold> Table((double Odds, bool IsFraud)[] scored)
    {
        var all = scored.Count(s => s.IsFraud);
        return [.. Enumerable.Range(3, 7).Select(t =>
        {
            var from = t / 10.0;
            var flagged = scored.Where(s => s.Odds >= from).ToArray();
            var hit = flagged.Count(s => s.IsFraud);
            return new RiskThreshold(from, flagged.Length, flagged.Length == 0 ? 0 : Math.Round(hit / (double)flagged.Length, 4), all == 0 ? 0 : Math.Round(hit / (double)all, 4));
        })];
    }

    /// Three of ten, by what the sample says and nothing else.
    private static bool IsTest(RiskSample sample)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{sample.AccountAgeDays}|{sample.Items}|{sample.Hour}|{sample.Method}"))) hash = unchecked((hash ^ b) * 16777619u);
        return unchecked((hash ^ (hash >> 15)) * 2654435761u) >> 16 < 19661;
    }
}
