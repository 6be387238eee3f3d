using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Jobs;

/// What runs by itself leaves a trace of each run, and how deliveries went is known per receiver.
public class JobRunTests
{
    [Fact, Feature("CH-10")]
    public async Task Each_run_stands_with_its_beginning_its_end_what_it_did_and_what_went_wrong()
    {
        await using var shop = await Shop.Open();
        var hearts = shop.Services.GetRequiredService<Heartbeats>();
        Task Around(Func<Task> work) => hearts.Around("sweep", TimeSpan.FromMinutes(1), async () =>
        {
            await work();
            shop.Clock.Step(TimeSpan.FromSeconds(20));
        });

        await Around(() => Task.CompletedTask);
        await Around(() => Task.CompletedTask);
        await Around(async () =>
        {
            await shop.Must<RaiseCase, RaiseCase.Request, Done>(new("Roof", "The roof leaks"));
            await shop.Asks<RaiseCase>(new RaiseCase.Request("Roof", "The roof leaks", "plumbers"), Caller.Keel(shop.Company));
        });
        await Around(() => throw new IOException("no such street"));
        await Around(() => Task.CompletedTask);

        (await shop.Text(
            """
            select string_agg(times || ' runs, ' || extract(epoch from ended_at - started_at)::int || ' s, ' || operations || ' done, ' || refused || ' refused' || coalesce(': ' || problem, ''), '; ' order by id)
            from kernel.job_run where name = 'sweep'
            """)).ShouldBe("2 runs, 40 s, 0 done, 0 refused; 1 runs, 20 s, 1 done, 1 refused; 1 runs, 0 s, 0 done, 0 refused: no such street; 1 runs, 20 s, 0 done, 0 refused");
    }

    [Fact, Feature("CH-10")]
    public async Task A_job_that_runs_often_has_one_row_for_runs_that_end_alike()
    {
        await using var shop = await Shop.Open();
        var hearts = shop.Services.GetRequiredService<Heartbeats>();
        for (var i = 0; i < 60; i++)
        {
            var at = i;
            await hearts.Around("often", TimeSpan.FromSeconds(1), async () =>
            {
                shop.Clock.Step(TimeSpan.FromSeconds(11));
                if (at is >= 20 and < 40) throw new IOException("no such street");
                if (at % 2 == 0) await shop.Must<RaiseCase, RaiseCase.Request, Done>(new($"Roof {at}", "The roof leaks"));
            });
        }

        // What is not written yet is written when a run ends otherwise.
        await hearts.Around("often", TimeSpan.FromSeconds(1), () => throw new IOException("closed"));
        (await shop.Text("select string_agg(times || ' runs, ' || operations || ' done' || coalesce(': ' || problem, ''), '; ' order by id) from kernel.job_run where name = 'often'"))
            .ShouldBe("20 runs, 10 done; 20 runs, 0 done: no such street; 20 runs, 10 done; 1 runs, 0 done: closed");
    }

    [Fact, Feature("CH-13")]
    public async Task Of_each_receiver_it_is_known_when_a_letter_last_arrived_how_many_wait_and_how_many_tries_failed()
    {
        await using var house = await PostOffice.Open();
        await house.Send(("a", 1), ("b", 1), ("c", 1));
        house.Fails = letter => letter.To == "b";
        await house.Outbox.Drain();
        house.Clock.Step(TimeSpan.FromMinutes(20));

        (await house.Health()).ShouldBe("PostOffice+TakeLetters: behind, 1 wait, 2 arrived, 1 failed (33.3 %), IOException: The receiver will not have it.");

        house.Fails = _ => false;
        await house.Outbox.Drain();
        (await house.Health()).ShouldBe("PostOffice+TakeLetters: well, 0 wait, 3 arrived, 1 failed (25.0 %), IOException: The receiver will not have it.");
    }
}
