using Keel.Kernel;
using Keel.Stock;
using Keel.Stock.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Goods of others go from site to site under their owner: nobody's books know of it, and the owner is told of what they still have with us.
public class TransferOwnerTests
{
    [Fact, Feature("IN-15", "IN-23")]
    public async Task A_consignment_goes_to_another_site_and_stays_theirs()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 4, worth: 20_00);
        var owner = await OwnerTests.Agrees(shop, ("MUG-BL", 3.10m));
        await OwnerTests.Receives(shop, owner, ("MUG-BL", 10));

        var transfer = await Asks(shop, new("MUG-BL", 3), new RequestTransfer.Line("MUG-BL", 6, Owner: owner));
        (await shop.Number($"select reserved from stock.position where owner = '{owner}' and node = 'MAIN'")).ShouldBe(6_000);
        await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new(transfer.Id)));

        (await shop.Text("select string_agg(owner || ' ' || quantity / 1000, ', ' order by quantity) from stock.coming where node = 'OVERFLOW'")).ShouldBe($"own 3, {owner} 6");
        (await shop.Number("select sum(quantity) from stock.pub_transit")).ShouldBe(3_000, "ours");
        (await shop.Number($"select quantity from stock.owned_transit where owner = '{owner}'")).ShouldBe(6_000);
        (await shop.Number("select quantity from stock.cost_pool where sku = 'MUG-BL'")).ShouldBe(4_000);
        await shop.Must<StateOwner, StateOwner.Request, DocumentRef>(new(owner));
        (await shop.Number("select came - used - given_back + corrected from stock.owner_statement_line")).ShouldBe(10_000, "what is on its way is with us");
        await shop.Proves();

        await shop.Must<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(new(transfer.Id)));
        (await shop.Text("select string_agg(owner || ' ' || on_hand / 1000, ', ' order by on_hand) from stock.position where node = 'OVERFLOW'")).ShouldBe($"own 3, {owner} 6");
        (await shop.Balance("inventory")).ShouldBe(20_00);
        (await shop.Number("select count(*) from ledger.entry where document_number like 'TF-%'")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("IN-15", "IN-23", "IN-27")]
    public async Task What_of_theirs_is_lost_or_found_on_the_way_is_told_to_them_and_costs_us_nothing()
    {
        await using var shop = await Shop.Open();
        var owner = await OwnerTests.Agrees(shop, ("MUG-BL", 3m), ("BOWL", 2m));
        await OwnerTests.Receives(shop, owner, ("MUG-BL", 5), ("BOWL", 5));
        var transfer = await Asks(shop, new("MUG-BL", 5, Owner: owner), new RequestTransfer.Line("BOWL", 2, Owner: owner));
        await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new(transfer.Id)));

        await shop.Must<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(new(transfer.Id), [new(1, 3), new(2, 3)]));
        await shop.Proves();
        await shop.Must<SettleTransfer, SettleTransfer.Request, DocumentRef>(new(new(transfer.Id), TransferOutcome.Lost, [new(1, 1)]));
        await shop.Must<SettleTransfer, SettleTransfer.Request, DocumentRef>(new(new(transfer.Id), TransferOutcome.BackAtSender));

        (await shop.Text($"select string_agg(sku || ' ' || node || ' ' || on_hand / 1000, ', ' order by sku, node) from stock.position where owner = '{owner}' and on_hand > 0")).ShouldBe("BOWL MAIN 3, BOWL OVERFLOW 3, MUG-BL MAIN 1, MUG-BL OVERFLOW 3");
        (await shop.Number("select sum(abs(value)) from stock.document")).ShouldBe(0);
        (await shop.Number("select count(*) from ledger.entry")).ShouldBe(0);
        await shop.Must<StateOwner, StateOwner.Request, DocumentRef>(new(owner));
        (await shop.Text("select string_agg(sku || ' ' || corrected / 1000, ', ' order by sku) from stock.owner_statement_line")).ShouldBe("BOWL 1, MUG-BL -1");
        await shop.Proves();
    }

    [Fact, Feature("IN-15", "IN-23")]
    public async Task What_is_short_of_theirs_waits_for_theirs_and_nobody_else_takes_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 50);
        var owner = await OwnerTests.AgreesToKeep(shop);
        await OwnerTests.Receives(shop, owner, ("MUG-BL", 2));

        var transfer = await Asks(shop, new RequestTransfer.Line("MUG-BL", 6, Owner: owner));
        (await shop.Number("select sum(open) from stock.reservation")).ShouldBe(2_000, "ours are not for it");
        (await shop.Number("select count(*) from stock.waiting")).ShouldBe(0, "what comes of ours is not for it");
        (await shop.Does<ReleasePromise, ReleasePromise.Request, Quantity>(new($"{transfer.Id}/1@MAIN", "for an order"))).Error!.Code.ShouldBe("stock.promise-of-others");
        await OwnerTests.Receives(shop, owner, ("MUG-BL", 10));
        await shop.Delivers();

        (await shop.Number($"select sum(open) from stock.reservation where owner = '{owner}'")).ShouldBe(6_000);
        await shop.Proves();
    }

    [Fact, Feature("IN-15", "IN-21", "IN-23")]
    public async Task A_package_with_goods_of_theirs_goes_only_where_the_transfer_asks_for_theirs()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses("letterhead", Keel.Printing.Letterhead.AsDelivered with { Gs1Prefix = "4012345" });
        await shop.Stocks("MUG-BL", 10);
        var owner = await OwnerTests.Agrees(shop, ("MUG-BL", 3m));
        await OwnerTests.Receives(shop, owner, ("MUG-BL", 4));
        var code = (await shop.Must<MakePackages, MakePackages.Request, IReadOnlyList<DocumentRef>>(new("MAIN/STOCK")))[0].Number;
        await shop.Must<PackGoods, PackGoods.Request, DocumentRef>(new(code, [new("MUG-BL", 4, Owner: owner)]));
        var (ours, theirs) = (await Asks(shop, new RequestTransfer.Line("MUG-BL", 4)), await Asks(shop, new RequestTransfer.Line("MUG-BL", 4, Owner: owner)));

        var refused = await shop.Does<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new(ours.Id), Packages: [code]));
        await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new(theirs.Id), Packages: [code]));
        await shop.Proves();
        await shop.Must<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(new(theirs.Id)));

        refused.Error!.Code.ShouldBe("stock.transfer-package-not-wanted");
        (await shop.Text("select owner || ' ' || package from stock.level where node = 'OVERFLOW' and on_hand > 0")).ShouldBe($"{owner} {code}");
        await shop.Proves();
    }

    [Fact, Feature("IN-15", "IN-23")]
    public async Task Nobody_s_goods_are_refused_and_the_same_twice()
    {
        await using var shop = await Shop.Open();
        var owner = await OwnerTests.Agrees(shop, ("MUG-BL", 3m));

        (await Tries(shop, new RequestTransfer.Line("MUG-BL", 1, Owner: "NOBODY"))).ShouldBe("stock.owner-unknown");
        (await Tries(shop, new("MUG-BL", 1, Owner: owner), new RequestTransfer.Line("MUG-BL", 2, Owner: owner))).ShouldBe("stock.transfer-twice");
        (await Tries(shop, new("MUG-BL", 1, Owner: owner), new RequestTransfer.Line("MUG-BL", 2, Owner: "own"))).ShouldBeNull();
    }

    private static Task<DocumentRef> Asks(Shop shop, params RequestTransfer.Line[] lines) => shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", lines));

    private static async Task<string?> Tries(Shop shop, params RequestTransfer.Line[] lines) =>
        (await shop.Does<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", lines))).Error?.Code;
}
