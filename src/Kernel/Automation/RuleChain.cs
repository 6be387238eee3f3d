namespace Keel.Kernel;

/// Which rules led to an event: from the event back along the log, operation by operation, the nearest first.
internal static class RuleChain
{
    /// A chain of rules that is longer than this is cut.
    public const int Most = 5;
    private const int MostSteps = 40;

    /// The rules behind each of these events, by the event.
    public static async Task<IReadOnlyDictionary<Guid, Guid[]>> Of(KeelDb db, IReadOnlyList<HeardEvent> events, CancellationToken ct)
    {
        var caused = events.Where(e => e.Cause is not null || e.ActorKind is ActorKind.Rule).ToArray();
        if (caused.Length == 0) return new Dictionary<Guid, Guid[]>();
        var starts = caused.Where(e => e.Cause is not null).ToArray();
        var steps = starts.Length == 0 ? [] : await db.Query<Step>(
            $"""
            with recursive back as (
              select s.event, l.cause, l.actor_kind, l.actor_id, 1 as step
              from unnest({starts.Select(e => e.Id).ToArray()}, {starts.Select(e => e.Cause!.Value).ToArray()}) as s (event, operation) join kernel.operation_log l on l.id = s.operation
              union all
              select b.event, l.cause, l.actor_kind, l.actor_id, b.step + 1 from back b join kernel.operation_log l on l.id = b.cause where b.step < {MostSteps})
            select event, actor_id as rule from back where actor_kind = 'Rule' order by event, step
            """, ct);
        var behind = steps.ToLookup(s => s.Event, s => s.Rule);
        return caused.ToDictionary(e => e.Id, e => (Guid[])[.. e.ActorKind is ActorKind.Rule ? [e.ActorId] : Array.Empty<Guid>(), .. behind[e.Id]]);
    }

    private sealed record Step(Guid Event, Guid Rule);
}

/// An event as the rules hear it.
internal sealed record HeardEvent(
    Guid Id, Id<Company> CompanyId, string Kind, DateTimeOffset At, Guid Operation, Guid? Cause, ActorKind ActorKind, Guid ActorId, DocumentRef Subject, string Facts, string Xact, long Position);
