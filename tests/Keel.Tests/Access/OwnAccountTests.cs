using System.Net;
using System.Text.RegularExpressions;
using Keel.App.Access;
using Keel.Tests.Doors;
using Shouldly;
using Xunit;

namespace Keel.Tests.Access;

public partial class OwnAccountTests
{
    private const string New = "tram over the river";

    [Fact, Feature("SE-09")]
    public async Task A_session_that_is_ended_elsewhere_opens_nothing_from_the_next_request_on()
    {
        await using var web = await WebShop.Open();
        await Browsing.Let(web, "tom@example.org", "store");
        using Browsing desk = new(web), phone = new(web, "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/605");
        await desk.Enters("tom@example.org");
        await phone.Enters("tom@example.org");

        var mine = (await desk.Goes("/me")).Text;
        var session = Only().Match(mine).Groups["id"].Value;
        (await phone.IsIn()).ShouldBeTrue();
        await desk.Goes("/me");
        (await desk.Sends("/do/access/end-own-sessions", ("only", session), ("__return", "/me"))).Status.ShouldBe(HttpStatusCode.SeeOther);

        mine.ShouldContain("Safari on iPhone");
        (await phone.IsIn()).ShouldBeFalse();
        (await desk.IsIn()).ShouldBeTrue();
    }

    [Fact, Feature("SE-09")]
    public async Task An_administrator_ends_all_sessions_of_somebody()
    {
        await using var web = await WebShop.Open();
        var id = await Browsing.Let(web, "tom@example.org", "store");
        using Browsing one = new(web), other = new(web);
        await one.Enters("tom@example.org");
        await other.Enters("tom@example.org");
        (await one.IsIn() && await other.IsIn()).ShouldBeTrue();

        using var house = await web.Program(["*"], null);
        (await web.Post("/api/v1/access/end-sessions", $$"""{"user":"{{id}}"}""")).Code.ShouldBe("access.beyond-own", "the key of one company has no say over somebody of all");
        (await WebShop.Post(house, "/api/v1/access/end-sessions", $$"""{"user":"{{id}}"}""")).Body.ShouldBe("2");

        (await one.IsIn() || await other.IsIn()).ShouldBeFalse();
        (await one.Enters("tom@example.org")).Location.ShouldBe("/", "who was sent out may come in again");
    }

    [Fact, Feature("SE-09")]
    public async Task Nobody_ends_the_sessions_of_somebody_else_from_their_own_page()
    {
        await using var web = await WebShop.Open();
        await Browsing.Let(web, "tom@example.org", "store");
        await Browsing.Let(web, "eva@example.org", "executive");
        using Browsing tom = new(web), eva = new(web);
        await tom.Enters("tom@example.org");
        await eva.Enters("eva@example.org");
        var session = await web.Shop.Text("select s.id from access.session s join access.person p on p.id = s.person_id where p.email = 'tom@example.org'");

        await eva.Goes("/me");
        await eva.Sends("/do/access/end-own-sessions", ("only", session), ("__return", "/me"));

        (await tom.IsIn()).ShouldBeTrue();
    }

    [Fact, Feature("SE-09")]
    public async Task Signing_out_ends_the_session_for_a_copied_cookie_too()
    {
        await using var web = await WebShop.Open();
        await Browsing.Let(web, "tom@example.org", "store");
        using var tom = new Browsing(web);
        var cookie = (await tom.Enters("tom@example.org")).Cookies.Single(c => c.StartsWith("keel-session", StringComparison.Ordinal)).Split(';')[0];
        using var copy = web.Client(null);
        copy.DefaultRequestHeaders.Add("Cookie", cookie);
        (await WebShop.Get(copy, "/me")).Status.ShouldBe(200);

        await tom.Goes("/me");
        await tom.Sends("/sign-out");

        (await WebShop.Get(copy, "/me")).Status.ShouldBe(302);
    }

