using System.Net;
using System.Security.Cryptography;
using System.Text;
using Keel.App.Access;
using Keel.Tests.Doors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Keel.Tests.Access;

public class SignOnTests
{
    [Fact, Feature("SE-09")]
    public async Task Whom_the_other_house_names_comes_in_and_is_known_by_its_key_from_then_on()
    {
        await using var other = await OtherHouse.Open();
        await using var web = await WebShop.Open(other.SignOn);
        await Browsing.Let(web, "eva@example.org", "executive");
        using var eva = new Browsing(web);

        other.Person = """{"sub":"77","email":"eva@example.org","email_verified":true}""";
        (await Goes(eva, other, back: "/settings/sites")).Location.ShouldBe("/settings/sites");
        (await eva.IsIn()).ShouldBeTrue();

        using var again = new Browsing(web);
        other.Person = """{"sub":"77","email":"eva@new-name.example","email_verified":true}""";
        (await Goes(again, other)).Location.ShouldBe("/", "the key is known, whatever the address is now");
        (await web.Shop.Text("select string_agg(distinct means, ' ') from access.session")).ShouldBe("the test house");
    }

    [Theory, Feature("SE-09")]
    [InlineData("""{"sub":"77","email":"eva@example.org","email_verified":false}""")]
    [InlineData("""{"sub":"77","email":"eva@example.org"}""")]
    [InlineData("""{"sub":"77","email":"stranger@example.org","email_verified":true}""")]
    [InlineData("""{"email":"eva@example.org","email_verified":true}""")]
    public async Task Who_is_not_surely_somebody_here_stays_outside(string person)
    {
        await using var other = await OtherHouse.Open();
        await using var web = await WebShop.Open(other.SignOn);
        await Browsing.Let(web, "eva@example.org", "executive");
        using var browser = new Browsing(web);

        other.Person = person;
        (await Goes(browser, other)).Location.ShouldBeNull();

        (await browser.IsIn()).ShouldBeFalse();
        (await web.Shop.Number("select count(*) from access.session")).ShouldBe(0);
    }

    [Fact, Feature("SE-09")]
    public async Task A_second_account_there_with_the_same_address_is_not_taken_for_the_first()
    {
        await using var other = await OtherHouse.Open();
        await using var web = await WebShop.Open(other.SignOn);
        await Browsing.Let(web, "eva@example.org", "executive");
        using Browsing eva = new(web), thief = new(web);

        other.Person = """{"sub":"77","email":"eva@example.org","email_verified":true}""";
        await Goes(eva, other);
        other.Person = """{"sub":"78","email":"eva@example.org","email_verified":true}""";
        await Goes(thief, other);

        (await eva.IsIn()).ShouldBeTrue();
        (await thief.IsIn()).ShouldBeFalse();
    }

    [Fact, Feature("SE-09")]
    public async Task What_comes_back_to_a_browser_that_did_not_leave_opens_nothing()
    {
        await using var other = await OtherHouse.Open();
        await using var web = await WebShop.Open(other.SignOn);
        await Browsing.Let(web, "eva@example.org", "executive");
        using Browsing thief = new(web), victim = new(web);
        other.Person = """{"sub":"77","email":"eva@example.org","email_verified":true}""";

        var left = await thief.Goes("/sign-in/elsewhere?returnUrl=/");
        var back = other.Answer(left.Location!);
        var forged = await victim.Goes(back);

        forged.Status.ShouldBe(HttpStatusCode.BadRequest);
        (await victim.IsIn()).ShouldBeFalse();
    }

    [Fact, Feature("SE-09")]
    public async Task The_second_factor_is_asked_for_all_the_same()
    {
        await using var other = await OtherHouse.Open();
        await using var web = await WebShop.Open(other.SignOn);
        await Browsing.Let(web, "eva@example.org", "executive");
        await web.Shop.Number("update access.person set two_factor_enabled = true returning 1");
        using var eva = new Browsing(web);
        other.Person = """{"sub":"77","email":"eva@example.org","email_verified":true}""";

        (await Goes(eva, other)).Location.ShouldBe("/sign-in/code?returnUrl=%2F");

        (await eva.Goes("/sign-in/code?returnUrl=%2F")).Text.ShouldContain("Your code");
        (await eva.IsIn()).ShouldBeFalse();
    }

    /// Leaves for the other house, is let in there, and comes back.
    private static async Task<Seen> Goes(Browsing browser, OtherHouse other, string back = "/")
    {
        (await browser.Goes("/sign-in")).Text.ShouldContain("With the test house");
        var left = await browser.Goes("/sign-in/elsewhere?returnUrl=" + back);
        return await browser.Goes(other.Answer(left.Location!));
    }

    /// An authority of the tests: it names whom it is told to, and is strict about codes, secrets and proofs.
    private sealed class OtherHouse : IAsyncDisposable
    {
        private readonly WebApplication app;
        private readonly Dictionary<string, string> challenges = [];

        private OtherHouse(WebApplication app) => this.app = app;

        public string Person { get; set; } = "{}";
        public SignOn SignOn { get; private set; } = null!;

        public static async Task<OtherHouse> Open()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            var house = new OtherHouse(app);
            app.MapPost("/token", (Delegate)house.Token);
            app.MapGet("/person", (HttpRequest request) => request.Headers.Authorization == "Bearer open" ? Results.Text(house.Person, "application/json") : Results.Unauthorized());
            await app.StartAsync();
            var address = new Uri(app.Urls.First());
            house.SignOn = new SignOn("the test house", new Uri(address, "/authorize"), new Uri(address, "/token"), new Uri(address, "/person"), "keel", "between us");
            return house;
        }

        /// Where the browser is sent back to after somebody has signed in here.
        public string Answer(string asked)
        {
            var query = QueryHelpers.ParseQuery(new Uri(asked).Query);
            query["code_challenge_method"].ToString().ShouldBe("S256");
            var code = Guid.NewGuid().ToString("N");
            challenges[code] = query["code_challenge"].ToString();
            return QueryHelpers.AddQueryString(new Uri(query["redirect_uri"].ToString()).AbsolutePath, new Dictionary<string, string?> { ["code"] = code, ["state"] = query["state"] });
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task<IResult> Token(HttpRequest request)
        {
            var form = await request.ReadFormAsync();
            var proof = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
            return challenges.Remove(form["code"].ToString(), out var challenge) && challenge == proof && form["client_secret"] == "between us"
                ? Results.Json(new { access_token = "open", token_type = "Bearer", expires_in = 60 })
                : Results.BadRequest(new { error = "invalid_grant" });
        }
    }
}
