using System.Diagnostics;
using Keel.Catalog.Products;
using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// The tree of places: laid out from a pattern, changed, closed.
public class PlacesTests
{
    private static GenerateLocations.Request Warehouse(string zones = "A-B", string aisles = "1-2", string racks = "1-3", string levels = "1-2") => new(
        "MAIN", "{zone}-{aisle:00}-{rack:00}-{level}", [new("zone", zones), new("aisle", aisles), new("rack", racks), new("level", levels)], PickFaces: "1");

    [Fact, Feature("IN-17")]
    public async Task A_warehouse_is_laid_out_from_a_pattern_with_everything_above_its_bins()
    {
        await using var shop = await Shop.Open();

        var made = await shop.Must<GenerateLocations, GenerateLocations.Request, GenerateLocations.Answer>(Warehouse());

        (made.Bins, made.Above, made.First, made.Last).ShouldBe((24, 18, (LocationCode)"MAIN/A-01-01-1", (LocationCode)"MAIN/B-02-01-2"));
        (await shop.Text(
            """
            with recursive up as (
              select code, parent, tier, 1 as depth from stock.location where code = 'MAIN/B-01-03-2'
              union all select l.code, l.parent, l.tier, up.depth + 1 from up join stock.location l on l.code = up.parent
            ) select string_agg(tier || ' ' || code, ' < ' order by depth) from up
            """)).ShouldBe("Bin MAIN/B-01-03-2 < Rack MAIN/B-01-03 < Aisle MAIN/B-01 < Zone MAIN/B < Zone MAIN/STOCK");
        (await shop.Text("select string_agg(distinct kind, ',') from stock.location where code like 'MAIN/_-__-__-1'")).ShouldBe("PickFace");
        (await shop.Text("select string_agg(distinct kind, ',') from stock.location where code like 'MAIN/_-__-__-2'")).ShouldBe("Storage");
    }

    [Fact, Feature("IN-17")]
    public async Task The_walk_goes_up_one_aisle_and_down_the_next()
    {
        await using var shop = await Shop.Open();

        await shop.Must<GenerateLocations, GenerateLocations.Request, GenerateLocations.Answer>(Warehouse(zones: "A", levels: "1"));

        (await shop.Text("select string_agg(substr(code, 6), ' ' order by pick_order) from stock.location where tier = 'Bin'"))
            .ShouldBe("A-01-01-1 A-01-02-1 A-01-03-1 A-02-03-1 A-02-02-1 A-02-01-1");
        (await shop.Text("select along_cm || ' ' || across_cm || ' ' || height_cm from stock.location where code = 'MAIN/A-02-03-1'")).ShouldBe("240 350 0");
    }

