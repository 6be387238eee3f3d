using System.Net;
using System.Security.Cryptography.X509Certificates;
using Keel.App.Access;
using Keel.App.Doors;
using Keel.App.Jobs;
using Keel.App.Keeping;
using Keel.App.Postgres;

namespace Keel.App;

/// Where the web side answers, and with which certificate.
internal sealed record WebOptions
{
    public IPAddress Listen { get; init; } = IPAddress.Loopback;
    public int Port { get; init; } = 5080;
    public string? Certificate { get; init; }
    public string? Key { get; init; }

    /// Which database copies are made of, and where they go; null where nobody asks for any.
    public CopyPlace? Copies { get; init; }

    /// Another house that says who people are, where there is one.
    public SignOn? SignOn { get; init; }

    /// Off where somebody else steps the clock and runs what recurs.
    public bool WorksByItself { get; init; } = true;

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
    private const long MostBody = 16 * 1024 * 1024;

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
            .AddFilter(null, LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            .AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBody;
            kestrel.Listen(options.Listen, options.Port, listen =>
            {
                if (options.Certificate is not null) listen.UseHttps(Certificate(options));
            });
        });
        var source = Composition.DataSource(connectionString);
        var catalog = builder.Services.AddHouse(source, TimeProvider.System);
        builder.Services.AddWeb(options.SignOn);
        if (options.WorksByItself) builder.Services.AddBackgroundWork(catalog);
        if (options.Copies is { } copies) builder.Services.AddCopies(copies);

        var app = builder.Build();
        // The pool is this host's own: its connections go with it.
        app.Lifetime.ApplicationStopped.Register(source.Clear);
        app.UseMiddleware<Safety>();
        app.UseStaticFiles(Files());
        app.UseRouting();
        app.UseWhen(IsPage, pages =>
        {
            pages.UseMiddleware<PageDoor>();
            pages.UseAntiforgery();
        });
        app.MapDoors(catalog);
        return app;
    }

    /// Brings the database to the state that this program expects.
    public static async Task Migrate(WebApplication app, CancellationToken ct)
    {
        try
        {
            await app.Services.GetRequiredService<Migrator>().Run(ct);
        }
        catch (InvariantBroken changed)
        {
            throw new CannotRun(changed.Message, changed);
        }
    }

    /// What belongs to the pages, and so asks for a session; the API and the open addresses ask in their own way.
    private static bool IsPage(HttpContext http) => !http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);

    /// Our own files carry the build's mark in their address, so browsers may keep them.
    private static StaticFileOptions Files() => new()
    {
        OnPrepareResponse = file => file.Context.Response.Headers.CacheControl =
            file.Context.Request.QueryString.HasValue ? "public, max-age=31536000, immutable" : "public, max-age=300",
    };

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
