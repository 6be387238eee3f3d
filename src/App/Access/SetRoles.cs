using System.ComponentModel.DataAnnotations;

namespace Keel.App.Access;

/// Changes what somebody may do, and for which companies and sites. Sessions follow within seconds.
[Operation("access.set-roles", AccessPermissions.Users, Global = true)]
internal sealed class SetRoles(KeelDb db, People people) : IOperation<SetRoles.Request, Done>
{
    public sealed record Request(
        Guid User,
        [MaxLength(12)] IReadOnlyList<string> Roles,
        [MaxLength(100)] IReadOnlyList<string>? Companies = null,
        [MaxLength(100)] IReadOnlyList<NodeCode>? Sites = null,
        bool Disabled = false);

    /// The keys of the named companies; null means all of them.
    public sealed record Scope(Guid[]? Ids);

    public static readonly Error Unknown = Error.NotFound("access.user-unknown", "There is nobody with this key.");
    public static readonly Error NoRole = Error.Invalid("access.role-unknown", "There is no such role.");
    public static readonly Error NoCompany = Error.NotFound("access.company-unknown", "One of the companies does not exist. Name them by their codes.");
    public static readonly Error Beyond = new("access.beyond-own", "Nobody gives more than they may do themselves. Ask an administrator.", Refusal.Forbidden);
    public static readonly Error Yourself = new("access.own-roles", "Nobody takes their own administration away. Ask another administrator.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (Refused(request.Roles, db.Work.Actor) is { } refused) return refused;
        var companies = await Companies(db, request.Companies, ct);
        if (!companies.Ok) return companies.Error!;

        var users = await people.Join(ct);
        if (await users.FindByIdAsync(request.User.ToString()) is not { } person) return Unknown;
        if (person.Id == db.Work.Actor.Id && (request.Disabled || !request.Roles.Contains("administrator"))) return Yourself;
        if (!Role.PermissionsOf(person.Roles).All(db.Work.Actor.May) || !Reaches(db.Work.Actor, person)) return Beyond;

        if (!request.Disabled && await Apartness.Refused(db, request.Roles, companies.Value.Ids, person.Email!, ct) is { } conflict) return conflict;
        var before = (string.Join(", ", person.Roles), Reach(person.Companies?.Length, "companies"), Reach(person.Nodes?.Length, "sites"), person.Disabled);
        (person.Roles, person.Companies, person.Nodes, person.Disabled) =
            ([.. request.Roles.Distinct()], companies.Value.Ids, Nodes(request.Sites, db.Work.Actor), request.Disabled);
        var changed = await users.UpdateSecurityStampAsync(person);
        db.Work.Concerns(person.Email!);
        db.Work.Changed("user", person.Email!, "Roles", before.Item1, string.Join(", ", person.Roles));
        db.Work.Changed("user", person.Email!, "Companies", before.Item2, Reach(person.Companies?.Length, "companies"));
        db.Work.Changed("user", person.Email!, "Sites", before.Item3, Reach(person.Nodes?.Length, "sites"));
        db.Work.Changed("user", person.Email!, "Disabled", before.Disabled ? "yes" : "no", person.Disabled ? "yes" : "no");
        return changed.Succeeded ? Done.It : People.Refusal(changed);
    }

    private static string Reach(int? count, string what) => count is null ? "all" : $"{count} {what}";

    internal static Error? Refused(IReadOnlyList<string> roles, Actor actor)
    {
        if (roles.FirstOrDefault(r => !Role.Exists(r)) is { } unknown)
            return NoRole.With($"There is no role '{unknown}'. Known are {string.Join(", ", Role.All.Select(r => r.Name))}.");
        return Role.PermissionsOf(roles).All(actor.May) ? null : Beyond;
    }

    internal static async Task<Result<Scope>> Companies(KeelDb db, IReadOnlyList<string>? codes, CancellationToken ct)
    {
        var actor = db.Work.Actor;
        if (codes is not { Count: > 0 }) return new Scope(actor.Companies is { } own ? [.. own] : null);
        var ids = await db.Query<Guid>($"select id from kernel.company where code = any({codes})", ct);
        if (ids.Count < codes.Distinct().Count()) return NoCompany;
        return ids.All(id => actor.MayIn(new Id<Company>(id))) ? new Scope([.. ids]) : Beyond;
    }

    /// The sites that are given; who is limited to sites gives no others.
    internal static string[]? Nodes(IReadOnlyList<NodeCode>? sites, Actor giver) => sites is { Count: > 0 } ? [.. sites.Select(s => s.Text).Distinct()] : giver.Nodes?.ToArray();

    /// Somebody who is limited to companies or sites has no say over somebody who is not.
    private static bool Reaches(Actor actor, Person person) =>
        (actor.Companies is null || person.Companies is { } companies && companies.All(actor.Companies.Contains))
        && (actor.Nodes is null || person.Nodes is { } nodes && nodes.All(actor.Nodes.Contains));
}
