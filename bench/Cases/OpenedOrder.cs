using Keel.Sales;
using Keel.Sales.Contract;
using Npgsql;

namespace Keel.Bench.Cases;

/// Pages of a thousand recent orders of three lines, promised or waiting, rendered one after another in a company with a million orders.
internal sealed class OpenedOrder : IBenchCase
{
    private const int Many = 1_000;

    public string Name => "order-page";
    public string What => $"the page of an order of three lines, rendered: {Many:N0} different ones among 1,000,000, one client";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        await OrdersList.Fill(world);
        var ids = await Orders(world);
        await using var web = await WebBench.Open(world);
        using var http = await web.Person(world);
        var turn = 0;
        return await Load.Run(1, options.Duration, async (_, ct) =>
        {
            var page = await http.GetStringAsync($"/orders/{ids[turn++ % ids.Length]}", ct);
            return page.Contains("BENCH-", StringComparison.Ordinal) ? 1 : throw new InvariantBroken("The page of an order shows none of its lines.");
        });
    }

    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        var ids = await Orders(world);
        var turn = 0;
        return await Load.Run(1, options.Duration, async (_, ct) =>
        {
            await using var command = world.Source.CreateCommand(
                "select o.number, o.status, o.gross, l.line, l.sku, l.quantity, r.open from sales.orders o join sales.order_line l on l.order_id = o.id left join stock.reservation r on r.document_id = o.id and r.line = l.line where o.id = $1 order by l.line");
            command.Parameters.Add(new NpgsqlParameter { Value = ids[turn++ % ids.Length] });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct)) reader.GetString(0);
            return 1;
        });
    }

    /// Orders that came as orders come, a thousand of them taken in where there are none yet.
    private static async Task<Guid[]> Orders(World world)
    {
        var random = new Random(17);
        var run = Guid.NewGuid().ToString("N")[..6];
        if (await world.Number($"select count(*) from (select 1 from sales.order_line l join sales.orders o on o.id = l.order_id where o.company_id = '{world.Company}' and l.line = 3 limit {Many}) l") < Many)
            foreach (var part in Enumerable.Range(0, Many).Chunk(250))
                await world.Must<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new([.. part.Select(n => world.Order(random, $"{run}-{n}"))]));
        await using var command = world.Source.CreateCommand(
            "select o.id from sales.orders o where o.company_id = $1 and exists (select 1 from sales.order_line l where l.order_id = o.id and l.line = 3) order by o.placed_at desc limit $2");
        command.Parameters.Add(new NpgsqlParameter { Value = world.Company.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = Many });
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync()) ids.Add(reader.GetGuid(0));
        return [.. ids];
    }
}
