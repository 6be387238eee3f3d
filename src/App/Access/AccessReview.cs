using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.App.Access;

/// Each role of each person: when they last ran something that it allows, and when somebody last decided that they still need it. Reading
/// leaves no line in the log: of a role that only reads, the last sign-in is all that is known.
[View("access.review", AccessPermissions.ReadUsers, Sort = "name")]
internal sealed class AccessReviewList(KeelDb db, ModuleCatalog catalog) : IView<AccessReviewList.Row>
{
    /// How long a decision holds.
    public static readonly TimeSpan Holds = TimeSpan.FromDays(180);

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        public required Guid PersonId { get; init; }
        [Search] public required string Name { get; init; }
        [Search] public required string Email { get; init; }
        [Search] public required string Role { get; init; }
        public string? Companies { get; init; }
        public string? Sites { get; init; }
        public string? Channels { get; init; }
        public DateTimeOffset? LastSignIn { get; init; }
        [Title("Role last used")] public DateTimeOffset? LastUsed { get; init; }
        public required long Times { get; init; }
        public DateTimeOffset? ReviewedAt { get; init; }
        public string? ReviewedBy { get; init; }
        public string? Reason { get; init; }
        public required string State { get; init; }
    }

    public FormattableString Rows()
    {
        var own = db.Work.Actor.Companies?.ToArray();
        return $"""
            select p.id || ':' || held.role as id, p.id as person_id, p.name, p.email, held.role,
              coalesce((select string_agg(c.code, ', ' order by c.code) from kernel.company c where c.id = any(p.companies)), 'all') as companies, coalesce(array_to_string(p.nodes, ', '), 'all') as sites,
              coalesce(array_to_string(p.channels, ', '), 'all') as channels,
              (select max(s.begun_at) from access.session s where s.person_id = p.id) as last_sign_in, used.last_at as last_used, coalesce(used.times, 0)::bigint as times,
              reviewed.decided_at as reviewed_at, reviewed.decided_by as reviewed_by, reviewed.reason,
              case when reviewed.decided_at > {db.Now - Holds} then 'looked at' else 'due' end as state
            from access.person p cross join lateral unnest(p.roles) as held(role)
            left join lateral (
              select max(u.last_at) as last_at, sum(u.times) as times from access.use u
              join unnest({catalog.Operations.Select(o => o.Name).ToArray()}::text[], {catalog.Operations.Select(o => o.Permission).ToArray()}::text[]) as o(operation, permission) on o.operation = u.operation
              where u.actor_id = p.id and exists (select from ({Allowed}) a where a.role = held.role and (a.allows = '*' or a.allows = o.permission or right(a.allows, 2) = '.*' and starts_with(o.permission, left(a.allows, -1))))
            ) used on true
            left join lateral (select r.decided_at, r.decided_by, r.reason from access.review r where r.person_id = p.id and r.role = held.role and r.decision = 'Kept' order by r.decided_at desc limit 1) reviewed on true
            where not p.disabled and ({own is null} or p.companies && {own ?? []})
            """;
    }

    /// What each role allows, as it is written: the house's own words where it changed a role, else those of the delivery.
    internal static FormattableString Allowed =>
        $"""
        select r.name as role, unnest(r.permissions) as allows from access.role r
        union all
        select d.role, d.allows from unnest({Role.Delivered.SelectMany(r => r.Permissions.Select(_ => r.Name)).ToArray()}::text[], {Role.Delivered.SelectMany(r => r.Permissions).ToArray()}::text[]) as d(role, allows)
        where not exists (select from access.role r where r.name = d.role)
        """;
}

