using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Keel.App;
using Keel.App.Access;
using Keel.Tests.Doors;
using Shouldly;
using Xunit;

namespace Keel.Tests.Access;

/// What every answer carries, and what no door takes.
public class DoorSecurityTests
{
    [Fact, Feature("SE-09")]
    public async Task Pages_forbid_scripts_and_styles_of_others_frames_and_guessing()
    {
        await using var web = await WebShop.Open();
        await Browsing.Let(web, "ada@example.org", "administrator");
        using var browser = new Browsing(web);
        await browser.Enters("ada@example.org");

        foreach (var address in new[] { "/sign-in", "/today", "/settings/users", "/nowhere", "/invitation/none", "/health" })
        {
            var headers = (await browser.Goes(address)).Headers;
            headers["X-Content-Type-Options"].ShouldBe("nosniff", address);
            headers["X-Frame-Options"].ShouldBe("DENY", address);
            headers["Referrer-Policy"].ShouldBe("same-origin", address);
            headers["Cross-Origin-Opener-Policy"].ShouldBe("same-origin", address);
            var policy = headers["Content-Security-Policy"];
            policy.ShouldContain("default-src 'self'");
            policy.ShouldContain("object-src 'none'");
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldContain("form-action 'self'");
            policy.ShouldContain("base-uri 'none'");
            policy.ShouldNotContain("unsafe", Shouldly.Case.Insensitive, address);
            headers.Keys.ShouldNotContain("Server");
        }

        (await browser.Goes("/today")).Headers["Cache-Control"].ShouldContain("no-store");
        (await browser.Goes("/sign-in")).Headers["Cache-Control"].ShouldContain("no-store");
    }

    [Fact, Feature("SE-09")]
    public async Task A_form_without_the_token_of_its_page_changes_nothing()
    {
        await using var web = await WebShop.Open();
        var id = await Browsing.Let(web, "ada@example.org", "administrator");
        using var browser = new Browsing(web);
        var cookie = (await browser.Enters("ada@example.org")).Cookies.Single(c => c.StartsWith("keel-session", StringComparison.Ordinal)).Split(';')[0];
        using var elsewhere = web.Client(null);
        elsewhere.DefaultRequestHeaders.Add("Cookie", cookie);

        foreach (var (address, field) in new[] { ("/do/access/change-name", "name"), ("/do/access/end-own-sessions", "x"), ("/sign-out", "x"), ("/me/passkey/question", "password"), ("/settings/devices/here", "name") })
        {
            using var form = new FormUrlEncodedContent([new(field, "Mallory")]);
            using var answer = await elsewhere.PostAsync(new Uri(address, UriKind.Relative), form);
            ((int)answer.StatusCode).ShouldNotBe(303, address);
        }

        using var asForm = new FormUrlEncodedContent([new("name", "Mallory")]);
        using var api = await elsewhere.PostAsync(new Uri("/api/v1/access/change-name", UriKind.Relative), asForm);
        api.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType, "the API takes no forms, so that another site's page cannot send one");
        (await web.Shop.Text($"select name from access.person where id = '{id}'")).ShouldBe("ada@example.org");
        (await web.Shop.Number("select count(*) from access.session where ended_at is not null")).ShouldBe(0);
        (await web.Shop.Number("select count(*) from access.shared_device")).ShouldBe(0);
        (await browser.IsIn()).ShouldBeTrue();
    }

    [Fact, Feature("SE-09")]
    public async Task One_address_tries_ten_times_a_minute_whatever_the_way_in()
    {
        await using var web = await WebShop.Open();
        await Browsing.Let(web, "ada@example.org", "administrator");
        using var browser = new Browsing(web);

        for (var i = 0; i < 5; i++) (await browser.Enters($"nobody{i}@example.org")).Status.ShouldBe(HttpStatusCode.BadRequest);
        for (var i = 0; i < 5; i++) (await browser.Goes($"/invitation/guess{i}")).Status.ShouldBe(HttpStatusCode.NotFound);

        (await browser.Enters("ada@example.org")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await browser.Goes("/invitation/guess")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await browser.IsIn()).ShouldBeFalse();
    }

    [Theory, Feature("SE-09")]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task The_way_back_after_the_sign_in_leads_to_this_house_only(string back)
    {
        await using var web = await WebShop.Open();
        await Browsing.Let(web, "ada@example.org", "administrator");
        using var browser = new Browsing(web);

        (await browser.Enters("ada@example.org", back: back)).Location.ShouldBe("/");
    }

    [Theory, Feature("SE-09")]
    [InlineData("/today\r\nSet-Cookie: x=y", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/orders?search=Müller 日本", "/orders?search=M%C3%BCller %E6%97%A5%E6%9C%AC")]
    public async Task A_form_leads_back_into_this_house_whatever_it_names(string back, string place)
    {
        await using var web = await WebShop.Open();
        await Browsing.Let(web, "ada@example.org", "administrator");
        using var browser = new Browsing(web);
        await browser.Enters("ada@example.org");
        await browser.Goes("/me");

        (await browser.Sends("/do/access/choose-language", ("language", "de"), ("__return", back))).Location.ShouldBe(place);
        (await browser.Sends("/do/access/choose-language", ("language", "de\0"), ("__return", "/me"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact, Feature("SE-05", "SE-09")]
    public async Task Over_tls_cookies_never_leave_it_and_browsers_stay_with_it()
    {
        await using var shop = await Shop.Open();
        await shop.Person("Ada", "administrator");
        var file = Path.Combine(Path.GetTempPath(), $"keel-{Guid.NewGuid():N}.pfx");
        await File.WriteAllBytesAsync(file, SelfSigned());
        try
        {
            await using var app = WebHost.Build(shop.ConnectionString, new WebOptions { Port = 0, WorksByItself = false, Certificate = file });
            await app.StartAsync();
            using var browser = new Browsing(new Uri(app.Urls.First()));

            var asked = await browser.Goes("/sign-in");
            var entered = await browser.Enters("ada@harbour.example", "a long enough word");

            asked.Headers["Strict-Transport-Security"].ShouldStartWith("max-age=31536000");
            entered.Location.ShouldBe("/");
            var cookies = asked.Cookies.Concat(entered.Cookies).Where(c => !c.Contains("expires=Thu, 01 Jan 1970", StringComparison.Ordinal)).ToArray();
            cookies.Length.ShouldBeGreaterThan(1);
            cookies.ShouldAllBe(c => c.Contains("; secure", StringComparison.OrdinalIgnoreCase) && c.Contains("; httponly", StringComparison.OrdinalIgnoreCase) && c.Contains("; samesite=", StringComparison.OrdinalIgnoreCase));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static byte[] SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        return certificate.Export(X509ContentType.Pkcs12);
    }
}
