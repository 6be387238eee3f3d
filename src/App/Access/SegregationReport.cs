namespace Keel.App.Access;

/// Who may do what no single person should: by role and by person, with the exceptions that hold.
internal sealed class SegregationReport(KeelDb db, Policies policies)
{
    /// A conflict of a role or a person; `Excepted` says until when somebody answers for it.
    public sealed record Line(string Who, string? Roles, SegregatedPair Pair, SegregationException? Excepted);

    private RoleSet roles = RoleSet.AsDelivered;

    public InForce<Segregation> Policy { get; private set; } = null!;
    public IReadOnlyList<Line> ByRole { get; private set; } = [];
    public IReadOnlyList<Line> ByPerson { get; private set; } = [];

    /// Who may do everything: kept few, and watched.
    public IReadOnlyList<string> Everything { get; private set; } = [];

    public async Task Load(CancellationToken ct = default)
    {
        Policy = await policies.Of<Segregation>(ct);
        roles = await RoleSet.Of(db, ct);
        var day = DateOnly.FromDateTime(db.Now.UtcDateTime);
        var people = await db.Query<Row>(
            $"select name, email, array_to_string(roles, ' ') as roles from access.person where not disabled and (companies is null or {db.Company.Value} = any(companies)) order by name, email", ct);
        ByRole = [.. roles.All.Where(r => !r.Permissions.Contains("*")).SelectMany(r => Lines(r.Title, null, null, [r.Name], day))];
        Everything = [.. people.Where(p => roles.PermissionsOf(p.Roles.Split(' ')).Contains("*")).Select(p => p.Name)];
        ByPerson = [.. people.Where(p => !Everything.Contains(p.Name)).SelectMany(p => Lines($"{p.Name}, {p.Email}", p.Roles.Replace(" ", ", ", StringComparison.Ordinal), p.Email, p.Roles.Split(' '), day))];
    }

    private IEnumerable<Line> Lines(string who, string? held, string? account, IReadOnlyList<string> names, DateOnly day)
    {
        var actor = new Actor(ActorKind.Person, Guid.Empty, who) { Permissions = roles.PermissionsOf(names) };
        return Policy.Choice.Pairs.Where(p => actor.May(p.OnePermission) && actor.May(p.OtherPermission)).Select(p => new Line(who, held, p,
            Policy.Choice.IsExcepted(p, account, day) ? Policy.Choice.Exceptions!.First(e => e.Until >= day && string.Equals(e.SignsInAs, account, StringComparison.OrdinalIgnoreCase) && p.Is(e.OnePermission, e.OtherPermission)) : null));
    }

    private sealed record Row(string Name, string Email, string Roles);
}
