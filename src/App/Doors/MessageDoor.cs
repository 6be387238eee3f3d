using Keel.App.Access;
using Keel.Messages;
using Keel.Ui;

namespace Keel.App.Doors;

/// Small addresses around messages: a notice that is opened, and the people whom a note can name.
internal static class MessageDoor
{
    private const int MostNames = 8;

    /// Leads to what a notice is about; from then on it counts as read.
    public static async Task OpenNotice(HttpContext http)
    {
        var (services, visitor, company) = (http.RequestServices, http.Features.Get<Visitor>()!, http.Features.Get<Company>());
        var db = services.GetRequiredService<KeelDb>();
        var id = new Id<Notice>(Guid.Parse((string)http.Request.RouteValues["id"]!));
        if (company is null || await db.Table<Notice>().Find($"company_id = {db.Company} and id = {id} and person_id = {visitor.Actor.Id}",
            http.RequestAborted) is not { } notice)
        {
            await Safety.Whole(http, StatusCodes.Status404NotFound, "No such notice", "It is not yours, or it was told in another company.");
            return;
        }

        await services.GetRequiredService<Gate>().Run<ReadNotices, ReadNotices.Request,
            int>(new([id]), new Caller(visitor.Actor, Door.Page, company.Id), http.RequestAborted);
        http.Response.Redirect(services.GetRequiredService<RecordBook>().Url(notice.Subject) ?? "/notices");
    }

    /// Names that begin with what was typed behind an @, one per line.
    public static async Task Suggest(HttpContext http)
    {
        var db = http.RequestServices.GetRequiredService<KeelDb>();
        var text = ((string?)http.Request.Query["q"] ?? "").Trim();
        var people = await http.RequestServices.GetRequiredService<IActors>().People(db.Company, http.RequestAborted);
        var names = people.Where(p => p.Name.Split(' ').Any(part => part.StartsWith(text, StringComparison.OrdinalIgnoreCase))
            || p.Name.StartsWith(text, StringComparison.OrdinalIgnoreCase))
            .Select(p => p.Name).Take(MostNames);
        await http.Response.WriteAsJsonAsync(names, http.RequestAborted);
    }
}
