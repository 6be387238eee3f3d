using Keel.App.Access;
using Keel.App.Doors;
using Npgsql;

namespace Keel.App.Evidence;

/// Hands a pack over, after it is noted who took it.
internal static class EvidenceDoor
{
    public static string Url(Guid pack) => $"/audit/evidence/{pack}/file";

    public static async Task Answer(HttpContext http, Guid id)
    {
        var (visitor, company) = (http.Features.Get<Visitor>() ?? Visitor.Nobody, http.Features.Get<Company>());
        if (company is null)
        {
            await Safety.Whole(http, StatusCodes.Status404NotFound, "Not found", "There is no company yet.");
            return;
        }

        var noted = await http.RequestServices.GetRequiredService<Gate>().Run<DownloadEvidence, DownloadEvidence.Request, Done>(
            new DownloadEvidence.Request(id), new Caller(visitor.Actor, Door.Page, company.Id), http.RequestAborted);
        if (!noted.Ok)
        {
            await Safety.Whole(http, Problems.StatusOf(noted.Error!), Problems.Title(Problems.StatusOf(noted.Error!)), noted.Error!.Message);
            return;
        }

        await using var command = http.RequestServices.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "select e.file_name, f.content from kernel.evidence_file f join kernel.evidence e on e.id = f.evidence_id where e.id = $1 and e.company_id = $2");
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        command.Parameters.Add(new NpgsqlParameter { Value = company.Id.Value });
        await using var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, http.RequestAborted);
        if (!await reader.ReadAsync(http.RequestAborted)) return;
        http.Response.ContentType = "application/zip";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{reader.GetString(0)}\"";
        await using var content = await reader.GetStreamAsync(1, http.RequestAborted);
        await content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}
