using Keel.Catalog.Contract;
using Keel.Kernel;
using Keel.Sales;
using Keel.Stock;
using Keel.Tests.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Lots are followed through assembly: what went into kits, and who has them.
public class LotTraceTests
{
    [Fact, Feature("IN-18")]
    public async Task A_lot_of_a_component_is_followed_into_kits_and_to_who_got_them()
    {
        await using var shop = await Boxes(Tracking.Serial);
        await Assembles(shop, "BOXED", 2, "S-1..S-2");
        var order = await shop.Takes(("BOXED", 1));
        await shop.Ships(order);

        await Sees(shop, "L-1", card =>
        {
            card.Became.Select(b => (b.Lot?.Text, b.OnHand, b.WentIn, b.CameOut)).ShouldBe([("S-1", 0, 6, 1), ("S-2", 1, 6, 1)], ignoreOrder: true);
            card.KitRecipients.Select(r => $"{r.OrderNumber} {r.Lot} {r.Away}").ShouldBe([$"{order.Number} S-1 1"]);
            card.Recipients.ShouldBeEmpty("tea by itself went to nobody");
            card.MadeOf.ShouldBeEmpty();
        });
        await Sees(shop, "S-2", card =>
        {
            card.MadeOf.Select(m => (m.Sku.Text, m.Lot?.Text, m.WentIn, m.Suppliers)).ShouldBe([("TEA", "L-1", 6, "Leaf & Sons"), ("MUG-BL", null, 2, null)], ignoreOrder: true);
            card.Became.ShouldBeEmpty();
        });
        await shop.Proves();
    }

    [Fact, Feature("IN-18")]
    public async Task A_recall_names_who_has_kits_of_it_and_the_kits_on_hand()
    {
        await using var shop = await Boxes(Tracking.Serial);
        await Assembles(shop, "BOXED", 2, "S-1..S-2");
        await shop.Ships(await shop.Takes(("BOXED", 1)));
        await shop.Ships(await shop.Takes(("TEA", 1)));

        await shop.Must<BlockLot, BlockLot.Request, DocumentRef>(new(await IdOf(shop, "L-1"), "glass in it", Recall: true));

        var customer = await shop.Text("select p.name from partners.pub_partner p join stock.lot_trail t on t.partner = p.id where t.lot = 'S-1'");
        (await shop.Text("select sentence from kernel.work_case where kind = 'lot-recall'")).ShouldBe(
            $"TEA / L-1 is called back: 1 unit is with 1 customer. What was made of it is with {customer}: 1 × BOXED / S-1. On hand of what was made of it: 1 × BOXED / S-2 at MAIN. glass in it");
    }

    [Fact, Feature("IN-18")]
    public async Task A_kit_that_is_not_told_apart_leads_to_its_paper_and_no_further()
    {
        await using var shop = await Boxes(Tracking.None);
        var paper = await Assembles(shop, "BOXED", 2);
        var lot = await IdOf(shop, "L-1");

        await Sees(shop, "L-1", card => card.Became.Select(b => (b.DocumentId, b.Sku.Text, b.Lot, b.LotId, b.OnHand)).ShouldBe([(paper.Id, "BOXED", null, null, null)]));
        await shop.Must<BlockLot, BlockLot.Request, DocumentRef>(new(lot, "glass in it", Recall: true));
        (await shop.Text("select sentence from kernel.work_case where kind = 'lot-recall'")).ShouldBe(
            $"TEA / L-1 is called back: 0 units are with 0 customers. It went into 2 × BOXED on {paper.Number}, not told apart by lot. glass in it");
    }

    [Fact, Feature("IN-18")]
    public async Task Kits_in_kits_are_followed_and_what_is_taken_apart_makes_nothing_new()
    {
        await using var shop = await Boxes(Tracking.Lot);
        await shop.Sells(new("HAMPER", "Hamper", Tracking: Tracking.Serial));
        await KitTests.Says(shop, "HAMPER", KitKind.PreBuilt, ("BOXED", 1), ("COFFEE", 1));
        await Assembles(shop, "BOXED", 2, "B-1");
        await Receives(shop, "COFFEE", 5, "C-1");
        await Assembles(shop, "HAMPER", 1, "H-1");
        await shop.Must<TakeApart, TakeApart.Request, DocumentRef>(new("HAMPER", "MAIN", 1, Lot: "H-1", Parts: [new("BOXED", "B-1"), new("COFFEE", "C-1")]));
        await Assembles(shop, "HAMPER", 1, "H-2");

        await Sees(shop, "L-1", card => card.Became.Select(b => b.Lot?.Text).Distinct().ShouldBe(["B-1", "H-1", "H-2"], ignoreOrder: true));
        await Sees(shop, "C-1", card => card.Became.Select(b => b.Lot?.Text).ShouldBe(["H-1", "H-2"], ignoreOrder: true));
        await Sees(shop, "C-1", card => card.MadeOf.ShouldBeEmpty());
        await Sees(shop, "H-2", card => card.MadeOf.Select(m => m.Lot?.Text).ShouldBe(["B-1", "C-1", "L-1", null], ignoreOrder: true));
    }

