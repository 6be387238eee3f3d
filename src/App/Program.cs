using System.CommandLine;
using System.Globalization;
using Keel.App.Commands;

namespace Keel.App;

internal static class Program
{
    public static Task<int> Main(string[] words)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        // A stop must have time to end transactions and to let the database write its last page.
        var patience = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) };
        return CommandLine.Root().Parse(words.Length == 0 ? ["--help"] : words).InvokeAsync(patience);
    }
}
