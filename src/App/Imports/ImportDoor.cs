using System.Text.Json;
using Keel.App.Access;
using Keel.App.Doors;
using Keel.Kernel.Views;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;

namespace Keel.App.Imports;

/// The API's door for files: `POST /api/v1/import/catalog.save-products?dryRun=true&map=Article:sku` with the file as its body.
internal sealed class ImportDoor(ImportDesk desk, Doorman doorman, NpgsqlDataSource source)
{
    public const long MostBytes = 64L * 1024 * 1024;
    private const int MostRowsSaid = 1_000;

    public static readonly Error TooBig = Error.Invalid("import.too-big", "A file has at most 64 MB. Split it, or pack it with gzip.");
    public static readonly Error NoFile = Error.Invalid("import.no-file", "Send the file as the body (text/csv), or as the part `file` of a form.");
    public static readonly Error BadMap = Error.Invalid("import.bad-map", "A mapping reads column:field, such as map=Article:sku; a fixed value reads field:value, such as set=list:retail.");

    public async Task Answer(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MostBytes;
        if (await doorman.AskApi(http) is not { } from) return;
        if (from.Company is not { } company)
        {
            await Problems.Write(http, Companies.NotNamed);
            return;
        }

        var target = await desk.Admit((string?)http.Request.RouteValues["operation"] ?? "", new Caller(from.Visitor.Actor, Door.Import, company.Id));
        var mapping = Mapping(http.Request.Query);
        if ((target.Error ?? mapping.Error) is { } refused)
        {
            await Problems.Write(http, refused);
            return;
        }

        if (http.Request.ContentLength > MostBytes)
        {
            await Problems.Write(http, TooBig, StatusCodes.Status413PayloadTooLarge);
            return;
        }

        var dry = bool.TryParse(http.Request.Query["dryRun"], out var isDry) && isDry;
        var caller = new Caller(from.Visitor.Actor, Door.Import, company.Id) { DryRun = dry };
        var path = "";
        try
        {
            (path, var name) = await Receive(http);
            var ran = path.Length == 0 ? NoFile : await Run(path, name, target.Value, mapping.Value, caller, company, http.RequestAborted);
            if (ran.Ok) await Say(http, ran.Value, dry);
            else await Problems.Write(http, ran.Error!);
        }
        finally
        {
            if (path.Length > 0) File.Delete(path);
        }
    }

    /// `map` and `set` of an address.
    public static Result<ImportMapping> Mapping(IQueryCollection query)
    {
        var (columns, same) = (new Dictionary<string, string>(), new Dictionary<string, string>());
        foreach (var (texts, into) in new[] { (query["map"], columns), (query["set"], same) })
        {
            foreach (var text in texts)
            {
                var at = into == columns ? text?.LastIndexOf(':') ?? -1 : text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
                if (at <= 0) return BadMap;
                into[text![..at]] = text[(at + 1)..];
            }
        }

        return new ImportMapping(columns, same, query["encoding"]);
    }

    private static async Task<(string Path, string Name)> Receive(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return (await ImportDesk.Receive(http.Request.Body, http.RequestAborted), "upload.csv");
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form.Files.Count == 0) return ("", "");
        await using var content = form.Files[0].OpenReadStream();
        return (await ImportDesk.Receive(content, http.RequestAborted), form.Files[0].FileName);
    }

    private async Task<Result<ImportJob>> Run(string path, string name, ImportTarget target, ImportMapping mapping, Caller caller, Company company, CancellationToken ct)
    {
        var file = await ImportDesk.Open(path, mapping.Encoding, ct);
        if (!file.Ok) return file.Error!;
        var job = await desk.Begin(target, file.Value, name, new FileInfo(path).Length, mapping, caller, ct);
        return await desk.Run(job, target, file.Value, caller, company.Currency, null, ct);
    }

    private async Task Say(HttpContext http, ImportJob job, bool dry)
    {
        await using var command = source.CreateCommand("select row, state, field, reason from kernel.import_row where job_id = $1 and state <> 'Accepted' order by row limit " + MostRowsSaid);
        command.Parameters.Add(new NpgsqlParameter { Value = job.Id });
        var rows = new List<object>();
        await using (var reader = await command.ExecuteReaderAsync(http.RequestAborted))
        {
            while (await reader.ReadAsync(http.RequestAborted))
            {
                rows.Add(new
                {
                    row = reader.GetInt32(0), state = reader.GetString(1).ToLowerInvariant(), field = reader.IsDBNull(2) ? null : reader.GetString(2),
                    reason = reader.IsDBNull(3) ? null : reader.GetString(3),
                });
            }
        }

        http.Response.ContentType = "application/json";
        var answer = new { job = job.Id, operation = job.Operation, dryRun = dry, read = job.Read, accepted = job.Accepted, refused = job.Refused, waiting = job.Waiting, columns = job.Mapping.Columns, rows };
        await JsonSerializer.SerializeAsync(http.Response.BodyWriter, answer, KeelJson.Options, http.RequestAborted);
    }
}
