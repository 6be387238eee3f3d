using Keel.App.Access;
using Keel.Kernel.Views;

namespace Keel.App.Keeping;

/// Copies and their trials, the newest first.
[View("access.copies", AccessPermissions.Copies, Sort = "-asked-at")]
internal sealed class CopyList : IView<CopyList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        public required CopyKind Kind { get; init; }
        public required CopyState State { get; init; }
        [Title("Asked by")] public required string AskedBy { get; init; }
        [Title("Asked for")] public required DateTimeOffset AskedAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public int? Seconds { get; init; }
        public int? Megabytes { get; init; }
        [Search] public string? File { get; init; }
        [Search] public string? Outcome { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select c.id, c.kind, c.state, c.asked_by, c.asked_at, c.ended_at, extract(epoch from c.ended_at - c.started_at)::int as seconds, (c.bytes / 1048576)::int as megabytes,
          coalesce(c.file, t.file) as file, c.outcome
        from access.copy c left join access.copy t on t.id = c.tried
        """;
}
