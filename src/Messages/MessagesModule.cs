using Keel.Messages.Contract;
using Keel.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Messages;

/// What people write to each other and to customers: notes and tasks on records, notices, mail, files.
public sealed class MessagesModule : IModule
{
    public void Describe(ModuleContents contents) => contents
        .StandsWith("note", "messages.note", about: "subject_id").StandsWith("file", "messages.file", about: "subject_id").StandsWith("mail", "messages.mail", about: "subject_id")
        .StandsWith("notice", "messages.notice", about: "subject_id")
        .Desk<NoteWork>().Desk<StreamDesk>().Desk<NoticeDesk>()
        .Operation<AddNote>().Operation<EditNote>().Operation<WithdrawNote>().Operation<FinishTask>()
        .Operation<WatchRecord>().Operation<UnwatchRecord>()
        .Desk<IAfterOperation>(s => ActivatorUtilities.CreateInstance<TellWatchers>(s))
        .View<NoteList>().View<NoticeList>()
        .Operation<ReadNotices>().Operation<SetWishes>().Operation<TellJobTrouble>().Operation<TellImport>()
        .Handles<TellDeciders>().Handles<TellHands>()
        .Job<TellJobTroubleJob>(every: TimeSpan.FromMinutes(1))
        .Page<NoticesPage>("Notifications", "Today", "/notices", MessagesPermissions.Write)
        .Page<TasksPage>("Tasks", "Today", "/tasks", MessagesPermissions.Write)
        .Operation<SetMailServer>().Operation<SendTestMail>().Operation<SaveTemplate>().Operation<SendDigests>()
        .Operation<AttachFile>().Operation<RemoveFile>()
        .Job<PurgeUploads>(every: TimeSpan.FromHours(1))
        .Desk<MailDesk>().Desk<IMailer>(_ => new SmtpMailer())
        .Handles<MailNotice>().Handles<SendMail>()
        .Job<SendDigestsJob>(every: TimeSpan.FromMinutes(5))
        .Operation<DecideByLink>()
        .View<MailList>()
        .Page<MailSettingsPage>("Mail", "Settings/Mail and papers", "/settings/mail", MessagesPermissions.Mail)
        .Page<TestInboxPage>("Mail that was written", "Settings/Mail and papers", "/settings/test-inbox", MessagesPermissions.Mail)
        .Page<TemplatesPage>("What mails say", "Settings/Mail and papers", "/settings/templates", MessagesPermissions.Templates)
        .Notices(NoticeKinds.All).Mails(OwnMails.All)
        .Record("case", "/cases/", KernelPermissions.Cases, "subject from kernel.work_case")
        .Record("approval", "/approvals/", KernelPermissions.Ask, "operation from kernel.approval")
        .Record("import", "/import/").Record("job", "/jobs?job=");
}

/// The permissions of notes, notices and mail.
public static class MessagesPermissions
{
    /// To write notes, to watch records, to read one's own notices: everybody may.
    public const string Write = "kernel.read";

    /// To say over which server mail goes, and to read what was sent.
    public const string Mail = "messages.mail";

    /// To remove files that others handed in.
    public const string Files = "messages.files";

    /// To change what mails say.
    public const string Templates = "messages.templates";
}
