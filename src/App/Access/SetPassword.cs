using System.ComponentModel.DataAnnotations;

namespace Keel.App.Access;

/// Gives somebody a new password and opens a locked door; their sessions end.
[Operation("access.set-password", AccessPermissions.Users, Secret = true, Global = true, Said = "set a password for", Icon = "lock")]
internal sealed class SetPassword(KeelDb db, People people) : IOperation<SetPassword.Request, Done>
{
    public sealed record Request(Guid User, [Required, MaxLength(200), DataType(DataType.Password)] string Password);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var users = await people.Join(ct);
        if (await users.FindByIdAsync(request.User.ToString()) is not { } person) return SetRoles.Unknown;
        if (!(await RoleSet.Of(db, ct)).PermissionsOf(person.Roles).All(db.Work.Actor.May) || !SetRoles.Reaches(db.Work.Actor, person)) return SetRoles.Beyond;
        if (person.PasswordHash is not null) await users.RemovePasswordAsync(person);
        var set = await users.AddPasswordAsync(person, request.Password);
        if (!set.Succeeded) return People.Refusal(set);

        await users.SetLockoutEndDateAsync(person, null);
        await users.ResetAccessFailedCountAsync(person);
        db.Work.Concerns(person.Email!);
        return Done.It;
    }
}
