using Keel.Kernel.Views;

namespace Keel.Messages;

/// What whoever looks was told, the newest first. Served by the index notice_person.
[View("messages.notices", MessagesPermissions.Write, Sort = "-at")]
internal sealed class NoticeList(KeelDb db) : IView<NoticeList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search, Title("Record")] public required string Number { get; init; }
        [Search] public required string Sentence { get; init; }
        public required string Kind { get; init; }
        public required DateTimeOffset At { get; init; }
        public DateTimeOffset? ReadAt { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select n.id, n.subject_number as number, n.sentence, n.kind, n.at, n.read_at, case when n.read_at is null then 'Look at it' else 'Read' end as next
        from messages.notice n where n.company_id = {db.Company} and n.person_id = {db.Work.Actor.Id} and n.in_app
        """;
}
