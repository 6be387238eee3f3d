using System.ComponentModel.DataAnnotations;
using Keel.Messages.Contract;

namespace Keel.Messages;

/// Tells those who look after jobs which of them failed or are behind: of each job once a day, for as long as it is so.
[Operation("messages.tell-job-trouble", KernelPermissions.Jobs, Said = "told of trouble with work", Icon = "bell")]
internal sealed class TellJobTrouble(KeelDb db, IActors actors, NoticeDesk notices, Settings settings) : IOperation<TellJobTrouble.Request, int>
{
    public sealed record Request;

    private sealed record SickRow(string Name, string? Problem, DateTimeOffset? SucceededAt);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var sick = await db.Query<SickRow>(
            $"""
            select name, problem, succeeded_at from kernel.heartbeat
            where problem is not null or succeeded_at < {db.Now}::timestamptz - make_interval(secs => 3 * every_seconds + 60) order by name limit 50
            """, ct);
        if (sick.Count == 0) return 0;
        var network = await Network.Of(settings, ct);
        var people = (await actors.People(db.Company, ct)).Where(p => p.May(KernelPermissions.Jobs)).ToArray();
        foreach (var job in sick)
        {
            var said = job.Problem is { } problem ? $"The job {job.Name} failed: {problem}"
                : $"The job {job.Name} is behind: it last went well at {(job.SucceededAt is { } at ? network.Told(at) : "no time yet")}.";
            await notices.Tell(NoticeKinds.JobTrouble, DocumentRef.Named("job", job.Name), said, people, ct, $"{job.Name} {db.Now:yyyy-MM-dd}");
        }

        return sick.Count;
    }
}

/// Looks after the jobs for every company that was not told today.
internal sealed class TellJobTroubleJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        var untold = await db.Query<Id<Company>>(
            $"""
            select c.id from kernel.company c where exists (
              select from kernel.heartbeat h
              where (h.problem is not null or h.succeeded_at < {db.Now}::timestamptz - make_interval(secs => 3 * h.every_seconds + 60)) and not exists (
                select from messages.notice n where n.company_id = c.id and n.kind = {NoticeKinds.JobTrouble.Name} and n.once = h.name || {$" {db.Now:yyyy-MM-dd}"}))
            order by c.id
            """, ct);
        foreach (var company in untold)
            await gate.Run<TellJobTrouble, TellJobTrouble.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company), ct);
    }
}

/// Tells whoever gave in a file that it was read to its end.
[Operation("messages.tell-import", KernelPermissions.Import, Said = "told how an import ended", Icon = "bell")]
internal sealed class TellImport(IActors actors, NoticeDesk notices) : IOperation<TellImport.Request, Done>
{
    public sealed record Request(Guid Job, [Required, MaxLength(200)] string Name, [Required, MaxLength(400)] string Sentence, Guid Person);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await actors.Find(ActorKind.Person, request.Person, ct) is { } person)
            await notices.Tell(NoticeKinds.ImportDone, new DocumentRef("import", request.Job, request.Name), request.Sentence, [person], ct,
                $"{request.Job:N}");
        return Done.It;
    }
}
