using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;

namespace Keel.App.Access;

/// From now on the code of an authenticator is asked for after the password. The answer holds the recovery codes, said once.
[Operation("access.turn-on-second-factor", AccessPermissions.Own, Secret = true, Global = true, Said = "turned on their second factor", Icon = "lock")]
internal sealed class TurnOnSecondFactor(KeelDb db, Oneself oneself, PeopleStore store, Tries tries, Entrance entrance) : IOperation<TurnOnSecondFactor.Request, RecoveryCodes>
{
    public sealed record Request(
        [Required, RegularExpression("[A-Z2-7]{32}", ErrorMessage = "is the key that the page showed.")] string Key,
        [Required, MaxLength(10)] string Code,
        [Required, MaxLength(200), DataType(DataType.Password)] string Password,
        Guid? Session = null);

    public static readonly Error WrongCode = Error.Invalid("access.code-wrong", "This is not the code that the authenticator shows now. Look at its clock, and type the next one.",
        new FieldError("code", "is not the code that the authenticator shows now."));

    public async Task<Result<RecoveryCodes>> Run(Request request, CancellationToken ct)
    {
        var (users, person) = await oneself.Find(ct);
        if (person is null) return Oneself.NotAPerson;
        if (await tries.Refused(users, person, request.Password) is { } refused) return refused;
        await store.SetAuthenticatorKeyAsync(person, request.Key, ct);
        if (!await SecondFactor.Accepts(users, person, request.Code.Replace(" ", "", StringComparison.Ordinal), db.Now)) return WrongCode;
        await users.SetTwoFactorEnabledAsync(person, true);
        var codes = await RecoveryCodes.Draw(users, person);
        await entrance.GoOn(person, request.Session, ct);
        return codes;
    }
}

/// Draws new recovery codes; those of before open nothing any more.
[Operation("access.draw-recovery-codes", AccessPermissions.Own, Secret = true, Global = true, Said = "drew recovery codes", Icon = "lock")]
internal sealed class DrawRecoveryCodes(Oneself oneself, Tries tries) : IOperation<DrawRecoveryCodes.Request, RecoveryCodes>
{
    public sealed record Request([Required, MaxLength(200), DataType(DataType.Password)] string Password);

    public static readonly Error NoFactor = new("access.no-second-factor", "There is no second factor yet. Turn it on first.");

    public async Task<Result<RecoveryCodes>> Run(Request request, CancellationToken ct)
    {
        var (users, person) = await oneself.Find(ct);
        if (person is null) return Oneself.NotAPerson;
        if (!person.TwoFactorEnabled) return NoFactor;
        return await tries.Refused(users, person, request.Password) is { } refused ? refused : await RecoveryCodes.Draw(users, person);
    }
}

/// The password alone opens from now on.
[Operation("access.turn-off-second-factor", AccessPermissions.Own, Secret = true, Global = true, Said = "turned off their second factor", Icon = "lock")]
internal sealed class TurnOffSecondFactor(Oneself oneself, Tries tries, Entrance entrance) : IOperation<TurnOffSecondFactor.Request, Done>
{
    public sealed record Request([Required, MaxLength(200), DataType(DataType.Password)] string Password, Guid? Session = null);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var (users, person) = await oneself.Find(ct);
        if (person is null) return Oneself.NotAPerson;
        if (await tries.Refused(users, person, request.Password) is { } refused) return refused;
        await Off(users, person);
        await entrance.GoOn(person, request.Session, ct);
        return Done.It;
    }

    internal static async Task Off(UserManager<Person> users, Person person)
    {
        await users.SetTwoFactorEnabledAsync(person, false);
        await users.ResetAuthenticatorKeyAsync(person);
        await users.GenerateNewTwoFactorRecoveryCodesAsync(person, 0);
    }
}

/// Takes the second factor of somebody away who has lost it. Their sessions end; until they set up another one, the password alone opens.
[Operation("access.take-second-factor", AccessPermissions.Users, Global = true, Said = "took the second factor of", Icon = "lock")]
internal sealed class TakeSecondFactor(KeelDb db, People people, Entrance entrance) : IOperation<TakeSecondFactor.Request, Done>
{
    public sealed record Request(Guid User);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var users = await people.Join(ct);
        if (await users.FindByIdAsync(request.User.ToString()) is not { } person) return SetRoles.Unknown;
        if (!(await RoleSet.Of(db, ct)).PermissionsOf(person.Roles).All(db.Work.Actor.May) || !SetRoles.Reaches(db.Work.Actor, person)) return SetRoles.Beyond;
        await TurnOffSecondFactor.Off(users, person);
        await entrance.End(person.Id, null, null, ct);
        db.Work.Concerns(person.Email!);
        return Done.It;
    }
}

/// Ten codes, each of which opens once in place of the authenticator.
internal sealed record RecoveryCodes(IReadOnlyList<string> Codes) : ISaidOnce
{
    private const int Many = 10;

    string ISaidOnce.Lead => "Write these codes down now: they are not shown again.";
    IReadOnlyList<string> ISaidOnce.Secrets => Codes;
    string ISaidOnce.Hint => "Each opens once, in place of the authenticator, when that is lost.";

    public static async Task<RecoveryCodes> Draw(UserManager<Person> users, Person person) => new([.. await users.GenerateNewTwoFactorRecoveryCodesAsync(person, Many) ?? []]);
}
