namespace Keel.Tests.Audit;

/// A log of many days: many people, doors and operations, a few that are rare.
internal static class LongLog
{
    /// One search of each kind, those of rare things among them.
    public static readonly (OperationList.Args Args, string Question)[] Searches =
    [
        (new(), ""),
        (new("LONG-500"), ""),
        (new(), "f.actor-name=Person 7"),
        (new(), "f.actor-name=Somebody rare"),
        (new(), "f.operation=sales.hold-orders"),
        (new(), "f.door=Ai"),
        (new(), "f.outcome=refused"),
        (new(), "f.at.ge=2025-06-01&f.at.le=2025-06-02"),
        (new(), "f.amount.ge=9990"),
        (new(), "f.actor-name=Person 7&f.operation=sales.place-order&f.at.ge=2025-06-01"),
    ];

    public static async Task Write(Shop shop, int lines)
    {
        await using var command = shop.Source.CreateCommand(
            $"""
            insert into kernel.operation_log (id, company_id, at, door, actor_kind, actor_id, actor_name, operation, outcome, code, sentence, subjects, micros, digest, amount, amount_currency)
            select gen_random_uuid(), '{shop.Company}', timestamptz '2025-01-01' + n * interval '5 minutes',
              case when n % 20000 = 9 then 'Ai' when n % 3 = 0 then 'Page' else 'Api' end, 'Person', gen_random_uuid(),
              case when n % 25000 = 11 then 'Somebody rare' else 'Person ' || n % 40 end,
              case when n % 5000 = 3 then 'sales.hold-orders' when n % 2 = 0 then 'sales.confirm-orders' else 'sales.place-order' end,
              case when n % 1000 = 1 then 'refused' else 'done' end, null, null, 'LONG-' || n, 900, '\x00',
              case when n % 2 = 1 then (n * 7919::bigint) % 1000000 end, case when n % 2 = 1 then 'EUR' end
            from generate_series(1, {lines}) n
            """);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync();
        await using var analyze = shop.Source.CreateCommand("vacuum analyze kernel.operation_log");
        await analyze.ExecuteNonQueryAsync();
    }
}
