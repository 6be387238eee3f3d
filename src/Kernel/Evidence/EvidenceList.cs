using Keel.Kernel.Views;

namespace Keel.Kernel;

/// The evidence packs that were taken: by whom, about what, why, and how often they were downloaded. The latest first.
[View("kernel.evidence", KernelPermissions.Evidence, Sort = "-taken-at")]
internal sealed class EvidenceList(KeelDb db) : IView<EvidenceList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search] public required string About { get; init; }
        public required EvidenceState State { get; init; }
        [Title("Taken")] public required DateTimeOffset TakenAt { get; init; }
        [Search, Title("By")] public required string TakenBy { get; init; }
        public required string Reason { get; init; }
        public long? Rows { get; init; }
        public long? Bytes { get; init; }
        public bool? Verified { get; init; }
        public required int Downloads { get; init; }
        public string? Digest { get; init; }
        public string? Problem { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select e.id, coalesce(e.record, e.from_day || ' to ' || e.until_day) as about, e.state, e.taken_at, e.taken_by, e.reason, e.rows, e.bytes, e.verified, e.downloads,
          encode(e.digest, 'hex') as digest, e.problem
        from kernel.evidence e where e.company_id = {db.Company}
        """;
}
