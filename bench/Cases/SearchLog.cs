using Keel.Kernel.Views;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Keel.Bench.Cases;

/// One page of the log for each way to search it, one after the other, by one client: 100,000 lines more than the others have written.
internal sealed class SearchLog : IBenchCase
{
    private const int Lines = 100_000;
    private int turn;

    private static readonly (string? Record, string Question)[] Searches =
    [
        (null, ""), ("LOG-500", ""), (null, "f.actor-name=Person 7"), (null, "f.actor-name=Somebody rare"), (null, "f.operation=sales.hold-orders"),
        (null, "f.door=Ai"), (null, "f.outcome=refused"), (null, "f.at.ge=2025-06-01&f.at.le=2025-06-02"), (null, "f.amount.ge=9990"),
        (null, "f.actor-name=Person 7&f.operation=sales.place-order&f.at.ge=2025-06-01"),
    ];

    public string Name => "log-search";
    public string What => "a page of a log of 100,000 lines, ten kinds of search in turn, one client";

    public Task<Speed> Measure(World world, BenchOptions options) => Load.Run(1, options.Duration, async (_, ct) =>
    {
        await using var scope = world.Services.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<Work>();
        (work.Company, work.Actor) = (world.Company, Actor.Keel);
        var (record, question) = Searches[turn++ % Searches.Length];
        var page = await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<OperationList, OperationList.Row, OperationList.Args>(
            new OperationList.Args(record), ViewQuery.Parse(ViewInfo.Of<OperationList>(), question).Value, ct);
        return page.Value.Rows.Count > 0 ? 1 : throw new InvariantBroken($"Nothing was found by {record} {question}.");
    });

    /// Fifty-one lines by the key of the same table.
    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        await Fill(world);
        return await Load.Run(1, options.Duration, async (_, ct) =>
        {
            await using var command = world.Source.CreateCommand(
                "select id, at, operation, actor_name, outcome, subjects, micros from kernel.operation_log where company_id = $1 order by at desc, id desc limit 51");
            command.Parameters.Add(new NpgsqlParameter { Value = world.Company.Value });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct)) reader.GetGuid(0);
            return 1;
        });
    }

    private static async Task Fill(World world)
    {
        if (await world.Number($"select count(*) from kernel.operation_log where company_id = '{world.Company}' and subjects = 'LOG-500'") > 0) return;
        await world.Run(
            $"""
            insert into kernel.operation_log (id, company_id, at, door, actor_kind, actor_id, actor_name, operation, outcome, code, sentence, subjects, micros, digest, amount, amount_currency)
            select gen_random_uuid(), '{world.Company}', timestamptz '2025-01-01' + n * interval '5 minutes',
              case when n % 20000 = 9 then 'Ai' when n % 3 = 0 then 'Page' else 'Api' end, 'Person', gen_random_uuid(),
              case when n % 25000 = 11 then 'Somebody rare' else 'Person ' || n % 40 end,
              case when n % 5000 = 3 then 'sales.hold-orders' when n % 2 = 0 then 'sales.confirm-orders' else 'sales.place-order' end,
              case when n % 1000 = 1 then 'refused' else 'done' end, null, null, 'LOG-' || n, 900, '\x00',
              case when n % 2 = 1 then (n * 7919::bigint) % 1000000 end, case when n % 2 = 1 then 'EUR' end
            from generate_series(1, {Lines}) n
            """);
        await world.Run("vacuum analyze kernel.operation_log");
    }
}
