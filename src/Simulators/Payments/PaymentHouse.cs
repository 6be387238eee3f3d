using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Keel.Simulators;

/// What can be wrong with a gateway, as much of it as whoever tries wants.
internal sealed class PaymentFaults
{
    private int silences;
    private int breakdowns;

    /// How long it thinks before it answers.
    public TimeSpan Delay { get; set; }

    /// So many of the next wishes are done and never answered.
    public int SilentAfterDoing { get => silences; set => silences = value; }

    /// So many of the next wishes are answered with a breakdown, and not done.
    public int Broken { get => breakdowns; set => breakdowns = value; }

    /// Every event is sent twice.
    public bool Twice { get; set; }

    /// Events are kept back until somebody lets them go, in whatever order.
    public bool Late { get; set; }

    /// Events are never sent.
    public bool Lost { get; set; }

    internal bool TakeSilence() => Interlocked.Decrement(ref silences) >= 0;

    internal bool TakeBreakdown() => Interlocked.Decrement(ref breakdowns) >= 0;
}

/// An event as it leaves the gateway: its words and their signature.
internal sealed record SentEvent(string Id, string Type, string Body, string Signature);

/// A payment gateway that speaks HTTP on this machine: it authorises, captures, voids and refunds under idempotency keys, tells of it by signed
/// webhooks, and can be made as unreliable as real ones are. Cards are named by tokens: `tok_declined` and `tok_insufficient` are refused.
internal sealed class PaymentHouse : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TimeProvider clock;
    private readonly HttpClient hooks = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Lock one = new();
    private readonly Dictionary<string, Held> intents = [];
    private readonly Dictionary<string, (string Digest, int Status, string Body)> answered = [];
    private readonly ConcurrentQueue<SentEvent> kept = new();
    private readonly int validDays;
    private readonly bool capturesOften;
    private int numbers;

    private PaymentHouse(WebApplication app, TimeProvider clock, int validDays, bool capturesOften) => (this.app, this.clock, this.validDays, this.capturesOften) = (app, clock, validDays, capturesOften);

    public string Key { get; } = "sk_test_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
    public string Secret { get; } = "whsec_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    public PaymentFaults Faults { get; } = new();

    /// Where events are sent; without it they wait here.
    public Uri? Hook { get; set; }

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// Events that were kept back, or had nowhere to go.
    public IReadOnlyList<SentEvent> Kept => [.. kept];

    /// What it took from customers and gave back, over all intents: the truth that books are compared with.
    public (long Captured, long Refunded) Money
    {
        get { lock (one) return (intents.Values.Sum(i => i.Captured), intents.Values.Sum(i => i.Refunded)); }
    }

    /// How often a customer was really charged.
    public int Charges { get; private set; }

    public static async Task<PaymentHouse> Open(TimeProvider clock, int validDays = 7, bool capturesOften = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var house = new PaymentHouse(builder.Build(), clock, validDays, capturesOften);
        house.app.MapPost("/v1/payment_intents", http => house.Answer(http, (asked, _) => house.Authorise(asked)));
        house.app.MapPost("/v1/payment_intents/{id}/capture", http => house.Answer(http, (asked, id) => house.Change(id, i => house.Capture(i, asked["amount_to_capture"]!.GetValue<long>()))));
        house.app.MapPost("/v1/payment_intents/{id}/cancel", http => house.Answer(http, (_, id) => house.Change(id, house.Cancel)));
        house.app.MapPost("/v1/payment_intents/{id}/refund", http => house.Answer(http, (asked, id) => house.Change(id, i => house.Refund(i, asked["amount"]!.GetValue<long>()))));
        house.app.MapGet("/v1/payment_intents/{id}", house.Show);
        await house.app.StartAsync();
        return house;
    }

    /// The signature of words at an instant, as the gateway signs: `t=…,v1=…`.
    public string Sign(string body, DateTimeOffset at) => SignWith(Secret, body, at);

    public static string SignWith(string secret, string body, DateTimeOffset at)
    {
        var seconds = at.ToUnixTimeSeconds();
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}")))}";
    }

    /// Lets kept events go, in the order that is asked for; each is sent as it was signed.
    public async Task<IReadOnlyList<int>> Release(Func<IReadOnlyList<SentEvent>, IEnumerable<SentEvent>>? order = null)
    {
        var all = Kept;
        kept.Clear();
        var codes = new List<int>();
        foreach (var told in order?.Invoke(all) ?? all) codes.Add(await Send(told));
        return codes;
    }

    /// Somebody captures on the gateway's own pages, behind our back.
    public Task<string> CaptureByHand(string id, long amount) => ByHand(id, i => Capture(i, amount));

    /// The same of a refund.
    public Task<string> RefundByHand(string id, long amount) => ByHand(id, i => Refund(i, amount));

    /// The customer opens the link and pays.
    public Task<string> PaysByLink(string id) => ByHand(id, i =>
    {
        if (i.IsCancelled || i.Authorised > 0) return (400, "This link is closed.");
        (i.Authorised, i.Capturable, i.Version) = (i.Amount, i.Amount, i.Version + 1);
        return (200, null);
    });

    public async ValueTask DisposeAsync()
    {
        hooks.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task<string> ByHand(string id, Func<Held, (int, string?)> change)
    {
        SentEvent told;
        lock (one)
        {
            var (status, why) = change(intents[id]);
            if (status != 200) throw new InvariantBroken(why!);
            told = EventOf(intents[id], null);
        }

        await Tell(told);
        return told.Id;
    }

    private async Task Answer(HttpContext http, Func<JsonNode, string, (int Status, Held? Of, string? Why)> run)
    {
        if (Faults.Delay > TimeSpan.Zero) await Task.Delay(Faults.Delay, http.RequestAborted);
        if (!IsKnown(http)) { http.Response.StatusCode = 401; return; }
        if (Faults.TakeBreakdown()) { http.Response.StatusCode = 500; return; }
        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync(http.RequestAborted);
        var key = (string?)http.Request.Headers["Idempotency-Key"];
        if (string.IsNullOrEmpty(key)) { http.Response.StatusCode = 400; return; }
        var digest = http.Request.Path + text;
        int status;
        string body;
        SentEvent? told = null;
        lock (one)
        {
            if (answered.TryGetValue(key, out var before))
            {
                (status, body) = before.Digest == digest ? (before.Status, before.Body) : (400, """{"error":{"message":"Another request was made under this idempotency key."}}""");
            }
            else
            {
                var (code, of, why) = run(JsonNode.Parse(text.Length == 0 ? "{}" : text)!, (string?)http.Request.RouteValues["id"] ?? "");
                (status, body) = (code, why is null ? of!.Json().ToJsonString() : new JsonObject { ["error"] = new JsonObject { ["message"] = why, ["payment_intent"] = of?.Json() } }.ToJsonString());
                answered[key] = (digest, status, body);
                if (of is not null && status is 200 or 402) told = EventOf(of!, key);
            }
        }

        if (told is not null) await Tell(told);
        if (Faults.TakeSilence())
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body, http.RequestAborted);
    }

    private async Task Show(HttpContext http)
    {
        if (!IsKnown(http)) { http.Response.StatusCode = 401; return; }
        string? body;
        lock (one) body = intents.TryGetValue((string)http.Request.RouteValues["id"]!, out var held) ? held.Json().ToJsonString() : null;
        http.Response.StatusCode = body is null ? 404 : 200;
        await http.Response.WriteAsync(body ?? """{"error":{"message":"There is no such payment intent."}}""", http.RequestAborted);
    }

    private bool IsKnown(HttpContext http) => http.Request.Headers.Authorization == "Bearer " + Key;

    private (int, Held?, string?) Authorise(JsonNode asked)
    {
        var token = (string?)asked["payment_method"] ?? "";
        var held = new Held
        {
            Id = "pi_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)), Amount = asked["amount"]!.GetValue<long>(), Currency = (string)asked["currency"]!, Version = 1,
            Metadata = asked["metadata"]!.DeepClone().AsObject(), ExpiresAt = clock.GetUtcNow().AddDays(validDays),
        };
        intents[held.Id] = held;
        if (token.Length == 0) return (200, held, null);
        if (token is "tok_declined" or "tok_insufficient")
        {
            held.Problem = token == "tok_declined" ? "Your card was declined." : "Your card has insufficient funds.";
            return (402, held, held.Problem);
        }

        (held.Authorised, held.Capturable) = (held.Amount, held.Amount);
        return (200, held, null);
    }

    private (int, Held?, string?) Change(string id, Func<Held, (int, string?)> change)
    {
        if (!intents.TryGetValue(id, out var held)) return (404, null, "There is no such payment intent.");
        var (status, why) = change(held);
        return (status, held, why);
    }

    private (int, string?) Capture(Held held, long amount)
    {
        if (held.ExpiresAt <= clock.GetUtcNow()) held.Capturable = 0;
        if (amount <= 0 || amount > held.Capturable) return (400, "You cannot capture more than can be captured.");
        (held.Captured, held.Capturable, held.Version) = (held.Captured + amount, capturesOften ? held.Capturable - amount : 0, held.Version + 1);
        Charges++;
        return (200, null);
    }

    private (int, string?) Cancel(Held held)
    {
        if (held.Captured + held.Authorised > 0 && held.Capturable == 0) return (400, "There is nothing to cancel.");
        (held.Capturable, held.IsCancelled, held.Version) = (0, true, held.Version + 1);
        return (200, null);
    }

    private (int, string?) Refund(Held held, long amount)
    {
        if (amount <= 0 || amount > held.Captured - held.Refunded) return (400, "You cannot refund more than was captured.");
        (held.Refunded, held.Version) = (held.Refunded + amount, held.Version + 1);
        return (200, null);
    }

    private SentEvent EventOf(Held held, string? key)
    {
        var now = clock.GetUtcNow();
        var id = $"evt_{Interlocked.Increment(ref numbers):d6}";
        var type = held.Problem is not null ? "payment_intent.payment_failed" : held.Refunded > 0 ? "charge.refunded" : held.IsCancelled ? "payment_intent.canceled" : held.Captured > 0 ? "charge.captured" : "payment_intent.amount_capturable_updated";
        var body = new JsonObject
        {
            ["id"] = id, ["object"] = "event", ["type"] = type, ["created"] = now.ToUnixTimeSeconds(), ["data"] = new JsonObject { ["object"] = held.Json() }, ["request"] = new JsonObject { ["idempotency_key"] = key },
        }.ToJsonString();
        return new SentEvent(id, type, body, Sign(body, now));
    }

    private async Task Tell(SentEvent told)
    {
        if (Faults.Lost) return;
        for (var times = Faults.Twice ? 2 : 1; times > 0; times--)
        {
            if (Faults.Late || Hook is null) kept.Enqueue(told);
            else await Send(told);
        }
    }

    private async Task<int> Send(SentEvent told)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Hook ?? throw new InvariantBroken("The gateway has nowhere to send its events.")) { Content = new StringContent(told.Body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Payment-Signature", told.Signature);
        using var response = await hooks.SendAsync(request);
        return (int)response.StatusCode;
    }

    /// An intent as the gateway keeps it.
    private sealed class Held
    {
        public required string Id { get; init; }
        public required long Amount { get; init; }
        public required string Currency { get; init; }
        public required JsonObject Metadata { get; init; }
        public required DateTimeOffset ExpiresAt { get; init; }
        public long Version { get; set; }
        public long Authorised { get; set; }
        public long Capturable { get; set; }
        public long Captured { get; set; }
        public long Refunded { get; set; }
        public bool IsCancelled { get; set; }
        public string? Problem { get; set; }

        public JsonObject Json() => new()
        {
            ["id"] = Id, ["object"] = "payment_intent", ["amount"] = Amount, ["currency"] = Currency, ["version"] = Version, ["amount_authorized"] = Authorised, ["amount_capturable"] = Capturable,
            ["amount_received"] = Captured, ["amount_refunded"] = Refunded, ["expires_at"] = ExpiresAt.ToUnixTimeSeconds(), ["metadata"] = Metadata.DeepClone(),
            ["url"] = Authorised == 0 && Problem is null && !IsCancelled ? "https://pay.example/" + Id : null,
            ["status"] = IsCancelled ? "canceled" : Capturable > 0 ? "requires_capture" : Captured > 0 ? "succeeded" : "requires_payment_method",
            ["last_payment_error"] = Problem is null ? null : new JsonObject { ["message"] = Problem },
        };
    }
}