    [Fact, Feature("SE-09")]
    public async Task Who_signs_in_again_leaves_no_open_session_behind()
    {
        await using var web = await WebShop.Open();
        await Browsing.Let(web, "tom@example.org", "store");
        using var tom = new Browsing(web);

        var first = (await tom.Enters("tom@example.org")).Cookies.Single(c => c.StartsWith("keel-session", StringComparison.Ordinal)).Split(';')[0];
        await tom.Enters("tom@example.org");
        using var copy = web.Client(null);
        copy.DefaultRequestHeaders.Add("Cookie", first);

        (await WebShop.Get(copy, "/me")).Status.ShouldBe(302);
        (await tom.IsIn()).ShouldBeTrue();
        (await web.Shop.Number("select count(*) from access.session where ended_at is null")).ShouldBe(1);
    }

    [Fact, Feature("SE-09")]
    public async Task A_new_password_wants_the_old_one_and_ends_the_other_sessions()
    {
        await using var web = await WebShop.Open();
        await Browsing.Let(web, "tom@example.org", "store");
        using Browsing desk = new(web), phone = new(web);
        await desk.Enters("tom@example.org");
        await phone.Enters("tom@example.org");
        var session = CurrentOf((await desk.Goes("/me")).Text);

        var guessed = await desk.Sends("/do/access/change-password", ("password", "not this one here"), ("new", New), ("session", session), ("__return", "/me"));
        var common = await desk.Sends("/do/access/change-password", ("password", Browsing.Password), ("new", "Password1234!"), ("session", session), ("__return", "/me"));
        var changed = await desk.Sends("/do/access/change-password", ("password", Browsing.Password), ("new", New), ("session", session), ("__return", "/me"));

        guessed.Text.ShouldContain("This is not your password.");
        common.Text.ShouldContain("among the first that everybody tries");
        changed.Status.ShouldBe(HttpStatusCode.SeeOther);
        (await desk.IsIn()).ShouldBeTrue("who changed it stays");
        (await phone.IsIn()).ShouldBeFalse();
        (await phone.Enters("tom@example.org")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await phone.Enters("tom@example.org", New)).Status.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact, Feature("SE-09")]
    public async Task An_open_page_is_no_place_to_guess_the_password()
    {
        await using var web = await WebShop.Open();
        await Browsing.Let(web, "tom@example.org", "store");
        using var thief = new Browsing(web);
        await thief.Enters("tom@example.org");
        await thief.Goes("/me");

        for (var i = 0; i < 5; i++) (await thief.Sends("/do/access/change-password", ("password", $"guess number {i}"), ("new", New))).Text.ShouldContain("not your password");
        var right = await thief.Sends("/do/access/change-password", ("password", Browsing.Password), ("new", New));

        right.Text.ShouldContain("wrong too often");
    }

