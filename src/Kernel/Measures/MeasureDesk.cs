using Keel.Kernel.Views;

namespace Keel.Kernel;

/// A day of a measure: what it was, and of a share how many of how many.
public sealed record MeasurePoint(string Measure, string Slice, DateOnly Day, decimal Value, long? Part, long? Whole, DateTimeOffset MeasuredAt);

/// How far a measure is from what is aimed at.
public enum Standing
{
    /// Nobody aims at it, or nobody took it yet.
    Unjudged,
    Met,
    Missed,
}

/// A measure as a board shows it: the figure of now or of the last hour, thirty days of it, its target and who answers for it.
public sealed record MeasureSeen(Measure Measure, Currency Currency, decimal? Value, bool IsLive, DateTimeOffset? MeasuredAt, IReadOnlyList<MeasurePoint> Days)
{
    public decimal? Target { get; init; }
    public string? Owner { get; init; }
    public long? Part { get; init; }
    public long? Whole { get; init; }

    /// The days of its slices, by their names.
    public IReadOnlyDictionary<string, IReadOnlyList<MeasurePoint>> Slices { get; init; } = new Dictionary<string, IReadOnlyList<MeasurePoint>>();

    public Standing Standing => (Value, Target, Measure.Better) switch
    {
        (null, _, _) or (_, null, _) or (_, _, Better.Neither) => Standing.Unjudged,
        ({ } value, { } target, Better.Less) => value <= target ? Standing.Met : Standing.Missed,
        ({ } value, { } target, _) => value >= target ? Standing.Met : Standing.Missed,
    };

    public string Url => Measure.Url(Currency);
}

/// Reads measures for a board. Nothing is taken here: points are kept by the hour, and lists are counted as far as a page counts them.
public sealed class MeasureDesk(KeelDb db, Measures measures, Settings settings, ViewRunner views, Viewer viewer)
{
    /// So many days make a trend.
    public const int Days = 30;

    /// Those of the named measures that whoever looks may see, in their order. Two round trips, however many there are.
    public async Task<IReadOnlyList<MeasureSeen>> Look(IReadOnlyCollection<string> names, string? site = null, CancellationToken ct = default)
    {
        var seen = names.Distinct().Select(measures.Find).OfType<Measure>().Where(m => viewer.May(m.Permission)).ToArray();
        if (seen.Length == 0) return [];
        var network = await Network.Of(settings, ct);
        var targets = await MeasureTargets.Of(settings, ct);
        var today = network.Day(db.Now);
        var counted = seen.ToDictionary(m => m.Name, m => m.IsCounted ? Count(m, network.Company.Currency, site) : null);
        var points = (await db.Query<MeasurePoint>(
            $"""
            select measure, slice, day, value, part, whole, measured_at from kernel.measure_point
            where company_id = {db.Company} and measure = any({seen.Select(m => m.Name).ToArray()}) and day > {today.AddDays(-Days)} order by measure, slice, day
            """, ct)).ToLookup(p => p.Measure);
        return [.. seen.Select(m => Seen(m, [.. points[m.Name]], counted[m.Name]?.Value, targets.On(m.Name, today), network.Company.Currency, today, Places(m, network, site)))];
    }

    /// Rows are counted as the list behind them counts them for whoever looks.
    private Later<Counted>? Count(Measure measure, Currency currency, string? site)
    {
        var info = views.Visible(measure.View!);
        var place = site is null ? null : info.Columns.FirstOrDefault(c => c.Type == typeof(NodeCode));
        var question = measure.Asks(currency);
        var asked = views.AskCount(measure.View!, place is null ? question : $"{question}&f.{place.Name}={Uri.EscapeDataString(site!)}");
        return asked.Ok ? asked.Value : null;
    }

    /// The sites or channels to which the figure is narrowed; null where it is that of the whole company, none where it cannot be narrowed to what
    /// is within somebody's reach: then only the rows are counted, which are.
    private string[]? Places(Measure measure, Network network, string? site)
    {
        var slice = measure is { Slices: { } column, View: { } view } ? ViewInfo.Of(view).Column(column)?.Type : null;
        var nodes = viewer.Reach.Nodes is { } some && some.Count < network.Sites.Count ? some : null;
        if (viewer.Reach.Channels is { } channels) return slice == typeof(ChannelCode) && nodes is null ? [.. channels] : [];
        if (slice == typeof(NodeCode)) return site is not null ? [site] : nodes is null ? null : [.. nodes];
        return nodes is null ? null : [];
    }

    private static MeasureSeen Seen(
        Measure measure, MeasurePoint[] points, Counted? counted, MeasureTarget? target, Currency currency, DateOnly today, string[]? places)
    {
        var days = places is [] ? [] : places is null ? [.. points.Where(p => p.Slice.Length == 0)] : Together(measure, points, places);
        var last = days.LastOrDefault(p => p.Day == today) ?? (measure.IsOfDay ? null : days.LastOrDefault());
        var isLive = counted is { IsMore: false };
        var aimed = target is null ? measure.Target : target.Target;
        return new MeasureSeen(measure, currency, isLive ? counted!.Value.Rows : last?.Value, isLive, isLive ? null : last?.MeasuredAt, days)
        {
            Target = aimed is { } amount && measure.Unit is MeasureUnit.Money ? Money.Of(amount, currency).Minor : aimed,
            Owner = target is { Owner: not null } ? target.Owner : measure.Team, Part = last?.Part, Whole = last?.Whole,
            Slices = points.Where(p => p.Slice.Length > 0 && places?.Contains(p.Slice) != false).GroupBy(p => p.Slice).ToDictionary(g => g.Key, g => (IReadOnlyList<MeasurePoint>)[.. g]),
        };
    }

    /// Some sites together; where the whole was taken and a site had no rows, it had none. Averages of sites are no average.
    private static MeasurePoint[] Together(Measure measure, MeasurePoint[] points, string[] places) =>
        [.. points.GroupBy(p => p.Day).OrderBy(g => g.Key).Select(g => OfDay(measure, g.Key, [.. g], places)).OfType<MeasurePoint>()];

    private static MeasurePoint? OfDay(Measure measure, DateOnly day, MeasurePoint[] points, string[] places)
    {
        var mine = points.Where(p => places.Contains(p.Slice)).ToArray();
        var at = points.Max(p => p.MeasuredAt);
        if (!measure.IsShare) return new MeasurePoint(measure.Name, "", day, mine.Sum(p => p.Value), null, null, at);
        var (part, whole) = (mine.Sum(p => p.Part ?? 0), mine.Sum(p => p.Whole ?? 0));
        return whole == 0 ? null : new MeasurePoint(measure.Name, "", day, decimal.Round(100m * part / whole, 4), part, whole, at);
    }
}
