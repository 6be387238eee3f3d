using System.Text.Json;
using static Keel.App.Torture.TortureWorld;

namespace Keel.App.Torture;

/// A buyer in a hurry: orders, orders twice, holds carts, changes their mind. Writes down what was asked and what was answered.
internal sealed class Buyer(int number, TortureWorld world, Random random)
{
    private readonly List<string> mine = [];
    private int next;

    public async Task Live(CancellationToken over)
    {
        await using var log = world.Log($"buyer-{number:D3}");
        while (!over.IsCancellationRequested)
        {
            var dice = random.Next(100);
            if (dice < 60 || mine.Count == 0) await Order(log, null, over);
            else if (dice < 80) await Hold(log, over);
            else if (dice < 90) await Cancel(log, over);
            else await Ship(log, over);
        }
    }

    private async Task Order(StreamWriter log, Guid? hold, CancellationToken over, string? heldSku = null)
    {
        var name = $"B{number}-{++next}";
        var sku = heldSku ?? SkuOf(random.Next(TortureRun.Skus));
        var quantity = heldSku is null ? 1 + random.Next(2) : 1;
        var request = new Dictionary<string, object?>
        {
            ["channel"] = "web", ["number"] = name, ["hold"] = hold, ["ifShort"] = random.Next(2) == 0 ? "refuse" : "backorder",
            ["lines"] = heldSku is null ? Lines(sku, quantity) : [new { sku, quantity }],
            ["customer"] = new { name = $"Buyer {number}", email = $"buyer{number}@example.org", address = new { line1 = "Dam 1", postalCode = "1012 JS", city = "Amsterdam", country = "NL" } },
        };
        var copies = random.Next(10) == 0 ? 3 : 1;
        var key = random.Next(2) == 0 ? Guid.NewGuid().ToString() : null;
        await Write(log, new { kind = "asked", number = name, request });
        var answers = await Task.WhenAll(Enumerable.Range(0, copies).Select(_ => world.Ask("sales/place-order", request, key, over)));
        foreach (var answer in answers)
        {
            if (answer is not { } got) continue;
            await Write(log, new { kind = "order", number = name, status = got.Status, answer = got.Body });
            if (got.Status == 200 && !mine.Contains(got.Body.GetProperty("id").GetString()!)) mine.Add(got.Body.GetProperty("id").GetString()!);
        }
    }

    /// Mostly one product; at times two, a kit that shares components with them, or goods of a lot that is named.
    private object[] Lines(string sku, int quantity) => random.Next(12) switch
    {
        < 3 => [new { sku, quantity }, new { sku = SkuOf(random.Next(TortureRun.Skus)), quantity = 1 }],
        3 => [new { sku = VirtualKit, quantity }],
        4 => [new { sku = BuiltKit, quantity = 1 }, new { sku, quantity = 1 }],
        5 => [new { sku = LotSkuOf(random.Next(LotSkus)), quantity }],
        6 => [new { sku = LotSkuOf(random.Next(LotSkus)), quantity, lot = LotOf(random.Next(LotsEach)) }],
        _ => [new { sku, quantity }],
    };

    private async Task Hold(StreamWriter log, CancellationToken over)
    {
        var hold = Guid.NewGuid();
        var sku = SkuOf(random.Next(TortureRun.Skus));
        var got = await world.Ask("stock/hold", new { hold, node = "MAIN", sku, quantity = 1, minutes = 1 }, hold.ToString(), over);
        if (got is not { } answer) return;
        await Write(log, new { kind = "hold", hold, sku, status = answer.Status });
        if (answer.Status != 200) return;
        var then = random.Next(3);
        if (then == 0) await Order(log, hold, over, sku);
        else if (then == 1) await world.Ask("stock/release-hold", new { hold }, null, over);
    }

    private async Task Cancel(StreamWriter log, CancellationToken over)
    {
        var order = Take();
        var got = await world.Ask("sales/cancel-orders", new { orders = new[] { order }, reason = "changed my mind" }, Guid.NewGuid().ToString(), over);
        if (got is { Status: 200 } answer) await Write(log, new { kind = "cancel", order, cancelled = answer.Body[0].GetProperty("cancelled").GetBoolean() });
    }

    private async Task Ship(StreamWriter log, CancellationToken over)
    {
        var order = Take();
        var got = await world.Ask("warehouse/ship-orders", new { orders = new[] { order } }, Guid.NewGuid().ToString(), over);
        if (got is { Status: 200 } answer) await Write(log, new { kind = "ship", order, shipments = answer.Body[0].GetProperty("shipments").GetArrayLength() });
    }

    private string Take()
    {
        var at = random.Next(mine.Count);
        var order = mine[at];
        mine.RemoveAt(at);
        return order;
    }
}

/// Keeps the shelf: receives a few, and counts fewer than were promised.
internal sealed class Keeper(TortureWorld world, Random random)
{
    public async Task Live(CancellationToken over)
    {
        await using var log = world.Log("keeper");
        var papers = new List<string>();
        for (var n = 1; !over.IsCancellationRequested; n++)
        {
            var sku = SkuOf(random.Next(TortureRun.Skus));
            var turn = random.Next(12);
            if (turn < 6)
            {
                var (reference, quantity) = ($"R-{n}", 1 + random.Next(30));
                var receipts = new[] { new { node = "MAIN", reference, lines = new[] { new { sku, quantity, unitCost = new { price = 3.33m, currency = "EUR" } } } } };
                var got = await world.Ask("stock/receive", new { receipts }, reference, over);
                if (got is { } answer) await Write(log, new { kind = "receipt", reference, sku, quantity, status = answer.Status });
                if (got is { Status: 200, Body: { ValueKind: JsonValueKind.Array } made } && made.GetArrayLength() > 0) papers.Add(made[0].GetProperty("number").GetString()!);
            }
            else if (turn < 8 && papers.Count > 0)
            {
                var amount = random.Next(1, 500) / 100m;
                var got = await world.Ask("stock/land-costs", new { receipts = new[] { papers[random.Next(papers.Count)] }, charges = new[] { new { kind = "freight", amount = new { amount, currency = "EUR" } } } }, $"L-{n}", over);
                if (got is { } answer) await Write(log, new { kind = "landed", number = answer.Status == 200 ? answer.Body.GetProperty("number").GetString() : null, amount, status = answer.Status });
            }
            else if (turn == 8)
            {
                var lines = new[] { new { location = "MAIN/STOCK", sku, quantity = 1, reason = "damaged" } };
                var got = await world.Ask("stock/scrap", new { lines }, $"S-{n}", over);
                if (got is { } answer) await Write(log, new { kind = "scrapped", sku, status = answer.Status });
            }
            else if (turn == 9)
            {
                var (from, becomes) = random.Next(2) == 0 ? ("good", "damaged") : ("damaged", "good");
                var got = await world.Ask("stock/set-condition", new { lines = new[] { new { location = "MAIN/STOCK", sku, quantity = 1, from, becomes } }, reason = "a second look" }, $"D-{n}", over);
                if (got is { } answer) await Write(log, new { kind = "condition", sku, status = answer.Status });
            }
            else
            {
                var lines = new[] { new { location = "MAIN/STOCK", sku, counted = random.Next(20), reason = "count" } };
                var got = await world.Ask("stock/adjust", new { lines }, $"C-{n}", over);
                if (got is { } answer) await Write(log, new { kind = "count", sku, lines[0].counted, status = answer.Status });
            }

            await Task.Delay(30, CancellationToken.None);
        }
    }
}
