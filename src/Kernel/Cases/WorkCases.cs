using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// What became of one case of a list.
public sealed record CaseAnswer(Id<Case> Case, string? Number, string? Why);

/// What happened to a case.
public enum CaseStepKind
{
    Taken,
    Assigned,
    Snoozed,
    Escalated,
    Noted,
    Closed,
}

/// One line of a case's story, never changed.
[Rows("kernel.case_step", "id")]
public sealed record CaseStep(Guid Id, Id<Company> CompanyId, Id<Case> CaseId, DateTimeOffset At, CaseStepKind Kind, string ActorName, string Words, Guid Operation);

/// Takes cases to oneself. Who is first has it; the other is told.
[Operation("kernel.take-cases", KernelPermissions.Cases)]
internal sealed class TakeCases(CaseSteps steps) : IOperation<TakeCases.Request, IReadOnlyList<CaseAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<Case>> Cases);

    public async Task<Result<IReadOnlyList<CaseAnswer>>> Run(Request request, CancellationToken ct) => Result.Of(await steps.Each(request.Cases, CaseStepKind.Taken, "took it",
        c => c.AssigneeId is { } other && other != steps.Actor.Id ? $"{c.Assignee} is at it already." : null,
        c => c with { AssigneeId = steps.Actor.Id, Assignee = steps.Actor.Name, SnoozedUntil = null }, ct));
}

/// Gives cases to a person, or to a team; then nobody in particular is at them.
[Operation("kernel.assign-cases", KernelPermissions.Cases)]
internal sealed class AssignCases(CaseSteps steps, IActors actors) : IOperation<AssignCases.Request, IReadOnlyList<CaseAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<Case>> Cases, Guid? Person = null, [MaxLength(60)] string? Team = null);

    public static readonly Error NoOne = Error.Invalid("case.assign-whom", "Say to whom: a person or a team.");
    public static readonly Error Nobody = Error.NotFound("case.person-unknown", "There is no such person, or they may not work on cases here.");

    public async Task<Result<IReadOnlyList<CaseAnswer>>> Run(Request request, CancellationToken ct)
    {
        if (request.Person is null == string.IsNullOrWhiteSpace(request.Team)) return NoOne;
        if (request.Person is not { } id)
            return Result.Of(await steps.Each(request.Cases, CaseStepKind.Assigned, $"gave it to {request.Team}", _ => null, c => c with { Owner = request.Team!, AssigneeId = null, Assignee = null }, ct));
        if (await actors.Find(ActorKind.Person, id, ct) is not { } person || !person.MayIn(steps.Company) || !person.May(KernelPermissions.Cases)) return Nobody;
        return Result.Of(await steps.Each(request.Cases, CaseStepKind.Assigned, $"gave it to {person.Name}", _ => null, c => c with { AssigneeId = person.Id, Assignee = person.Name }, ct));
    }
}

/// Lets cases rest until an instant; then they stand in the queue again by themselves. Their target goes on.
[Operation("kernel.snooze-cases", KernelPermissions.Cases)]
internal sealed class SnoozeCases(CaseSteps steps, Settings settings) : IOperation<SnoozeCases.Request, IReadOnlyList<CaseAnswer>>
{
    private const int MostDays = 30;

    /// Without an instant: until tomorrow at eight, where the company is.
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<Case>> Cases, DateTimeOffset? Until = null);

    public static readonly Error Span = Error.Invalid("case.snooze-span", $"A case rests until later than now, and for {MostDays} days at most.");

    public async Task<Result<IReadOnlyList<CaseAnswer>>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var until = request.Until ?? network.InstantOf(network.Day(steps.Now).AddDays(1), new TimeOnly(8, 0));
        if (until <= steps.Now || until > steps.Now.AddDays(MostDays)) return Span;
        return Result.Of(await steps.Each(request.Cases, CaseStepKind.Snoozed, $"let it rest until {until:yyyy-MM-dd HH:mm} UTC", _ => null, c => c with { SnoozedUntil = until }, ct));
    }
}

/// Passes cases up: more severe, and to whoever supervises their kind.
[Operation("kernel.escalate-cases", KernelPermissions.Cases)]
internal sealed class EscalateCases(CaseSteps steps) : IOperation<EscalateCases.Request, IReadOnlyList<CaseAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<Case>> Cases, [Required, MinLength(3), MaxLength(200)] string Reason);

    public async Task<Result<IReadOnlyList<CaseAnswer>>> Run(Request request, CancellationToken ct) => Result.Of(await steps.Each(
        request.Cases, CaseStepKind.Escalated, request.Reason, c => c.Escalated >= CaseSteps.Highest ? "It stands with the highest already." : null, steps.Up, ct));
}

/// Adds a note to a case.
[Operation("kernel.note-case", KernelPermissions.Cases)]
internal sealed class NoteCase(CaseSteps steps) : IOperation<NoteCase.Request, IReadOnlyList<CaseAnswer>>
{
    public sealed record Request(Id<Case> Case, [Required, MaxLength(2000)] string Text);

