using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Keel.App.Postgres;

/// Where the private cluster of one data folder lies, and the password to it.
/// An ordinary user's cluster is inside the data folder; root's is under `/var/lib/keel`, where the unprivileged user can enter.
internal sealed class ClusterHome
{
    /// The longest path of a socket is 107 bytes on Linux and 103 on macOS, its lock file's suffix included.
    private const int LongestSocketFolder = 80;

    private const string Instead = "start Keel as that user, or choose another folder with --data.";

    private ClusterHome(string dataFolder, string folder, string password)
    {
        DataFolder = dataFolder;
        Folder = folder;
        Password = password;
    }

    public string DataFolder { get; }
    public string Folder { get; }
    public string Password { get; }
    public string Cluster => Path.Combine(Folder, "cluster");
    public string Log => Path.Combine(Folder, "postgres.log");
    public string LockFile => Path.Combine(Folder, "lock");
    public bool HasCluster => File.Exists(Path.Combine(Cluster, "PG_VERSION"));

    public string SocketFolder
    {
        get
        {
            var own = Path.Combine(Folder, "socket");
            return Encoding.UTF8.GetByteCount(own) <= LongestSocketFolder ? own : Path.Combine("/tmp", $"keel-{Hash(Folder)}");
        }
    }

    /// Finds the home of a data folder, or founds it: the folder and a random password, kept where only the owner reads it.
    public static async Task<ClusterHome> Of(string dataFolder, SystemUser user, CancellationToken ct)
    {
        var data = Path.GetFullPath(dataFolder);
        PrivateFolder.Make(data);
        var file = Path.Combine(data, "database.json");
        var home = File.Exists(file) ? Read(data, file, user) : Found(data, file, user);
        PrivateFolder.MakeClosed(home.Folder);
        PrivateFolder.MakeClosed(home.SocketFolder);
        if (user.Name is not null)
        {
            // The unprivileged user passes through, and owns only what is its own: nothing that root writes can be a trap of its making.
            PrivateFolder.LetPass(home.Folder);
            await user.Own(home.SocketFolder, ct);
        }

        return home;
    }

    /// Removes the cluster and the memory of it, for data folders that are thrown away.
    public void Remove()
    {
        if (Directory.Exists(SocketFolder)) Directory.Delete(SocketFolder, recursive: true);
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
        File.Delete(Path.Combine(DataFolder, "database.json"));
    }

    /// Holds the home for one process. The lock goes with the process, however it ends.
    public FileStream? TakeLock()
    {
        try
        {
            var held = new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            held.SetLength(0);
            held.Write(Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            held.Flush();
            return held;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static ClusterHome Read(string data, string file, SystemUser user)
    {
        try
        {
            var kept = JsonSerializer.Deserialize<Kept>(File.ReadAllText(file)) ?? throw new JsonException("empty");
            if (user.Name is not null && kept.Home is null)
                throw new CannotRun($"The database in {data} belongs to an ordinary user: {Instead}");
            return new ClusterHome(data, kept.Home ?? Path.Combine(data, "postgres"), kept.Password);
        }
        catch (UnauthorizedAccessException notOurs)
        {
            throw new CannotRun($"The database in {data} belongs to another user: {Instead}", notOurs);
        }
        catch (JsonException broken)
        {
            throw new CannotRun($"{file} is damaged: put it back from a copy, or choose another folder with --data.", broken);
        }
    }

    private static ClusterHome Found(string data, string file, SystemUser user)
    {
        var elsewhere = user.Name is null ? null : $"/var/lib/keel/{Hash(data)}";
        var folder = elsewhere ?? Path.Combine(data, "postgres");
        var home = new ClusterHome(data, folder, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
        if (user.Name is not null) Directory.CreateDirectory("/var/lib/keel");
        PutAside(folder);
        var draft = file + ".new";
        File.Delete(draft);
        using (var stream = PrivateFolder.Write(draft, FileMode.CreateNew))
            JsonSerializer.Serialize(stream, new Kept(elsewhere, home.Password));
        File.Move(draft, file, overwrite: true);
        return home;
    }

    /// A cluster whose data folder was removed is unreachable without its password: it makes room, but is not lost at once.
    private static void PutAside(string folder)
    {
        if (!Directory.Exists(Path.Combine(folder, "cluster"))) return;
        var aside = folder + ".before";
        if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
        Directory.Move(folder, aside);
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16];

    private sealed record Kept(string? Home, string Password);
}
