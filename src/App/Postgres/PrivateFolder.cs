namespace Keel.App.Postgres;

/// Folders and files that only their owner reads.
internal static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// Makes the folder if it is missing. One that is there keeps the mode that its owner gave it.
    public static void Make(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw new CannotRun($"The folder {folder} cannot be made: {refused.Message}", refused);
        }
    }

    /// Makes the folder, or closes to others one that is there.
    public static void MakeClosed(string folder)
    {
        Make(folder);
        if (OperatingSystem.IsWindows()) return;
        try
        {
            File.SetUnixFileMode(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
        catch (UnauthorizedAccessException notOurs)
        {
            throw new CannotRun($"The folder {folder} belongs to another user: choose another with --data.", notOurs);
        }
    }

    /// Others may reach by name what they own in it, and neither list nor change it.
    public static void LetPass(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(folder, OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    /// Opens a file for writing that others cannot read, if it is made here.
    public static FileStream Write(string file, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(file, options);
    }
}
