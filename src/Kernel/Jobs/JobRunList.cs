using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// Every run of what runs by itself: from when to when, what it did, what went wrong. Runs that found nothing to do stand in one row until one does.
[View("kernel.job-runs", KernelPermissions.Jobs, Sort = "-id")]
internal sealed class JobRunList : IView<JobRunList.Row>
{
    public sealed record Row
    {
        [Key] public required long Id { get; init; }
        [Search] public required string Name { get; init; }
        public required string State { get; init; }
        public required DateTimeOffset StartedAt { get; init; }
        public required DateTimeOffset EndedAt { get; init; }

        /// How often it ran without anything to do between the two moments.
        public required int Times { get; init; }
        public required int Operations { get; init; }
        public required int Refused { get; init; }
        public required int Letters { get; init; }
        public required string Node { get; init; }
        public string? Problem { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select r.id, r.name, case when r.problem is not null then 'failed' when r.operations + r.refused + r.letters > 0 then 'worked' else 'idle' end as state,
          r.started_at, r.ended_at, r.times, r.operations, r.refused, r.letters, r.node, r.problem
        from kernel.job_run r
        """;
}
