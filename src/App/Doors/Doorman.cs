using Keel.App.Access;
using Keel.Kernel.Views;

namespace Keel.App.Doors;

/// Knows who stands at the door: by API key, else by the cookie of a session. What it found goes with the request.
internal sealed class Doorman(ApiKeys keys, Sessions sessions, Companies companies, PageNeeds pages, TimeProvider clock)
{
    private const string Bearer = "Bearer ";
    public const string CompanyHeader = "Keel-Company";
    public const string CompanyCookie = "keel-company";

    /// The visitor of a request, or why nobody comes in.
    public async ValueTask<Result<Visitor>> Ask(HttpContext http)
    {
        if (http.Request.Headers.Authorization is [{ } authorization])
        {
            if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return Problems.SignInFirst;
            return await keys.Admit(authorization[Bearer.Length..].Trim(), http.Connection.RemoteIpAddress, http.RequestAborted);
        }

        return await sessions.Of(http);
    }

    /// Who asks on the API, and for which company; else the refusal has been written.
    public async ValueTask<(Visitor Visitor, Company? Company)?> AskApi(HttpContext http)
    {
        var asked = await Ask(http);
        if (!asked.Ok)
        {
            await Problems.Write(http, asked.Error!, ReferenceEquals(asked.Error, ApiKeys.TooFast) ? StatusCodes.Status429TooManyRequests : StatusCodes.Status401Unauthorized);
            return null;
        }

        var visitor = asked.Value;
        if (!visitor.IsKnown)
        {
            await Problems.Write(http, Problems.SignInFirst, StatusCodes.Status401Unauthorized);
            return null;
        }

        var company = await companies.Choose(visitor, http.Request.Headers[CompanyHeader], http.RequestAborted);
        if (company.Ok) return (visitor, company.Value);
        await Problems.Write(http, company.Error!);
        return null;
    }

    /// Who looks at a page, and at which company: the one chosen last, else the first.
    public async ValueTask<(Visitor Visitor, Company? Company)> AskPage(HttpContext http)
    {
        var asked = await Ask(http);
        var visitor = asked.Ok ? asked.Value : Visitor.Nobody;
        if (!visitor.IsKnown) return (visitor, null);
        var mine = await companies.Of(visitor.Actor, http.RequestAborted);
        var chosen = http.Request.Cookies[CompanyCookie];
        return (visitor, mine.FirstOrDefault(c => c.Code == chosen) ?? (mine.Count > 0 ? mine[0] : null));
    }

    /// Tells the scope of a request what it is about, so that views and pages see one company's rows.
    public void Enter(HttpContext http, Visitor visitor, Company? company, Door door)
    {
        var work = http.RequestServices.GetRequiredService<Work>();
        work.Company = company?.Id ?? default;
        work.Actor = visitor.Actor;
        work.Door = door;
        work.Now = clock.GetUtcNow();
        http.RequestServices.GetRequiredService<Lookout>().Viewer = new Viewer(visitor.Actor.May)
        {
            Name = visitor.Actor.Name, Company = company?.Name ?? "No company yet", Zone = company is null ? TimeZoneInfo.Utc : Zones.Of(company.Zone),
            Ways = href => pages.NeededFor(href) is not { } needed || visitor.Actor.May(needed),
            Currency = company?.Currency ?? Currency.Eur, Reach = visitor.Actor.Reach,
            Site = Places(visitor.Actor.Reach),
        };
    }

    /// Where somebody works, in a few words.
    private static string Places(Reach reach) =>
        (reach.Nodes is { } nodes ? string.Join(", ", nodes.Order()) : "All sites") + (reach.Channels is { } channels ? "; " + string.Join(", ", channels.Order()) : "");

    /// After an operation of sign-in itself: keys and sessions are read again.
    public void Ran(Outcome outcome)
    {
        if (outcome.Operation.Module != "access" || !outcome.Ok) return;
        keys.Forget();
        sessions.Forget();
    }
}
