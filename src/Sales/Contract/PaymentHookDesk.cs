using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Keel.Sales.Contract;

/// What came of an event at the door: a status of HTTP, and one word for whoever sent it.
public sealed record HookAnswer(int Status, string Result);

/// Where payment gateways come and tell. Only words that are signed with the gateway's own secret, just now, are looked at.
public sealed class PaymentHookDesk
{
    private static readonly TimeSpan Oldest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);
    private readonly KeelDb db;
    private readonly Gate gate;
    private readonly IDataProtector seal;
    private readonly TimeProvider clock;

    internal PaymentHookDesk(KeelDb db, Gate gate, IDataProtectionProvider protection, TimeProvider clock) => (this.db, this.gate, seal, this.clock) = (db, gate, protection.CreateProtector(PaymentGateway.Purpose), clock);

    /// Takes the words of an event and their signature, `t=…,v1=…`. The secret that fits says whose event it is.
    public async Task<HookAnswer> Take(string gateway, string words, string? signature, CancellationToken ct = default)
    {
        var known = await db.Query<PaymentGateway>(
            $"{new SqlText.Verbatim($"select {RowMap<PaymentGateway>.Instance.Names} from sales.payment_gateway")} where code = {gateway} and is_active and webhook_secret is not null order by company_id", ct);
        if (known.Count == 0) return new HookAnswer(404, "unknown-gateway");
        if (Parts(signature) is not var (at, marks)) return new HookAnswer(400, "no-signature");
        if (known.FirstOrDefault(g => IsSigned(g, at, words, marks)) is not { } sender) return new HookAnswer(401, "wrong-signature");
        var (now, sent) = (clock.GetUtcNow(), DateTimeOffset.FromUnixTimeSeconds(at));
        if (sent < now - Oldest) return new HookAnswer(400, "too-old");
        if (sent > now + Ahead) return new HookAnswer(400, "from-the-future");
        if (Read(sender, words, sent) is not { } request) return new HookAnswer(400, "unreadable");
        var answer = await gate.Run<ReceivePaymentEvent, ReceivePaymentEvent.Request, EventOutcome>(request, new Caller(Actor.Keel, Door.Channel, sender.CompanyId) { At = now }, ct);
        return answer.Ok ? new HookAnswer(200, answer.Value.ToString().ToLowerInvariant()) : new HookAnswer(409, answer.Error!.Code);
    }

    private bool IsSigned(PaymentGateway gateway, long at, string words, IReadOnlyList<byte[]> marks)
    {
        var right = HMACSHA256.HashData(Encoding.UTF8.GetBytes(seal.Unprotect(gateway.WebhookSecret!)), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{at}.{words}")));
        return marks.Any(m => CryptographicOperations.FixedTimeEquals(m, right));
    }

    /// The instant and the marks of a signature; a gateway that changes its secret signs with both for a while.
    private static (long At, IReadOnlyList<byte[]> Marks)? Parts(string? signature)
    {
        if (signature is not { Length: > 0 and <= 1_000 }) return null;
        long? at = null;
        var marks = new List<byte[]>();
        foreach (var part in signature.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("t=", StringComparison.Ordinal) && long.TryParse(part.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var t) && t < 253_402_300_799) at = t;
            if (part.StartsWith("v1=", StringComparison.Ordinal) && part.Length == 67 && part.Skip(3).All(char.IsAsciiHexDigit)) marks.Add(Convert.FromHexString(part.AsSpan(3)));
        }

        return at is { } instant && marks.Count > 0 ? (instant, marks) : null;
    }

    private static ReceivePaymentEvent.Request? Read(PaymentGateway gateway, string words, DateTimeOffset sent)
    {
        try
        {
            using var document = JsonDocument.Parse(words);
            var root = document.RootElement;
            if (root.ValueKind is not JsonValueKind.Object || Text(root, "id") is not { Length: > 0 and <= 100 } id || Text(root, "type") is not { Length: > 0 and <= 100 } kind) return null;
            var said = root.TryGetProperty("data", out var data) && data.ValueKind is JsonValueKind.Object && data.TryGetProperty("object", out var of) && of.ValueKind is JsonValueKind.Object ? of.Deserialize<GatewayObject>()?.Read() : null;
            var wish = root.TryGetProperty("request", out var asked) && asked.ValueKind is JsonValueKind.Object && Guid.TryParse(Text(asked, "idempotency_key"), out var key) ? key : (Guid?)null;
            return new ReceivePaymentEvent.Request(gateway.Code, id, kind, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(words))), sent, said, wish);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
