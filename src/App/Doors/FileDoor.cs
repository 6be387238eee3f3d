using System.Security.Cryptography;
using Keel.App.Access;
using Keel.Messages;
using Keel.Ui;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace Keel.App.Doors;

/// The pages' door for files on records: handing one in, and taking one along. What is too large or of a wrong kind is refused by its
/// length or its first bytes; nothing is held in memory as a whole.
internal sealed class FileDoor(Gate gate, IAntiforgery antiforgery, NpgsqlDataSource source, TimeProvider clock)
{
    /// A form has a little more than its file.
    private const long MostBody = RecordFile.MostBytes + 64 * 1024;

    public static readonly Error TooBig = Error.Invalid("file.too-big",
        $"A file has at most {RecordFile.MostBytes / 1024 / 1024} MB. Make it smaller, or split it, and hand it in again.");
    public static readonly Error WrongKind = Error.Invalid("file.wrong-kind",
        $"This file is not of a kind that is taken, or not what its name says. Taken are {FileKind.Taken}. Save it as one of these and hand it in again.");
    public static readonly Error NoFile = Error.Invalid("file.none", "No file came along. Choose one and hand it in again.");

    public static void Map(WebApplication app)
    {
        var door = app.Services.GetRequiredService<FileDoor>();
        app.MapPost("/files/{kind}/{id:guid}", door.Take);
        app.MapGet("/files/{id:guid}", door.Give);
    }

    private async Task Take(HttpContext http)
    {
        if (http.Request.ContentLength > MostBody)
        {
            http.Response.Headers.Connection = "close";
            await Refuse(http, TooBig, StatusCodes.Status413PayloadTooLarge);
            return;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MostBody;
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : null;
        if (form is null || !await antiforgery.IsRequestValidAsync(http) || http.Features.Get<Company>() is not { } company
            || http.Features.Get<Visitor>() is not { } visitor)
        {
            await Refuse(http, new Error("page.stale", "The page was open for too long. Load it again and hand the file in once more."),
                StatusCodes.Status400BadRequest);
            return;
        }

        if (form.Files is not [{ Length: > 0 } sent, ..])
        {
            await Refuse(http, NoFile, StatusCodes.Status400BadRequest);
            return;
        }

        if (sent.Length > RecordFile.MostBytes)
        {
            await Refuse(http, TooBig, StatusCodes.Status413PayloadTooLarge);
            return;
        }

        var name = FileKind.CleanName(sent.FileName);
        if (await Keep(sent, name, company, visitor.Actor, http.RequestAborted) is not { } upload)
        {
            await Refuse(http, WrongKind, StatusCodes.Status415UnsupportedMediaType);
            return;
        }

        var request = new AttachFile.Request((string)http.Request.RouteValues["kind"]!, Guid.Parse((string)http.Request.RouteValues["id"]!), upload, name,
            form["number"]);
        var attached = await gate.Run<AttachFile, AttachFile.Request,
            Id<RecordFile>>(request, new Caller(visitor.Actor, Door.Page, company.Id), http.RequestAborted);
        if (!attached.Ok)
        {
            await Refuse(http, attached.Error!, Problems.StatusOf(attached.Error!));
            return;
        }

        var back = form[FormField.ReturnTo].ToString();
        http.Response.Redirect(Porter.IsOurs(back) ? Porter.InHeader(back) : "/");
    }

    /// Looks at the first bytes, and only then reads the rest, straight into the database.
    private async Task<Guid?> Keep(IFormFile sent, string name, Company company, Actor actor, CancellationToken ct)
    {
        await using var content = sent.OpenReadStream();
        var head = new byte[FileKind.Head];
        var read = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
        if (FileKind.Of(head.AsSpan(0, read), name) is not { } kind) return null;
        content.Position = 0;
        var digest = await SHA256.HashDataAsync(content, ct);
        content.Position = 0;
        var now = clock.GetUtcNow();
        var upload = Guid.CreateVersion7(now);
        await using var insert = source.CreateCommand(
            "insert into messages.file_content (id, company_id, type, bytes, digest, content, person_id, at, is_attached) values ($1, $2, $3, $4, $5, $6, $7, $8, false)");
        foreach (var value in new object[] { upload, company.Id.Value, kind.Type, sent.Length, digest, content, actor.Id,
            now.UtcDateTime }) insert.Parameters.Add(new NpgsqlParameter { Value = value });
        await insert.ExecuteNonQueryAsync(ct);
        return upload;
    }

    /// A file goes out as what it is, to be kept and never to be run or shown inside the house.
    private async Task Give(HttpContext http)
    {
        var (services, visitor) = (http.RequestServices, http.Features.Get<Visitor>()!);
        var db = services.GetRequiredService<KeelDb>();
        var id = new Id<RecordFile>(Guid.Parse((string)http.Request.RouteValues["id"]!));
        var file = await db.Table<RecordFile>().Find($"company_id = {db.Company} and id = {id} and removed_at is null", http.RequestAborted);
        if (file is null || !services.GetRequiredService<RecordBook>().Seen(visitor.Actor.May).Contains(file.Subject.Kind))
        {
            await Safety.Whole(http, StatusCodes.Status404NotFound, "No such file",
                "It was removed, belongs to another company, or hangs on a record that you may not see.");
            return;
        }

        var headers = http.Response.Headers;
        http.Response.ContentType = file.Type == "text/plain" ? "text/plain; charset=utf-8" : file.Type;
        http.Response.ContentLength = file.Bytes;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(file.Name);
        headers.ContentDisposition = disposition.ToString();
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        await using var select = source.CreateCommand("select content from messages.file_content where id = $1");
        select.Parameters.Add(new NpgsqlParameter { Value = id.Value });
        await using var reader = await select.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, http.RequestAborted);
        if (!await reader.ReadAsync(http.RequestAborted)) throw new InvariantBroken($"The file {id} has no content.");
        await using var content = await reader.GetStreamAsync(0, http.RequestAborted);
        await content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private static Task Refuse(HttpContext http, Error error, int status) =>
        Safety.Whole(http, status, status is 413 ? "Too large" : "This file is not taken", error.Message);
}
