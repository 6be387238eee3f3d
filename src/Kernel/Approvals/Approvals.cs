using System.Text.Json;

namespace Keel.Kernel;

/// What has to be asked before an operation may be committed, and from when on it shall hold. Without a level nobody is asked: it only waits
/// for its instant.
internal sealed record Asked(Effect Effect, ApprovalRule Rule, int PolicyVersion, DateTimeOffset? From = null)
{
    /// Its instant, as the clocks of the company show it.
    public string FromTold { get; init; } = "";

    /// Whose yes it waits for first, in words.
    public string Who { get; init; } = "";

    /// Only its instant is waited for.
    public bool IsPlanned => Rule.Levels.Count == 0;

    public string WouldWait => IsPlanned ? $"{Effect.Sentence} It would be done by itself at {FromTold}."
        : $"{Effect.Sentence} It would wait for {Who}.";
}

/// The gate's question: does what this operation has just done need somebody's yes? It asks after the operation ran and before the commit,
/// under the operation's own locks, so that what is approved is what happens.
internal sealed class Approvals(KeelDb db, Policies policies, Settings settings, Triggers triggers, ModuleCatalog catalog)
{
    public static readonly Error Used = new("approval.used", "This request was done, withdrawn or refused already.");
    public static readonly Error NothingToPlan = new("plan.nothing", "This changes nothing, so there is nothing to plan.");
    public static readonly Error Past = Error.Invalid("plan.past", "A planned change begins later than now. Leave the instant out to change it at once.");
    public static readonly Error TooFar = Error.Invalid("plan.too-far", "A change is planned for at most five years ahead.");
    public static readonly Error Overlaps = new("plan.overlaps", "A change of the same field is planned for this instant already. Cancel that one, or choose another instant.");

    public async Task<Result<Asked?>> Check(OperationInfo info, Caller caller, object request, Func<Task<Effect>> assess, CancellationToken ct, Func<Task<bool>>? own = null)
    {
        var policy = await policies.Of<ApprovalPolicy>(ct);
        var owned = info.Domain is null ? null : (await policies.Of<MasterChanges>(ct)).Choice.For(info.Domain);
        var mayNeed = policy.Choice.Rules.Any(r => r.Operation == info.Name) || owned is not null || (own is not null && await own());
        if (caller is { Approval: null, From: null } && !mayNeed) return Result.Of<Asked?>(null);

        var effect = await assess();
        if (caller.Approval is { } id) return await Again(id, info, request, effect, ct);

        if (effect == Effect.Nothing) return Result.Of<Asked?>(null);
        var rule = caller.IsHouse ? null : policy.Choice.For(info.Name, effect, caller.Actor);
        if (rule is null && effect.Needs is { } level && !caller.IsHouse) rule = new ApprovalRule(info.Name, [level]);
        if (rule is null && owned is not null && !caller.IsHouse && owned.Holds(effect.Changes ?? [])
            && (await DataOwners.Of(settings, ct)).For(info.Domain!)?.Is(caller.Actor) != true) rule = owned.AsApproval(info.Name);
        if (caller.From is not { } from) return rule is null ? Result.Of<Asked?>(null) : new Asked(effect, rule, policy.Version) { Who = await Who(rule.Levels[0], ct) };
        if (await MayNotPlan(info, effect, from, ct) is { } why) return why;
        return new Asked(effect, rule ?? new ApprovalRule(info.Name, []), policy.Version, from) { FromTold = await Told(from, ct), Who = rule is null ? "" : await Who(rule.Levels[0], ct) };
    }

    /// An instant as the clocks of the company show it: what is written down is read there.
    private async Task<string> Told(DateTimeOffset at, CancellationToken ct) => (await Network.Of(settings, ct)).Told(at);

    private async Task<string> Who(ApprovalLevel level, CancellationToken ct) =>
        level.Domain is { } domain ? (await DataOwners.Of(settings, ct)).For(domain) is { } owner ? $"{owner.Says}, who answers for {domain}" : $"who answers for {domain}"
        : $"somebody who may {PermissionWords.Of(catalog, level.Permission)}";

