using Keel.App.Access;
using Keel.App.Pages;
using Keel.Ui;
using Microsoft.AspNetCore.Antiforgery;

namespace Keel.App.Doors;

/// The way in on a device that many share: scan a badge, type a PIN, and go on where one was, or where the one before was.
internal sealed class BadgeDoor(Gate gate, ModuleCatalog catalog, Sessions sessions, IAntiforgery antiforgery, Porter porter)
{
    public const string DeviceCookie = "keel-device";

    private static readonly Error Wrong = new("access.badge-wrong", "The badge or the PIN is wrong. Scan again.");
    private static readonly Error Locked = new("access.badge-locked", "This badge is locked for five minutes after too many tries. Wait, or sign in with e-mail and password.");

    public async Task Ask(HttpContext http)
    {
        if (await NameOf(http) is { } name) await Show(http, name, null, http.Request.Query["returnUrl"], null, StatusCodes.Status200OK);
        else http.Response.Redirect("/sign-in" + http.Request.QueryString);
    }

    public async Task Enter(HttpContext http)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        var (badge, pin, back) = (form["badge"].ToString().Trim(), form["pin"].ToString().Trim(), form["returnUrl"].ToString());
        if (await NameOf(http) is not { } name)
        {
            http.Response.Redirect("/sign-in");
            return;
        }

        if (!await antiforgery.IsRequestValidAsync(http))
        {
            await Show(http, name, null, back, Porter.Stale, StatusCodes.Status400BadRequest);
            return;
        }

        // A scanner ends with Enter: the badge is here, and the PIN is asked for next.
        if (pin.Length == 0)
        {
            await Show(http, name, badge, back, null, StatusCodes.Status200OK);
            return;
        }

        var tried = await gate.Run(catalog.Of(typeof(SignInWithBadge)),
            new SignInWithBadge.Request(http.Request.Cookies[DeviceCookie]!, badge, pin, http.Connection.RemoteIpAddress?.ToString() ?? ""), Porter.Caller, http.RequestAborted);
        if (tried.Answer is SignIn.Answer { Person: { } person, Session: { } session })
        {
            sessions.Forget();
            await sessions.Begin(http, person, session);
            http.Response.Headers["Clear-Site-Data"] = "\"storage\"";
            http.Response.Redirect(Porter.IsOurs(back) ? back : "/");
            return;
        }

        // Only what fails counts: at the change of shift many come in from one address.
        var refusal = !porter.Admits(http) ? Porter.TooMany : tried.Error ?? (tried.Answer is SignIn.Answer { Locked: true } ? Locked : Wrong);
        await Show(http, name, null, back, refusal, ReferenceEquals(refusal, Porter.TooMany) ? StatusCodes.Status429TooManyRequests : StatusCodes.Status400BadRequest);
    }

    /// Makes this browser a device that many share.
    public async Task Register(HttpContext http)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        var visitor = http.Features.Get<Visitor>() ?? Visitor.Nobody;
        var minutes = int.TryParse(form["idleMinutes"], System.Globalization.CultureInfo.InvariantCulture, out var some) ? some : RegisterDevice.UsualIdleMinutes;
        var made = !await antiforgery.IsRequestValidAsync(http)
            ? null
            : await gate.Run(catalog.Of(typeof(RegisterDevice)), new RegisterDevice.Request(form["name"].ToString().Trim(), minutes), new Caller(visitor.Actor, Door.Page, default), http.RequestAborted);
        if (made?.Answer is not RegisterDevice.Answer device)
        {
            var error = made?.Error ?? Porter.Stale;
            await Safety.Whole(http, Problems.StatusOf(error), "Not registered", error.Message + string.Concat(error.Fields.Select(f => $" {f.Field} {f.Message}")));
            return;
        }

        http.Response.Cookies.Append(DeviceCookie, device.Token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromDays(365) });
        http.Response.Redirect("/settings/devices");
    }

    /// What this device is called; null where it is not a shared one.
    private static async Task<string?> NameOf(HttpContext http) => http.Request.Cookies[DeviceCookie] is not { Length: > 0 and < 100 } token ? null
        : await http.RequestServices.GetRequiredService<KeelDb>().First<string>($"select name from access.shared_device where digest = {InvitationLink.DigestOf(token)} and ended_at is null", http.RequestAborted);

    private static Task Show(HttpContext http, string device, string? badge, string? back, Error? refusal, int status)
    {
        var parameters = new Dictionary<string, object> { ["Device"] = device, ["Badge"] = badge ?? "", ["ReturnUrl"] = Porter.IsOurs(back) ? back! : "/" };
        if (refusal is not null) parameters["Refusal"] = refusal;
        http.Response.Headers.CacheControl = "no-store";
        return Safety.Show(http, typeof(BadgePage), parameters, typeof(SignInFrame), status);
    }
}
