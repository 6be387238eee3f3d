using System.Net;
using System.Text.RegularExpressions;
using Keel.App.Access;
using Keel.Tests.Doors;
using Shouldly;
using Xunit;

namespace Keel.Tests.Access;

public partial class SignInTests
{
    private const string Password = "a long enough one";

    [Fact, Feature("SE-01")]
    public async Task Who_signs_in_sees_the_pages_of_their_roles()
    {
        await using var web = await WebShop.Open();
        await Let(web, "wim@example.org", "warehouse");
        using var browser = Browser(web);

        var before = await browser.GetAsync(new Uri("/settings/users", UriKind.Relative));
        var entered = await Enter(browser, "wim@example.org", Password);
        var own = await browser.GetAsync(new Uri("/settings/sites", UriKind.Relative));
        var others = await browser.GetAsync(new Uri("/settings/users", UriKind.Relative));

        before.Headers.Location!.ToString().ShouldStartWith("/sign-in");
        entered.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        own.StatusCode.ShouldBe(HttpStatusCode.OK);
        others.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact, Feature("SE-09")]
    public async Task Five_wrong_passwords_lock_the_door_for_the_right_one_too()
    {
        await using var web = await WebShop.Open();
        await Let(web, "eva@example.org", "executive");
        using var browser = Browser(web);

        for (var i = 0; i < 5; i++) await Enter(browser, "eva@example.org", "wrong " + i);
        var right = await Enter(browser, "eva@example.org", Password);

        right.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await right.Content.ReadAsStringAsync()).ShouldContain("locked");
        (await web.Http.GetStringAsync(new Uri("/api/v1/access/users", UriKind.Relative))).ShouldNotContain("eva@example.org", Shouldly.Case.Sensitive, "the key is of one company, she works for all");
        using var house = await web.Program(["*"], null);
        (await house.GetStringAsync(new Uri("/api/v1/access/users", UriKind.Relative))).ShouldContain("\"state\":\"locked\"");
    }

    [Fact]
    public async Task A_new_password_ends_open_sessions()
    {
        await using var web = await WebShop.Open();
        var id = await Let(web, "tom@example.org", "store");
        using var browser = Browser(web);
        await Enter(browser, "tom@example.org", Password);

        using var house = await web.Program(["*"], null);
        (await web.Post("/api/v1/access/set-password", $$"""{"user":"{{id}}","password":"another long one"}""")).Code.ShouldBe("access.beyond-own", "the key of one company has no say over somebody of all");
        await WebShop.Post(house, "/api/v1/access/set-password", $$"""{"user":"{{id}}","password":"another long one"}""");
        var after = await browser.GetAsync(new Uri("/settings/sites", UriKind.Relative));

        after.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Enter(browser, "tom@example.org", "another long one")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact, Feature("SE-03")]
    public async Task Nobody_gives_more_than_they_have()
    {
        await using var web = await WebShop.Open();
        using var clerk = await web.Program(["access.*", "catalog.*"], "harbour");

        var key = await WebShop.Post(clerk, "/api/v1/access/create-api-key", """{"name":"x","permissions":["sales.*"],"company":"harbour"}""");
        var user = await WebShop.Post(clerk, "/api/v1/access/create-user", """{"name":"x","email":"x@example.org","password":"long enough pw","roles":["administrator"]}""");

        (key.Status, key.Code).ShouldBe((403, "access.beyond-own"));
        (user.Status, user.Code).ShouldBe((403, "access.beyond-own"));
    }

    private static async Task<Guid> Let(WebShop web, string email, string role) =>
        (await web.Gate.Run<CreateUser, CreateUser.Request, Guid>(new CreateUser.Request(email, email, Password, [role]), Caller.Keel(default))).Value;

    private static HttpClient Browser(WebShop web) =>
        new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new CookieContainer() }) { BaseAddress = web.Address };

    private static async Task<HttpResponseMessage> Enter(HttpClient browser, string email, string password)
    {
        var page = await browser.GetStringAsync(new Uri("/sign-in", UriKind.Relative));
        var token = Token().Match(page).Groups["token"].Value;
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("email", email), new("password", password), new("returnUrl", "/")]);
        return await browser.PostAsync(new Uri("/sign-in", UriKind.Relative), form);
    }

    [GeneratedRegex("__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Token();
}
