using Keel.Kernel;
using Keel.Stock;
using Keel.Stock.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Goods that are told apart arrive with a transfer as they stand on the floor: of the lots that left, more of them, or of others.
public class TransferLotTests
{
    [Fact, Feature("IN-15", "IN-18", "IN-27")]
    public async Task What_came_beyond_is_found_of_the_lot_that_is_named_and_a_missing_lot_is_the_difference()
    {
        await using var shop = await LotTests.Teas();
        await LotTests.Receives(shop, "L-A", 2, LotTests.Soon);
        await LotTests.Receives(shop, "L-B", 3, LotTests.Later);
        var transfer = await Sent(shop, "TEA", 5);

        (await Comes(shop, transfer, new ReceiveTransfer.Part(1, 6))).Error!.Code.ShouldBe("stock.lot-needed");
        (await Comes(shop, transfer, new(1, 4, "L-A"), new(1, 1, "L-B"))).Ok.ShouldBeTrue();

        (await shop.Text("select string_agg(lot || ' ' || on_hand / 1000, ', ' order by lot) from stock.level where node = 'OVERFLOW' and on_hand > 0")).ShouldBe("L-A 4, L-B 1");
        (await shop.Text("select sentence from kernel.work_case where kind = 'transfer-difference'")).ShouldContain("2 × TEA of lot L-B did not arrive, 2 × TEA of lot L-A came too many");
        (await shop.Text("select string_agg(lot || ' ' || quantity / 1000, ', ') from stock.move where from_location = 'LOSS'")).ShouldBe("L-A 2");
        await shop.Proves();

        await shop.Must<SettleTransfer, SettleTransfer.Request, DocumentRef>(new(new(transfer.Id), TransferOutcome.Lost, [new(1, 1, "L-B")]));
        (await shop.Does<SettleTransfer, SettleTransfer.Request, DocumentRef>(new(new(transfer.Id), TransferOutcome.Lost, [new(1, 1, "L-A")]))).Error!.Code.ShouldBe("stock.transfer-settled");
        await shop.Must<SettleTransfer, SettleTransfer.Request, DocumentRef>(new(new(transfer.Id), TransferOutcome.BackAtSender));
        (await shop.Text("select status from stock.transfer")).ShouldBe("Received");
        await shop.Proves();
    }

    [Fact, Feature("IN-15", "IN-18", "IN-19")]
    public async Task A_lot_that_nobody_knew_arrives_when_somebody_says_until_when_it_keeps()
    {
        await using var shop = await LotTests.Teas();
        await LotTests.Receives(shop, "L-A", 3, LotTests.Soon);
        var transfer = await Sent(shop, "TEA", 3);

        (await Comes(shop, transfer, new ReceiveTransfer.Part(1, 3, "L-NEW"))).Error!.Code.ShouldBe("stock.lot-expiry");
        (await Comes(shop, transfer, new ReceiveTransfer.Part(1, 3, "L-NEW", LotTests.Later))).Ok.ShouldBeTrue();

        (await shop.Text("select string_agg(lot || ' ' || on_hand / 1000, ', ' order by lot) from stock.level where node = 'OVERFLOW' and on_hand > 0")).ShouldBe("L-NEW 3");
        (await shop.Number("select sum(received) from stock.transfer_line")).ShouldBe(0, "what was sent is still on its way");
        (await shop.Text("select sentence from kernel.work_case where kind = 'transfer-difference'")).ShouldContain("3 × TEA of lot L-A did not arrive");
        await shop.Proves();
    }

    [Fact, Feature("IN-15", "IN-18")]
    public async Task Another_serial_number_than_the_one_that_left_is_found_and_the_one_that_left_is_missing()
    {
        await using var shop = await LotTests.Bikes();
        (await LotTests.Tries(shop, "BIKE", "SN-1, SN-2, SN-3", 3, null)).Ok.ShouldBeTrue();
        var transfer = await Sent(shop, "BIKE", 2);

        (await Comes(shop, transfer, new ReceiveTransfer.Part(1, 2, "SN-1"))).Error!.Code.ShouldBe("stock.serial-count");
        (await Comes(shop, transfer, new ReceiveTransfer.Part(1, 2, "SN-1, SN-3"))).Error!.Code.ShouldBe("stock.serial-twice", "the book has the third at the sender");
        (await Comes(shop, transfer, new ReceiveTransfer.Part(1, 2, "SN-1, SN-9"))).Ok.ShouldBeTrue();

        (await shop.Text("select string_agg(lot, ' ' order by lot) from stock.level where node = 'OVERFLOW' and on_hand > 0")).ShouldBe("SN-1 SN-9");
        (await shop.Text("select sentence from kernel.work_case where kind = 'transfer-difference'")).ShouldContain("1 × BIKE of lot SN-2 did not arrive");
        await shop.Proves();
    }

    [Fact, Feature("IN-15", "IN-18", "IN-21")]
    public async Task A_package_brings_its_lots_and_the_rest_is_counted_lot_by_lot()
    {
        await using var shop = await LotTests.Teas();
        await shop.Chooses("letterhead", Keel.Printing.Letterhead.AsDelivered with { Gs1Prefix = "4012345" });
        await LotTests.Receives(shop, "L-A", 4, LotTests.Soon);
        await LotTests.Receives(shop, "L-B", 4, LotTests.Later);
        var code = (await shop.Must<MakePackages, MakePackages.Request, IReadOnlyList<DocumentRef>>(new("MAIN/STOCK")))[0].Number;
        await shop.Must<PackGoods, PackGoods.Request, DocumentRef>(new(code, [new("TEA", 3, Lot: "L-B")]));
        var transfer = await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", [new("TEA", 5)]));
        await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new(transfer.Id), [new(1, 5)], Packages: [code]));
        await shop.Proves();

        var few = await shop.Does<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(new(transfer.Id), [new(1, 2, "L-A"), new(1, 1, "L-B")], Packages: [code]));
        await shop.Must<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(new(transfer.Id), [new(1, 1, "L-A"), new(1, 4, "L-B")], Packages: [code]));

        few.Error!.Code.ShouldBe("stock.transfer-package-holds");
        (await shop.Text("select string_agg(lot || ' ' || on_hand / 1000 || case when package = '' then ' loose' else '' end, ', ' order by lot, on_hand) from stock.level where node = 'OVERFLOW' and on_hand > 0"))
            .ShouldBe("L-A 1 loose, L-B 1 loose, L-B 3");
        await shop.Proves();
    }

    private static async Task<DocumentRef> Sent(Shop shop, Sku sku, int quantity)
    {
        var transfer = await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", [new(sku, quantity)]));
        return await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new(transfer.Id)));
    }

    private static Task<Result<DocumentRef>> Comes(Shop shop, DocumentRef transfer, params ReceiveTransfer.Part[] parts) =>
        shop.Does<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(new(transfer.Id), parts));
}
