using Npgsql;

namespace Keel.App.Postgres;

/// Backup and restore of a database on a server, by the server's own programs from the path.
internal static class ServerDump
{
    public static Task Write(string connectionString, string file, CancellationToken ct) =>
        Run("pg_dump", connectionString, ["--format=custom", "--no-owner", "--no-privileges", $"--file={file}"], ct);

    /// Restores as a whole or not at all.
    public static async Task Read(string connectionString, string file, bool replace, CancellationToken ct)
    {
        if (!replace && await HoldsTables(connectionString, ct)) throw new CannotRun(
            "The database already holds tables: restore into an empty one, or replace what is there with --force.");
        string[] replacing = replace ? ["--clean", "--if-exists"] : [];
        await Run("pg_restore", connectionString, ["--no-owner", "--no-privileges", "--single-transaction", .. replacing, file], ct);
    }

    private static async Task Run(string program, string connectionString, string[] words, CancellationToken ct)
    {
        if (OtherProgram.Find(program) is not { } found) throw new CannotRun(
            $"{program} is not on the path: install the client programs of PostgreSQL, in the server's version or a later one.");
        var to = new NpgsqlConnectionStringBuilder(connectionString);
        var security = to.SslMode switch
        {
            SslMode.VerifyCA => "verify-ca",
            SslMode.VerifyFull => "verify-full",
            var mode => mode.ToString().ToLowerInvariant(),
        };
        var target = $"host='{Quoted(to.Host)}' port={to.Port} dbname='{Quoted(to.Database)}' "
            + $"user='{Quoted(to.Username)}' sslmode={security}";
        var run = await OtherProgram.Run([found, $"--dbname={target}", .. words], to.Password, ct);
        run.MustSucceed($"{program} did not succeed");
    }

    private static async Task<bool> HoldsTables(string connectionString, CancellationToken ct)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.OpenAsync(ct);
        const string sql = "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema'))";
        await using var command = new NpgsqlCommand(sql, connection);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private static string Quoted(string? word) => (word ?? "").Replace(@"\", @"\\").Replace("'", @"\'");
}
