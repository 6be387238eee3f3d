using System.Security.Claims;
using Keel.App.Access;
using Keel.Ui;
using Keel.App.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;

namespace Keel.App.Doors;

/// The page where people come in and go out. Ten tries a minute from one address, five per person before the door is locked for a while.
internal sealed class SignInDoor(Gate gate, ModuleCatalog catalog, Sessions sessions, Demo demo, IAntiforgery antiforgery, IDataProtectionProvider protection, Porter porter, IServiceProvider services)
{
    private static readonly Error Wrong = new("access.wrong", "The e-mail address or the password is wrong. Try again, or ask an administrator for a new password.");
    private static readonly Error Locked = new("access.locked", "The door is locked for five minutes after too many tries. Wait, or ask an administrator to open it.");

    private static readonly Error NotKnown = new("access.not-known-here", "The other house knows you, but nobody here has your account or your verified e-mail address. Ask an administrator for an invitation.");
    private static readonly Error NotOutside = new("access.outside-failed", "The other house did not let you in, or it took too long. Try again.");
    private static readonly Error WrongCode = new("access.code", "The code is wrong, or was used before. Type the next one that the authenticator shows, or a recovery code.");

    /// Between the password and the code: who it is, sealed, for as long as one needs to find the telephone.
    private const string HalfwayCookie = "keel-halfway";
    private static readonly TimeSpan Halfway = TimeSpan.FromMinutes(5);
    private readonly ITimeLimitedDataProtector seal = protection.CreateProtector("sign-in.halfway").ToTimeLimitedDataProtector();

    public Task Ask(HttpContext http) => Show(http, null, http.Request.Query["returnUrl"], null, StatusCodes.Status200OK);

    public async Task Enter(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
        {
            await Problems.Write(http, Error.Invalid("request.not-a-form", "Sign in with the form at /sign-in."));
            return;
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (email, back) = (form["email"].ToString().Trim(), form["returnUrl"].ToString());
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            await Show(http, email, back, Porter.Stale, StatusCodes.Status400BadRequest);
            return;
        }

        if (!porter.Admits(http))
        {
            await Show(http, email, back, Porter.TooMany, StatusCodes.Status429TooManyRequests);
            return;
        }

        var password = form["password"].ToString();
        if (demo.Find(form["demo"]) is { } shown) (email, password) = (shown.Email, shown.Password);
        var from = Standpoint.Of(http);
        var tried = await gate.Run(catalog.Of(typeof(SignIn)), new SignIn.Request(email, password, from.Device, from.Address), Porter.Caller, http.RequestAborted);
        if (tried.Answer is SignIn.Answer { Person: { } person, Session: var session })
        {
            if (session is { } open)
            {
                await LetIn(http, person, open, back);
                return;
            }

            RememberHalfway(http, person);
            await ShowCode(http, back, null, StatusCodes.Status200OK);
            return;
        }

        await Show(http, email, back, tried.Answer is SignIn.Answer { Locked: true } ? Locked : Wrong, StatusCodes.Status400BadRequest);
    }

    /// Somebody comes back from the other house.
    public async Task EnterFromOutside(TicketReceivedContext back, string house)
    {
        var (http, claims, from) = (back.HttpContext, back.Principal!, Standpoint.Of(back.HttpContext));
        back.HandleResponse();
        var tried = await gate.Run(catalog.Of(typeof(SignInFromOutside)), new SignInFromOutside.Request(house, claims.FindFirstValue(SignOnDoor.KeyClaim) ?? "", claims.FindFirstValue(SignOnDoor.EmailClaim),
            claims.FindFirstValue(SignOnDoor.VerifiedClaim) == "true", from.Device, from.Address), Porter.Caller, http.RequestAborted);
        if (tried.Answer is not SignIn.Answer { Person: { } person, Session: var session })
        {
            await Show(http, null, back.ReturnUri, NotKnown, StatusCodes.Status403Forbidden);
            return;
        }

        if (session is { } open)
        {
            await LetIn(http, person, open, back.ReturnUri);
            return;
        }

        RememberHalfway(http, person);
        http.Response.Redirect("/sign-in/code?returnUrl=" + Uri.EscapeDataString(back.ReturnUri ?? "/"));
    }

