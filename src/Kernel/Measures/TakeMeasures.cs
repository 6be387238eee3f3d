using Keel.Kernel.Views;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Kernel;

/// Takes every measure of a company and keeps it as the point of its day: the last value of a day stays. Taken twice it is the same; what
/// happened on a day is taken again for the days since the last round, so that a round that was missed leaves no gap.
[Operation("kernel.take-measures", KernelPermissions.Measures, Said = "took the figures", Icon = "insight")]
internal sealed class TakeMeasures(KeelDb db, Measures measures, Settings settings, IServiceProvider services) : IOperation<TakeMeasures.Request, int>
{
    /// So many days back a board looks, and a first round reaches.
    public const int Reach = 35;

    /// So many days points are kept.
    public const int KeptDays = 1_100;

    public sealed record Request;

    /// How many were taken.
    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        db.Patience = TimeSpan.FromMinutes(10);
        var network = await Network.Of(settings, ct);
        var today = network.Day(db.Now);
        var last = (await db.Query<LastDay>(
            $"select measure, max(day) as day from kernel.measure_point where company_id = {db.Company} and day >= {today.AddDays(-Reach)} group by measure", ct)).ToDictionary(l => l.Measure, l => l.Day);
        foreach (var measure in measures.All)
        {
            var reach = measure.IsOfDay ? Earliest(today, network, measure, last.TryGetValue(measure.Name, out var day) ? day : null) : today;
            Take(measure, new MeasureSpan(reach, today, Zones.Of(network.Company.Zone), network.Company.Currency));
            await db.Flush(ct);
        }

        db.Queue($"delete from kernel.measure_point where company_id = {db.Company} and day < {today.AddDays(-KeptDays)}");
        return measures.All.Count;
    }

    /// Not before the company was there: nothing happened then.
    private DateOnly Earliest(DateOnly today, Network network, Measure measure, DateOnly? last)
    {
        var from = last is { } known && known > today.AddDays(-Reach) ? Min(known, today).AddDays(-measure.SettlesInDays) : today.AddDays(-Reach);
        var founded = network.Day(FoundedAt(db.Company));
        from = from < founded ? founded : from;
        return from < today.AddDays(-Reach) ? today.AddDays(-Reach) : Min(from, today);
    }

    private static DateOnly Min(DateOnly one, DateOnly other) => one < other ? one : other;

    /// A company's key tells when it was made.
    private static DateTimeOffset FoundedAt(Id<Company> company) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(company.Value.ToString("N")[..12], 16));

    private void Take(Measure measure, MeasureSpan span)
    {
        var rows = measure.Sql is { } own ? Own(own, span) : FromList(measure, span);
        var value = measure.IsShare ? "round(100.0 * q.part / nullif(q.whole, 0), 4)" : "q.value::numeric";
        var share = measure.IsShare ? "q.part::bigint, q.whole::bigint" : "null::bigint, null::bigint";
        // What was a slice this morning and has no rows now is none.
        db.Queue($"delete from kernel.measure_point where company_id = {db.Company} and measure = {measure.Name} and day between {span.First} and {span.Last} and measured_at <= {db.Now}");
        db.Queue(new SqlText().Words("insert into kernel.measure_point (company_id, measure, slice, day, value, part, whole, measured_at) select ")
            .Append($"{db.Company}, {measure.Name}").Words(", q.slice, ").Append(measure.IsOfDay ? new SqlText().Words("q.day") : new SqlText($"{span.Last}::date"))
            .Words($", {value}, {share}, ").Append($"{db.Now}").Words(" from (").Append(rows).Words($") q where {value} is not null")
            .Words(" on conflict (company_id, measure, slice, day) do nothing"));
    }

    private SqlText Own(string sql, MeasureSpan span)
    {
        var text = new SqlText();
        foreach (var value in new object[] { db.Company, db.Now, span.First, span.Last, span.Zone.Id }) text.Add(SqlText.Parameter(value));
        return text.Words(sql);
    }

    private SqlText FromList(Measure measure, MeasureSpan span)
    {
        var part = Asked(measure, measure.Question, span);
        if (measure.Whole is null) return part;
        return new SqlText().Words("select w.day, w.slice, coalesce(p.value, 0)::bigint as part, w.value::bigint as whole from (").Append(Asked(measure, measure.Whole, span))
            .Words(") w left join (").Append(part).Words(") p on p.day = w.day and p.slice = w.slice");
    }

    private SqlText Asked(Measure measure, string question, MeasureSpan span)
    {
        var info = ViewInfo.Of(measure.View!);
        var made = services.GetService(measure.View!) ?? ActivatorUtilities.CreateInstance(services, measure.View!);
        var rows = (FormattableString)measure.View!.GetMethod(nameof(IView<>.Rows), Type.EmptyTypes)!.Invoke(made, null)!;
        var query = ViewQuery.Parse(info, question.Replace("{currency}", span.Currency.Code, StringComparison.Ordinal));
        if (!query.Ok) throw new InvariantBroken($"The measure {measure.Name} asks what its list does not answer: {query.Error!.Message}");
        var sql = new ViewSql(info, rows, query.Value, new ViewMoment(span.Last, span.Zone, span.Currency)).Measured(Column(info, measure.Figure), Column(info, measure.Slices), Column(info, measure.Day), span);
        return sql.Ok ? sql.Value : throw new InvariantBroken($"The measure {measure.Name} cannot be taken: {sql.Error!.Message}");
    }

    private static ViewColumn? Column(ViewInfo info, string? name) =>
        name is null ? null : info.Column(name) ?? throw new InvariantBroken($"{info.Name} has no column {name}.");

    private sealed record LastDay(string Measure, DateOnly Day);
}

/// The days that are taken, and what a day and an amount mean there.
internal sealed record MeasureSpan(DateOnly First, DateOnly Last, TimeZoneInfo Zone, Currency Currency);

/// Takes the measures of every company.
internal sealed class TakeMeasuresJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select id from kernel.company order by id", ct))
            await gate.Run<TakeMeasures, TakeMeasures.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company), ct);
    }
}
