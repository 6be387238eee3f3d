using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Keel.App.Access;
using Keel.App.Keeping;
using Keel.App.Postgres;
using HarbourHome = Keel.Simulators.Contract.Demo;

namespace Keel.App.Commands;

/// `keel up`: the database, then the web pages and the API, until told to stop.
internal static class Up
{
    private static readonly Option<int> Port = new("--port")
    {
        Description = "The port to answer on; 0 picks a free one",
        DefaultValueFactory = _ => 5080,
    };

    private static readonly Option<string> Company = new("--company")
    {
        Description = "What to begin with when there is nothing yet",
        DefaultValueFactory = _ => "harbour-home",
    };

    private static readonly Option<string> Listen = new("--listen")
    {
        Description = "The address to answer on; beyond this machine only with --cert",
        HelpName = "address",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private static readonly Option<FileInfo?> Certificate = new("--cert")
    {
        Description = "The TLS certificate (PEM, or PFX)",
        HelpName = "file",
    };

    private static readonly Option<FileInfo?> Key = new("--key")
    {
        Description = "The private key of the certificate (PEM)",
        HelpName = "file",
    };

    private static readonly Option<bool> Detach = new("--detach") { Description = "Run in the background, and return when it answers" };

    public static Command Describe()
    {
        Company.AcceptOnlyFromAmong("harbour-home", "empty");
        var command = new Command("up", "Starts Keel and its database") { Port, Company, Listen, Certificate, Key, Detach };
        command.SetAction(CommandLine.Action(Run));
        return command;
    }

    private static async Task Run(Invocation call, ParseResult parsed, CancellationToken ct)
    {
        var web = Web(parsed);
        if (parsed.GetValue(Detach)) await RunDetached(call, web, parsed, ct);
        else await RunHere(call, web, parsed.GetValue(Company)!, ct);
    }

    private static async Task RunHere(Invocation call, WebOptions web, string company, CancellationToken ct)
    {
        using var running = RunningKeel.Become(call.DataFolder);
        web = WithFreePort(web);
        await using var database = await Database.Open(call.DataFolder, new DatabaseOptions { Say = call.Terminal.Say }, ct);
        await using var host = WebHost.Build(database.ConnectionString, web with { Copies = new CopyPlace(database, Path.Combine(call.DataFolder, "backups")) });
        await WebHost.Migrate(host, ct);
        var begin = host.Services.GetRequiredService<FirstStart>();
        var isDemo = company != "empty" && await begin.MayBeDemo(ct);
        if (isDemo) await ProgressBar.Show(call.Terminal, progress => HarbourHome.Build(host.Services, progress, ct));
        var first = await begin.Run(isDemo, call.DataFolder, ct);
        if (IPAddress.IsLoopback(web.Listen)) host.Services.GetRequiredService<Demo>().Offer(first);
        await host.StartAsync(ct);
        running.Announce(web.Address);
        Tell(call, first);
        Answer(call, web.Address, Environment.ProcessId);

        await Task.WhenAny(Task.Delay(Timeout.Infinite, ct), host.WaitForShutdownAsync(CancellationToken.None));
        call.Terminal.Say("Stopping.");
        await host.StopAsync(CancellationToken.None);
    }

    private static async Task RunDetached(Invocation call, WebOptions web, ParseResult parsed, CancellationToken ct)
    {
        using (RunningKeel.Become(call.DataFolder)) web = WithFreePort(web);
        var file = (Option<FileInfo?> option) => parsed.GetValue(option) is { } given ? (string[])[option.Name, given.FullName] : [];
        using var detached = Detached.Start(
            call.DataFolder,
            ["up", "--data", call.DataFolder, "--port", $"{web.Port}", "--listen", parsed.GetValue(Listen)!,
                "--company", parsed.GetValue(Company)!, .. file(Certificate), .. file(Key)]);
        var card = await detached.Answers(call, ct);
        if (call.Terminal.IsJson) Answer(call, card.Address, card.Process);
    }

    private static void Tell(Invocation call, FirstSignIns? first)
    {
        if (first is null) return;
        call.Terminal.Say(first.IsDemo ? "Sign in as:" : "The first sign-in:");
        foreach (var person in first.People) call.Terminal.Say($"  {person.Title,-18} {person.Email,-40} {person.Password}");
        if (first.ApiKey is { } key) call.Terminal.Say($"API key: {key}");
    }

    private static void Answer(Invocation call, string address, int process) =>
        call.Terminal.Answer(new { address, process, data = call.DataFolder }, $"Keel answers at {address}");

    private static WebOptions Web(ParseResult parsed)
    {
        var named = parsed.GetValue(Listen)!;
        var address = named == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(named, out var parsedAddress) ? parsedAddress
            : throw new CannotRun($"{named} is not an address of this machine: give --listen an IP address, such as 0.0.0.0 for all.");
        if (!IPAddress.IsLoopback(address) && parsed.GetValue(Certificate) is null) throw new CannotRun(
            $"Keel answers beyond this machine only over TLS: add --cert and --key to --listen {named}, or leave --listen out.");
        return new WebOptions
        {
            SignOn = SignOn.FromEnvironment(),
            Listen = address,
            Port = parsed.GetValue(Port),
            Certificate = Existing(parsed.GetValue(Certificate)),
            Key = Existing(parsed.GetValue(Key)),
        };
    }

    private static string? Existing(FileInfo? file) =>
        file is null || file.Exists ? file?.FullName : throw new CannotRun($"The file {file.FullName} does not exist.");

    private static WebOptions WithFreePort(WebOptions web)
    {
        if (web.Port is < 0 or > 65535) throw new CannotRun($"{web.Port} is not a port: give --port a number up to 65535.");
        if (web.Port == 0) return web with { Port = AnyFreePort(web.Listen) };
        if (IsFree(web.Listen, web.Port)) return web;
        var next = Enumerable.Range(web.Port + 1, 100).FirstOrDefault(port => port <= 65535 && IsFree(web.Listen, port));
        throw new CannotRun(
            $"Port {web.Port} is taken. Start Keel on the next free one with --port {next}, or let it pick one with --port 0.");
    }

    private static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int AnyFreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
