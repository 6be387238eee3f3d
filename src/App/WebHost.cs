using System.Net;
using System.Security.Cryptography.X509Certificates;
using Keel.App.Postgres;
using Npgsql;

namespace Keel.App;

/// Where the web side answers, and with which certificate.
internal sealed record WebOptions
{
    public IPAddress Listen { get; init; } = IPAddress.Loopback;
    public int Port { get; init; } = 5080;
    public string? Certificate { get; init; }
    public string? Key { get; init; }

    public string Address
    {
        get
        {
            var everywhere = Listen.Equals(IPAddress.Any) || Listen.Equals(IPAddress.IPv6Any);
            var host = everywhere ? Dns.GetHostName() : Listen.ToString();
            return new UriBuilder(Certificate is null ? "http" : "https", host, Port).Uri.GetLeftPart(UriPartial.Authority);
        }
    }
}

/// The web side of Keel: pages, API and health in one Kestrel.
internal static class WebHost
{
    public static WebApplication Build(string connectionString, WebOptions options)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(WebHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = WebRoot(),
        });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders()
            .AddSimpleConsole(console => console.SingleLine = true)
            .AddFilter(null, LogLevel.Warning);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen, options.Port, listen =>
            {
                if (options.Certificate is not null) listen.UseHttps(Certificate(options));
            });
        });
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString));

        var app = builder.Build();
        app.UseStaticFiles();
        app.MapGet("/health", Health);
        return app;
    }

    private static async Task<IResult> Health(NpgsqlDataSource database, CancellationToken ct)
    {
        try
        {
            await using var ask = database.CreateCommand("SELECT 1");
            await ask.ExecuteScalarAsync(ct);
            return Results.Json(new { status = "ok" });
        }
        catch (NpgsqlException)
        {
            return Results.Json(new { status = "the database does not answer" }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// Beside the program where it was published, in the source tree where it was built.
    private static string? WebRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string[] places = [Path.Combine(folder.FullName, "wwwroot"), Path.Combine(folder.FullName, "src", "App", "wwwroot")];
            if (Array.Find(places, Directory.Exists) is { } found) return found;
        }

        return null;
    }

    private static X509Certificate2 Certificate(WebOptions options)
    {
        try
        {
            if (Path.GetExtension(options.Certificate) is ".pfx" or ".p12")
                return X509CertificateLoader.LoadPkcs12FromFile(options.Certificate!, password: null);
            using var pem = X509Certificate2.CreateFromPemFile(options.Certificate!, options.Key);
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (System.Security.Cryptography.CryptographicException unusable)
        {
            throw new CannotRun($"The certificate {options.Certificate} cannot be used: {unusable.Message}", unusable);
        }
    }
}
