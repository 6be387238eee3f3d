using System.ComponentModel.DataAnnotations;
using Keel.Messages.Contract;

namespace Keel.Messages;

/// Marks one's own notices as read, or as unread again; without a list, all of them.
[Operation("messages.read-notices", MessagesPermissions.Write, Said = "read {notices|a notice}", Icon = "bell")]
internal sealed class ReadNotices(KeelDb db) : IOperation<ReadNotices.Request, int>
{
    public sealed record Request([MaxLength(1_000)] IReadOnlyList<Id<Notice>>? Notices = null, bool Unread = false);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var (all, ids) = (request.Notices is not { Count: > 0 }, (request.Notices ?? []).Select(n => n.Value).ToArray());
        return await db.Execute(
            $"""
            update messages.notice set read_at = {(request.Unread ? null : db.Now)}::timestamptz
            where company_id = {db.Company} and person_id = {db.Work.Actor.Id} and ({all} or id = any({ids})) and (read_at is null) = {!request.Unread}
            """, ct);
    }
}

/// Says how oneself wants to be told things, kind by kind.
[Operation("messages.set-wishes", MessagesPermissions.Write, Said = "said what they want to hear of", Icon = "bell")]
internal sealed class SetWishes(KeelDb db, IEnumerable<NoticeKind> kinds) : IOperation<SetWishes.Request, Done>
{
    public sealed record Choice([Required, MaxLength(40)] string Kind, bool InApp, ByMail ByMail);

    public sealed record Request([Required, MinLength(1), MaxLength(100)] IReadOnlyList<Choice> Wishes);

    public static readonly Error Unknown = Error.Invalid("notice.kind-unknown", "There is no such kind of notice. Load the page again.",
        new FieldError("wishes", "names a kind that is not there."));

    public Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (request.Wishes.Any(w => kinds.All(k => k.Name != w.Kind))) return Task.FromResult<Result<Done>>(Unknown);
        var (names, inApp, byMail) = (request.Wishes.Select(w => w.Kind).ToArray(), request.Wishes.Select(w => w.InApp).ToArray(),
            request.Wishes.Select(w => w.ByMail.ToString()).ToArray());
        db.Queue(
            $"""
            insert into messages.wish (company_id, person_id, kind, in_app, by_mail, changed_at)
            select {db.Company}::uuid, {db.Work.Actor.Id}::uuid, kind, in_app, by_mail, {db.Now}::timestamptz from unnest({names}::text[], {inApp}::boolean[], {byMail}::text[]) as u (kind, in_app, by_mail)
            on conflict (company_id, person_id, kind) do update set in_app = excluded.in_app, by_mail = excluded.by_mail, changed_at = excluded.changed_at
            """);
        return Task.FromResult<Result<Done>>(Done.It);
    }
}
