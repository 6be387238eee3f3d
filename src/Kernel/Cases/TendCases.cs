namespace Keel.Kernel;

/// Wakes what has slept long enough, and passes up what is late: to the supervisor when its time is over, and once more, as severe as can
/// be, after twice its time. Whoever has taken it keeps it.
[Operation("kernel.tend-cases", KernelPermissions.Jobs, Said = "tended the cases", Icon = "clock")]
internal sealed class TendCases(KeelDb db, CaseWork work) : IOperation<TendCases.Request, TendCases.Tended>
{
    public sealed record Request;

    public sealed record Tended(int Woken, int Escalated);

    public async Task<Result<Tended>> Run(Request request, CancellationToken ct)
    {
        var sleeping = await db.Table<Case>().Where($"company_id = {db.Company} and state = 'Snoozed' and snoozed_until <= {db.Now} order by id limit {CaseWork.Most} for update", ct);
        work.Write(CaseStepKind.Woken, [.. sleeping.Select(c => new CaseWork.Step(c with { State = CaseState.Open, SnoozedUntil = null }, "came back"))]);

        // What has just come back is among them where it is late.
        var late = await db.Table<Case>().Where($"company_id = {db.Company} and state = 'Open' and escalates_at <= {db.Now} order by id limit {CaseWork.Most} for update", ct);
        work.Write(CaseStepKind.Escalated, [.. late.Select(Up)]);
        return new Tended(sleeping.Count, late.Count);
    }

    private CaseWork.Step Up(Case late)
    {
        var supervisor = work.KindOf(late).Supervisor;
        var isFirst = late.EscalatesAt <= late.DueAt;
        var after = late with
        {
            Owner = supervisor, Severity = isFirst ? late.Severity : Severity.High, Escalated = late.Escalated + 1,
            EscalatesAt = isFirst ? late.DueAt + late.Target : null,
        };
        return new CaseWork.Step(after, isFirst ? $"its time is over: passed up to {supervisor}" : $"twice its time is over: passed up to {supervisor} again, severity high");
    }
}

/// Looks for sleepers and for late cases in every company.
internal sealed class TendCasesJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        var companies = await db.Query<Id<Company>>(
            $"""
            select company_id from kernel.work_case where state = 'Snoozed' and snoozed_until <= {db.Now}
            union select company_id from kernel.work_case where state = 'Open' and escalates_at <= {db.Now}
            """, ct);
        foreach (var company in companies) await gate.Run<TendCases, TendCases.Request, TendCases.Tended>(new(), new Caller(Actor.Keel, Door.Job, company), ct);
    }
}
