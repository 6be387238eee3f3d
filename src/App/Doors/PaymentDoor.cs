using System.Text;
using Keel.Sales.Contract;

namespace Keel.App.Doors;

/// Where payment gateways tell of what happened. Who they are their signature says, and nothing else.
internal static class PaymentDoor
{
    private const int MostWords = 256 * 1024;

    public static void Map(WebApplication app) => app.MapPost("/webhooks/payments/{gateway}", Answer).WithMetadata(ForAnyone.It);

    private static async Task Answer(HttpContext http)
    {
        var work = http.RequestServices.GetRequiredService<Work>();
        work.Now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var answer = await Words(http.Request, http.RequestAborted) is { } words
            ? await http.RequestServices.GetRequiredService<PaymentHookDesk>().Take((string)http.Request.RouteValues["gateway"]!, words, http.Request.Headers["Payment-Signature"], http.RequestAborted)
            : new HookAnswer(StatusCodes.Status413PayloadTooLarge, "too-large");
        http.Response.StatusCode = answer.Status;
        await http.Response.WriteAsJsonAsync(new { result = answer.Result }, http.RequestAborted);
    }

    /// The words exactly as they were signed; nothing where there are too many.
    private static async Task<string?> Words(HttpRequest request, CancellationToken ct)
    {
        using var kept = new MemoryStream();
        var part = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(part, ct)) > 0;)
        {
            if (kept.Length + read > MostWords) return null;
            kept.Write(part, 0, read);
        }

        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }
}
