using System.Threading.RateLimiting;
using Keel.App.Access;
using Keel.Ui;
using Microsoft.AspNetCore.Antiforgery;

namespace Keel.App.Doors;

/// The page where people come in and go out. Ten tries a minute from one address, five per person before the door is locked for a while.
internal sealed class SignInDoor(Gate gate, ModuleCatalog catalog, Sessions sessions, Demo demo, IAntiforgery antiforgery) : IDisposable
{
    private static readonly Actor Porter = new(ActorKind.System, new Guid("6b65656c-0000-7000-8000-000000000002"), "sign-in page")
    {
        Permissions = System.Collections.Frozen.FrozenSet.Create(StringComparer.Ordinal, AccessPermissions.SignIn),
    };

    private static readonly Error Wrong = new("access.wrong", "The e-mail address or the password is wrong. Try again, or ask an administrator for a new password.");
    private static readonly Error Locked = new("access.locked", "The door is locked for five minutes after too many tries. Wait, or ask an administrator to open it.");
    private static readonly Error TooMany = new("access.too-many", "Too many tries from here. Wait a minute.");
    private static readonly Error Stale = new("access.stale", "The page was open for too long. Sign in again.");

    private readonly PartitionedRateLimiter<string> tries = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions { PermitLimit = 10, Window = TimeSpan.FromMinutes(1) }));

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
            await Show(http, email, back, Stale, StatusCodes.Status400BadRequest);
            return;
        }

        using var lease = tries.AttemptAcquire(http.Connection.RemoteIpAddress?.ToString() ?? "");
        if (!lease.IsAcquired)
        {
            await Show(http, email, back, TooMany, StatusCodes.Status429TooManyRequests);
            return;
        }

        var password = form["password"].ToString();
        if (demo.Find(form["demo"]) is { } shown) (email, password) = (shown.Email, shown.Password);
        var tried = await gate.Run(catalog.Of(typeof(SignIn)), new SignIn.Request(email, password), new Caller(Porter, Door.Page, default), http.RequestAborted);
        if (tried.Answer is SignIn.Answer { Person: { } person })
        {
            await sessions.Begin(http, person);
            http.Response.Redirect(IsOurs(back) ? back : "/");
            return;
        }

        await Show(http, email, back, tried.Answer is SignIn.Answer { Locked: true } ? Locked : Wrong, StatusCodes.Status400BadRequest);
    }

    public async Task Leave(HttpContext http)
    {
        if (await antiforgery.IsRequestValidAsync(http)) await sessions.End(http);
        http.Response.Redirect("/sign-in");
    }

    public void Dispose() => tries.Dispose();

    private Task Show(HttpContext http, string? email, string? back, Error? refusal, int status)
    {
        var parameters = new Dictionary<string, object>
        {
            ["ReturnUrl"] = IsOurs(back) ? back! : "/",
            ["Demo"] = demo.People.Select(p => new SignInPage.DemoPerson(p.Name, p.Title, p.Email)).ToArray(),
        };
        if (email is { Length: > 0 }) parameters["Email"] = email;
        if (refusal is not null) parameters["Refusal"] = refusal;
        http.Response.Headers.CacheControl = "no-store";
        return Safety.Show(http, typeof(SignInPage), parameters, typeof(SignInFrame), status);
    }

    /// An address within this house: others are not redirected to.
    private static bool IsOurs(string? address) => address is ['/', ..] && address is not ['/', '/' or '\\', ..] && !address.Any(char.IsControl);
}
