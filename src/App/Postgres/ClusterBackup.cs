using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Keel.App.Postgres;

/// What a backup says of itself, as its last entry: without it, the file is cut off.
internal sealed record BackupCard(string Product, int Format, string Postgres, DateTimeOffset TakenAt, int Files, long Bytes)
{
    public const string Name = "keel-backup.json";
    public const string Ours = "keel";
}

/// A physical copy of the own cluster in one tar, taken while Keel works: its files, and the write-ahead log that makes them agree.
internal sealed class ClusterBackup(string cluster, TarWriter tar)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerEnters = OwnerOnly | UnixFileMode.UserExecute;

    /// What a server makes anew at each start.
    private static readonly string[] Emptied =
        ["pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans"];

    private static readonly string[] Left = ["postmaster.pid", "postmaster.opts", "pg_internal.init", "backup_label", "tablespace_map"];

    private int files;
    private long bytes;

    public static async Task<BackupCard> Write(EmbeddedPostgres postgres, Stream to, TimeProvider time, CancellationToken ct)
    {
        await using var tar = new TarWriter(to, TarEntryFormat.Pax, leaveOpen: true);
        var backup = new ClusterBackup(postgres.Cluster, tar);
        var unpooled = new NpgsqlConnectionStringBuilder(postgres.ConnectionTo("postgres")) { Pooling = false, CommandTimeout = 0 };
        await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.OpenAsync(ct);

        // The slot keeps the log from being recycled meanwhile; it goes with the connection.
        await Ask(connection, $"SELECT pg_create_physical_replication_slot('keel_backup_{Environment.ProcessId}', true, true)", ct);
        var first = await Ask(connection, "SELECT pg_walfile_name(pg_backup_start('keel', fast => true))", ct);
        await backup.AddFolder("", ct);
        var (last, label) = await Stop(connection, ct);
        await backup.AddText("backup_label", label, ct);
        await backup.AddLog(first, last, ct);

        var version = (await File.ReadAllTextAsync(Path.Combine(postgres.Cluster, "PG_VERSION"), ct)).Trim();
        var card = new BackupCard(BackupCard.Ours, 1, version, time.GetUtcNow(), backup.files, backup.bytes);
        await backup.AddText(BackupCard.Name, JsonSerializer.Serialize(card), ct);
        return card;
    }

    private async Task AddFolder(string name, CancellationToken ct)
    {
        foreach (var child in new DirectoryInfo(Path.Combine(cluster, name)).EnumerateFileSystemInfos())
        {
            var path = name.Length == 0 ? child.Name : $"{name}/{child.Name}";
            if (child.LinkTarget is not null
                || Left.Contains(child.Name)
                || child.Name.StartsWith("pgsql_tmp", StringComparison.Ordinal)) continue;
            if (child is FileInfo)
            {
                await AddFile(path, ct);
                continue;
            }

            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, path + "/") { Mode = OwnerEnters }, ct);
            if (!Emptied.Contains(path)) await AddFolder(path, ct);
        }
    }

    private async Task AddLog(string first, string last, CancellationToken ct)
    {
        var segments = Directory.GetFiles(Path.Combine(cluster, "pg_wal"))
            .Select(file => Path.GetFileName(file))
            .Where(name => name.Length == 24 && string.CompareOrdinal(name, first) >= 0 && string.CompareOrdinal(name, last) <= 0);
        foreach (var segment in segments.Order(StringComparer.Ordinal)) await AddFile($"pg_wal/{segment}", ct);
    }

    private async Task AddFile(string name, CancellationToken ct)
    {
        try
        {
            await using var content = new StillFile(Path.Combine(cluster, name));
            await tar.WriteEntryAsync(FileEntry(name, content), ct);
            files++;
            bytes += content.Length;
        }
        catch (FileNotFoundException)
        {
            // A table was dropped meanwhile; the log knows.
            return;
        }
    }

    private async Task AddText(string name, string text, CancellationToken ct)
    {
        await using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await tar.WriteEntryAsync(FileEntry(name, content), ct);
    }

    private static PaxTarEntry FileEntry(string name, Stream content) =>
        new(TarEntryType.RegularFile, name) { DataStream = content, Mode = OwnerOnly };

    private static async Task<string> Ask(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync(ct))?.ToString() ?? "";
    }

    private static async Task<(string LastSegment, string Label)> Stop(NpgsqlConnection connection, CancellationToken ct)
    {
        const string sql = "SELECT pg_walfile_name(lsn), labelfile FROM pg_backup_stop(wait_for_archive => false)";
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (reader.GetString(0), reader.GetString(1));
    }
}
