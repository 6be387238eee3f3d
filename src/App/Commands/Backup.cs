using System.CommandLine;
using System.IO.Compression;
using Keel.App.Postgres;

namespace Keel.App.Commands;

/// `keel backup <file>`: everything in one file, while Keel works.
internal static class Backup
{
    private static readonly Argument<FileInfo> File = new("file")
    {
        Description = "Where to write it; a name that ends in .gz or .tgz is compressed",
    };


    private static readonly Option<bool> Force = new("--force") { Description = "Replace the file if there is one" };

    public static Command Describe()
    {
        var command = new Command("backup", "Writes a backup of the data folder, or of the server's database, to one file") { File, Force };
        command.SetAction(CommandLine.Action(Run));
        return command;
    }

    private static async Task Run(Invocation call, ParseResult parsed, CancellationToken ct)
    {
        var file = parsed.GetValue(File)!;
        if (file.Exists && !parsed.GetValue(Force))
            throw new CannotRun($"{file.FullName} exists: name another file, or replace it with --force.");
        if (file.Directory is { Exists: false }) throw new CannotRun($"The folder {file.DirectoryName} does not exist.");

        await using var database = await call.OpenDatabase(ct);
        var draft = file.FullName + ".part";
        try
        {
            await using (PrivateFolder.Write(draft, FileMode.Create)) { }
            if (database.Embedded is null) await ServerDump.Write(database.ConnectionString, draft, ct);
            else await Copy(database.Embedded, draft, Compressed(file), ct);
            System.IO.File.Move(draft, file.FullName, overwrite: true);
        }
        finally
        {
            System.IO.File.Delete(draft);
        }

        file.Refresh();
        call.Terminal.Answer(
            new { file = file.FullName, bytes = file.Length },
            $"Backed up to {file.FullName} ({file.Length / 1024.0 / 1024.0:0.0} MB).");
    }

    private static async Task Copy(EmbeddedPostgres postgres, string file, bool compressed, CancellationToken ct)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None, 1 << 20);
        if (compressed)
        {
            await using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
            await ClusterBackup.Write(postgres, gzip, TimeProvider.System, ct);
        }
        else
        {
            await ClusterBackup.Write(postgres, stream, TimeProvider.System, ct);
        }

        stream.Flush(flushToDisk: true);
    }

    private static bool Compressed(FileInfo file) => file.Extension is ".gz" or ".tgz";
}
