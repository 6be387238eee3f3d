using Keel.Kernel.Views;
using Keel.Messages.Contract;

namespace Keel.Messages;

/// Mails that were written, and what became of them. Served by the index mail_list.
[View("messages.mails", MessagesPermissions.Mail, Sort = "-at")]
internal sealed class MailList(KeelDb db) : IView<MailList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search, Personal, Title("To")] public string? Name { get; init; }
        [Search, Personal] public string? Address { get; init; }
        [Search] public required string Title { get; init; }
        public required string Template { get; init; }
        public required string Language { get; init; }
        [Title("About")] public required string Number { get; init; }
        public required DateTimeOffset At { get; init; }
        public required MailState State { get; init; }
        public DateTimeOffset? SentAt { get; init; }
        public string? Problem { get; init; }
        public required string Next { get; init; }
    }

    /// What waits says why: the letter in the outbox knows.
    public FormattableString Rows() =>
        $"""
        select m.id, m.to_name as name, m.to_address as address, m.title, m.template, m.language, m.subject_number as number, m.at, m.state, m.sent_at, o.problem,
          case when m.state = 'Sent' then 'Sent' when m.state = 'Kept' then 'Read it here' when o.state = 'Dead' then 'Send it again from the outbox' when o.problem is not null then 'Tried again by itself' else 'Leaves in a moment' end as next
        from messages.mail m left join lateral (
          select o.problem, o.state from kernel.outbox o where m.state = 'Waiting' and o.company_id = m.company_id and o.deliverer = 'Keel.Messages.SendMail' and o.subject = 'mail ' || m.id and o.state <> 'Done' limit 1) o on true
        where m.company_id = {db.Company}
        """;
}
