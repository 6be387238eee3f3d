using Keel.App.Access;
using Keel.App.Pages;
using Keel.Ui;
using Microsoft.AspNetCore.Antiforgery;

namespace Keel.App.Doors;

/// Where the link of an invitation leads: a name, a password, and in.
internal sealed class InvitationDoor(Gate gate, ModuleCatalog catalog, Sessions sessions, IAntiforgery antiforgery, Porter porter, TimeProvider clock)
{
    public async Task Ask(HttpContext http)
    {
        // Looking is a try as well: else links could be guessed at without end.
        if (!porter.Admits(http)) await Safety.Whole(http, StatusCodes.Status429TooManyRequests, "Wait a minute", Porter.TooMany.Message);
        else if (await Find(http) is not { } invited) await Safety.Whole(http, StatusCodes.Status404NotFound, "This link opens nothing", AcceptInvitation.Over.Message);
        else await Show(http, invited, null, null, StatusCodes.Status200OK);
    }

    public async Task Accept(HttpContext http)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        if (await Find(http) is not { } invited)
        {
            await Safety.Whole(http, StatusCodes.Status404NotFound, "This link opens nothing", AcceptInvitation.Over.Message);
            return;
        }

        var name = form["name"].ToString();
        var refusal = !await antiforgery.IsRequestValidAsync(http) ? Porter.Stale : !porter.Admits(http) ? Porter.TooMany : null;
        if (refusal is null)
        {
            var from = Standpoint.Of(http);
            var tried = await gate.Run(catalog.Of(typeof(AcceptInvitation)), new AcceptInvitation.Request(TokenOf(http), form["password"].ToString(), name, from.Device, from.Address), Porter.Caller, http.RequestAborted);
            if (tried.Answer is SignIn.Answer { Person: { } person, Session: var session })
            {
                sessions.Forget();
                if (session is { } open) await sessions.Begin(http, person, open);
                http.Response.Redirect(session is null ? "/sign-in" : "/");
                return;
            }

            refusal = tried.Error;
        }

        await Show(http, invited, name, refusal, ReferenceEquals(refusal, Porter.TooMany) ? StatusCodes.Status429TooManyRequests : StatusCodes.Status400BadRequest);
    }

    private static string TokenOf(HttpContext http) => (string?)http.Request.RouteValues["token"] ?? "";

    private async Task<Invited?> Find(HttpContext http)
    {
        var db = http.RequestServices.GetRequiredService<KeelDb>();
        return await db.First<Invited>(
            $"select email, person_id is null as is_new from access.invitation where digest = {InvitationLink.DigestOf(TokenOf(http))} and used_at is null and revoked_at is null and expires_at > {clock.GetUtcNow()}", http.RequestAborted);
    }

    private static Task Show(HttpContext http, Invited invited, string? name, Error? refusal, int status)
    {
        var parameters = new Dictionary<string, object> { ["Email"] = invited.Email, ["IsNew"] = invited.IsNew, ["Name"] = name ?? "" };
        if (refusal is not null) parameters["Refusal"] = refusal;
        http.Response.Headers.CacheControl = "no-store";
        return Safety.Show(http, typeof(InvitationPage), parameters, typeof(SignInFrame), status);
    }

    private sealed record Invited(string Email, bool IsNew);
}
