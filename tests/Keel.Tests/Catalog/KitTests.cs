using Keel.Catalog.Contract;
using Keel.Catalog.Kits;
using Keel.Catalog.Merging;
using Keel.Kernel;
using Shouldly;
using Xunit;

namespace Keel.Tests.Catalog;

/// What products are made of.
public class KitTests
{
    [Fact, Feature("OM-28", "IN-37")]
    public async Task A_kit_says_what_it_is_made_of_and_a_later_word_replaces_it()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("GIFT", "Gift set"));

        (await Says(shop, "GIFT", KitKind.Virtual, ("MUG-BL", 2), ("CANDLE", 1))).As.ShouldBe(SavedAs.Created);
        (await Says(shop, "GIFT", KitKind.Virtual, ("MUG-BL", 2), ("CANDLE", 1))).As.ShouldBe(SavedAs.Unchanged);
        (await Says(shop, "GIFT", KitKind.PreBuilt, ("MUG-BL", 1))).As.ShouldBe(SavedAs.Changed);
        (await Book(shop)).Find("GIFT")!.Components.ShouldBe([new KitPart("MUG-BL", 1)]);
        (await Says(shop, "GIFT", KitKind.PreBuilt)).As.ShouldBe(SavedAs.Changed);

        (await Book(shop)).Find("GIFT").ShouldBeNull("without components it is no kit");
        (await shop.Number("select count(*) from catalog.kit_component")).ShouldBe(0);
    }

    [Fact, Feature("OM-28")]
    public async Task What_cannot_be_a_kit_is_refused_by_name()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("GIFT", "Gift set"));
        await shop.Sells(new("HAMPER", "Hamper"));
        await shop.Sells(new("CHEST", "Chest"));

        (await Why(shop, "GIFT", ("MUG-BL", 1), ("MUG-BL", 2))).ShouldBe("kit.component-twice");
        (await Why(shop, "GIFT", ("GIFT", 1))).ShouldBe("kit.cycle");
        (await Why(shop, "GIFT", ("NOBODY", 1))).ShouldBe("product.unknown");
        (await Why(shop, "GIFT", ("MUG-BL", 1.5m))).ShouldBe("kit.not-whole");
        (await Why(shop, "CORD", ("MUG-BL", 1))).ShouldBe("kit.measured");
        (await Says(shop, "GIFT", KitKind.Virtual, ("MUG-BL", 1), ("CORD", 1.5m))).Refusal.ShouldBeNull();
        (await Says(shop, "HAMPER", KitKind.Virtual, ("GIFT", 2), ("BOWL", 1))).Refusal.ShouldBeNull();
        var circle = await Says(shop, "GIFT", KitKind.Virtual, ("MUG-BL", 1), ("HAMPER", 1));
        (circle.Refusal?.Code, circle.Refusal?.Message).ShouldBe(("kit.cycle", "A kit cannot be made of itself: GIFT is in HAMPER is in GIFT. Take one of them out."));
        (await Says(shop, "CHEST", KitKind.Virtual, ("HAMPER", 1_000_000))).Refusal?.Code.ShouldBe("kit.too-many", "three million cords");
        (await Book(shop)).PartsOf("HAMPER").ShouldBe([new KitPart("MUG-BL", 2), new KitPart("CORD", 3), new KitPart("BOWL", 1)]);
    }

    [Fact, Feature("IN-37")]
    public async Task What_lies_on_the_shelf_does_not_become_a_virtual_kit_and_a_virtual_kit_does_not_come_onto_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 3);

        var refused = (await Says(shop, "BOWL", KitKind.Virtual, ("MUG-BL", 1))).Refusal;
        (refused?.Code, refused?.Message).ShouldBe(("kit.in-stock", "A virtual kit is never in stock itself, and BOWL has 3 on hand at MAIN. Clear that first, or make it pre-built."));
        (await Says(shop, "BOWL", KitKind.PreBuilt, ("MUG-BL", 1))).Refusal.ShouldBeNull("units that are there are units of the kit");

        await shop.Sells(new("GIFT", "Gift set"));
        await Says(shop, "GIFT", KitKind.Virtual, ("MUG-BL", 2));
        var counted = await shop.Counts("MAIN/STOCK", "GIFT", 1);
        (counted.Error?.Code, counted.Error?.Message).ShouldBe(("stock.virtual-kit", "GIFT is a kit that is never in stock itself. Name what it is made of instead: 2 × MUG-BL."));
        await Should.ThrowAsync<InvariantBroken>(() => shop.Stocks("GIFT", 1));
        await shop.Proves();
    }

    [Fact, Feature("OM-28")]
    public async Task Two_who_each_close_half_of_a_circle_do_not_close_it()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("GIFT", "Gift set"));
        await shop.Sells(new("HAMPER", "Hamper"));

        var both = await Task.WhenAll(Says(shop, "GIFT", KitKind.Virtual, ("HAMPER", 1)), Says(shop, "HAMPER", KitKind.Virtual, ("GIFT", 1)));

        both.Count(s => s.Refusal?.Code == "kit.cycle").ShouldBe(1);
    }

    [Fact, Feature("OM-28")]
    public async Task A_product_of_a_kit_is_not_merged_away()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("GIFT", "Gift set"));
        await Says(shop, "GIFT", KitKind.Virtual, ("MUG-BL", 2));

        var refused = await shop.Does<MergeProducts, MergeProducts.Request, Done>(new("BOWL", "MUG-BL", "the same thing"));

        refused.Error?.Message.ShouldBe("MUG-BL has a place in kits: GIFT. Keep MUG-BL instead, or clear that first.");
    }

    internal static async Task<Saved> Says(Shop shop, Sku kit, KitKind kind, params (Sku Sku, decimal Quantity)[] parts)
    {
        var said = await shop.Does<SaveKits, SaveKits.Request, Saved[]>(new([new(kit, kind, [.. parts.Select(p => new SaveKits.Part(p.Sku, Quantity.Of(p.Quantity)))])]));
        return said.Ok ? said.Value[0] : Saved.Refused(kit.Text, said.Error!);
    }

    private static async Task<string?> Why(Shop shop, Sku kit, params (Sku Sku, decimal Quantity)[] parts) => (await Says(shop, kit, KitKind.Virtual, parts)).Refusal?.Code;

    private static async Task<KitBook> Book(Shop shop)
    {
        await using var scope = shop.Scope();
        return await KitBook.Of((Settings)scope.ServiceProvider.GetService(typeof(Settings))!);
    }
}
