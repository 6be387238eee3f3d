using Keel.Kernel.Views;
using Keel.Stock;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Keel.Bench.Cases;

/// Two years of moves of twenty thousand products at five sites, a fifth of them of one product, in a company of its own that all cases share and
/// that stays for the next run. What they add up to stands in positions, levels and cost pools, so that the proof ties.
internal static class StockHistory
{
    public const int Products = 20_000;
    public static readonly Sku Busiest = "PAST-BUSIEST";
    private static readonly Dictionary<int, Id<Company>> Filled = [];

    public static async Task<Id<Company>> Of(World world, BenchOptions options)
    {
        if (Filled.TryGetValue(options.Moves, out var known)) return known;
        var code = $"past-{options.Moves}";
        if (await world.Text($"select id from kernel.company where code = '{code}'") is not { Length: > 0 } found)
        {
            var founded = await world.Gate.Run<CreateCompany, CreateCompany.Request, Id<Company>>(new CreateCompany.Request(code, "Past", "NL", Currency.Eur, "Europe/Amsterdam"), Caller.Keel(default));
            await Fill(world, founded.Value, options.Moves);
            found = founded.Value.ToString();
        }

        var company = new Id<Company>(Guid.Parse(found!));
        await world.Run("vacuum analyze stock.move");
        await using (var scope = world.Services.CreateAsyncScope()) await scope.ServiceProvider.GetRequiredService<TakeCheckpoints>().Run(default);
        await world.Run("vacuum analyze stock.checkpoint");
        return Filled[options.Moves] = company;
    }

    /// Receipts of sixty and nine sales of six in turn, so that every product ends with some; a paper for every hundred.
    private static async Task Fill(World world, Id<Company> company, int moves)
    {
        foreach (var node in World.Nodes) await Must(world, company, node);
        await world.Run(
            $"""
            insert into stock.move (id, company_id, sku, lot, package, owner, quantity, from_node, from_location, to_node, to_location, document_kind, document_id, document_number, line, reason, happened_at, recorded_at, day, value, currency, operation, ends)
            select (lpad(to_hex((extract(epoch from t.at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(t.g % 4096), 3, '0') || '8' || lpad(to_hex(t.g), 15, '0'))::uuid, '{company}', t.sku, '', '', 'own',
              case when t.nth % 10 = 1 then 60000 else 6000 end, case when t.nth % 10 = 1 then '' else t.node end, case when t.nth % 10 = 1 then 'SUPPLIER' else t.node || '/STOCK' end,
              case when t.nth % 10 = 1 then t.node else '' end, case when t.nth % 10 = 1 then t.node || '/STOCK' else 'CUSTOMER' end,
              'receipt', ('00000000-0000-7000-8000-' || lpad(to_hex(t.g / 100), 12, '0'))::uuid, 'PAST-' || t.g / 100, 1, 'past', t.at, t.at, t.at::date, case when t.nth % 10 = 1 then 6000 else -600 end, 'EUR', '{company}', case when t.nth % 10 = 1 then 56 else 7 end
            from (
              select g.g, now() - interval '730 days' + g.g * (interval '730 days' / {moves}) as at, (array['MAIN', 'EAST', 'WEST', 'NORTH', 'SOUTH'])[case when g.g % 5 = 0 then 1 else (g.g - g.g / 5) % {Products} % 5 + 1 end] as node,
                case when g.g % 5 = 0 then '{Busiest}' else 'PAST-' || lpad(((g.g - g.g / 5) % {Products})::text, 5, '0') end as sku,
                case when g.g % 5 = 0 then g.g / 5 else (g.g - g.g / 5 + {Products} - 1) / {Products} end as nth
              from generate_series(1, {moves}) g (g)
            ) t
            """);
        await world.Run(
            $"""
            with held as (select sku, node, sum(on_hand)::bigint as on_hand, sum(sellable)::bigint as sellable, sum(value)::bigint as value from stock.leg where company_id = '{company}' group by 1, 2),
            positions as (insert into stock.position select '{company}', sku, node, 'own', on_hand, sellable, 0 from held),
            levels as (insert into stock.level select '{company}', node, sku, node || '/STOCK', '', '', 'own', on_hand, 0, now() from held)
            insert into stock.cost_pool (company_id, sku, quantity, value, currency, method, written_down) select '{company}', sku, on_hand, value, 'EUR', 'Average', 0 from held
            """);
        await world.Run(
            $"""
            insert into stock.document (id, company_id, kind, number, node, reason, lines, value, currency, happened_at, recorded_at, day, operation)
            select document_id, company_id, 'Receipt', document_number, 'MAIN', 'past', count(*), sum(value), 'EUR', min(happened_at), min(happened_at), min(day), company_id
            from stock.move where company_id = '{company}' group by document_id, company_id, document_number
            """);
        await world.Run(
            $"""
            with pools as (select row_number() over (order by sku) + 1 as leg, sku, value from stock.cost_pool where company_id = '{company}' and value <> 0),
            entry as (
              insert into ledger.entry (id, company_id, journal, day, happened_at, recorded_at, operation_id, document_kind, document_id, document_number, part, sentence, legs)
              select gen_random_uuid(), '{company}', 'inventory', current_date, now(), now(), '{company}', 'receipt', '{company}', 'PAST', '', 'What the past left', count(*) + 1 from pools returning id, company_id, day),
            legs as (
              select 1 as leg, 'opening-balance' as account, -sum(value) as amount, null as sku from pools
              union all select leg, 'inventory', value, sku from pools)
            insert into ledger.posting (entry_id, leg, company_id, day, account, amount, currency, company_amount, company_amount_currency, rate, sku)
            select e.id, l.leg, e.company_id, e.day, l.account, l.amount, 'EUR', l.amount, 'EUR', 1, l.sku from entry e cross join legs l
            """);
        foreach (var table in (string[])["stock.position", "stock.cost_pool", "stock.document", "ledger.posting"]) await world.Run($"vacuum analyze {table}");
    }

