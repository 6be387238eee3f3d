using System.Text.Json;
using Keel.App.Access;
using Keel.Ui;
using Microsoft.AspNetCore.Antiforgery;

namespace Keel.App.Doors;

/// Where the browser asks for and answers questions to passkeys; the script of the page stands between.
internal sealed class PasskeyDoor(Gate gate, ModuleCatalog catalog, Sessions sessions, IAntiforgery antiforgery, Porter porter)
{
    public Task AskToEnter(HttpContext http) => Answer(http, () => porter.Admits(http)
        ? gate.Run(catalog.Of(typeof(BeginPasskeySignIn)), new BeginPasskeySignIn.Request(SiteOf(http)), Porter.Caller, http.RequestAborted)
        : Task.FromResult(Refused(typeof(BeginPasskeySignIn), Porter.TooMany)));

    public Task Enter(HttpContext http) => Answer(http, async () =>
    {
        if (!porter.Admits(http)) return Refused(typeof(SignInWithPasskey), Porter.TooMany);
        var (form, from) = (http.Request.Form, Standpoint.Of(http));
        var tried = await gate.Run(catalog.Of(typeof(SignInWithPasskey)), new SignInWithPasskey.Request(
            Guid.TryParse(form["question"], out var question) ? question : default, form["credential"].ToString(), SiteOf(http), from.Device, from.Address), Porter.Caller, http.RequestAborted);
        if (tried.Answer is not SignIn.Answer { Person: { } person, Session: { } session }) return tried.Error is null ? Refused(typeof(SignInWithPasskey), PasskeyDesk.Refused) : tried;
        await sessions.Begin(http, person, session);
        return tried with { Answer = new { to = Porter.IsOurs(form["returnUrl"]) ? form["returnUrl"].ToString() : "/" } };
    });

    public Task AskForNew(HttpContext http) => Answer(http, () => gate.Run(
        catalog.Of(typeof(BeginPasskey)), new BeginPasskey.Request(http.Request.Form["password"].ToString(), SiteOf(http)), By(http), http.RequestAborted));

    public Task Add(HttpContext http) => Answer(http, async () =>
    {
        var form = http.Request.Form;
        var added = await gate.Run(catalog.Of(typeof(AddPasskey)), new AddPasskey.Request(
            Guid.TryParse(form["question"], out var question) ? question : default, form["credential"].ToString(), form["name"].ToString().Trim(), SiteOf(http)), By(http), http.RequestAborted);
        return added.Error is null ? added with { Answer = new { to = "/me" } } : added;
    });

    private static Caller By(HttpContext http) => new((http.Features.Get<Visitor>() ?? Visitor.Nobody).Actor, Door.Page, default);

    private static string SiteOf(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}";

    private Outcome Refused(Type operation, Error error) => new(catalog.Of(operation), Guid.Empty, null, error, null, false, false);

    private async Task Answer(HttpContext http, Func<Task<Outcome>> run)
    {
        if (!http.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(http))
        {
            await Problems.Write(http, Porter.Stale);
            return;
        }

        await http.Request.ReadFormAsync(http.RequestAborted);
        var outcome = await run();
        if (outcome.Error is { } error)
        {
            await Problems.Write(http, error, ReferenceEquals(error, Porter.TooMany) ? StatusCodes.Status429TooManyRequests : null);
            return;
        }

        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsJsonAsync(outcome.Answer, JsonSerializerOptions.Web, http.RequestAborted);
    }
}
