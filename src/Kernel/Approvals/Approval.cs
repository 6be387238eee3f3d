using System.Security.Cryptography;
using System.Text.Json;

namespace Keel.Kernel;

/// The way of a request that waits for somebody's yes.
public enum ApprovalState
{
    /// Somebody has to decide.
    Waiting,

    /// Everybody said yes; it is about to be done.
    Approved,

    /// Approved and done.
    Done,

    Refused,

    /// The requester took it back.
    Withdrawn,

    /// Nobody decided in time.
    Expired,

    /// Approved, but it could not be done any more; the outcome says why.
    Failed,
}

/// What was said about a request at one level.
public enum Verdict
{
    Approved,
    Refused,
    Withdrawn,
    Expired,
    Escalated,

    /// What it would do had changed when it was about to be done: it waits again.
    Changed,
}

/// A request that waits, bound to its payload and to what it would do. The payload is kept until it ends.
[Rows("kernel.approval", "id")]
internal sealed record Approval(
    Id<Approval> Id, Id<Company> CompanyId, string Operation, [property: Json] JsonElement? Payload, byte[] Digest, ActorKind RequesterKind, Guid RequesterId, string RequesterName,
    Door Door, string Sentence, [property: Json] Effect Effect, byte[] EffectDigest, [property: Json] IReadOnlyList<ApprovalLevel> Levels, int Level, bool Escalated, ApprovalState State,
    int PolicyVersion, DateTimeOffset AskedAt, DateTimeOffset DueAt, DateTimeOffset? EndedAt, string? Outcome, int Version, string? Domain = null, DateTimeOffset? EffectiveFrom = null,
    DateTimeOffset? BegunAt = null, [property: Json] IReadOnlyList<StaleField>? Stale = null)
{
    /// Who may decide now.
    [NotAColumn]
    public string Permission => Levels.Count == 0 ? "" : Escalated ? Levels[Level].ThenPermission! : Levels[Level].Permission;

    /// The domain whose owner decides now, where the owner does.
    [NotAColumn]
    public string? DecidedBy => Levels.Count == 0 || Escalated ? null : Levels[Level].Domain;

    /// It is approved, or needed nobody's yes, and is done by itself when its instant has come.
    [NotAColumn]
    public bool IsPlanned => State is ApprovalState.Approved && EffectiveFrom is not null && BegunAt is null;

    public Approval End(ApprovalState state, string? outcome, DateTimeOffset now) =>
        this with { State = state, Outcome = outcome, EndedAt = now, Payload = state is ApprovalState.Approved ? Payload : null, Effect = Without(Effect), Stale = null, Version = Version + 1 };

    /// What was said about persons goes with the request.
    private static Effect Without(Effect effect) => effect.Changes is not { } all || !all.Any(c => c.Personal) ? effect
        : effect with { Changes = [.. all.Select(c => c.Personal ? c with { Before = null, After = null } : c)] };

    /// Two effects are the same when money, documents with their versions, and the sentence are.
    public static byte[] DigestOf(Effect effect) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(effect with { Lines = null }, KeelJson.Options));
}

/// One decision, kept for good.
[Rows("kernel.approval_decision", "id")]
internal sealed record ApprovalDecision(
    Guid Id, Id<Company> CompanyId, Id<Approval> ApprovalId, int Level, Verdict Verdict, ActorKind ActorKind, Guid ActorId, string ActorName, string Reason, DateTimeOffset At,
    byte[] EffectDigest, Guid Operation, Guid? ForId = null, string? ForName = null);

/// Everybody whose yes was needed said it: the request is done next.
internal sealed record ApprovalGranted(Id<Approval> Approval) : IDelivered
{
    public string Subject => "approval " + Approval;
}

/// A request began to wait, waits for somebody else, or came to its end.
internal sealed record ApprovalMoved(Approval Now) : IEvent;

/// Finds who asked, with what they may do now: a request is done in the requester's name.
public interface IActors
{
    /// The actor, or nothing where it is gone or disabled.
    ValueTask<Actor?> Find(ActorKind kind, Guid id, CancellationToken ct);

    /// Everybody who may sign in and act in a company, with what they may do.
    ValueTask<IReadOnlyList<Actor>> People(Id<Company> company, CancellationToken ct);

    /// The teams that work can be given to.
    IReadOnlyCollection<string> Teams { get; }
}
