using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Keel.App.Access;

namespace Keel.App.Doors;

/// The API's door to one operation: `POST /api/v1/sales/place-order`. Everything that does not change between requests is found when it is made.
internal sealed class OperationDoor(OperationInfo info, Gate gate, Doorman doorman)
{
    private const int MostKey = 200;
    private readonly JsonTypeInfo request = KeelJson.Options.GetTypeInfo(info.Request);
    private readonly JsonTypeInfo answer = KeelJson.Options.GetTypeInfo(info.Answer);

    public static readonly Error BadKey = Error.Invalid("request.idempotency-key", "An idempotency key is 1 to 200 printable ASCII characters, such as a UUID.");
    public static readonly Error BadFrom = Error.Invalid("request.from", "from is the day or instant from which on the change shall hold, such as 2026-12-01T00:00:00Z.");
    public static readonly Error BadFlag = Error.Invalid("request.dry-run", "dryRun is true or false.");

    public static string AddressOf(OperationInfo info) => "/api/v1/" + info.Name.Replace('.', '/');

    public async Task Answer(HttpContext http)
    {
        if (await doorman.AskApi(http) is not { } from) return;
        if (from.Company is null && !info.Global)
        {
            await Problems.Write(http, Companies.NotNamed);
            return;
        }

        var caller = CallerOf(http, from.Visitor, from.Company);
        if (!caller.Ok)
        {
            await Problems.Write(http, caller.Error!);
            return;
        }

        if (!JsonBody.IsJson(http.Request.ContentType))
        {
            await Problems.Write(http, JsonBody.NotJson, StatusCodes.Status415UnsupportedMediaType);
            return;
        }

        var body = await JsonBody.Read(http.Request.BodyReader, request, http.RequestAborted);
        if (!body.Ok)
        {
            await Problems.Write(http, body.Error!);
            return;
        }

        await Say(http, await gate.Run(info, body.Value, caller.Value, http.RequestAborted));
    }

    private static Result<Caller> CallerOf(HttpContext http, Visitor visitor, Company? company)
    {
        string? key = http.Request.Headers["Idempotency-Key"];
        if (key is not null && (key.Length is 0 or > MostKey || key.AsSpan().ContainsAnyExceptInRange(' ', '~'))) return BadKey;
        var dry = false;
        if (http.Request.QueryString.HasValue && http.Request.Query.TryGetValue("dryRun", out var flag) && !bool.TryParse(flag, out dry)) return BadFlag;
        DateTimeOffset? from = null;
        if (http.Request.QueryString.HasValue && http.Request.Query.TryGetValue("from", out var later))
        {
            if (!DateTimeOffset.TryParse(later, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return BadFrom;
            from = at.ToUniversalTime();
        }

        return new Caller(visitor.Actor, Door.Api, company?.Id ?? default) { IdempotencyKey = key, DryRun = dry, From = from };
    }

    private async Task Say(HttpContext http, Outcome outcome)
    {
        doorman.Ran(outcome);
        var response = http.Response;
        if (outcome.Error is { } error)
        {
            await Problems.Write(http, error);
            return;
        }

        if (outcome.Id != Guid.Empty) response.Headers["Keel-Operation"] = outcome.Id.ToString();
        if (outcome.Replayed) response.Headers["Idempotency-Replayed"] = "true";
        if (outcome.DryRun) response.Headers["Keel-Dry-Run"] = "true";
        response.ContentType = "application/json";
        if (outcome.Waiting is { } waiting)
        {
            response.StatusCode = StatusCodes.Status202Accepted;
            await JsonSerializer.SerializeAsync(response.BodyWriter, waiting, KeelJson.Options, http.RequestAborted);
            return;
        }

        using (var writer = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = KeelJson.Options.Encoder, SkipValidation = true }))
        {
            JsonSerializer.Serialize(writer, outcome.Answer, answer);
        }

        await response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
