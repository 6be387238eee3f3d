using System.Collections.Frozen;
using System.Text.Json;

namespace Keel.App.Access;

/// Looks at roles with the policies of the companies in which they hold: nobody is given both sides of what is kept apart in one person.
internal static class Apartness
{
    public static readonly Error Conflict = new("segregation.roles", "These roles together may do what no single person should.");

    /// Why what roles allow together may not be given to one person, or nothing.
    public static async Task<Error?> Refused(KeelDb db, IReadOnlyCollection<string> permissions, Guid[]? companies, string account, CancellationToken ct)
    {
        var may = new Actor(ActorKind.Person, Guid.Empty, account) { Permissions = permissions.ToFrozenSet(StringComparer.Ordinal) };
        if (Role.IsEverything(permissions)) return null;
        foreach (var (company, policy) in await Policies(db, companies, ct))
        {
            var day = DateOnly.FromDateTime(db.Now.UtcDateTime);
            if (policy.Conflicts(may.May, account, day).FirstOrDefault(p => p.Apart is Apart.InOnePerson) is { } pair)
                return Conflict.With($"Together these roles may do {pair.OnePermission} and {pair.OtherPermission}, which {company} keeps apart. Leave a role out, or add an exception with an owner and an end to the policy.");
        }

        return null;
    }

    /// The policy in force in each of the companies; in all, where none is named.
    public static async Task<IReadOnlyList<(string Company, Segregation Policy)>> Policies(KeelDb db, Guid[]? companies, CancellationToken ct)
    {
        var rows = await db.Query<Row>(
            $"""
            select c.name as company, (select p.choice::text from kernel.policy p where p.company_id = c.id and p.kind = {Segregation.Kind} and p.effective_from <= {db.Now}
              order by p.effective_from desc, p.version desc limit 1) as choice
            from kernel.company c where {companies is null} or c.id = any({companies ?? []}) order by c.name
            """, ct);
        return [.. rows.Select(r => (r.Company, r.Choice is { } choice ? JsonSerializer.Deserialize<Segregation>(choice, KeelJson.Options)! : Segregation.AsDelivered))];
    }

    private sealed record Row(string Company, string? Choice);
}
