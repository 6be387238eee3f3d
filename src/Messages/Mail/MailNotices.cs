using System.Security.Cryptography;
using System.Text;
using Keel.Messages.Contract;
using Keel.Ui;

namespace Keel.Messages;

/// The mails that this module itself writes.
internal static class OwnMails
{
    private static readonly Placeholder Person = new("person", PlaceholderKind.Text, "Who reads it", "Anna Vester");
    private static readonly Placeholder Sentence = new("sentence", PlaceholderKind.Text, "What is told", "Ben put it on hold", IsNeeded: true);
    private static readonly Placeholder Record = new("record", PlaceholderKind.Text, "The record's number", "SO-2026-000123");

    public static readonly MailTemplate Notice = new("notice", "A notice", "One notice that somebody wants by mail at once.",
        [Person, Sentence, Record, new("kind", PlaceholderKind.Text, "What kind of notice it is", "You were named"),
        new("link", PlaceholderKind.Link, "The record", "/notices")],
        new("{{kind}}: {{record}}", "Hello {{person}},\n\n{{sentence}}\n\n{{link}}\n\nYou choose how you are told under Notifications, How I am told."),
        new("{{kind}}: {{record}}", "Hallo {{person}},\n\n{{sentence}}\n\n{{link}}\n\nWie du benachrichtigt wirst, stellst du unter Notifications, How I am told ein."));

    public static readonly MailTemplate Approval = new("approval-waits", "An approval waits",
        "Somebody's request waits for the reader's yes; the link opens it for them alone.",
        [Person, Sentence, new("until", PlaceholderKind.Day, "Until when somebody has to decide", "2026-03-12"),
        new("link", PlaceholderKind.Link, "The page where it is decided", "/approvals", IsNeeded: true)],
        new("Waits for your yes: {{sentence}}", "Hello {{person}},\n\n{{sentence}}\n\nIt waits until {{until}}. The link shows what it would do; you decide there, signed in as yourself.\n\n{{link}}\n\nThe link is yours alone and serves once."),
        new("Wartet auf dein Ja: {{sentence}}", "Hallo {{person}},\n\n{{sentence}}\n\nEs wartet bis {{until}}. Der Link zeigt, was geschehen würde; entschieden wird dort, angemeldet als du selbst.\n\n{{link}}\n\nDer Link gilt nur für dich und nur einmal."));

    public static readonly MailTemplate Digest = new("digest", "The day's notices", "What somebody wants to be told once a day, together.",
        [Person, new("count", PlaceholderKind.Text, "How many there are", "3"),
        new("list", PlaceholderKind.Text, "All of them, one per line", "SO-2026-000123: Ben put it on hold", IsNeeded: true),
        new("link", PlaceholderKind.Link, "All notices", "/notices")],
        new("{{count}} notices for you", "Hello {{person}},\n\n{{list}}\n\n{{link}}"),
        new("{{count}} Nachrichten für dich", "Hallo {{person}},\n\n{{list}}\n\n{{link}}"));

    public static readonly MailTemplate Test = new("test", "A test", "Shows that the mail server is set well.",
        [Person, new("link", PlaceholderKind.Link, "The settings", "/settings/mail")],
        new("Keel can send mail", "Hello {{person}},\n\nthis mail left over the server that you set. Nothing has to be done.\n\n{{link}}"),
        new("Keel kann Mail versenden", "Hallo {{person}},\n\ndiese Mail ging über den Server, den du eingestellt hast. Es ist nichts zu tun.\n\n{{link}}"));

    public static readonly MailTemplate[] All = [Notice, Approval, Digest, Test];
}

/// Writes the mail of a notice to whoever wants it at once.
internal sealed class MailNotice(KeelDb db, IActors actors, MailDesk mails, RecordBook records, IEnumerable<NoticeKind> kinds) : IDeliver<NoticeToMail>
{
    public async Task Deliver(NoticeToMail happened, CancellationToken ct)
    {
        if (await db.Table<Notice>().Find($"company_id = {db.Company} and id = {happened.Notice} for update", ct) is not { MailedAt: null } notice) return;
        if (await actors.Find(ActorKind.Person, happened.Person, ct) is not { Account: { } account } person) return;
        db.Table<Notice>().Update(notice with { MailedAt = db.Now }, nameof(Notice.MailedAt));
        var to = new MailTo(account, person.Name, MailToKind.Person, person.Id, "en");
        var values = new Dictionary<string, object?> { ["person"] = person.Name, ["sentence"] = notice.Sentence, ["record"] = notice.Subject.Number };
        if (notice.Kind == NoticeKinds.ApprovalWaits.Name && await db.Table<Approval>().Find($"company_id = {db.Company} and id = {notice.Subject.Id}",
            ct) is { State: ApprovalState.Waiting } approval)
        {
            var link = DecisionLink.Make(approval, person.Id, db.Now);
            db.Table<DecisionLink>().Insert(link.Row);
            await mails.Write(OwnMails.Approval, to, new Dictionary<string,
                object?>(values) { ["until"] = approval.DueAt, ["link"] = "/decide/" + link.Token }, notice.Subject, $"notice {notice.Id}", ct);
            return;
        }

        values["kind"] = kinds.FirstOrDefault(k => k.Name == notice.Kind)?.Title ?? notice.Kind;
        values["link"] = records.Address(notice.Subject) ?? "/notices";
        await mails.Write(OwnMails.Notice, to, values, notice.Subject, $"notice {notice.Id}", ct);
    }
}