    public async Task<Result<IReadOnlyList<CaseAnswer>>> Run(Request request, CancellationToken ct) =>
        Result.Of(await steps.Each([request.Case], CaseStepKind.Noted, request.Text, _ => null, c => c, ct));
}

/// Closes cases by hand, with what was done about them and a code under which it is counted.
[Operation("kernel.close-cases", KernelPermissions.Cases)]
internal sealed class CloseCases(CaseSteps steps, CaseKinds kinds) : IOperation<CloseCases.Request, IReadOnlyList<CaseAnswer>>
{
    public sealed record Request(
        [Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<Case>> Cases,
        [Required, MinLength(3, ErrorMessage = "says in a few words what was done."), MaxLength(400)] string Resolution, [MaxLength(40)] string? Code = null);

    public async Task<Result<IReadOnlyList<CaseAnswer>>> Run(Request request, CancellationToken ct) => Result.Of(await steps.Each(
        request.Cases, CaseStepKind.Closed, request.Code is null ? request.Resolution : $"{request.Code}: {request.Resolution}",
        c => request.Code is { } code && kinds.Find(c.Kind) is { } kind && !kind.Resolutions.Contains(code) ? $"Cases of this kind end as {string.Join(", ", kind.Resolutions)}." : null,
        c => c with { State = CaseState.Closed, ClosedAt = steps.Now, ClosedBy = steps.Actor.Name, Resolution = request.Resolution, ResolutionCode = request.Code, SnoozedUntil = null }, ct));
}

/// Passes up what nobody settled in time: first to the supervisor, and once more after the target has gone by again.
[Operation("kernel.escalate-late-cases", KernelPermissions.Jobs)]
internal sealed class EscalateLateCases(KeelDb db, CaseSteps steps, CaseKinds kinds) : IOperation<EscalateLateCases.Request, int>
{
    private const int Most = 500;

    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var late = await db.Query<Id<Case>>(
            $"select id from kernel.work_case where company_id = {db.Company} and state = 'Open' and due_at <= {db.Now} and escalated < {CaseSteps.Highest} order by due_at, id limit {Most}", ct);
        if (late.Count == 0) return 0;
        var answers = await steps.Each(late, CaseStepKind.Escalated, "nobody settled it in time", c => c.DueAt > db.Now || c.Escalated >= CaseSteps.Highest ? "It is not late." : null,
            c => steps.Up(c) with { DueAt = db.Now + (kinds.Find(c.Kind)?.Target ?? TimeSpan.FromHours(8)), SnoozedUntil = null }, ct);
        return answers.Count(a => a.Why is null);
    }
}

/// Looks for late cases in every company.
internal sealed class EscalateLateCasesJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select distinct company_id from kernel.work_case where state = 'Open' and due_at <= {db.Now} and escalated < {CaseSteps.Highest}", ct))
            await gate.Run<EscalateLateCases, EscalateLateCases.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company), ct);
    }
}

/// Does one thing to each of some open cases, under their locks, and writes it into their stories.
internal sealed class CaseSteps(KeelDb db, CaseKinds kinds)
{
    /// How often a case can be passed up.
    public const int Highest = 2;

    public Actor Actor => db.Work.Actor;
    public DateTimeOffset Now => db.Now;
    public Id<Company> Company => db.Company;

    public Case Up(Case one) => one with
    {
        Escalated = one.Escalated + 1, Owner = kinds.Find(one.Kind)?.Supervisor ?? one.Owner, AssigneeId = null, Assignee = null,
        Severity = one.Severity is Severity.Low && one.Escalated == 0 ? Severity.Normal : Severity.High,
    };

    public async Task<IReadOnlyList<CaseAnswer>> Each(
        IReadOnlyList<Id<Case>> ids, CaseStepKind kind, string words, Func<Case, string?> whyNot, Func<Case, Case> change, CancellationToken ct)
    {
        var found = await db.Table<Case>().Where($"company_id = {db.Company} and id = any({ids.Select(i => i.Value)}) order by id for update", ct);
        var why = found.ToDictionary(c => c.Id, c => c.State is CaseState.Closed ? $"It was closed by {c.ClosedBy}: {c.Resolution}." : whyNot(c));
        var changed = found.Where(c => why[c.Id] is null).ToArray();
        foreach (var one in changed) db.Work.Concerns(one.Subject);
        db.Table<Case>().Update([.. changed.Select(change)]);
        db.Table<CaseStep>().Insert([.. changed.Select(c => new CaseStep(Guid.CreateVersion7(db.Now), db.Company, c.Id, db.Now, kind, Actor.Name, words, db.Work.Operation))]);
        var subjects = found.ToDictionary(c => c.Id, c => c.Subject);
        return [.. ids.Distinct().Select(id => subjects.TryGetValue(id, out var subject) ? new CaseAnswer(id, subject, why[id]) : new CaseAnswer(id, null, "There is no such case."))];
    }
}