    private static async Task Must(World world, Id<Company> company, NodeCode node)
    {
        var made = await world.Gate.Run<CreateSite, CreateSite.Request, Done>(new(node, node.Text), Caller.Keel(company) with { Door = Door.Import });
        if (!made.Ok) throw new InvariantBroken($"{made.Error?.Code} {made.Error?.Message}");
    }

    /// Another instant of the two years each time, never the same one twice.
    public static DateTimeOffset Instant(int turn) => TimeProvider.System.GetUtcNow().AddHours(-1 - turn * 7919 % (728 * 24));

    public static async Task<int> Asks(World world, Id<Company> company, Func<IServiceProvider, Task<int>> ask)
    {
        await using var scope = world.Services.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<Work>();
        (work.Company, work.Actor) = (company, Actor.Keel);
        return await ask(scope.ServiceProvider);
    }

    /// Reads all rows of a statement whose first parameter is the company and whose second, where it has one, an instant.
    public static async Task<int> Reads(World world, string sql, params object[] values)
    {
        await using var command = world.Source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value is DateTimeOffset at ? at.UtcDateTime : value });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) reader.GetValue(0);
        return 1;
    }
}

/// A page of the stock card of the product that moved most, at any depth, with its running balance.
internal sealed class CardOfTheBusiest : IBenchCase
{
    private int turn;

    public string Name => "stock-card";
    public string What => "a page of the card of a product with a fifth of all moves, at any instant, one client";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        var company = await StockHistory.Of(world, options);
        return await Load.Run(1, options.Duration, (_, _) => StockHistory.Asks(world, company, async services =>
        {
            var card = services.GetRequiredService<StockCard>();
            return await card.Load(StockHistory.Busiest, null, null, null, StockHistory.Instant(turn++)) && card.Rows.Count == StockCard.Size ? 1 : throw new InvariantBroken("The card is empty.");
        }));
    }

    /// The moves of the page alone, by their index.
    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        var company = await StockHistory.Of(world, options);
        return await Load.Run(1, options.Duration, (_, _) => StockHistory.Reads(world,
            "select id, happened_at, quantity, from_location, to_location, document_number from stock.move where company_id = $1 and sku = $3 and happened_at <= $2 order by happened_at desc, id desc limit 51",
            company.Value, StockHistory.Instant(turn++), StockHistory.Busiest.Text));
    }
}

/// What was on hand of every product at an instant.
internal sealed class StockAtAnInstant : IBenchCase
{
    private int turn;

