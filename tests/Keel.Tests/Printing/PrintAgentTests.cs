using System.Net;
using System.Net.Sockets;
using System.Text;
using Keel.App.Access;
using Keel.App.Commands;
using Keel.App.OnSite;
using Keel.Printing.Contract;
using Keel.Tests.Doors;
using Shouldly;
using Xunit;

namespace Keel.Tests.Printing;

public class PrintAgentTests
{
    [Fact, Feature("WH-32")]
    public async Task A_label_comes_out_of_the_printer_and_the_agent_is_heard_of()
    {
        await using var site = await AgentSite.Open();
        await using var printer = new FakePrinter();
        await site.Shop.HasPrinter("Zebra", PaperForm.Label, printer.Address);
        await site.Shop.Routes("product-label", "Zebra");

        await using (site.Agent())
        {
            var job = (await site.Shop.Prints("product-label", "MUG-BL")).Job!;
            await site.Becomes(job, "Printed");
        }

        printer.Papers.Single().ShouldStartWith("^XA");
        printer.Papers.Single().ShouldContain("MUG-BL");
        (await site.Shop.Text("select name || ' ' || (host <> '')::text from printing.agent")).ShouldBe("dock true");
        (await site.Shop.Text("select string_agg(status, ' ' order by at, id) from printing.job_step")).ShouldBe("Queued Taken Sent Printed");
        site.Spool.GetFiles().ShouldBeEmpty();
    }

    [Fact, Feature("WH-32")]
    public async Task A_printer_that_is_off_is_replaced_by_its_fallback()
    {
        await using var site = await AgentSite.Open();
        await using var spare = new FakePrinter();
        await site.Shop.HasPrinter("Zebra", PaperForm.Label, $"127.0.0.1:{FakePrinter.FreePort()}");
        await site.Shop.HasPrinter("Spare", PaperForm.Label, spare.Address);
        await site.Shop.Routes("product-label", "Zebra", "Spare");

        await using (site.Agent()) await site.Becomes((await site.Shop.Prints("product-label", "MUG-BL")).Job!, "Printed");

        spare.Papers.Count.ShouldBe(1);
    }

    [Fact, Feature("WH-32")]
    public async Task A_line_that_breaks_in_the_middle_leaves_it_to_somebodys_eyes()
    {
        await using var site = await AgentSite.Open();
        await using var printer = new FakePrinter { BreaksAfter = 10 };
        await site.Shop.HasPrinter("Zebra", PaperForm.Label, printer.Address);
        await site.Shop.HasPrinter("Spare", PaperForm.Label, printer.Address);
        await site.Shop.Routes("product-label", "Zebra", "Spare");

        await using (site.Agent())
        {
            var job = (await site.Shop.Prints("product-label", "MUG-BL")).Job!;
            await site.Becomes(job, "Unknown");
            await Task.Delay(1_500);
            (await site.Shop.PrintStatusOf(job)).ShouldBe("Unknown");
        }

        printer.Calls.ShouldBe(1);
        (await site.Shop.Text("select kind from kernel.work_case where state = 'Open'")).ShouldBe("print-unknown");
    }

    [Fact, Feature("WH-32")]
    public async Task A_report_that_did_not_get_through_is_said_by_the_next_agent_and_nothing_is_printed_twice()
    {
        await using var site = await AgentSite.Open();
        await using var printer = new FakePrinter();
        await site.Shop.HasPrinter("Zebra", PaperForm.Label, printer.Address);
        await site.Shop.Routes("product-label", "Zebra");
        var job = (await site.Shop.Prints("product-label", "MUG-BL")).Job!;

        await using (site.Agent(new CutLine("report")))
        {
            await site.Becomes(job, "Sent");
            await printer.Gets(1);
        }

        site.Spool.GetFiles("*.json").Length.ShouldBe(1);
        await using (site.Agent()) await site.Becomes(job, "Printed");
        printer.Calls.ShouldBe(1);
        site.Spool.GetFiles("*.json").ShouldBeEmpty();
    }

