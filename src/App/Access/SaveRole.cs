using System.ComponentModel.DataAnnotations;

namespace Keel.App.Access;

/// Makes a role, or changes what one allows. Sessions of those who hold it follow within seconds.
[Operation("access.save-role", AccessPermissions.Roles, Global = true, Said = "saved the role")]
internal sealed class SaveRole(KeelDb db, ModuleCatalog catalog) : IOperation<SaveRole.Request, Done>
{
    public sealed record Request(
        [Required, MaxLength(30), RegularExpression("[a-z][a-z0-9-]*", ErrorMessage = "is lower-case letters, digits and hyphens, such as night-shift.")] string Name,
        [Required, MaxLength(60)] string Title,
        [MinLength(1), MaxLength(200)] IReadOnlyList<string> Permissions,
        [Display(Description = "Of the role as it was looked at; left out for a new one.")] int? Version = null,
        bool NeedsSecondFactor = false);

    public static readonly Error UnknownPermission = Error.Invalid("access.permission-unknown", "There is no such permission.");
    public static readonly Error Limited = new("access.roles-are-everywhere", "Roles hold in all companies: who is limited to some companies, sites or channels does not change them. Ask an administrator.", Refusal.Forbidden);
    public static readonly Error Exists = new("access.role-exists", "There is a role of this name already. Take another name, or change that one.");
    public static readonly Error Changed = new("access.role-changed", "Somebody else changed this role meanwhile. Look at it again.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var actor = db.Work.Actor;
        if (actor.Companies is not null || actor.Reach.IsLimited) return Limited;
        var known = new PermissionBook(catalog);
        if (request.Permissions.FirstOrDefault(p => !known.Knows(p)) is { } unknown) return UnknownPermission.With($"There is no permission '{unknown}'.");

        var administrators = await Administrators.Locked(db, ct);
        var before = administrators.Roles;
        if (!request.Permissions.All(actor.May) || before.Find(request.Name)?.Permissions.All(actor.May) == false) return SetRoles.Beyond;
        if (request.Version is null && before.Find(request.Name) is not null) return Exists;
        var after = before.With(new Role(request.Name, request.Title, [.. request.Permissions.Distinct().Order(StringComparer.Ordinal)]) { NeedsSecondFactor = request.NeedsSecondFactor });
        if (await Apart(before, after, request.Name, ct) is { } apart) return apart;

        var written = await db.Execute(
            $"""
            insert into access.role as r (name, title, permissions, needs_second_factor, version, changed_by, changed_at)
            values ({request.Name}, {request.Title}, {after.Find(request.Name)!.Permissions}, {request.NeedsSecondFactor}, 1, {actor.Name}, {db.Now})
            on conflict (name) do update set title = excluded.title, permissions = excluded.permissions, needs_second_factor = excluded.needs_second_factor, version = r.version + 1, changed_by = excluded.changed_by, changed_at = excluded.changed_at
            where r.version = {request.Version ?? -1}::integer
            """, ct);
        if (written == 0) return Changed;
        db.Work.Concerns(request.Name);
        var (was, now) = (before.Find(request.Name), after.Find(request.Name)!);
        db.Work.Changed("role", request.Name, "Title", was?.Title, now.Title);
        db.Work.Changed("role", request.Name, "Permissions", was is null ? null : string.Join(' ', was.Permissions.Order(StringComparer.Ordinal)), string.Join(' ', now.Permissions));
        db.Work.Changed("role", request.Name, "Second factor", was is null ? null : Wanted(was), Wanted(now));
        if (await administrators.Gone(db, after, ct) is { } gone) return gone;
        return Done.It;
    }

    private static string Wanted(Role role) => role.NeedsSecondFactor ? "wanted" : "not wanted";

    /// Why somebody who holds the role may not be given what it would allow, where that is new.
    private async Task<Error?> Apart(RoleSet before, RoleSet after, string role, CancellationToken ct)
    {
        foreach (var holder in await db.Query<Holder>($"select name, email, array_to_string(roles, ' ') as roles, array_to_string(companies, ' ') as companies from access.person where not disabled and {role} = any(roles) order by name", ct))
        {
            var companies = holder.Companies?.Split(' ').Select(Guid.Parse).ToArray();
            if (await Apartness.Refused(db, after.PermissionsOf(holder.Roles.Split(' ')), companies, holder.Email, ct) is not { } conflict) continue;
            if (await Apartness.Refused(db, before.PermissionsOf(holder.Roles.Split(' ')), companies, holder.Email, ct) is null) return conflict.With($"{holder.Name} holds this role. {conflict.Message}");
        }

        return null;
    }

    private sealed record Holder(string Name, string Email, string Roles, string? Companies);
}

/// Takes away a role of the house that nobody holds; one of the delivery is again as delivered.
[Operation("access.remove-role", AccessPermissions.Roles, Global = true, Said = "removed the role", Icon = "lock")]
internal sealed class RemoveRole(KeelDb db) : IOperation<RemoveRole.Request, Done>
{
    public sealed record Request([Required, MaxLength(30)] string Name);

    public static readonly Error Unknown = Error.NotFound("access.role-as-delivered", "There is no role of this name that was made or changed here.");
    public static readonly Error Held = new("access.role-held", "Somebody holds this role. Give them another one first.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var actor = db.Work.Actor;
        if (actor.Companies is not null || actor.Reach.IsLimited) return SaveRole.Limited;
        var administrators = await Administrators.Locked(db, ct);
        var before = administrators.Roles;
        var delivered = Role.Delivered.FirstOrDefault(r => r.Name == request.Name);
        if ((before.Find(request.Name)?.Permissions ?? []).Concat(delivered?.Permissions ?? []).Any(p => !actor.May(p))) return SetRoles.Beyond;
        if (delivered is null && await db.First<long>($"select count(*) from access.person where {request.Name} = any(roles)", ct) is > 0 and var holders)
            return Held.With(holders == 1 ? "One person holds this role. Give them another one first." : $"{holders} people hold this role. Give them other ones first.");

        if (await db.Execute($"delete from access.role where name = {request.Name}", ct) == 0) return Unknown;
        db.Work.Concerns(request.Name);
        if (await administrators.Gone(db, await RoleSet.Of(db, ct), ct) is { } gone) return gone;
        return Done.It;
    }
}
