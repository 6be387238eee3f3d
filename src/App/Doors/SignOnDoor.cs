using System.Net.Http.Headers;
using System.Text.Json;
using Keel.App.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;

namespace Keel.App.Doors;

/// The way to another house's sign-in and back. The framework's handler keeps state, proof and correlation; here it is decided who comes in.
internal static class SignOnDoor
{
    public const string KeyClaim = "key";
    public const string EmailClaim = "email";
    public const string VerifiedClaim = "email-verified";

    /// Sends somebody to the other house. By a link, since the content policy lets no form lead out of this one.
    public static Task Leave(HttpContext http)
    {
        var back = http.Request.Query["returnUrl"].ToString();
        return http.ChallengeAsync(SignOn.Scheme, new AuthenticationProperties { RedirectUri = Porter.IsOurs(back) ? back : "/" });
    }

    /// Somebody comes back: the framework's handler takes it from here.
    public static async Task Return(HttpContext http)
    {
        if (await http.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>().GetHandlerAsync(http, SignOn.Scheme) is IAuthenticationRequestHandler handler
            && await handler.HandleRequestAsync()) return;
        http.Response.Redirect("/sign-in");
    }

    public static void Describe(OAuthOptions oauth, SignOn signOn)
    {
        oauth.CallbackPath = SignOn.Back;
        (oauth.AuthorizationEndpoint, oauth.TokenEndpoint, oauth.UserInformationEndpoint) = (signOn.Authorize.AbsoluteUri, signOn.Token.AbsoluteUri, signOn.Person.AbsoluteUri);
        (oauth.ClientId, oauth.ClientSecret, oauth.UsePkce, oauth.SaveTokens) = (signOn.ClientId, signOn.ClientSecret, true, false);
        oauth.Scope.Clear();
        foreach (var scope in signOn.Scopes) oauth.Scope.Add(scope);

        // The way back is a plain redirect: a lax cookie comes along, also where there is no TLS on this machine.
        (oauth.CorrelationCookie.SameSite, oauth.CorrelationCookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        oauth.RemoteAuthenticationTimeout = TimeSpan.FromMinutes(10);
        oauth.SignInScheme = Sessions.Scheme;
        oauth.Events = new OAuthEvents
        {
            OnCreatingTicket = ReadPerson,
            OnTicketReceived = back => back.HttpContext.RequestServices.GetRequiredService<SignInDoor>().EnterFromOutside(back, signOn.Name),
            OnRemoteFailure = failed => failed.HttpContext.RequestServices.GetRequiredService<SignInDoor>().FailFromOutside(failed),
        };
    }

    private static async Task ReadPerson(OAuthCreatingTicketContext ticket)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Get, ticket.Options.UserInformationEndpoint);
        ask.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ticket.AccessToken);
        ask.Headers.Accept.ParseAdd("application/json");
        using var answer = await ticket.Backchannel.SendAsync(ask, ticket.HttpContext.RequestAborted);
        answer.EnsureSuccessStatusCode();
        using var person = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(ticket.HttpContext.RequestAborted));
        string? Said(string name) => person.RootElement.TryGetProperty(name, out var value) ? value.ToString() : null;
        ticket.Identity!.AddClaim(new(KeyClaim, Said("sub") ?? Said("id") ?? ""));
        ticket.Identity.AddClaim(new(EmailClaim, Said("email") ?? ""));
        ticket.Identity.AddClaim(new(VerifiedClaim, bool.TryParse(Said("email_verified"), out var isVerified) && isVerified ? "true" : "false"));
    }
}
