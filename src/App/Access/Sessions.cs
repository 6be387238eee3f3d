using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Npgsql;

namespace Keel.App.Access;

/// Who is signed in. The cookie names the person; what they may do is read from the database every few seconds, so that a change of roles
/// or a new password reaches open sessions.
internal sealed class Sessions(NpgsqlDataSource source, TimeProvider clock, RoleBook book)
{
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
    private const string StampClaim = "stamp";
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<Guid, (Visitor Visitor, long ReadAt)> known = new();

    /// The visitor of a request's cookie; nobody where there is none that still holds.
    public async ValueTask<Visitor> Of(HttpContext http)
    {
        if (!http.Request.Cookies.ContainsKey(CookieName)) return Visitor.Nobody;
        var cookie = await http.AuthenticateAsync(Scheme);
        if (!cookie.Succeeded || !Guid.TryParse(cookie.Principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id)) return Visitor.Nobody;
        var visitor = await Of(id, http.RequestAborted);
        if (!visitor.IsKnown || visitor.Stamp != cookie.Principal.FindFirstValue(StampClaim)) return Visitor.Nobody;
        http.User = cookie.Principal;
        return visitor;
    }

    /// Opens a session.
    public async Task Begin(HttpContext http, Guid person)
    {
        var visitor = await Read(person, http.RequestAborted);
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, person.ToString()), new Claim(ClaimTypes.Name, visitor.Actor.Name), new Claim(StampClaim, visitor.Stamp)], Scheme);
        await http.SignInAsync(Scheme, new ClaimsPrincipal(identity));
    }

    public Task End(HttpContext http) => http.SignOutAsync(Scheme);

    /// Reads everybody again at their next request.
    public void Forget()
    {
        book.Forget();
        known.Clear();
    }

    public const string CookieName = "keel-session";

    internal async ValueTask<Visitor> Of(Guid person, CancellationToken ct) =>
        known.TryGetValue(person, out var entry) && clock.GetElapsedTime(entry.ReadAt) < Fresh ? entry.Visitor : await Read(person, ct);

    private async Task<Visitor> Read(Guid person, CancellationToken ct)
    {
        var roles = await book.Now(ct);
        await using var command = source.CreateCommand(
            "select name, roles, companies, nodes, coalesce(security_stamp, ''), email from access.person where id = $1 and not disabled");
        command.Parameters.Add(new NpgsqlParameter { Value = person });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var visitor = Visitor.Nobody;
        if (await reader.ReadAsync(ct))
        {
            visitor = new Visitor(new Actor(ActorKind.Person, person, reader.GetString(0))
            {
                Permissions = [.. roles.PermissionsOf(reader.GetFieldValue<string[]>(1)), AccessPermissions.Own],
                Teams = roles.TeamsOf(reader.GetFieldValue<string[]>(1)),
                Roles = reader.GetFieldValue<string[]>(1).ToFrozenSet(StringComparer.Ordinal),
                Account = reader.IsDBNull(5) ? null : reader.GetString(5),
                Companies = reader.IsDBNull(2) ? null : reader.GetFieldValue<Guid[]>(2).ToFrozenSet(),
                Nodes = reader.IsDBNull(3) ? null : reader.GetFieldValue<string[]>(3).ToFrozenSet(StringComparer.Ordinal),
            }) { Stamp = reader.GetString(4) };
        }

        known[person] = (visitor, clock.GetTimestamp());
        return visitor;
    }
}
