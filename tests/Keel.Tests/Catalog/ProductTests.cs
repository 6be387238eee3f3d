using Keel.Catalog.Aliases;
using Keel.Catalog.Barcodes;
using Keel.Catalog.Contract;
using Keel.Catalog.Products;
using Keel.Catalog.Units;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Catalog;

public class ProductTests
{
    [Fact, Feature("MD-03", "PD-10")]
    public async Task One_bad_row_never_sinks_the_others()
    {
        await using var shop = await Shop.Open();

        var saved = await shop.Saves(
            new("HAT", "Hat"), new("HAT-RED", "Hat, red", VariantOf: "HAT", WeightGrams: 80), new("HAT", "Hat again"),
            new("CAP-1", "Cap", VariantOf: "CAP"), new("MUG-BL", "Mug, blue"));

        saved.Select(s => s.As).ShouldBe([SavedAs.Created, SavedAs.Created, SavedAs.Refused, SavedAs.Refused, SavedAs.Unchanged]);
        saved.Select(s => s.Refusal?.Code).ShouldBe([null, null, "product.twice", "product.parent-unknown", null]);
    }

    [Fact, Feature("MD-03")]
    public async Task Who_saves_an_old_version_is_told_that_it_changed_meanwhile()
    {
        await using var shop = await Shop.Open();
        await shop.Saves(new SaveProducts.Item("MUG-BL", "Mug, navy", Version: 1));

        var late = await shop.Does<SaveProducts, SaveProducts.Request, Saved[]>(new([new("MUG-BL", "Mug, sky", Version: 1)]));

        late.Error!.Code.ShouldBe("product.changed-meanwhile");
        (await shop.Text("select name from catalog.product where sku = 'MUG-BL'")).ShouldBe("Mug, navy");
    }

    [Fact, Feature("MD-03")]
    public async Task Ten_who_create_one_product_create_it_once()
    {
        await using var shop = await Shop.Open();

        var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.Saves(new SaveProducts.Item("HAT", "Hat"))));

        all.Count(s => s[0].As is SavedAs.Created).ShouldBe(1);
        all.Count(s => s[0].As is SavedAs.Unchanged).ShouldBe(9);
    }

    [Fact, Feature("MD-03")]
    public async Task The_stock_unit_stays_once_the_product_has_left_its_draft()
    {
        await using var shop = await Shop.Open();
        await shop.Saves(new SaveProducts.Item("SILK", "Silk", Lifecycle: Lifecycle.Draft));

        (await shop.Saves(new SaveProducts.Item("SILK", "Silk", Unit: "metre", Measured: true,
            Lifecycle: Lifecycle.Active)))[0].As.ShouldBe(SavedAs.Changed);
        (await shop.Saves(new("SILK", "Silk"), new("HAT", "Hat")))[0].Refusal!.Code.ShouldBe("product.unit-fixed");
    }

    [Fact, Feature("MD-03")]
    public async Task A_product_lives_in_allowed_steps()
    {
        await using var shop = await Shop.Open();
        Task<Result<Saved[]>> To(Lifecycle to) => shop.Does<ChangeLifecycle, ChangeLifecycle.Request, Saved[]>(new(["BOWL"], to));

        (await To(Lifecycle.Draft)).Error!.Code.ShouldBe("product.lifecycle-step");
        (await To(Lifecycle.PhasingOut)).Value[0].As.ShouldBe(SavedAs.Changed);
        (await To(Lifecycle.Retired)).Value[0].As.ShouldBe(SavedAs.Changed);
        (await To(Lifecycle.Active)).Error!.Message.ShouldBe("BOWL is retired and cannot become active. It may become draft.");
    }

    [Fact, Feature("IN-20", "IN-21")]
    public async Task Quantities_convert_exactly_or_are_refused()
    {
        await using var shop = await Shop.Open();
        await shop.Does<AddUnits, AddUnits.Request, Saved[]>(
            new([new("BOWL", "case", 12), new("BOWL", "third", 1, 3), new("CORD", "yard", 9_144, 10_000)]));
        await using var scope = shop.Scope();
        var catalog = scope.ServiceProvider.GetRequiredService<CatalogDesk>();

        (await catalog.ToStock("BOWL", "case", 3)).Value.ShouldBe(36);
        (await catalog.ToStock("BOWL", "third", 3)).Value.ShouldBe(1);
        (await catalog.ToStock("BOWL", "third", 1)).Error!.Code.ShouldBe("unit.not-whole");
        (await catalog.ToStock("CORD", "yard", 1)).Value.ShouldBe(Quantity.Of(0.914m));
        (await catalog.ToStock("BOWL", "pallet", 1)).Error!.Code.ShouldBe("unit.unknown");
        var other = await shop.Does<AddUnits, AddUnits.Request, Saved[]>(new([new("BOWL", "case", 10)]));
        other.Error!.Code.ShouldBe("unit.factor-fixed");
    }

    [Fact, Feature("BC-02", "IN-21")]
    public async Task A_code_stands_for_one_thing_in_the_whole_house()
    {
        await using var shop = await Shop.Open();
        await shop.Does<AddUnits, AddUnits.Request, Saved[]>(new([new("BOWL", "case", 12)]));
        var added = await shop.Does<AddBarcodes, AddBarcodes.Request, Saved[]>(new(
            [new("BOWL", "036000291452", Unit: "case"), new("TEE-M", "4006381333932"), new("TEE-M", "0036000291452"),
                new("TEE-M", "SHELF-7", BarcodeKind.Internal)]));
        await using var scope = shop.Scope();
        var catalog = scope.ServiceProvider.GetRequiredService<CatalogDesk>();

        added.Value.Select(s => s.Refusal?.Code).ShouldBe([null, "barcode.not-a-gtin", "barcode.twice", null]);
        var found = await catalog.Find("00036000291452");
        (found!.Sku, found.Unit, found.Factor).ShouldBe(("BOWL", "case", new UnitFactor(12, 1)));
        var taken = await shop.Does<AddBarcodes, AddBarcodes.Request, Saved[]>(new([new("TEE-M", "0036000291452")]));
        taken.Error!.Message.ShouldBe("0036000291452 stands for BOWL (case) already. Use another code.");
    }

    [Fact, Feature("MD-03")]
    public async Task An_alias_finds_its_product_in_one_round_trip_for_all()
    {
        await using var shop = await Shop.Open();
        await shop.Does<AddAliases, AddAliases.Request, Saved[]>(new([new("OLD-BOWL", "BOWL")]));
        await using var scope = shop.Scope();
        var db = scope.ServiceProvider.GetRequiredService<KeelDb>();

        var asked = scope.ServiceProvider.GetRequiredService<CatalogDesk>().Ask(["OLD-BOWL", "TEE-M", "NONE"]);
        await db.Flush();

        (db.Statements, db.RoundTrips).ShouldBe((1, 1));
        asked.Value["OLD-BOWL"].Sku.ShouldBe("BOWL");
        asked.Value["TEE-M"].IsSellable.ShouldBeTrue();
        asked.Value.ContainsKey("NONE").ShouldBeFalse();
        (await shop.Saves(new("OLD-BOWL", "Bowl"), new("X", "X")))[0].Refusal!.Code.ShouldBe("product.is-alias");
    }
}

internal static class ProductVerbs
{
    /// Somebody saves products.
    public static async Task<Saved[]> Saves(this Shop shop, params SaveProducts.Item[] products) =>
        (await shop.Does<SaveProducts, SaveProducts.Request, Saved[]>(new(products))).Value;
}
