using Keel.Kernel;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// All channels and sites ask one book: what one of them is promised, the others are not shown any more.
public class OneBookTests
{
    [Fact, Feature("IN-01", "IN-29")]
    public async Task What_one_channel_sells_no_other_is_shown_from_that_commit_on()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10);
        (await Shown(shop, "webshop"), await Shown(shop, "bazaar")).ShouldBe((10m, 10m));

        await shop.TakesFromBazaar(("MUG-BL", 4));
        (await Shown(shop, "webshop"), await Shown(shop, "bazaar")).ShouldBe((6m, 6m), "nothing was delivered or copied in between");

        await shop.Must<HoldStock, HoldStock.Request, HoldStock.Answer>(new(Guid.NewGuid(), "MAIN", "MUG-BL", 2));
        (await Shown(shop, "webshop"), await Shown(shop, "bazaar")).ShouldBe((4m, 4m), "a cart keeps it from everybody else");
    }

    [Fact, Feature("IN-01")]
    public async Task Sites_and_channels_that_ask_at_once_never_sell_the_same_unit_twice()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 6);

        var orders = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => i % 2 == 0 ? shop.Takes(("MUG-BL", 1)) : shop.TakesFromBazaar(("MUG-BL", 1))));

        orders.Count(o => o.Status is OrderStatus.Reserved).ShouldBe(6);
        (await Shown(shop, "webshop"), await Shown(shop, "bazaar")).ShouldBe((0m, 0m));
        await shop.Proves();
    }

    [Fact, Feature("IN-01", "IN-29")]
    public async Task What_a_transfer_or_a_count_takes_is_off_what_channels_are_shown_in_the_same_step()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10);

        await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", [new("MUG-BL", 3)]));
        (await Shown(shop, "bazaar")).ShouldBe(7);

        await shop.Counts("MAIN/STOCK", "MUG-BL", 8);
        (await Shown(shop, "bazaar")).ShouldBe(5);
        await shop.Proves();
    }

    private static async Task<decimal> Shown(Shop shop, ChannelCode channel)
    {
        await using var scope = shop.Scope();
        return (await scope.ServiceProvider.GetRequiredService<StockDesk>().Offers(channel, ["MUG-BL"], ["MAIN"])).Single().Quantity.Units;
    }
}
