using System.Text.Json;
using Keel.App.Access;
using Keel.App.Doors;
using Keel.Ui;
using Microsoft.AspNetCore.Antiforgery;

namespace Keel.App.Setup;

/// Does what the setup proposes and somebody ticked: each site, channel and policy by its own operation, so that permission, log, versions and
/// approvals are those of anybody who sets it by hand.
internal sealed class SetupDoor(Gate gate, IAntiforgery antiforgery)
{
    private static readonly Error Stale = new("page.stale", "The page was open for too long. Load it again.");

    public static void Map(WebApplication app)
    {
        var door = new SetupDoor(app.Services.GetRequiredService<Gate>(), app.Services.GetRequiredService<IAntiforgery>());
        app.MapPost("/setup/apply", door.Apply);
    }

    /// Whether a new installation waits for its setup: whoever may set it up begins there until there is a company with a site and a channel.
    public static async Task<bool> IsNext(HttpContext http, Actor actor)
    {
        if (!actor.May(KernelPermissions.Policies) || !actor.May(KernelPermissions.Network)) return false;
        if (http.Features.Get<Company>() is null) return actor.May(KernelPermissions.Companies);
        var network = await Network.Of(http.RequestServices.GetRequiredService<Settings>(), http.RequestAborted);
        return network.Sites.Count == 0 || network.Channels.Count == 0;
    }

    private async Task Apply(HttpContext http)
    {
        if (!http.Request.HasFormContentType || await http.Request.ReadFormAsync(http.RequestAborted) is not { } form || !await antiforgery.IsRequestValidAsync(http))
        {
            await Safety.Whole(http, StatusCodes.Status409Conflict, "Nothing was set", Stale.Message);
            return;
        }

        var (visitor, company) = (http.Features.Get<Visitor>() ?? Visitor.Nobody, http.Features.Get<Company>());
        if (company is null)
        {
            http.Response.Redirect(Pages.SetupPage.Url());
            return;
        }

        var caller = new Caller(visitor.Actor, Door.Page, company.Id);
        var key = form[FormField.IdempotencyKey].ToString() is { Length: > 0 and <= 100 } given ? given : Guid.NewGuid().ToString();
        var done = new List<Outcomes.Outcome>();
        var (services, ct) = (http.RequestServices, http.RequestAborted);
        var answers = await ProfileNow(services, company.Id, ct);
        var proposals = services.GetRequiredService<Proposals>();
        if (form["places"] == "true")
        {
            await Open(answers, proposals, caller, key, done, ct);
        }

        // The sites and channels that were just opened count for what is proposed.
        await using var fresh = services.CreateAsyncScope();
        var work = fresh.ServiceProvider.GetRequiredService<Work>();
        (work.Company, work.Actor, work.Now) = (company.Id, visitor.Actor, services.GetRequiredService<TimeProvider>().GetUtcNow());
        foreach (var one in (await fresh.ServiceProvider.GetRequiredService<Proposals>().Of(answers, ct)).Where(p => form["kind"].Contains(p.Kind) && !p.Holds))
        {
            var choice = JsonSerializer.SerializeToElement(one.Choice, one.Choice.GetType(), KeelJson.Options);
            Say(done, Kernel.Views.ViewInfo.Spoken(one.Kind), await gate.Run<SetPolicy, SetPolicy.Request, int>(new(one.Kind, choice, one.Owner, After: one.Version), caller with { IdempotencyKey = $"{key}:{one.Kind}" }, ct));
        }

        if (done.Any(d => d.Role is not StateRole.Done)) await Safety.Show(http, typeof(Outcomes), new Dictionary<string, object> { ["Rows"] = done }, typeof(Shell));
        else http.Response.Redirect(Pages.SetupPage.Url(Questions.Steps.Count + 1));
    }

    private async Task Open(CompanyProfile answers, Proposals proposals, Caller caller, string key, List<Outcomes.Outcome> done, CancellationToken ct)
    {
        var (sites, channels) = (await proposals.Sites(answers, ct), await proposals.Channels(answers, ct));
        foreach (var site in sites)
            Say(done, site.Name, await gate.Run<CreateSite, CreateSite.Request, Done>(new(site.Code, site.Name, site.Kind, site.Authority), caller with { IdempotencyKey = $"{key}:{site.Code}" }, ct));
        if (channels.Count == 0) return;
        var nodes = sites.Count > 0 ? sites.Select(s => (NodeCode)s.Code).ToArray() : await proposals.Nodes(ct);
        foreach (var channel in channels)
            Say(done, channel.Name, await gate.Run<CreateChannel, CreateChannel.Request, Done>(new(channel.Code, channel.Name, channel.Kind, nodes), caller with { IdempotencyKey = $"{key}:{channel.Code}" }, ct));
    }

    private static async Task<CompanyProfile> ProfileNow(IServiceProvider services, Id<Company> company, CancellationToken ct) =>
        (await services.GetRequiredService<KeelDb>().Table<ProfileVersion>().Find($"company_id = {company} order by version desc limit 1", ct))?.Answers ?? new CompanyProfile();

    private static void Say<T>(List<Outcomes.Outcome> done, string subject, Result<T> ran) => done.Add(new(
        subject, ran.Ok ? StateRole.Done : ran.Waiting is not null ? StateRole.Waiting : StateRole.Late, ran.Waiting?.Sentence ?? ran.Error?.Message ?? ""));
}
