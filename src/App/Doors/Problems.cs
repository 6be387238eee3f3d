using System.Text.Json;

namespace Keel.App.Doors;

/// Says no on the API, as RFC 9457 has it: a stable type, a title, one sentence that says what to do, and what is wrong with which field.
internal static class Problems
{
    public static readonly Error Away = new("database.away", "The database does not answer at the moment. Nothing is known to be changed; try again with the same idempotency key.");
    public static readonly Error SignInFirst = new("access.sign-in-first", "Send an API key: Authorization: Bearer keel_... Keys are made in Settings, API keys.", Refusal.Forbidden);
    public static readonly Error TooBig = Error.Invalid("request.too-big", "The request is larger than this door takes. Send it in several smaller ones.");
    public static readonly Error NotThere = Error.NotFound("request.no-such-address", "There is nothing at this address. The API is described at /api.");
    public static readonly Error NotSo = Error.Invalid("request.wrong-method", "This address does not take this method. The API is described at /api.");

    /// The status that a refusal has, unless the door knows better.
    public static int StatusOf(Error error) => error.Kind switch
    {
        Refusal.Invalid => StatusCodes.Status400BadRequest,
        Refusal.Forbidden => StatusCodes.Status403Forbidden,
        Refusal.NotFound => StatusCodes.Status404NotFound,
        _ => StatusCodes.Status409Conflict,
    };

    public static async Task Write(HttpContext http, Error error, int? status = null, string? reference = null)
    {
        var code = status ?? StatusOf(error);
        var response = http.Response;
        response.StatusCode = code;
        response.ContentType = "application/problem+json";
        if (code is StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        if (code is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests) response.Headers.RetryAfter = "1";

        await using (var writer = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = KeelJson.Options.Encoder, SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "/problems/" + error.Code);
            writer.WriteString("title", Title(code));
            writer.WriteNumber("status", code);
            writer.WriteString("code", error.Code);
            writer.WriteString("detail", error.Message);
            if (reference is not null) writer.WriteString("reference", reference);
            if (error.Fields.Count > 0)
            {
                writer.WriteStartArray("fields");
                foreach (var field in error.Fields)
                {
                    writer.WriteStartObject();
                    writer.WriteString("field", field.Field);
                    writer.WriteString("message", field.Message);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        await response.BodyWriter.FlushAsync(CancellationToken.None);
    }

    public static string Title(int status) => status switch
    {
        400 => "The request needs mending",
        401 => "Who are you?",
        403 => "Not allowed",
        404 => "Not found",
        405 => "Not in this way",
        409 => "Not as things stand",
        413 => "Too large",
        415 => "Not JSON",
        429 => "Too many requests",
        503 => "Not at the moment",
        _ => "Something broke",
    };
}
