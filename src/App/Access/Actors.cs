using Npgsql;

namespace Keel.App.Access;

/// People and keys as they are now: what is done in somebody's name is done with what they may do today.
internal sealed class Actors(Sessions sessions, ApiKeys keys, RoleBook roles, RuleActors rules, NpgsqlDataSource source) : IActors
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

    public async ValueTask<IReadOnlyList<Actor>> People(Id<Company> company, CancellationToken ct)
    {
        var ids = new List<Guid>();
        await using (var command = source.CreateCommand("select id from access.person where not disabled and (companies is null or $1 = any(companies)) order by name, id limit 2000"))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = company.Value });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
        }

        var people = new List<Actor>();
        foreach (var id in ids)
        {
            if (await sessions.Of(id, ct) is { IsKnown: true } visitor) people.Add(visitor.Actor);
        }

        return people;
    }
}
