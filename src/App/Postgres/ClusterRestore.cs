using System.Formats.Tar;
using System.Text.Json;

namespace Keel.App.Postgres;

/// Puts a backup back as the cluster of a data folder. What was there before goes only when the backup stands.
internal sealed class ClusterRestore
{
    private readonly ClusterHome home;
    private readonly SystemUser user;
    private readonly PostgresBinaries binaries;

    private ClusterRestore(ClusterHome home, SystemUser user, PostgresBinaries binaries)
    {
        this.home = home;
        this.user = user;
        this.binaries = binaries;
    }

    private string Draft => home.Cluster + ".restored";
    private string Replaced => home.Cluster + ".replaced";

    public static async Task<BackupCard> Read(Stream backup, string dataFolder, bool replace, CancellationToken ct)
    {
        var servant = await SystemUser.Unprivileged(ct);
        var place = await ClusterHome.Of(dataFolder, servant, ct);
        using var held = place.TakeLock() ?? throw new CannotRun(
            $"Keel runs on the data folder {place.DataFolder}: stop it with `keel down`, or restore into another folder with --data.");
        if (place.HasCluster && !replace) throw new CannotRun(
            $"The data folder {place.DataFolder} already holds a database: restore into another with --data, or replace it with --force.");

        await EmbeddedPostgres.StopRemains(place, servant, ct);
        var restore = new ClusterRestore(place, servant, EmbeddedPostgres.Usable(PostgresBinaries.Find(), servant));
        try
        {
            var card = await restore.Extract(backup, ct);
            await restore.Prepare(card, ct);
            restore.PutInPlace();
            return card;
        }
        finally
        {
            if (Directory.Exists(restore.Draft)) Directory.Delete(restore.Draft, recursive: true);
        }
    }

    private async Task<BackupCard> Extract(Stream backup, CancellationToken ct)
    {
        if (Directory.Exists(Draft)) Directory.Delete(Draft, recursive: true);
        PrivateFolder.MakeClosed(Draft);

        BackupCard? card = null;
        var files = 0;
        try
        {
            await using var tar = new TarReader(backup);
            while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
            {
                if (entry.Name == BackupCard.Name)
                    card = await JsonSerializer.DeserializeAsync<BackupCard>(entry.DataStream!, cancellationToken: ct);
                else
                    files += await Extract(entry, ct);
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or JsonException)
        {
            throw new CannotRun("The file is damaged, cut off, or no backup of Keel. Nothing was changed.", broken);
        }

        // The label is the one file that the card does not count.
        if (card is null || card.Product != BackupCard.Ours || card.Files != files - 1)
            throw new CannotRun("The file is cut off, or no backup of Keel. Nothing was changed.");
        return card;
    }

    private async Task<int> Extract(TarEntry entry, CancellationToken ct)
    {
        var path = Path.GetFullPath(Path.Combine(Draft, entry.Name));
        if (!path.StartsWith(Draft + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || entry.EntryType is not (TarEntryType.Directory or TarEntryType.RegularFile))
            throw new CannotRun($"The file is no backup of Keel: it holds {entry.Name}.");

        if (entry.EntryType is TarEntryType.Directory)
        {
            Directory.CreateDirectory(path);
            return 0;
        }

        await entry.ExtractToFileAsync(path, overwrite: false, ct);
        return 1;
    }

    /// The backup's own password is not known here, so the server sets ours, alone and without a socket, as it recovers.
    private async Task Prepare(BackupCard card, CancellationToken ct)
    {
        var have = await binaries.Major(ct);
        if (card.Postgres != have.ToString()) throw new CannotRun(
            $"The backup was taken with PostgreSQL {card.Postgres}, but {binaries.Folder} holds {have}: "
            + "name the right one in KEEL_PG_BIN.");

        var settings = PostgresSettings.For(home, fsync: true, port: 5432);
        await File.WriteAllTextAsync(Path.Combine(Draft, "postgresql.conf"), settings, ct);
        await user.Own(Draft, ct);
        var run = await user.Run(
            [binaries["postgres"], "--single", "-D", Draft, "postgres"],
            $"ALTER ROLE keel PASSWORD '{home.Password}'\n",
            ct);
        run.MustSucceed("The backup cannot be recovered");
        if (run.Output.Contains("ERROR:", StringComparison.Ordinal))
            throw new CannotRun($"The backup cannot be opened. {run.Output.Trim()}");
        (await user.Run([binaries["initdb"], "--sync-only", "-D", Draft], ct)).MustSucceed("The backup cannot be written to the disk");
    }

    private void PutInPlace()
    {
        if (Directory.Exists(Replaced)) Directory.Delete(Replaced, recursive: true);
        if (Directory.Exists(home.Cluster)) Directory.Move(home.Cluster, Replaced);
        Directory.Move(Draft, home.Cluster);
        if (Directory.Exists(Replaced)) Directory.Delete(Replaced, recursive: true);
    }
}
