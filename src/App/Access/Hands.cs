namespace Keel.App.Access;

/// Into whose hands a case can be given: people who may work on cases of this company, and teams.
internal sealed class Hands(KeelDb db)
{
    private const int Most = 300;

    public async Task<IReadOnlyList<(string Value, string Label)>> All(CancellationToken ct = default)
    {
        var roles = (await RoleSet.Of(db, ct)).Which(KernelPermissions.Cases);
        var names = roles.Select(r => r.Name).ToArray();
        var people = await db.Query<PersonRow>(
            $"""
            select id, name from access.person where not disabled and roles && {names}::text[] and (companies is null or {db.Company.Value}::uuid = any(companies))
            order by name limit {Most}
            """, ct);
        return [.. people.Select(p => (p.Id.ToString(), p.Name)), .. roles.Select(r => (r.Name, $"Team {r.Title}"))];
    }

    private sealed record PersonRow(Guid Id, string Name);
}