    public string Name => "stock-as-of";
    public string What => "on hand, sellable, reserved and value of 20,000 products at any instant, one client";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        var company = await StockHistory.Of(world, options);
        return await Load.Run(1, options.Duration, (_, _) => StockHistory.Asks(world, company, async services =>
        {
            var view = ActivatorUtilities.CreateInstance<StockAsOf>(services);
            var rows = await services.GetRequiredService<KeelDb>().Query<StockAsOf.Row>(view.Rows(new StockAsOf.Args(StockHistory.Instant(turn++))));
            return rows.Count > 0 ? 1 : throw new InvariantBroken("Nothing was there.");
        }));
    }

    /// The checkpoint alone.
    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        var company = await StockHistory.Of(world, options);
        return await Load.Run(1, options.Duration, (_, _) => StockHistory.Reads(world,
            "select sku, node, on_hand, sellable, value from stock.checkpoint where company_id = $1 and at = (select max(at) from stock.checkpoint_taken where company_id = $1 and whole and at <= $2)",
            company.Value, StockHistory.Instant(turn++)));
    }
}

/// What all stock was worth at an instant, as it was known then.
internal sealed class ValueAtAnInstant : IBenchCase
{
    private int turn;

    public string Name => "valuation-as-of";
    public string What => "the value of 20,000 products at any instant, as known then, one client";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        var company = await StockHistory.Of(world, options);
        return await Load.Run(1, options.Duration, (_, _) => StockHistory.Asks(world, company, async services =>
        {
            var (db, at) = (services.GetRequiredService<KeelDb>(), StockHistory.Instant(turn++));
            return await db.First<long>($"select coalesce(sum(v.value), 0)::bigint from ({AsOf.Parts(db, at, at)}) v") > 0 ? 1 : throw new InvariantBroken("Nothing was worth anything.");
        }));
    }

    /// The checkpoint alone.
    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        var company = await StockHistory.Of(world, options);
        return await Load.Run(1, options.Duration, (_, _) => StockHistory.Reads(world,
            "select sum(value) from stock.checkpoint where company_id = $1 and at = (select max(at) from stock.checkpoint_taken where company_id = $1 and whole and at <= $2)",
            company.Value, StockHistory.Instant(turn++)));
    }
}

/// How long everything that is on hand lies there.
internal sealed class AgeingOfAll : IBenchCase
{
    public string Name => "ageing";
    public string What => "the ageing of 20,000 products, one client";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        var company = await StockHistory.Of(world, options);
        return await Load.Run(1, options.Duration, (_, _) => StockHistory.Asks(world, company, async services =>
        {
            var view = ActivatorUtilities.CreateInstance<StockAgeing>(services);
            var rows = await services.GetRequiredService<KeelDb>().Query<StockAgeing.Row>(view.Rows(new StockAgeing.Args()));
            return rows.Count > 0 ? 1 : throw new InvariantBroken("Nothing is there.");
        }));
    }

    /// What came in, by product, out of its index.
    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        var company = await StockHistory.Of(world, options);
        return await Load.Run(1, options.Duration, (_, _) => StockHistory.Reads(world, "select sku, to_node, sum(quantity) from stock.move where company_id = $1 and to_node <> '' group by 1, 2", company.Value));
    }
}

/// Everything is recomputed from all moves.
internal sealed class ProofOfAll : IBenchCase
{
    public string Name => "prove";
    public string What => "the whole proof over all moves, one client";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        await StockHistory.Of(world, options);
        return await Load.Run(1, TimeSpan.FromSeconds(1), async (_, _) =>
        {
            var report = await world.Services.GetRequiredService<Prover>().Run(ProofDepth.Full, CancellationToken.None);
            foreach (var slow in report.Checks.OrderByDescending(c => c.Millis).Take(6)) await Console.Error.WriteLineAsync($"  {slow.Name} {slow.Millis} ms, {slow.Differences} differences");
            return 1;
        }, TimeSpan.FromMilliseconds(1));
    }

    /// Every move is read once.
    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        await StockHistory.Of(world, options);
        return await Load.Run(1, options.Duration, (_, _) => StockHistory.Reads(world, "select sum(quantity), sum(value), count(distinct from_location) from stock.move"));
    }
}
