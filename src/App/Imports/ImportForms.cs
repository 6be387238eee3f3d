using Keel.App.Access;
using Keel.App.Doors;
using Keel.Ui;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Keel.App.Imports;

/// The pages' door for files: upload, map, try, commit.
internal sealed class ImportForms(ImportDesk desk, IAntiforgery antiforgery, NpgsqlDataSource source)
{
    /// So many refused rows are shown with their cells.
    public const int MostRowsShown = 50;

    public static readonly Error TooMuchText = Error.Invalid("import.too-much-text", "That is more than can be pasted. Save the rows as a file and upload it.");

    public static void Map(WebApplication app)
    {
        var forms = app.Services.GetRequiredService<ImportForms>();
        app.MapPost("/import/upload", forms.Upload);
        app.MapGet("/import/{job:guid}/progress", forms.Progress);
        app.MapPost("/import/{job:guid}/try", http => forms.Go(http, commit: false));
        app.MapPost("/import/{job:guid}/commit", http => forms.Go(http, commit: true));
        app.MapPost("/import/{job:guid}/rows", forms.Again);
        app.MapPost("/import/{job:guid}/undo", forms.Undo);
        app.MapPost("/import/{job:guid}/forget-columns", forms.ForgetColumns);
        app.MapGet("/import/{job:guid}/refused.csv", forms.Refused);
    }

