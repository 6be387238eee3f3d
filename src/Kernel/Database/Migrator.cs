using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Keel.Kernel;

/// Brings a database to the state that the modules expect: each module's numbered SQL files, in module order, each in a transaction of
/// its own, never twice, never changed once applied.
public sealed class Migrator(NpgsqlDataSource source, ModuleCatalog catalog)
{
    private const long Lock = 0x4b45454c;

    /// How many files were applied. An applied file whose text has changed since is refused.
    public async Task<int> Run(CancellationToken ct = default)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await Execute(connection, $"select pg_advisory_lock({Lock})", ct);
        try
        {
            await Execute(connection,
                """
                create schema if not exists kernel;
                create table if not exists kernel.migration (
                  module text not null, number integer not null, name text not null, checksum text not null,
                  applied_at timestamptz not null default statement_timestamp(), primary key (module, number))
                """, ct);
            var applied = await Applied(connection, ct);
            var count = 0;
            foreach (var file in catalog.Modules.SelectMany(Files))
            {
                if (applied.TryGetValue((file.Module, file.Number), out var checksum))
                {
                    if (checksum != file.Checksum) throw new InvariantBroken($"The migration {file.Module}/{file.Name} was changed after it had been applied.");
                    continue;
                }

                await Apply(connection, file, ct);
                count++;
            }

            if (count > 0) await Execute(connection, "analyze", ct);
            return count;
        }
        finally
        {
            await Execute(connection, $"select pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    private static async Task Apply(NpgsqlConnection connection, MigrationFile file, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Execute(connection, $"set local lock_timeout = '10s'; create schema if not exists {file.Module}; set local search_path = {file.Module}, public;", ct);
        await Execute(connection, file.Sql, ct);
        await using var done = new NpgsqlCommand("insert into kernel.migration (module, number, name, checksum) values ($1, $2, $3, $4)", connection);
        foreach (var value in new object[] { file.Module, file.Number, file.Name, file.Checksum }) done.Parameters.Add(new NpgsqlParameter { Value = value });
        await done.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static IEnumerable<MigrationFile> Files(ModuleContents module)
    {
        var marker = $".Migrations.";
        return module.Assembly.GetManifestResourceNames()
            .Where(n => n.Contains(marker, StringComparison.Ordinal) && n.EndsWith(".sql", StringComparison.Ordinal))
            .Select(resource => Read(module.Name, module.Assembly, resource, resource[(resource.IndexOf(marker, StringComparison.Ordinal) + marker.Length)..]))
            .OrderBy(f => f.Number);
    }

    private static MigrationFile Read(string module, Assembly assembly, string resource, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var sql = reader.ReadToEnd();
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
        return new MigrationFile(module, int.Parse(name.TrimStart('_')[..name.TrimStart('_').IndexOf('_')]), name.TrimStart('_'), sql, checksum);
    }

    private static async Task<Dictionary<(string, int), string>> Applied(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select module, number, checksum from kernel.migration", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var applied = new Dictionary<(string, int), string>();
        while (await reader.ReadAsync(ct)) applied[(reader.GetString(0), reader.GetInt32(1))] = reader.GetString(2);
        return applied;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(ct);
    }

    private sealed record MigrationFile(string Module, int Number, string Name, string Sql, string Checksum);
}
