using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Keel.App.Doors;

/// Reads a request out of a body of JSON: once, strictly, and with words for whatever is wrong with it.
internal static partial class JsonBody
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 24, AllowTrailingCommas = false, CommentHandling = JsonCommentHandling.Disallow };

    public static readonly Error NotJson = Error.Invalid("request.not-json", "Send the request as JSON, with the header Content-Type: application/json.");
    public static readonly Error Empty = Error.Invalid("request.empty", "The body is empty. Send the request as a JSON object.");

    public static bool IsJson(string? contentType)
    {
        if (contentType is null) return false;
        if (contentType is "application/json") return true;
        if (!System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var type) || type.MediaType is null) return false;
        return type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && type.CharSet?.Trim('"') is null or "utf-8" or "UTF-8" or "utf8";
    }

    public static async ValueTask<Result<object>> Read(PipeReader body, JsonTypeInfo type, CancellationToken ct)
    {
        while (true)
        {
            var read = await body.ReadAsync(ct);
            if (!read.IsCompleted)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var request = Read(read.Buffer, type);
            body.AdvanceTo(read.Buffer.End);
            return request;
        }
    }

    public static Result<object> Read(ReadOnlySequence<byte> body, JsonTypeInfo type)
    {
        if (body.IsEmpty) return Empty;
        try
        {
            var reader = new Utf8JsonReader(body, Strict);
            var request = JsonSerializer.Deserialize(ref reader, type);
            if (request is null) return Empty;
            reader.Read();
            return request;
        }
        catch (JsonException wrong)
        {
            return Explain(wrong);
        }
        catch (NotSupportedException wrong)
        {
            return Error.Invalid("request.malformed", $"The request cannot be read: {wrong.Message}");
        }
    }

    /// The reader's complaint in words for the one who wrote the request.
    public static Error Explain(JsonException wrong)
    {
        var field = Field(wrong.Path);
        var message = wrong.Message;
        if (Required().Match(message) is { Success: true } missing)
        {
            FieldError[] fields = [.. missing.Groups["names"].Value.Split(',').Select(n => new FieldError(Within(field, n.Trim(' ', '\'', '.', '"')), "is required."))];
            return Error.Invalid("request.incomplete", fields.Length == 1 ? $"{fields[0].Field} is required." : $"{fields.Length} fields are required: {string.Join(", ", fields.Select(f => f.Field))}.", fields);
        }

        if (Unmapped().Match(message) is { Success: true } unknown)
        {
            var name = field.Length == 0 ? unknown.Groups["name"].Value : field;
            return Error.Invalid("request.unknown-field", $"There is no field {name} in this request. Remove it, or mend its spelling.", new FieldError(name, "is unknown here."));
        }

        if (wrong.GetType() != typeof(JsonException) || message.Contains("LineNumber:", StringComparison.Ordinal) && !message.StartsWith("The JSON value could not", StringComparison.Ordinal))
        {
            var at = wrong.LineNumber is { } line ? $" at line {line + 1}, byte {wrong.BytePositionInLine + 1}" : "";
            return Error.Invalid("request.malformed", $"The body is not well-formed JSON{at}: {Plain(message)}");
        }

        var said = Wanted(message);
        var named = field.Length == 0 ? "The request" : field;
        return Error.Invalid("request.wrong-value", $"{named} {said}", field.Length == 0 ? [] : [new FieldError(field, said)]);
    }

    private static string Wanted(string message)
    {
        if (Converted().Match(message) is not { Success: true } kind) return Null().IsMatch(message) ? "must not be null." : Plain(message);
        var type = kind.Groups["type"].Value;
        if (type.StartsWith("System.Nullable`1[", StringComparison.Ordinal)) type = type[18..].TrimEnd('.', ']');
        return type.TrimEnd('.') switch
        {
            "System.Int32" or "System.Int64" or "System.Int16" => "must be a whole number, written without quotes.",
            "System.Decimal" => "must be a number, written without quotes.",
            "System.Boolean" => "must be true or false.",
            "System.String" => "must be text in quotes.",
            "System.DateTimeOffset" => "must be an instant such as \"2026-11-20T16:00:00Z\".",
            "System.DateOnly" => "must be a day such as \"2026-11-20\".",
            "System.TimeOnly" => "must be a time such as \"16:00:00\".",
            "System.Guid" => "must be an id (a UUID).",
            _ when type.Contains("List", StringComparison.Ordinal) || type.EndsWith("[]", StringComparison.Ordinal) => "must be a list: [ ... ].",
            _ => Choices(type.TrimEnd('.')) ?? "has a value that cannot stand here; the API is described at /api.",
        };
    }

    /// The members of one of our enums, as they are written.
    private static string? Choices(string name)
    {
        var type = AppDomain.CurrentDomain.GetAssemblies().Where(a => a.GetName().Name?.StartsWith("Keel", StringComparison.Ordinal) == true)
            .Select(a => a.GetType(name)).FirstOrDefault(t => t is { IsEnum: true });
        return type is null ? null : $"must be one of {string.Join(", ", Enum.GetNames(type).Select(n => $"\"{JsonNamingPolicy.CamelCase.ConvertName(n)}\""))}.";
    }

    private static string Plain(string message)
    {
        var end = message.IndexOf(" Path: ", StringComparison.Ordinal);
        if (end < 0) end = message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private static string Field(string? path) => path is null or "$" ? "" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path[1..];

    private static string Within(string field, string name) => field.Length == 0 ? name : $"{field}.{name}";

    [GeneratedRegex("missing required properties including: (?<names>.+)$", RegexOptions.Singleline, 1000)]
    private static partial Regex Required();

    [GeneratedRegex("JSON property '(?<name>.*)' could not be mapped", RegexOptions.Singleline, 1000)]
    private static partial Regex Unmapped();

    [GeneratedRegex("could not be converted to (?<type>[^ ]+)", RegexOptions.None, 1000)]
    private static partial Regex Converted();

    [GeneratedRegex("doesn't allow (?:null|setting null)|not allow null", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Null();
}
