using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Messages;

/// Notes and tasks on records that whoever looks may see. Served by the index note_subject, and for tasks by note_task.
[View("messages.notes", MessagesPermissions.Write, Sort = "-at")]
internal sealed class NoteList(KeelDb db, RecordBook records) : IView<NoteList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search, Title("Record")] public required string Number { get; init; }
        [Title("Kind")] public required string Kind { get; init; }
        public required Guid SubjectId { get; init; }
        [Search] public required string Text { get; init; }
        [Title("By")] public required string Author { get; init; }
        public required DateTimeOffset At { get; init; }
        [Title("For")] public string? Owner { get; init; }
        public required bool Mine { get; init; }
        [Title("Until")] public DateOnly? Due { get; init; }
        public required bool IsTask { get; init; }
        public DateTimeOffset? DoneAt { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select n.id, n.subject_number as number, n.subject_kind as kind, n.subject_id, n.text, n.author, n.at, n.owner,
          coalesce(n.owner_id = {db.Work.Actor.Id}, false) as mine, n.due, n.owner_id is not null as is_task, n.done_at,
          case when n.owner_id is null then 'A note' when n.done_at is not null then 'Done by ' || n.done_by when n.due < {db.Today} then 'Late: do it' else 'To do' end as next
        from messages.note n where n.company_id = {db.Company} and n.withdrawn_at is null and n.subject_kind = any({records.Seen(db.Work.Actor.May)})
        """;
}
