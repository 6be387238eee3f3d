using System.CommandLine;
using Keel.App.Commands;
using Shouldly;

namespace Keel.Tests.Running;

/// How one call of the command line ended, and what it said.
internal sealed record Outcome(int ExitCode, string Output, string Errors)
{
    public static Task<Outcome> Of(params string[] words) => Of(words, CancellationToken.None);

    public static async Task<Outcome> Of(string[] words, CancellationToken stop)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await CommandLine.Root().Parse(words).InvokeAsync(new InvocationConfiguration { Output = output, Error = errors }, stop);
        return new Outcome(code, output.ToString(), errors.ToString());
    }

    public void ShouldSucceed() => ExitCode.ShouldBe(0, Errors);

    public void ShouldRefuse(string because)
    {
        ExitCode.ShouldBe(1);
        Errors.ShouldContain(because);
        Output.ShouldBeEmpty();
    }
}
