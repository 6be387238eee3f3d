using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Keel.App.Access;
using Keel.App.Pages;
using Keel.Catalog.Contract;
using Keel.Kernel.Views;
using Keel.Ui;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Keel.App.Doors;

/// The pages' door to one operation: `POST /do/sales/reserve-orders`. It answers a part of the page to htmx, and an address to everybody else.
internal sealed class FormDoor(OperationInfo info, Gate gate, Doorman doorman, IAntiforgery antiforgery, Func<IFormCollection, Type?> shape, BulkDoor bulk)
{
    private readonly JsonTypeInfo request = KeelJson.Options.GetTypeInfo(info.Request);

    private static readonly Error Stale = new("page.stale", "The page was open for too long. Load it again; what you typed is kept here.");
    private static readonly Error NoForm = Error.Invalid("request.not-a-form", "This address takes a form of a page. Programs use /api/v1.");
    private static readonly Error NoCompany = Error.Invalid("company.none", "There is no company yet. Create one in Settings, Companies.");

    public static string AddressOf(OperationInfo info) => "/do/" + info.Name.Replace('.', '/');

    public async Task Answer(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
        {
            await Refuse(http, NoForm);
            return;
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            await Refuse(http, Stale);
            return;
        }

        var (visitor, company) = (http.Features.Get<Visitor>() ?? Visitor.Nobody, http.Features.Get<Company>());
        if (company is null && !info.Global)
        {
            await Refuse(http, NoCompany);
            return;
        }

        var isTry = form.ContainsKey(FormField.Try);
        var key = isTry ? "" : form[FormField.IdempotencyKey].ToString();
        DateTimeOffset? from = null;
        if (form[FormField.From].ToString().Trim() is { Length: > 0 } later)
        {
            if (!DateOnly.TryParseExact(later, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                await Refuse(http, OperationDoor.BadFrom);
                return;
            }

            var midnight = day.ToDateTime(TimeOnly.MinValue);
            from = new DateTimeOffset(midnight, Zones.Of(company!.Zone).GetUtcOffset(midnight)).ToUniversalTime();
        }

        var caller = new Caller(visitor.Actor, Door.Page, company?.Id ?? default) { IdempotencyKey = key.Length is > 0 and <= 180 ? key : null, DryRun = isTry, From = from };
        if (BulkDoor.IsMeant(form))
        {
            await SayAll(http, await bulk.Run(form, caller, http.RequestServices.GetRequiredService<ViewRunner>(), http.RequestAborted));
            return;
        }

        var fields = await GoodsDoor.WithPasted(form, http.RequestServices.GetRequiredService<GoodsDesk>(), http.RequestAborted);
        var writer = new FormWriter(Words.Culture, company is null ? TimeZoneInfo.Utc : Zones.Of(company.Zone));
        var json = JsonSerializer.SerializeToUtf8Bytes(FormBody.Read(fields, info.Request, shape(form), writer), KeelJson.Options);
        var body = writer.Doubts is [var doubt, ..] ? Error.Invalid("form.two-numbers", doubt.Message, [.. writer.Doubts]) : JsonBody.Read(new ReadOnlySequence<byte>(json), request);
        if (isTry)
        {
            await Foretell(http, body, caller);
            return;
        }

        if (!body.Ok)
        {
            await Refuse(http, body.Error!, form);
            return;
        }

        await Say(http, await gate.Run(info, body.Value, caller, http.RequestAborted), form);
    }

    /// What the form would do as it stands. It is no refusal of anything, so it is answered with success whatever it says.
    private async Task Foretell(HttpContext http, Result<object> body, Caller caller)
    {
        if (!body.Ok || info.Secret)
        {
            await Part<Would>(http, new { Refusal = body.Error }, StatusCodes.Status200OK);
            return;
        }

        var outcome = await gate.Run(info, body.Value, caller, http.RequestAborted);
        await Part<Would>(http, new { Refusal = outcome.Error, Told = outcome.Foretold, Waits = outcome.Waiting?.Sentence, Rows = (IReadOnlyList<Outcomes.Outcome>)RowsOf(outcome.Answer) }, StatusCodes.Status200OK);
    }

    /// A header takes plain letters only.
    private static readonly JsonSerializerOptions Said = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private async Task Say(HttpContext http, Outcome outcome, IFormCollection form)
    {
        var back = form[FormField.ReturnTo].ToString();
        doorman.Ran(outcome);
        if (outcome.Error is { } error)
        {
            await Refuse(http, error, form);
            return;
        }

        if (outcome.Answer is ISaidOnce once)
        {
            var said = new Dictionary<string, object?> { ["Lead"] = once.Lead, ["Secrets"] = once.Secrets.Select(s => s.StartsWith('/') ? $"{http.Request.Scheme}://{http.Request.Host}{s}" : s).ToArray(), ["Hint"] = once.Hint, ["Until"] = once.Until };
            if (IsHtmx(http)) await Part<SaidOnce>(http, said, StatusCodes.Status200OK);
            else await Safety.Show(http, typeof(SaidOnce), said!, typeof(Shell));
            return;
        }

        var isHtmx = IsHtmx(http);
        if (outcome.Waiting is { } waiting)
        {
            if (isHtmx) http.Response.Headers["HX-Trigger"] = JsonSerializer.Serialize(new { said = new { text = Words.Of($"{info.Title}: waits for approval"), state = "waiting" } });
            var waits = new Dictionary<string, object?> { ["Id"] = waiting.Approval, ["Sentence"] = waiting.Sentence, ["Back"] = PlaceOf(back) is { } place && !place.Contains('{', StringComparison.Ordinal) ? place : null };
            if (isHtmx) await Part<Waits>(http, waits, StatusCodes.Status200OK);
            else await Safety.Show(http, typeof(Waits), waits!, typeof(Shell));
            return;
        }

        var rows = RowsOf(outcome.Answer);
        var not = rows.Count(r => r.Role is StateRole.Late);
        var sentence = not == rows.Count && not > 0 ? $"{info.Title}: refused"
            : not > 0 ? $"{info.Title}: {rows.Count - not} done, {not} refused" : rows.Count > 1 ? $"{info.Title}: {rows.Count} done" : null;
        if (not == 0 && outcome.Waiting is null && AnswerItems.Of(outcome.Answer) is [{ Said: { Length: > 0 } told }]) sentence = told;
        var made = sentence is null ? Made(outcome.Answer) : null;
        sentence ??= made is null ? Done() : Done(made);
        var href = made?.Id is { } id ? http.RequestServices.GetRequiredService<RecordBook>().Url(made.Kind, id, made.Name) : null;
        if (isHtmx) http.Response.Headers["HX-Trigger"] = JsonSerializer.Serialize(new { said = new { text = Words.Of(sentence), state = not > 0 ? "late" : "done", href } }, Said);
        if (rows.Any(r => r.Role is not StateRole.Done))
        {
            await Show(http, rows, form["reason"].ToString());
            return;
        }

        var address = PlaceOf(back)?.Replace("{id}", IdOf(outcome.Answer), StringComparison.Ordinal).Replace("{code}", CodeOf(outcome.Answer), StringComparison.Ordinal) ?? "/";
        if (isHtmx)
        {
            http.Response.Headers["HX-Redirect"] = Porter.InHeader(address);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = Porter.InHeader(address);
    }

    /// `Placed order SO-2026-000123.`, and what the operation is called in other languages.
    private string Done(One made)
    {
        if (Words.Language != Words.English) return $"{info.Title}: {made.Name} done";
        var did = OperationWords.Did(info, info.Name, 1, made.Name);
        return char.ToUpperInvariant(did[0]) + did[1..] + (did.Contains(made.Name, StringComparison.Ordinal) ? "." : $": {made.Name}.");
    }

    /// `Laid out a site.`, and what the operation is called in other languages.
    private string Done()
    {
        if (Words.Language != Words.English) return $"{info.Title}: done";
        var did = OperationWords.Story(info, info.Name);
        return char.ToUpperInvariant(did[0]) + did[1..] + ".";
    }

    /// The one thing that was made or changed, where the answer names it.
    private sealed record One(string Name, string Kind, Guid? Id);

    private static One? Made(object? answer)
    {
        var item = answer is IEnumerable list and not string ? list.Cast<object?>().Take(2).ToArray() is [var only] ? only : null : answer;
        if (item is DocumentRef document) return new One(document.Number, document.Kind, document.Id);
        if (item is null) return null;
        var properties = item.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0).ToArray();
        if (Array.Find(properties, p => p.Name is "Number" && p.PropertyType == typeof(string))?.GetValue(item) is not string { Length: > 0 } number) return null;
        var key = Array.Find(properties, p => typeof(IId).IsAssignableFrom(p.PropertyType) && p.PropertyType.IsGenericType);
        return new One(number, key is null ? "" : Kernel.Views.ViewInfo.Kebab(key.PropertyType.GetGenericArguments()[0].Name), (key?.GetValue(item) as IId)?.Value);
    }

    /// Where a form came from, where that is an address of the house.
    private static string? PlaceOf(string back) => Porter.IsOurs(back) ? back : null;

    /// What became of all rows that matched: how many of each, and those that were refused with their reasons.
    private async Task SayAll(HttpContext http, Result<List<Outcomes.Outcome>> all)
    {
        if (!all.Ok)
        {
            await Refuse(http, all.Error!);
            return;
        }

        var parts = all.Value.GroupBy(r => r.Role).OrderBy(g => g.Key is StateRole.Done ? 0 : 1).Select(g => $"{Figures.Of((long)g.Count())} {Outcomes.Words(g.Key)}");
        if (IsHtmx(http)) http.Response.Headers["HX-Trigger"] = JsonSerializer.Serialize(new { said = $"{info.Title}: {string.Join(", ", parts)}" });
        await Show(http, all.Value);
    }

    private static Task Show(HttpContext http, List<Outcomes.Outcome> rows, string kept = "") => IsHtmx(http)
        ? Part<Outcomes>(http, new { Rows = rows, Kept = kept }, StatusCodes.Status200OK)
        : Safety.Show(http, typeof(Outcomes), new Dictionary<string, object> { ["Rows"] = rows, ["Kept"] = kept }, typeof(Shell));

    /// A refusal with the labels of the form, for the person who filled it in.
    private Task Refuse(HttpContext http, Error error, IFormCollection form)
    {
        bool IsAlone(string list) => !form.Keys.Any(k => k.StartsWith(list + "[1]", StringComparison.Ordinal));
        var names = error.Fields.Select(f => f.Field).Distinct().ToDictionary(f => f, f => FieldPath.Spoken(info.Request, f, shape(form), IsAlone));
        return Refuse(http, FieldPath.Spoken(error, info.Request, shape(form), IsAlone), names, error.Kind is Refusal.Conflict ? form["reason"].ToString() : "");
    }

    private static Task Refuse(HttpContext http, Error error, IReadOnlyDictionary<string, string>? names = null, string typed = "")
    {
        var status = error.Kind is Refusal.Invalid ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status409Conflict;
        return IsHtmx(http)
            ? Part<Refused>(http, new { Error = error, Names = names, Kept = typed.Length == 0 ? null : Words.T($"You had written: {typed}") }, status)
            : Safety.Whole(http, Problems.StatusOf(error), Problems.Title(Problems.StatusOf(error)),
                error.Message + string.Concat(error.Fields.Select(f => $" {names?.GetValueOrDefault(f.Field) ?? f.Field}: {f.Message}")));
    }

    private static Task Part<T>(HttpContext http, object parameters, int status) where T : IComponent =>
        new RazorComponentResult<T>(parameters) { StatusCode = status, PreventStreamingRendering = true }.ExecuteAsync(http);

    private static bool IsHtmx(HttpContext http) => http.Request.Headers.ContainsKey("HX-Request");

    /// An answer per item, where an item can say why it was refused.
    internal static List<Outcomes.Outcome> RowsOf(object? answer) =>
        [.. AnswerItems.Of(answer).Select(i => new Outcomes.Outcome(i.Subject, i.Why is null ? StateRole.Done : StateRole.Late, i.Why ?? ""))];

    /// The code of what was made, as an address writes it: a new product's SKU.
    private static string CodeOf(object? answer)
    {
        var item = answer is IEnumerable list and not string ? list.Cast<object?>().FirstOrDefault() : answer;
        var code = item?.GetType().GetProperties().FirstOrDefault(p => typeof(ICode).IsAssignableFrom(p.PropertyType))?.GetValue(item)?.ToString() ?? "";
        return string.Join('/', code.Split('/').Select(Uri.EscapeDataString));
    }

    private static string IdOf(object? answer) => answer switch
    {
        null => "",
        Guid id => id.ToString(),
        IId id => id.Value.ToString(),
        DocumentRef document => document.Id.ToString(),
        IEnumerable list and not string => list.Cast<object>().FirstOrDefault() is { } first ? IdOf(first) : "",
        _ => answer.GetType().GetProperty("Id")?.GetValue(answer) is { } inner and (Guid or IId) ? IdOf(inner) : "",
    };
}
