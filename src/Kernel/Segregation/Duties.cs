namespace Keel.Kernel;

/// The gate's question after an operation ran: did the same person do its counterpart on one of these documents before? The log is the witness.
internal sealed class Duties(KeelDb db, Policies policies, ModuleCatalog catalog)
{
    public static readonly Error SameDocument = new("segregation.same-document", "You did the counterpart on this document. Another person does this.", Refusal.Forbidden);

    public async Task<Error?> Check(OperationInfo info, Actor actor, CancellationToken ct)
    {
        if (actor.Kind is ActorKind.System) return null;
        var policy = (await policies.Of<Segregation>(ct)).Choice;
        var day = DateOnly.FromDateTime(db.Now.UtcDateTime);
        var counterparts = policy.Pairs
            .Where(p => p.Apart is not Apart.Listed && p.OtherOf(info.Permission) is not null && !policy.IsExcepted(p, actor.Account, day))
            .Select(p => p.OtherOf(info.Permission)!).ToHashSet(StringComparer.Ordinal);
        if (counterparts.Count == 0 || db.Work.Subjects.Count == 0) return null;

        var subjects = db.Work.Subjects.Distinct().ToArray();
        var operations = catalog.Operations.Where(o => counterparts.Contains(o.Permission)).Select(o => o.Name).ToArray();
        // What a rule did, its owner did, and the other way round.
        var owner = actor.InNameOf ?? actor.Id;
        var before = await db.Query<Before>(
            $"""
            select operation, (select s from unnest(string_to_array(subjects, ' ')) s where s = any({subjects}) limit 1) as subject from kernel.operation_log
            where company_id = {db.Company} and (actor_id = {actor.Id} or actor_id = {owner} or actor_id in (select id from kernel.rule where owner_id = {owner})) and outcome = 'done' and operation = any({operations}) and string_to_array(subjects, ' ') && {subjects}
            order by at desc limit 1
            """, ct);
        return before is [var witness]
            ? SameDocument.With($"{actor.Name} did \u201c{catalog.Find(witness.Operation)?.Title ?? witness.Operation}\u201d on {witness.Subject}: another person does \u201c{info.Title}\u201d on it.")
            : null;
    }

    private sealed record Before(string Operation, string Subject);
}
