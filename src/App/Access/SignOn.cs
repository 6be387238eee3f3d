using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;

namespace Keel.App.Access;

/// Another house that says who people are: OAuth 2 with a code and a proof, and an address that tells e-mail and key of whoever signed in there.
internal sealed record SignOn(string Name, Uri Authorize, Uri Token, Uri Person, string ClientId, string ClientSecret)
{
    public const string Scheme = "sign-on";
    public const string Back = "/sign-in/back";

    public IReadOnlyList<string> Scopes { get; init; } = ["openid", "email", "profile"];

    /// As `Keel__SignOn__Name`, `…__Authorize`, `…__Token`, `…__Person`, `…__ClientId`, `…__ClientSecret` and `…__Scopes` say; null where none of them is set.
    public static SignOn? FromEnvironment()
    {
        static string? Said(string name) => Environment.GetEnvironmentVariable("Keel__SignOn__" + name) is { Length: > 0 } text ? text : null;
        static string Must(string name) => Said(name) ?? throw new Postgres.CannotRun($"Keel__SignOn__{name} is not set. Sign-on wants Authorize, Token, Person, ClientId and ClientSecret.");
        static Uri Address(string name) => Uri.TryCreate(Must(name), UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback)
            ? address : throw new Postgres.CannotRun($"Keel__SignOn__{name} is no https address.");
        if (Said("ClientId") is null && Said("Authorize") is null) return null;
        var signOn = new SignOn(Said("Name") ?? "the company account", Address("Authorize"), Address("Token"), Address("Person"), Must("ClientId"), Must("ClientSecret"));
        return Said("Scopes") is { } scopes ? signOn with { Scopes = scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries) } : signOn;
    }
}

/// Lets in whom the other house has named: by the key that it gave before, else, the first time, by an e-mail address that it has verified and
/// that somebody here has. It lets in nobody who is not known here.
[Operation("access.sign-in-from-outside", AccessPermissions.SignIn, Secret = true, Global = true, Said = "let in from outside", Icon = "person")]
internal sealed class SignInFromOutside(KeelDb db, People people, Entrance entrance) : IOperation<SignInFromOutside.Request, SignIn.Answer>
{
    public sealed record Request(
        [Required, MaxLength(200)] string House, [Required, MaxLength(200)] string Key, [MaxLength(200)] string? Email, bool EmailIsVerified, [MaxLength(60)] string Device = "", [MaxLength(60)] string Address = "");

    public async Task<Result<SignIn.Answer>> Run(Request request, CancellationToken ct)
    {
        var users = await people.Join(ct);
        var person = await users.FindByLoginAsync(SignOn.Scheme, request.Key);
        if (person is null && request is { Email: { Length: > 0 } email, EmailIsVerified: true } && await users.FindByNameAsync(email) is { Disabled: false } known)
        {
            // Somebody here is tied to one account there: a second one with the same address is not taken for them.
            if ((await users.GetLoginsAsync(known)).All(l => l.LoginProvider != SignOn.Scheme)
                && (await users.AddLoginAsync(known, new UserLoginInfo(SignOn.Scheme, request.Key, request.House))).Succeeded) person = known;
        }

        if (person is not { Disabled: false }) return new SignIn.Answer(null, null, false);
        db.Work.Concerns(person.Email!);
        return person.TwoFactorEnabled
            ? new SignIn.Answer(person.Id, null, false)
            : new SignIn.Answer(person.Id, await entrance.Open(person, request.House, new(request.Device, request.Address), ct), false);
    }
}
