using Keel.Catalog.Barcodes;
using Keel.Catalog.Contract;
using Keel.Catalog.Merging;
using Keel.Catalog.Products;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Masters;

public class ProductMasterTests
{
    [Fact, Feature("MD-04")]
    public async Task A_merged_products_code_and_barcode_find_the_one_that_stays_until_the_merge_is_undone()
    {
        await using var shop = await Shop.Open();
        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("BOWL-OLD", "Bowl")]));
        await shop.Must<AddBarcodes, AddBarcodes.Request, Saved[]>(new([new("BOWL-OLD", "4006381333931")]));
        await shop.Runs<CareForMasters>();
        (await shop.Text("select one || ' ' || other || ' ' || state from kernel.duplicate_pair")).ShouldBe("BOWL BOWL-OLD Open");

        await shop.Must<MergeProducts, MergeProducts.Request, Done>(new("BOWL", "BOWL-OLD", "the same bowl"));
        var order = await shop.Takes(("BOWL-OLD", 1));

        (await shop.Text($"select sku from sales.order_line where order_id = '{order.Id}'")).ShouldBe("BOWL");
        await using (var scope = shop.Scope())
        {
            var found = await scope.ServiceProvider.GetRequiredService<CatalogDesk>().Find("4006381333931");
            found.ShouldNotBeNull();
            found.Sku.Text.ShouldBe("BOWL");
        }

        (await shop.Text("select state from kernel.duplicate_pair")).ShouldBe("Merged");
        (await shop.Does<UndoProductMerge, UndoProductMerge.Request, Done>(new("BOWL-OLD"))).Error!.Message.ShouldBe("Since the merge BOWL had orders: nobody knows which of the two it was. Both stay one.");
    }

    [Fact, Feature("MD-04")]
    public async Task A_merge_of_products_that_nothing_depends_on_is_undone_with_its_barcode()
    {
        await using var shop = await Shop.Open();
        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("BOWL-OLD", "Bowl")]));
        await shop.Must<AddBarcodes, AddBarcodes.Request, Saved[]>(new([new("BOWL-OLD", "4006381333931")]));
        await shop.Must<MergeProducts, MergeProducts.Request, Done>(new("BOWL", "BOWL-OLD", "the same bowl"));

        await shop.Must<UndoProductMerge, UndoProductMerge.Request, Done>(new("BOWL-OLD"));

        (await shop.Text("select lifecycle || ' ' || coalesce(merged_into, '-') || ' ' || (select sku from catalog.barcode) from catalog.product where sku = 'BOWL-OLD'")).ShouldBe("Active - BOWL-OLD");
        await using var scope = shop.Scope();
        var found = scope.ServiceProvider.GetRequiredService<CatalogDesk>().Ask(["BOWL-OLD"]);
        await scope.ServiceProvider.GetRequiredService<KeelDb>().Flush();
        found.Value["BOWL-OLD"].Sku.Text.ShouldBe("BOWL-OLD");
    }

    [Fact, Feature("MD-04")]
    public async Task What_lies_on_a_shelf_or_stands_in_an_order_is_not_given_away()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 12);
        await shop.Takes(("THROW", 1));

        var stocked = await shop.Does<MergeProducts, MergeProducts.Request, Done>(new("BOWL", "MUG-BL", "the same thing"));
        var ordered = await shop.Does<MergeProducts, MergeProducts.Request, Done>(new("BOWL", "THROW", "the same thing"));
        var units = await shop.Does<MergeProducts, MergeProducts.Request, Done>(new("BOWL", "CORD", "the same thing"));

        stocked.Error!.Message.ShouldBe("MUG-BL has 12 on hand at MAIN. Keep MUG-BL instead, or clear that first.");
        ordered.Error!.Message.ShouldStartWith("THROW has open orders: SO-2026-");
        units.Error!.Code.ShouldBe("product-merge.units");
    }

    [Fact, Feature("MD-03")]
    public async Task A_stopped_product_is_not_sold_until_it_is_let_go()
    {
        await using var shop = await Shop.Open();
        await shop.Must<ChangeLifecycle, ChangeLifecycle.Request, Saved[]>(new(["BOWL"], Lifecycle.Blocked));

        var refused = await shop.Tries(shop.NewOrder("webshop", ("BOWL", 1)));
        await shop.Must<ChangeLifecycle, ChangeLifecycle.Request, Saved[]>(new(["BOWL"], Lifecycle.Active));

        refused.Error!.Message.ShouldContain("BOWL is Blocked");
        (await shop.Takes(("BOWL", 1))).Number.ShouldNotBeNull();
        (await shop.Does<ChangeLifecycle, ChangeLifecycle.Request, Saved[]>(new(["BOWL"], Lifecycle.Draft))).Error!.Message.ShouldBe("BOWL is active and cannot become draft. It may become phasing out or blocked or retired.");
    }

    [Fact, Feature("MD-03")]
    public async Task New_products_are_named_as_the_rule_wants_it_and_old_ones_keep_their_codes()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses("product-naming", new ProductNaming(["HH-"], 12, PlainCodes: true, NamesOnce: true));

        (await Tries(shop, new("VASE", "Vase"))).ShouldBe("VASE does not begin with one of: HH-. Choose another code.");
        (await Tries(shop, new("HH-VASE_1", "Vase"))).ShouldBe("HH-VASE_1 has other characters than letters, digits and hyphens. Choose another code.");
        (await Tries(shop, new("HH-VASE-LARGE", "Vase"))).ShouldBe("HH-VASE-LARGE has 13 characters; a code has at most 12 here. Choose another code.");
        (await Tries(shop, new("HH-BOWL", "bowl"))).ShouldBe("BOWL is called bowl already. Name this one apart.");
        (await Tries(shop, new("HH-VASE", "Vase"))).ShouldBeNull();
        (await Tries(shop, new("BOWL", "Bowl", WeightGrams: 640))).ShouldBeNull();
    }

    [Fact, Feature("MD-06")]
    public async Task Attributes_have_the_words_that_everybody_uses_and_old_ones_stay_until_they_are_touched()
    {
        await using var shop = await Shop.Open();
        await Tries(shop, new("OLD", "Old", Attributes: Of("colour", "BLUE!")));
        await shop.Chooses("product-attributes", new ProductAttributes([new ProductAttributes.AttributeRule("category", ["table", "bath"], IsNeeded: true), new ProductAttributes.AttributeRule("colour", ["blue", "white"])], OthersToo: false));

        (await Tries(shop, new("VASE", "Vase"))).ShouldBe("A product needs the attribute category.");
        (await Tries(shop, new("VASE", "Vase", Attributes: Of("category", "Tables")))).ShouldBe("Tables is no word for category. It may be table, bath.");
        (await Tries(shop, new("VASE", "Vase", Attributes: new Dictionary<string, string> { ["category"] = "table", ["size"] = "L" }))).ShouldBe("A product has no attribute size. It has category, colour.");
        (await Tries(shop, new("VASE", "Vase", Attributes: Of("category", "table")))).ShouldBeNull();
        (await Tries(shop, new("VASE-BL", "Vase, blue", VariantOf: "VASE", Attributes: Of("colour", "blue")))).ShouldBeNull();
        (await Tries(shop, new("OLD", "Old", WeightGrams: 5))).ShouldBeNull();
    }

    private static Dictionary<string, string> Of(string name, string value) => new() { [name] = value };

    private static async Task<string?> Tries(Shop shop, SaveProducts.Item item) => (await shop.Does<SaveProducts, SaveProducts.Request, Saved[]>(new([item]))).Error?.Message;
}
