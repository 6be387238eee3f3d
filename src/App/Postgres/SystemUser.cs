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
            "PostgreSQL refuses to run as root, and no other user could be used: start Keel as an ordinary user, or set Keel__Database.");
    }

    public Task<ProgramRun> Run(IReadOnlyList<string> commandLine, CancellationToken ct) =>
        OtherProgram.Run([.. dropping, .. commandLine], ct);

    public Task<ProgramRun> Run(IReadOnlyList<string> commandLine, string input, CancellationToken ct) =>
        OtherProgram.Run([.. dropping, .. commandLine], password: null, input, ct);

    /// Writes a file as this user: in a folder of its own, root must not follow where its links lead.
    public async Task Write(string file, string text, CancellationToken ct)
    {
        if (Name is null) await File.WriteAllTextAsync(file, text, ct);
        else (await Run(["tee", file], text, ct)).MustSucceed($"{file} cannot be written");
    }

    /// Gives a file, or a folder with all that is in it, to this user.
    public async Task Own(string folder, CancellationToken ct)
    {
        if (Name is null) return;
        var run = await OtherProgram.Run(["chown", "-R", "-h", $"{Name}:", folder], ct);
        run.MustSucceed($"The folder {folder} cannot be given to the user {Name}");
    }

    private static async Task<bool> Exists(string name, CancellationToken ct) => (await OtherProgram.Run(["id", "-u", name], ct)).Succeeded;

    private static async Task<bool> Create(string name, CancellationToken ct)
    {
        string[] useradd = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/var/lib/keel",
            "--shell", "/usr/sbin/nologin", name];
        string[] adduser = ["adduser", "-S", "-D", "-H", "-h", "/var/lib/keel", "-s", "/sbin/nologin", name];
        return await Ran(useradd) || await Ran(adduser) || await Exists(name, ct);

        async Task<bool> Ran(string[] creation) =>
            OtherProgram.Find(creation[0])is { } file && (await OtherProgram.Run([file, .. creation.Skip(1)], ct)).Succeeded;
    }

    private static async Task<string[]?> WayTo(string name, CancellationToken ct)
    {
        var group = (await OtherProgram.Run(["id", "-g", name], ct)).Output.Trim();
        string[][] ways =
        [
            ["setpriv", $"--reuid={name}", $"--regid={group}", "--clear-groups", "--"],
            ["runuser", "-u", name, "--"],
            ["sudo", "-n", "-u", name, "--"],
        ];
        foreach (var way in ways)
        {
            if (OtherProgram.Find(way[0]) is not { } file) continue;
            string[] full = [file, .. way.Skip(1)];
            if ((await OtherProgram.Run([.. full, "true"], ct)).Succeeded) return full;
        }

        return null;
    }
}
