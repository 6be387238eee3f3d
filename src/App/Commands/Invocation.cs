using Keel.App.Postgres;

namespace Keel.App.Commands;

/// One call of a command: the data folder that it is about, and where it answers.
internal sealed record Invocation(string DataFolder, Terminal Terminal)
{
    /// The database of the data folder, started for the length of this command unless Keel runs already.
    public Task<Database> OpenDatabase(CancellationToken ct) =>
        Database.Open(DataFolder, new DatabaseOptions { Visit = true, Say = Terminal.Say }, ct);
}
