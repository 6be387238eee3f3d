using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Microsoft.AspNetCore.Identity;

namespace Keel.App.Access;

/// What a browser is asked to sign, and the key under which the question is kept until it comes back.
internal sealed record PasskeyQuestion(Guid Id, string Options);

/// Questions to passkeys: asked once, answered once, within minutes. The identity framework reads and verifies the answers.
internal sealed class PasskeyDesk(KeelDb db, People people, IPasskeyHandler<Person> handler)
{
    private static readonly Uri Nowhere = new("https://nowhere.invalid");
    private static readonly TimeSpan Holds = TimeSpan.FromMinutes(5);

    public static readonly Error Refused = new("access.passkey-refused", "This passkey does not open here. Sign in another way, and look at your passkeys on your own page.");

    /// Asks for a new key of somebody.
    public async Task<PasskeyQuestion> AskForNew(Person person, string site, CancellationToken ct)
    {
        await people.Join(ct);
        var asked = await handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = person.Id.ToString(), Name = person.Email!, DisplayName = person.Name }, At(site));
        return await Keep(person.Id, asked.CreationOptionsJson, asked.AttestationState!, ct);
    }

    /// Asks for any key that opens here.
    public async Task<PasskeyQuestion> AskForAny(string site, CancellationToken ct)
    {
        await people.Join(ct);
        var asked = await handler.MakeRequestOptionsAsync(null, At(site));
        return await Keep(null, asked.RequestOptionsJson, asked.AssertionState!, ct);
    }

    public async Task<UserPasskeyInfo?> Attested(Guid question, Guid person, string credential, string site, CancellationToken ct)
    {
        await people.Join(ct);
        if (await Take(question, person, ct) is not { } state) return null;
        var read = await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = At(site), CredentialJson = credential, AttestationState = state });
        return read.Succeeded && read.UserEntity.Id == person.ToString() ? read.Passkey : null;
    }

    public async Task<(Person Person, UserPasskeyInfo Passkey)?> Asserted(Guid question, string credential, string site, CancellationToken ct)
    {
        await people.Join(ct);
        if (await Take(question, null, ct) is not { } state) return null;
        var read = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = At(site), CredentialJson = credential, AssertionState = state });
        return read.Succeeded ? (read.User, read.Passkey) : null;
    }

    /// The framework asks a request for its host and origin; the door has said both.
    private static DefaultHttpContext At(string site)
    {
        var address = Uri.TryCreate(site, UriKind.Absolute, out var said) && said.Host.Length > 0 ? said : Nowhere;
        var http = new DefaultHttpContext();
        (http.Request.Scheme, http.Request.Host, http.Request.Headers.Origin) = (address.Scheme, new HostString(address.Authority), address.GetLeftPart(UriPartial.Authority));
        return http;
    }

    private async Task<PasskeyQuestion> Keep(Guid? person, string options, string state, CancellationToken ct)
    {
        var question = new PasskeyQuestion(Guid.CreateVersion7(db.Now), options);
        db.Queue($"delete from access.passkey_challenge where expires_at < {db.Now}");
        await db.Execute($"insert into access.passkey_challenge (id, person_id, state, expires_at) values ({question.Id}, {person}::uuid, {state}, {db.Now + Holds})", ct);
        return question;
    }

    private Task<string?> Take(Guid question, Guid? person, CancellationToken ct) =>
        db.First<string>($"delete from access.passkey_challenge where id = {question} and expires_at > {db.Now} and person_id is not distinct from {person}::uuid returning state", ct);
}

/// Begins to add a passkey: what the browser is to ask of the device.
[Operation("access.begin-passkey", AccessPermissions.Own, Secret = true, Global = true, Said = "began a passkey", Icon = "lock")]
internal sealed class BeginPasskey(Oneself oneself, PasskeyDesk desk, Tries tries) : IOperation<BeginPasskey.Request, PasskeyQuestion>
{
    public sealed record Request([Required, MaxLength(200), DataType(DataType.Password)] string Password, [Required, MaxLength(200), Url] string Site);

    public async Task<Result<PasskeyQuestion>> Run(Request request, CancellationToken ct)
    {
        var (users, person) = await oneself.Find(ct);
        if (person is null) return Oneself.NotAPerson;
        if (await tries.Refused(users, person, request.Password) is { } refused) return refused;
        return await desk.AskForNew(person, request.Site, ct);
    }
}

