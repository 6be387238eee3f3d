using Keel.Catalog.Contract;
using Keel.Catalog.Products;
using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// The unit that a product is counted in, once there is something to count.
public class AnotherUnitTests
{
    [Fact, Feature("AC-36")]
    public async Task The_unit_of_a_draft_changes_until_something_is_counted_in_it()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new SaveProducts.Item("PEN", "Pens", Unit: "case", Lifecycle: Lifecycle.Draft));
        (await Saves(shop, "each")).ShouldBeNull("nothing is counted in it yet");
        (await Saves(shop, "case")).ShouldBeNull();
        await shop.Stocks("PEN", 3, worth: 36_00);
        (await Saves(shop, "each")).ShouldBe("The stock unit of PEN cannot change, for what there is and was is counted in it: 3 on hand at MAIN. Create a product that is counted in the new unit, and turn the goods into it.");
        await shop.Counts("MAIN/STOCK", "PEN", 0);
        (await Saves(shop, "each")).ShouldBe("The stock unit of PEN cannot change, for what there is and was is counted in it: moves of stock. Create a product that is counted in the new unit, and turn the goods into it.");
        await shop.Proves();
    }

    [Fact, Feature("AC-36")]
    public async Task Cases_become_pieces_with_their_cost()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new SaveProducts.Item("PEN-CASE", "Pens by the case", Unit: "case"));
        await shop.Stocks("PEN-CASE", 3, worth: 37_00);
        await shop.Sells(new SaveProducts.Item("PEN", "Pen"));
        await shop.Must<ConvertGoods, ConvertGoods.Request, DocumentRef>(new("MAIN", "PEN-CASE", 3, "PEN", 36, "counted in another unit"));
        (await shop.Text("select string_agg(sku || ' ' || quantity / 1000 || ' ' || value, ', ' order by sku) from stock.cost_pool")).ShouldBe("PEN 36 3700, PEN-CASE 0 0");
        await shop.Proves();
    }

    private static async Task<string?> Saves(Shop shop, string unit) =>
        (await shop.Does<SaveProducts, SaveProducts.Request, Saved[]>(new([new("PEN", "Pens", Unit: unit)]))).Error?.Message;
}
