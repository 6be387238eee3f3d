using Keel.App.Commands;
using Shouldly;
using Xunit;

namespace Keel.Tests.Running;

public class UpTests
{
    [Fact]
    public async Task Answers_health_refuses_a_second_start_and_stops_with_its_database()
    {
        using var folder = new DataFolder("the shop");
        using var stop = new CancellationTokenSource();
        var up = Outcome.Of(["up", "--data", folder.Path, "--port", "0", "--company", "empty"], stop.Token);
        var card = await Answering(folder, up);

        using var http = new HttpClient();
        using var health = await http.GetAsync(new Uri($"{card.Address}/health"));
        health.EnsureSuccessStatusCode();
        (await Outcome.Of("up", "--data", folder.Path)).ShouldRefuse($"already runs on the data folder {folder.Path} at {card.Address}");

        await stop.CancelAsync();
        (await up).ShouldSucceed();
        RunningKeel.Find(folder.Path).ShouldBeNull();
        await (await folder.Open()).DisposeAsync();
    }

    /// Who began without the demo is not given it because the next start does not say so again.
    [Fact]
    public async Task A_house_that_was_begun_by_its_own_people_gets_no_demo_later()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("Keel__Database") is not null, "This is about the PostgreSQL of a data folder; a server is named.");
        using var folder = new DataFolder();
        foreach (string[] more in (string[][])[["--company", "empty"], []])
        {
            using var stop = new CancellationTokenSource();
            var up = Outcome.Of(["up", "--data", folder.Path, "--port", "0", .. more], stop.Token);
            await Answering(folder, up);
            await stop.CancelAsync();
            (await up).ShouldSucceed();
            (await up).Output.ShouldContain("admin@keel.local");
        }

        await using var database = await folder.Open();
        await using var source = Npgsql.NpgsqlDataSource.Create(database.ConnectionString);
        await using var companies = source.CreateCommand("select count(*) from kernel.company");
        (await companies.ExecuteScalarAsync()).ShouldBe(0L);
    }

    private static async Task<RunningKeel.Card> Answering(DataFolder folder, Task<Outcome> up)
    {
        while (true)
        {
            if (RunningKeel.Find(folder.Path) is { } card) return card;
            if (up.IsCompleted) (await up).ShouldSucceed();
            await Task.Delay(50);
        }
    }
}
