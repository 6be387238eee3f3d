using Keel.Sales;
using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// What is frozen is on hand and nothing else.
public class FreezeTests
{
    [Fact, Feature("IN-36", "IN-24")]
    public async Task What_is_frozen_stays_on_hand_and_is_not_sold_until_it_is_thawed()
    {
        await using var shop = await Shop.Open();
        await Fills(shop, "MAIN/A", 4);
        await Fills(shop, "MAIN/B", 3);

        var freeze = await Freezes(shop, new(Location: "MAIN/A", Reason: "wet carton", Owner: "Ruben"));
        var frozen = await shop.Position("TEE-M");
        await shop.Proves();
        await Thaws(shop, freeze.Value);

        (frozen.OnHand, frozen.Sellable).ShouldBe((7, 3));
        (await shop.Position("TEE-M")).Sellable.ShouldBe(7);
        (await shop.Text("select owner || ': ' || reason from stock.freeze")).ShouldBe("Ruben: wet carton");
        await shop.Proves();
    }

    [Fact, Feature("IN-36")]
    public async Task A_place_is_frozen_with_all_that_lies_under_it_and_a_SKU_alone_wherever_it_lies()
    {
        await using var shop = await Shop.Open();
        await Fills(shop, "MAIN/A", 4);
        (await shop.Does<CreateLocations, CreateLocations.Request, int>(new([new("MAIN/A/1", "MAIN", Parent: "MAIN/A")]))).Ok.ShouldBeTrue();
        await shop.Counts("MAIN/A/1", "TEE-M", 2);
        await shop.Counts("MAIN/A/1", "MUG-BL", 5);

        var sku = await Freezes(shop, new(Node: "MAIN", Sku: "MUG-BL", Reason: "recall"));
        (await shop.Position("MUG-BL")).Sellable.ShouldBe(0);
        (await shop.Position("TEE-M")).Sellable.ShouldBe(6);
        var place = await Freezes(shop, new(Location: "MAIN/A", Reason: "leak"));
        (await shop.Position("TEE-M")).Sellable.ShouldBe(0);
        await Thaws(shop, sku.Value);

        (await shop.Position("MUG-BL")).Sellable.ShouldBe(0, "the place above is frozen still");
        await shop.Counts("MAIN/A/1", "MUG-BL", 9);
        (await shop.Position("MUG-BL")).ShouldSatisfyAllConditions(p => p.OnHand.ShouldBe(9), p => p.Sellable.ShouldBe(0));
        await shop.Proves();
        await Thaws(shop, place.Value);
        (await shop.Position("MUG-BL")).Sellable.ShouldBe(9);
        await shop.Proves();
    }

    [Fact, Feature("IN-36")]
    public async Task A_SKU_in_one_place_is_frozen_alone()
    {
        await using var shop = await Shop.Open();
        await Fills(shop, "MAIN/A", 4);
        await Fills(shop, "MAIN/B", 3);
        await shop.Counts("MAIN/A", "MUG-BL", 5);

        (await Freezes(shop, new(Location: "MAIN/A", Sku: "TEE-M", Reason: "odd seams"))).Ok.ShouldBeTrue();

        (await shop.Position("TEE-M")).Sellable.ShouldBe(3);
        (await shop.Position("MUG-BL")).Sellable.ShouldBe(5);
        await shop.Proves();
    }

    [Fact, Feature("IN-36")]
    public async Task Promises_that_no_longer_hold_give_way_with_a_case_and_what_was_set_aside_is_given_back()
    {
        await using var shop = await Shop.Open();
        await Fills(shop, "MAIN/A", 4);
        var order = await shop.Takes(("TEE-M", 3));
        await shop.Releases(order);

        var freeze = await Freezes(shop, new(Location: "MAIN/A", Reason: "leak"));
        await shop.Delivers();

        (await shop.Number("select coalesce(sum(allocated), 0)::bigint from stock.level")).ShouldBe(0);
        (await shop.Position("TEE-M")).ShouldSatisfyAllConditions(p => p.OnHand.ShouldBe(4), p => p.Sellable.ShouldBe(0), p => p.Reserved.ShouldBe(0));
        (await shop.Number("select count(*) from kernel.work_case where kind = 'promise-displaced'")).ShouldBe(1);
        await shop.Proves();
        await Thaws(shop, freeze.Value);
        await shop.Delivers();
        (await shop.Position("TEE-M")).Reserved.ShouldBe(3, "the goods came back, and the order waits for them");
        await shop.Proves();
    }

