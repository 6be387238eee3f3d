using System.ComponentModel.DataAnnotations;
using Keel.Messages.Contract;
using Microsoft.AspNetCore.DataProtection;

namespace Keel.Messages;

/// Says over which server the company's mail goes; without a host, mail is kept in the test inbox again.
[Operation("messages.set-mail-server", MessagesPermissions.Mail, Secret = true, Said = "set the mail server")]
internal sealed class SetMailServer(KeelDb db, IDataProtectionProvider protection) : IOperation<SetMailServer.Request, Done>
{
    /// An empty password keeps the one that is set. `House` is how links in mails begin: https://keel.example.
    public sealed record Request(
        [MaxLength(200)] string? Host, [Range(1, 65_535)] int Port = 587, bool Secure = true, [MaxLength(200)] string? UserName = null,
        [MaxLength(200)] string? Password = null,
        [MaxLength(200), EmailAddress] string? FromAddress = null, [MaxLength(100)] string? FromName = null, [MaxLength(200)] string? House = null);

    public static readonly Error NoSender = Error.Invalid("mail.no-sender", "Mail needs a sender that others can answer to.",
        new FieldError("fromAddress", "is required."));
    public static readonly Error NoHouse = Error.Invalid("mail.no-house", "Links in mails need the address of this house, such as https://keel.example.",
        new FieldError("house", "begins with http:// or https://."));

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(request.Host))
        {
            db.Queue($"delete from messages.mail_server where company_id = {db.Company}");
            return Done.It;
        }

        if (string.IsNullOrWhiteSpace(request.FromAddress)) return NoSender;
        if (!Uri.TryCreate(request.House, UriKind.Absolute, out var house) || house.Scheme is not ("http" or "https")) return NoHouse;
        var before = await db.Table<MailServer>().Find($"company_id = {db.Company} for update", ct);
        var secret = request.Password is { Length: > 0 } password ? protection.CreateProtector(SendMail.Purpose).Protect(password) : before?.Secret;
        var after = new MailServer(
            db.Company, request.Host.Trim(), request.Port, request.Secure, string.IsNullOrWhiteSpace(request.UserName) ? null : request.UserName.Trim(),
            secret, request.FromAddress.Trim(),
            string.IsNullOrWhiteSpace(request.FromName) ? "Keel" : request.FromName.Trim(), house.GetLeftPart(UriPartial.Path).TrimEnd('/'),
            db.Work.Actor.Name, db.Now);
        if (before is null) db.Table<MailServer>().Insert(after);
        else db.Table<MailServer>().Update(after);
        return Done.It;
    }
}

/// Sends a mail that says nothing, to see whether it arrives.
[Operation("messages.send-test-mail", MessagesPermissions.Mail, Said = "sent a test mail", Icon = "bell")]
internal sealed class SendTestMail(KeelDb db, MailDesk mails) : IOperation<SendTestMail.Request, Id<Mail>>
{
    public sealed record Request([Required, MaxLength(200), EmailAddress] string To);

    public async Task<Result<Id<Mail>>> Run(Request request, CancellationToken ct)
    {
        var (actor, once) = (db.Work.Actor, $"test {db.Work.Operation:N}");
        await mails.Write(OwnMails.Test, new MailTo(request.To.Trim(), actor.Name, MailToKind.Other, null, "en"), new Dictionary<string,
            object?> { ["person"] = actor.Name, ["link"] = "/settings/mail" }, new DocumentRef("mail", db.Work.Operation, "a test"), once, ct);
        return new Id<Mail>((await db.First<Guid?>($"select id from messages.mail where company_id = {db.Company} and once = {once}", ct))!.Value);
    }
}

/// Saves what a kind of mail says in a language, as a new version. Placeholders that it does not know, or lacks, are refused.
[Operation("messages.save-template", MessagesPermissions.Templates, Said = "saved the template")]
internal sealed class SaveTemplate(KeelDb db, IEnumerable<MailTemplate> templates) : IOperation<SaveTemplate.Request, int>
{
    public sealed record Request(
        [Required, MaxLength(40)] string Kind, [Required, RegularExpression("^(en|de)$", ErrorMessage = "is en or de.")] string Language,
        [Required, MaxLength(200)] string Title,
        [Required, MinLength(10), MaxLength(4_000)] string Body);

    public static readonly Error Unknown = Error.NotFound("template.unknown", "There is no such kind of mail.");
    public static readonly Error BadPlaceholder = Error.Invalid("template.placeholder", "A placeholder of this mail is not known.");

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        if (templates.FirstOrDefault(t => t.Name == request.Kind) is not { } template) return Unknown;
        if (Wrong(template, request) is { Count: > 0 } wrong) return Error.Invalid(BadPlaceholder.Code, string.Join(' ', wrong.Select(w => w.Message)),
            [.. wrong]);
        var last = await db.Query<int>(
            $"select version from messages.template where company_id = {db.Company} and kind = {request.Kind} and language = {request.Language} order by version desc limit 1", ct);
        var version = last is [var n] ? n + 1 : 1;
        db.Table<TemplateVersion>().Insert(new TemplateVersion(db.Company, request.Kind, request.Language, version, request.Title.Trim(),
            request.Body.Trim(), db.Work.Actor.Name, db.Now));
        db.Work.Concerns(request.Kind);
        return version;
    }

    private static List<FieldError> Wrong(MailTemplate template, Request request)
    {
        var known = template.Placeholders.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var list = string.Join(", ", known.Order(StringComparer.Ordinal));
        var wrong = new List<FieldError>();
        foreach (var (field, words) in new[] { ("title", request.Title), ("body", request.Body) })
        {
            foreach (var name in Letter.NamesIn(words).Where(n => !known.Contains(n)).Distinct()) wrong.Add(new FieldError(field,
                $"names {{{{{name}}}}}, which this mail does not know. It knows {list}."));
        }

        foreach (var needed in template.Placeholders.Where(p => p.IsNeeded
            && !Letter.NamesIn(request.Body).Contains(p.Name))) wrong.Add(new FieldError("body",
            $"leaves out {{{{{needed.Name}}}}}, without which this mail says nothing."));
        return wrong;
    }
}
