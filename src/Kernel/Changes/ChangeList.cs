using Keel.Kernel.Views;

namespace Keel.Kernel;

/// What was changed of masters and settings, field by field, the latest first. What is personal stands on the record, for those who may see it.
[View("kernel.changes", KernelPermissions.ReadLog, Sort = "-at")]
internal sealed class ChangeList(KeelDb db, GuardedFields guarded) : IView<ChangeList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        public required DateTimeOffset At { get; init; }
        [Title("Who")] public required string ActorName { get; init; }
        public required string Kind { get; init; }
        public required string Subject { get; init; }
        public required string Field { get; init; }
        [Title("Was")] public string? Before { get; init; }
        [Title("Is")] public string? After { get; init; }
        public required Guid Operation { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select c.id, c.at, c.actor_name, c.kind, c.subject, c.field, case when c.person is not null then 'personal' when {Hidden} then {HistoryLine.Hidden} else c.before end as before,
          case when c.person is not null then 'personal' when {Hidden} then {HistoryLine.Hidden} else c.after end as after, c.operation
        from kernel.master_change c where c.company_id = any({Companies})
        """;

    /// What belongs to no company, such as a user's roles, is shown to those who may act for all.
    /// Whether a field is one that whoever looks may not see, under its own name or in a record.
    private FormattableString Hidden => $"lower(regexp_replace(c.field, '^.*, ', '')) = any({guarded.Hidden(db.Work.Actor.May)}::text[])";

    private Guid[] Companies => db.Work.Actor.Companies is null ? [db.Company.Value, Guid.Empty] : [db.Company.Value];
}
