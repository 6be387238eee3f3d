using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// What runs by itself, and whether it is alive.
[View("kernel.heartbeats", KernelPermissions.Jobs, Sort = "name")]
internal sealed class HeartbeatList(KeelDb db) : IView<HeartbeatList.Row>
{
    public sealed record Row
    {
        [Key, Search] public required string Name { get; init; }
        [Title("Node")] public required string Owner { get; init; }
        public required int EverySeconds { get; init; }
        public DateTimeOffset? StartedAt { get; init; }
        [Title("Last well")] public DateTimeOffset? SucceededAt { get; init; }
        [Title("Last failure")] public DateTimeOffset? FailedAt { get; init; }
        public string? Problem { get; init; }
        public required string State { get; init; }
    }

    /// Late is what has not succeeded for three intervals and a minute.
    public FormattableString Rows() =>
        $"""
        select h.name, h.owner, h.every_seconds, h.started_at, h.succeeded_at, h.failed_at, h.problem,
          case when h.problem is not null then 'failed'
            when h.succeeded_at < {db.Now}::timestamptz - make_interval(secs => 3 * h.every_seconds + 60) then 'late' else 'well' end as state
        from kernel.heartbeat h
        """;
}