    [Fact, Feature("IN-36")]
    public async Task What_is_frozen_is_neither_moved_nor_picked()
    {
        await using var shop = await Shop.Open();
        await Fills(shop, "MAIN/A", 4);
        await Fills(shop, "MAIN/B", 4);
        (await Freezes(shop, new(Location: "MAIN/A", Reason: "leak"))).Ok.ShouldBeTrue();

        var away = await Moves(shop, "MAIN/A", "MAIN/B");
        var into = await Moves(shop, "MAIN/B", "MAIN/A");
        var shipped = await shop.Ships(await shop.Takes(("TEE-M", 2)));

        (away.Error!.Code, into.Error!.Code).ShouldBe(("stock.frozen", "stock.frozen"));
        shipped.Why.ShouldBeNull();
        (await shop.Number("select on_hand from stock.level where location = 'MAIN/A'")).ShouldBe(4000);
        (await Freezes(shop, new(Location: "MAIN/A", Reason: "again"))).Error!.Code.ShouldBe("stock.frozen-already");
        (await Freezes(shop, new(Sku: "TEE-M", Reason: "where?"))).Error!.Code.ShouldBe("stock.freeze-what");
        (await Freezes(shop, new(Location: "LOSS", Reason: "outside"))).Error!.Code.ShouldBe("stock.location-not-counted");
    }

    [Fact, Feature("IN-36")]
    public async Task Freezing_while_orders_reserve_and_goods_move_never_sells_what_is_frozen()
    {
        await using var shop = await Shop.Open();
        await Fills(shop, "MAIN/A", 40);
        await Fills(shop, "MAIN/B", 40);
        for (var round = 0; round < 4; round++)
        {
            var freezing = Freezes(shop, new(Location: "MAIN/A", Reason: "leak"));
            await Task.WhenAll([
                freezing, .. Enumerable.Range(0, 6).Select(_ => (Task)shop.Takes(("TEE-M", 1))), .. Enumerable.Range(0, 4).Select(_ => (Task)Moves(shop, "MAIN/B", "MAIN/A")),
                .. Enumerable.Range(0, 4).Select(_ => (Task)Moves(shop, "MAIN/A", "MAIN/B"))]);
            var position = await shop.Position("TEE-M");
            position.Sellable.ShouldBe(await shop.Number("select coalesce(sum(on_hand), 0)::bigint / 1000 from stock.level where location <> 'MAIN/A'") is var units ? (int)units : 0);
            await shop.Proves();

            await Task.WhenAll([Thaws(shop, (await freezing).Value), .. Enumerable.Range(0, 4).Select(_ => (Task)Moves(shop, "MAIN/B", "MAIN/A"))]);
            await shop.Proves();
        }
    }

    [Fact, Feature("IN-36")]
    public async Task A_freeze_that_the_positions_do_not_follow_is_found_by_the_proof()
    {
        await using var shop = await Shop.Open();
        await Fills(shop, "MAIN/A", 4);
        (await Freezes(shop, new(Location: "MAIN/A", Reason: "leak"))).Ok.ShouldBeTrue();
        await shop.Proves();

        await shop.Text("update stock.freeze set thawed_at = frozen_at, thawed_by = 'nobody' returning reason");

        (await shop.Differences()).ShouldContain(d => d.Contains("stock.positions", StringComparison.Ordinal));
    }

    private static async Task Fills(Shop shop, LocationCode place, int units)
    {
        (await shop.Does<CreateLocations, CreateLocations.Request, int>(new([new(place, "MAIN")]))).Ok.ShouldBeTrue();
        (await shop.Counts(place, "TEE-M", units)).Ok.ShouldBeTrue();
    }

    private static Task<Result<Id<Freeze>>> Freezes(Shop shop, FreezeStock.Request request) => shop.Does<FreezeStock, FreezeStock.Request, Id<Freeze>>(request);

    private static Task<Done> Thaws(Shop shop, Id<Freeze> freeze) => shop.Must<ThawStock, ThawStock.Request, Done>(new([freeze.Value]));

    private static Task<Result<DocumentRef>> Moves(Shop shop, LocationCode from, LocationCode to) => shop.Does<MoveStock, MoveStock.Request, DocumentRef>(new([new("TEE-M", from, to, 1)]));
}
