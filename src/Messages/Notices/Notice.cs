using Keel.Messages.Contract;

namespace Keel.Messages;

/// One thing that somebody is told.
[Rows("messages.notice", "id")]
internal sealed record Notice(
    Id<Notice> Id, Id<Company> CompanyId, Guid PersonId, string Kind, DocumentRef Subject, string Sentence, DateTimeOffset At, DateTimeOffset? ReadAt,
    bool InApp, ByMail ByMail,
    DateTimeOffset? MailedAt, string Once, Guid Operation);

/// How somebody wishes to be told things of one kind.
[Rows("messages.wish", "company_id", "person_id", "kind")]
internal sealed record Wish(Id<Company> CompanyId, Guid PersonId, string Kind, bool InApp, ByMail ByMail, DateTimeOffset ChangedAt);

/// A notice that goes out by mail at once.
internal sealed record NoticeToMail(Id<Notice> Notice, Guid Person) : IDelivered
{
    public string Subject => "notice " + Notice;
}

/// The kinds of notices that belong to no business module.
internal static class NoticeKinds
{
    public static readonly NoticeKind ApprovalWaits = new("approval-waits", "An approval waits for you", "Somebody's request waits for your yes.",
        ByMail.AtOnce);
    public static readonly NoticeKind ApprovalDecided =
        new("approval-decided", "Your request was decided", "What you asked for was approved, refused, or came to another end.", ByMail.AtOnce);
    public static readonly NoticeKind CaseGiven = new("case-given", "A case is yours", "Somebody gave you a case.", ByMail.Daily);
    public static readonly NoticeKind CaseUp = new("case-up", "A case was passed up", "A case of your team, or your own, took too long or was passed up.",
        ByMail.AtOnce);
    public static readonly NoticeKind Mentioned = new("mentioned", "You were named", "Somebody named you in a note.", ByMail.Daily);
    public static readonly NoticeKind TaskGiven = new("task-given", "A task is yours", "Somebody gave you a task on a record.", ByMail.Daily);
    public static readonly NoticeKind Watched = new("watched", "A record that you watch changed", "Somebody did something to a record that you watch.",
        ByMail.Never);
    public static readonly NoticeKind JobTrouble = new("job-trouble", "A job failed or is behind",
        "Something that runs by itself failed, or has not succeeded for too long.", ByMail.AtOnce);
    public static readonly NoticeKind ImportDone = new("import-done", "Your import is done", "A file that you gave in was read to its end.", ByMail.Never);

    public static readonly NoticeKind[] All = [ApprovalWaits, ApprovalDecided, CaseGiven, CaseUp, Mentioned, TaskGiven, Watched, JobTrouble, ImportDone];
}