    public Task FailFromOutside(RemoteFailureContext failed)
    {
        failed.HandleResponse();
        return Show(failed.HttpContext, null, "/", NotOutside, StatusCodes.Status400BadRequest);
    }

    /// Where somebody is halfway in, the code is asked for again.
    public Task AskCode(HttpContext http)
    {
        if (Known(http) is not null) return ShowCode(http, http.Request.Query["returnUrl"], null, StatusCodes.Status200OK);
        http.Response.Redirect("/sign-in");
        return Task.CompletedTask;
    }

    /// The second step, for those who have a second factor.
    public async Task EnterCode(HttpContext http)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        var back = form["returnUrl"].ToString();
        if (!await antiforgery.IsRequestValidAsync(http) || Known(http) is not { } person)
        {
            await Show(http, null, back, Porter.Stale, StatusCodes.Status400BadRequest);
            return;
        }

        if (!porter.Admits(http))
        {
            await ShowCode(http, back, Porter.TooMany, StatusCodes.Status429TooManyRequests);
            return;
        }

        var from = Standpoint.Of(http);
        var tried = await gate.Run(catalog.Of(typeof(SignInWithCode)), new SignInWithCode.Request(person, form["code"].ToString(), from.Device, from.Address), Porter.Caller, http.RequestAborted);
        if (tried.Answer is SignIn.Answer { Session: { } session }) await LetIn(http, person, session, back);
        else await ShowCode(http, back, tried.Answer is SignIn.Answer { Locked: true } ? Locked : WrongCode, StatusCodes.Status400BadRequest);
    }

    public async Task Leave(HttpContext http)
    {
        if (await antiforgery.IsRequestValidAsync(http))
        {
            if (await sessions.Of(http) is { Session: { } session } visitor)
                await gate.Run(catalog.Of(typeof(EndOwnSessions)), new EndOwnSessions.Request(session), new Caller(visitor.Actor, Door.Page, default), http.RequestAborted);
            sessions.Forget();
            await sessions.End(http);
            http.Response.Headers["Clear-Site-Data"] = "\"storage\"";
        }

        http.Response.Redirect("/sign-in");
    }

    private void RememberHalfway(HttpContext http, Guid person) => http.Response.Cookies.Append(HalfwayCookie, seal.Protect(person.ToString(), Halfway),
        new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/sign-in", MaxAge = Halfway });

    private async Task LetIn(HttpContext http, Guid person, Guid session, string? back)
    {
        http.Response.Cookies.Delete(HalfwayCookie, new CookieOptions { Path = "/sign-in" });
        await sessions.Begin(http, person, session);
        http.Response.Redirect(Porter.IsOurs(back) ? back! : "/");
    }

    private Guid? Known(HttpContext http)
    {
        try
        {
            return http.Request.Cookies[HalfwayCookie] is { } sealedPerson && Guid.TryParse(seal.Unprotect(sealedPerson), out var person) ? person : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private static Task ShowCode(HttpContext http, string? back, Error? refusal, int status)
    {
        var parameters = new Dictionary<string, object> { ["ReturnUrl"] = Porter.IsOurs(back) ? back! : "/" };
        if (refusal is not null) parameters["Refusal"] = refusal;
        http.Response.Headers.CacheControl = "no-store";
        return Safety.Show(http, typeof(SignInCodePage), parameters, typeof(SignInFrame), status);
    }

    private Task Show(HttpContext http, string? email, string? back, Error? refusal, int status)
    {
        var parameters = new Dictionary<string, object>
        {
            ["ReturnUrl"] = Porter.IsOurs(back) ? back! : "/",
            ["Demo"] = demo.People.Select(p => new SignInPage.DemoPerson(p.Name, p.Title, p.Email)).ToArray(),
        };
        if (services.GetService<SignOn>() is { } signOn) parameters["Elsewhere"] = signOn.Name;
        if (email is { Length: > 0 }) parameters["Email"] = email;
        if (refusal is not null) parameters["Refusal"] = refusal;
        http.Response.Headers.CacheControl = "no-store";
        return Safety.Show(http, typeof(SignInPage), parameters, typeof(SignInFrame), status);
    }
}
