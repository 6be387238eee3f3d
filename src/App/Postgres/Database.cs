using Npgsql;

namespace Keel.App.Postgres;

/// How a database is opened. The defaults are those of a shop's real data.
internal sealed record DatabaseOptions
{
    /// A server to use instead of an own one; by default what `Keel__Database` says.
    public string? Server { get; init; } = Environment.GetEnvironmentVariable("Keel__Database");

    /// The database's name within the own cluster; made where it is missing.
    public string Catalog { get; init; } = "keel";

    /// Off for tests only: a crash of the machine may then lose everything.
    public bool Fsync { get; init; } = true;

    /// Uses the cluster of a Keel that already runs on the data folder, instead of refusing.
    public bool Visit { get; init; }

    /// Removes the cluster when it is closed.
    public bool Throwaway { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// Told what a person at the terminal may want to know.
    public Action<string> Say { get; init; } = static _ => { };
}

/// The one database that Keel works on: its own embedded PostgreSQL, or a server that it was pointed at.
internal sealed class Database : IAsyncDisposable
{
    private Database(string connectionString, EmbeddedPostgres? embedded)
    {
        ConnectionString = connectionString;
        Embedded = embedded;
    }

    public string ConnectionString { get; }

    /// Null where a server is used.
    public EmbeddedPostgres? Embedded { get; }

    /// Opens the database of a data folder, making and starting what is missing. Closing it stops what was started.
    public static async Task<Database> Open(string dataFolder, DatabaseOptions? options = null, CancellationToken ct = default)
    {
        options ??= new DatabaseOptions();
        if (!string.IsNullOrWhiteSpace(options.Server))
        {
            await Ensure(options.Server, ct);
            return new Database(options.Server, embedded: null);
        }

        var embedded = await EmbeddedPostgres.Open(dataFolder, options, ct);
        try
        {
            var connectionString = embedded.ConnectionTo(options.Catalog);
            await Ensure(connectionString, ct);
            return new Database(connectionString, embedded);
        }
        catch
        {
            await embedded.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Embedded is not null) await Embedded.DisposeAsync();
    }

    /// Makes the database if it is missing, and says plainly why a server cannot be used.
    private static async Task Ensure(string connectionString, CancellationToken ct)
    {
        var to = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        try
        {
            await using var connection = new NpgsqlConnection(to.ConnectionString);
            await connection.OpenAsync(ct);
            if (connection.PostgreSqlVersion.Major < 15) throw new CannotRun(
                $"The server runs PostgreSQL {connection.PostgreSqlVersion.Major}; Keel needs 15 or later.");
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            await Create(to, ct);
        }
        catch (NpgsqlException unreachable)
        {
            throw new CannotRun($"The database {to.Database} at {to.Host} cannot be reached: {unreachable.Message}", unreachable);
        }
    }

    private static async Task Create(NpgsqlConnectionStringBuilder wanted, CancellationToken ct)
    {
        var name = wanted.Database!;
        try
        {
            var maintenance = new NpgsqlConnectionStringBuilder(wanted.ConnectionString) { Database = "postgres" };
            await using var connection = new NpgsqlConnection(maintenance.ConnectionString);
            await connection.OpenAsync(ct);
            var quoted = $"\"{name.Replace("\"", "\"\"")}\"";
            await using var create = new NpgsqlCommand($"CREATE DATABASE {quoted} ENCODING 'UTF8' TEMPLATE template0", connection);
            await create.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException raced) when (raced.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            return;
        }
        catch (NpgsqlException refused)
        {
            throw new CannotRun($"The database {name} is missing at {wanted.Host} and cannot be created: {refused.Message}", refused);
        }
    }
}
