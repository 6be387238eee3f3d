using System.Collections.Frozen;
using System.Text.Json;
using Npgsql;

namespace Keel.Kernel;

/// Who a rule is at the gate: itself, named with its version and its owner, and allowed to do its one operation as far as its owner is.
internal sealed class RuleActors(NpgsqlDataSource source, ModuleCatalog catalog)
{
    public static Actor Of(Rule rule, Actor owner, OperationInfo info) => new(ActorKind.Rule, rule.Id.Value, rule.ActorName)
    {
        Permissions = owner.May(info.Permission) ? FrozenSet.Create(StringComparer.Ordinal, info.Permission) : [],
        Roles = owner.Roles, Companies = owner.Companies, Nodes = owner.Nodes, Channels = owner.Channels, Teams = owner.Teams, InNameOf = owner.Id,
    };

    /// The rule as it is now, where its owner is still there.
    public async ValueTask<Actor?> Find(Guid id, IActors actors, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select name, version, owner_kind, owner_id, owner_name, definition::text from kernel.rule where id = $1 and mode <> 'Retired'");
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;
        var (name, version, kind, owner) = (reader.GetString(0), reader.GetInt32(1), Enum.Parse<ActorKind>(reader.GetString(2)), reader.GetGuid(3));
        var (ownerName, definition) = (reader.GetString(4), JsonSerializer.Deserialize<RuleDefinition>(reader.GetString(5), KeelJson.Options)!);
        await reader.CloseAsync();
        if (catalog.Find(definition.Operation) is not { } info || await actors.Find(kind, owner, ct) is not { } person) return null;
        return Of(new Rule(new Id<Rule>(id), default, name, version, RuleMode.Live, definition.On, definition, kind, owner, ownerName, default, default, null), person, info);
    }
}
