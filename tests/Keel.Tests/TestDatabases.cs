using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Keel.App;
using Keel.App.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Keel.Tests;

/// Databases for tests: one cluster per checkout, one migrated template per run, and clones of it made ahead.
internal static class TestDatabases
{
    private const int Ahead = 3;
    private static readonly Lazy<Task<string>> Server = new(Start);
    private static readonly ConcurrentQueue<Task<string>> Ready = new();
    private static readonly SemaphoreSlim OneAtATime = new(1);
    private static readonly string Run = Guid.NewGuid().ToString("N")[..8];
    private static int count;

    public static async Task<string> Take()
    {
        var server = await Server.Value;
        while (Ready.Count < Ahead) Ready.Enqueue(Clone(server));
        return Ready.TryDequeue(out var next) ? await next : await Clone(server);
    }

    public static async Task Drop(string connectionString)
    {
        var server = await Server.Value;
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await Execute(server, $"drop database if exists \"{name}\" with (force)");
    }

    /// A database without anything in it, for tests of the migrations themselves.
    public static async Task<string> Blank()
    {
        var server = await Server.Value;
        var name = $"blank_{Run}_{Interlocked.Increment(ref count)}";
        await Execute(server, $"create database \"{name}\"");
        return To(server, name);
    }

    private static async Task<string> Start()
    {
        var folder = Environment.GetEnvironmentVariable("KEEL_TEST_DATA") ?? Path.Combine(Path.GetTempPath(), "keel-tests-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(AppContext.BaseDirectory)))[..10]);
        var database = await Database.Open(folder, new DatabaseOptions { Fsync = false, Visit = true, Catalog = "keel_tests" });
        AppDomain.CurrentDomain.ProcessExit += (_, _) => database.DisposeAsync().AsTask().Wait();
        var server = database.ConnectionString;
        await DropOld(server);
        await Execute(server, $"create database \"template_{Run}\"");
        await using (var source = Composition.DataSource(To(server, $"template_{Run}")))
        {
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddHouse(source, TimeProvider.System);
            await using var provider = services.BuildServiceProvider();
            await provider.GetRequiredService<Migrator>().Run();
            await Shop.Found(provider);
            await using var analyze = source.CreateCommand("vacuum analyze");
            await analyze.ExecuteNonQueryAsync();
        }

        NpgsqlConnection.ClearAllPools();
        return server;
    }

    /// What earlier runs left behind goes.
    private static async Task DropOld(string server)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        var old = new List<string>();
        await using (var command = new NpgsqlCommand("select datname from pg_database where datname ~ '^(template|shop|blank)_[0-9a-f]{8}'", connection))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) old.Add(reader.GetString(0));
        }

        foreach (var name in old) await Execute(server, $"drop database if exists \"{name}\" with (force)");
    }

    private static async Task<string> Clone(string server)
    {
        var name = $"shop_{Run}_{Interlocked.Increment(ref count)}";
        await OneAtATime.WaitAsync();
        try
        {
            await Execute(server, $"create database \"{name}\" template \"template_{Run}\" strategy file_copy");
        }
        finally
        {
            OneAtATime.Release();
        }

        return To(server, name);
    }

    private static string To(string server, string database) => new NpgsqlConnectionStringBuilder(server) { Database = database }.ConnectionString;

    private static async Task Execute(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }
}
