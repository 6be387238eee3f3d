using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Keel.App.Access;

/// People in the database, as the identity framework keeps them, but of recovery codes only the digests.
internal sealed class PeopleStore(AccessDb access, IdentityErrorDescriber words) : UserOnlyStore<Person, AccessDb, Guid>(access, words)
{
    private const string Shelf = "[AspNetUserStore]";
    private const string Codes = "RecoveryCodes";

    // A code is drawn, not thought of: less work than for a password keeps it safe.
    private static readonly PasswordHasher<Person> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 10_000 }));

    public override Task ReplaceCodesAsync(Person user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken) =>
        SetTokenAsync(user, Shelf, Codes, string.Join(';', recoveryCodes.Select(c => Hasher.HashPassword(user, c))), cancellationToken);

    public override async Task<bool> RedeemCodeAsync(Person user, string code, CancellationToken cancellationToken)
    {
        var digests = (await GetTokenAsync(user, Shelf, Codes, cancellationToken) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries);
        if (Array.Find(digests, d => Hasher.VerifyHashedPassword(user, d, code) is not PasswordVerificationResult.Failed) is not { } used) return false;
        await SetTokenAsync(user, Shelf, Codes, string.Join(';', digests.Where(d => d != used)), cancellationToken);
        return true;
    }
}