    [Fact, Feature("WH-32")]
    public async Task Without_Keels_word_nothing_is_sent()
    {
        await using var site = await AgentSite.Open();
        await using var printer = new FakePrinter();
        await site.Shop.HasPrinter("Zebra", PaperForm.Label, printer.Address);
        await site.Shop.Routes("product-label", "Zebra");
        var job = (await site.Shop.Prints("product-label", "MUG-BL")).Job!;

        await using (site.Agent(new CutLine("begin-sending", afterwards: true)))
        {
            // Keel has heard that it begins, but its answer was lost: the agent sends nothing, and says so.
            await site.Becomes(job, "Failed");
        }

        printer.Calls.ShouldBe(0);
        (await site.Shop.Text("select problem from printing.job")).ShouldContain("before it was sent");
    }

    [Fact, Feature("WH-32")]
    public async Task The_command_prints_until_it_is_stopped_and_says_what_is_wrong_with_its_words()
    {
        await using var site = await AgentSite.Open();
        await using var printer = new FakePrinter();
        await site.Shop.HasPrinter("Zebra", PaperForm.Label, printer.Address);
        await site.Shop.Routes("product-label", "Zebra");
        var job = (await site.Shop.Prints("product-label", "MUG-BL")).Job!;
        using var stop = new CancellationTokenSource();

        var run = site.Command(["--server", site.Web.Address.ToString(), "--name", "dock", "--key-file", site.KeyFile, "--spool", site.Spool.FullName], stop.Token);
        await site.Becomes(job, "Printed");
        await stop.CancelAsync();

        (await run).ShouldBe((0, ""));
        printer.Papers.Count.ShouldBe(1);
        (await site.Command(["--server", "somewhere", "--name", "dock", "--key-file", site.KeyFile], default)).Warning.ShouldContain("https://keel.example");
        (await site.Command(["--server", "http://127.0.0.1:9", "--name", "dock", "--key-file", site.KeyFile + ".gone"], default)).Warning.ShouldContain("There is no file");
    }

    [Fact]
    public async Task A_folder_outside_the_agents_own_is_never_written_to()
    {
        await using var site = await AgentSite.Open();
        await site.Shop.HasPrinter("Office", PaperForm.Document, "../elsewhere", how: Keel.Printing.PrinterConnection.Folder);
        await site.Shop.HasPrinter("Archive", PaperForm.Document, "archive", how: Keel.Printing.PrinterConnection.Folder);
        await site.Shop.Routes("product-label", "Office");
        var (outside, inside) = ((await site.Shop.Prints("product-label", "MUG-BL")).Job!, "");
        await site.Shop.Routes("product-label", "Archive");
        inside = (await site.Shop.Prints("product-label", "TEE-M")).Job!;

        await using (site.Agent())
        {
            await site.Becomes(outside, "Failed");
            await site.Becomes(inside, "Printed");
        }

        Directory.Exists(Path.Combine(site.Folder.Parent!.FullName, "elsewhere")).ShouldBeFalse();
        var file = Directory.GetFiles(Path.Combine(site.Folder.FullName, "archive")).Single();
        Encoding.ASCII.GetString(File.ReadAllBytes(file)[..5]).ShouldBe("%PDF-");
    }

    [Fact]
    public async Task A_key_without_the_permission_gets_no_jobs()
    {
        await using var site = await AgentSite.Open();
        using var other = await site.Web.Program(["sales.read"], "harbour");

        (await WebShop.Get(other, "/api/v1/printing/wait?agent=dock&seconds=0")).Code.ShouldBe("printing.not-an-agent");
        (await WebShop.Post(other, "/api/v1/printing/claim-jobs", """{"agent":"dock"}""")).Status.ShouldBe(403);
        (await WebShop.Get(site.Web.Client(null), "/api/v1/printing/wait?agent=dock")).Status.ShouldBe(401);
        (await WebShop.Get(site.Web.Http, "/api/v1/printing/wait")).Code.ShouldBe("printing.agent-unnamed");
    }
}

/// A site with Keel behind a door, and agents that are started and stopped.
internal sealed class AgentSite : IAsyncDisposable
{
    private readonly string key;
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("keel-agent-");

    private AgentSite(WebShop web, string key) => (Web, this.key) = (web, key);

    public WebShop Web { get; }
    public Shop Shop => Web.Shop;
    public DirectoryInfo Spool => new(Path.Combine(home.FullName, "spool"));
    public DirectoryInfo Folder => new(Path.Combine(home.FullName, "papers"));

