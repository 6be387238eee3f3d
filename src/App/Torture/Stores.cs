using System.Text.Json;
using static Keel.App.Torture.TortureWorld;

namespace Keel.App.Torture;

/// Takes goods from one site to the other: asked for, sent off, received; at times fewer arrive, and somebody says what became of the rest.
internal sealed class Carrier(TortureWorld world, Random random)
{
    public async Task Live(CancellationToken over)
    {
        await using var log = world.Log("carrier");
        for (var n = 1; !over.IsCancellationRequested; n++)
        {
            var (from, to) = random.Next(3) == 0 ? (Other, Main) : (Main, Other);
            var first = random.Next(TortureRun.Skus);
            object[] lines = random.Next(4) == 0
                ? [new { sku = LotSkuOf(0), quantity = 1 + random.Next(3) }, new { sku = SkuOf(first), quantity = 1 }]
                : [new { sku = SkuOf(first), quantity = 1 + random.Next(4) }, new { sku = SkuOf((first + 1) % TortureRun.Skus), quantity = 1 + random.Next(2) }];
            var reason = $"X-{n}";
            await Write(log, new { kind = "transfer-asked", reason });
            var asked = await world.Ask("stock/request-transfer", new { from, to, lines, reason }, $"{reason}-ask", over);
            if (asked is not { Status: 200, Body: var made }) continue;
            var transfer = made.GetProperty("id").GetString()!;
            await Write(log, new { kind = "transfer", transfer, reason });
            await Carry(log, transfer, reason, over);
            await Task.Delay(30, CancellationToken.None);
        }
    }

    private async Task Carry(StreamWriter log, string transfer, string reason, CancellationToken over)
    {
        var sent = await world.Ask("stock/ship-transfer", new { transfer }, $"{reason}-send", over);
        await Write(log, new { kind = "transfer-sent", transfer, status = sent?.Status });
        if (sent is not { Status: 200 })
        {
            var given = await world.Ask("stock/cancel-transfer", new { transfer, reason = "nothing is there" }, $"{reason}-cancel", over);
            await Write(log, new { kind = "transfer-cancelled", transfer, status = given?.Status });
            return;
        }

        if (random.Next(8) == 0) return;
        var fewer = random.Next(3) == 0;
        var came = fewer ? new[] { new { line = 1, quantity = 1 } } : null;
        var got = await world.Ask("stock/receive-transfer", new { transfer, lines = came }, $"{reason}-receive", over);
        await Write(log, new { kind = "transfer-received", transfer, fewer, status = got?.Status });
        if (!fewer || got is not { Status: 200 } || random.Next(4) == 0) return;
        var settled = await world.Ask("stock/settle-transfer", new { transfer, outcome = random.Next(2) == 0 ? "lost" : "backAtSender" }, $"{reason}-settle", over);
        await Write(log, new { kind = "transfer-settled", transfer, status = settled?.Status });
    }
}

/// Puts kits together and takes them apart.
internal sealed class Assembler(TortureWorld world, Random random)
{
    public async Task Live(CancellationToken over)
    {
        await using var log = world.Log("assembler");
        for (var n = 1; !over.IsCancellationRequested; n++)
        {
            var (note, quantity, apart) = ($"K-{n}", 1 + random.Next(3), random.Next(3) == 0);
            await Write(log, new { kind = "kit-asked", note });
            var got = await world.Ask(apart ? "stock/take-apart" : "stock/assemble", new { kit = BuiltKit, node = Main, quantity, note }, note, over);
            await Write(log, new { kind = "kit", note, apart, quantity, status = got?.Status });
            await Task.Delay(50, CancellationToken.None);
        }
    }
}

/// Receives goods by lot, takes lots off sale everywhere and lets them be sold again, and freezes a bin or a product for a while.
internal sealed class Inspector(TortureWorld world, Random random)
{
    public async Task Live(CancellationToken over)
    {
        await using var log = world.Log("inspector");
        var lots = await Lots(over);
        var frozen = new Queue<string>();
        for (var n = 1; !over.IsCancellationRequested; n++)
        {
            var (sku, turn) = (LotSkuOf(random.Next(LotSkus)), random.Next(10));
            if (turn < 5)
            {
                var (reference, quantity, node) = ($"LR-{n}", 1 + random.Next(12), random.Next(4) == 0 ? Other : Main);
                var receipts = new[] { new { node, reference, lines = new[] { new { sku, quantity, lots = LotOf(random.Next(LotsEach)), unitCost = new { price = 2.5m, currency = "EUR" } } } } };
                var got = await world.Ask("stock/receive", new { receipts }, reference, over);
                await Write(log, new { kind = "receipt", reference, sku, quantity, status = got?.Status });
            }
            else if (turn < 8 && lots.Length > 0)
            {
                var (lot, block) = (lots[random.Next(lots.Length)], random.Next(2) == 0);
                var got = block
                    ? await world.Ask("stock/block-lot", new { lot, reason = "glass in it", recall = random.Next(3) == 0 }, $"B-{n}", over)
                    : await world.Ask("stock/unblock-lot", new { lot, outcome = "a false alarm" }, $"U-{n}", over);
                await Write(log, new { kind = "lot", lot, block, status = got?.Status });
            }
            else if (turn == 8 && frozen.Count < 3)
            {
                object what = random.Next(2) == 0 ? new { reason = "a leak", location = Bins[0] } : new { reason = "a doubt", node = Main, sku = SkuOf(random.Next(TortureRun.Skus)) };
                var got = await world.Ask("stock/freeze", what, $"F-{n}", over);
                if (got is { Status: 200, Body: var id }) frozen.Enqueue(id.GetString()!);
                await Write(log, new { kind = "frozen", freeze = got is { Status: 200 } ? got.Value.Body.GetString() : null, status = got?.Status });
            }
            else if (frozen.TryDequeue(out var freeze))
            {
                var got = await world.Ask("stock/thaw", new { freezes = new[] { freeze }, outcome = "all is well" }, $"T-{n}", over);
                await Write(log, new { kind = "thawed", freeze, status = got?.Status });
            }

            await Task.Delay(100, CancellationToken.None);
        }
    }

