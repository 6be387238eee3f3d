using System.Threading.RateLimiting;

namespace Keel.App.Access;

/// How often somebody who is in may be wrong about their own password: an open page is no place to guess it.
internal sealed class Tries : IDisposable
{
    private readonly PartitionedRateLimiter<Guid> wrong = PartitionedRateLimiter.Create<Guid, Guid>(person =>
        RateLimitPartition.GetSlidingWindowLimiter(person, _ => new SlidingWindowRateLimiterOptions { PermitLimit = 5, Window = TimeSpan.FromMinutes(5), SegmentsPerWindow = 5 }));

    public static readonly Error TooMany = new("access.too-many-wrong", "The password was wrong too often. Wait five minutes.");
    public static readonly Error Wrong = Error.Invalid("access.own-password-wrong", "This is not your password.", new FieldError("password", "is not your password."));

    /// The refusal where the password of somebody is not this one, or was guessed at too often.
    public async Task<Error?> Refused(Microsoft.AspNetCore.Identity.UserManager<Person> users, Person person, string password)
    {
        using var seen = wrong.AttemptAcquire(person.Id, 0);
        if (!seen.IsAcquired) return TooMany;
        if (await users.CheckPasswordAsync(person, password)) return null;
        using var counted = wrong.AttemptAcquire(person.Id);
        return Wrong;
    }

    public void Dispose() => wrong.Dispose();
}
