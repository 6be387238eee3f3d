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

    public TortureWorld(Func<string> address, string key, string logs)
    {
        (this.address, this.logs) = (address, logs);
        http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 128, PooledConnectionLifetime = TimeSpan.FromMinutes(1) }) { Timeout = TimeSpan.FromSeconds(20) };
        http.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", key);
        http.DefaultRequestHeaders.Add("Keel-Company", "torture");
    }

    public long Answered => Interlocked.Read(ref answered);
    public long Lost => Interlocked.Read(ref lost);

    public static string SkuOf(int n) => $"FEW-{n}";

    public StreamWriter Log(string client) => new(Path.Combine(logs, client + ".jsonl")) { AutoFlush = true };

    /// Sends until there is a definite answer: what got none may have been done or not, so it is sent again with the same key.
    public async Task<(int Status, JsonElement Body)?> Ask(string operation, object request, string? key, CancellationToken over)
    {
        var json = JsonSerializer.Serialize(request, KeelJson.Options);
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
                    return ((int)answer.StatusCode, JsonDocument.Parse(body.Length == 0 ? "{}" : body).RootElement);
                }
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException or IOException or JsonException)
            {
                Interlocked.Increment(ref lost);
            }

            // Once it is over, what has no answer yet is still asked until it has one.
            await Task.Delay(over.IsCancellationRequested ? 50 : 150, CancellationToken.None);
        }

        return null;
    }
}
