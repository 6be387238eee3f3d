using Shouldly;
using Xunit;

namespace Keel.Tests.Jobs;

/// What runs by itself does not fall behind in silence.
public class WatchWorkTests
{
    [Fact, Feature("CH-11", "OP-07", "OP-08")]
    public async Task A_job_that_falls_behind_or_fails_is_a_case_until_it_runs_again()
    {
        await using var shop = await Shop.Open();
        await Beats(shop, "seal-log", minutesAgo: 30, problem: null);
        await Beats(shop, "post-office", minutesAgo: 0, problem: "no such street");

        await shop.Runs<WatchWorkJob>();
        await shop.Runs<WatchWorkJob>();

        (await Cases(shop)).ShouldBe("job-behind post-office: post-office fails: no such street; job-behind seal-log: seal-log has fallen behind: it last went well at " +
            $"{TimeZoneInfo.ConvertTime(shop.Clock.GetUtcNow().AddMinutes(-30), TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam")):yyyy-MM-dd HH:mm}.");
        (await shop.Text("select string_agg(distinct owner, ',') from kernel.work_case where kind = 'job-behind'")).ShouldBe("administrator");

        await Beats(shop, "seal-log", minutesAgo: 0, problem: null);
        await shop.Runs<WatchWorkJob>();
        (await Cases(shop)).ShouldBe("job-behind post-office: post-office fails: no such street");
    }

    [Fact, Feature("CH-12", "OP-07")]
    public async Task Letters_that_died_are_one_case_for_whoever_they_were_for_until_they_are_delivered()
    {
        await using var shop = await Shop.Open();
        await shop.Number(
            $"""
            with made as (
              insert into kernel.outbox (id, company_id, event, deliverer, subject, payload, state, attempts, at, next_at, problem, operation)
              select gen_random_uuid(), '{shop.Company}', 'Keel.Gone.Happened', 'Keel.Gone.Teller', 'SO-' || n, '{"{}"}', 'Dead', 9, now(), now(), 'nobody answers', gen_random_uuid() from generate_series(1, 3) n returning 1)
            select count(*) from made
            """);

        await shop.Runs<WatchWorkJob>();
        (await Cases(shop)).ShouldBe("dead-letters Teller: 3 letters for Teller could not be delivered: nobody answers");

        await shop.Number("with gone as (delete from kernel.outbox where state = 'Dead' returning 1) select count(*) from gone");
        await shop.Runs<WatchWorkJob>();
        (await Cases(shop)).ShouldBe("", "nothing dead is left, so that nobody is asked any more");
    }

    private static Task<string> Cases(Shop shop) => shop.Text(
        "select coalesce(string_agg(kind || ' ' || subject || ': ' || sentence, '; ' order by kind, subject), '') from kernel.work_case where kind in ('job-behind', 'dead-letters') and state <> 'Closed'");

    private static Task<long> Beats(Shop shop, string name, int minutesAgo, string? problem) => shop.Number(
        $"""
        with beat as (
          insert into kernel.heartbeat (name, owner, every_seconds, started_at, succeeded_at, problem)
          values ('{name}', 'here', 10, '{shop.Clock.GetUtcNow().AddMinutes(-minutesAgo):O}', '{shop.Clock.GetUtcNow().AddMinutes(-minutesAgo):O}', {(problem is null ? "null" : $"'{problem}'")})
          on conflict (name) do update set succeeded_at = excluded.succeeded_at, problem = excluded.problem returning 1)
        select count(*) from beat
        """);
}
