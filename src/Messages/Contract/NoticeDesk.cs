namespace Keel.Messages.Contract;

/// The desk that tells people what happened. A notice is written in the transaction of what it tells, so that it is true or was never
/// written; mail follows through the outbox. The same thing is told to the same person once.
public sealed class NoticeDesk(KeelDb db, IEnumerable<NoticeKind> kinds, TimeProvider clock)
{
    private const int MostPeople = 500;

    /// What is recorded of the past, by an import or a simulated life, is no news to anybody.
    private static readonly TimeSpan News = TimeSpan.FromDays(3);
    private readonly HashSet<(Guid Person, Guid Subject)> told = [];

    internal bool IsNews => clock.GetUtcNow() - db.Now <= News;

    /// Tells people, each in the way that they wish for this kind. Who acts is not told of it, and nobody twice of one record in one operation.
    /// `once` says what is told where that is not this operation: a job that failed today.
    public async Task Tell(NoticeKind kind, DocumentRef subject, string sentence, IReadOnlyList<Actor> people, CancellationToken ct = default,
        string? once = null)
    {
        if (!kinds.Contains(kind)) throw new InvariantBroken($"The notice kind {kind.Name} is in no module's contents.");
        if (!IsNews) return;
        var who = people.Where(p => p.Kind is ActorKind.Person && p.Id != db.Work.Actor.Id && told.Add((p.Id, subject.Id))).DistinctBy(p =>
            p.Id).Take(MostPeople).ToArray();
        if (who.Length == 0) return;
        var ids = who.Select(p => p.Id).ToArray();
        var wishes = (await db.Table<Wish>().Where($"company_id = {db.Company} and kind = {kind.Name} and person_id = any({ids})", ct)).ToDictionary(w =>
            w.PersonId);
        var about = once ?? $"{db.Work.Operation:N} {subject.Id:N}";
        var notices = who.Select(p =>
        {
            var (inApp, byMail) = wishes.TryGetValue(p.Id, out var wish) ? (wish.InApp, wish.ByMail) : (kind.InApp, kind.ByMail);
            return new Notice(db.NewId<Notice>(), db.Company, p.Id, kind.Name, subject, Cut(sentence), db.Now, null, inApp, byMail, null, about,
                db.Work.Operation);
        }).Where(n => n.InApp || n.ByMail is not ByMail.Never).ToArray();
        if (notices.Length == 0) return;

        // What was told already under the same words stays as it is, and sends no second mail.
        var known = once is null ? [] : await db.Query<Guid>($"select person_id from messages.notice where company_id = {db.Company} and kind = {kind.Name} and once = {about} and person_id = any({ids})", ct);
        var fresh = notices.Where(n => !known.Contains(n.PersonId)).ToArray();
        db.Table<Notice>().InsertMissing(fresh);
        foreach (var notice in fresh.Where(n => n.ByMail is ByMail.AtOnce)) db.Raise(new NoticeToMail(notice.Id, notice.PersonId));
    }

    private static string Cut(string sentence) => sentence.Length <= 400 ? sentence : sentence[..399] + "…";
}
