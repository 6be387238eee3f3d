using Keel.Kernel.Views;

namespace Keel.App.Access;

/// Who may sign in, and as what.
[View("access.users", AccessPermissions.ReadUsers, Sort = "name")]
internal sealed class UserList(KeelDb db) : IView<UserList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search] public required string Name { get; init; }
        [Search] public required string Email { get; init; }
        public required string Roles { get; init; }
        public string? Companies { get; init; }
        public string? Sites { get; init; }
        public required string State { get; init; }
    }

    public FormattableString Rows()
    {
        var own = db.Work.Actor.Companies?.ToArray();
        return $"""
        select p.id, p.name, p.email, array_to_string(p.roles, ', ') as roles,
          coalesce((select string_agg(c.code, ', ' order by c.code) from kernel.company c where c.id = any(p.companies)), 'all') as companies,
          coalesce(array_to_string(p.nodes, ', '), 'all') as sites,
          case when p.disabled then 'disabled' when p.lockout_end > {db.Now} then 'locked' else 'active' end as state
        from access.person p
        where {own is null} or p.companies && {own ?? []}
        """;
    }
}

/// The keys of programs, without the keys themselves.
[View("access.api-keys", AccessPermissions.ReadKeys, Sort = "-created-at")]
internal sealed class ApiKeyList(KeelDb db) : IView<ApiKeyList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search] public required string Name { get; init; }
        [Search] public required string Prefix { get; init; }
        public string? Company { get; init; }
        public required string Permissions { get; init; }
        public int? PerSecond { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public required string CreatedBy { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public DateTimeOffset? LastUsedAt { get; init; }
        public required long Uses { get; init; }
        public required string State { get; init; }
    }

    public FormattableString Rows()
    {
        var own = db.Work.Actor.Companies?.ToArray();
        return $"""
            select k.id, k.name, k.prefix, coalesce(c.code, 'all') as company, array_to_string(k.permissions, ' ') as permissions, k.per_second, k.created_at,
              k.created_by, k.expires_at, k.last_used_at, k.uses,
              case when k.revoked_at is not null then 'revoked' when k.expires_at <= {db.Now} then 'expired' else 'in use' end as state
            from access.api_key k left join kernel.company c on c.id = k.company_id
            where {own is null} or k.company_id = any({own ?? []})
            """;
    }
}
