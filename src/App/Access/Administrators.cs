namespace Keel.App.Access;

/// Somebody must be able to give every permission: who may do everything, everywhere, and is not disabled.
internal sealed record Administrators(RoleSet Roles, bool AreThere)
{
    private const long Lock = 0x41444d494e;

    public static readonly Error None = new(
        "access.no-administrator", "Nobody would be left who may do everything everywhere. Give somebody else the role of the administrator first, for all companies, sites and channels.");

    /// As they are, once nobody else can change who administers until this operation ends: two who disable each other come one after the other.
    public static async Task<Administrators> Locked(KeelDb db, CancellationToken ct)
    {
        db.QueueQuery<int>($"select 1 from pg_advisory_xact_lock({Lock})", _ => { });
        await db.Flush(ct);
        var roles = await RoleSet.Of(db, ct);
        return new Administrators(roles, await Any(db, roles, ct));
    }

    /// The refusal where, after what was just written, nobody is left of those who were there.
    public async Task<Error?> Gone(KeelDb db, RoleSet after, CancellationToken ct) => AreThere && !await Any(db, after, ct) ? None : null;

    private static async Task<bool> Any(KeelDb db, RoleSet roles, CancellationToken ct)
    {
        var able = roles.All.Where(r => Role.IsEverything(r.Permissions)).Select(r => r.Name).ToArray();
        return await db.First<long>($"select count(*) from access.person where not disabled and companies is null and nodes is null and channels is null and roles && {able}::text[]", ct) > 0;
    }
}
