using Npgsql;

namespace Keel.Bench;

/// The least that the database must do: the same rows, written by the plain SQL of `floors/*.sql` into tables made like the real ones.
/// Statements are separated by lines of dashes; `$1` … are the arrays that the case gives.
internal sealed class Floor
{
    private readonly string[][] trips;

    private Floor(string[][] trips) => this.trips = trips;

    /// A file is a list of round trips, separated by a line `-- trip`, each a list of statements separated by semicolons at a line's end.
    public static Floor Read(string name)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "floors", name + ".sql"));
        return new Floor([.. text.Split("\n-- trip\n").Select(trip => trip
            .Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(s => string.Join('\n', s.Split('\n').Where(l => !l.StartsWith("--", StringComparison.Ordinal))).Trim().TrimEnd(';'))
            .Where(s => s.Length > 0).ToArray())]);
    }

    /// Runs all trips in one transaction. Every statement gets those of the named values that it speaks of: `@name`.
    /// `onePlan` plans each statement once for all values: faster for small sets, slower for large ones; a floor is the faster of both.
    public async Task Run(NpgsqlDataSource source, IReadOnlyDictionary<string, object> values, bool onePlan = false)
    {
        await using var connection = await source.OpenConnectionAsync();
        for (var t = 0; t < trips.Length; t++)
        {
            await using var batch = connection.CreateBatch();
            if (t == 0) batch.BatchCommands.Add(new NpgsqlBatchCommand("begin"));
            if (t == 0 && onePlan) batch.BatchCommands.Add(new NpgsqlBatchCommand("set local plan_cache_mode = force_generic_plan"));
            foreach (var statement in trips[t])
            {
                var command = new NpgsqlBatchCommand(statement);
                foreach (var (name, value) in values)
                {
                    if (statement.Contains("@" + name, StringComparison.Ordinal)) command.Parameters.Add(new NpgsqlParameter(name, value));
                }

                batch.BatchCommands.Add(command);
            }

            if (t == trips.Length - 1) batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
            await batch.ExecuteNonQueryAsync();
        }
    }
}
