using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Keel.App.Access;
using Keel.Tests.Doors;

namespace Keel.Tests.Access;

/// A browser without script: it keeps cookies, follows no redirect, and sends forms with the token of the page.
internal sealed partial class Browsing(Uri site, string agent = Browsing.Firefox) : IDisposable
{
    public const string Firefox = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0";
    public const string Password = "a long enough one";
    private readonly HttpClient http = Open(site, agent);
    private string token = "";

    public Browsing(WebShop web, string agent = Firefox) : this(web.Address, agent) { }

    /// Somebody who may come in.
    public static async Task<Guid> Let(WebShop web, string email, string role, string password = Password) =>
        (await web.Gate.Run<CreateUser, CreateUser.Request, Guid>(new CreateUser.Request(email, email, password, [role]), Caller.Keel(default))).Value;

    public Task<Seen> Goes(string address) => Send(() => http.GetAsync(new Uri(address, UriKind.Relative)));

    public async Task<Seen> Enters(string email, string password = Password, string back = "/")
    {
        await Goes("/sign-in");
        return await Sends("/sign-in", ("email", email), ("password", password), ("returnUrl", back));
    }

    /// Whether the pages are open to this browser.
    public async Task<bool> IsIn() => (await Goes("/me")).Status is HttpStatusCode.OK;

    public Task<Seen> Sends(string address, params (string Name, string Value)[] fields) => Send(() => http.PostAsync(
        new Uri(address, UriKind.Relative), new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", token)).Select(f => new KeyValuePair<string, string>(f.Item1, f.Item2)))));

    /// What an authenticator shows for a key at an instant: RFC 6238.
    public static string Code(string key, DateTimeOffset at)
    {
        var bits = string.Concat(key.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        byte[] secret = [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
        var counter = BitConverter.GetBytes(IPAddress.HostToNetworkOrder(at.ToUnixTimeSeconds() / 30));
#pragma warning disable CA5350 // RFC 6238 says SHA-1, and authenticators follow it.
        var hash = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        var offset = hash[^1] & 15;
        var number = ((hash[offset] & 127) << 24) | (hash[offset + 1] << 16) | (hash[offset + 2] << 8) | hash[offset + 3];
        return (number % 1_000_000).ToString("D6");
    }

    public void Dispose() => http.Dispose();

    private async Task<Seen> Send(Func<Task<HttpResponseMessage>> send)
    {
        using var response = await send();
        var text = await response.Content.ReadAsStringAsync();
        if (Token().Match(text) is { Success: true } found) token = found.Groups["token"].Value;
        return new Seen(response.StatusCode, response.Headers.Location?.ToString(), WebUtility.HtmlDecode(text), response.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [])
        {
            Headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase),
        };
    }

    private static HttpClient Open(Uri address, string agent)
    {
#pragma warning disable MA0039 // It is our own server on this machine, with a certificate made for the test.
        var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true, ServerCertificateCustomValidationCallback = (_, _, _, _) => true, CookieContainer = new CookieContainer() }) { BaseAddress = address };
#pragma warning restore MA0039
        http.DefaultRequestHeaders.UserAgent.ParseAdd(agent);
        return http;
    }

    [GeneratedRegex("__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Token();
}

/// What a browser was answered.
internal sealed record Seen(HttpStatusCode Status, string? Location, string Text, IReadOnlyList<string> Cookies)
{
    public required IReadOnlyDictionary<string, string> Headers { get; init; }
}
