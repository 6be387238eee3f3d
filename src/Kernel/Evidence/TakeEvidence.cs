using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Has a pack of evidence put together for an auditor: everything about one record, or of a period. It is built in the background; who took it
/// and why stays in the log.
[Operation("kernel.take-evidence", KernelPermissions.Evidence, Said = "asked for evidence", Icon = "file")]
internal sealed class TakeEvidence(KeelDb db, Settings settings, ModuleCatalog catalog) : IOperation<TakeEvidence.Request, Guid>
{
    public const int MostDays = 400;
    private const int MostWaiting = 10;

    public sealed record Request(
        [MaxLength(80)] string? Record, DateOnly? From, DateOnly? Until,
        [Required, MinLength(5, ErrorMessage = "says in a few words what for."), MaxLength(200)] string Reason);

    public static readonly Error OneOfBoth = Error.Invalid("evidence.record-or-period", "Name a document or code, or the first and the last day of a period: one of both.");
    public static readonly Error Limited = new("evidence.whole-house", "Evidence goes over all sites and channels: who is limited to some does not take it. Ask somebody who is not.", Refusal.Forbidden);
    public static readonly Error Hidden = new("evidence.hidden-fields", "Evidence holds what things cost and how much credit customers have, which your role does not show. Ask somebody whose role does.", Refusal.Forbidden);
    public static readonly Error Backwards = Error.Invalid("evidence.backwards", "The period ends before it begins. Correct one of the days.");
    public static readonly Error TooLong = Error.Invalid("evidence.too-long", "A pack covers at most 400 days. Take several.");
    public static readonly Error Enough = new("evidence.too-many-waiting", "Ten packs are being put together already. Wait until one of them is ready.");

    /// A pack is of the whole house, with all fields but those about persons: for who may see all that.
    internal static Error? MayNot(Actor actor) => actor.Reach.IsLimited ? Limited : FieldGroup.All.All(g => g.Permission == Views.Viewer.SeePersonal || actor.May(g.Permission)) ? null : Hidden;

    public async Task<Result<Guid>> Run(Request request, CancellationToken ct)
    {
        if (MayNot(db.Work.Actor) is { } why) return why;
        var record = request.Record?.Trim() is { Length: > 0 } text ? text : null;
        if (record is null != (request.From is not null && request.Until is not null) || (record is not null && (request.From ?? request.Until) is not null)) return OneOfBoth;
        if (request.Until < request.From) return Backwards;
        if (request.Until?.DayNumber - request.From?.DayNumber > MostDays) return TooLong;
        if (await db.First<long>($"select count(*) from kernel.evidence where company_id = {db.Company} and state in ('Waiting', 'Building')", ct) >= MostWaiting) return Enough;

        // People know a document by its number, whatever it was asked for by.
        if (Guid.TryParse(record, out var key)) record = (await DocumentNumber.Of(db, catalog, key, ct))?.Number ?? record;
        var network = await Network.Of(settings, ct);
        var id = Guid.CreateVersion7(db.Now);
        var about = record is null ? $"{request.From:yyyyMMdd}-{request.Until:yyyyMMdd}" : string.Concat(record.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' ? c : '-'));
        db.Table<EvidencePack>().Insert(new EvidencePack(
            id, db.Company, record, request.From, request.Until, request.Reason, db.Work.Actor.Name, db.Now, EvidenceState.Waiting,
            $"evidence-{network.Company.Code}-{about}.zip", null, null, null, null, null, null, null, 0));
        db.Work.Concerns(record?.Split(' ')[0] ?? $"{request.From:yyyy-MM-dd}");
        return id;
    }
}

/// Notes that somebody took an evidence pack out of the house: the door asks it before it hands the file over.
[Operation("kernel.download-evidence", KernelPermissions.Evidence, Said = "downloaded evidence", Icon = "download")]
internal sealed class DownloadEvidence(KeelDb db) : IOperation<DownloadEvidence.Request, Done>
{
    public sealed record Request(Guid Evidence);

    public static readonly Error NotThere = Error.NotFound("evidence.not-there", "There is no such pack, or its file is not ready or gone. Take the evidence again.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (TakeEvidence.MayNot(db.Work.Actor) is { } why) return why;
        if (await db.Table<EvidencePack>().Find($"id = {request.Evidence} and company_id = {db.Company} and state = 'Ready' for update", ct) is not { } pack) return NotThere;
        db.Table<EvidencePack>().Update(pack with { Downloads = pack.Downloads + 1 }, nameof(EvidencePack.Downloads));
        db.Work.Concerns(pack.Record?.Split(' ')[0] ?? $"{pack.FromDay:yyyy-MM-dd}");
        return Done.It;
    }
}

/// A pack of evidence: what it is about, who took it, and how far it is.
[Rows("kernel.evidence", "id")]
internal sealed record EvidencePack(
    Guid Id, Id<Company> CompanyId, string? Record, DateOnly? FromDay, DateOnly? UntilDay, string Reason, string TakenBy, DateTimeOffset TakenAt, EvidenceState State,
    string FileName, long? Bytes, long? Rows, byte[]? Digest, bool? Verified, string? Problem, DateTimeOffset? StartedAt, DateTimeOffset? ReadyAt, int Downloads)
{
    [NotAColumn]
    public string About => Record ?? $"{FromDay:yyyy-MM-dd} to {UntilDay:yyyy-MM-dd}";
}

public enum EvidenceState
{
    Waiting,
    Building,
    Ready,
    Failed,

    /// The file was kept long enough; take it again where it is needed.
    Gone,
}
