using System.Net;
using System.Text;
using System.Text.Json;

namespace Keel.App.Torture;

/// What all clients share: where Keel answers, the key, and how a request is sent until there is an answer.
internal sealed class TortureWorld
{
    private readonly Func<string> address;
    private readonly string logs;
    private readonly HttpClient http;
    private long answered;
    private long lost;
    private readonly System.Collections.Concurrent.ConcurrentQueue<object> broken = [];

    public TortureWorld(Func<string> address, string key, string logs)
    {
        (this.address, this.logs) = (address, logs);
        http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 128, PooledConnectionLifetime = TimeSpan.FromMinutes(1) }) { Timeout = TimeSpan.FromSeconds(20) };
        http.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", key);
        http.DefaultRequestHeaders.Add("Keel-Company", "torture");
    }

    public long Answered => Interlocked.Read(ref answered);
    public long Lost => Interlocked.Read(ref lost);

    public const string Main = "MAIN";
    public const string Other = "OTHER";
    public const string BuiltKit = "KIT-BUILT";
    public const string VirtualKit = "KIT-VIRTUAL";
    public const int LotSkus = 2;
    public const int LotsEach = 4;
    public static readonly string[] Bins = [Main + "/BIN-1", Main + "/BIN-2", Main + "/BIN-3"];

    public static string SkuOf(int n) => $"FEW-{n}";
    public static string LotSkuOf(int n) => $"LOT-{n}";
    public static string LotOf(int n) => $"L-{n}";

    /// The number of the paper that an operation made, where it made one.
    public static string? NumberOf((int Status, JsonElement Body)? got) =>
        got is { Status: 200, Body: { ValueKind: JsonValueKind.Object } body } && body.TryGetProperty("number", out var number) ? number.GetString() : null;

    public static Task Write(StreamWriter log, object line) => log.WriteLineAsync(JsonSerializer.Serialize(line, JsonSerializerOptions.Web));

    public StreamWriter Log(string client) => new(Path.Combine(logs, client + ".jsonl")) { AutoFlush = true };

    /// A list, as the API tells it.
    public async Task<JsonElement?> Read(string list, CancellationToken over)
    {
        for (var attempt = 0; attempt < 100 && !over.IsCancellationRequested; attempt++)
        {
            try
            {
                using var answer = await http.GetAsync($"{address()}/api/v1/{list}", CancellationToken.None);
                if (answer.IsSuccessStatusCode) return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(CancellationToken.None)).RootElement;
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException or IOException or JsonException)
            {
                Interlocked.Increment(ref lost);
            }

            await Task.Delay(150, CancellationToken.None);
        }

        return null;
    }

    /// Sends until there is a definite answer: what got none may have been done or not, so it is sent again with the same key.
    public async Task<(int Status, JsonElement Body)?> Ask(string operation, object request, string? key, CancellationToken over)
    {
        var json = JsonSerializer.Serialize(request, KeelJson.Options);
        var (failed, status) = (0, 0);
        for (var attempt = 0; attempt < 400; attempt++)
        {
            try
            {
                using var message = new HttpRequestMessage(HttpMethod.Post, $"{address()}/api/v1/{operation}") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
                if (key is not null) message.Headers.Add("Idempotency-Key", key);
                using var answer = await http.SendAsync(message, CancellationToken.None);
                if (answer.StatusCode is HttpStatusCode.TooManyRequests) { await Task.Delay(200, CancellationToken.None); continue; }
                var body = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                if ((int)answer.StatusCode < 500 && !(answer.StatusCode is HttpStatusCode.Conflict && body.Contains("gate.busy", StringComparison.Ordinal)))
                {
                    Interlocked.Increment(ref answered);
                    if (failed > 0) broken.Enqueue(new { kind = "failed", operation, status, times = failed, ended = true });
                    return ((int)answer.StatusCode, JsonDocument.Parse(body.Length == 0 ? "{}" : body).RootElement);
                }

                if ((int)answer.StatusCode >= 500) (failed, status) = (failed + 1, (int)answer.StatusCode);
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException or IOException or JsonException)
            {
                Interlocked.Increment(ref lost);
            }

            // Once it is over, what has no answer yet is still asked until it has one.
            await Task.Delay(over.IsCancellationRequested ? 50 : 150, CancellationToken.None);
        }

        broken.Enqueue(new { kind = "failed", operation, status, times = failed, ended = false });
        return null;
    }

    /// Writes down which requests the server failed at, how often, and whether they were answered in the end.
    public async Task WriteFailures()
    {
        await using var log = Log("failures");
        foreach (var one in broken) await Write(log, one);
    }
}
