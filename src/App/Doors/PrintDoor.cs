using System.Diagnostics;
using System.Globalization;
using Keel.App.Access;
using Keel.Printing;
using Keel.Printing.Contract;

namespace Keel.App.Doors;

/// Papers for browsers, and where agents on site wait for work.
internal static class PrintDoor
{
    private const int MostName = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25), Pause = TimeSpan.FromMilliseconds(400);

    public static readonly Error NoAgent = Error.Invalid("printing.agent-unnamed", "Name the agent: ?agent=dock-1, at most 60 characters.");
    public static readonly Error NotAgent = new("printing.not-an-agent", "This key may not take print jobs: it needs the permission printing.agent.", Refusal.Forbidden);

    public static void Map(WebApplication app)
    {
        app.MapGet("/print/{paper}/{**key}", Show);
        app.MapGet("/api/v1/printing/wait", http => Wait(http, app.Services.GetRequiredService<Doorman>()));
    }

    /// `GET /print/invoice/…`: the paper as a PDF, or the label in ZPL with `?zpl=yes`.
    private static async Task Show(HttpContext http)
    {
        // A slash within a key, as places have one, stays escaped in the path.
        var (paper, key) = ((string)http.Request.RouteValues["paper"]!, Uri.UnescapeDataString((string?)http.Request.RouteValues["key"] ?? ""));
        var shown = await http.RequestServices.GetRequiredService<PaperDesk>().Show(paper, key, http.Request.Query.ContainsKey("zpl"), http.RequestAborted);
        if (!shown.Ok)
        {
            var status = Problems.StatusOf(shown.Error!);
            await Safety.Whole(http, status, Problems.Title(status), shown.Error!.Message);
            return;
        }

        var response = http.Response;
        response.ContentType = shown.Value.MediaType;
        response.Headers.ContentDisposition = $"inline; filename=\"{shown.Value.Name}\"";
        // The browser's own viewer shows it: nothing of ours is loaded by it.
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'";
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(shown.Value.Content, http.RequestAborted);
    }

    /// `GET /api/v1/printing/wait?agent=dock-1`: answers as soon as something waits for a printer of the agent, or after some patience. Asking is the agent's sign of life.
    private static async Task Wait(HttpContext http, Doorman doorman)
    {
        if (await doorman.AskApi(http) is not { } from) return;
        string agent = http.Request.Query["agent"].ToString(), host = http.Request.Query["host"].ToString(), program = http.Request.Query["program"].ToString();
        var refusal = from.Company is null ? Companies.NotNamed
            : !from.Visitor.Actor.May(PrintingPermissions.Agent) ? NotAgent
            : agent.Length is 0 or > MostName || host.Length > MostName || program.Length > MostName || (agent + host + program).Any(char.IsControl) ? NoAgent : null;
        if (refusal is not null)
        {
            await Problems.Write(http, refusal);
            return;
        }

        doorman.Enter(http, from.Visitor, from.Company, Door.Api);
        var watch = http.RequestServices.GetRequiredService<AgentWatch>();
        watch.Heard(agent, host, program);
        var asked = int.TryParse(http.Request.Query["seconds"], CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, (int)Patience.TotalSeconds)) : Patience;
        var since = Stopwatch.GetTimestamp();
        bool work;
        while (!(work = await watch.HasWork(agent, http.RequestAborted)) && Stopwatch.GetElapsedTime(since) < asked) await Task.Delay(Pause, http.RequestAborted);
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(work ? """{"work":true}""" : """{"work":false}""", http.RequestAborted);
    }
}
