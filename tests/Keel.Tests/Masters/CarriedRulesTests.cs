using Keel.Catalog.Contract;
using Keel.Catalog.Merging;
using Keel.Catalog.Products;
using Keel.Pricing.PriceLists;
using Keel.Stock;
using Keel.Tests.Catalog;
using Keel.Tests.Pricing;
using Keel.Tests.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Masters;

/// Rules that name a SKU, when two products become one.
public class CarriedRulesTests
{
    private const string Rules =
        """
        select string_agg(says, '; ' order by says) from (
          select r.sku || ' ring ' || r.kind || ' ' || r.quantity / 1000 as says from stock.ring r
          union all select r.sku || ' goes to ' || r.place from stock.putaway_rule r
          union all select r.sku || ' fills ' || r.place from stock.overflow_rule r
          union all select c.sku || ' agreed ' || c.unit_cost / 1000000 from stock.agreed_cost c
          union all select p.sku || ' on ' || p.list || ' ' || p.micros / 1000000 from pricing.price p where p.list in ('club', 'outlet')) r where says like 'BOWL%'
        """;

    [Fact, Feature("MD-04")]
    public async Task Rules_come_along_where_the_one_that_stays_has_none_about_the_same_and_the_others_end()
    {
        await using var shop = await WithRules();

        await shop.Must<MergeProducts, MergeProducts.Request, Done>(new("BOWL", "BOWL-OLD", "the same bowl"));

        (await shop.Text(Rules)).ShouldBe("BOWL agreed 4; BOWL fills MAIN/PICK; BOWL goes to MAIN/PICK; BOWL on club 30; BOWL on outlet 20; BOWL ring Most 7; BOWL ring Safety 2");
        (await shop.Text("select string_agg(field || ': ' || before || ' → ' || after, '; ' order by field, before) from kernel.master_change where subject = 'BOWL-OLD' and after similar to '(carried|ended)%'"))
            .ShouldBe($"Agreed cost: {await Owner(shop)} from 2026-03-10 → carried over to BOWL; Overflow rule: MAIN/PICK filled from MAIN/BULK → carried over to BOWL; Price: Price on club from 2026-03-10 → ended: BOWL has its own; Price: Price on outlet from 2026-03-10 → carried over to BOWL; "
                + "Putaway rule: Good goods go to MAIN/PICK → carried over to BOWL; Ring: Most for bazaar everywhere → carried over to BOWL; Ring: Safety everywhere → ended: BOWL has its own");

        await shop.Must<SetRings, SetRings.Request, Done>(new([new(RingKind.Last, "webshop", Sku: "BOWL-OLD", Quantity: 3)]));
        var received = await shop.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new("BOWL-OLD", 2, UnitPrice.Of(3m, Currency.Eur))])]));
        (received.Error?.Code, received.Error?.Message).ShouldBe(("stock.sku-other-name", "BOWL-OLD goes by BOWL. Name that instead."), "goods never lie under a code that nobody sells");
        (await shop.Text("select sku from stock.ring where kind = 'Last'")).ShouldBe("BOWL", "who still says the old code means the one that stayed");
    }

    [Fact, Feature("MD-04")]
    public async Task The_page_of_a_pair_says_what_becomes_of_the_rules_whichever_stays()
    {
        await using var shop = await WithRules();
        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("BOWL-OLD", "Bowl")]));
        await shop.Runs<CareForMasters>();
        await using var site = await Site.Open(shop);

        await site.Goes($"/duplicates/{await shop.Text("select id from kernel.duplicate_pair where other = 'BOWL-OLD'")}");
        await site.Sees("Ring: Most for bazaar everywhere");
        var read = await site.Reads();
        await site.Pictures("duplicate-rules");

        read.ShouldContain("Putaway rule: Good goods go to MAIN/PICK");
        read.ShouldContain("Comes along");
        read.ShouldContain("Ends: the other counts");
        (await shop.Number("select count(*) from stock.ring where sku = 'BOWL-OLD'")).ShouldBe(2, "looking changes nothing");
        (await site.Barriers()).ShouldBeEmpty();
        site.Complaints.ShouldBeEmpty();
    }

    [Fact, Feature("MD-04")]
    public async Task An_undone_merge_gives_rules_back_and_leaves_what_was_set_meanwhile()
    {
        await using var shop = await WithRules();
        var before = await shop.Text(Rules);
        await shop.Must<MergeProducts, MergeProducts.Request, Done>(new("BOWL", "BOWL-OLD", "the same bowl"));

        await shop.Must<UndoProductMerge, UndoProductMerge.Request, Done>(new("BOWL-OLD"));

        (await shop.Text(Rules)).ShouldBe(before);
        await shop.Must<MergeProducts, MergeProducts.Request, Done>(new("BOWL", "BOWL-OLD", "the same bowl after all"));
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        await shop.Must<SetRings, SetRings.Request, Done>(new([new(RingKind.Most, "bazaar", Sku: "BOWL", Quantity: 9)]));
        await shop.Must<UndoProductMerge, UndoProductMerge.Request, Done>(new("BOWL-OLD"));
        (await shop.Text(Rules)).ShouldBe(before.Replace("BOWL ring Safety 2; ", "BOWL ring Most 9; BOWL ring Safety 2; ").Replace("BOWL-OLD ring Most 7; ", ""));
    }

    [Fact, Feature("MD-04")]
    public async Task A_virtual_kit_takes_no_rules_about_goods_and_a_frozen_product_is_not_given_away()
    {
        await using var shop = await WithRules();
        await shop.Sells(new("GIFT", "Gift set"));
        await KitTests.Says(shop, "GIFT", KitKind.Virtual, ("MUG-BL", 1));
        var freeze = await shop.Must<FreezeStock, FreezeStock.Request, Id<Freeze>>(new("recalled", Node: "MAIN", Sku: "BOWL-OLD"));

        var frozen = await shop.Does<MergeProducts, MergeProducts.Request, Done>(new("GIFT", "BOWL-OLD", "sold as a gift"));
        await shop.Must<ThawStock, ThawStock.Request, Done>(new([freeze.Value]));
        await shop.Must<MergeProducts, MergeProducts.Request, Done>(new("GIFT", "BOWL-OLD", "sold as a gift"));

        frozen.Error!.Message.ShouldBe("BOWL-OLD has a freeze at MAIN. Keep BOWL-OLD instead, or clear that first.");
        (await shop.Text("select count(*) || ' ' || (select string_agg(list, ' ' order by list) from pricing.price where sku = 'GIFT' and list in ('club', 'outlet')) from stock.ring where sku in ('GIFT', 'BOWL-OLD')")).ShouldBe("0 club outlet");
    }

    /// An old bowl with a rule of each kind; the one that stays has a safety stock and a price on one list of its own.
    private static async Task<Shop> WithRules()
    {
        var shop = await Shop.Open();
        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("BOWL-OLD", "Old bowl")]));
        await shop.Must<CreateLocations, CreateLocations.Request, int>(new([new("MAIN/PICK", "MAIN", PlaceKind.PickFace), new("MAIN/BULK", "MAIN", PlaceKind.Storage)]));
        await shop.Must<SetRings, SetRings.Request, Done>(new([
            new(RingKind.Most, "bazaar", Sku: "BOWL-OLD", Quantity: 7), new(RingKind.Safety, Sku: "BOWL-OLD", Quantity: 5), new(RingKind.Safety, Sku: "BOWL", Quantity: 2)]));
        await shop.Must<SetPutaway, SetPutaway.Request, Done>(new([new("MAIN/PICK", "BOWL-OLD")]));
        await shop.Must<SetOverflow, SetOverflow.Request, Done>(new([new("BOWL-OLD", 2, 8, "MAIN/PICK", "MAIN/BULK")]));
        await OwnerTests.Agrees(shop, ("BOWL-OLD", 4));
        await shop.Lists(new("club", "Club", Priority: 300), new SetPrices.Item("BOWL-OLD", 25), new SetPrices.Item("BOWL", 30));
        await shop.Lists(new("outlet", "Outlet", Priority: 200), new SetPrices.Item("BOWL-OLD", 20));
        return shop;
    }

    private static Task<string> Owner(Shop shop) => shop.Text("select code from stock.owner");
}
