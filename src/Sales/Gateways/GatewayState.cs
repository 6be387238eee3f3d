using System.Text.Json;
using System.Text.Json.Serialization;

namespace Keel.Sales;

/// What a gateway says of an intent: all its amounts as they stand, and the version of its own record. Of two the later holds, however they arrive.
internal sealed record GatewayState(
    string Reference, string Status, long Version, Money Amount, Money Authorised, Money Capturable, Money Captured, Money Refunded, DateTimeOffset? ExpiresAt, Guid? Intent, string? Problem, string? Link = null);

/// The object of the gateway's dialect: amounts in the smallest unit, instants in seconds since 1970.
internal sealed record GatewayObject
{
    [JsonPropertyName("id")] public string Id { get; init; } = "";
    [JsonPropertyName("status")] public string Status { get; init; } = "";
    [JsonPropertyName("version")] public long Version { get; init; }
    [JsonPropertyName("currency")] public string Currency { get; init; } = "";
    [JsonPropertyName("amount")] public long Amount { get; init; }
    [JsonPropertyName("amount_authorized")] public long Authorised { get; init; }
    [JsonPropertyName("amount_capturable")] public long Capturable { get; init; }
    [JsonPropertyName("amount_received")] public long Captured { get; init; }
    [JsonPropertyName("amount_refunded")] public long Refunded { get; init; }
    [JsonPropertyName("expires_at")] public long? ExpiresAt { get; init; }
    [JsonPropertyName("url")] public string? Url { get; init; }
    [JsonPropertyName("metadata")] public Dictionary<string, string>? Metadata { get; init; }
    [JsonPropertyName("last_payment_error")] public GatewayProblem? Problem { get; init; }

    /// What it says in our words; null where it says no amounts that can be true.
    public GatewayState? Read()
    {
        if (Id.Length is 0 or > 80 || Version < 1 || !Keel.Kernel.Currency.TryOf(Currency.ToUpperInvariant(), out var currency)) return null;
        if (Amount < 0 || Authorised < 0 || Capturable < 0 || Captured < 0 || Refunded < 0) return null;
        Money Of(long minor) => new(minor, currency);
        return new GatewayState(
            Id, Status, Version, Of(Amount), Of(Authorised), Of(Capturable), Of(Captured), Of(Refunded), ExpiresAt is { } end and > 0 and < 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds(end) : null,
            Metadata?.GetValueOrDefault("intent") is { } text && Guid.TryParse(text, out var intent) ? intent : null, Problem?.Message,
            Url is { Length: <= 500 } url && Uri.TryCreate(url, UriKind.Absolute, out var link) && (link.Scheme == Uri.UriSchemeHttps || (link.Scheme == Uri.UriSchemeHttp && link.IsLoopback)) ? url : null);
    }
}

/// Why a gateway said no, in its own words.
internal sealed record GatewayProblem
{
    [JsonPropertyName("message")] public string? Message { get; init; }
}

/// What came of asking a gateway: an answer, a no, or silence.
internal sealed record GatewayAnswer(WishState State, GatewayState? Said, string? Why);

/// The telephone to gateways: one wish over HTTP, with the wish as its idempotency key. What is not answered in time is unknown, never refused.
internal static class GatewayLine
{
    private const int MostAnswer = 256 * 1024;
    private static readonly HttpClient Http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MostAnswer };

    public static Task<GatewayAnswer> Ask(PaymentGateway gateway, string key, PaymentIntent intent, PaymentStep wish, string orderNumber, CancellationToken ct)
    {
        var at = $"/v1/payment_intents/{Uri.EscapeDataString(intent.Reference ?? "")}";
        var (path, body) = wish.Kind switch
        {
            WishKind.Authorise => ("/v1/payment_intents", (object)new
            {
                amount = wish.Amount.Minor, currency = wish.Amount.Currency.Code.ToLowerInvariant(), capture_method = "manual", confirm = intent.Token is not null, payment_method = intent.Token,
                payment_method_type = intent.Method, metadata = new { intent = intent.Id.Value, order = orderNumber },
            }),
            WishKind.Capture => (at + "/capture", new { amount_to_capture = wish.Amount.Minor }),
            WishKind.Void => (at + "/cancel", new { cancellation_reason = "requested_by_customer" }),
            _ => (at + "/refund", new { amount = wish.Amount.Minor }),
        };
        return Send(gateway, key, HttpMethod.Post, path, JsonSerializer.Serialize(body), wish.Wish.ToString("N"), ct);
    }

    /// Asks how an intent stands, where nothing was heard of it.
    public static Task<GatewayAnswer> Look(PaymentGateway gateway, string key, string reference, CancellationToken ct) =>
        Send(gateway, key, HttpMethod.Get, $"/v1/payment_intents/{Uri.EscapeDataString(reference)}", null, null, ct);

    private static async Task<GatewayAnswer> Send(PaymentGateway gateway, string key, HttpMethod method, string path, string? body, string? wish, CancellationToken ct)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(TimeSpan.FromSeconds(gateway.PatienceSeconds));
        using var request = new HttpRequestMessage(method, gateway.Address + path);
        request.Headers.Authorization = new("Bearer", key);
        if (wish is not null) request.Headers.Add("Idempotency-Key", wish);
        if (body is not null) request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        try
        {
            using var response = await Http.SendAsync(request, late.Token);
            var text = await response.Content.ReadAsStringAsync(late.Token);
            return Read((int)response.StatusCode, text);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new GatewayAnswer(WishState.Unknown, null, $"{gateway.Name} did not answer within {gateway.PatienceSeconds} seconds.");
        }
        catch (HttpRequestException away)
        {
            return new GatewayAnswer(WishState.Unknown, null, $"{gateway.Name} could not be reached: {away.Message}");
        }
    }

    /// Only a clear yes or a clear no ends a wish. That our key is wrong, that the gateway is busy or broken, says nothing of what it did.
    private static GatewayAnswer Read(int status, string text)
    {
        if (status is 401 or 403 or 408 or 409 or 425 or 429 or >= 500 or < 200 or (>= 300 and < 400)) return new GatewayAnswer(WishState.Unknown, null, $"The gateway answered with status {status}.");
        try
        {
            if (status < 300)
            {
                var said = JsonSerializer.Deserialize<GatewayObject>(text)?.Read();
                return said is null ? new GatewayAnswer(WishState.Unknown, null, "The gateway's answer cannot be read.") : new GatewayAnswer(WishState.Confirmed, said, null);
            }

            var refused = JsonSerializer.Deserialize<Refusal>(text)?.Error;
            return new GatewayAnswer(WishState.Refused, refused?.Intent?.Read(), Capped(refused?.Message) ?? $"The gateway refused with status {status}.");
        }
        catch (JsonException)
        {
            return status < 300 ? new GatewayAnswer(WishState.Unknown, null, "The gateway's answer cannot be read.") : new GatewayAnswer(WishState.Refused, null, $"The gateway refused with status {status}.");
        }
    }

    private static string? Capped(string? text) => text is { Length: > 300 } ? text[..300] : text;

    private sealed record Refusal([property: JsonPropertyName("error")] Refused? Error);

    private sealed record Refused([property: JsonPropertyName("message")] string? Message, [property: JsonPropertyName("payment_intent")] GatewayObject? Intent);
}
