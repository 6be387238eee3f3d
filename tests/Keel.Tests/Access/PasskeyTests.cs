using System.Net;
using Keel.App.Access;
using Keel.Tests.Doors;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Keel.Tests.Access;

/// Passkeys with the authenticator that Chromium plays.
public class PasskeyTests
{
    private const string Password = "harbour lights at noon";

    [Fact, Feature("SE-09")]
    public async Task A_passkey_is_added_opens_without_a_password_and_opens_nothing_once_removed()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "executive");
        await Enters(site);
        await Authenticator(site);

        await site.Page.FillAsync("#passkey-name", "My telephone");
        await site.Page.FillAsync("#passkey-password", Password);
        await site.Presses("Add a passkey");
        await site.Sees("My telephone");
        await site.Pictures("me-passkey");

        await Leaves(site);
        await site.Presses("With a passkey");
        await site.Sees("My account");
        (await shop.Number("select count(*) from access.session where means = 'passkey'")).ShouldBe(1);
        (await shop.Number("select sign_count from access.passkey")).ShouldBeGreaterThan(0);

        await site.Presses("Remove");
        await site.Agrees();
        await site.Sees("none yet");
        await Leaves(site);
        await site.Presses("With a passkey");
        await site.Sees("does not open here", "body");
        (await shop.Number("select count(*) from access.session where means = 'passkey'")).ShouldBe(1);
    }

    [Fact, Feature("SE-09")]
    public async Task An_answer_is_taken_once_and_only_for_the_site_that_asked()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "executive");
        await Enters(site);
        await Authenticator(site);
        await site.Page.FillAsync("#passkey-name", "My telephone");
        await site.Page.FillAsync("#passkey-password", Password);
        await site.Presses("Add a passkey");
        await site.Sees("My telephone");

        // The device answers two questions; each answer is kept back and given here.
        var address = new Uri(site.Page.Url).GetLeftPart(UriPartial.Authority);
        var (good, stolen) = (await Answered(shop, site, address), await Answered(shop, site, address));

        (await Tries(shop, stolen, "https://keel.example")).ShouldBeNull("it was signed for another site");
        (await Tries(shop, good with { Question = Guid.NewGuid() }, address)).ShouldBeNull("nobody asked this");
        (await Tries(shop, good, address)).ShouldNotBeNull();
        (await Tries(shop, good, address)).ShouldBeNull("it was taken before");
    }

    [Fact, Feature("SE-09")]
    public async Task Nobody_adds_a_passkey_to_an_open_page_without_the_password()
    {
        await using var web = await WebShop.Open();
        await Browsing.Let(web, "tom@example.org", "store");
        using var thief = new Browsing(web);
        await thief.Enters("tom@example.org");
        await thief.Goes("/me");

        var asked = await thief.Sends("/me/passkey/question", ("password", "not this one here"));

        asked.Status.ShouldBe(HttpStatusCode.BadRequest);
        asked.Text.ShouldContain("access.own-password-wrong");
        (await web.Shop.Number("select count(*) from access.passkey_challenge")).ShouldBe(0);
    }

    private sealed record Given(Guid Question, string Credential);

    private static async Task<Given> Answered(Shop shop, Site site, string address)
    {
        var asked = await shop.Does<BeginPasskeySignIn, BeginPasskeySignIn.Request, PasskeyQuestion>(new(address), Keel.App.Doors.Porter.Caller);
        var credential = await site.Page.EvaluateAsync<string>(
            "async o => JSON.stringify((await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(o)) })).toJSON())", asked.Value.Options);
        return new Given(asked.Value.Id, credential);
    }

    private static async Task<Guid?> Tries(Shop shop, Given given, string address) => (await shop.Does<SignInWithPasskey, SignInWithPasskey.Request, SignIn.Answer>(
        new(given.Question, given.Credential, address), Keel.App.Doors.Porter.Caller)).Value.Session;

    /// Passkeys are for names, not for numbers: the same site under its name.
    private static async Task Enters(Site site)
    {
        await site.Page.GotoAsync($"http://localhost:{new Uri(site.Page.Url).Port}/sign-in?returnUrl=/me");
        await site.Page.FillAsync("#email", "executive@harbour.example");
        await site.Page.FillAsync("#password", Password);
        await site.Page.ClickAsync("main button[type=submit]");
        await site.Sees("My account");
    }

    private static async Task Leaves(Site site)
    {
        await site.Page.Context.ClearCookiesAsync();
        await site.Page.GotoAsync($"http://localhost:{new Uri(site.Page.Url).Port}/sign-in?returnUrl=/me");
    }

    private static async Task Authenticator(Site site)
    {
        var devtools = await site.Page.Context.NewCDPSessionAsync(site.Page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new { protocol = "ctap2", transport = "internal", hasResidentKey = true, hasUserVerification = true, isUserVerified = true, automaticPresenceSimulation = true },
        });
    }
}
