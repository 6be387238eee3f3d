using Keel.App.Access;
using Keel.Kernel.Views;
using Keel.Ui;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Keel.App.Doors;

/// The outermost door: headers that keep browsers strict, and an answer for whatever nobody else answered. It never shows a stack trace.
internal sealed class Safety(RequestDelegate next, ILogger<Safety> log)
{
    private const string Policy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// The API's description is shown by a program that is not ours and styles itself inline.
    private const string SwaggerPolicy = Policy + "; style-src 'self' 'unsafe-inline'";

    public async Task Invoke(HttpContext http)
    {
        Secure(http);
        if (!IsApi(http)) Words.Speak(Words.Preferred(http.Request.Headers.AcceptLanguage));
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone.
        }
        catch (BadHttpRequestException bad)
        {
            await Say(http, bad.StatusCode is StatusCodes.Status413PayloadTooLarge
                ? Problems.TooBig
                : Error.Invalid("request.unreadable", $"The request could not be read: {bad.Message}"), bad.StatusCode);
        }
        catch (InvalidDataException bad)
        {
            await Say(http, Error.Invalid("request.unreadable", $"The request could not be read: {bad.Message}"), StatusCodes.Status400BadRequest);
        }
        catch (TookTooLong)
        {
            await Say(http, ViewErrors.TooSlow, StatusCodes.Status422UnprocessableEntity);
        }
        catch (NpgsqlException away) when (IsAway(away))
        {
            log.LogWarning("The database does not answer: {Reason}", away.Message);
            await Say(http, Problems.Away, StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception broken)
        {
            var reference = Guid.CreateVersion7().ToString("N");
            log.LogError(broken, "Broken at {Method} {Path}, reference {Reference}", http.Request.Method, http.Request.Path, reference);
            await Say(http, new Error("keel.broken", "Something broke inside Keel and nothing was changed. Tell whoever runs it the reference."), 500, reference);
        }
    }

    /// The database is stopped, starting, unreachable or out of connections; anything else that it says is an answer.
    public static bool IsAway(NpgsqlException broken) => broken is not PostgresException said
        ? broken is not NpgsqlOperationInProgressException
        : said.SqlState.StartsWith("57P", StringComparison.Ordinal) || said.SqlState.StartsWith("08", StringComparison.Ordinal)
        || said.SqlState is PostgresErrorCodes.TooManyConnections;

    private static void Secure(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (http.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        if (IsApi(http))
        {
            headers.ContentSecurityPolicy = "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
            return;
        }

        headers.ContentSecurityPolicy = http.Request.Path.Value is "/api" or "/api/" or "/api/index.html" ? SwaggerPolicy : Policy;
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    private static bool IsApi(HttpContext http) => http.Request.Path.StartsWithSegments("/api/v1", StringComparison.Ordinal);

    private static async Task Say(HttpContext http, Error error, int status, string? reference = null)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        var kept = http.Response.Headers.ToArray();
        http.Response.Clear();
        foreach (var (name, value) in kept.Where(h => h.Key is not ("Content-Type" or "Content-Length" or "Content-Disposition"))) http.Response.Headers[name] = value;
        var wantsPage = http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
        if (IsApi(http) || !wantsPage) await Problems.Write(http, error, status, reference);
        else await Whole(http, status, Problems.Title(status), error.Message, reference);
    }

    /// A whole page that says no, for people who are in and for those who are not.
    public static Task Whole(HttpContext http, int status, string title, string text, string? reference = null)
    {
        http.Response.StatusCode = status;
        var parameters = new Dictionary<string, object> { ["Status"] = status, ["Title"] = title, ["Text"] = text };
        if (reference is not null) parameters["Reference"] = reference;
        return Show(http, typeof(Problem), parameters, status >= 500 || !IsIn(http) ? typeof(SignInFrame) : typeof(Shell), status);
    }

    /// Shows a component as a whole page.
    public static Task Show(HttpContext http, Type page, Dictionary<string, object> parameters, Type layout, int status = 200) =>
        new RazorComponentResult<Document>(new { Page = page, Parameters = (IDictionary<string, object>)parameters, Layout = layout })
        {
            StatusCode = status, PreventStreamingRendering = true,
        }.ExecuteAsync(http);

    private static bool IsIn(HttpContext http) => http.Features.Get<Visitor>() is { IsKnown: true };
}
