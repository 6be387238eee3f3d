using Keel.Catalog.Products;
using Keel.Kernel;
using Keel.Stock;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Goods that came in find their bins by rule, and no bin takes more than it holds.
public class PutawayTests
{
    [Fact, Feature("WH-04")]
    public async Task A_products_rule_comes_before_its_categorys_and_that_before_the_sites()
    {
        await using var shop = await Open();
        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("CUP-1", "Cup", Attributes: Kitchen), new("CUP-2", "Cup, large", Attributes: Kitchen), new("SOFA", "Sofa")]));
        await Sets(shop, new SetPutaway.Item("MAIN/C"), new("MAIN/B", Category: "Kitchen"), new("MAIN/A-2", Sku: "CUP-1"));
        await Arrives(shop, ("CUP-1", 3), ("CUP-2", 4), ("SOFA", 1));

        var answer = await Puts(shop);

        (await Lies(shop)).ShouldBe("MAIN/A-2 3 CUP-1, MAIN/B-1 4 CUP-2, MAIN/C-1 1 SOFA");
        answer.Goods.SelectMany(g => g.Into).Select(s => s.By).Order().ShouldBe([StowBy.Product, StowBy.Category, StowBy.All]);
        await shop.Proves();
    }

    [Fact, Feature("WH-04", "IN-22")]
    public async Task What_a_bin_does_not_take_goes_to_the_next_then_up_then_to_the_overflow_and_the_rest_stays_with_a_reason()
    {
        await using var shop = await Open();
        await Limits(shop, "MAIN/A-1", units: 4);
        await Limits(shop, "MAIN/A-2", units: 3);
        await Limits(shop, "MAIN/B-1", units: 2);
        await Sets(shop, new SetPutaway.Item("MAIN/A-1", Sku: "MUG-BL"), new("MAIN/B-1", Overflow: true));
        await Arrives(shop, ("MUG-BL", 12));

        var answer = await Puts(shop);

        (await Lies(shop)).ShouldBe("MAIN/A-1 4 MUG-BL, MAIN/A-2 3 MUG-BL, MAIN/B-1 2 MUG-BL, MAIN/RECEIVING 3 MUG-BL");
        var stowed = answer.Goods.Single();
        stowed.Into.Select(s => s.By).ShouldBe([StowBy.Product, StowBy.Above, StowBy.Overflow]);
        (stowed.Left.Units, stowed.Why).ShouldBe((3m, "no bin has room; MAIN/A-1 holds no more units"));
        (await Puts(shop, expect: "stock.nothing-put-away")).ShouldBeNull();
        await shop.Proves();
    }

    [Fact, Feature("IN-22", "WH-04")]
    public async Task Weight_and_size_of_a_product_decide_how_many_a_bin_takes()
    {
        await using var shop = await Open();
        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("IRON", "Iron", WeightGrams: 2500), new("BOX", "Box", LengthMm: 400, WidthMm: 300, HeightMm: 250)]));
        await shop.Must<EditLocations, EditLocations.Request, Saved[]>(new([new("MAIN/A-1", MaxKilograms: 10), new("MAIN/B-1", MaxLitres: 100)]));
        await Sets(shop, new SetPutaway.Item("MAIN/A-1", Sku: "IRON"), new("MAIN/B-1", Sku: "BOX"));
        await Arrives(shop, ("IRON", 5), ("BOX", 4));

        await Puts(shop);

        (await Lies(shop)).ShouldBe("MAIN/A-1 4 IRON, MAIN/A-2 1 IRON, MAIN/B-1 3 BOX, MAIN/B-2 1 BOX", "four times 2.5 kg, three times 30 litres");
        await shop.Proves();
    }

    [Fact, Feature("WH-04")]
    public async Task Chilled_goods_lie_in_chilled_places_only_whoever_moves_them()
    {
        await using var shop = await Open();
        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("CREAM", "Cream", Attributes: new Dictionary<string, string> { ["storageClass"] = "Chilled" }), new("ODD", "Odd", Attributes: new Dictionary<string, string> { ["storageClass"] = "Lukewarm" })]));
        await shop.Must<EditLocations, EditLocations.Request, Saved[]>(new([new("MAIN/C-1", Class: StorageClass.Chilled)]));
        await Arrives(shop, ("CREAM", 5), ("ODD", 1), ("MUG-BL", 1));

        var answer = await Puts(shop);

        (await Lies(shop)).ShouldBe("MAIN/A-1 1 MUG-BL, MAIN/C-1 5 CREAM, MAIN/RECEIVING 1 ODD");
        answer.Goods.Single(g => g.Sku == "ODD").Why.ShouldBe("nobody knows the storage class Lukewarm");
        var warm = await shop.Does<MoveStock, MoveStock.Request, DocumentRef>(new([new("CREAM", "MAIN/C-1", "MAIN/A-1", 1)]));
        (warm.Error?.Code, warm.Error?.Message).ShouldBe(("stock.place-class", "CREAM is stored Chilled, and MAIN/A-1 is Ambient. Name another place."));
        (await shop.Does<MoveStock, MoveStock.Request, DocumentRef>(new([new("CREAM", "MAIN/C-1", "MAIN/PACKING", 1)]))).Ok.ShouldBeTrue("on its way out it may stand anywhere");
        await Sets(shop, new SetPutaway.Item("MAIN/A-1", Sku: "CREAM"));
        await Arrives(shop, ("CREAM", 2));
        (await Puts(shop, new PutGoodsAway.Item("MAIN/RECEIVING", "CREAM"), "stock.nothing-put-away")).ShouldBeNull();
        await shop.Proves();
    }

    [Fact, Feature("WH-04")]
    public async Task Two_people_at_once_never_overfill_a_bin()
    {
        await using var shop = await Open();
        await Limits(shop, "MAIN/A-1", units: 10);
        await Sets(shop, new SetPutaway.Item("MAIN/A-1", Sku: "MUG-BL"), new("MAIN/A-1", Sku: "BOWL"), new("MAIN/A-1", Sku: "TEE-M"));
        await Limits(shop, "MAIN/A-2", units: 10);
        await Arrives(shop, ("MUG-BL", 8), ("BOWL", 8), ("TEE-M", 8));

        await Task.WhenAll(new Sku[] { "MUG-BL", "BOWL", "TEE-M" }.Select(s => shop.Does<PutGoodsAway, PutGoodsAway.Request, PutGoodsAway.Answer>(new("MAIN", [new("MAIN/RECEIVING", s)]))));

        (await shop.Number("select sum(on_hand) from stock.level where location = 'MAIN/A-1'")).ShouldBe(10_000);
        (await shop.Number("select sum(on_hand) from stock.level where location = 'MAIN/A-2'")).ShouldBe(10_000);
        (await shop.Number("select sum(on_hand) from stock.level where location = 'MAIN/RECEIVING'")).ShouldBe(4_000);
        await shop.Proves();
    }

    [Fact, Feature("WH-04")]
    public async Task The_same_goods_are_put_away_once_and_what_is_set_aside_or_frozen_stays()
    {
        await using var shop = await Open();
        await Arrives(shop, ("MUG-BL", 6));
        await shop.Must<FreezeStock, FreezeStock.Request, Id<Freeze>>(new("looks odd", Node: "MAIN", Sku: "BOWL"));
        await Arrives(shop, ("BOWL", 2));

        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => shop.Does<PutGoodsAway, PutGoodsAway.Request, PutGoodsAway.Answer>(new("MAIN"))));

        both.Count(b => b.Ok).ShouldBe(1);
        (await Lies(shop)).ShouldBe("MAIN/A-1 6 MUG-BL, MAIN/RECEIVING 2 BOWL");
        await shop.Proves();
    }

    [Fact, Feature("WH-04", "IN-21")]
    public async Task A_package_goes_as_a_whole_where_a_bin_takes_one_more()
    {
        await using var shop = await Open();
        await shop.Must<EditLocations, EditLocations.Request, Saved[]>(new([new("MAIN/A-1", MaxPackages: 1)]));
        await Sets(shop, new SetPutaway.Item("MAIN/A"));
        await Arrives(shop, ("MUG-BL", 6));
        foreach (var code in new[] { "340123450000000017", "340123450000000024" })
        {
            await shop.Must<MakePackages, MakePackages.Request, IReadOnlyList<DocumentRef>>(new("MAIN/RECEIVING", Code: code));
            await shop.Must<PackGoods, PackGoods.Request, DocumentRef>(new(code, [new("MUG-BL", 3)]));
        }

        await using var scope = shop.Scope();
        var found = await scope.ServiceProvider.GetRequiredService<Putaway>().Look("MAIN", null, default);

        found.Select(f => (f.Quantity.Units, f.Plan.Steps.Single().Bin.Text)).ShouldBe([(3m, "MAIN/A-1"), (3m, "MAIN/A-2")]);
        found.ShouldAllBe(f => f.Package.Length == 18);
    }

    [Fact, Feature("WH-04", "IN-18")]
    public async Task Lots_lie_together_and_goods_that_are_not_good_go_only_where_a_rule_sends_them()
    {
        await using var shop = await Open();
        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("TEA", "Tea", Tracking: Keel.Catalog.Contract.Tracking.Lot)]));
        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([
            new("MAIN", [new("TEA", 2, new UnitPrice(1_000_000, Currency.Eur), "L1")], Location: "MAIN/B-2"), new("MAIN", [new("TEA", 3, new UnitPrice(1_000_000, Currency.Eur), "L2")], Location: "MAIN/B-1"),
            new("MAIN", [new("TEA", 5, new UnitPrice(1_000_000, Currency.Eur), "L1")], Location: "MAIN/RECEIVING")]));
        await Arrives(shop, ("MUG-BL", 4));
        await shop.Must<SetCondition, SetCondition.Request, DocumentRef>(new([new("MAIN/RECEIVING", "MUG-BL", 1, GoodsCondition.Damaged)], "broken"));

        var first = await Puts(shop);

        (await Lies(shop)).ShouldBe("MAIN/A-1 3 MUG-BL, MAIN/B-1 3 TEA, MAIN/B-2 7 TEA, MAIN/RECEIVING 1 MUG-BL");
        first.Goods.Single(g => g.Left.IsPositive).Why.ShouldBe("no rule says where goods in this condition belong");
        await Sets(shop, new SetPutaway.Item("MAIN/DAMAGED", Condition: GoodsCondition.Damaged));
        await Puts(shop);
        (await Lies(shop)).ShouldContain("MAIN/DAMAGED 1 MUG-BL");
        await shop.Proves();
    }

    [Fact, Feature("WH-04")]
    public async Task Rules_that_lead_nowhere_are_refused()
    {
        await using var shop = await Open();

        (await Tries(shop, new SetPutaway.Item("MAIN/PACKING"))).Error!.Code.ShouldBe("stock.putaway-no-bins");
        (await Tries(shop, new SetPutaway.Item("MAIN/A", Sku: "MUG-BL", Category: "Kitchen"))).Error!.Code.ShouldBe("stock.putaway-whose");
        (await Tries(shop, new SetPutaway.Item("MAIN/NOWHERE"))).Error!.Code.ShouldBe("stock.location-unknown");
        (await Tries(shop, new SetPutaway.Item("MAIN/A", Sku: "NOBODY"))).Error!.Code.ShouldBe("stock.sku-unknown");
        (await shop.Does<PutGoodsAway, PutGoodsAway.Request, PutGoodsAway.Answer>(new("MAIN", [new("MAIN/RECEIVING", "MUG-BL", To: "MAIN/PACKING")]))).Error!.Code.ShouldBe("stock.not-for-putaway");
    }

    private static readonly Dictionary<string, string> Kitchen = new() { ["category"] = "Kitchen" };

    /// Three zones of two bins each.
    internal static async Task<Shop> Open()
    {
        var shop = await Shop.Open();
        await shop.Must<CreateLocations, CreateLocations.Request, int>(new([
            .. new[] { "A", "B", "C" }.Select(z => new CreateLocations.Place($"MAIN/{z}", "MAIN", Parent: "MAIN/STOCK", Tier: PlaceTier.Zone)),
            .. new[] { "A", "B", "C" }.SelectMany((z, i) => new[] { 1, 2 }.Select(n => new CreateLocations.Place($"MAIN/{z}-{n}", "MAIN", Parent: $"MAIN/{z}", PickOrder: i * 10 + n)))]));
        return shop;
    }

    internal static async Task Arrives(Shop shop, params (Sku Sku, int Quantity)[] goods) => await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([
        new("MAIN", [.. goods.Select(g => new ReceiveGoods.Line(g.Sku, g.Quantity, new UnitPrice(1_000_000, Currency.Eur)))], Location: "MAIN/RECEIVING")]));

    internal static Task<Done> Sets(Shop shop, params SetPutaway.Item[] rules) => shop.Must<SetPutaway, SetPutaway.Request, Done>(new(rules));

    private static Task<Result<Done>> Tries(Shop shop, SetPutaway.Item rule) => shop.Does<SetPutaway, SetPutaway.Request, Done>(new([rule]));

    internal static Task Limits(Shop shop, LocationCode place, int units) => shop.Must<EditLocations, EditLocations.Request, Saved[]>(new([new(place, MaxUnits: units)]));

    private static async Task<PutGoodsAway.Answer> Puts(Shop shop) => await shop.Must<PutGoodsAway, PutGoodsAway.Request, PutGoodsAway.Answer>(new("MAIN"));

    private static Task<PutGoodsAway.Answer?> Puts(Shop shop, string expect) => Puts(shop, null, expect);

    private static async Task<PutGoodsAway.Answer?> Puts(Shop shop, PutGoodsAway.Item? item, string expect)
    {
        var result = await shop.Does<PutGoodsAway, PutGoodsAway.Request, PutGoodsAway.Answer>(new("MAIN", item is null ? null : [item]));
        result.Error?.Code.ShouldBe(expect);
        return result.Ok ? result.Value : null;
    }

    internal static Task<string> Lies(Shop shop) =>
        shop.Text("select string_agg(location || ' ' || trim_scale(units / 1000.0) || ' ' || sku, ', ' order by location, sku) from (select location, sku, sum(on_hand) as units from stock.level where on_hand > 0 group by 1, 2) v");
}