/// Adds the passkey that the device has made.
[Operation("access.add-passkey", AccessPermissions.Own, Secret = true, Global = true, Said = "added a passkey", Icon = "lock")]
internal sealed class AddPasskey(Oneself oneself, PasskeyDesk desk) : IOperation<AddPasskey.Request, Done>
{
    private const int Most = 20;

    public sealed record Request(Guid Question, [Required, MaxLength(20_000)] string Credential, [Required, MaxLength(60)] string Name, [Required, MaxLength(200), Url] string Site);

    public static readonly Error NotMade = new("access.passkey-not-made", "The device's answer could not be read, or came too late. Try again.");
    public static readonly Error TooMany = new("access.passkeys-too-many", "You have as many passkeys as one may have. Remove one that you do not use.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var (users, person) = await oneself.Find(ct);
        if (person is null) return Oneself.NotAPerson;
        if ((await users.GetPasskeysAsync(person)).Count >= Most) return TooMany;
        if (await desk.Attested(request.Question, person.Id, request.Credential, request.Site, ct) is not { } passkey) return NotMade;
        passkey.Name = request.Name;
        var added = await users.AddOrUpdatePasskeyAsync(person, passkey);
        return added.Succeeded ? Done.It : People.Refusal(added);
    }
}

/// Removes a passkey of one's own; it opens nothing any more.
[Operation("access.remove-passkey", AccessPermissions.Own, Global = true, Said = "removed a passkey", Icon = "lock")]
internal sealed class RemovePasskey(KeelDb db, Oneself oneself) : IOperation<RemovePasskey.Request, Done>
{
    public sealed record Request([Required, MaxLength(2000)] string Passkey);

    public static readonly Error Unknown = Error.NotFound("access.passkey-unknown", "You have no such passkey.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var (_, person) = await oneself.Find(ct);
        if (person is null) return Oneself.NotAPerson;
        return await db.Execute($"delete from access.passkey where person_id = {person.Id} and encode(credential_id, 'hex') = {request.Passkey}", ct) == 0 ? Unknown : Done.It;
    }
}

/// Begins a sign-in with a passkey.
[Operation("access.begin-passkey-sign-in", AccessPermissions.SignIn, Secret = true, Global = true, Said = "began to sign in with a passkey", Icon = "lock")]
internal sealed class BeginPasskeySignIn(PasskeyDesk desk) : IOperation<BeginPasskeySignIn.Request, PasskeyQuestion>
{
    public sealed record Request([Required, MaxLength(200), Url] string Site);

    public async Task<Result<PasskeyQuestion>> Run(Request request, CancellationToken ct) => await desk.AskForAny(request.Site, ct);
}

/// Lets in who holds a passkey and has shown so to the device, by finger, face or its PIN: both factors in one. Wrong passwords of others do not lock it.
[Operation("access.sign-in-with-passkey", AccessPermissions.SignIn, Secret = true, Global = true, Said = "let in with a passkey", Icon = "person")]
internal sealed class SignInWithPasskey(KeelDb db, People people, PasskeyDesk desk, Entrance entrance) : IOperation<SignInWithPasskey.Request, SignIn.Answer>
{
    public sealed record Request(Guid Question, [Required, MaxLength(20_000)] string Credential, [Required, MaxLength(200), Url] string Site, [MaxLength(60)] string Device = "", [MaxLength(60)] string Address = "");

    public async Task<Result<SignIn.Answer>> Run(Request request, CancellationToken ct)
    {
        if (await desk.Asserted(request.Question, request.Credential, request.Site, ct) is not { } shown || shown.Person.Disabled) return new SignIn.Answer(null, null, false);
        db.Work.Concerns(shown.Person.Email!);
        await (await people.Join(ct)).AddOrUpdatePasskeyAsync(shown.Person, shown.Passkey);
        return new SignIn.Answer(shown.Person.Id, await entrance.Open(shown.Person, "passkey", new(request.Device, request.Address), ct), false);
    }
}

/// One's own passkeys.
[View("access.own-passkeys", AccessPermissions.Own, Sort = "-created-at")]
internal sealed class OwnPasskeyList(KeelDb db) : IView<OwnPasskeyList.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        public required string Name { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public required bool IsBackedUp { get; init; }
    }

    public FormattableString Rows() => $"select encode(credential_id, 'hex') as id, name, created_at, is_backed_up from access.passkey where person_id = {db.Work.Actor.Id}";
}
