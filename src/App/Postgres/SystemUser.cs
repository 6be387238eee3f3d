namespace Keel.App.Postgres;

/// Who the database runs as. PostgreSQL refuses root, so root hands it to an unprivileged user of the system.
internal sealed class SystemUser
{
    private readonly string[] dropping;

    private SystemUser(string? name, string[] dropping)
    {
        Name = name;
        this.dropping = dropping;
    }

    /// Null where Keel itself runs as an ordinary user.
    public string? Name { get; }

    public static bool IsRoot => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    /// The caller, or for root the user `keel` (created where it is missing), else `postgres`, else `nobody`.
    public static async Task<SystemUser> Unprivileged(CancellationToken ct)
    {
        if (!IsRoot) return new SystemUser(null, []);
        foreach (var name in (string[])["keel", "postgres", "nobody"])
        {
            if (!await Exists(name, ct) && !(name == "keel" && await Create(name, ct))) continue;
            if (await WayTo(name, ct) is { } way) return new SystemUser(name, way);
        }

        throw new CannotRun(
            "PostgreSQL refuses to run as root, and no unprivileged user could be used: start Keel as an ordinary user, or set Keel__Database.");
    }

    public Task<ToolRun> Run(IReadOnlyList<string> commandLine, CancellationToken ct) => Tool.Run([.. dropping, .. commandLine], ct);

    /// Gives a folder with all that is in it to this user.
    public async Task Own(string folder, CancellationToken ct)
    {
        if (Name is null) return;
        var run = await Tool.Run(["chown", "-R", "-h", $"{Name}:", folder], ct);
        run.MustSucceed($"The folder {folder} cannot be given to the user {Name}");
    }

    private static async Task<bool> Exists(string name, CancellationToken ct) => (await Tool.Run(["id", "-u", name], ct)).Succeeded;

    private static async Task<bool> Create(string name, CancellationToken ct)
    {
        string[] useradd = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/var/lib/keel",
            "--shell", "/usr/sbin/nologin", name];
        string[] adduser = ["adduser", "-S", "-D", "-H", "-h", "/var/lib/keel", "-s", "/sbin/nologin", name];
        return await Ran(useradd) || await Ran(adduser) || await Exists(name, ct);

        async Task<bool> Ran(string[] creation) =>
            Tool.Find(creation[0]) is { } tool && (await Tool.Run([tool, .. creation.Skip(1)], ct)).Succeeded;
    }

    private static async Task<string[]?> WayTo(string name, CancellationToken ct)
    {
        var group = (await Tool.Run(["id", "-g", name], ct)).Output.Trim();
        string[][] ways =
        [
            ["setpriv", $"--reuid={name}", $"--regid={group}", "--clear-groups", "--"],
            ["runuser", "-u", name, "--"],
            ["sudo", "-n", "-u", name, "--"],
        ];
        foreach (var way in ways)
        {
            if (Tool.Find(way[0]) is not { } tool) continue;
            string[] full = [tool, .. way.Skip(1)];
            if ((await Tool.Run([.. full, "true"], ct)).Succeeded) return full;
        }

        return null;
    }
}
