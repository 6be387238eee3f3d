using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Keel.App.Access;

/// Looks at an e-mail address and a password, counts failures, and locks the door for a while after several of them. Who has a second
/// factor is not in yet.
[Operation("access.sign-in", AccessPermissions.SignIn, Secret = true, Global = true, Said = "let in", Icon = "person")]
internal sealed class SignIn(KeelDb db, People people, Entrance entrance, IOptions<PasswordHasherOptions> hashing) : IOperation<SignIn.Request, SignIn.Answer>
{
    private static readonly Person Somebody = new() { Name = "", Roles = [] };
    private static string? anyHash;

    public sealed record Request([Required, MaxLength(200)] string Email, [Required, MaxLength(200)] string Password, [MaxLength(60)] string Device = "", [MaxLength(60)] string Address = "");

    /// Who it is, nobody where the address or the password was wrong or the door is locked; and the session, none where a second factor is still asked for.
    public sealed record Answer(Guid? Person, Guid? Session, bool Locked);

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var users = await people.Join(ct);
        var person = await users.FindByNameAsync(request.Email);
        db.Work.Concerns(request.Email.Split(' ')[0]);
        if (person is null || person.Disabled || person.PasswordHash is null)
        {
            // The same work as for a known address, so that the time taken tells nothing.
            anyHash ??= new PasswordHasher<Person>(hashing).HashPassword(Somebody, Guid.NewGuid().ToString());
            users.PasswordHasher.VerifyHashedPassword(Somebody, anyHash, request.Password);
            return new Answer(null, null, false);
        }

        if (await users.IsLockedOutAsync(person)) return new Answer(null, null, true);
        if (!await users.CheckPasswordAsync(person, request.Password))
        {
            await users.AccessFailedAsync(person);
            return new Answer(null, null, await users.IsLockedOutAsync(person));
        }

        // Failures are forgotten only by who is wholly in: else a known password would clear the count of wrong codes.
        if (person.TwoFactorEnabled) return new Answer(person.Id, null, false);
        if (person.AccessFailedCount > 0) await users.ResetAccessFailedCountAsync(person);
        return new Answer(person.Id, await entrance.Open(person, "password", new(request.Device, request.Address), ct), false);
    }
}

/// Looks at the code of an authenticator, or at a recovery code, of somebody whose password was right. Each code opens once.
[Operation("access.sign-in-with-code", AccessPermissions.SignIn, Secret = true, Global = true, Said = "let in with a code", Icon = "person")]
internal sealed class SignInWithCode(KeelDb db, People people, Entrance entrance) : IOperation<SignInWithCode.Request, SignIn.Answer>
{
    public sealed record Request(Guid Person, [Required, MaxLength(40)] string Code, [MaxLength(60)] string Device = "", [MaxLength(60)] string Address = "");

    public async Task<Result<SignIn.Answer>> Run(Request request, CancellationToken ct)
    {
        var users = await people.Join(ct);
        var person = await users.FindByIdAsync(request.Person.ToString());
        if (person is null || person.Disabled || !person.TwoFactorEnabled) return new SignIn.Answer(null, null, false);
        db.Work.Concerns(person.Email!);
        if (await users.IsLockedOutAsync(person)) return new SignIn.Answer(null, null, true);

        var code = request.Code.Replace(" ", "", StringComparison.Ordinal);
        var means = await SecondFactor.Accepts(users, person, code, db.Now) ? "password and code"
            : (await users.RedeemTwoFactorRecoveryCodeAsync(person, code.ToUpperInvariant())).Succeeded ? "password and recovery code" : null;
        if (means is null)
        {
            await users.AccessFailedAsync(person);
            return new SignIn.Answer(null, null, await users.IsLockedOutAsync(person));
        }

        if (person.AccessFailedCount > 0) await users.ResetAccessFailedCountAsync(person);
        return new SignIn.Answer(person.Id, await entrance.Open(person, means, new(request.Device, request.Address), ct), false);
    }
}
