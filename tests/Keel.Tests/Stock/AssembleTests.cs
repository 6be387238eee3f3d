using Keel.Catalog.Contract;
using Keel.Kernel;
using Keel.Stock;
using Keel.Tests.Catalog;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Goods that become others: kits assembled and taken apart, goods regraded and repacked, goods scrapped.
public class AssembleTests
{
    [Fact, Feature("IN-37")]
    public async Task An_assembled_kit_is_worth_what_went_into_it_and_taken_apart_it_gives_it_back()
    {
        await using var shop = await Chests();
        await shop.Stocks("MUG-BL", 7, worth: 20_00);
        await shop.Stocks("CANDLE", 3, worth: 10_00);
        var before = await shop.Balance("inventory");

        await Assembles(shop, 3);

        ((await shop.Position("CHEST")).OnHand, (await shop.Position("MUG-BL")).OnHand, (await shop.Position("CANDLE")).OnHand).ShouldBe((3, 1, 0));
        (await Worth(shop, "CHEST")).ShouldBe(17_14 + 10_00, "six of seven mugs and all candles");
        (await shop.Balance("inventory")).ShouldBe(before);
        (await shop.Takes(("CHEST", 2))).Promised.Count.ShouldBe(1, "it is sold as it stands");
        await shop.Proves();

        await shop.Must<TakeApart, TakeApart.Request, DocumentRef>(new("CHEST", "MAIN", 1));
        ((await shop.Position("CHEST")).OnHand, (await shop.Position("MUG-BL")).OnHand, (await shop.Position("CANDLE")).OnHand).ShouldBe((2, 3, 1));
        (await Worth(shop, "CHEST") + await Worth(shop, "MUG-BL") + await Worth(shop, "CANDLE")).ShouldBe(30_00);
        (await shop.Balance("inventory")).ShouldBe(before);
        await shop.Proves();
    }

    [Fact, Feature("IN-37")]
    public async Task What_is_promised_is_not_assembled_away_nor_taken_apart()
    {
        await using var shop = await Chests();
        await shop.Stocks("MUG-BL", 4);
        await shop.Stocks("CANDLE", 9);
        await shop.Takes(("MUG-BL", 1));

        var refused = await shop.Does<AssembleKits, AssembleKits.Request, DocumentRef>(new("CHEST", "MAIN", 2));
        (refused.Error?.Code, refused.Error?.Message).ShouldBe(("stock.convert-promised", "4 of MUG-BL are wanted at MAIN; 3 are promised to nobody. Take fewer, or give promises free first."));
        (await shop.Position("CANDLE")).OnHand.ShouldBe(9, "nothing is half done");
        await Assembles(shop, 1);
        await shop.Takes(("CHEST", 1));
        (await shop.Does<TakeApart, TakeApart.Request, DocumentRef>(new("CHEST", "MAIN", 1))).Error?.Code.ShouldBe("stock.convert-promised");
        (await shop.Does<AssembleKits, AssembleKits.Request, DocumentRef>(new("CHEST", "MAIN", 9))).Error?.Code.ShouldBe("stock.convert-short");
        (await shop.Does<AssembleKits, AssembleKits.Request, DocumentRef>(new("BOWL", "MAIN", 1))).Error?.Message.ShouldBe("BOWL is no kit. Say first what it is made of.");
        await shop.Proves();
    }

    [Fact, Feature("IN-37")]
    public async Task An_order_and_an_assembly_that_want_the_same_units_do_not_both_have_them()
    {
        await using var shop = await Chests();
        await shop.Stocks("CANDLE", 50);
        for (var round = 0; round < 5; round++)
        {
            await shop.Counts("MAIN/STOCK", "MUG-BL", 2, "found");
            var assembling = shop.Does<AssembleKits, AssembleKits.Request, DocumentRef>(new("CHEST", "MAIN", 1));
            var ordering = shop.Takes(("MUG-BL", 2));
            await Task.WhenAll(assembling, ordering);

            ((await assembling).Ok ? 1 : 0).ShouldBe((await ordering).Promised.Count == 0 ? 1 : 0);
            await shop.Cancels(await ordering);
            await shop.Counts("MAIN/STOCK", "MUG-BL", 0);
        }

        await shop.Proves();
    }

