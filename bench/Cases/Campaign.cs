using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Keel.Sales;
using Keel.Sales.Contract;

namespace Keel.Bench.Cases;

/// A minute of a campaign: orders arrive over the API of an application of its own at twenty times the rate of a usual day, whether or not the one before was answered. Four of five want
/// one of three products of which there are too few. An answer's time counts from the moment at which the order was due. What is measured is worth nothing where an answer is no order, or
/// where more is promised than there is.
internal sealed class Campaign(string folder) : IBenchCase
{
    private const int Usual = 10;
    private const int Times = 20;
    private const int EachHas = 2_500;
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    private int most;
    private TimeSpan drained;

    public string Name => "campaign";
    public string What => $"{Usual * Times} orders a second for a minute over the API, {Times} times the usual; at most {most:N0} messages waited, all delivered {drained.TotalSeconds:0.0} s after the last order";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        Sku[] wanted = [await world.Hot(EachHas), await world.Hot(EachHas), await world.Hot(EachHas)];
        string key;
        await using (var web = await WebBench.Open(world)) key = await web.Key(world);
        await using var child = await Child.Start(folder, world.ConnectionString);
        using var http = WebBench.Client(child.Address, key);
        var run = Guid.NewGuid().ToString("N")[..6];
        await Arrive(world, http, wanted, run + "-w", Usual, Load.WarmUp);
        using var over = new CancellationTokenSource();
        var watching = Watch(world, over.Token);
        var clock = Stopwatch.StartNew();
        var took = await Arrive(world, http, wanted, run, Usual * Times, Lasts);
        var rate = took.Count / clock.Elapsed.TotalSeconds;
        clock.Restart();
        while (await Waiting(world) > 0)
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(5)) throw new InvariantBroken("What waits for delivery is not delivered.");
            await Task.Delay(100);
        }

        drained = clock.Elapsed;
        await over.CancelAsync();
        await watching;
        foreach (var sku in wanted) await Oversold.Check(world, sku);
        if (await world.Number($"select count(*) from kernel.outbox where company_id = '{world.Company}' and state = 'Dead'") is > 0 and var dead) throw new InvariantBroken($"{dead} messages were given up.");
        return Speed.Of(rate, took);
    }

    public Task<Speed> Floor(World world, BenchOptions options) => FloorOrders.Run(world, options, clients: 16, batch: 1);

    /// Sends so many orders a second for a while, each at its moment, and says how long each was under way.
    private static async Task<IReadOnlyList<double>> Arrive(World world, HttpClient http, Sku[] wanted, string run, int perSecond, TimeSpan lasts)
    {
        var random = new Random(29);
        var sent = new List<Task<double>>();
        var clock = Stopwatch.StartNew();
        for (var n = 0; n < perSecond * lasts.TotalSeconds; n++)
        {
            var due = TimeSpan.FromSeconds((double)n / perSecond);
            if (due - clock.Elapsed is var early && early > TimeSpan.FromMilliseconds(1)) await Task.Delay(early);
            var order = world.Order(random, $"{run}-{n}");
            if (n % 5 > 0) order = order with { Lines = [new NewLine(wanted[random.Next(wanted.Length)], 1 + n % 2), order.Lines[0]] };
            sent.Add(Place(http, order, due, clock));
        }

        return await Task.WhenAll(sent);
    }

    private static async Task<double> Place(HttpClient http, NewOrder order, TimeSpan due, Stopwatch clock)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(order, KeelJson.Options));
        content.Headers.ContentType = new("application/json");
        using var answer = await http.PostAsync("/api/v1/sales/place-order", content);
        if (answer.StatusCode is not HttpStatusCode.OK) throw new InvariantBroken(await answer.Content.ReadAsStringAsync());
        return (clock.Elapsed - due).TotalMilliseconds;
    }

    private async Task Watch(World world, CancellationToken ct)
    {
        most = 0;
        while (!ct.IsCancellationRequested)
        {
            most = Math.Max(most, (int)await Waiting(world));
            await Task.Delay(500, CancellationToken.None);
        }
    }

    private static Task<long> Waiting(World world) => world.Number($"select count(*) from kernel.outbox where company_id = '{world.Company}' and state = 'Waiting'");
}
