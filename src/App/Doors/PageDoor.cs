using System.Reflection;
using Keel.App.Access;
using Keel.Ui;
using Microsoft.AspNetCore.Components.Endpoints;

namespace Keel.App.Doors;

/// The way to the pages: who is not signed in is asked to, who may not see a page is told so, and everybody else comes in with their company.
internal sealed class PageDoor(RequestDelegate next, Doorman doorman, PageNeeds pages)
{
    public async Task Invoke(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        Words.Speak(Words.Preferred(http.Request.Headers.AcceptLanguage));
        if (endpoint?.Metadata.GetMetadata<ForAnyone>() is not null)
        {
            await next(http);
            return;
        }

        var (visitor, company) = await doorman.AskPage(http);
        if (!visitor.IsKnown)
        {
            ToSignIn(http);
            return;
        }

        http.Features.Set(visitor);
        if (company is not null) http.Features.Set(company);
        doorman.Enter(http, visitor, company, Door.Page);
        if (visitor.Language is { } own) Words.Speak(own);
        if (visitor.IsHalf && HttpMethods.IsGet(http.Request.Method) && !http.Request.Path.StartsWithSegments("/me", StringComparison.Ordinal))
        {
            http.Response.Redirect("/me/second-factor");
            return;
        }

        if (endpoint?.Metadata.GetMetadata<ComponentTypeMetadata>() is { } page && pages.NeededFor(page.Type) is { Length: > 0 } permission && !visitor.Actor.May(permission))
        {
            await Safety.Whole(http, StatusCodes.Status403Forbidden, "Not allowed", "You may not see this page. Ask an administrator for it.");
            return;
        }

        if (await Foreign(http))
        {
            await Safety.Whole(http, StatusCodes.Status404NotFound, "Not yours", Scopes.NotYours.Message);
            return;
        }

        http.Response.Headers.CacheControl = "no-store";
        await next(http);
    }

    /// Whether an address names a document of a site or channel that is not theirs, in its path or its question: whatever page that is.
    public static async Task<bool> Foreign(HttpContext http)
    {
        if (!http.RequestServices.GetRequiredService<Work>().Actor.Reach.IsLimited) return false;
        var words = (http.Request.Path.Value ?? "").Split('/', ',').Concat(http.Request.Query.SelectMany(q => q.Value).SelectMany(v => (v ?? "").Split(',', '/')));
        var named = words.Select(w => Guid.TryParse(w, out var id) ? id : default).Where(id => id != default).ToHashSet();
        return named.Count > 0 && (await http.RequestServices.GetRequiredService<Scopes>().Beyond(named, http.RequestAborted)).Count > 0;
    }

    /// A session that has ended inside a page leads there as a whole, not into the part that was asked for.
    private static void ToSignIn(HttpContext http)
    {
        var isPart = http.Request.Headers.ContainsKey("HX-Request");
        var back = HttpMethods.IsGet(http.Request.Method) && !isPart ? http.Request.Path + http.Request.QueryString : "";
        var door = http.Request.Cookies.ContainsKey(BadgeDoor.DeviceCookie) ? "/badge" : "/sign-in";
        var address = back is "" or "/" ? door : $"{door}?returnUrl={Uri.EscapeDataString(back)}";
        if (isPart) http.Response.Headers["HX-Redirect"] = address;
        else http.Response.Redirect(address);
    }
}

/// An address that asks nobody who they are, or asks in its own way.
internal sealed class ForAnyone
{
    public static readonly ForAnyone It = new();
}
