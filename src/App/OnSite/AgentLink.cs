using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Keel.App.Doors;
using Keel.App.Postgres;

namespace Keel.App.OnSite;

/// The way from an agent to Keel: the API with a key, and patience.
internal sealed class AgentLink : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly HttpClient http;
    private readonly PrintAgentOptions options;

    public AgentLink(PrintAgentOptions options, HttpMessageHandler? handler = null)
    {
        this.options = options;
        http = new HttpClient(handler ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { BaseAddress = options.Server, Timeout = TimeSpan.FromMinutes(1) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
        if (options.Company is { } company) http.DefaultRequestHeaders.Add(Doorman.CompanyHeader, company);
    }

    /// True as soon as something waits; false after some patience.
    public async Task<bool> Wait(CancellationToken ct)
    {
        var program = "keel " + typeof(AgentLink).Assembly.GetName().Version?.ToString(3);
        using var said = await Send(() => new HttpRequestMessage(HttpMethod.Get, string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"/api/v1/printing/wait?agent={Uri.EscapeDataString(options.Name)}&host={Uri.EscapeDataString(Dns.GetHostName())}&program={Uri.EscapeDataString(program)}&seconds={options.WaitSeconds}")), ct);
        await Must(said, ct);
        return (await said.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("work").GetBoolean();
    }

    public async Task<IReadOnlyList<AgentJob>> Claim(CancellationToken ct)
    {
        using var said = await Post("claim-jobs", new { agent = options.Name }, ct);
        await Must(said, ct);
        return await said.Content.ReadFromJsonAsync<AgentJob[]>(Json, ct) ?? [];
    }

    /// False where the claim does not hold any more.
    public async Task<bool> Begin(AgentJob job, CancellationToken ct)
    {
        using var said = await Post("begin-sending", new { job = job.Job, claim = job.Claim }, ct);
        if (said.StatusCode is HttpStatusCode.Conflict) return false;
        await Must(said, ct);
        return true;
    }

    /// A report that Keel does not want any more is done too: somebody has decided meanwhile.
    public async Task Report(AgentReport report, CancellationToken ct)
    {
        var problem = report.Problem is { Length: > 300 } text ? text[..300] : report.Problem;
        using var said = await Post("report", new { job = report.Job, claim = report.Claim, end = report.End, problem }, ct);
        if (said.StatusCode is not HttpStatusCode.Conflict) await Must(said, ct);
    }

    public void Dispose() => http.Dispose();

    private Task<HttpResponseMessage> Post(string operation, object request, CancellationToken ct) =>
        Send(() => new HttpRequestMessage(HttpMethod.Post, "/api/v1/printing/" + operation) { Content = JsonContent.Create(request, options: Json) }, ct);

    private async Task<HttpResponseMessage> Send(Func<HttpRequestMessage> make, CancellationToken ct)
    {
        using var request = make();
        try
        {
            return await http.SendAsync(request, ct);
        }
        catch (HttpRequestException broken)
        {
            throw new LinkBroken($"Keel does not answer at {options.Server}: {broken.Message}", broken);
        }
        catch (TaskCanceledException slow) when (!ct.IsCancellationRequested)
        {
            throw new LinkBroken($"Keel took too long to answer at {options.Server}.", slow);
        }
    }

    private static async Task Must(HttpResponseMessage said, CancellationToken ct)
    {
        if (said.IsSuccessStatusCode) return;
        var text = await said.Content.ReadAsStringAsync(ct);
        // A key that is refused does not become better by trying.
        if (said.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest) throw new CannotRun($"Keel refuses this agent: {text}");
        throw new LinkBroken($"Keel answered {(int)said.StatusCode}.");
    }
}