    [Fact, Feature("IN-17")]
    public async Task Five_thousand_bins_are_there_in_seconds_and_are_picked_from()
    {
        await using var shop = await Shop.Open();
        var clock = Stopwatch.StartNew();

        var made = await shop.Must<GenerateLocations, GenerateLocations.Request, GenerateLocations.Answer>(Warehouse("A-D", "1-21", "1-15", "1-4"));

        made.Bins.ShouldBe(5040);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8));
        await shop.Counts("MAIN/C-11-07-1", "TEE-M", 3);
        (await shop.Ships(await shop.Takes(("TEE-M", 3)))).Why.ShouldBeNull();
        await shop.Proves();
    }

    [Theory, Feature("IN-17")]
    [InlineData("A-B", "1-2", "1-3", "B-A", "stock.pattern-range")]
    [InlineData("A-B", "1-200", "1-3", "1", "stock.pattern-range")]
    [InlineData("A-Z", "1-99", "1-99", "1-9", "stock.too-many-places")]
    public async Task Ranges_that_make_no_warehouse_are_refused(string zones, string aisles, string racks, string levels, string code)
    {
        await using var shop = await Shop.Open();

        var refused = await shop.Does<GenerateLocations, GenerateLocations.Request, GenerateLocations.Answer>(Warehouse(zones, aisles, racks, levels));

        refused.Error!.Code.ShouldBe(code);
        (await shop.Number("select count(*) from stock.location where tier <> 'Zone'")).ShouldBe(0);
    }

    [Fact, Feature("IN-17")]
    public async Task A_pattern_without_parts_is_refused_with_how_one_looks()
    {
        await using var shop = await Shop.Open();

        var refused = await shop.Does<GenerateLocations, GenerateLocations.Request, GenerateLocations.Answer>(Warehouse() with { Pattern = "TEE-M" });

        refused.Error!.Message.ShouldContain("each a word in braces");
    }

    [Fact, Feature("IN-17")]
    public async Task A_second_layout_reuses_what_is_above_and_never_makes_a_bin_twice()
    {
        await using var shop = await Shop.Open();
        await shop.Must<GenerateLocations, GenerateLocations.Request, GenerateLocations.Answer>(Warehouse());

        var again = await shop.Does<GenerateLocations, GenerateLocations.Request, GenerateLocations.Answer>(Warehouse(racks: "3-4"));
        var further = await shop.Must<GenerateLocations, GenerateLocations.Request, GenerateLocations.Answer>(Warehouse(zones: "B", aisles: "2", racks: "4-5"));

        again.Error!.Code.ShouldBe("stock.places-clash");
        again.Error.Message.ShouldContain("8 of these");
        (further.Bins, further.Above).ShouldBe((4, 2));
    }

    [Fact, Feature("IN-17")]
    public async Task Where_a_site_names_its_bins_by_a_pattern_no_other_code_is_taken()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses("place-naming", new PlaceNaming([new("MAIN", "{aisle:A}-{rack:00}")]));

        var odd = await Creates(shop, new CreateLocations.Place("MAIN/A-1", "MAIN"));
        var good = await Creates(shop, new CreateLocations.Place("MAIN/A-01", "MAIN"));
        var dock = await Creates(shop, new CreateLocations.Place("MAIN/DOCK 3", "MAIN", PlaceKind.Receiving));
        var elsewhere = await Creates(shop, new CreateLocations.Place("OVERFLOW/X", "OVERFLOW"));
        var layout = await shop.Does<GenerateLocations, GenerateLocations.Request, GenerateLocations.Answer>(Warehouse());

        odd.Error!.Code.ShouldBe("stock.location-misnamed");
        odd.Error.Message.ShouldContain("MAIN/{aisle:A}-{rack:00}");
        (good.Ok, dock.Ok, elsewhere.Ok).ShouldBe((true, true, true));
        layout.Error!.Code.ShouldBe("stock.location-misnamed");
    }

    [Fact, Feature("IN-17")]
    public async Task A_place_moves_with_what_lies_in_it_and_never_into_itself()
    {
        await using var shop = await Shop.Open();
        await shop.Must<GenerateLocations, GenerateLocations.Request, GenerateLocations.Answer>(Warehouse());

        var moved = await Edits(shop, new EditLocations.Place("MAIN/A-01-02", Parent: "MAIN/B-02"));
        var self = await Edits(shop, new EditLocations.Place("MAIN/A", Parent: "MAIN/A-01-01-2"));
        var away = await Edits(shop, new EditLocations.Place("MAIN/A", Parent: "OVERFLOW/STOCK"));
        var circle = await shop.Does<EditLocations, EditLocations.Request, Saved[]>(new([new("MAIN/A", Parent: "MAIN/B-01"), new("MAIN/B", Parent: "MAIN/A-02")]));

        moved.Value[0].As.ShouldBe(SavedAs.Changed);
        self.Error!.Code.ShouldBe("stock.place-under-itself");
        away.Error!.Code.ShouldBe("stock.place-other-site");
        circle.Value.Select(s => s.Refusal?.Code).ShouldBe([null, "stock.place-under-itself"]);
        (await shop.Text("select parent from stock.location where code = 'MAIN/A-01-02'")).ShouldBe("MAIN/B-02");
        (await shop.Text("select before || ' > ' || after from kernel.master_change where subject = 'MAIN/A-01-02' and field = 'Parent'")).ShouldBe("MAIN/A-01 > MAIN/B-02");
    }

    [Fact, Feature("IN-17")]
    public async Task Two_who_move_two_places_into_each_other_do_not_both_win()
    {
        await using var shop = await Shop.Open();
        await shop.Must<GenerateLocations, GenerateLocations.Request, GenerateLocations.Answer>(Warehouse());

        var both = await Task.WhenAll(Edits(shop, new EditLocations.Place("MAIN/A", Parent: "MAIN/B")), Edits(shop, new EditLocations.Place("MAIN/B", Parent: "MAIN/A")));

        both.Count(b => b.Ok).ShouldBe(1);
        both.Single(b => !b.Ok).Error!.Code.ShouldBe("stock.place-under-itself");
    }

    [Fact, Feature("IN-17", "IN-32")]
    public async Task The_kind_of_a_place_changes_only_while_it_is_empty()
    {
        await using var shop = await Shop.Open();
        (await Creates(shop, new("MAIN/A", "MAIN"), new("MAIN/B", "MAIN"))).Ok.ShouldBeTrue();
        await shop.Counts("MAIN/A", "TEE-M", 4);

        var full = await Edits(shop, new EditLocations.Place("MAIN/A", Kind: PlaceKind.Van));
        var empty = await Edits(shop, new EditLocations.Place("MAIN/B", Kind: PlaceKind.Van, MaxUnits: 10, MaxKilograms: 5, Barcode: "VAN-7"));
        var label = await Edits(shop, new EditLocations.Place("MAIN/A", Barcode: "VAN-7"));

        full.Error!.Code.ShouldBe("stock.place-not-empty");
        empty.Ok.ShouldBeTrue();
        label.Error!.Code.ShouldBe("stock.barcode-taken");
        await shop.Counts("MAIN/B", "TEE-M", 2);
        var position = await shop.Position("TEE-M");
        (position.OnHand, position.Sellable).ShouldBe((6, 4));
        await shop.Proves();
    }

    [Fact, Feature("IN-17")]
    public async Task What_is_not_picked_from_is_sold_and_not_picked()
    {
        await using var shop = await Shop.Open();
        (await Creates(shop, new("MAIN/A", "MAIN"), new("MAIN/B", "MAIN"))).Ok.ShouldBeTrue();
        (await Edits(shop, new EditLocations.Place("MAIN/A", Picked: false))).Ok.ShouldBeTrue();
        await shop.Counts("MAIN/A", "TEE-M", 1);

        (await shop.Ships(await shop.Takes(("TEE-M", 1)))).Why.ShouldNotBeNull();

        (await shop.Position("TEE-M")).Sellable.ShouldBe(1);
        await shop.Proves();
    }

    [Fact, Feature("IN-17")]
    public async Task Only_what_is_empty_is_closed_and_then_nothing_is_put_or_counted_there()
    {
        await using var shop = await Shop.Open();
        await shop.Must<GenerateLocations, GenerateLocations.Request, GenerateLocations.Answer>(Warehouse());
        await shop.Counts("MAIN/A-01-01-1", "TEE-M", 2);

        var full = await Closes(shop, "MAIN/A");
        var empty = await Closes(shop, "MAIN/B-01");
        var usual = await Closes(shop, "MAIN/STOCK");
        var count = await shop.Counts("MAIN/B-01-02-1", "TEE-M", 1);
        var move = await shop.Does<MoveStock, MoveStock.Request, DocumentRef>(new([new("TEE-M", "MAIN/A-01-01-1", "MAIN/B-01-02-1", 1)]));
        var part = await shop.Does<OpenLocations, OpenLocations.Request, Saved[]>(new(["MAIN/B-01-02-1"]));
        var whole = await shop.Does<OpenLocations, OpenLocations.Request, Saved[]>(new(["MAIN/B-01"]));

        full.Error!.Message.ShouldContain("MAIN/A-01-01-1");
        (empty.Ok, usual.Error!.Code).ShouldBe((true, "stock.close-usual"));
        (count.Error!.Code, move.Error!.Code, part.Error!.Code).ShouldBe(("stock.place-closed", "stock.place-closed", "stock.open-in-closed"));
        whole.Ok.ShouldBeTrue();
        (await shop.Counts("MAIN/B-01-02-1", "TEE-M", 1)).Ok.ShouldBeTrue();
    }

    [Fact, Feature("IN-17")]
    public async Task A_place_that_is_closed_while_goods_come_is_either_empty_or_open()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 10);
        for (var round = 0; round < 5; round++)
        {
            LocationCode bin = $"MAIN/R{round}";
            (await Creates(shop, new CreateLocations.Place(bin, "MAIN"))).Ok.ShouldBeTrue();

            await Task.WhenAll(Closes(shop, bin), shop.Does<MoveStock, MoveStock.Request, DocumentRef>(new([new("TEE-M", "MAIN/STOCK", bin, 1)])));
        }

        (await shop.Number("select count(*) from stock.level v join stock.location l on l.code = v.location where v.on_hand > 0 and l.closed_at is not null")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("IN-17")]
    public async Task A_place_takes_no_more_than_it_holds_and_only_beside_what_it_may()
    {
        await using var shop = await Shop.Open();
        (await Creates(shop, new("MAIN/U", "MAIN"), new("MAIN/KG", "MAIN"), new("MAIN/ONE", "MAIN"), new("MAIN/EMPTY", "MAIN"))).Ok.ShouldBeTrue();
        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("BOWL", "Bowl", WeightGrams: 900)]));
        foreach (var sku in new Sku[] { "TEE-M", "BOWL" }) await shop.Stocks(sku, onHand: 20);
        (await shop.Does<EditLocations, EditLocations.Request, Saved[]>(new(
            [new("MAIN/U", MaxUnits: 5), new("MAIN/KG", MaxKilograms: 2), new("MAIN/ONE", Mixing: Mixing.SameProduct), new("MAIN/EMPTY", Mixing: Mixing.OnlyEmpty)]))).Ok.ShouldBeTrue();

        async Task<string?> Puts(Sku sku, LocationCode to, int quantity) =>
            (await shop.Does<MoveStock, MoveStock.Request, DocumentRef>(new([new(sku, "MAIN/STOCK", to, quantity)]))).Error?.Code;

        (await Puts("TEE-M", "MAIN/U", 6), await Puts("TEE-M", "MAIN/U", 5), await Puts("BOWL", "MAIN/U", 1)).ShouldBe(("stock.place-full", null, "stock.place-full"));
        (await Puts("BOWL", "MAIN/KG", 3), await Puts("BOWL", "MAIN/KG", 2)).ShouldBe(("stock.place-full", null));
        (await Puts("BOWL", "MAIN/ONE", 1), await Puts("TEE-M", "MAIN/ONE", 1), await Puts("BOWL", "MAIN/ONE", 1)).ShouldBe((null, "stock.place-mixed", null));
        (await Puts("BOWL", "MAIN/EMPTY", 1), await Puts("BOWL", "MAIN/EMPTY", 1)).ShouldBe((null, "stock.place-taken"));
        await shop.Proves();
    }

    [Fact, Feature("IN-17")]
    public async Task Two_who_fill_the_last_room_of_a_place_do_not_both_fit()
    {
        await using var shop = await Shop.Open();
        (await Creates(shop, new CreateLocations.Place("MAIN/U", "MAIN"))).Ok.ShouldBeTrue();
        (await Edits(shop, new EditLocations.Place("MAIN/U", MaxUnits: 3))).Ok.ShouldBeTrue();
        Sku[] skus = ["TEE-M", "BOWL", "THROW", "CANDLE", "MUG-BL"];
        foreach (var sku in skus) await shop.Stocks(sku, onHand: 5);

        var moves = await Task.WhenAll(skus.Select(sku => shop.Does<MoveStock, MoveStock.Request, DocumentRef>(new([new(sku, "MAIN/STOCK", "MAIN/U", 1)]))));

        moves.Count(m => m.Ok).ShouldBe(3);
        (await shop.Number("select sum(on_hand)::bigint from stock.level where location = 'MAIN/U'")).ShouldBe(3000);
    }

    private static Task<Result<int>> Creates(Shop shop, params CreateLocations.Place[] places) => shop.Does<CreateLocations, CreateLocations.Request, int>(new(places));

    private static Task<Result<Saved[]>> Edits(Shop shop, EditLocations.Place place) => shop.Does<EditLocations, EditLocations.Request, Saved[]>(new([place]));

    private static Task<Result<Saved[]>> Closes(Shop shop, LocationCode place) => shop.Does<CloseLocations, CloseLocations.Request, Saved[]>(new([place]));
}
