using Keel.Stock;
using Keel.Stock.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

public class CountingTests
{
    [Fact, Feature("CC-05")]
    public async Task What_came_and_went_since_the_count_is_no_difference()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        shop.Clock.Step(TimeSpan.FromHours(1));
        var counted = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromMinutes(20));
        await shop.Ships(await shop.Takes(("TEE-M", 3)));
        await shop.Stocks("TEE-M", 5, worth: 25_00);
        shop.Clock.Step(TimeSpan.FromMinutes(20));

        (await Counts(shop, "TEE-M", 9, counted)).Ok.ShouldBeTrue();

        (await shop.Position("TEE-M")).OnHand.ShouldBe(11, "one was missing then; three left and five came since");
        (await shop.Text("select happened_at::text from stock.document where kind = 'Adjustment'")).ShouldNotBeEmpty();
        (await shop.Number("select value from stock.document where kind = 'Adjustment'")).ShouldBe(-5_00);
        await shop.Proves();
    }

    [Fact, Feature("CC-05")]
    public async Task The_same_count_told_late_or_at_once_comes_to_the_same()
    {
        await using var shop = await Shop.Open();
        var dice = new Random(5);
        await shop.Stocks("TEE-M", 50, worth: 250_00);
        for (var turn = 0; turn < 12; turn++)
        {
            shop.Clock.Step(TimeSpan.FromMinutes(1));
            var (counted, before) = (shop.Clock.GetUtcNow(), (await shop.Position("TEE-M")).OnHand);
            var found = Quantity.Max(0, before + (dice.Next(7) - 3));
            shop.Clock.Step(TimeSpan.FromMinutes(1));
            Quantity after = 0;
            if (dice.Next(2) == 0 && found > 5)
            {
                await shop.Ships(await shop.Takes(("TEE-M", 2)));
                after -= 2;
            }

            if (dice.Next(2) == 0)
            {
                await shop.Stocks("TEE-M", 4, worth: 20_00);
                after += 4;
            }

            shop.Clock.Step(TimeSpan.FromMinutes(1));
            (await Counts(shop, "TEE-M", found, counted)).Ok.ShouldBeTrue();
            (await shop.Position("TEE-M")).OnHand.ShouldBe(found + after);
        }

        await shop.Proves();
    }

    [Fact, Feature("CC-05")]
    public async Task A_count_of_the_future_is_refused_and_what_is_gone_cannot_be_taken_away_again()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10);
        (await Counts(shop, "TEE-M", 9, shop.Clock.GetUtcNow().AddHours(1))).Error?.Code.ShouldBe("stock.counted-in-the-future");

        shop.Clock.Step(TimeSpan.FromMinutes(5));
        var counted = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromMinutes(5));
        await shop.Ships(await shop.Takes(("TEE-M", 9)));
        (await Counts(shop, "TEE-M", 2, counted)).Ok.ShouldBeTrue();

        (await shop.Position("TEE-M")).OnHand.ShouldBe(0);
        await shop.Proves();
    }

    private static Task<Result<IReadOnlyList<DocumentRef>>> Counts(Shop shop, Sku sku, Quantity found, DateTimeOffset at) =>
        shop.Does<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(new([new AdjustStock.Line("MAIN/STOCK", sku, found, "count")], at));
}
