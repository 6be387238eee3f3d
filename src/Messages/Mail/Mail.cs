using Keel.Messages.Contract;

namespace Keel.Messages;

/// A mail as it was written, and what became of it.
[Rows("messages.mail", "id")]
internal sealed record Mail(
    Id<Mail> Id, Id<Company> CompanyId, string Template, int TemplateVersion, string Language, string ToAddress, string ToName, MailToKind ToKind,
    Guid? ToId, string Title, string Text, string Html,
    DocumentRef Subject, DateTimeOffset At, MailState State, DateTimeOffset? SentAt, string Once, Guid Operation);

internal enum MailState
{
    Waiting,
    Sent,

    /// No server is set: it stands in the test inbox.
    Kept,
}

/// Over which server a company's mail goes. The password is sealed with the house's keys; `House` is the address of this house in links.
[Rows("messages.mail_server", "company_id")]
internal sealed record MailServer(
    Id<Company> CompanyId, string Host, int Port, bool Secure, string? UserName, string? Secret, string FromAddress, string FromName, string House,
    string ChangedBy, DateTimeOffset ChangedAt);

/// Words of a mail as somebody saved them.
[Rows("messages.template", "company_id", "kind", "language", "version")]
internal sealed record TemplateVersion(Id<Company> CompanyId, string Kind, string Language, int Version, string Title, string Body, string ChangedBy,
    DateTimeOffset ChangedAt);

/// A mail that is written and wants to leave.
internal sealed record MailToSend(Id<Mail> Mail) : IDelivered
{
    public string Subject => "mail " + Mail;
}
