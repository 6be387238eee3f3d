using Keel.Kernel.Views;

namespace Keel.Messages.Contract;

/// Whose a mail is.
public enum MailToKind
{
    Person,
    Customer,
    Other,
}

/// Where a mail goes, and in which language it is written.
public sealed record MailTo(string Address, string Name, MailToKind Kind, Guid? Id, string Language);

/// The desk that writes mails. A mail is written down with what it tells and leaves through the outbox; where no server is set it is kept
/// in the test inbox. What is written under the same words of `once` is written once.
public sealed class MailDesk(KeelDb db, IEnumerable<MailTemplate> templates)
{
    public async Task Write(MailTemplate template, MailTo to, IReadOnlyDictionary<string, object?> values, DocumentRef about, string once,
        CancellationToken ct = default)
    {
        if (!templates.Contains(template)) throw new InvariantBroken($"The mail {template.Name} is in no module's contents.");
        if (await db.First<Guid?>($"select id from messages.mail where company_id = {db.Company} and once = {once}", ct) is not null) return;
        var (words, version) = await Words(template, to.Language, ct);
        var server = await db.Table<MailServer>().Find($"company_id = {db.Company}", ct);
        var letter = Letter.Fill(template, words, values, to.Language, server?.House ?? "");
        var mail = new Mail(
            db.NewId<Mail>(), db.Company, template.Name, version, to.Language, to.Address, to.Name, to.Kind, to.Id, letter.Title, letter.Text, letter.Html,
            about, db.Now, MailState.Waiting, null,
            once, db.Work.Operation);
        db.Table<Mail>().Insert(mail);
        Outbox.Queue(db, new MailToSend(mail.Id), typeof(SendMail));
    }

    /// The words that hold now, and their version.
    internal async Task<(MailWords Words, int Version)> Words(MailTemplate template, string language, CancellationToken ct)
    {
        var saved = await db.Table<TemplateVersion>().Find($"company_id = {db.Company} and kind = {template.Name} and language = {language} order by version desc limit 1", ct);
        return saved is null ? (template.AsDelivered(language), 0) : (new MailWords(saved.Title, saved.Body), saved.Version);
    }

    /// Forgets what was written to a person: that it was written stays, to whom and what does not.
    public void Forget(Guid person) => db.Queue(
        $"""
        update messages.mail set to_address = '', to_name = 'erased', title = 'erased', text = '', html = ''
        where company_id = {db.Company} and to_id = {person}
        """);

    /// Forgets what was written about documents that named a person who is forgotten: that it was written and to whom stays, what does not.
    public void ForgetAbout(IReadOnlyCollection<Guid> documents)
    {
        if (documents.Count > 0) db.Queue($"update messages.mail set title = 'erased', text = '', html = '' where company_id = {db.Company} and subject_id = any({documents.ToArray()})");
    }
}
