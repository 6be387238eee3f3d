using System.Collections.Frozen;
using System.Threading.RateLimiting;
using Keel.App.Access;

namespace Keel.App.Doors;

/// Who asks on behalf of people who are not in yet, and how often one address may try: ten times a minute over all ways in.
internal sealed class Porter : IDisposable
{
    public static readonly Caller Caller = new(
        new Actor(ActorKind.System, new Guid("6b65656c-0000-7000-8000-000000000002"), "sign-in page") { Permissions = FrozenSet.Create(StringComparer.Ordinal, AccessPermissions.SignIn) }, Door.Page, default);

    public static readonly Error TooMany = new("access.too-many", "Too many tries from here. Wait a minute.");
    public static readonly Error Stale = new("access.stale", "The page was open for too long. Sign in again.");

    private readonly PartitionedRateLimiter<string> tries = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions { PermitLimit = 10, Window = TimeSpan.FromMinutes(1) }));

    /// Whether this address may try once more.
    public bool Admits(HttpContext http)
    {
        using var lease = tries.AttemptAcquire(http.Connection.RemoteIpAddress?.ToString() ?? "");
        return lease.IsAcquired;
    }

    /// An address within this house: others are not redirected to.
    public static bool IsOurs(string? address) => address is ['/', ..] && address is not ['/', '/' or '\\', ..] && !address.Any(char.IsControl);

    /// An address as a header may hold it: what is not ASCII is percent-encoded.
    public static string InHeader(string address) => System.Text.Ascii.IsValid(address) ? address : string.Concat(address.EnumerateRunes().Select(r => r.IsAscii ? r.ToString() : Uri.EscapeDataString(r.ToString())));

    public void Dispose() => tries.Dispose();
}
