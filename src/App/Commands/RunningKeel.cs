using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Keel.App.Postgres;

namespace Keel.App.Commands;

/// The Keel that runs on a data folder: its process and its address. Held by a lock that ends with the process, whatever ends it.
internal sealed class RunningKeel : IDisposable
{
    private const int Terminate = 15;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly FileStream held;
    private readonly string file;

    private RunningKeel(FileStream held, string file)
    {
        this.held = held;
        this.file = file;
    }

    public sealed record Card(int Process, string Address);

    /// Makes this process the one that runs on the folder, or refuses and says who does.
    public static RunningKeel Become(string dataFolder)
    {
        PrivateFolder.Make(dataFolder);
        try
        {
            var lockFile = new FileStream(LockOf(dataFolder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.Delete(CardOf(dataFolder));
            return new RunningKeel(lockFile, CardOf(dataFolder));
        }
        catch (IOException)
        {
            var at = Find(dataFolder) is { } card ? $" at {card.Address} (process {card.Process})" : "";
            throw new CannotRun(
                $"Keel already runs on the data folder {dataFolder}{at}. Stop it with `keel down`, or name another folder with --data.");
        }
        catch (UnauthorizedAccessException notOurs)
        {
            throw new CannotRun($"The data folder {dataFolder} belongs to another user: name another with --data.", notOurs);
        }
    }

    /// Tells others where this Keel answers.
    public void Announce(string address)
    {
        var draft = file + ".new";
        File.WriteAllText(draft, JsonSerializer.Serialize(new Card(Environment.ProcessId, address), Json));
        File.Move(draft, file, overwrite: true);
    }

    public void Dispose()
    {
        File.Delete(file);
        held.Dispose();
    }

    /// True while some process runs on the folder, though it may not answer yet.
    public static bool IsHeld(string dataFolder)
    {
        if (!File.Exists(LockOf(dataFolder))) return false;
        try
        {
            using var free = new FileStream(LockOf(dataFolder), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// Who runs on the folder and answers; null if nobody does.
    public static Card? Find(string dataFolder)
    {
        if (!File.Exists(CardOf(dataFolder)) || !IsHeld(dataFolder)) return null;
        try
        {
            return JsonSerializer.Deserialize<Card>(File.ReadAllText(CardOf(dataFolder)), Json);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// Asks a process to end in good order.
    public static void AskToStop(Card card)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Signal(card.Process, Terminate);
            return;
        }

        using var process = Process.GetProcessById(card.Process);
        process.Kill();
    }

    private static string LockOf(string dataFolder) => Path.Combine(dataFolder, "running.lock");

    private static string CardOf(string dataFolder) => Path.Combine(dataFolder, "running.json");

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
