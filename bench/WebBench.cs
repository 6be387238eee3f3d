using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Keel.App;
using Keel.App.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Bench;

/// The web side over a world's database, in this process, with a key for programs and a sign-in for a person.
internal sealed partial class WebBench : IAsyncDisposable
{
    private readonly WebApplication app;

    private WebBench(WebApplication app, Uri address, TimeSpan started) => (this.app, Address, Started) = (app, address, started);

    public Uri Address { get; }

    /// From nothing to the first request answered.
    public TimeSpan Started { get; }

    public static async Task<WebBench> Open(World world)
    {
        var clock = Stopwatch.StartNew();
        var app = WebHost.Build(world.ConnectionString, new WebOptions { Port = 0, WorksByItself = false });
        await WebHost.Migrate(app, CancellationToken.None);
        await app.StartAsync();
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        using var http = new HttpClient { BaseAddress = address };
        (await http.GetAsync("/health")).EnsureSuccessStatusCode();
        return new WebBench(app, address, clock.Elapsed);
    }

    /// A program with a key for everything in the world's company.
    public async Task<HttpClient> Program(World world) => Client(Address, await Key(world));

    public static HttpClient Client(Uri address, string key)
    {
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    public async Task<string> Key(World world)
    {
        var code = await world.Text($"select code from kernel.company where id = '{world.Company}'");
        var made = await Gate.Run<CreateApiKey, CreateApiKey.Request, CreateApiKey.Answer>(new CreateApiKey.Request("bench", ["*"], code), Caller.Keel(default));
        return made.Value.Key;
    }

    /// A person who has signed in.
    public async Task<HttpClient> Person(World world)
    {
        var code = await world.Text($"select code from kernel.company where id = '{world.Company}'");
        var (email, password) = ($"{Guid.NewGuid():N}@bench.example", Guid.NewGuid().ToString("N") + "Aa1!");
        var made = await Gate.Run(app.Services.GetRequiredService<ModuleCatalog>().Of(typeof(CreateUser)), new CreateUser.Request("Bench", email, password, ["administrator"], [code]), Caller.Keel(default));
        if (!made.Ok) throw new InvariantBroken(made.Error?.Message ?? "no person");
        var http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = true }) { BaseAddress = Address };
        var form = await http.GetStringAsync("/sign-in");
        var fields = Hidden().Matches(form).Select(m => new KeyValuePair<string, string>(m.Groups["name"].Value, WebUtility.HtmlDecode(m.Groups["value"].Value)))
            .Append(new("email", email)).Append(new("password", password));
        (await http.PostAsync("/sign-in", new FormUrlEncodedContent(fields))).EnsureSuccessStatusCode();
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private Gate Gate => app.Services.GetRequiredService<Gate>();

    [GeneratedRegex("""<input[^>]*type="hidden"[^>]*name="(?<name>[^"]+)"[^>]*value="(?<value>[^"]*)"|<input[^>]*name="(?<name>[^"]+)"[^>]*type="hidden"[^>]*value="(?<value>[^"]*)""")]
    private static partial Regex Hidden();
}
