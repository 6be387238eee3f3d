using System.Globalization;

namespace Keel.Sales;

/// What a model looks at: what an order has when it comes in.
internal sealed record RiskSample(int AccountAgeDays, int Items, decimal Hour, string? Method)
{
    /// The hour of an instant where the channel sends from.
    public static decimal HourOf(Network network, ChannelCode channel, DateTimeOffset at) =>
        Math.Round((decimal)network.LocalAt(network.Channels.TryGetValue(channel, out var known) ? known.Nodes[0] : network.Sites.Keys.First(), at).TimeOfDay.TotalHours, 2);
}

/// One column that a model weighs: its values are brought to one scale first. What lies outside the values that it learned from says nothing.
internal sealed record RiskFeature(string Name, double Mean, double Deviation, double Least, double Most, double Weight);

/// A column that was not learned from, and why.
internal sealed record UnusedColumn(string Name, double Auc, string Why);

/// Of all that would be flagged from a probability on: how many, and how much of it is fraud, and of all fraud how much is among it.
internal sealed record RiskThreshold(double From, int Flagged, double Precision, double Recall);

/// What was measured on the part that was held back. `Auc` is how often a fraud is scored above a good order: 0.5 is guessing.
internal sealed record RiskFigures(int Learned, int LearnedFraud, int Tested, int TestedFraud, double Auc, IReadOnlyList<RiskThreshold> Thresholds);

/// A model that was learned, as it is kept.
[Rows("sales.risk_model", "company_id", "version")]
internal sealed record RiskModel(
    Id<Company> CompanyId, int Version, string Source, double Intercept, [property: Json] IReadOnlyList<RiskFeature> Features, [property: Json] IReadOnlyList<UnusedColumn> LeftOut,
    [property: Json] RiskFigures Figures, bool IsUsed, string TrainedBy, DateTimeOffset TrainedAt, Guid Operation)
{
    /// From how well it tells them apart it counts at all.
    public const double LeastAuc = 0.65;

    /// The model in force; null where none was trained.
    public static async Task<RiskModel?> InForce(Settings settings, CancellationToken ct) => (await settings.Get(Load, ct)).Latest;

    /// How likely it is fraud where both were equally many, and what each feature adds.
    public (double Odds, IReadOnlyList<(string Feature, double Weight)> Parts) Weigh(RiskSample sample)
    {
        var columns = RiskColumns.Of(sample);
        var parts = Features.Select(f => (f.Name, Weight: columns.TryGetValue(f.Name, out var value) && value >= f.Least && value <= f.Most ? f.Weight * (value - f.Mean) / f.Deviation : 0)).ToArray();
        return (1 / (1 + Math.Exp(-(Intercept + parts.Sum(p => p.Weight)))), parts);
    }

    private static async Task<Known> Load(KeelDb db, CancellationToken ct) =>
        new((await db.Table<RiskModel>().Where($"company_id = {db.Company} order by version desc limit 1", ct)).FirstOrDefault());

    private sealed record Known(RiskModel? Latest);
}

/// The columns that are made of a sample. A means of payment that is not known makes none.
internal static class RiskColumns
{
    public const string Age = "days known";

    public static readonly string[] All = [Age, "items", "hour, first half", "hour, quarter", "paid by card", "paid by wallet", "paid by credit"];

    public static IReadOnlyDictionary<string, double> Of(RiskSample sample)
    {
        var turn = (double)sample.Hour / 24 * 2 * Math.PI;
        var columns = new Dictionary<string, double>
        {
            [All[0]] = Math.Log(1 + sample.AccountAgeDays), [All[1]] = Math.Log(1 + sample.Items), [All[2]] = Math.Sin(turn), [All[3]] = Math.Cos(turn),
        };
        if (KindOf(sample.Method) is not { } kind) return columns;
        columns[All[4]] = kind == "card" ? 1 : 0;
        columns[All[5]] = kind == "wallet" ? 1 : 0;
        columns[All[6]] = kind == "credit" ? 1 : 0;
        return columns;
    }

    private static string? KindOf(string? method) => method?.ToLower(CultureInfo.InvariantCulture) switch
    {
        null or "" => null,
        var m when m.Contains("storecredit", StringComparison.Ordinal) || m.Contains("voucher", StringComparison.Ordinal) || m.Contains("gift", StringComparison.Ordinal) => "credit",
        var m when m.Contains("card", StringComparison.Ordinal) => "card",
        var m when m.Contains("pay", StringComparison.Ordinal) || m.Contains("wallet", StringComparison.Ordinal) => "wallet",
        _ => "other",
    };
}
