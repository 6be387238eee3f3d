using Keel.Catalog.Products;
using Keel.Kernel;
using Keel.Stock;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Bins and sites are filled from their overflow by rule, once for each need, with nothing but what is free.
public class OverflowTests
{
    [Theory, Feature("IN-16")]
    [InlineData(4, 0, 9, 9, 16, 9, false)]
    [InlineData(4, 0, 9, 30, 16, 16, false)]
    [InlineData(4, 1, 9, 30, 0, 0, false)]
    [InlineData(5, 0, 5, 30, 0, 0, false)]
    [InlineData(23, 0, 23, 30, 3, 3, true)]
    [InlineData(23, 0, 2, 30, 3, 2, true)]
    public void Between_least_and_most_nothing_moves_and_never_more_than_is_free(int there, int coming, int freeThere, int freeAtSource, int wanted, int quantity, bool back)
    {
        var rule = new OverflowRule(default, default, "MUG", "MAIN", "MAIN/A-1", 5, 20, "MAIN", "MAIN/B", true, default, "", default);

        rule.Need(there, coming, freeThere, freeAtSource).ShouldBe((wanted, quantity, back));
    }

    [Fact, Feature("IN-16")]
    public async Task A_pick_face_is_filled_from_its_overflow_and_gives_back_what_is_too_much()
    {
        await using var shop = await PutawayTests.Open();
        await Lays(shop, "MAIN/B-1", 7);
        await Lays(shop, "MAIN/B-2", 20);
        await Lays(shop, "MAIN/A-1", 2);
        await Sets(shop, new SetOverflow.Item("MUG-BL", 5, 12, "MAIN/A-1", "MAIN/B", GivesBack: true));

        await Uses(shop);
        (await PutawayTests.Lies(shop)).ShouldBe("MAIN/A-1 12 MUG-BL, MAIN/B-2 17 MUG-BL");
        (await shop.Does<UseOverflow, UseOverflow.Request, PutGoodsAway.Answer>(new("MAIN"))).Error!.Code.ShouldBe("stock.overflow-nothing");

        await Lays(shop, "MAIN/A-1", 30);
        await Uses(shop);
        (await shop.Number("select on_hand from stock.level where location = 'MAIN/A-1'")).ShouldBe(12_000);
        (await shop.Number("select sum(on_hand) from stock.level where location like 'MAIN/B-%'")).ShouldBe(47_000);
        await shop.Proves();
    }

    [Fact, Feature("IN-16")]
    public async Task What_is_set_aside_stays_and_a_bin_takes_no_more_than_it_holds()
    {
        await using var shop = await PutawayTests.Open();
        await Lays(shop, "MAIN/B-1", 10);
        await PutawayTests.Limits(shop, "MAIN/A-1", 6);
        await Sets(shop, new SetOverflow.Item("MUG-BL", 1, 20, "MAIN/A-1", "MAIN/B"));
        await shop.Releases(await shop.Takes(("MUG-BL", 7)));

        await Uses(shop);

        (await PutawayTests.Lies(shop)).ShouldBe("MAIN/A-1 3 MUG-BL, MAIN/B-1 7 MUG-BL");
        (await shop.Number("select allocated from stock.level where location = 'MAIN/B-1'")).ShouldBe(7_000);
        await Lays(shop, "MAIN/B-2", 9);
        await Sets(shop, new SetOverflow.Item("MUG-BL", 4, 20, "MAIN/A-1", "MAIN/B"));
        await Uses(shop);
        (await shop.Number("select on_hand from stock.level where location = 'MAIN/A-1'")).ShouldBe(6_000);
        await shop.Proves();
    }