/// Every permission of every person: through which roles, and when it was last used for an operation.
[View("access.who-may", AccessPermissions.ReadUsers, Sort = "permission")]
internal sealed class WhoMayList(KeelDb db, ModuleCatalog catalog) : IView<WhoMayList.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        public required Guid PersonId { get; init; }
        [Search] public required string Name { get; init; }
        [Search] public required string Permission { get; init; }
        public required string Through { get; init; }
        public DateTimeOffset? LastUsed { get; init; }
        public required long Times { get; init; }
    }

    public FormattableString Rows()
    {
        var own = db.Work.Actor.Companies?.ToArray();
        return $"""
            select may.id || ':' || may.permission as id, may.id as person_id, may.name, may.permission, may.through, used.last_at as last_used, coalesce(used.times, 0)::bigint as times
            from (
              select p.id, p.name, k.permission, string_agg(distinct a.role, ', ') as through
              from access.person p join ({AccessReviewList.Allowed}) a on a.role = any(p.roles)
              join unnest({new PermissionBook(catalog).Modules.SelectMany(m => m.Entries).Select(e => e.Name).ToArray()}::text[]) as k(permission)
                on a.allows = '*' or a.allows = k.permission or right(a.allows, 2) = '.*' and starts_with(k.permission, left(a.allows, -1))
              where not p.disabled and ({own is null} or p.companies && {own ?? []})
              group by p.id, p.name, k.permission) may
            left join (
              select u.actor_id, o.permission, max(u.last_at) as last_at, sum(u.times) as times from access.use u
              join unnest({catalog.Operations.Select(o => o.Name).ToArray()}::text[], {catalog.Operations.Select(o => o.Permission).ToArray()}::text[]) as o(operation, permission) on o.operation = u.operation
              group by u.actor_id, o.permission) used on used.actor_id = may.id and used.permission = may.permission
            """;
    }
}

/// Decides of roles that people hold whether they keep them. Nobody decides about their own; what is taken away is gone at once.
[Operation("access.review-access", AccessPermissions.Review, Global = true, Said = "reviewed the access of", Icon = "check")]
internal sealed class ReviewAccess(KeelDb db, People people) : IOperation<ReviewAccess.Request, IReadOnlyList<ReviewAccess.Answer>>
{
    public enum Decision
    {
        Kept,
        TakenAway,
    }

    public sealed record Request([MinLength(1), MaxLength(200)] IReadOnlyList<string> Grants, Decision Decision, [MaxLength(200)] string? Reason = null);

    /// Whose role it is, and why nothing was decided about it.
    public sealed record Answer(string Who, string? Why);

    public static readonly Error NoReason = Error.Invalid("access.review-reason", "Say why the role is taken away.", new FieldError("reason", "is missing."));

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        if (request.Decision is Decision.TakenAway && string.IsNullOrWhiteSpace(request.Reason)) return NoReason;
        var administrators = await Administrators.Locked(db, ct);
        var users = await people.Join(ct);
        var answers = new List<Answer>();
        foreach (var grant in request.Grants.Distinct())
        {
            var role = grant.Length > 37 ? grant[37..] : "";
            var person = Guid.TryParse(grant.AsSpan(0, Math.Min(36, grant.Length)), out var id) ? await users.FindByIdAsync(id.ToString()) : null;
            if (person is null || !person.Roles.Contains(role))
            {
                answers.Add(new Answer(grant, "does not hold this role any more."));
                continue;
            }

            var why = Against(person, request.Decision, administrators.Roles);
            answers.Add(new Answer($"{person.Name}, {administrators.Roles.Find(role)?.Title ?? role}", why));
            if (why is not null) continue;
            if (request.Decision is Decision.TakenAway)
            {
                var before = string.Join(", ", person.Roles);
                person.Roles = [.. person.Roles.Where(r => r != role)];
                db.Work.Changed("user", person.Email!, "Roles", before, string.Join(", ", person.Roles));
                await users.UpdateSecurityStampAsync(person);
            }

            db.Queue(
                $"""
                insert into access.review (id, person_id, role, decision, reason, decided_by, decided_at)
                values ({Guid.CreateVersion7(db.Now)}, {person.Id}, {role}, {request.Decision.ToString()}, {request.Reason}, {db.Work.Actor.Name}, {db.Now})
                """);
            db.Work.Concerns(person.Email!);
        }

        if (await administrators.Gone(db, administrators.Roles, ct) is { } gone) return gone;
        return answers;
    }

    private string? Against(Person person, Decision decision, RoleSet roles)
    {
        var actor = db.Work.Actor;
        if (person.Id == actor.Id) return "is your own: another person decides about it.";
        if (!SetRoles.Reaches(actor, person)) return "works in companies, at sites or on channels that are not yours.";
        if (decision is Decision.Kept) return null;
        return actor.May(AccessPermissions.Users) && roles.PermissionsOf(person.Roles).All(actor.May) ? null : "may more than you: ask an administrator to take the role away.";
    }
}
