using Keel.Pricing.Contract;
using Keel.Pricing.Promotions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Keel.Bench.Cases;

/// Prices of an order of ten lines with two hundred promotions that hold on its channel: read, reckoned, nothing written.
internal sealed class Promoted : IBenchCase
{
    private const int Promotions = 200;
    private static readonly HashSet<Guid> Made = [];

    public string Name => "pricing";
    public string What => $"an order of ten lines priced with {Promotions} promotions that hold, one client";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        await Make(world);
        var random = new Random(11);
        return await Load.Run(1, options.Duration, (_, ct) => TenSites.Asks(world, async services =>
        {
            var skus = TenSkus(random);
            var desk = services.GetRequiredService<PricingDesk>();
            var asked = desk.Ask(["promoted"], skus, World.Today);
            var offer = await desk.Promotions(["promoted"], [], ["customer1@example.org"], ct);
            await services.GetRequiredService<KeelDb>().Flush(ct);
            var given = offer.Give(new Basket("promoted", Currency.Eur, World.Today, [.. skus.Select((s, i) => new BasketLine(i, s, "Home", 2, asked.Value.Find("promoted", s, 2, Currency.Eur)!.Price.Times(2), false))]) { Customer = "customer1@example.org" });
            return given.Count > 0 ? 1 : throw new InvariantBroken("No promotion was given.");
        }));
    }

    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        await Make(world);
        var random = new Random(11);
        return await Load.Run(1, options.Duration, async (_, ct) =>
        {
            await using var command = world.Source.CreateCommand("select sku, min_quantity, micros from pricing.price where company_id = $1 and sku = any($2)");
            command.Parameters.Add(new NpgsqlParameter { Value = world.Company.Value });
            command.Parameters.Add(new NpgsqlParameter { Value = TenSkus(random).Select(s => s.Text).ToArray() });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct)) reader.GetInt64(2);
            return 1;
        });
    }

    private static Sku[] TenSkus(Random random) => [.. Enumerable.Range(0, 10).Select(_ => World.SkuOf(random.Next(World.Products))).Distinct()];

    private static async Task Make(World world)
    {
        if (!Made.Add(world.Company.Value)) return;
        await world.Must<CreateChannel, CreateChannel.Request, Done>(new("promoted", "Promoted", ChannelKind.OwnShop, ["MAIN"]));
        for (var n = 0; n < Promotions; n++)
        {
            var skus = string.Join(", ", Enumerable.Range(0, 50).Select(i => World.SkuOf((n * 37 + i * 19) % World.Products)).Distinct());
            var day = World.Today.AddDays(-1);
            await world.Must<SavePromotion, SavePromotion.Request, Saved[]>((n % 5) switch
            {
                0 => new($"p-{n}", $"Promotion {n}", PromotionKind.Percent, "bench", day, Percent: 5, Skus: skus, Channels: "promoted", Priority: n),
                1 => new($"p-{n}", $"Promotion {n}", PromotionKind.ByQuantity, "bench", day, Tiers: "2: 3, 5: 8", Skus: skus, Channels: "promoted", Priority: n),
                2 => new($"p-{n}", $"Promotion {n}", PromotionKind.BuyAndGet, "bench", day, Buy: 3, Get: 1, Skus: skus, Channels: "promoted", Priority: n, Combines: false),
                3 => new($"p-{n}", $"Promotion {n}", PromotionKind.AmountOff, "bench", day, Amount: new Money(500, Currency.Eur), MinValue: new Money(4_000, Currency.Eur), Skus: skus, Channels: "promoted", Priority: n),
                _ => new($"p-{n}", $"Promotion {n}", PromotionKind.Percent, "bench", day, Percent: 2, MinValue: new Money(10_000, Currency.Eur), Channels: "promoted", Priority: n),
            });
        }
    }
}
