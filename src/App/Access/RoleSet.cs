using System.Runtime.CompilerServices;
using System.Collections.Frozen;
using Keel.Ui;
using Npgsql;

namespace Keel.App.Access;

/// The roles of the house at one moment: those delivered, as they were changed here, and the house's own.
internal sealed class RoleSet
{
    public const string Sql = "select name, title, array_to_string(permissions, ' ') as permissions, needs_second_factor from access.role order by name";
    private readonly FrozenDictionary<string, Role> byName;

    public static readonly RoleSet AsDelivered = new([]);

    public RoleSet(IEnumerable<Role> changed)
    {
        var here = changed.ToDictionary(r => r.Name, StringComparer.Ordinal);
        All = [.. Role.Delivered.Select(r => here.GetValueOrDefault(r.Name) ?? r), .. here.Values.Where(r => Role.Delivered.All(d => d.Name != r.Name))];
        byName = All.ToFrozenDictionary(r => r.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<Role> All { get; }

    /// As forms offer them.
    public IReadOnlyList<Option> Options => [.. All.Select(r => new Option(r.Name, r.Title))];

    public Role? Find(string name) => byName.GetValueOrDefault(name);

    /// Everything that somebody with these roles may do.
    public FrozenSet<string> PermissionsOf(IEnumerable<string> roles) => roles.SelectMany(r => Find(r)?.Permissions ?? []).ToFrozenSet(StringComparer.Ordinal);

    /// The teams of somebody with these roles. Administrators stand in wherever nobody else does: they belong to every team.
    public FrozenSet<string> TeamsOf(IReadOnlyCollection<string> roles) =>
        (Role.IsEverything(PermissionsOf(roles)) ? All.Select(r => r.Name) : roles).ToFrozenSet(StringComparer.Ordinal);

    /// The roles whose holders may do something.
    public IReadOnlyList<Role> Which(string permission) =>
        [.. All.Where(r => new Actor(ActorKind.Person, Guid.Empty, r.Name) { Permissions = PermissionsOf([r.Name]) }.May(permission))];

    /// The same with one role as it would be.
    public RoleSet With(Role role) => new([.. All.Where(r => r.Name != role.Name), role]);

    /// Read in an operation or for a page.
    public static async Task<RoleSet> Of(KeelDb db, CancellationToken ct) =>
        new((await db.Query<Row>(FormattableStringFactory.Create(Sql), ct)).Select(r => new Role(r.Name, r.Title, r.Permissions.Split(' ')) { NeedsSecondFactor = r.NeedsSecondFactor }));

    private sealed record Row(string Name, string Title, string Permissions, bool NeedsSecondFactor);
}

/// The roles as the doors ask for them: in memory for a few seconds.
internal sealed class RoleBook(NpgsqlDataSource source, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);
    private Known known = new(RoleSet.AsDelivered, long.MinValue / 2);

    /// As they were read last.
    public RoleSet Latest => known.Set;

    public void Forget() => known = known with { ReadAt = long.MinValue / 2 };

    public async ValueTask<RoleSet> Now(CancellationToken ct)
    {
        var last = known;
        if (clock.GetElapsedTime(last.ReadAt) < Fresh) return last.Set;
        await using var command = source.CreateCommand(RoleSet.Sql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var roles = new List<Role>();
        while (await reader.ReadAsync(ct)) roles.Add(new Role(reader.GetString(0), reader.GetString(1), reader.GetString(2).Split(' ')) { NeedsSecondFactor = reader.GetBoolean(3) });
        var now = new RoleSet(roles);
        known = new Known(now, clock.GetTimestamp());
        return now;
    }

    private sealed record Known(RoleSet Set, long ReadAt);
}
