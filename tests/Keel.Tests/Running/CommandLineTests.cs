using System.Net;
using System.Net.Sockets;
using Shouldly;
using Xunit;

namespace Keel.Tests.Running;

public class CommandLineTests
{
    [Theory]
    [InlineData("up")]
    [InlineData("down")]
    [InlineData("backup")]
    [InlineData("restore")]
    public async Task Every_command_explains_itself(string command)
    {
        var help = await Outcome.Of(command, "--help");

        help.ShouldSucceed();
        help.Output.ShouldContain("--data");
        (await Outcome.Of("help", command)).Output.ShouldContain($"keel {command}");
    }

    [Fact]
    public async Task A_taken_port_is_named_together_with_the_next_free_one()
    {
        using var folder = new DataFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var outcome = await Outcome.Of("up", "--data", folder.Path, "--port", $"{port}");

        outcome.ShouldRefuse($"Port {port} is taken");
        outcome.Errors.ShouldContain("--port");
    }

    [Fact]
    public async Task Beyond_this_machine_it_answers_only_over_tls()
    {
        using var folder = new DataFolder();

        var outcome = await Outcome.Of("up", "--data", folder.Path, "--listen", "0.0.0.0");

        outcome.ShouldRefuse("only over TLS");
    }

    [Fact]
    public async Task Stopping_what_does_not_run_is_done_already()
    {
        using var folder = new DataFolder();

        var outcome = await Outcome.Of("down", "--data", folder.Path, "--json");

        outcome.ShouldSucceed();
        outcome.Output.ShouldBe("{\"stopped\":false}" + Environment.NewLine);
    }
}
