using System.Security.Cryptography;
using System.Text;

namespace Keel.Kernel;

/// Looks at what runs by itself: a job that fails or falls behind, and letters that nobody could deliver, become cases with an owner, and
/// close by themselves when all is well again. Nothing falls behind in silence.
[Operation("kernel.watch-work", KernelPermissions.Jobs, Said = "looked for late work", Icon = "clock")]
internal sealed class WatchWork(KeelDb db, CaseDesk cases, Settings settings) : IOperation<WatchWork.Request, int>
{
    public static readonly CaseKind Behind = new("job-behind", "administrator", TimeSpan.FromHours(1), Severity.High)
    {
        Next = "Find out why, and let it run",
        Supervisor = "operations",
        Resolutions = ["mended", "not-needed"],
        Ways = [CaseWay.Go("Open the jobs", "/jobs", KernelPermissions.Jobs)],
    };

    public static readonly CaseKind Dead = new("dead-letters", "administrator", TimeSpan.FromHours(4), Severity.Normal)
    {
        Next = "Read the reason, mend it, send them again",
        Supervisor = "operations",
        Resolutions = ["sent-again", "done-otherwise", "not-needed"],
        Ways = [CaseWay.Go("Open the dead letters", "/outbox?f.state=Dead", KernelPermissions.Jobs)],
    };

    /// `House` is for the company that looks after the house itself: its jobs belong to no company.
    public sealed record Request(bool House);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        // What nobody runs any more left its heartbeat behind: after a week it is forgotten.
        var beats = db.Ask<Beat>(
            $"""
            select name, problem, succeeded_at, (problem is not null or coalesce(succeeded_at, started_at) < {db.Now}::timestamptz - make_interval(secs => 3 * every_seconds + 60)) as is_behind
            from kernel.heartbeat where {request.House} and coalesce(succeeded_at, started_at, failed_at) > {db.Now}::timestamptz - interval '7 days'
            """);
        var dead = db.Ask<Pile>(
            $"select deliverer, count(*)::int as letters, min(problem) as problem from kernel.outbox where company_id = {db.Company} and state = 'Dead' group by deliverer order by deliverer");
        var open = db.Ask<Guid>($"select subject_id from kernel.work_case where company_id = {db.Company} and kind = {Dead.Name} and state <> 'Closed'");
        var network = await Network.Of(settings, ct);
        await db.Flush(ct);

        cases.Open([.. beats.Value.Where(b => b.IsBehind).Select(b => (Behind, About("job", b.Name), Words(b, network)))]);
        cases.Close(Behind, [.. beats.Value.Where(b => !b.IsBehind).Select(b => About("job", b.Name).Id)], "it runs well again");
        cases.Open([.. dead.Value.Select(p => (Dead, About("letters", Name(p.Deliverer)), $"{(p.Letters == 1 ? "A letter" : $"{p.Letters} letters")} for {Name(p.Deliverer)} could not be delivered: {p.Problem}"))]);
        var still = dead.Value.Select(p => About("letters", Name(p.Deliverer)).Id).ToHashSet();
        cases.Close(Dead, [.. open.Value.Where(o => !still.Contains(o))], "they were delivered");
        return beats.Value.Count(b => b.IsBehind) + dead.Value.Count;
    }

    private static string Words(Beat beat, Network network) => beat.Problem is { } problem
        ? $"{beat.Name} fails: {problem}"
        : $"{beat.Name} has fallen behind: it last went well {(beat.SucceededAt is { } at ? $"at {network.Told(at)}" : "never")}.";

    private static string Name(string type) => type[(type.LastIndexOf('.') + 1)..];

    /// The same name is the same subject each time.
    private static DocumentRef About(string kind, string name) => new(kind, new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind} {name}")).AsSpan(0, 16)), name);

    private sealed record Beat(string Name, string? Problem, DateTimeOffset? SucceededAt, bool IsBehind);

    private sealed record Pile(string Deliverer, int Letters, string? Problem);
}

/// Watches for every company that has something to watch. Heartbeats are the house's: the company that was made first looks after them.
internal sealed class WatchWorkJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        var house = await db.Query<Id<Company>>($"select id from kernel.company order by id limit 1", ct);
        var companies = await db.Query<Id<Company>>(
            $"select distinct company_id from kernel.outbox where state = 'Dead' union select company_id from kernel.work_case where kind = {WatchWork.Dead.Name} and state <> 'Closed'", ct);
        foreach (var company in house.Union(companies))
            await gate.Run<WatchWork, WatchWork.Request, int>(new(house.Contains(company)), new Caller(Actor.Keel, Door.Job, company), ct);
    }
}
