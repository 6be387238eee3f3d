using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using Keel.App.Access;
using Keel.Kernel.Views;
using Keel.Ui;
using Microsoft.Extensions.Primitives;

namespace Keel.App.Doors;

/// The API's door to one view: `GET /api/v1/sales/orders?f.status=Reserved&sort=-placed&after=…`, and the same as a file.
internal sealed class ViewDoor(Type view, Doorman doorman, Gate gate)
{
    private readonly ViewInfo info = ViewInfo.Of(view);

    public static readonly Error BadFormat = Error.Invalid("view.bad-format", "A list is answered as json, csv or xlsx: format=csv.");

    public Task Answer(HttpContext http) => Answer(http, http.Request.Query["format"]);

    public Task AnswerCsv(HttpContext http) => Answer(http, "csv");

    public Task AnswerXlsx(HttpContext http) => Answer(http, "xlsx");

    /// What a person takes along from a page: what they see there, in their words.
    public async Task AnswerPerson(HttpContext http, FileKind kind)
    {
        var address = http.Request.Query.ToArray();
        var runner = http.RequestServices.GetRequiredService<ViewRunner>();
        if (await Sent(http, runner, address, kind, Door.Page, FileWords.For(http.RequestServices.GetRequiredService<Viewer>())) is { } refused)
            await Safety.Whole(http, Problems.StatusOf(refused), "This list cannot be taken along", refused.Message);
    }

    private async Task Answer(HttpContext http, string? format)
    {
        if (await doorman.AskApi(http) is not { } from) return;
        if (from.Company is null && !IsOfTheHouse)
        {
            await Problems.Write(http, Companies.NotNamed);
            return;
        }

        doorman.Enter(http, from.Visitor, from.Company, Door.Api);
        if (await PageDoor.Foreign(http))
        {
            await Problems.Write(http, Scopes.NotYours);
            return;
        }

        var address = http.Request.Query.Where(p => p.Key is not "format").ToArray();
        var runner = http.RequestServices.GetRequiredService<ViewRunner>();
        if (format is null or "" or "json") await AnswerJson(http, runner, address);
        else if (format is "csv") await AnswerFile(http, runner, address, FileKind.Csv);
        else if (format is "xlsx") await AnswerFile(http, runner, address, FileKind.Xlsx);
        else await Problems.Write(http, BadFormat);
    }

    /// Lists that belong to no company: users, keys, companies themselves.
    private bool IsOfTheHouse => info.Name.StartsWith("access.", StringComparison.Ordinal) || info.Name is "kernel.companies" or "kernel.heartbeats";

    private async Task AnswerJson(HttpContext http, ViewRunner runner, KeyValuePair<string, StringValues>[] address)
    {
        if (await runner.Groups(view, address, http.RequestAborted) is { } groups)
        {
            if (groups.Ok) await http.Response.WriteAsJsonAsync(Written(groups.Value), KeelJson.Options, http.RequestAborted);
            else await Problems.Write(http, groups.Error!);
            return;
        }

        var page = await runner.Page(view, address, http.RequestAborted);
        if (!page.Ok)
        {
            await Problems.Write(http, page.Error!);
            return;
        }

        var response = http.Response;
        response.ContentType = "application/json";
        using (var writer = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = KeelJson.Options.Encoder, SkipValidation = true }))
        {
            Write(writer, page.Value);
        }

        await response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    /// Each group with its value, its number of rows and its sums: amounts one for each currency, quantities as a figure.
    private static object Written(ViewGroups groups) => new
    {
        by = groups.By.Name,
        groups = groups.Groups.Select(g => new
        {
            value = g.Value,
            rows = g.Rows,
            sums = groups.Sums.ToDictionary(c => c.Name, c => c.Kind is ColumnKind.Money ? g.Sums[c.Name] : g.Sums[c.Name] is [var sum, ..] ? sum : (object?)null),
        }),
        more = groups.IsMore,
    };

    /// Rows with the visible columns only, the count as far as it was counted, and the keys of the pages beside.
    public static void Write(Utf8JsonWriter writer, IViewPage page)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("rows");
        foreach (var row in page.Items) Write(writer, page.Info, row);
        writer.WriteEndArray();
        writer.WriteNumber("count", page.Count.Rows);
        if (page.Count.IsMore) writer.WriteBoolean("more", true);
        if (page.Next is { } next) writer.WriteString("next", next.ToString());
        if (page.Previous is { } previous) writer.WriteString("previous", previous.ToString());
        writer.WriteEndObject();
    }

    /// One row, with the visible columns that have a value.
    public static void Write(Utf8JsonWriter writer, ViewInfo info, object row)
    {
        writer.WriteStartObject();
        foreach (var column in info.Columns)
        {
            if (column.Property.GetValue(row) is not { } value) continue;
            writer.WritePropertyName(Names.GetOrAdd(column.Property.Name, static n => char.ToLowerInvariant(n[0]) + n[1..]));
            JsonSerializer.Serialize(writer, value, value.GetType(), KeelJson.Options);
        }

        writer.WriteEndObject();
    }

    private static readonly ConcurrentDictionary<string, string> Names = new();

    /// What leaves the house as a file is noted first; what cannot be noted does not leave.
    private async Task<Error?> Noted(HttpContext http, ViewRunner runner, KeyValuePair<string, StringValues>[] address, FileKind kind, Door door)
    {
        var matching = await runner.Matching(view, address, http.RequestAborted);
        if (!matching.Ok) return matching.Error;
        var question = string.Join('&', address.Select(p => $"{p.Key}={p.Value}"));
        var work = http.RequestServices.GetRequiredService<Work>();
        // Whoever may see the list may have it noted.
        var actor = work.Actor with { Permissions = work.Actor.Permissions.Append(KernelPermissions.Read).ToFrozenSet(StringComparer.Ordinal) };
        var noted = await gate.Run<ExportView, ExportView.Request, Done>(
            new(info.Name, kind, question.Length > ExportView.MostQuestion ? question[..ExportView.MostQuestion] : question, matching.Value.Rows, matching.Value.IsPersonal),
            new Caller(actor, door, work.Company), http.RequestAborted);
        return noted.Error;
    }

    private async Task AnswerFile(HttpContext http, ViewRunner runner, KeyValuePair<string, StringValues>[] address, FileKind kind)
    {
        if (await Sent(http, runner, address, kind, Door.Api, null) is { } refused) await Problems.Write(http, refused);
    }

    /// The first rows decide whether it is a file or a refusal: until then nothing is sent.
    private async Task<Error?> Sent(HttpContext http, ViewRunner runner, KeyValuePair<string, StringValues>[] address, FileKind kind, Door door, FileVoice? voice)
    {
        if (await Noted(http, runner, address, kind, door) is { } refused) return refused;
        http.Response.ContentType = kind is FileKind.Xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{info.Name}.{(kind is FileKind.Xlsx ? "xlsx" : "csv")}\"";
        var written = await runner.Export(view, address, kind, http.Response.BodyWriter.AsStream(leaveOpen: true), http.RequestAborted, voice);
        if (written.Ok) return null;
        http.Response.Headers.ContentDisposition = default;
        return written.Error;
    }
}
