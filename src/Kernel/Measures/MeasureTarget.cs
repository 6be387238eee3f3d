using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// What is aimed at from a day on, in people's units (pieces, the company's currency, per cent, hours), and who answers for it. Without a target nobody aims at it any more.
[Rows("kernel.measure_target", "company_id", "measure", "from_day")]
public sealed record MeasureTarget(
    Id<Company> CompanyId, string Measure, DateOnly FromDay, decimal? Target, Guid? PersonId, string? Team, string? Owner, string SetBy, DateTimeOffset SetAt);

/// Every target that people set in a company, the oldest first.
public sealed record MeasureTargets(ILookup<string, MeasureTarget> ByMeasure)
{
    public static Task<MeasureTargets> Of(Settings settings, CancellationToken ct = default) => settings.Get(Load, ct);

    /// The one in force on a day; nothing where it is as delivered.
    public MeasureTarget? On(string measure, DateOnly day) => ByMeasure[measure].LastOrDefault(t => t.FromDay <= day);

    private static async Task<MeasureTargets> Load(KeelDb db, CancellationToken ct) =>
        new((await db.Table<MeasureTarget>().Where($"company_id = {db.Company} order by measure, from_day", ct)).ToLookup(t => t.Measure));
}

/// Says what is aimed at from a day on and who answers for it. What held on days before stays as it was.
[Operation("kernel.set-target", KernelPermissions.Measures, ChangesSettings = true, Said = "set the target of")]
internal sealed class SetTarget(KeelDb db, Measures measures, Settings settings, IActors actors) : IOperation<SetTarget.Request, Done>
{
    /// The target in people's units: pieces, the company's currency, per cent, hours.
    public sealed record Request([Required, MaxLength(60)] string Measure, decimal? Target = null, Guid? Person = null, [MaxLength(40)] string? Team = null, DateOnly? From = null);

    public static readonly Error Unknown = Error.NotFound("target.measure-unknown", "There is no measure with this name. Look at Insight, Measures.");
    public static readonly Error Past = Error.Invalid("target.past", "That day is past, and was judged by the target it had. Choose today or a later day.");
    public static readonly Error Share = Error.Invalid("target.share", "A share is between 0 and 100 per cent. Correct the target.");
    public static readonly Error Negative = Error.Invalid("target.negative", "A target is not below nothing. Correct it, or leave it empty.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (measures.Find(request.Measure) is not { } measure) return Unknown;
        db.Work.Concerns(request.Measure);
        var network = await Network.Of(settings, ct);
        var today = network.Day(db.Now);
        var from = request.From ?? today;
        if (from < today) return Past;
        if (request.Target is < 0) return Negative;
        if (measure.Unit is MeasureUnit.Percent && request.Target is > 100) return Share;
        var team = string.IsNullOrWhiteSpace(request.Team) ? null : request.Team;
        if (team is not null && request.Person is not null) return SetDataOwner.OneOfThem;
        if (team is not null && !actors.Teams.Contains(team)) return SetDataOwner.NoTeam;
        var person = request.Person is { } id && await actors.Find(ActorKind.Person, id, ct) is { } found && found.MayIn(db.Company) ? found : null;
        if (request.Person is not null && person is null) return SetDataOwner.Nobody;
        db.Queue($"delete from kernel.measure_target where company_id = {db.Company} and measure = {measure.Name} and from_day = {from}");
        db.Table<MeasureTarget>().Insert(new MeasureTarget(db.Company, measure.Name, from, request.Target, person?.Id, team, person?.Name ?? team, db.Work.Actor.Name, db.Now));
        return Done.It;
    }
}

/// Every version of every target, the newest first: who set what, from when on.
[View("kernel.targets", KernelPermissions.Read, Sort = "-from-day")]
internal sealed class TargetList(KeelDb db, Measures measures) : IView<TargetList.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search] public required string Measure { get; init; }
        [Search, Title("Measure")] public required string Title { get; init; }
        [Title("From")] public required DateOnly FromDay { get; init; }
        public decimal? Target { get; init; }
        [Title("Answers for it")] public string? Owner { get; init; }
        public required string SetBy { get; init; }
        public required DateTimeOffset SetAt { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select t.measure || ' ' || t.from_day as id, t.measure, coalesce(m.title, t.measure) as title, t.from_day, t.target, t.owner, t.set_by, t.set_at
        from kernel.measure_target t
        left join unnest({measures.All.Select(m => m.Name).ToArray()}::text[], {measures.All.Select(m => m.Title).ToArray()}::text[]) as m (name, title) on m.name = t.measure
        where t.company_id = {db.Company}
        """;
}

/// What measures stood at, day by day: the last value of each day.
[View("kernel.points", KernelPermissions.Measures, Sort = "-day")]
internal sealed class PointList(KeelDb db) : IView<PointList.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search] public required string Measure { get; init; }
        public required string Slice { get; init; }
        public required DateOnly Day { get; init; }
        public required decimal Value { get; init; }
        public long? Part { get; init; }
        public long? Whole { get; init; }
        public required DateTimeOffset MeasuredAt { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select p.measure || '/' || p.slice || '/' || p.day as id, p.measure, p.slice, p.day, p.value, p.part, p.whole, p.measured_at from kernel.measure_point p where p.company_id = {db.Company}
        """;
}
