using Keel.App.Postgres;
using Npgsql;
using Shouldly;

namespace Keel.Tests.Running;

/// A data folder of its own for one test, removed with its cluster at the end.
internal sealed class DataFolder : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("keel-running-").FullName;
    private string? cluster;

    public DataFolder(string name = "data") => Path = System.IO.Path.Combine(root, name);

    public string Path { get; }

    public string Root => root;

    public string Cluster => cluster ?? throw new InvalidOperationException("Nothing was opened yet.");

    public async Task<Database> Open(bool visit = false)
    {
        var database = await Database.Open(Path, new DatabaseOptions { Server = null, Fsync = false, Visit = visit });
        cluster = database.Embedded!.Cluster;
        return database;
    }

    public void Dispose()
    {
        if (cluster is not null) Directory.Delete(System.IO.Path.GetDirectoryName(cluster)!, recursive: true);
        if (Directory.Exists(root)) Directory.Delete(root, recursive: true);
    }
}

internal static class AskedDatabase
{
    public static async Task<object?> Ask(this Database database, string sql)
    {
        await using var connection = new NpgsqlConnection(Unpooled(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public static async Task Run(this Database database, string sql) => await database.Ask(sql);

    public static async Task Until(this Database database, string sql, object answer)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                (await database.Ask(sql)).ShouldBe(answer);
                return;
            }
            catch (NpgsqlException) when (tries < 100)
            {
                await Task.Delay(100);
            }
        }
    }

    private static string Unpooled(Database database) =>
        new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString;
}
