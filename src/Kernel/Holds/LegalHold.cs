using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// What a court or an authority wants kept. While it stands, nothing of the record or the person is purged or erased.
[Rows("kernel.legal_hold", "id")]
internal sealed record LegalHold(
    Guid Id, Id<Company> CompanyId, string SubjectKind, Guid SubjectId, string Subject, string Reason, string Owner, string PlacedBy, DateTimeOffset PlacedAt,
    string? LiftedBy, DateTimeOffset? LiftedAt, string? LiftedBecause);

/// Has a record or a person kept, whatever the retention policy says and whoever asks to be forgotten.
[Operation("kernel.place-legal-hold", KernelPermissions.LegalHolds, Said = "placed a legal hold on", Icon = "lock")]
internal sealed class PlaceLegalHold(KeelDb db, ModuleCatalog catalog) : IOperation<PlaceLegalHold.Request, Guid>
{
    public sealed record Request(
        [Required, MaxLength(80)] string Subject, [Required, MinLength(5, ErrorMessage = "says in a few words why."), MaxLength(300)] string Reason, [Required, MaxLength(60)] string Owner);

    public static readonly Error Unknown = Error.NotFound("legal-hold.unknown", "There is no document or partner with this number. Check the number.");
    public static readonly Error Stands = new("legal-hold.stands", "A legal hold stands on it already. Lift that one first, or leave it.");

    public async Task<Result<Guid>> Run(Request request, CancellationToken ct)
    {
        var subject = request.Subject.Trim();
        if (await DocumentNumber.Of(db, catalog, subject, ct) is not { } found) return Unknown;
        if (await db.Table<LegalHold>().Find($"company_id = {db.Company} and subject_id = {found.Id} and lifted_at is null", ct) is not null) return Stands;
        var id = Guid.CreateVersion7(db.Now);
        db.Table<LegalHold>().Insert(new LegalHold(
            id, db.Company, found.Kind, found.Id, found.Number, request.Reason, request.Owner, db.Work.Actor.Name, db.Now, null, null, null));
        db.Work.Concerns(found.Number);
        return id;
    }
}

/// Lifts legal holds: what they kept follows the retention policy again.
[Operation("kernel.lift-legal-holds", KernelPermissions.LegalHolds, Said = "lifted {legal holds|a legal hold}", Icon = "x")]
internal sealed class LiftLegalHolds(KeelDb db) : IOperation<LiftLegalHolds.Request, int>
{
    public sealed record Request([MinLength(1), MaxLength(500)] IReadOnlyList<Guid> Holds, [Required, MinLength(5, ErrorMessage = "says in a few words why."), MaxLength(300)] string Reason);

    public static readonly Error None = Error.NotFound("legal-hold.none", "None of these legal holds stands. Load the list again.");

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var standing = await db.Table<LegalHold>().Where($"company_id = {db.Company} and id = any({request.Holds}) and lifted_at is null order by id for update", ct);
        if (standing.Count == 0) return None;
        db.Table<LegalHold>().Update([.. standing.Select(h => h with { LiftedBy = db.Work.Actor.Name, LiftedAt = db.Now, LiftedBecause = request.Reason })]);
        foreach (var hold in standing) db.Work.Concerns(hold.Subject);
        return standing.Count;
    }
}

/// The legal holds, those that stand first.
[View("kernel.legal-holds", KernelPermissions.ReadLog, Sort = "-placed-at")]
internal sealed class LegalHoldList(KeelDb db) : IView<LegalHoldList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search] public required string Subject { get; init; }
        public required string SubjectKind { get; init; }
        public required Guid SubjectId { get; init; }
        public required string Reason { get; init; }
        public required string Owner { get; init; }
        public required string PlacedBy { get; init; }
        [Title("Since")] public required DateTimeOffset PlacedAt { get; init; }
        public required bool Stands { get; init; }
        public string? LiftedBy { get; init; }
        public DateTimeOffset? LiftedAt { get; init; }
        public string? LiftedBecause { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select h.id, h.subject, h.subject_kind, h.subject_id, h.reason, h.owner, h.placed_by, h.placed_at, h.lifted_at is null as stands, h.lifted_by, h.lifted_at, h.lifted_because
        from kernel.legal_hold h where h.company_id = {db.Company}
        """;
}

/// Says whether a legal hold stands on something that is about to be erased or purged.
public sealed class LegalHoldDesk(KeelDb db)
{
    public static readonly Error Held = new("legal-hold.held", "A legal hold stands on this. It is kept until the hold is lifted.");

    /// The refusal that names the first standing hold among some records, or nothing.
    public async Task<Error?> Why(IReadOnlyList<Guid> subjects, CancellationToken ct = default)
    {
        if (subjects.Count == 0) return null;
        var hold = await db.Table<LegalHold>().Find($"company_id = {db.Company} and subject_id = any({subjects}) and lifted_at is null order by placed_at limit 1", ct);
        return hold is null ? null : Held.With($"A legal hold stands on {hold.Subject} since {hold.PlacedAt:yyyy-MM-dd}: {hold.Reason} It is kept until {hold.Owner} has the hold lifted.");
    }
}
