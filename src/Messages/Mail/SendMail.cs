using System.Net;
using System.Net.Mail;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Keel.Messages;

/// Hands one mail to a server, or throws with what it said.
internal interface IMailer
{
    Task Send(MailServer server, string? password, Mail mail, CancellationToken ct);
}

/// The mailer over SMTP, with STARTTLS where the server is set so.
internal sealed class SmtpMailer : IMailer
{
    /// A server that does not answer must not hold up everything else that leaves.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task Send(MailServer server, string? password, Mail mail, CancellationToken ct)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(Patience);
        using var message = new MailMessage
        {
            From = new MailAddress(server.FromAddress, server.FromName, Encoding.UTF8), Subject = mail.Title, SubjectEncoding = Encoding.UTF8,
                Body = mail.Text, BodyEncoding = Encoding.UTF8,
        };
        message.To.Add(new MailAddress(mail.ToAddress, mail.ToName, Encoding.UTF8));
        // The same at every try, so that a reader's house drops a second copy.
        message.Headers.Add("Message-ID", $"<{mail.Id}@keel>");
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString($"<!doctype html><html lang=\"{mail.Language}\"><body>{mail.Html}</body></html>", Encoding.UTF8, "text/html"));
        using var smtp = new SmtpClient(server.Host, server.Port) { EnableSsl = server.Secure };
        if (server.UserName is { Length: > 0 } user) smtp.Credentials = new NetworkCredential(user, password);
        try
        {
            await smtp.SendMailAsync(message, late.Token);
        }
        catch (OperationCanceledException silent) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"{server.Host}:{server.Port} did not answer within {Patience.TotalSeconds:0} seconds.", silent);
        }
    }
}

/// Sends a mail that is written, or keeps it in the test inbox where no server is set. A server that fails is tried again, later and later,
/// and after that the letter waits in the outbox for somebody who sends it again.
internal sealed class SendMail(KeelDb db, IMailer mailer, IDataProtectionProvider protection) : IDeliver<MailToSend>
{
    public const string Purpose = "mail server";

    public async Task Deliver(MailToSend happened, CancellationToken ct)
    {
        if (await db.Table<Mail>().Find($"company_id = {db.Company} and id = {happened.Mail} for update", ct) is not { State: MailState.Waiting } mail) return;
        if (mail.ToAddress.Length == 0) return;
        var server = await db.Table<MailServer>().Find($"company_id = {db.Company}", ct);
        if (server is not null) await mailer.Send(server, server.Secret is { } secret ? protection.CreateProtector(Purpose).Unprotect(secret) : null, mail, ct);
        db.Table<Mail>().Update(mail with { State = server is null ? MailState.Kept : MailState.Sent, SentAt = server is null ? null : db.Now },
            nameof(Mail.State), nameof(Mail.SentAt));
    }
}