    private async Task<string[]> Lots(CancellationToken over)
    {
        var list = await world.Read("stock/lots?size=100", over);
        return list is { } found ? [.. found.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("id").GetString()!)] : [];
    }
}

/// Packs cases, carries them about, puts one into another, and unpacks them.
internal sealed class Packer(TortureWorld world, Random random)
{
    public async Task Live(CancellationToken over)
    {
        await using var log = world.Log("packer");
        var cases = new List<string>();
        for (var n = 1; !over.IsCancellationRequested; n++)
        {
            if (cases.Count < 4)
            {
                var code = Keel.Printing.Contract.Sscc.Of("8712345", n);
                var made = await world.Ask("stock/make-packages", new { location = Main + "/STOCK", kind = "case", code }, $"PM-{n}", over);
                await Write(log, new { kind = "package", package = code, status = made?.Status });
                if (made is { Status: 200 }) cases.Add(code);
            }
            else await One(log, n, cases[random.Next(cases.Count)], cases[random.Next(cases.Count)], over);
            await Task.Delay(40, CancellationToken.None);
        }
    }

    private async Task One(StreamWriter log, int n, string package, string into, CancellationToken over)
    {
        var (turn, quantity) = (random.Next(10), 1 + random.Next(2));
        var (what, request) = turn switch
        {
            < 4 => ("pack-goods", (object)new { package, lines = new[] { new { sku = SkuOf(random.Next(TortureRun.Skus)), quantity, from = Main + "/STOCK" } } }),
            < 6 => ("move-package", new { package, to = random.Next(2) == 0 ? Bins[1] : Main + "/STOCK" }),
            < 8 => ("unpack-goods", new { package }),
            8 => ("nest-package", new { package, into }),
            _ => ("take-package-out", new { package }),
        };
        var got = await world.Ask("stock/" + what, request, $"P-{n}", over);
        await Write(log, new { kind = what, package, quantity, number = NumberOf(got), status = got?.Status });
    }
}

/// Receives goods where they are taken in, and puts them away into bins.
internal sealed class Stower(TortureWorld world, Random random)
{
    public async Task Live(CancellationToken over)
    {
        await using var log = world.Log("stower");
        for (var n = 1; !over.IsCancellationRequested; n++)
        {
            var (sku, reference, quantity) = (SkuOf(random.Next(TortureRun.Skus)), $"SR-{n}", 1 + random.Next(4));
            var receipts = new[] { new { node = Main, reference, location = Main + "/RECEIVING", lines = new[] { new { sku, quantity, unitCost = new { price = 3.33m, currency = "EUR" } } } } };
            var got = await world.Ask("stock/receive", new { receipts }, reference, over);
            await Write(log, new { kind = "receipt", reference, sku, quantity, status = got?.Status });
            // Where nobody said where goods belong, a bin is named; else all that lies there goes where the rules want it.
            object goods = random.Next(2) == 0 ? new { from = Main + "/RECEIVING", sku, to = Bins[random.Next(Bins.Length)] } : new { from = Main + "/RECEIVING", sku };
            var away = await world.Ask("stock/put-away", new { node = Main, goods = new[] { goods } }, $"PA-{n}", over);
            var stowed = away is { Status: 200 } ? away.Value.Body.GetProperty("goods").EnumerateArray().SelectMany(g => g.GetProperty("into").EnumerateArray()).Sum(s => s.GetProperty("quantity").GetDecimal()) : 0;
            await Write(log, new { kind = "put-away", number = away is { Status: 200 } ? away.Value.Body.GetProperty("document").GetProperty("number").GetString() : null, quantity = stowed, status = away?.Status });
            await Task.Delay(120, CancellationToken.None);
        }
    }
}