    [Fact, Feature("IN-18")]
    public async Task What_was_made_of_a_blocked_lot_is_off_sale_with_it_until_no_part_of_it_is_blocked()
    {
        await using var shop = await Boxes(Tracking.Lot);
        await shop.Sells(new("HAMPER", "Hamper", Tracking: Tracking.Serial));
        await KitTests.Says(shop, "HAMPER", KitKind.PreBuilt, ("BOXED", 1), ("COFFEE", 1));
        await Assembles(shop, "BOXED", 2, "B-1");
        await Receives(shop, "COFFEE", 5, "C-1");
        await Assembles(shop, "HAMPER", 1, "H-1");
        var order = await shop.Takes(("HAMPER", 1));

        await Blocks(shop, "L-1");
        (await Blocked(shop)).ShouldBe("B-1 H-1 L-1");
        (await shop.Position("BOXED")).Sellable.ShouldBe(0);
        await shop.Delivers();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Backordered, "its promise gave way");
        (await shop.Text("select distinct reason from stock.freeze where lot = 'H-1'")).ShouldBe("made of TEA / L-1: glass in it");

        await Blocks(shop, "C-1");
        await Unblocks(shop, "L-1");
        (await Blocked(shop)).ShouldBe("C-1 H-1", "there is coffee in the hamper");
        await Unblocks(shop, "C-1");
        (await Blocked(shop)).ShouldBe("");
        await shop.Delivers();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);

        await Blocks(shop, "L-1");
        await Blocks(shop, "B-1");
        await Unblocks(shop, "L-1");
        (await Blocked(shop)).ShouldBe("B-1 H-1", "the boxes were blocked for themselves meanwhile");
        await Unblocks(shop, "B-1");
        await shop.Must<BlockLot, BlockLot.Request, DocumentRef>(new(await IdOf(shop, "L-1"), "a look at the label", WithMade: false));
        (await Blocked(shop)).ShouldBe("L-1");
        await shop.Delivers();
        await shop.Proves();
    }

    [Fact, Feature("IN-18")]
    public async Task A_kit_that_is_assembled_while_its_part_is_blocked_is_blocked_too_or_not_made()
    {
        await using var shop = await Boxes(Tracking.Serial);
        for (var round = 1; round <= 3; round++)
        {
            var serial = $"S-{round}";
            var made = shop.Does<AssembleKits, AssembleKits.Request, DocumentRef>(new("BOXED", "MAIN", 1, Lots: serial));
            await Task.WhenAll(made, Blocks(shop, "L-1"));

            (await Blocked(shop)).ShouldBe(string.Join(" ", ["L-1", .. (await shop.Text("select coalesce(string_agg(code, ' ' order by code), '') from stock.lot where sku = 'BOXED'")).Split(' ', StringSplitOptions.RemoveEmptyEntries)]), $"round {round}: assembled {(await made).Ok}");
            await Unblocks(shop, "L-1");
            (await Blocked(shop)).ShouldBe("");
        }

        await shop.Proves();
    }

    private static Task<string> Blocked(Shop shop) => shop.Text("select coalesce(string_agg(distinct lot, ' ' order by lot), '') from stock.freeze where thawed_at is null");

    private static async Task Blocks(Shop shop, string lot) => await shop.Must<BlockLot, BlockLot.Request, DocumentRef>(new(await IdOf(shop, lot), "glass in it"));

    private static async Task Unblocks(Shop shop, string lot) => await shop.Must<UnblockLot, UnblockLot.Request, DocumentRef>(new(await IdOf(shop, lot)));

    private static async Task Sees(Shop shop, string lot, Action<LotCard> look)
    {
        await using var scope = shop.Scope();
        var card = scope.ServiceProvider.GetRequiredService<LotCard>();
        (await card.Load(await IdOf(shop, lot))).ShouldBeTrue();
        look(card);
    }

    private static async Task<Shop> Boxes(Tracking kits)
    {
        var shop = await Shop.Open();
        await shop.Sells(new("TEA", "Tea", Tracking: Tracking.Lot));
        await shop.Sells(new("COFFEE", "Coffee", Tracking: Tracking.Lot));
        await shop.Sells(new("BOXED", "Boxed tea", Tracking: kits));
        await KitTests.Says(shop, "BOXED", KitKind.PreBuilt, ("TEA", 3), ("MUG-BL", 1));
        await shop.Stocks("MUG-BL", 4);
        await Receives(shop, "TEA", 9, "L-1", (await OwnerTests.Partner(shop, "Leaf & Sons")).Id);
        return shop;
    }

    private static Task<IReadOnlyList<DocumentRef>> Receives(Shop shop, string sku, int quantity, string lot, Guid? supplier = null) =>
        shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new(sku, quantity, UnitPrice.Of(1.11m, Currency.Eur), lot)], supplier)]));

    private static Task<DocumentRef> Assembles(Shop shop, string kit, int quantity, string? lots = null) =>
        shop.Must<AssembleKits, AssembleKits.Request, DocumentRef>(new(kit, "MAIN", quantity, Lots: lots));

    private static async Task<Guid> IdOf(Shop shop, string lot) => Guid.Parse(await shop.Text($"select id from stock.lot where code = '{lot}'"));
}