    [Fact, Feature("SE-09")]
    public async Task With_a_second_factor_the_password_alone_opens_nothing_and_no_code_opens_twice()
    {
        await using var web = await WebShop.Open();
        var id = await Browsing.Let(web, "eva@example.org", "executive");
        using var browser = new Browsing(web);
        await browser.Enters("eva@example.org");
        var page = (await browser.Goes("/me/second-factor")).Text;
        var key = Key().Match(page).Groups["key"].Value;
        var at = TimeProvider.System.GetUtcNow();

        var wrong = await browser.Sends("/do/access/turn-on-second-factor", ("key", key), ("code", "000000"), ("password", Browsing.Password));
        var on = await browser.Sends("/do/access/turn-on-second-factor", ("key", key), ("code", Browsing.Code(key, at)), ("password", Browsing.Password), ("session", CurrentOf(page)));
        var codes = Codes().Matches(on.Text).Select(m => m.Groups["code"].Value).ToArray();

        wrong.Text.ShouldContain("not the code that the authenticator shows");
        codes.Length.ShouldBe(10);
        (await browser.IsIn()).ShouldBeTrue("this session goes on");
        using var other = new Browsing(web);
        (await other.Enters("eva@example.org", back: "/settings/sites")).Text.ShouldContain("Your code");
        (await other.IsIn()).ShouldBeFalse();
        (await other.Sends("/sign-in/code", ("code", Browsing.Code(key, at)), ("returnUrl", "/settings/sites"))).Text.ShouldContain("wrong, or was used before");
        (await other.Sends("/sign-in/code", ("code", Browsing.Code(key, at.AddSeconds(30))), ("returnUrl", "/settings/sites"))).Location.ShouldBe("/settings/sites");
        (await other.IsIn()).ShouldBeTrue();
        using var third = new Browsing(web);
        await third.Enters("eva@example.org");
        (await third.Sends("/sign-in/code", ("code", codes[3].ToLowerInvariant()))).Location.ShouldBe("/", "a recovery code stands in");
        await third.Enters("eva@example.org");
        (await third.Sends("/sign-in/code", ("code", codes[3]))).Status.ShouldBe(HttpStatusCode.BadRequest, "once");
        (await web.Shop.Text($"select value from access.person_token where user_id = '{id}' and name = 'RecoveryCodes'")).ShouldNotContain(codes[0]);
    }

    [Fact, Feature("SE-09")]
    public async Task Wrong_codes_lock_the_door_as_wrong_passwords_do()
    {
        await using var web = await WebShop.Open();
        var id = await Browsing.Let(web, "eva@example.org", "executive");
        await TurnOn(web, id);
        using var browser = new Browsing(web);

        Seen last = null!;
        for (var i = 0; i < 5; i++)
        {
            // The right password in between does not begin the count anew.
            if (i % 2 == 0) await browser.Enters("eva@example.org");
            last = await browser.Sends("/sign-in/code", ("code", $"00000{i}"));
        }

        last.Text.ShouldContain("locked");
        (await web.Shop.Number("select count(*) from access.person where lockout_end is not null")).ShouldBe(1);
    }

