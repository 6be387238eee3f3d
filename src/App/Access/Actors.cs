namespace Keel.App.Access;

/// People and keys as they are now: what is done in somebody's name is done with what they may do today.
internal sealed class Actors(Sessions sessions, ApiKeys keys, RoleBook roles, RuleActors rules) : IActors
{
    public IReadOnlyCollection<string> Teams => [.. roles.Latest.All.Select(r => r.Name)];

    public async ValueTask<Actor?> Find(ActorKind kind, Guid id, CancellationToken ct) => kind switch
    {
        ActorKind.System => Actor.Keel,
        ActorKind.Person => await sessions.Of(id, ct) is { IsKnown: true } visitor ? visitor.Actor : null,
        ActorKind.ApiKey => await keys.ActorOf(id, ct),
        ActorKind.Rule => await rules.Find(id, this, ct),
        _ => null,
    };

    public async ValueTask<IReadOnlyList<Actor>> People(Id<Company> company, CancellationToken ct) => await sessions.In(company, ct);
}