    private async Task Upload(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = ImportDoor.MostBytes;
        if (await Form(http) is not { } form) return;
        var caller = CallerOf(http);
        var target = await desk.Admit(form["operation"].ToString(), caller);
        if (!target.Ok || caller.Company.IsEmpty)
        {
            await Refuse(http, target.Error ?? Companies.NotNamed);
            return;
        }

        var (name, path) = ("pasted rows", "");
        try
        {
            if (form.Files is [{ Length: > 0 } sent, ..])
            {
                await using var content = sent.OpenReadStream();
                (name, path) = (sent.FileName, await ImportDesk.Receive(content, http.RequestAborted));
            }
            else
            {
                path = await ImportDesk.Receive(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(form["text"].ToString())), http.RequestAborted);
            }

            var encoding = form["encoding"].ToString();
            var file = await ImportDesk.Open(path, encoding, http.RequestAborted);
            if (!file.Ok)
            {
                await Refuse(http, file.Error!);
                return;
            }

            var given = new ImportMapping(new Dictionary<string, string>(), new Dictionary<string, string>(), encoding.Length == 0 ? null : encoding);
            var job = await desk.Begin(target.Value, file.Value, name, new FileInfo(path).Length, given, caller, http.RequestAborted);
            await ImportStore.Save(source, job, [], http.RequestAborted);
            await ImportStore.Keep(source, job.Id, path, http.RequestAborted);
            http.Response.Redirect($"/import/{job.Id}");
        }
        finally
        {
            if (path.Length > 0) File.Delete(path);
        }
    }

    /// How far a run is, for the part of the page that asks every second.
    private Task Progress(HttpContext http)
    {
        var id = Guid.Parse((string)http.Request.RouteValues["job"]!);
        if (desk.Progress(id) is not { } job || job.CompanyId != http.Features.Get<Company>()?.Id)
        {
            http.Response.Headers["HX-Refresh"] = "true";
            return Task.CompletedTask;
        }

        return new RazorComponentResult<Progress>(new { Id = "import-progress", Href = $"/import/{id}/progress", What = "rows", Done = job.Read, Total = job.Read }).ExecuteAsync(http);
    }

    /// The mapping of the page is kept with the job; then it is tried at once, or committed in the background.
    private async Task Go(HttpContext http, bool commit)
    {
        if (await Form(http) is not { } form) return;
        var caller = CallerOf(http);
        await using var scope = http.RequestServices.CreateAsyncScope();
        var id = Guid.Parse((string)http.Request.RouteValues["job"]!);
        var db = http.RequestServices.GetRequiredService<KeelDb>();
        if (await db.Table<ImportJob>().Find($"company_id = {caller.Company} and id = {id}", http.RequestAborted) is not { } job)
        {
            await Refuse(http, ImportDesk.NotThere);
            return;
        }

        if (job.State is ImportState.Uploaded or ImportState.Tried or ImportState.Failed)
        {
            string Field(string name) => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
            var columns = form.Where(f => f.Key.StartsWith("map.", StringComparison.Ordinal) && f.Value.ToString().Length > 0).ToDictionary(f => Field(f.Key), f => f.Value.ToString());
            var same = form.Where(f => f.Key.StartsWith("set.", StringComparison.Ordinal) && f.Value.ToString().Length > 0).ToDictionary(f => Field(f.Key), f => f.Value.ToString());
            job = job with { Mapping = job.Mapping with { Columns = columns, Same = same }, State = ImportState.Uploaded, Problem = null };
        }

        var usual = http.Features.Get<Company>()!.Currency;
        if (commit && job.State is not ImportState.Done)
        {
            if (job.State is not ImportState.Running)
            {
                // What was tried is no result: the commit begins at the first row.
                await ImportStore.Clear(source, id, http.RequestAborted);
                job = job with { State = ImportState.Running, Read = 0, Accepted = 0, Refused = 0, Waiting = 0 };
            }

            await ImportStore.Save(source, job, [], http.RequestAborted);
            desk.Commit(job, caller, usual);
        }
        else if (!commit)
        {
            var ran = await desk.RunKept(job, caller with { DryRun = true }, usual, http.RequestAborted);
            if (!ran.Ok) await ImportStore.Save(source, job with { State = ImportState.Failed, Problem = ran.Error!.Message }, [], http.RequestAborted);
        }

        http.Response.Redirect($"/import/{id}");
    }

    /// The refused rows with what was typed instead of their cells.
    private async Task Again(HttpContext http)
    {
        if (await Form(http) is not { } form || await JobOf(http) is not { } job) return;
        var rows = (await ImportStore.Refused(source, job.Id, MostRowsShown, http.RequestAborted))
            .Where(r => form.Keys.Any(k => k.StartsWith($"cell.{r.Row}.", StringComparison.Ordinal)))
            .Select(r => (r.Row, Typed(r.Row, r.Cells))).ToArray();
        var ran = await desk.Again(job, rows, CallerOf(http), http.Features.Get<Company>()!.Currency, http.RequestAborted);
        if (ran.Ok) http.Response.Redirect($"/import/{job.Id}");
        else await Refuse(http, ran.Error!);

        string[] Typed(int row, string[] cells) =>
            [.. job.Header.Select((_, at) => form.TryGetValue($"cell.{row}.{at}", out var typed) ? typed.ToString() : at < cells.Length ? cells[at] : "")];
    }

    private async Task Undo(HttpContext http)
    {
        if (await Form(http) is not { } form || await JobOf(http) is not { } job) return;
        var ran = await desk.Undo(job.Id, form["reason"].ToString(), CallerOf(http) with { Door = Door.Page }, http.RequestAborted);
        if (!ran.Ok) await Refuse(http, ran.Error!);
        else if (ran.Value.Waits is { } waits) await Safety.Whole(http, StatusCodes.Status202Accepted, "It waits for a yes", waits);
        else http.Response.Redirect($"/import/{job.Id}");
    }

    /// The columns are guessed anew, and the next file with this header begins without a memory.
    private async Task ForgetColumns(HttpContext http)
    {
        if (await Form(http) is null || await JobOf(http) is not { } job) return;
        await ImportStore.ForgetMapping(source, job, http.RequestAborted);
        if (job.State is ImportState.Uploaded or ImportState.Tried && desk.Target(job.Operation, CallerOf(http).Actor) is { Ok: true } target)
            await ImportStore.Save(source, job with { Mapping = new ImportMapping(target.Value.Guess(job.Header), new Dictionary<string, string>(), job.Mapping.Encoding), State = ImportState.Uploaded }, [], http.RequestAborted);
        http.Response.Redirect($"/import/{job.Id}");
    }

    /// The rows that were refused as a file that can be corrected and uploaded again: their cells, and the reason in the last column.
    private async Task Refused(HttpContext http)
    {
        if (await JobOf(http) is not { } job) return;
        if (desk.Target(job.Operation, CallerOf(http).Actor) is { Ok: false } not)
        {
            await Refuse(http, not.Error!);
            return;
        }

        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"refused-{job.Id:N}.csv\"";
        var own = job.Header.Select((h, at) => (h, at)).Where(c => c.h != CsvFile.ReasonColumn).Select(c => c.at).ToArray();
        var text = new System.Text.StringBuilder("\ufeff").AppendJoin(',', own.Select(at => CsvText.Field(job.Header[at])).Append(CsvFile.ReasonColumn)).Append("\r\n");
        foreach (var (row, reason, cells) in await ImportStore.Refused(source, job.Id, int.MaxValue, http.RequestAborted))
        {
            // A row that was cut differently than the header keeps what it has, so that nothing is lost.
            text.AppendJoin(',', own.Select(at => CsvText.Field(at < cells.Length ? cells[at] : "")).Append(CsvText.Field($"Line {row}: {reason}"))).Append("\r\n");
            if (text.Length < 32_000) continue;
            await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
            text.Clear();
        }

        await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
    }

    private static async Task<ImportJob?> JobOf(HttpContext http)
    {
        var id = Guid.Parse((string)http.Request.RouteValues["job"]!);
        var (company, db) = (CallerOf(http).Company, http.RequestServices.GetRequiredService<KeelDb>());
        if (CallerOf(http).Actor.May(KernelPermissions.Import) && await db.Table<ImportJob>().Find($"company_id = {company} and id = {id}", http.RequestAborted) is { } job) return job;
        await Refuse(http, ImportDesk.NotThere);
        return null;
    }

    private async Task<IFormCollection?> Form(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return await Stop(http, ImportDoor.NoFile);
        try
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            return await antiforgery.IsRequestValidAsync(http) ? form : await Stop(http, new Error("page.stale", "The page was open for too long. Load it again."));
        }
        catch (InvalidDataException)
        {
            return await Stop(http, TooMuchText);
        }
    }

    private static async Task<IFormCollection?> Stop(HttpContext http, Error error)
    {
        await Refuse(http, error);
        return null;
    }

    private static Caller CallerOf(HttpContext http) =>
        new((http.Features.Get<Visitor>() ?? Visitor.Nobody).Actor, Door.Import, http.Features.Get<Company>()?.Id ?? default);

    private static Task Refuse(HttpContext http, Error error) =>
        Safety.Whole(http, Problems.StatusOf(error), "The file was not taken", error.Message + " Nothing was changed.");
}
