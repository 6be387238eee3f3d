using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;

namespace Keel.App.Access;

/// Looks at an e-mail address and a password, counts failures, and locks the door for a while after several of them.
[Operation("access.sign-in", AccessPermissions.SignIn, Secret = true, Global = true)]
internal sealed class SignIn(KeelDb db, People people) : IOperation<SignIn.Request, SignIn.Answer>
{
    private static readonly Person Somebody = new() { Name = "", Roles = [] };
    private static readonly string AnyHash = new PasswordHasher<Person>().HashPassword(Somebody, Guid.NewGuid().ToString());

    public sealed record Request([Required, MaxLength(200)] string Email, [Required, MaxLength(200)] string Password);

    /// Who came in; nobody where the address or the password was wrong, or the door is locked.
    public sealed record Answer(Guid? Person, bool Locked);

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var users = await people.Join(ct);
        var person = await users.FindByNameAsync(request.Email);
        db.Work.Concerns(request.Email.Split(' ')[0]);
        if (person is null || person.Disabled)
        {
            // The same work as for a known address, so that the time taken tells nothing.
            users.PasswordHasher.VerifyHashedPassword(Somebody, AnyHash, request.Password);
            return new Answer(null, false);
        }

        if (await users.IsLockedOutAsync(person)) return new Answer(null, true);
        if (!await users.CheckPasswordAsync(person, request.Password))
        {
            await users.AccessFailedAsync(person);
            return new Answer(null, await users.IsLockedOutAsync(person));
        }

        if (person.AccessFailedCount > 0) await users.ResetAccessFailedCountAsync(person);
        return new Answer(person.Id, false);
    }
}
