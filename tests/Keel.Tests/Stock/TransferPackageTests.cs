using Keel.Kernel;
using Keel.Stock;
using Keel.Stock.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Packages that go from site to site whole: what lies in them leaves, travels and comes in with them.
public class TransferPackageTests
{
    [Fact, Feature("IN-15", "IN-21")]
    public async Task A_pallet_with_a_case_in_it_goes_to_another_site_and_comes_in_as_it_left()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 10, worth: 50_00);
        await shop.Stocks("BOWL", 4, worth: 40_00);
        var codes = await Makes(shop, 2);
        await Packs(shop, codes[0], ("MUG-BL", 4));
        await Packs(shop, codes[1], ("MUG-BL", 2), ("BOWL", 3));
        await shop.Must<NestPackage, NestPackage.Request, DocumentRef>(new(codes[1], codes[0]));
        var transfer = await Asks(shop, ("MUG-BL", 8), ("BOWL", 3));

        await Ships(shop, transfer, [new(1, 7), new(2, 3)], codes[0]);

        (await shop.Text("select string_agg(location || ' ' || node || ' ' || (parent is not null), ', ' order by code) from stock.package")).ShouldBe("TRANSIT OVERFLOW false, TRANSIT OVERFLOW true");
        (await shop.Text("select string_agg(sku || ' ' || quantity / 1000, ', ' order by sku, quantity) from stock.package_load")).ShouldBe("BOWL 3, MUG-BL 2, MUG-BL 4");
        (await shop.Number("select sum(on_hand) from stock.position")).ShouldBe(4_000, "three mugs and a bowl stay");
        await shop.Proves();

        await Receives(shop, transfer);
        (await shop.Text("select string_agg(location || ' ' || (parent is not null), ', ' order by code) from stock.package")).ShouldBe("OVERFLOW/STOCK false, OVERFLOW/STOCK true");
        (await shop.Text("select string_agg(sku || ' ' || on_hand / 1000 || case when package = '' then ' loose' else '' end, ', ' order by sku, on_hand) from stock.level where node = 'OVERFLOW' and on_hand > 0"))
            .ShouldBe("BOWL 3, MUG-BL 1 loose, MUG-BL 2, MUG-BL 4");
        (await shop.Text($"select string_agg(kind, ' ' order by kind) from stock.package_step where package = '{codes[0]}'")).ShouldBe("Arrived Made SentOff");
        await shop.Proves();
    }

    [Fact, Feature("IN-15", "IN-21")]
    public async Task Packages_that_are_named_alone_leave_alone_and_what_is_promised_beyond_waits()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 10);
        var code = (await Makes(shop, 1))[0];
        await Packs(shop, code, ("MUG-BL", 4));
        var transfer = await Asks(shop, ("MUG-BL", 6));

        await Ships(shop, transfer, null, "(00)" + code);

        (await shop.Text("select shipped / 1000 || ' of ' || quantity / 1000 from stock.transfer_line")).ShouldBe("4 of 6");
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(2);
        await Ships(shop, transfer, null);
        (await Comes(shop, transfer, [new(1, 2)])).Ok.ShouldBeTrue("two came loose");
        (await Comes(shop, transfer, null, code)).Ok.ShouldBeTrue();
        (await shop.Text("select status from stock.transfer")).ShouldBe("Received");
        await shop.Proves();
    }

    [Fact, Feature("IN-15", "IN-21")]
    public async Task What_does_not_belong_on_the_transfer_is_refused_by_name()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 10);
        await shop.Stocks("BOWL", 5);
        await shop.Stocks("MUG-BL", 5, node: "OVERFLOW");
        var (big, mixed, there) = ((await Makes(shop, 1))[0], (await Makes(shop, 1))[0], (await Makes(shop, 1, "OVERFLOW/STOCK"))[0]);
        await Packs(shop, big, ("MUG-BL", 6));
        await Packs(shop, mixed, ("BOWL", 1), ("MUG-BL", 1));
        var transfer = await Asks(shop, ("MUG-BL", 5));

        var many = await Sends(shop, transfer, null, big);
        var strange = await Sends(shop, transfer, null, mixed);
        var elsewhere = await Sends(shop, transfer, null, there);
        var fewer = await Sends(shop, transfer, [new(1, 1)], big);

        many.Error!.Code.ShouldBe("stock.transfer-package-not-wanted");
        many.Error!.Message.ShouldContain("1 of MUG-BL");
        strange.Error!.Message.ShouldContain("1 of BOWL");
        elsewhere.Error!.Code.ShouldBe("stock.package-elsewhere");
        fewer.Error!.Message.ShouldContain("5 of MUG-BL");
        (await Sends(shop, transfer, null, "123")).Error!.Code.ShouldBe("stock.package-code");
        (await shop.Number("select count(*) from stock.move where to_location = 'TRANSIT'")).ShouldBe(0);
    }

    [Fact, Feature("IN-15", "IN-21")]
    public async Task A_package_on_its_way_is_left_alone_until_it_is_there()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 10);
        var codes = await Makes(shop, 2);
        await Packs(shop, codes[0], ("MUG-BL", 4));
        var transfer = await Asks(shop, ("MUG-BL", 4));
        await Ships(shop, transfer, null, codes[0]);

        var refusals = new[]
        {
            (await shop.Does<MovePackage, MovePackage.Request, DocumentRef>(new(codes[0], "OVERFLOW/STOCK"))).Error,
            (await shop.Does<NestPackage, NestPackage.Request, DocumentRef>(new(codes[1], codes[0]))).Error,
            (await shop.Does<PackGoods, PackGoods.Request, DocumentRef>(new(codes[0], [new("MUG-BL", 1)]))).Error,
            (await shop.Does<EndPackages, EndPackages.Request, Done>(new([codes[0]]))).Error,
        };

        refusals.ShouldAllBe(r => r!.Code == "stock.package-on-its-way");
        await shop.Proves();
    }

    [Fact, Feature("IN-15", "IN-21", "IN-27")]
    public async Task Of_two_packages_one_arrives_and_the_other_is_lost_or_comes_back()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 30, worth: 300_00);
        var codes = await Makes(shop, 3);
        foreach (var code in codes) await Packs(shop, code, ("MUG-BL", 4));
        var transfer = await Asks(shop, ("MUG-BL", 12));
        await Ships(shop, transfer, null, codes);

        (await Comes(shop, transfer, [new(1, 5)])).Error!.Code.ShouldBe("stock.transfer-package-unnamed");
        (await Comes(shop, transfer, [new(1, 3)], codes[0])).Error!.Code.ShouldBe("stock.transfer-package-holds");
        (await Comes(shop, transfer, [new(1, 4)], "340123450000009997")).Error!.Code.ShouldBe("stock.transfer-package");
        (await Comes(shop, transfer, [new(1, 4)], codes[0])).Ok.ShouldBeTrue();
        (await shop.Text("select sentence from kernel.work_case where kind = 'transfer-difference'")).ShouldContain("8 × MUG-BL did not arrive");
        await shop.Proves();

        await shop.Must<SettleTransfer, SettleTransfer.Request, DocumentRef>(new(new(transfer.Id), TransferOutcome.BackAtSender, Packages: [codes[1]]));
        await shop.Must<SettleTransfer, SettleTransfer.Request, DocumentRef>(new(new(transfer.Id), TransferOutcome.Lost));

        (await shop.Text("select string_agg(location || ' ' || status, ', ' order by code) from stock.package")).ShouldBe("OVERFLOW/STOCK Open, MAIN/STOCK Open, TRANSIT Ended");
        (await shop.Text("select string_agg(state, ', ' order by package) from stock.transfer_package")).ShouldBe("Arrived, Back, Lost");
        (await shop.Number("select value from stock.document where reason = 'lost'")).ShouldBe(-40_00);
        (await shop.Text("select status from stock.transfer")).ShouldBe("Received");
        await shop.Proves();
    }

    [Fact, Feature("IN-15", "IN-21")]
    public async Task A_case_comes_out_of_the_pallet_that_stays()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 10);
        var codes = await Makes(shop, 2);
        await Packs(shop, codes[0], ("MUG-BL", 4));
        await Packs(shop, codes[1], ("MUG-BL", 3));
        await shop.Must<NestPackage, NestPackage.Request, DocumentRef>(new(codes[1], codes[0]));
        var transfer = await Asks(shop, ("MUG-BL", 3));

        await Ships(shop, transfer, null, codes[1]);
        await Receives(shop, transfer);

        (await shop.Text("select string_agg(location || coalesce(parent, ''), ', ' order by code) from stock.package")).ShouldBe("MAIN/STOCK, OVERFLOW/STOCK");
        await shop.Proves();
    }

    [Fact, Feature("IN-15", "IN-21")]
    public async Task What_an_order_has_set_aside_in_a_package_keeps_it_here()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 8);
        var code = (await Makes(shop, 1))[0];
        await Packs(shop, code, ("MUG-BL", 8));
        var order = await shop.Takes(("MUG-BL", 2));
        await shop.Releases(order);
        var transfer = await Asks(shop, ("MUG-BL", 8));

        (await Sends(shop, transfer, null, code)).Error!.Code.ShouldBe("stock.package-set-aside");
        await shop.Proves();
    }

    [Fact, Feature("IN-15", "IN-21", "IN-04")]
    public async Task Two_who_send_the_same_package_on_two_transfers_send_it_once()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 60);
        for (var turn = 0; turn < 4; turn++)
        {
            var code = (await Makes(shop, 1))[0];
            await Packs(shop, code, ("MUG-BL", 5));
            var transfers = new[] { await Asks(shop, ("MUG-BL", 5)), await Asks(shop, ("MUG-BL", 5)) };

            var sent = await Task.WhenAll(transfers.Select(t => Sends(shop, t, null, code)));

            sent.Count(s => s.Ok).ShouldBe(1);
            sent.Single(s => !s.Ok).Error!.Code.ShouldBe("stock.package-on-its-way");
            await Receives(shop, transfers[sent[0].Ok ? 0 : 1]);
            (await shop.Text($"select location from stock.package where code = '{code}'")).ShouldBe("OVERFLOW/STOCK");
            await shop.Must<CancelTransfer, CancelTransfer.Request, DocumentRef>(new(new(transfers[sent[0].Ok ? 1 : 0].Id), "sent already"));
        }

        await shop.Proves();
    }

    [Theory, Feature("IN-15", "IN-21")]
    [InlineData(21)]
    [InlineData(22)]
    public async Task However_packages_travel_nothing_is_made_or_lost(int seed)
    {
        await using var shop = await Open();
        var dice = new Random(seed);
        await shop.Stocks("MUG-BL", 200, worth: 123_45);
        var codes = await Makes(shop, 4);
        var open = new List<DocumentRef>();
        for (var turn = 0; turn < 90; turn++)
        {
            var (from, to) = dice.Next(3) > 0 ? ("MAIN", "OVERFLOW") : ("OVERFLOW", "MAIN");
            var code = codes[dice.Next(codes.Length)];
            if (open.Count == 0 || dice.Next(4) == 0) open.Add((await shop.Does<RequestTransfer, RequestTransfer.Request, DocumentRef>(new(from, to, [new("MUG-BL", 8 + dice.Next(9))]))).Value);
            var key = new Id<Transfer>(open[Math.Max(0, open.Count - 1 - dice.Next(3))].Id);
            var lines = dice.Next(2) == 0 ? null : (ReceiveTransfer.Part[])[new(1, dice.Next(14))];
            var named = dice.Next(3) == 0 ? null : (string[])[code];
            _ = dice.Next(9) switch
            {
                0 or 1 => (await shop.Does<PackGoods, PackGoods.Request, DocumentRef>(new(code, [new("MUG-BL", 1 + dice.Next(3))]))).Ok,
                2 or 3 => (await shop.Does<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(key, Packages: named))).Ok,
                4 or 5 => (await shop.Does<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(key, lines, More: dice.Next(2) == 0, Packages: named))).Ok,
                6 => (await shop.Does<SettleTransfer, SettleTransfer.Request, DocumentRef>(new(key, dice.Next(5) == 0 ? TransferOutcome.Lost : TransferOutcome.BackAtSender, lines, named))).Ok,
                7 => (await shop.Does<NestPackage, NestPackage.Request, DocumentRef>(new(code, codes[dice.Next(codes.Length)]))).Ok,
                _ => (await shop.Does<UnpackGoods, UnpackGoods.Request, DocumentRef>(new(code))).Ok,
            };
        }

        await shop.Delivers();
        await shop.Proves();
        (await shop.Number("select count(*) from stock.transfer_package")).ShouldBeGreaterThan(0);
    }

    private static async Task<Shop> Open()
    {
        var shop = await Shop.Open();
        await shop.Chooses("letterhead", Keel.Printing.Letterhead.AsDelivered with { Gs1Prefix = "4012345" });
        return shop;
    }

    private static async Task<string[]> Makes(Shop shop, int count, string place = "MAIN/STOCK") =>
        [.. (await shop.Must<MakePackages, MakePackages.Request, IReadOnlyList<DocumentRef>>(new(place, Count: count))).Select(p => p.Number)];

    private static Task<DocumentRef> Packs(Shop shop, string code, params (Sku Sku, int Units)[] goods) =>
        shop.Must<PackGoods, PackGoods.Request, DocumentRef>(new(code, [.. goods.Select(g => new PackedLine(g.Sku, g.Units))]));

    private static Task<DocumentRef> Asks(Shop shop, params (Sku Sku, int Quantity)[] lines) => shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(
        new("MAIN", "OVERFLOW", [.. lines.Select(l => new RequestTransfer.Line(l.Sku, l.Quantity))]));

    private static async Task Ships(Shop shop, DocumentRef transfer, ShipTransfer.Part[]? lines, params string[] packages)
    {
        var sent = await Sends(shop, transfer, lines, packages);
        sent.Ok.ShouldBeTrue(sent.Error?.Message);
    }

    private static Task<Result<DocumentRef>> Sends(Shop shop, DocumentRef transfer, ShipTransfer.Part[]? lines, params string[] packages) =>
        shop.Does<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new(transfer.Id), lines, Packages: packages));

    private static Task<DocumentRef> Receives(Shop shop, DocumentRef transfer) => shop.Must<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(new(transfer.Id)));

    private static Task<Result<DocumentRef>> Comes(Shop shop, DocumentRef transfer, ReceiveTransfer.Part[]? lines, params string[] packages) =>
        shop.Does<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(new(transfer.Id), lines, Packages: packages.Length > 0 || lines is not null ? packages : null));
}