/// The right to look at one decision, for one person, once. The address holds the secret; the database only its digest.
[Rows("messages.decision_link", "digest")]
internal sealed record DecisionLink(byte[] Digest, Id<Company> CompanyId, Id<Approval> ApprovalId, int Version, Guid PersonId, DateTimeOffset MadeAt,
    DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    public static (DecisionLink Row, string Token) Make(Approval approval, Guid person, DateTimeOffset now)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var until = approval.DueAt < now + Longest ? approval.DueAt : now + Longest;
        return (new DecisionLink(DigestOf(token), approval.CompanyId, approval.Id, approval.Version, person, now, until > now ? until : now.AddHours(1),
            null), token);
    }

    public static byte[] DigestOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

/// Writes the day's notices to those who want them together.
[Operation("messages.send-digests", KernelPermissions.Jobs, Said = "sent {digests|the digest}", Icon = "bell")]
internal sealed class SendDigests(KeelDb db, IActors actors, MailDesk mails) : IOperation<SendDigests.Request, int>
{
    private const int Most = 2_000;
    private const int MostLines = 60;

    /// `Before` is the morning up to which notices are gathered.
    public sealed record Request(DateTimeOffset Before);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var waiting = await db.Table<Notice>().Where($"company_id = {db.Company} and by_mail = 'Daily' and mailed_at is null and at < {request.Before} order by person_id, id limit {Most} for update", ct);
        var written = 0;
        foreach (var mine in waiting.GroupBy(n => n.PersonId))
        {
            db.Table<Notice>().Update([.. mine.Select(n => n with { MailedAt = db.Now })], nameof(Notice.MailedAt));
            if (await actors.Find(ActorKind.Person, mine.Key, ct) is not { Account: { } account } person) continue;
            var lines = mine.Take(MostLines).Select(n => $"{n.Subject.Number}: {n.Sentence}").ToList();
            if (mine.Count() > MostLines) lines.Add($"… and {mine.Count() - MostLines} more");
            var values = new Dictionary<string, object?> { ["person"] = person.Name, ["count"] = mine.Count(), ["list"] = string.Join('\n', lines),
                ["link"] = "/notices" };
            await mails.Write(OwnMails.Digest, new MailTo(account, person.Name, MailToKind.Person, person.Id, "en"), values,
                new DocumentRef("digest", mine.First().Id.Value, "the day's notices"), $"digest {mine.First().Id}", ct);
            written++;
        }

        return written;
    }
}

/// Every morning at seven, in each company's own zone.
internal sealed class SendDigestsJob(KeelDb db, Gate gate) : IJob
{
    private static readonly TimeOnly Morning = new(7, 0);

    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Company>($"{new SqlText.Verbatim($"select {RowMap<Company>.Instance.Names} from kernel.company")} where id in (select company_id from messages.notice where by_mail = 'Daily' and mailed_at is null)", ct))
        {
            var zone = Zones.Of(company.Zone);
            var local = TimeZoneInfo.ConvertTime(db.Now, zone).DateTime;
            var morning = DateOnly.FromDateTime(local).ToDateTime(Morning);
            if (local < morning) morning = morning.AddDays(-1);
            var before = new DateTimeOffset(morning, zone.GetUtcOffset(morning)).ToUniversalTime();
            if (await db.First<int?>($"select 1 from messages.notice where company_id = {company.Id} and by_mail = 'Daily' and mailed_at is null and at < {before} limit 1", ct) is not null)
                await gate.Run<SendDigests, SendDigests.Request, int>(new(before), new Caller(Actor.Keel, Door.Job, company.Id), ct);
        }
    }
}
