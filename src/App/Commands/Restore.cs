using System.CommandLine;
using System.IO.Compression;
using Keel.App.Postgres;

namespace Keel.App.Commands;

/// `keel restore <file>`: makes the data folder, or the server's database, what a backup says.
internal static class Restore
{
    private static readonly Argument<FileInfo> File = new("file") { Description = "A file that `keel backup` wrote" };
    private static readonly Option<bool> Force = new("--force") { Description = "Replace the database that is there" };

    public static Command Describe()
    {
        var command = new Command("restore", "Restores a backup into the data folder, or into the server's database") { File, Force };
        command.SetAction(CommandLine.Action(Run));
        return command;
    }

    private static async Task Run(Invocation call, ParseResult parsed, CancellationToken ct)
    {
        var file = parsed.GetValue(File)!;
        if (!file.Exists) throw new CannotRun($"The file {file.FullName} does not exist.");
        if (new DatabaseOptions().Server is { Length: > 0 } server)
        {
            await using var database = await call.OpenDatabase(ct);
            await ServerDump.Read(server, file.FullName, parsed.GetValue(Force), ct);
            call.Terminal.Answer(new { restored = file.FullName }, $"Restored {file.FullName} into the server's database.");
            return;
        }

        await using var stream = file.OpenRead();
        await using var backup = IsCompressed(stream) ? new GZipStream(stream, CompressionMode.Decompress) : (Stream)stream;
        var card = await ClusterRestore.Read(backup, call.DataFolder, parsed.GetValue(Force), ct);
        call.Terminal.Answer(
            new { restored = file.FullName, takenAt = card.TakenAt, data = call.DataFolder },
            $"Restored {file.FullName}, taken at {card.TakenAt:yyyy-MM-dd HH:mm} UTC, into {call.DataFolder}.");
    }

    private static bool IsCompressed(FileStream stream)
    {
        Span<byte> start = stackalloc byte[2];
        var read = stream.ReadAtLeast(start, 2, throwOnEndOfStream: false);
        stream.Position = 0;
        return read == 2 && start is [0x1f, 0x8b];
    }
}
