using System.Text.Json;

namespace Keel.Kernel;

/// What has to be asked before an operation may be committed.
internal sealed record Asked(Effect Effect, ApprovalRule Rule, int PolicyVersion);

/// The gate's question: does what this operation has just done need somebody's yes? It asks after the operation ran and before the commit,
/// under the operation's own locks, so that what is approved is what happens.
internal sealed class Approvals(KeelDb db, Policies policies, Triggers triggers)
{
    public static readonly Error Used = new("approval.used", "This request was done, withdrawn or refused already.");

    public async Task<Result<Asked?>> Check(OperationInfo info, Caller caller, object request, Func<Task<Effect>> assess, CancellationToken ct)
    {
        var policy = await policies.Of<ApprovalPolicy>(ct);
        var mayNeed = policy.Choice.Rules.Any(r => r.Operation == info.Name);
        if (caller.Approval is null && !mayNeed) return Result.Of<Asked?>(null);

        var effect = await assess();
        if (caller.Approval is { } id)
        {
            var approval = await db.Table<Approval>().Find($"company_id = {db.Company} and id = {id} for update", ct);
            if (approval is not { State: ApprovalState.Approved }) return Used;
            if (approval.EffectDigest.AsSpan().SequenceEqual(Approval.DigestOf(effect)) && approval.Digest.AsSpan().SequenceEqual(Idempotency.DigestOf(info, request)))
            {
                db.Table<Approval>().Update(approval.End(ApprovalState.Done, "done", db.Now), nameof(Approval.State), nameof(Approval.Outcome), nameof(Approval.EndedAt), nameof(Approval.Payload), nameof(Approval.Version));
                return Result.Of<Asked?>(null);
            }

            return new Asked(effect, new ApprovalRule(info.Name, approval.Levels), approval.PolicyVersion);
        }

        if (effect == Effect.Nothing) return Result.Of<Asked?>(null);
        return Result.Of(policy.Choice.For(info.Name, effect, caller.Actor) is { } rule ? new Asked(effect, rule, policy.Version) : null);
    }

    /// Writes the request down as waiting, or, where it had waited before, as waiting again with what has changed.
    public async Task<Pending> Ask(OperationRun run, object request, Asked asked, CancellationToken ct)
    {
        var digest = Idempotency.DigestOf(run.Info, request);
        var due = db.Now.AddHours(asked.Rule.Levels[0].WithinHours);
        if (run.Caller.Approval is { } again && await db.Table<Approval>().Find($"company_id = {db.Company} and id = {again} for update", ct) is { State: ApprovalState.Approved } before)
        {
            db.Table<Approval>().Update(
                before with { State = ApprovalState.Waiting, Level = 0, Escalated = false, Effect = asked.Effect, EffectDigest = Approval.DigestOf(asked.Effect), Sentence = asked.Effect.Sentence, DueAt = due, Version = before.Version + 1 });
            Decide(before, Verdict.Changed, $"Was: {before.Sentence} Now: {asked.Effect.Sentence}");
            return new Pending(before.Id.Value, $"What it would do has changed since it was approved. {asked.Effect.Sentence} It waits again.");
        }

        var approval = new Approval(
            db.NewId<Approval>(), db.Company, run.Info.Name, JsonSerializer.SerializeToElement(request, request.GetType(), KeelJson.Options), digest, run.Caller.Actor.Kind, run.Caller.Actor.Id,
            run.Caller.Actor.Name, run.Caller.Door, asked.Effect.Sentence, asked.Effect, Approval.DigestOf(asked.Effect), asked.Rule.Levels, 0, false, ApprovalState.Waiting,
            asked.PolicyVersion, db.Now, due, null, null, 1);
        db.Table<Approval>().Insert(approval);
        triggers.Keep(db, new ApprovalAsked(
            new DocumentRef("approval", approval.Id.Value, run.Info.Title), run.Info.Name, run.Caller.Actor.Name, asked.Effect.Sentence, approval.Permission, asked.Effect.Amount, due));
        return new Pending(approval.Id.Value, $"{asked.Effect.Sentence} It waits for somebody with the permission {approval.Permission}, until {due:d MMMM HH:mm} UTC.");
    }

    /// Writes down what was said, and in whose place, where somebody stood in.
    public void Decide(Approval approval, Verdict verdict, string reason, Actor? inPlaceOf = null) => db.Table<ApprovalDecision>().Insert(new ApprovalDecision(
        Guid.CreateVersion7(db.Now), db.Company, approval.Id, approval.Level, verdict, db.Work.Actor.Kind, db.Work.Actor.Id, db.Work.Actor.Name, reason, db.Now,
        approval.EffectDigest, db.Work.Operation, inPlaceOf?.Id, inPlaceOf?.Name));
}
