using System.CommandLine;

namespace Keel.App.Commands;

/// `keel help [command]`: the same as `keel [command] --help`.
internal static class Help
{
    public static Command Describe(Command root)
    {
        var about = new Argument<string[]>("command") { Description = "The command to explain", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("help", "Explains Keel, or one of its commands") { about };
        command.SetAction((parsed, ct) =>
            root.Parse([.. parsed.GetValue(about) ?? [], "--help"]).InvokeAsync(parsed.InvocationConfiguration, ct));
        return command;
    }
}
