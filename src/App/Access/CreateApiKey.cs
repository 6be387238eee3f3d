using System.ComponentModel.DataAnnotations;

namespace Keel.App.Access;

/// Makes a key for a program. The key itself is said once, in the answer, and kept nowhere.
[Operation("access.create-api-key", AccessPermissions.Keys, Secret = true, Global = true, Title = "Create API key", Said = "created the API key", Icon = "lock")]
internal sealed class CreateApiKey(KeelDb db, ModuleCatalog catalog) : IOperation<CreateApiKey.Request, CreateApiKey.Answer>
{
    public sealed record Request(
        [Required, MaxLength(100)] string Name,
        [MinLength(1), MaxLength(100)] IReadOnlyList<string> Permissions,
        [MaxLength(30)] string? Company = null,
        DateTimeOffset? ExpiresAt = null,
        [Range(1, 100_000, ErrorMessage = "is between 1 and 100000 requests per second.")] int? PerSecond = null,
        [MaxLength(50)] IReadOnlyList<string>? Addresses = null,
        [MaxLength(100)] IReadOnlyList<NodeCode>? Sites = null,
        [MaxLength(100)] IReadOnlyList<ChannelCode>? Channels = null);

    public sealed record Answer(Guid Id, string Prefix, string Key) : ISaidOnce
    {
        string ISaidOnce.Lead => "Copy the key now: it is kept nowhere and is not shown again.";
        IReadOnlyList<string> ISaidOnce.Secrets => [Key];
        string ISaidOnce.Hint => "Programs send it as Authorization: Bearer …";
    }

    public static readonly Error Past = Error.Invalid("access.key-expired", "The key would be expired already. Name a later instant, or none.");
    public static readonly Error BadPermission = Error.Invalid("access.permission-unreadable", "A permission reads like sales.orders.capture, or sales.* for a whole module.");

    public static readonly Error BadAddress = Error.Invalid("access.address-unreadable", "An address reads like 203.0.113.7, a range like 10.1.0.0/16.");

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        if (request.ExpiresAt <= db.Now) return Past;
        if (request.Addresses?.FirstOrDefault(a => ApiKey.RangeOf(a) is null) is { } odd) return BadAddress.With($"'{odd}' is no address or range. Write 203.0.113.7, or 10.1.0.0/16.");
        if (!request.Permissions.All(IsPermission)) return BadPermission;
        var known = new PermissionBook(catalog);
        if (request.Permissions.FirstOrDefault(p => !known.Knows(p)) is { } none) return BadPermission.With($"Nothing asks for the permission '{none}'. The page of a role lists all of them.");
        if (!request.Permissions.All(p => db.Work.Actor.May(p))) return SetRoles.Beyond;
        var where = await SetRoles.Where(db, request.Company is { Length: > 0 } code ? [code] : null, request.Sites, request.Channels, ct);
        if (!where.Ok) return where.Error!;
        if (where.Value.Ids is { Length: not 1 }) return SetRoles.NoCompany.With("Say for which of your companies the key is.");

        var (key, prefix) = ApiKey.Draw();
        var row = new ApiKey(
            Guid.CreateVersion7(db.Now), request.Name, prefix, ApiKey.DigestOf(key),
            where.Value.Ids is [var only] ? new Id<Company>(only) : null, [.. request.Permissions.Distinct()], request.PerSecond, request.ExpiresAt,
            db.Work.Actor.Name, db.Now, null, request.Addresses is { Count: > 0 } addresses ? [.. addresses.Distinct()] : null, where.Value.Nodes, where.Value.Channels);
        await db.Execute(
            $"""
            insert into access.api_key (id, name, prefix, digest, company_id, permissions, per_second, expires_at, created_by, created_at, addresses, nodes, channels)
            values ({row.Id}, {row.Name}, {row.Prefix}, {row.Digest}, {row.CompanyId}, {row.Permissions}, {row.PerSecond}, {row.ExpiresAt}, {row.CreatedBy}, {row.CreatedAt}, {row.Addresses}, {row.Nodes}, {row.Channels})
            """, ct);
        db.Work.Concerns(prefix);
        return new Answer(row.Id, prefix, key);
    }

    private static bool IsPermission(string text) => text == "*" || text.Split('.').All(part => part == "*" || (part.Length > 0 && part.All(c => char.IsAsciiLetterLower(c) || c == '-')));
}
