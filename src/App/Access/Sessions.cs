using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Npgsql;

namespace Keel.App.Access;

/// Who is signed in. The cookie names a session; whether it still holds and what its person may do is read from the database every few
/// seconds, so that a session that was ended, a change of roles or a new password reaches open pages.
internal sealed class Sessions(NpgsqlDataSource source, TimeProvider clock, RoleBook book)
{
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
    public const string CookieName = "keel-session";

    /// However busy, a session ends after this long.
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private const string SessionClaim = "session";
    private const int MostRemembered = 20_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<Guid, (Visitor Visitor, long ReadAt)> people = new();
    private readonly ConcurrentDictionary<Guid, Known> sessions = new();

    /// The visitor of a request's cookie; nobody where there is none that still holds.
    public async ValueTask<Visitor> Of(HttpContext http)
    {
        if (!http.Request.Cookies.ContainsKey(CookieName)) return Visitor.Nobody;
        var cookie = await http.AuthenticateAsync(Scheme);
        if (!cookie.Succeeded || !Guid.TryParse(cookie.Principal.FindFirstValue(SessionClaim), out var id)) return Visitor.Nobody;
        if (!sessions.TryGetValue(id, out var session) || clock.GetElapsedTime(session.ReadAt) > Fresh) session = await Look(id, http.RequestAborted);
        if (!session.Holds(clock.GetUtcNow())) return Visitor.Nobody;
        var visitor = await Of(session.Person, http.RequestAborted);
        if (!visitor.IsKnown || visitor.Stamp != session.Stamp) return Visitor.Nobody;
        http.User = cookie.Principal;
        return visitor.LacksSecondFactor && session.IsByPasswordAlone
            ? visitor with { Session = id, IsHalf = true, Actor = visitor.Actor with { Permissions = [AccessPermissions.Own] } }
            : visitor with { Session = id };
    }

    /// Gives the browser the cookie of a session that was opened.
    public async Task Begin(HttpContext http, Guid person, Guid session)
    {
        people.TryRemove(person, out _);
        await EndOld(http);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, person.ToString()), new Claim(SessionClaim, session.ToString())], Scheme);
        await http.SignInAsync(Scheme, new ClaimsPrincipal(identity));
    }

    public Task End(HttpContext http) => http.SignOutAsync(Scheme);

    /// A browser has one session: the one before ends with the next.
    private async Task EndOld(HttpContext http)
    {
        var cookie = await http.AuthenticateAsync(Scheme);
        if (!cookie.Succeeded || !Guid.TryParse(cookie.Principal.FindFirstValue(SessionClaim), out var old)) return;
        sessions.TryRemove(old, out _);
        await using var command = source.CreateCommand("update access.session set ended_at = $2, ended_by = 'the next sign-in' where id = $1 and ended_at is null");
        command.Parameters.Add(new NpgsqlParameter { Value = old });
        command.Parameters.Add(new NpgsqlParameter { Value = clock.GetUtcNow().UtcDateTime });
        await command.ExecuteNonQueryAsync(http.RequestAborted);
    }

    /// Reads everybody again at their next request.
    public void Forget()
    {
        book.Forget();
        people.Clear();
        sessions.Clear();
    }

    internal async ValueTask<Visitor> Of(Guid person, CancellationToken ct) =>
        people.TryGetValue(person, out var entry) && clock.GetElapsedTime(entry.ReadAt) < Fresh ? entry.Visitor : await Read(person, ct);

    /// A session as it is; that it is in use is written down once a minute.
    private async Task<Known> Look(Guid id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (sessions.Count > MostRemembered) sessions.Clear();
        await using var command = source.CreateCommand("select person_id, stamp, begun_at, last_seen_at, idle_minutes, means from access.session where id = $1 and ended_at is null");
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            if (!await reader.ReadAsync(ct)) return sessions[id] = new Known(Guid.Empty, "", default, default, clock.GetTimestamp());
            sessions[id] = new Known(reader.GetGuid(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2) + Longest,
                reader.GetFieldValue<DateTimeOffset>(3), clock.GetTimestamp()) 
            {
                Idle = TimeSpan.FromMinutes(reader.GetInt32(4)), IsByPasswordAlone = reader.GetString(5) is "password" or "invitation",
            };
        }

        var read = sessions[id];
        if (!read.Holds(now) || now - read.Seen < (read.Idle / 4 < SeenEvery ? read.Idle / 4 : SeenEvery)) return read;
        await using var seen = source.CreateCommand("update access.session set last_seen_at = $2 where id = $1 and ended_at is null");
        seen.Parameters.Add(new NpgsqlParameter { Value = id });
        seen.Parameters.Add(new NpgsqlParameter { Value = now.UtcDateTime });
        await seen.ExecuteNonQueryAsync(ct);
        return sessions[id] = read with { Seen = now };
    }

    private const string Columns = "name, roles, companies, nodes, coalesce(security_stamp, ''), email, two_factor_enabled, channels, id, language";

    /// Everybody who may act in a company, in one statement.
    internal async Task<IReadOnlyList<Actor>> In(Id<Company> company, CancellationToken ct)
    {
        var roles = await book.Now(ct);
        await using var command = source.CreateCommand($"select {Columns} from access.person where not disabled and (companies is null or $1 = any(companies)) order by name, id limit 2000");
        command.Parameters.Add(new NpgsqlParameter { Value = company.Value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var all = new List<Actor>();
        while (await reader.ReadAsync(ct)) all.Add(Read(reader, roles).Actor);
        return all;
    }

    private async Task<Visitor> Read(Guid person, CancellationToken ct)
    {
        var roles = await book.Now(ct);
        await using var command = source.CreateCommand($"select {Columns} from access.person where id = $1 and not disabled");
        command.Parameters.Add(new NpgsqlParameter { Value = person });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var visitor = await reader.ReadAsync(ct) ? Read(reader, roles) : Visitor.Nobody;
        people[person] = (visitor, clock.GetTimestamp());
        return visitor;
    }

    private static Visitor Read(NpgsqlDataReader reader, RoleSet roles) => new(new Actor(ActorKind.Person, reader.GetGuid(8), reader.GetString(0))
    {
        Permissions = [.. roles.PermissionsOf(reader.GetFieldValue<string[]>(1)), AccessPermissions.Own],
        Teams = roles.TeamsOf(reader.GetFieldValue<string[]>(1)),
        Roles = reader.GetFieldValue<string[]>(1).ToFrozenSet(StringComparer.Ordinal),
        Account = reader.IsDBNull(5) ? null : reader.GetString(5),
        Companies = reader.IsDBNull(2) ? null : reader.GetFieldValue<Guid[]>(2).ToFrozenSet(),
        Nodes = reader.IsDBNull(3) ? null : reader.GetFieldValue<string[]>(3).ToFrozenSet(StringComparer.Ordinal),
        Channels = reader.IsDBNull(7) ? null : reader.GetFieldValue<string[]>(7).ToFrozenSet(StringComparer.Ordinal),
    })
    {
        Stamp = reader.GetString(4), Language = reader.IsDBNull(9) ? null : reader.GetString(9), LacksSecondFactor = !reader.GetBoolean(6) && reader.GetFieldValue<string[]>(1).Any(r => roles.Find(r)?.NeedsSecondFactor == true),
    };

    private sealed record Known(Guid Person, string Stamp, DateTimeOffset Until, DateTimeOffset Seen, long ReadAt)
    {
        public TimeSpan Idle { get; init; }
        public bool IsByPasswordAlone { get; init; }

        public bool Holds(DateTimeOffset now) => Person != Guid.Empty && now < Until && now - Seen < Idle;
    }
}
