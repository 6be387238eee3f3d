using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Keel.Kernel.Views;
using Npgsql;

namespace Keel.Bench.Cases;

/// One three-line order per request through Kestrel, the door and the gate, by sixteen clients.
internal sealed class OrdersApi : IBenchCase
{
    public string Name => "orders-api";
    public string What => "one three-line order per HTTP request, 16 clients";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        await using var web = await WebBench.Open(world);
        using var http = await web.Program(world);
        return await Place(world, http, options);
    }

    /// Sixteen clients place orders, one per request.
    public static async Task<Speed> Place(World world, HttpClient http, BenchOptions options)
    {
        var run = Guid.NewGuid().ToString("N")[..6];
        var randoms = Enumerable.Range(0, 16).Select(c => new Random(c)).ToArray();
        var next = 0;
        return await Load.Run(16, options.Duration, async (c, ct) =>
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(world.Order(randoms[c], $"{run}-{Interlocked.Increment(ref next)}"), KeelJson.Options);
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var answer = await http.PostAsync("/api/v1/sales/place-order", content, ct);
            if (answer.StatusCode is not HttpStatusCode.OK) throw new InvariantBroken(await answer.Content.ReadAsStringAsync(ct));
            await answer.Content.LoadIntoBufferAsync(ct);
            return 1;
        });
    }

    public Task<Speed> Floor(World world, BenchOptions options) => FloorOrders.Run(world, options, clients: 16, batch: 1);
}

/// The orders page of a company with a million orders, rendered: the first page, and the one after the 500,000th order.
internal sealed class OrdersList : IBenchCase
{
    private const int Orders = 1_000_000;

    public string Name => "list";
    public string What => "orders page of 1,000,000 orders, rendered: first page and after the 500,000th key, one client";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        await Fill(world);
        await using var web = await WebBench.Open(world);
        using var http = await web.Person(world);
        var (at, id) = await Middle(world);
        var deep = "/orders?after=" + new PageKey(at.ToString("O"), id.ToString(), Orders / 2);
        foreach (var address in new[] { "/orders", deep })
        {
            var page = await http.GetStringAsync(address);
            if (!page.Contains("SO-", StringComparison.Ordinal) && !page.Contains("L-", StringComparison.Ordinal)) throw new InvariantBroken($"{address} shows no orders.");
        }

        var turn = 0;
        return await Load.Run(1, options.Duration, async (_, ct) =>
        {
            await http.GetStringAsync(turn++ % 2 == 0 ? "/orders" : deep, ct);
            return 1;
        });
    }

    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        await Fill(world);
        var (at, id) = await Middle(world);
        var turn = 0;
        return await Load.Run(1, options.Duration, async (_, ct) =>
        {
            await using var command = world.Source.CreateCommand(
                "select id, number, customer_name, channel, status, placed_at, ship_by, units, gross from sales.orders where company_id = $1 and (placed_at, id) < ($2, $3) order by placed_at desc, id desc limit 51");
            command.Parameters.Add(new NpgsqlParameter { Value = world.Company.Value });
            command.Parameters.Add(new NpgsqlParameter { Value = turn++ % 2 == 0 ? DateTime.UtcNow.AddYears(1) : at.UtcDateTime });
            command.Parameters.Add(new NpgsqlParameter { Value = id });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct)) reader.GetGuid(0);
            return 1;
        });
    }

    private static async Task<(DateTimeOffset At, Guid Id)> Middle(World world)
    {
        await using var command = world.Source.CreateCommand("select placed_at, id from sales.orders where company_id = $1 order by placed_at desc, id desc offset $2 limit 1");
        command.Parameters.Add(new NpgsqlParameter { Value = world.Company.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = Orders / 2 });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetFieldValue<DateTimeOffset>(0), reader.GetGuid(1));
    }

    /// A million orders of years past, copied in by SQL: the list does not ask how they came. One in fifty of them is open, in all states.
    internal static async Task Fill(World world)
    {
        if (await world.Number($"select count(*) from sales.orders where company_id = '{world.Company}' and channel_number like 'L-%'") >= Orders) return;
        await world.Run(
            $$"""
            insert into sales.orders (id, company_id, number, channel, channel_number, customer_id, customer_name, country, status, hold, placed_at, day, ship_by, currency, gross_prices,
              net, tax, gross, taxes, ship_to, rank, line_count, units, paid, invoiced, captured_at, confirmed_at, shipped_at, version, operation)
            select gen_random_uuid(), '{{world.Company}}', 'SO-L' || n, 'webshop', 'L-' || n, gen_random_uuid(), 'Customer ' || n, 'NL', status, case status when 'OnHold' then 'by-hand' end,
              t, t::date, case status when 'Shipped' then t::date else current_date - 7 + (n / 50 % 30)::int end, 'EUR', true, 10000, 2100, 12100, '[]',
              '{"line1":"Zijlweg 12","postalCode":"2013 DH","city":"Haarlem","country":"NL"}', 100, 3, 3000, 12100, 12100, t, t, case status when 'Shipped' then t end, 2, gen_random_uuid()
            from (
              select n, timestamptz '2024-01-01' + n * interval '60 seconds' as t,
                case when n % 50 > 0 then 'Shipped' else (array['OnHold', 'Confirmed', 'Reserved', 'Backordered', 'Released', 'PartlyShipped'])[1 + n / 50 % 6] end as status
              from generate_series(1, {{Orders}}) n) s
            """);
        await world.Run("vacuum analyze sales.orders");
    }
}

/// The filters that the orders page comes with, on the same million orders, each in turn: the tabs that the page itself offers.
internal sealed partial class ShippedFilters : IBenchCase
{
    public string Name => "list-filters";
    public string What => "orders page of 1,000,000 orders, rendered: each of its own tabs in turn, one client";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        await OrdersList.Fill(world);
        await using var web = await WebBench.Open(world);
        using var http = await web.Person(world);
        var bar = Bar().Match(await http.GetStringAsync("/orders")).Value;
        var tabs = Tab().Matches(bar).Select(m => WebUtility.HtmlDecode(m.Groups["address"].Value)).Distinct().ToArray();
        if (tabs.Length < 3) throw new InvariantBroken("The orders page offers no filters.");
        var turn = 0;
        return await Load.Run(1, options.Duration, async (_, ct) =>
        {
            await http.GetStringAsync(tabs[turn++ % tabs.Length], ct);
            return 1;
        });
    }

    /// Fifty-one open orders by the key of the same table.
    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        await OrdersList.Fill(world);
        return await Load.Run(1, options.Duration, async (_, ct) =>
        {
            await using var command = world.Source.CreateCommand(
                "select id, number, customer_name, channel, status, placed_at, ship_by, units, gross from sales.orders where company_id = $1 and status = 'OnHold' order by ship_by, id limit 51");
            command.Parameters.Add(new NpgsqlParameter { Value = world.Company.Value });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct)) reader.GetGuid(0);
            return 1;
        });
    }

    [GeneratedRegex("""<nav class="k-views".*?</nav>""", RegexOptions.Singleline)]
    private static partial Regex Bar();

    [GeneratedRegex("href=\"(?<address>/orders[^\"]*)\"")]
    private static partial Regex Tab();
}
