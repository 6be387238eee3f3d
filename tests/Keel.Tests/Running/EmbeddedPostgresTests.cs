using System.Diagnostics;
using Keel.App.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace Keel.Tests.Running;

public class EmbeddedPostgresTests
{
    [Fact]
    public async Task Starts_twice_in_a_row_with_blanks_in_the_path_and_keeps_what_was_written()
    {
        using var folder = new DataFolder("a shop's data");

        await using (var first = await folder.Open()) await first.Run("CREATE TABLE kept AS SELECT 'Ärger' AS word");

        await using var second = await folder.Open();
        (await second.Ask("SELECT upper(word) FROM kept")).ShouldBe("ÄRGER");
        (await second.Ask("SELECT setting FROM pg_settings WHERE name = 'listen_addresses'")).ShouldBe("");
    }

    [Fact]
    public async Task Is_gone_when_it_is_closed()
    {
        using var folder = new DataFolder();
        var database = await folder.Open();
        database.Embedded!.ServerProcess.ShouldNotBeNull();

        await database.DisposeAsync();

        database.Embedded.ServerProcess.ShouldBeNull();
    }

    [Fact]
    public async Task A_second_start_on_the_same_data_folder_says_so()
    {
        using var folder = new DataFolder();
        await using var database = await folder.Open();

        var refusal = await Should.ThrowAsync<CannotRun>(() => folder.Open());

        refusal.Message.ShouldContain("already runs on the data folder");
    }

    [Fact]
    public async Task A_command_may_visit_the_database_that_already_runs()
    {
        using var folder = new DataFolder();
        await using var database = await folder.Open();

        await using (var visit = await folder.Open(visit: true)) (await visit.Ask("SELECT 1")).ShouldBe(1);

        (await database.Ask("SELECT 2")).ShouldBe(2);
    }

    [Fact]
    public async Task Comes_back_by_itself_when_the_server_and_all_its_children_are_killed()
    {
        using var folder = new DataFolder();
        await using var database = await folder.Open();
        await database.Run("CREATE TABLE kept AS SELECT 7 AS n");
        var server = database.Embedded!.ServerProcess!.Value;

        Process.GetProcessById(server).Kill();

        await database.Until("SELECT n FROM kept", 7);
        database.Embedded.ServerProcess.ShouldNotBe(server);
    }

    [Fact]
    public async Task A_server_that_outlived_its_keel_is_taken_over()
    {
        using var folder = new DataFolder();
        var killed = await folder.Open();
        var server = killed.Embedded!.ServerProcess;
        killed.Embedded.Forget();

        await using var database = await folder.Open();

        database.Embedded!.ServerProcess.ShouldBe(server);
        (await database.Ask("SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_file_left_by_a_killed_server_does_not_keep_the_next_from_starting()
    {
        using var folder = new DataFolder();
        await using (var database = await folder.Open()) await database.Run("CREATE TABLE kept AS SELECT 7 AS n");
        var stale = Path.Combine(folder.Cluster, "postmaster.pid");
        await File.WriteAllTextAsync(stale, $"{Environment.ProcessId}\n{folder.Cluster}\n1\n5432\n/tmp\n\n  5432001 1\nready\n");

        await using var again = await folder.Open();

        (await again.Ask("SELECT n FROM kept")).ShouldBe(7);
    }

    [Fact]
    public async Task A_creation_that_was_cut_short_is_begun_anew()
    {
        using var folder = new DataFolder();
        await using (await folder.Open()) { }
        Directory.Move(folder.Cluster, folder.Cluster + ".new");
        File.Delete(Path.Combine(folder.Cluster + ".new", "PG_VERSION"));

        await using var database = await folder.Open();

        (await database.Ask("SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_long_path_still_gets_a_socket()
    {
        using var folder = new DataFolder(new string('x', 120));

        await using var database = await folder.Open();

        (await database.Ask("SELECT 1")).ShouldBe(1);
    }
}
