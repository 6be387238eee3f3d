using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Keel.App.Access;

/// People in the database, as the identity framework keeps them; but of recovery codes only the digests, keys of authenticators sealed, and passkeys in a
/// table of ours.
internal sealed class PeopleStore(AccessDb access, IdentityErrorDescriber words, KeelDb db, IDataProtectionProvider protection) : UserOnlyStore<Person, AccessDb, Guid>(access, words)
{
    private const string Shelf = "[AspNetUserStore]";
    private const string Codes = "RecoveryCodes";
    private const string Seal = "sealed:";

    private IDataProtector Keys => protection.CreateProtector("Keel.Access.AuthenticatorKeys");

    // A code is drawn, not thought of: less work than for a password keeps it safe.
    private static readonly PasswordHasher<Person> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 10_000 }));

    /// The key of somebody's authenticator. What cannot be opened is no key any more: the recovery codes are left.
    public override async Task<string?> GetAuthenticatorKeyAsync(Person user, CancellationToken cancellationToken)
    {
        if (await base.GetAuthenticatorKeyAsync(user, cancellationToken) is not { } kept) return null;
        if (!kept.StartsWith(Seal, StringComparison.Ordinal)) return kept;
        try
        {
            return Keys.Unprotect(kept[Seal.Length..]);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public override Task SetAuthenticatorKeyAsync(Person user, string key, CancellationToken cancellationToken) =>
        base.SetAuthenticatorKeyAsync(user, Seal + Keys.Protect(key), cancellationToken);

    public override Task ReplaceCodesAsync(Person user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken) =>
        SetTokenAsync(user, Shelf, Codes, string.Join(';', recoveryCodes.Select(c => Hasher.HashPassword(user, c))), cancellationToken);

    public override async Task<bool> RedeemCodeAsync(Person user, string code, CancellationToken cancellationToken)
    {
        var digests = (await GetTokenAsync(user, Shelf, Codes, cancellationToken) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries);
        if (Array.Find(digests, d => Hasher.VerifyHashedPassword(user, d, code) is not PasswordVerificationResult.Failed) is not { } used) return false;
        await SetTokenAsync(user, Shelf, Codes, string.Join(';', digests.Where(d => d != used)), cancellationToken);
        return true;
    }

    public override Task AddOrUpdatePasskeyAsync(Person user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => db.Execute(
        $"""
        insert into access.passkey as k (credential_id, person_id, name, public_key, created_at, sign_count, transports, is_user_verified, is_backup_eligible, is_backed_up, attestation, client_data)
        values ({passkey.CredentialId}, {user.Id}, {passkey.Name ?? ""}, {passkey.PublicKey}, {passkey.CreatedAt}, {(long)passkey.SignCount}, {string.Join(' ', passkey.Transports ?? [])},
          {passkey.IsUserVerified}, {passkey.IsBackupEligible}, {passkey.IsBackedUp}, {passkey.AttestationObject}, {passkey.ClientDataJson})
        on conflict (credential_id) do update set sign_count = excluded.sign_count, is_backed_up = excluded.is_backed_up, is_user_verified = excluded.is_user_verified where k.person_id = excluded.person_id
        """, cancellationToken);

    public override async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Person user, CancellationToken cancellationToken) =>
        [.. (await db.Query<Kept>($"select * from access.passkey where person_id = {user.Id} order by created_at", cancellationToken)).Select(k => k.Info)];

    public override async Task<UserPasskeyInfo?> FindPasskeyAsync(Person user, byte[] credentialId, CancellationToken cancellationToken) =>
        (await db.First<Kept>($"select * from access.passkey where person_id = {user.Id} and credential_id = {credentialId} for update", cancellationToken))?.Info;

    public override async Task<Person?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await db.Query<Guid>($"select person_id from access.passkey where credential_id = {credentialId}", cancellationToken) is [var person] ? await FindByIdAsync(person.ToString(), cancellationToken) : null;

    public override Task RemovePasskeyAsync(Person user, byte[] credentialId, CancellationToken cancellationToken) =>
        db.Execute($"delete from access.passkey where person_id = {user.Id} and credential_id = {credentialId}", cancellationToken);

    private sealed record Kept(
        byte[] CredentialId, string Name, byte[] PublicKey, DateTimeOffset CreatedAt, long SignCount, string Transports, bool IsUserVerified, bool IsBackupEligible, bool IsBackedUp, byte[] Attestation, byte[] ClientData)
    {
        [NotAColumn]
        public UserPasskeyInfo Info => new(CredentialId, PublicKey, CreatedAt, (uint)SignCount, Transports.Split(' ', StringSplitOptions.RemoveEmptyEntries), IsUserVerified, IsBackupEligible, IsBackedUp, Attestation, ClientData) { Name = Name };
    }
}