    [Fact, Feature("IN-37", "IN-18")]
    public async Task Components_that_are_told_apart_go_in_by_lot_and_come_out_by_name()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("TEA", "Tea", Tracking: Tracking.Lot));
        await shop.Sells(new("BOXED", "Boxed tea", Tracking: Tracking.Serial));
        await KitTests.Says(shop, "BOXED", KitKind.PreBuilt, ("TEA", 3), ("MUG-BL", 1));
        await shop.Stocks("MUG-BL", 4);
        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new("TEA", 7, UnitPrice.Of(1.11m, Currency.Eur), "L-1")])]));

        (await shop.Does<AssembleKits, AssembleKits.Request, DocumentRef>(new("BOXED", "MAIN", 2))).Error?.Code.ShouldBe("stock.lot-needed");
        await shop.Must<AssembleKits, AssembleKits.Request, DocumentRef>(new("BOXED", "MAIN", 2, Lots: "S-1..S-2"));
        (await shop.Text("select string_agg(lot || ' ' || on_hand / 1000, ', ' order by lot) from stock.level where on_hand > 0 and lot <> ''")).ShouldBe("L-1 1, S-1 1, S-2 1");
        (await shop.Does<TakeApart, TakeApart.Request, DocumentRef>(new("BOXED", "MAIN", 1))).Error?.Code.ShouldBe("stock.lot-needed");
        await shop.Must<TakeApart, TakeApart.Request, DocumentRef>(new("BOXED", "MAIN", 1, Lot: "S-2", Parts: [new("TEA", "L-1")]));

        (await shop.Text("select string_agg(lot || ' ' || on_hand / 1000, ', ' order by lot) from stock.level where on_hand > 0 and lot <> ''")).ShouldBe("L-1 4, S-1 1");
        await shop.Proves();
    }

    [Fact, Feature("IN-37")]
    public async Task A_case_becomes_single_pieces_and_keeps_its_cost_to_the_cent()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("MUG-CASE", "Case of twelve mugs"));
        await shop.Stocks("MUG-CASE", 3, worth: 100_00);
        await shop.Stocks("MUG-BL", 1, worth: 3_00);

        await shop.Must<ConvertGoods, ConvertGoods.Request, DocumentRef>(new("MAIN", "MUG-CASE", 1, "MUG-BL", 12, "opened a case"));

        ((await shop.Position("MUG-CASE")).OnHand, (await shop.Position("MUG-BL")).OnHand).ShouldBe((2, 13));
        (await Worth(shop, "MUG-BL")).ShouldBe(3_00 + 33_33);
        (await Worth(shop, "MUG-CASE")).ShouldBe(66_67);
        (await shop.Does<ConvertGoods, ConvertGoods.Request, DocumentRef>(new("MAIN", "MUG-BL", 1, "MUG-BL", 1, "why not"))).Error?.Code.ShouldBe("stock.convert-same");
        await shop.Proves();
    }

    [Fact, Feature("IN-31")]
    public async Task Scrapped_goods_leave_for_their_reason_and_promises_give_way()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 5, worth: 25_00);
        var order = await shop.Takes(("BOWL", 4));

        (await Scraps(shop, "BOWL", 9)).Error?.Code.ShouldBe("stock.not-there");
        (await Scraps(shop, "BOWL", 1, "count")).Error?.Code.ShouldBe("stock.scrap-reason");
        var papers = await Scraps(shop, "BOWL", 2);
        await shop.Delivers();

        (await shop.Text($"select to_location || ' ' || quantity / 1000 from stock.move where document_id = '{papers.Value[0].Id}'")).ShouldBe("SCRAP 2");
        (await shop.StatusOf(order)).ShouldBe(Keel.Sales.OrderStatus.Backordered);
        (await shop.Balance("write-off")).ShouldBe(10_00);
        (await shop.Number("select count(*) from stock.last_count")).ShouldBe(0, "nobody counted");
        await shop.Proves();
    }

    [Theory, Feature("IN-37"), InlineData(3), InlineData(4)]
    public async Task Whatever_becomes_of_goods_not_a_cent_is_lost(int seed)
    {
        await using var shop = await Chests();
        await shop.Stocks("MUG-BL", 100, worth: 333_33);
        await shop.Stocks("CANDLE", 37, worth: 100_01);
        await shop.Stocks("BOWL", 11, worth: 77_70);
        var dice = new Random(seed);
        for (var step = 0; step < 25; step++)
        {
            _ = dice.Next(3) switch
            {
                0 => await shop.Does<AssembleKits, AssembleKits.Request, DocumentRef>(new("CHEST", "MAIN", dice.Next(1, 7))),
                1 => await shop.Does<TakeApart, TakeApart.Request, DocumentRef>(new("CHEST", "MAIN", dice.Next(1, 5))),
                _ => await shop.Does<ConvertGoods, ConvertGoods.Request, DocumentRef>(new("MAIN", "BOWL", 1, "CANDLE", dice.Next(1, 4), "regraded")),
            };
        }

        (await shop.Balance("inventory")).ShouldBe(333_33 + 100_01 + 77_70);
        (await shop.Number("select count(*) from stock.document where kind in ('Assembly', 'Conversion')")).ShouldBePositive();
        await shop.Proves();
    }

    private static async Task<Shop> Chests()
    {
        var shop = await Shop.Open();
        await shop.Sells(new("CHEST", "Chest"));
        await KitTests.Says(shop, "CHEST", KitKind.PreBuilt, ("MUG-BL", 2), ("CANDLE", 1));
        return shop;
    }

    private static Task<DocumentRef> Assembles(Shop shop, int kits) => shop.Must<AssembleKits, AssembleKits.Request, DocumentRef>(new("CHEST", "MAIN", kits));

    private static Task<Result<IReadOnlyList<DocumentRef>>> Scraps(Shop shop, Sku sku, int quantity, string reason = "damaged") =>
        shop.Does<ScrapStock, ScrapStock.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/STOCK", sku, quantity, reason)]));

    private static Task<long> Worth(Shop shop, Sku sku) => shop.Number($"select value from stock.cost_pool where sku = '{sku}'");
}
