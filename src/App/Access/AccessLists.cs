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
        [Search, Title("E-mail")] public required string Email { get; init; }
        public required string Roles { get; init; }
        public string? Companies { get; init; }
        public string? Sites { get; init; }
        public string? Channels { get; init; }
        public required bool SecondFactor { get; init; }
        public required bool Badge { get; init; }
        public DateTimeOffset? LastSignIn { get; init; }
        public required string State { get; init; }
    }

    public FormattableString Rows()
    {
        var own = db.Work.Actor.Companies?.ToArray();
        return $"""
        select p.id, p.name, p.email, array_to_string(p.roles, ', ') as roles,
          coalesce((select string_agg(c.code, ', ' order by c.code) from kernel.company c where c.id = any(p.companies)), 'all') as companies,
          coalesce(array_to_string(p.nodes, ', '), 'all') as sites, coalesce(array_to_string(p.channels, ', '), 'all') as channels, p.two_factor_enabled as second_factor, exists (select from access.badge b where b.person_id = p.id) as badge,
          (select max(s.begun_at) from access.session s where s.person_id = p.id) as last_sign_in,
          case when p.disabled then 'disabled' when p.lockout_end > {db.Now} then 'locked' else 'active' end as state
        from access.person p
        where {own is null} or p.companies && {own ?? []}
        """;
    }
}

/// Who is signed in, where and since when; what has ended stands there for the record.
[View("access.sessions", AccessPermissions.ReadUsers, Sort = "-last-seen-at")]
internal sealed class SessionList(KeelDb db) : IView<SessionList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        public required Guid PersonId { get; init; }
        [Search] public required string Name { get; init; }
        public required string Device { get; init; }
        [Search] public required string Address { get; init; }
        public required string Means { get; init; }
        public required DateTimeOffset BegunAt { get; init; }
        public required DateTimeOffset LastSeenAt { get; init; }
        public required string State { get; init; }
    }

    public FormattableString Rows()
    {
        var own = db.Work.Actor.Companies?.ToArray();
        return $"""
            select s.id, s.person_id, p.name, s.device, s.address, s.means, s.begun_at, s.last_seen_at, {State(db)} as state
            from access.session s join access.person p on p.id = s.person_id where {own is null} or p.companies && {own ?? []}
            """;
    }

    /// A session is open until it is ended, its person changes, or nobody was there for long.
    internal static FormattableString State(KeelDb db) =>
        $"""
        case when s.ended_at is not null then 'ended' when p.disabled or s.stamp <> coalesce(p.security_stamp, '') or s.begun_at < {db.Now - Sessions.Longest}
          or s.last_seen_at < {db.Now} - make_interval(mins => s.idle_minutes) then 'over' else 'open' end
        """;
}

/// One's own sessions that are open.
[View("access.own-sessions", AccessPermissions.Own, Sort = "-last-seen-at")]
internal sealed class OwnSessionList(KeelDb db) : IView<OwnSessionList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        public required string Device { get; init; }
        public required string Address { get; init; }
        public required string Means { get; init; }
        public required DateTimeOffset BegunAt { get; init; }
        public required DateTimeOffset LastSeenAt { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select s.id, s.device, s.address, s.means, s.begun_at, s.last_seen_at from access.session s join access.person p on p.id = s.person_id
        where s.person_id = {db.Work.Actor.Id} and {SessionList.State(db)} = 'open'
        """;
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
        public string? Sites { get; init; }
        public string? Channels { get; init; }
        public required string Permissions { get; init; }
        public int? PerSecond { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public required string CreatedBy { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public string? Addresses { get; init; }
        public DateTimeOffset? LastUsedAt { get; init; }
        public string? LastAddress { get; init; }
        public required long Uses { get; init; }
        public required string State { get; init; }
    }

    public FormattableString Rows()
    {
        var own = db.Work.Actor.Companies?.ToArray();
        return $"""
            select k.id, k.name, k.prefix, coalesce(c.code, 'all') as company, coalesce(array_to_string(k.nodes, ', '), 'all') as sites, coalesce(array_to_string(k.channels, ', '), 'all') as channels, array_to_string(k.permissions, ' ') as permissions, k.per_second, k.created_at,
              k.created_by, k.expires_at, coalesce(array_to_string(k.addresses, ', '), 'any') as addresses, k.last_used_at, k.last_address, k.uses,
              case when k.revoked_at is not null then 'revoked' when k.expires_at <= {db.Now} then 'expired' else 'in use' end as state
            from access.api_key k left join kernel.company c on c.id = k.company_id
            where {own is null} or k.company_id = any({own ?? []})
            """;
    }
}