    /// It was approved, or planned, and is done now. Where its effect is another by now, it waits again; a plan names the values that shall hold
    /// and is done whatever holds until then.
    private async Task<Result<Asked?>> Again(Guid id, OperationInfo info, object request, Effect effect, CancellationToken ct)
    {
        var approval = await db.Table<Approval>().Find($"company_id = {db.Company} and id = {id} for update", ct);
        if (approval is not { State: ApprovalState.Approved }) return Used;
        var isSame = approval.Digest.AsSpan().SequenceEqual(Idempotency.DigestOf(info, request));
        var isMeant = approval.BegunAt is not null || effect.Changes is { Count: 0 } || approval.EffectDigest.AsSpan().SequenceEqual(Approval.DigestOf(effect));
        if (!isSame || !isMeant) return new Asked(effect, new ApprovalRule(info.Name, approval.Levels), approval.PolicyVersion);
        db.Table<Approval>().Update(approval.End(ApprovalState.Done, effect.Changes is { Count: 0 } ? "it held already" : "done", db.Now));
        return Result.Of<Asked?>(null);
    }

    private async Task<Error?> MayNotPlan(OperationInfo info, Effect effect, DateTimeOffset from, CancellationToken ct)
    {
        if (from <= db.Now) return Past;
        if (from > db.Now.AddYears(5)) return TooFar;
        if (effect.Changes is not { Count: > 0 } changes) return NothingToPlan;
        var planned = await db.Table<Approval>().Where(
            $"company_id = {db.Company} and domain = {info.Domain} and state in ('Waiting', 'Approved') and begun_at is null and effective_from = {from}", ct);
        var same = planned.SelectMany(p => p.Effect.Changes ?? []).FirstOrDefault(c => changes.Any(n => n.Subject == c.Subject && n.Field == c.Field));
        return same is null ? null : Overlaps.With(
            $"A change of {Views.ViewInfo.Spoken(same.Field).ToLowerInvariant()} of {same.Subject} is planned for {await Told(from, ct)} already. Cancel that one, or choose another instant.");
    }

    /// Writes the request down as waiting, or, where it had waited before, as waiting again with what has changed.
    public async Task<Pending> Ask(OperationRun run, object request, Asked asked, CancellationToken ct)
    {
        var digest = Idempotency.DigestOf(run.Info, request);
        var due = asked.IsPlanned ? asked.From ?? db.Now : db.Now.AddHours(asked.Rule.Levels[0].WithinHours);
        if (run.Caller.Approval is { } again && await db.Table<Approval>().Find($"company_id = {db.Company} and id = {again} for update", ct) is { State: ApprovalState.Approved } before)
        {
            var waits = before with { State = ApprovalState.Waiting, Level = 0, Escalated = false, Effect = asked.Effect, EffectDigest = Approval.DigestOf(asked.Effect), Sentence = asked.Effect.Sentence, DueAt = due, Stale = null, BegunAt = null, Version = before.Version + 1 };
            db.Table<Approval>().Update(waits);
            db.Raise(new ApprovalMoved(waits));
            Decide(before, Verdict.Changed, $"Was: {before.Sentence} Now: {asked.Effect.Sentence}");
            return new Pending(before.Id.Value, $"What it would do has changed since it was approved. {asked.Effect.Sentence} It waits again.");
        }

        var approval = new Approval(
            db.NewId<Approval>(), db.Company, run.Info.Name, JsonSerializer.SerializeToElement(request, request.GetType(), KeelJson.Options), digest, run.Caller.Actor.Kind, run.Caller.Actor.Id,
            run.Caller.Actor.Name, run.Caller.Door, asked.Effect.Sentence, asked.Effect, Approval.DigestOf(asked.Effect), asked.Rule.Levels, 0, false,
            asked.IsPlanned ? ApprovalState.Approved : ApprovalState.Waiting, asked.PolicyVersion, db.Now, due, null, null, 1, run.Info.Domain, asked.From);
        db.Table<Approval>().Insert(approval);
        db.Raise(new ApprovalMoved(approval));
        triggers.Keep(db, new ApprovalAsked(new DocumentRef("approval", approval.Id.Value, run.Info.Title), run.Info.Name, run.Caller.Actor.Name, asked.Effect.Sentence, approval.Permission, asked.Effect.Amount, due));
        return new Pending(approval.Id.Value, asked.IsPlanned
            ? $"{asked.Effect.Sentence} It is planned: from {asked.FromTold} it holds by itself."
            : $"{asked.Effect.Sentence} It waits for {asked.Who}, until {await Told(due, ct)}.");
    }

    /// Writes down what was said, and in whose place, where somebody stood in.
    public void Decide(Approval approval, Verdict verdict, string reason, Actor? inPlaceOf = null) => db.Table<ApprovalDecision>().Insert(new ApprovalDecision(
        Guid.CreateVersion7(db.Now), db.Company, approval.Id, approval.Level, verdict, db.Work.Actor.Kind, db.Work.Actor.Id, db.Work.Actor.Name, reason, db.Now,
        approval.EffectDigest, db.Work.Operation, inPlaceOf?.Id, inPlaceOf?.Name));
}