    [Fact, Feature("IN-16")]
    public async Task The_main_site_is_filled_from_the_overflow_by_one_transfer_of_what_is_free()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 3);
        await shop.Stocks("MUG-BL", 10, node: "OVERFLOW");
        await shop.Takes(("MUG-BL", 7));
        (await shop.Position("MUG-BL", "OVERFLOW")).Reserved.ShouldBe(7);
        await Sets(shop, new SetOverflow.Item("MUG-BL", 5, 20, Node: "MAIN", FromNode: "OVERFLOW"));

        var asked = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => shop.Does<AskOverflow, AskOverflow.Request, DocumentRef>(new("OVERFLOW", "MAIN"))));

        asked.Count(a => a.Ok).ShouldBe(1, "what a transfer brings is not asked for twice");
        (await shop.Text("select string_agg(sku || ' ' || quantity, ', ') from stock.transfer_line")).ShouldBe("MUG-BL 3000");
        (await shop.Position("MUG-BL", "OVERFLOW")).Reserved.ShouldBe(10);
        await shop.Proves();
    }

    [Fact, Feature("IN-16")]
    public async Task The_job_moves_only_where_the_policy_says_so_and_each_need_once()
    {
        await using var shop = await PutawayTests.Open();
        await Lays(shop, "MAIN/B-1", 10);
        await shop.Stocks("BOWL", 9, node: "OVERFLOW");
        await Sets(shop, new SetOverflow.Item("MUG-BL", 2, 6, "MAIN/A-1", "MAIN/B"), new("BOWL", 2, 4, Node: "MAIN", FromNode: "OVERFLOW"));

        await shop.Runs<OverflowJob>();
        (await shop.Number("select count(*) from stock.document where reason = 'overflow'")).ShouldBe(0);

        await shop.Chooses(OverflowWays.Kind, new OverflowWays(true, true));
        await shop.Runs<OverflowJob>();
        await shop.Runs<OverflowJob>();

        (await shop.Number("select count(*) from stock.document where reason = 'overflow'")).ShouldBe(1);
        (await shop.Number("select on_hand from stock.level where location = 'MAIN/A-1'")).ShouldBe(6_000);
        (await shop.Text("select string_agg(from_node || ' ' || to_node || ' ' || units, ', ') from stock.transfer")).ShouldBe("OVERFLOW MAIN 4000");
        await shop.Proves();
    }

    [Fact, Feature("IN-16")]
    public async Task Of_one_source_two_bins_get_no_more_than_lies_there()
    {
        await using var shop = await PutawayTests.Open();
        await Lays(shop, "MAIN/B-1", 8);
        await Sets(shop, new SetOverflow.Item("MUG-BL", 1, 6, "MAIN/A-1", "MAIN/B"), new("MUG-BL", 1, 6, "MAIN/A-2", "MAIN/B"));

        await using var scope = shop.Scope();
        (await scope.ServiceProvider.GetRequiredService<Overflowing>().Look(default)).Select(p => p.Quantity.Units).ShouldBe([6m, 2m]);
        await Uses(shop);

        (await shop.Number("select sum(on_hand) from stock.level where location like 'MAIN/A-%'")).ShouldBe(8_000);
        await shop.Proves();
    }

    [Fact, Feature("IN-16")]
    public async Task Rules_that_contradict_each_other_are_refused()
    {
        await using var shop = await PutawayTests.Open();
        await Sets(shop, new SetOverflow.Item("MUG-BL", 1, 6, "MAIN/A-1", "MAIN/B"));

        (await Tries(shop, new("MUG-BL", 1, 6, "MAIN/B-1", "MAIN/A"))).ShouldBe("stock.overflow-circle");
        (await Tries(shop, new("MUG-BL", 7, 6, "MAIN/A-1", "MAIN/B"))).ShouldBe("stock.overflow-bounds");
        (await Tries(shop, new("MUG-BL", 1, 6, "MAIN/A", "MAIN/B"))).ShouldBe("stock.overflow-one-bin");
        (await Tries(shop, new("MUG-BL", 1, 6, "MAIN/A-1", "MAIN/A"))).ShouldBe("stock.overflow-other-site");
        (await Tries(shop, new("MUG-BL", 1, 6, "MAIN/A-1", Node: "MAIN"))).ShouldBe("stock.overflow-pair");
        (await Tries(shop, new("MUG-BL", 1, 6, Node: "MAIN", FromNode: "MAIN"))).ShouldBe("stock.overflow-pair");
        (await Tries(shop, new("BOWL", 1, 6, "MAIN/B-1", "MAIN/A"))).ShouldBe("");
    }

    private static async Task<string> Tries(Shop shop, SetOverflow.Item rule) => (await shop.Does<SetOverflow, SetOverflow.Request, Done>(new([rule]))).Error?.Code ?? "";

    private static Task<Done> Sets(Shop shop, params SetOverflow.Item[] rules) => shop.Must<SetOverflow, SetOverflow.Request, Done>(new(rules));

    private static Task<PutGoodsAway.Answer> Uses(Shop shop) => shop.Must<UseOverflow, UseOverflow.Request, PutGoodsAway.Answer>(new("MAIN"));

    private static async Task Lays(Shop shop, LocationCode place, int mugs) =>
        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new ReceiveGoods.Line("MUG-BL", mugs, new UnitPrice(1_000_000, Currency.Eur))], Location: place)]));
}
