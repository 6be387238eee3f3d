using Shouldly;
using Xunit;

namespace Keel.Tests.Running;

public class BackupTests
{
    [Fact]
    public async Task A_backup_taken_while_work_goes_on_holds_what_was_committed_before_it()
    {
        AreAboutAFolder();
        using var folder = new DataFolder("the shop");
        using var other = new DataFolder("the copy");
        var file = Path.Combine(folder.Root, "shop.tgz");
        await using (var database = await folder.Open())
        {
            await database.Run("CREATE TABLE kept AS SELECT n FROM generate_series(1, 50000) n");
            using var enough = new CancellationTokenSource();
            var work = KeepWriting(database, enough.Token);

            (await Keel(folder, "backup", file)).ShouldSucceed();
            await enough.CancelAsync();
            await work;
        }

        (await Keel(other, "restore", file)).ShouldSucceed();

        await using var restored = await other.Open();
        (await restored.Ask("SELECT count(*) FROM kept WHERE n > 0")).ShouldBe(50000L);
        (await restored.Ask("SELECT count(*) - max(n) FROM later")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_cut_off_file_changes_nothing()
    {
        AreAboutAFolder();
        using var folder = new DataFolder();
        var file = Path.Combine(folder.Root, "shop.tar");
        await using (var database = await folder.Open())
        {
            (await Keel(folder, "backup", file)).ShouldSucceed();
            await database.Run("CREATE TABLE kept AS SELECT 7 AS n");
        }

        using (var cut = File.OpenWrite(file)) cut.SetLength(cut.Length / 2);

        (await Keel(folder, "restore", file)).ShouldRefuse("--force");
        (await Keel(folder, "restore", file, "--force")).ShouldRefuse("Nothing was changed");
        await using var again = await folder.Open();
        (await again.Ask("SELECT n FROM kept")).ShouldBe(7);
    }

    /// Where a server is named, the commands are about that server.
    private static void AreAboutAFolder() =>
        Assert.SkipWhen(Environment.GetEnvironmentVariable("Keel__Database") is not null, "This is about the PostgreSQL of a data folder; a server is named.");

    private static Task<Outcome> Keel(DataFolder folder, params string[] words) => Outcome.Of([.. words, "--data", folder.Path]);

    private static async Task KeepWriting(App.Postgres.Database database, CancellationToken enough)
    {
        await database.Run("CREATE TABLE later (n bigint PRIMARY KEY)");
        for (var n = 1; !enough.IsCancellationRequested; n++) await database.Run($"INSERT INTO later VALUES ({n})");
    }
}
