namespace Keel.App.Access;

/// Where somebody stands who comes in: the browser as far as it tells, and the address.
internal sealed record Standpoint(string Device, string Address)
{
    private static readonly (string Sign, string Name)[] Browsers = [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];
    private static readonly (string Sign, string Name)[] Systems = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    public static Standpoint Of(HttpContext http)
    {
        var agent = http.Request.Headers.UserAgent.ToString();
        var browser = Array.Find(Browsers, b => agent.Contains(b.Sign, StringComparison.Ordinal)).Name ?? "A browser";
        var system = Array.Find(Systems, s => agent.Contains(s.Sign, StringComparison.Ordinal)).Name;
        return new Standpoint(system is null ? browser : $"{browser} on {system}", http.Connection.RemoteIpAddress?.ToString() ?? "");
    }
}

/// Opens and ends sessions, in the transaction of whatever does so.
internal sealed class Entrance(KeelDb db)
{
    private const int UsualIdleMinutes = 8 * 60;
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(400);

    /// A session for somebody who has shown who they are.
    public async Task<Guid> Open(Person person, string means, Standpoint from, CancellationToken ct, int idleMinutes = UsualIdleMinutes)
    {
        var id = Guid.CreateVersion7(db.Now);
        db.Queue($"delete from access.session where person_id = {person.Id} and begun_at < {db.Now - Remembered}");
        await db.Execute(
            $"""
            insert into access.session (id, person_id, stamp, means, device, address, begun_at, last_seen_at, idle_minutes)
            values ({id}, {person.Id}, {person.SecurityStamp ?? ""}, {means}, {from.Device}, {from.Address}, {db.Now}, {db.Now}, {idleMinutes})
            """, ct);
        return id;
    }

    /// Ends sessions of somebody: one, or all but one. Says how many there were.
    public Task<int> End(Guid person, Guid? only, Guid? butNot, CancellationToken ct) => db.Execute(
        $"""
        update access.session set ended_at = {db.Now}, ended_by = {db.Work.Actor.Name}
        where person_id = {person} and ended_at is null and ({only}::uuid is null or id = {only}::uuid) and ({butNot}::uuid is null or id <> {butNot}::uuid)
        """, ct);

    /// The session in which somebody changed something about themselves goes on; all others of theirs have ended with the change.
    public async Task GoOn(Person person, Guid? session, CancellationToken ct)
    {
        await End(person.Id, null, session, ct);
        await db.Execute($"update access.session set stamp = {person.SecurityStamp ?? ""} where id = {session}::uuid and person_id = {person.Id} and ended_at is null", ct);
    }
}
