using Keel.Kernel.Views;

namespace Keel.Kernel;

/// Letters that wait for delivery or died on the way.
[View("kernel.outbox", KernelPermissions.Jobs, Sort = "-at")]
internal sealed class OutboxList(KeelDb db) : IView<OutboxList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search] public required string Subject { get; init; }
        public required string Event { get; init; }
        public required string Deliverer { get; init; }
        public required OutboxState State { get; init; }
        public required int Attempts { get; init; }
        public required DateTimeOffset At { get; init; }
        [Title("Next try")] public required DateTimeOffset NextAt { get; init; }
        public string? Problem { get; init; }
        public required Guid Operation { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select o.id, o.subject, substring(o.event from '[^.]+$') as event, substring(o.deliverer from '[^.]+$') as deliverer, o.state, o.attempts, o.at,
          o.next_at, o.problem, o.operation
        from kernel.outbox o where o.company_id = {db.Company} and o.state <> 'Done'
        """;
}
