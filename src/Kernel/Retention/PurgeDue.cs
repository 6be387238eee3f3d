using Keel.Kernel.Views;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Kernel;

/// Purges what was kept long enough by the retention policy, and writes down what went. Tried (`dryRun`), it says what would go.
[Operation("kernel.purge-due", KernelPermissions.Retention, Said = "purged what was due", Icon = "x")]
internal sealed class PurgeDue(KeelDb db, Policies policies, ModuleCatalog catalog, IServiceProvider services) : IOperation<PurgeDue.Request, PurgeDue.Answer[]>
{
    public sealed record Request;

    public sealed record Answer(string RecordType, long Rows, long Held);

    public async Task<Result<Answer[]>> Run(Request request, CancellationToken ct)
    {
        var policy = await policies.Of<RetentionPolicy>(ct);
        var answers = new List<Answer>();
        foreach (var rule in policy.Choice.Rules.DistinctBy(r => r.RecordType))
        {
            if (catalog.Retained.FirstOrDefault(t => t.Name == rule.RecordType) is not { } type) continue;
            var months = Math.Max(rule.Months, type.LeastMonths);
            var before = db.Now.AddMonths(-months);
            var purged = await ((IRetain)services.GetRequiredService(type.Keeper)).Purge(before, ct);
            if (purged is { Rows: 0, Held: 0 }) continue;
            db.Table<PurgeRow>().Insert(new PurgeRow(
                Guid.CreateVersion7(db.Now), db.Company, db.Now, type.Name, before, months, purged.Rows, purged.Held, policy.Version, db.Work.Operation));
            answers.Add(new Answer(type.Name, purged.Rows, purged.Held));
        }

        return answers.ToArray();
    }
}

/// Purges what is due in every company, a few times a day.
internal sealed class PurgeDueJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select id from kernel.company", ct))
            await gate.Run<PurgeDue, PurgeDue.Request, PurgeDue.Answer[]>(new(), new Caller(Actor.Keel, Door.Job, company), ct);
    }
}

/// What was purged of one type in one go, for good.
[Rows("kernel.purge", "id")]
internal sealed record PurgeRow(
    Guid Id, Id<Company> CompanyId, DateTimeOffset At, string RecordType, DateTimeOffset OlderThan, int Months, long Rows, long Held, int PolicyVersion, Guid Operation);

/// The purge log: what went by which version of the policy, and what a legal hold kept back. The latest first.
[View("kernel.purges", KernelPermissions.ReadLog, Sort = "-at")]
internal sealed class PurgeList(KeelDb db) : IView<PurgeList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        public required DateTimeOffset At { get; init; }
        public required string RecordType { get; init; }
        [Title("Purged")] public required long Rows { get; init; }
        public required long Held { get; init; }
        public required DateTimeOffset OlderThan { get; init; }
        public required int Months { get; init; }
        public required int PolicyVersion { get; init; }
        public required Guid Operation { get; init; }
    }

    public FormattableString Rows() =>
        $"select p.id, p.at, p.record_type, p.rows, p.held, p.older_than, p.months, p.policy_version, p.operation from kernel.purge p where p.company_id = {db.Company}";
}

/// Who saw personal data, long ago.
internal sealed class RetainedSights(KeelDb db) : IRetain
{
    private const int Batch = 50_000;

    public async Task<Purged> Purge(DateTimeOffset olderThan, CancellationToken ct)
    {
        var held = await db.First<long>(
            $"select count(*) from kernel.sight s where s.company_id = {db.Company} and s.last_at < {olderThan} and {Held}", ct);
        return new Purged(await db.Execute(
            $"""
            delete from kernel.sight where id = any(array(
              select s.id from kernel.sight s where s.company_id = {db.Company} and s.last_at < {olderThan} and not {Held} limit {Batch}))
            """, ct), held);
    }

    private FormattableString Held => $"exists (select from kernel.legal_hold h where h.company_id = {db.Company} and h.subject_id = s.record_id and h.lifted_at is null)";
}

/// The files of evidence packs; who took them and why stays.
internal sealed class RetainedEvidence(KeelDb db) : IRetain
{
    public async Task<Purged> Purge(DateTimeOffset olderThan, CancellationToken ct)
    {
        var held = await db.First<long>($"select count(*) from kernel.evidence e where {Due(olderThan)} and {Held}", ct);
        var gone = await db.Query<Guid>($"select e.id from kernel.evidence e where {Due(olderThan)} and not {Held} order by e.id for update", ct);
        db.Queue($"delete from kernel.evidence_file where evidence_id = any({gone})");
        db.Queue($"update kernel.evidence set state = 'Gone' where id = any({gone})");
        return new Purged(gone.Count, held);
    }

    private FormattableString Due(DateTimeOffset olderThan) => $"e.company_id = {db.Company} and e.state = 'Ready' and e.ready_at < {olderThan}";

    private FormattableString Held => $"exists (select from kernel.legal_hold h where h.company_id = {db.Company} and h.subject = e.record and h.lifted_at is null)";
}

/// The rows of imports and the files that were never committed; the totals stay.
internal sealed class RetainedImports(KeelDb db) : IRetain
{
    private const int Batch = 50_000;

    public async Task<Purged> Purge(DateTimeOffset olderThan, CancellationToken ct)
    {
        db.Queue($"delete from kernel.import_file where job_id in (select id from kernel.import_job where company_id = {db.Company} and started_at < {olderThan})");
        db.Queue($"delete from kernel.import_fix where job_id in (select id from kernel.import_job where company_id = {db.Company} and started_at < {olderThan})");
        db.Queue($"delete from kernel.import_trace where job_id in (select id from kernel.import_job where company_id = {db.Company} and started_at < {olderThan})");
        return new Purged(await db.Execute(
            $"""
            delete from kernel.import_row where (job_id, row) in (
              select r.job_id, r.row from kernel.import_row r join kernel.import_job j on j.id = r.job_id where j.company_id = {db.Company} and j.started_at < {olderThan} limit {Batch})
            """, ct), 0);
    }
}
