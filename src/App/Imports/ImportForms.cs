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
    public static void Map(WebApplication app)
    {
        var forms = app.Services.GetRequiredService<ImportForms>();
        app.MapPost("/import/upload", forms.Upload);
        app.MapGet("/import/{job:guid}/progress", forms.Progress);
        app.MapPost("/import/{job:guid}/try", http => forms.Go(http, commit: false));
        app.MapPost("/import/{job:guid}/commit", http => forms.Go(http, commit: true));
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

    private async Task<IFormCollection?> Form(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return await Stop(http, ImportDoor.NoFile);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return await antiforgery.IsRequestValidAsync(http) ? form : await Stop(http, new Error("page.stale", "The page was open for too long. Load it again."));
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
