using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Keel.App;
using Keel.App.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Tests.Doors;

/// A shop with its doors open: pages and API answer on a port of this machine.
internal sealed class WebShop : IAsyncDisposable
{
    private readonly WebApplication app;

    private WebShop(Shop shop, WebApplication app, Uri address)
    {
        (Shop, this.app, Address) = (shop, app, address);
    }

    public Shop Shop { get; }
    public Uri Address { get; }
    public Gate Gate => app.Services.GetRequiredService<Gate>();
    public ModuleCatalog Catalog => app.Services.GetRequiredService<ModuleCatalog>();

    /// A program that may do everything in the shop's company.
    public HttpClient Http { get; private set; } = null!;

    public static async Task<WebShop> Open()
    {
        var shop = await Shop.Open();
        var app = WebHost.Build(shop.ConnectionString, new WebOptions { Port = 0, WorksByItself = false });
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var web = new WebShop(shop, app, new Uri(address));
        web.Http = await web.Program(["*"], "harbour");
        return web;
    }

    /// A program with a key of its own.
    public async Task<HttpClient> Program(string[] permissions, string? company, int? perSecond = null)
    {
        var made = await Gate.Run<CreateApiKey, CreateApiKey.Request, CreateApiKey.Answer>(
            new CreateApiKey.Request("test", permissions, company, null, perSecond), Caller.Keel(default));
        return Client(made.Value.Key);
    }

    public HttpClient Client(string? key)
    {
        var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(2) };
        if (key is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    /// Who saw what is written down now.
    public Task Writes() => app.Services.GetRequiredService<Sights>().Write();

    public Task<Said> Post(string address, string json, string? key = null) => Post(Http, address, json, key);

    public static async Task<Said> Post(HttpClient http, string address, string json, string? key = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Headers.ExpectContinue = json.Length > 1_000_000;
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await http.SendAsync(request);
        return new Said((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Contains("Idempotency-Replayed"));
    }

    public static async Task<Said> Get(HttpClient http, string address)
    {
        using var response = await http.GetAsync(new Uri(address, UriKind.Relative));
        return new Said((int)response.StatusCode, await response.Content.ReadAsStringAsync(), false);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await Shop.DisposeAsync();
    }
}

/// What a door said.
internal sealed record Said(int Status, string Body, bool Replayed)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
    public string Code => Json.GetProperty("code").GetString()!;
    public string Field => Json.GetProperty("fields")[0].GetProperty("field").GetString()!;
}
