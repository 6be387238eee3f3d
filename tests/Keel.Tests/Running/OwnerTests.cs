using Keel.App.Postgres;
using Shouldly;
using Xunit;

namespace Keel.Tests.Running;

public class OwnerTests
{
    [Fact]
    public async Task The_server_never_runs_as_root_and_only_the_owner_reads_the_password()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        if (OperatingSystem.IsWindows()) return;
        using var folder = new DataFolder();
        await using var database = await folder.Open();

        var status = await File.ReadAllLinesAsync($"/proc/{database.Embedded!.ServerProcess}/status");

        status.ShouldNotContain(line => line.StartsWith("Uid:\t0\t", StringComparison.Ordinal));
        File.GetUnixFileMode(Path.Combine(folder.Path, "database.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(folder.Cluster).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task A_link_in_the_clusters_folder_does_not_lead_root_astray()
    {
        Assert.SkipUnless(SystemUser.IsRoot, "Only root hands the database to another user.");
        using var folder = new DataFolder();
        await using (await folder.Open()) { }
        var victim = Path.Combine(folder.Root, "victim");
        await File.WriteAllTextAsync(victim, "untouched");
        var settings = Path.Combine(folder.Cluster, "postgresql.conf");
        File.Delete(settings);
        File.CreateSymbolicLink(settings, victim);

        await Should.ThrowAsync<CannotRun>(() => folder.Open());

        (await File.ReadAllTextAsync(victim)).ShouldBe("untouched");
    }
}
