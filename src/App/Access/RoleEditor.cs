using System.Collections.Frozen;
using Keel.Ui;

namespace Keel.App.Access;

/// A role as somebody asks for it, beside what it is now: what changes, what its holders would see, and what speaks against it.
internal sealed record RoleEditor(Role Role, Role? Before, int Version, bool IsDelivered, bool IsOurs, RoleSight Sight, IReadOnlyList<RoleEditor.Holder> People, IReadOnlyList<(StateRole Role, string Text)> Warnings)
{
    public sealed record Holder(Guid Id, string Name, string Email, string Roles);

    public string Name => Role.Name;
    public required IReadOnlyList<PermissionBook.Shelf> Shelves { get; init; }
    public Actor Actor { get; } = new(ActorKind.Person, Guid.Empty, Role.Name) { Permissions = Role.Permissions.ToFrozenSet(StringComparer.Ordinal) };
    public IReadOnlyList<string> Added => [.. Role.Permissions.Except(Before?.Permissions ?? [])];
    public IReadOnlyList<string> Removed => [.. (Before?.Permissions ?? []).Except(Role.Permissions)];
    public bool IsChanged => Before is null ? Role.Permissions.Length > 0 : Role.Title != Before.Title || Role.NeedsSecondFactor != Before.NeedsSecondFactor || Added.Count + Removed.Count > 0;
    public (StateRole Role, string Word) State => !IsDelivered ? (StateRole.Done, "our own") : IsOurs ? (StateRole.Working, "changed") : (StateRole.Idle, "as delivered");

    public bool Has(string permission) => Role.Permissions.Contains(permission);

    public string Counted(PermissionBook.Shelf shelf) => $"{shelf.Entries.Count(e => Actor.May(e.Name))} of {shelf.Entries.Count(e => !e.Name.EndsWith('*'))}";

    /// A role by its name, or a new one; null where there is none. `asked` is what somebody would make of it.
    public static async Task<RoleEditor?> Load(KeelDb db, ModuleCatalog catalog, Policies policies, string? name, Role? asked, CancellationToken ct)
    {
        var roles = await RoleSet.Of(db, ct);
        var before = name is null ? null : roles.Find(name);
        if (name is not null && before is null) return null;
        var version = name is null ? 0 : await db.First<int>($"select coalesce((select version from access.role where name = {name}), 0)", ct);
        var people = await db.Query<Holder>($"select id, name, email, array_to_string(roles, ' ') as roles from access.person where not disabled and {name ?? ""} = any(roles) order by name, id", ct);
        var role = asked ?? before ?? new Role("", "");
        var editor = new RoleEditor(role, before, version, Role.Delivered.Any(r => r.Name == name), version > 0, RoleSight.Of(catalog, role.Permissions), people, [])
        {
            Shelves = Tickable(catalog, [.. role.Permissions, .. before?.Permissions ?? []]),
        };
        var segregation = await policies.Of<Segregation>(ct);
        return editor with { Warnings = [.. editor.Against(roles, segregation.Choice, DateOnly.FromDateTime(db.Now.UtcDateTime))] };
    }

    private IEnumerable<(StateRole, string)> Against(RoleSet roles, Segregation policy, DateOnly day)
    {
        if (Role.IsEverything(Role.Permissions)) yield break;
        foreach (var pair in policy.Conflicts(Actor.May, null, day))
        {
            yield return (pair.Apart is Apart.InOnePerson ? StateRole.Late : StateRole.Waiting, $"It holds {pair.OnePermission} and {pair.OtherPermission}, which {Kept(pair.Apart)}.");
        }

        var after = roles.With(Role);
        foreach (var holder in People)
        {
            var may = new Actor(ActorKind.Person, holder.Id, holder.Name) { Permissions = after.PermissionsOf(holder.Roles.Split(' ')) };
            foreach (var pair in policy.Conflicts(may.May, holder.Email, day).Where(p => p.Apart is Apart.InOnePerson && !(Actor.May(p.OnePermission) && Actor.May(p.OtherPermission))))
                yield return (StateRole.Late, $"With their other roles {holder.Name} would hold {pair.OnePermission} and {pair.OtherPermission}, which no single person should.");
        }

        if (Before is not null && Role.IsEverything(Before.Permissions)) yield return (StateRole.Waiting, "It allows everything today. It is refused where nobody else would be left who may do everything.");
    }

    private static string Kept(Apart apart) => apart switch
    {
        Apart.InOnePerson => "no single person should hold", Apart.OnTheSameDocument => "one person does not use on the same document", _ => "the segregation report lists",
    };

    /// All that can be ticked; what the role holds beyond single permissions, such as `sales.payments.*`, stands among them.
    private static IReadOnlyList<PermissionBook.Shelf> Tickable(ModuleCatalog catalog, IReadOnlyList<string> held)
    {
        var shelves = new PermissionBook(catalog).Modules;
        return [.. shelves.Select(s => s with
        {
            Entries = [.. s.Entries, .. held.Distinct().Where(h => h != "*" && h != s.Module + ".*" && PermissionBook.ModuleOf(h) == s.Module && s.Entries.All(e => e.Name != h))
                .Select(h => new PermissionBook.Entry(h, [h.EndsWith(".*", StringComparison.Ordinal) ? "All of this part, and what is added later" : "A level that a policy names"]))],
        })];
    }
}