    [Fact, Feature("SE-09")]
    public async Task Without_the_password_before_it_a_code_is_not_looked_at()
    {
        await using var web = await WebShop.Open();
        var id = await Browsing.Let(web, "eva@example.org", "executive");
        var key = await TurnOn(web, id);
        using var browser = new Browsing(web);
        await browser.Goes("/sign-in");

        var answer = await browser.Sends("/sign-in/code", ("code", Browsing.Code(key, TimeProvider.System.GetUtcNow().AddSeconds(30))));

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.IsIn()).ShouldBeFalse();
    }

    [Fact, Feature("SE-09")]
    public async Task A_role_that_wants_a_second_factor_opens_nothing_before_it_is_set_up()
    {
        await using var web = await WebShop.Open();
        using var house = await web.Program(["*"], null);
        await web.Gate.Run<SaveRole, SaveRole.Request, Done>(new("executive", "Executive", ["kernel.read", "sales.read"], Version: 0, NeedsSecondFactor: true), Caller.Keel(default));
        var id = await Browsing.Let(web, "eva@example.org", "executive");
        using var browser = new Browsing(web);
        await browser.Enters("eva@example.org");

        (await browser.Goes("/orders")).Location.ShouldBe("/me/second-factor");
        (await browser.Goes("/api/v1/sales/orders")).Status.ShouldBe(HttpStatusCode.Forbidden);
        var page = (await browser.Goes("/me/second-factor")).Text;
        page.ShouldContain("One of your roles wants a second factor");
        await browser.Sends("/do/access/turn-on-second-factor", ("key", Key().Match(page).Groups["key"].Value), ("code", Browsing.Code(Key().Match(page).Groups["key"].Value, TimeProvider.System.GetUtcNow())),
            ("password", Browsing.Password), ("session", CurrentOf(page)));

        (await browser.Goes("/orders")).Status.ShouldBe(HttpStatusCode.OK);
        await WebShop.Post(house, "/api/v1/access/take-second-factor", $$"""{"user":"{{id}}"}""");
        await browser.Enters("eva@example.org");
        (await browser.Goes("/orders")).Location.ShouldBe("/me/second-factor");
    }

    [Fact, Feature("SE-09")]
    public async Task An_administrator_takes_a_lost_factor_away()
    {
        await using var web = await WebShop.Open();
        var id = await Browsing.Let(web, "eva@example.org", "executive");
        await TurnOn(web, id);
        using var browser = new Browsing(web);

        using var house = await web.Program(["*"], null);
        (await browser.Enters("eva@example.org")).Text.ShouldContain("Your code");
        (await WebShop.Post(house, "/api/v1/access/take-second-factor", $$"""{"user":"{{id}}"}""")).Status.ShouldBe(200);

        (await browser.Enters("eva@example.org")).Location.ShouldBe("/");
    }

    [Theory, Feature("SE-09")]
    [InlineData("Password1234!")]
    [InlineData("passwordpassword")]
    [InlineData("P@ssw0rd2026")]
    [InlineData("123456789012")]
    [InlineData("abcdefghijklmn")]
    [InlineData("aaaabbbbaaaa")]
    [InlineData("qwertyuiop123")]
    [InlineData("welcomeadmin")]
    [InlineData("TomOkafor2026")]
    [InlineData("okafor-tom-1")]
    [InlineData("harbour!!!2026")]
    public void What_everybody_tries_first_and_the_own_name_are_no_passwords(string password) =>
        PasswordRules.Why(new Person { Name = "Tom Okafor", Email = "tom@harbour.example", Roles = [] }, password).ShouldNotBeNull();

    [Theory, Feature("SE-09")]
    [InlineData("a long enough one")]
    [InlineData("tram over the river")]
    [InlineData("kH7pXw2mQz9Rtv")]
    [InlineData("tom likes green herring")]
    [InlineData("harbour lights at noon")]
    public void Words_that_do_not_belong_together_are(string password) =>
        PasswordRules.Why(new Person { Name = "Tom Okafor", Email = "tom@harbour.example", Roles = [] }, password).ShouldBeNull();

    [Fact, Feature("SE-09")]
    public async Task Eleven_characters_are_too_few_and_kinds_of_characters_are_not_asked_for()
    {
        await using var shop = await Shop.Open();

        var few = await shop.Does<CreateUser, CreateUser.Request, Guid>(new("Tom", "tom@example.org", "tram on riv", ["store"]));
        var plain = await shop.Does<CreateUser, CreateUser.Request, Guid>(new("Tom", "tom@example.org", "tram on rive", ["store"]));

        few.Error!.Message.ShouldContain("12");
        plain.Ok.ShouldBeTrue();
    }

    private static async Task<string> TurnOn(WebShop web, Guid person)
    {
        const string secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
        var actor = new Actor(ActorKind.Person, person, "Eva") { Permissions = [AccessPermissions.Own] };
        var on = await web.Gate.Run<TurnOnSecondFactor, TurnOnSecondFactor.Request, RecoveryCodes>(
            new(secret, Browsing.Code(secret, TimeProvider.System.GetUtcNow()), Browsing.Password), new Caller(actor, Door.Page, default));
        on.Ok.ShouldBeTrue(on.Error?.Message);
        return secret;
    }

    private static string CurrentOf(string page) => Current().Match(page).Groups["id"].Value;

    [GeneratedRegex("name=\"only\" value=\"(?<id>[^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Only();

    [GeneratedRegex("name=\"session\" value=\"(?<id>[^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Current();

    [GeneratedRegex("name=\"key\" value=\"(?<key>[A-Z2-7]{32})\"", RegexOptions.None, 1000)]
    private static partial Regex Key();

    [GeneratedRegex("<code class=\"k-code\">(?<code>[^<]+)</code>", RegexOptions.None, 1000)]
    private static partial Regex Codes();
}
