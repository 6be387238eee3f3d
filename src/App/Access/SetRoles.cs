using System.ComponentModel.DataAnnotations;

namespace Keel.App.Access;

/// Changes what somebody may do, and for which companies, sites and channels. Sessions follow within seconds.
[Operation("access.set-roles", AccessPermissions.Users, Global = true, Said = "set the roles of", Icon = "lock")]
internal sealed class SetRoles(KeelDb db, People people) : IOperation<SetRoles.Request, Done>
{
    public sealed record Request(
        Guid User,
        [MaxLength(12)] IReadOnlyList<string> Roles,
        [MaxLength(100)] IReadOnlyList<string>? Companies = null,
        [MaxLength(100)] IReadOnlyList<NodeCode>? Sites = null,
        bool Disabled = false,
        [MaxLength(100)] IReadOnlyList<ChannelCode>? Channels = null);

    /// Where roles hold: the keys of companies, the codes of sites and channels; null means all of them.
    public sealed record Scope(Guid[]? Ids, string[]? Nodes, string[]? Channels);

    public static readonly Error Unknown = Error.NotFound("access.user-unknown", "There is nobody with this key.");
    public static readonly Error NoRole = Error.Invalid("access.role-unknown", "There is no such role.");
    public static readonly Error NoCompany = Error.NotFound("access.company-unknown", "One of the companies does not exist. Name them by their codes.");
    public static readonly Error NoPlace = Error.NotFound("access.place-unknown", "There is no such site or channel.");
    public static readonly Error Beyond = new("access.beyond-own", "Nobody gives more than they may do themselves. Ask an administrator.", Refusal.Forbidden);
    public static readonly Error Yourself = new("access.own-roles", "Nobody takes their own administration away. Ask another administrator.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var administrators = await Administrators.Locked(db, ct);
        var roles = administrators.Roles;
        if (Refused(roles, request.Roles, db.Work.Actor) is { } refused) return refused;
        var where = await Where(db, request.Companies, request.Sites, request.Channels, ct);
        if (!where.Ok) return where.Error!;

        var users = await people.Join(ct);
        if (await users.FindByIdAsync(request.User.ToString()) is not { } person) return Unknown;
        if (person.Id == db.Work.Actor.Id && (request.Disabled || Role.IsEverything(roles.PermissionsOf(person.Roles)) && !Role.IsEverything(roles.PermissionsOf(request.Roles)))) return Yourself;
        if (!roles.PermissionsOf(person.Roles).All(db.Work.Actor.May) || !Reaches(db.Work.Actor, person)) return Beyond;

        if (!request.Disabled && await Apartness.Refused(db, roles.PermissionsOf(request.Roles), where.Value.Ids, person.Email!, ct) is { } conflict) return conflict;
        var before = (string.Join(", ", person.Roles), Reach(person.Companies?.Length, "companies"), Listed(person.Nodes), person.Disabled, Listed(person.Channels));
        (person.Roles, person.Companies, person.Nodes, person.Channels, person.Disabled) =
            ([.. request.Roles.Distinct()], where.Value.Ids, where.Value.Nodes, where.Value.Channels, request.Disabled);
        var changed = await users.UpdateSecurityStampAsync(person);
        db.Work.Concerns(person.Email!);
        db.Work.Changed("user", person.Email!, "Roles", before.Item1, string.Join(", ", person.Roles));
        db.Work.Changed("user", person.Email!, "Companies", before.Item2, Reach(person.Companies?.Length, "companies"));
        db.Work.Changed("user", person.Email!, "Sites", before.Item3, Listed(person.Nodes));
        db.Work.Changed("user", person.Email!, "Channels", before.Item5, Listed(person.Channels));
        db.Work.Changed("user", person.Email!, "Disabled", before.Item4 ? "yes" : "no", person.Disabled ? "yes" : "no");
        if (!changed.Succeeded) return People.Refusal(changed);
        if (await administrators.Gone(db, roles, ct) is { } gone) return gone;
        return Done.It;
    }

    private static string Reach(int? count, string what) => count is null ? "all" : $"{count} {what}";

    private static string Listed(string[]? places) => places is null ? "all" : string.Join(", ", places.Order(StringComparer.Ordinal));

    internal static Error? Refused(RoleSet known, IReadOnlyList<string> roles, Actor actor)
    {
        if (roles.FirstOrDefault(r => known.Find(r) is null) is { } unknown)
            return NoRole.With($"There is no role '{unknown}'. Known are {string.Join(", ", known.All.Select(r => r.Name))}.");
        return known.PermissionsOf(roles).All(actor.May) ? null : Beyond;
    }

    /// Where roles are given: what is left out is all that whoever gives them has. The gate has looked that the named sites and channels are theirs.
    internal static async Task<Result<Scope>> Where(
        KeelDb db, IReadOnlyList<string>? codes, IReadOnlyList<NodeCode>? sites, IReadOnlyList<ChannelCode>? channels, CancellationToken ct)
    {
        var actor = db.Work.Actor;
        string[]? nodes = sites is { Count: > 0 } ? [.. sites.Select(s => s.Text).Distinct()] : actor.Nodes?.ToArray();
        string[]? own = channels is { Count: > 0 } ? [.. channels.Select(c => c.Text).Distinct()] : actor.Channels?.ToArray();
        var unknown = await db.Query<string>(
            $"select p from unnest({nodes ?? []}) p where not exists (select from kernel.site s where s.code = p) union all select p from unnest({own ?? []}) p where not exists (select from kernel.channel c where c.code = p)", ct);
        if (unknown.Count > 0) return NoPlace.With($"There is no site or channel '{unknown[0]}'. Name them by their codes.");
        if (codes is not { Count: > 0 }) return new Scope(actor.Companies is { } all ? [.. all] : null, nodes, own);
        var ids = await db.Query<Guid>($"select id from kernel.company where code = any({codes})", ct);
        if (ids.Count < codes.Distinct().Count()) return NoCompany;
        return ids.All(id => actor.MayIn(new Id<Company>(id))) ? new Scope([.. ids], nodes, own) : Beyond;
    }

    /// Somebody who is limited to companies, sites or channels has no say over somebody who is not.
    internal static bool Reaches(Actor actor, Person person) =>
        (actor.Companies is null || person.Companies is { } companies && companies.All(actor.Companies.Contains))
        && (actor.Nodes is null || person.Nodes is { } nodes && nodes.All(actor.Nodes.Contains))
        && (actor.Channels is null || person.Channels is { } channels && channels.All(actor.Channels.Contains));
}
