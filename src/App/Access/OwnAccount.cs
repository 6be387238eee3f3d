using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;

namespace Keel.App.Access;

/// Who asks, as a person of the house; programs have no account of their own.
internal sealed class Oneself(KeelDb db, People people)
{
    public static readonly Error NotAPerson = new("access.not-a-person", "Only somebody who is signed in has an account of their own.", Refusal.Forbidden);

    public async Task<(UserManager<Person> Users, Person? Person)> Find(CancellationToken ct)
    {
        var users = await people.Join(ct);
        if (db.Work.Actor.Kind is not ActorKind.Person || await users.FindByIdAsync(db.Work.Actor.Id.ToString()) is not { } person) return (users, null);
        db.Work.Concerns(person.Email!);
        return (users, person);
    }
}

/// Changes how one is called.
[Operation("access.change-name", AccessPermissions.Own, Global = true, Said = "changed their name", Icon = "person")]
internal sealed class ChangeName(Oneself oneself) : IOperation<ChangeName.Request, Done>
{
    public sealed record Request([Required, MinLength(2), MaxLength(100)] string Name);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var (users, person) = await oneself.Find(ct);
        if (person is null) return Oneself.NotAPerson;
        person.Name = request.Name;
        var changed = await users.UpdateAsync(person);
        return changed.Succeeded ? Done.It : People.Refusal(changed);
    }
}

/// Chooses the language of one's own pages; none follows the browser.
[Operation("access.choose-language", AccessPermissions.Own, Global = true, Said = "chose a language", Icon = "person")]
internal sealed class ChooseLanguage(Oneself oneself) : IOperation<ChooseLanguage.Request, Done>
{
    public sealed record Request([MaxLength(3)] string? Language = null);

    public static readonly Error Unknown = Error.Invalid("access.unknown-language", "Keel does not speak this language. Choose one of those that the page offers.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (request.Language is { Length: > 0 } language && !Words.Knows(language)) return Unknown;
        var (users, person) = await oneself.Find(ct);
        if (person is null) return Oneself.NotAPerson;
        person.Language = request.Language is { Length: > 0 } chosen ? chosen : null;
        var changed = await users.UpdateAsync(person);
        return changed.Succeeded ? Done.It : People.Refusal(changed);
    }
}

/// Takes another password; all sessions but this one end.
[Operation("access.change-password", AccessPermissions.Own, Secret = true, Global = true, Said = "changed their password", Icon = "lock")]
internal sealed class ChangePassword(Oneself oneself, Tries tries, Entrance entrance) : IOperation<ChangePassword.Request, Done>
{
    public sealed record Request(
        [Required, MaxLength(200), DataType(DataType.Password), Display(Name = "Password now")] string Password,
        [Required, MaxLength(200), DataType(DataType.Password), Display(Name = "New password", Description = "At least 12 characters; a few words together are easy to remember.")] string New,
        Guid? Session = null);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var (users, person) = await oneself.Find(ct);
        if (person is null) return Oneself.NotAPerson;
        if (await tries.Refused(users, person, request.Password) is { } refused) return refused;
        var changed = await users.ChangePasswordAsync(person, request.Password, request.New);
        if (!changed.Succeeded) return People.Refusal(changed);
        await entrance.GoOn(person, request.Session, ct);
        return Done.It;
    }
}

/// Ends one's own sessions: one, or all but the one that one is in.
[Operation("access.end-own-sessions", AccessPermissions.Own, Global = true, Said = "ended their other sessions", Icon = "lock")]
internal sealed class EndOwnSessions(KeelDb db, Oneself oneself, Entrance entrance) : IOperation<EndOwnSessions.Request, int>
{
    public sealed record Request(Guid? Only = null, Guid? ButNot = null);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var (_, person) = await oneself.Find(ct);
        return person is null ? Oneself.NotAPerson : await entrance.End(db.Work.Actor.Id, request.Only, request.ButNot, ct);
    }
}

/// Ends all sessions of somebody: the next thing that their pages ask for leads to the sign-in.
[Operation("access.end-sessions", AccessPermissions.Users, Global = true, Said = "ended the sessions of", Icon = "lock")]
internal sealed class EndSessions(KeelDb db, People people, Entrance entrance) : IOperation<EndSessions.Request, int>
{
    public sealed record Request(Guid User);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var users = await people.Join(ct);
        if (await users.FindByIdAsync(request.User.ToString()) is not { } person) return SetRoles.Unknown;
        if (!SetRoles.Reaches(db.Work.Actor, person)) return SetRoles.Beyond;
        db.Work.Concerns(person.Email!);
        return await entrance.End(person.Id, null, null, ct);
    }
}
