using System.Text.Json;
using Keel.App.Access;
using Keel.App.Doors;
using Npgsql;

namespace Keel.App.Privacy;

/// Hands out the copy of everything that is known about a person, after it is noted who took it.
internal static class PersonDoor
{
    public const string Operation = "partners.export-person";

    public static async Task Answer(HttpContext http, Guid id)
    {
        var (visitor, company) = (http.Features.Get<Visitor>() ?? Visitor.Nobody, http.Features.Get<Company>());
        var services = http.RequestServices;
        if (company is null || services.GetRequiredService<ModuleCatalog>().Find(Operation) is not { } operation)
        {
            await Safety.Whole(http, StatusCodes.Status404NotFound, "Not found", "There is no company yet.");
            return;
        }

        var request = JsonSerializer.Deserialize($$"""{"partner":"{{id}}"}""", operation.Request, KeelJson.Options)!;
        var noted = await services.GetRequiredService<Gate>().Run(operation, request, new Caller(visitor.Actor, Door.Page, company.Id), http.RequestAborted);
        if (noted.Error is { } error)
        {
            await Safety.Whole(http, Problems.StatusOf(error), Problems.Title(Problems.StatusOf(error)), error.Message);
            return;
        }

        var path = Path.Combine(Path.GetTempPath(), $"keel-person-{Guid.NewGuid():N}");
        try
        {
            await new PersonFile(services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<ModuleCatalog>()).Write(company.Id, id, path, http.RequestAborted);
            http.Response.ContentType = "application/zip";
            http.Response.Headers.ContentDisposition = $"attachment; filename=\"{noted.Answer}.zip\"";
            await http.Response.SendFileAsync(path, http.RequestAborted);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