    public static async Task<AgentSite> Open()
    {
        var web = await WebShop.Open();
        // Leases are kept by the server's clock; the clerk's hand keeps the same one here.
        web.Shop.Clock.StepTo(TimeProvider.System.GetUtcNow());
        var made = await web.Gate.Run<CreateApiKey, CreateApiKey.Request, CreateApiKey.Answer>(new("dock agent", ["printing.agent"], "harbour", null, null), Caller.Keel(default));
        return new AgentSite(web, made.Value.Key);
    }

    public RunningAgent Agent(HttpMessageHandler? line = null)
    {
        var options = new PrintAgentOptions(Web.Address, key, "dock", Spool) { Rest = TimeSpan.FromMilliseconds(50), WaitSeconds = 1, ConnectFor = TimeSpan.FromSeconds(2), Folder = Folder };
        return new RunningAgent(options, line);
    }

    /// A file with the agent's key.
    public string KeyFile
    {
        get
        {
            var file = Path.Combine(home.FullName, "key");
            File.WriteAllText(file, key + "\n");
            return file;
        }
    }

    /// Runs `keel print-agent` with these words until it ends.
    public async Task<(int Code, string Warning)> Command(string[] words, CancellationToken ct)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await CommandLine.Root().Parse(["print-agent", .. words]).InvokeAsync(new System.CommandLine.InvocationConfiguration { Output = output, Error = errors, ProcessTerminationTimeout = null }, ct);
        return (code, errors.ToString());
    }

    public async Task Becomes(string job, string status)
    {
        var last = "";
        for (var i = 0; i < 150; i++)
        {
            last = await Shop.PrintStatusOf(job);
            if (last == status) return;
            await Task.Delay(100);
        }

        last.ShouldBe(status, await Shop.Text($"select coalesce(problem, '') from printing.job where number = '{job}'"));
    }

    public async ValueTask DisposeAsync()
    {
        await Web.DisposeAsync();
        home.Delete(recursive: true);
    }
}

internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly AgentLink link;
    private readonly Task run;

    public RunningAgent(PrintAgentOptions options, HttpMessageHandler? line)
    {
        link = new AgentLink(options, line);
        run = new PrintAgent(options, link, new PrinterPort(options), _ => { }).Run(stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await run.ContinueWith(_ => { }, TaskScheduler.Default);
        (run.IsCanceled || run.IsCompletedSuccessfully).ShouldBeTrue(run.Exception?.ToString());
        link.Dispose();
        stop.Dispose();
    }
}

/// A line to Keel on which one kind of message gets lost: before it arrives, or its answer.
internal sealed class CutLine(string address, bool afterwards = false) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var isCut = request.RequestUri!.AbsolutePath.EndsWith(address, StringComparison.Ordinal);
        if (isCut && !afterwards) throw new HttpRequestException("cut");
        var answer = await base.SendAsync(request, ct);
        return isCut ? throw new HttpRequestException("cut") : answer;
    }
}

/// A printer on a port of this machine that keeps what it gets, or breaks the line after some bytes.
internal sealed class FakePrinter : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<string> papers = [];
    private readonly Task run;

    public FakePrinter()
    {
        listener.Start();
        run = Answer();
    }

    public int? BreaksAfter { get; init; }
    public int Calls { get; private set; }
    public string Address => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    public IReadOnlyList<string> Papers { get { lock (papers) return [.. papers]; } }

    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    public async Task Gets(int count)
    {
        for (var i = 0; i < 100 && Papers.Count < count; i++) await Task.Delay(50);
        Papers.Count.ShouldBe(count);
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await run;
    }

    private async Task Answer()
    {
        while (true)
        {
            TcpClient line;
            try
            {
                line = await listener.AcceptTcpClientAsync();
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                return;
            }

            Calls++;
            using (line) await Read(line);
        }
    }

    private async Task Read(TcpClient line)
    {
        var all = new MemoryStream();
        var some = new byte[256];
        while (await line.GetStream().ReadAsync(some.AsMemory(0, BreaksAfter ?? some.Length)) is > 0 and var got)
        {
            all.Write(some, 0, got);
            if (BreaksAfter is null || all.Length < BreaksAfter) continue;
            // Closed without a farewell: what is on its way is refused.
            line.Client.LingerState = new LingerOption(true, 0);
            line.Client.Close();
            return;
        }

        lock (papers) papers.Add(Encoding.UTF8.GetString(all.ToArray()));
    }
}
