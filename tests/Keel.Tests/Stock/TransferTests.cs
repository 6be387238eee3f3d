using Keel.Stock;
using Keel.Stock.Contract;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

public class TransferTests
{
    [Fact, Feature("IN-15")]
    public async Task Goods_are_asked_for_promised_sent_on_their_way_and_received()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10, worth: 33_33, node: "OVERFLOW");

        var transfer = await Asks(shop, ("MUG-BL", 6));
        (await shop.Position("MUG-BL", "OVERFLOW")).Reserved.ShouldBe(6);
        (await StatusOf(shop, transfer)).ShouldBe("Approved");

        await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(Key(transfer)));
        (await shop.Position("MUG-BL", "OVERFLOW")).OnHand.ShouldBe(4);
        (await shop.Position("MUG-BL", "OVERFLOW")).Reserved.ShouldBe(0);
        (await shop.Position("MUG-BL")).OnHand.ShouldBe(0, "what is on its way is nobody's to sell");
        (await shop.Number("select quantity from stock.pub_transit where to_node = 'MAIN'")).ShouldBe(6000);
        (await shop.Number("select quantity from stock.cost_pool where sku = 'MUG-BL'")).ShouldBe(10_000, "it stays the company's");
        await shop.Proves();

        await shop.Must<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(Key(transfer)));
        (await shop.Position("MUG-BL")).Available.ShouldBe(6);
        (await StatusOf(shop, transfer)).ShouldBe("Received");
        (await shop.Number("select value from stock.cost_pool where sku = 'MUG-BL'")).ShouldBe(33_33);
        (await shop.Number("select count(*) from ledger.entry e where e.document_number like 'TF-%'")).ShouldBe(0, "nothing was earned or lost");
        await shop.Proves();
    }

    [Fact, Feature("IN-15")]
    public async Task Where_the_policy_says_so_somebody_else_must_say_yes()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10, node: "OVERFLOW");
        await shop.Chooses(TransferRules.Kind, new { needsApproval = true });
        var (wim, eva) = (await shop.Person("Wim", "warehouse"), await shop.Person("Eva", "operations"));

        var asked = await shop.Does<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("OVERFLOW", "MAIN", [new("MUG-BL", 2)]), shop.By(wim));
        asked.Ok.ShouldBeTrue(asked.Error?.Message);
        (await shop.Position("MUG-BL", "OVERFLOW")).Reserved.ShouldBe(0);
        (await shop.Does<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(Key(asked.Value)), shop.By(wim))).Error?.Code.ShouldBe("stock.transfer-state");
        (await shop.Does<ApproveTransfer, ApproveTransfer.Request, DocumentRef>(new(Key(asked.Value)), shop.By(wim))).Error?.Code.ShouldBe("stock.transfer-own");

        var approved = await shop.Does<ApproveTransfer, ApproveTransfer.Request, DocumentRef>(new(Key(asked.Value)), shop.By(eva));
        approved.Ok.ShouldBeTrue(approved.Error?.Message);
        (await shop.Position("MUG-BL", "OVERFLOW")).Reserved.ShouldBe(2);
    }

    [Fact, Feature("IN-15", "IN-11")]
    public async Task An_order_goes_before_and_what_is_short_waits_for_goods_that_arrive()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 5, node: "OVERFLOW");
        await shop.Takes(("MUG-BL", 2));
        var transfer = await Asks(shop, ("MUG-BL", 6));
        (await shop.Number($"select sum(open) from stock.reservation where document_id = '{transfer.Id}'")).ShouldBe(3000);

        await shop.Stocks("MUG-BL", 4, node: "OVERFLOW");
        await shop.Delivers();
        (await shop.Text("select string_agg(deliverer || ' ' || state || ' ' || coalesce(problem, ''), ', ') from kernel.outbox where problem is not null")).ShouldBe("");

        (await shop.Number($"select sum(open) from stock.reservation where document_id = '{transfer.Id}'")).ShouldBe(6000);
        (await shop.Position("MUG-BL", "OVERFLOW")).Available.ShouldBe(1);
        await shop.Proves();
    }

    [Fact, Feature("IN-15", "IN-27")]
    public async Task What_is_missing_has_an_owner_until_it_is_found_or_written_off_and_what_came_too_many_is_found()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10, worth: 50_00, node: "OVERFLOW");
        await shop.Stocks("BOWL", 5, worth: 40_00, node: "OVERFLOW");
        var transfer = await Asks(shop, ("MUG-BL", 6), ("BOWL", 2));
        await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(Key(transfer)));

        await shop.Must<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(Key(transfer), [new(1, 4), new(2, 3)]));
        (await shop.Position("MUG-BL")).OnHand.ShouldBe(4);
        (await shop.Position("BOWL")).OnHand.ShouldBe(3);
        (await shop.Text("select sentence from kernel.work_case where kind = 'transfer-difference'")).ShouldContain("2 × MUG-BL did not arrive");
        (await StatusOf(shop, transfer)).ShouldBe("InTransit", "two are still on their way");
        await shop.Proves();

        await shop.Must<SettleTransfer, SettleTransfer.Request, DocumentRef>(new(Key(transfer), TransferOutcome.BackAtSender, [new(1, 1)]));
        (await shop.Position("MUG-BL", "OVERFLOW")).OnHand.ShouldBe(5);
        await shop.Must<SettleTransfer, SettleTransfer.Request, DocumentRef>(new(Key(transfer), TransferOutcome.Lost));
        (await StatusOf(shop, transfer)).ShouldBe("Received");
        (await shop.Text("select state from kernel.work_case where kind = 'transfer-difference'")).ShouldNotBe("Open", "it ends with what it was about");
        (await shop.Number("select value from stock.document where reason = 'lost'")).ShouldBe(-5_00);
        (await shop.Number("select value from stock.document where reason = 'found'")).ShouldBe(8_00);
        await shop.Proves();
    }

    [Fact, Feature("IN-15")]
    public async Task The_rest_leaves_later_or_is_given_up_and_a_cancelled_transfer_lets_go_of_its_goods()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10, node: "OVERFLOW");
        var first = await Asks(shop, ("MUG-BL", 6));
        await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(Key(first), [new(1, 2)]));
        await shop.Must<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(Key(first)));
        (await StatusOf(shop, first)).ShouldBe("InTransit", "four are still to go");
        (await shop.Does<CancelTransfer, CancelTransfer.Request, DocumentRef>(new(Key(first), "too late"))).Error?.Code.ShouldBe("stock.transfer-state");
        await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(Key(first), [new(1, 1)], Rest: TransferRest.GivenUp));
        (await shop.Position("MUG-BL", "OVERFLOW")).Available.ShouldBe(7);
        await shop.Must<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(Key(first)));
        (await StatusOf(shop, first)).ShouldBe("Received");

        var second = await Asks(shop, ("MUG-BL", 5));
        await shop.Must<CancelTransfer, CancelTransfer.Request, DocumentRef>(new(Key(second), "not needed"));
        (await shop.Position("MUG-BL", "OVERFLOW")).Available.ShouldBe(7);
        await shop.Proves();
    }

    [Fact, Feature("IN-15")]
    public async Task What_makes_no_sense_is_refused_with_what_to_do()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 3, node: "OVERFLOW");
        (await Tries(shop, "MAIN", "MAIN", ("MUG-BL", 1))).ShouldBe("stock.transfer-same-site");
        (await Tries(shop, "MARS", "MAIN", ("MUG-BL", 1))).ShouldBe("stock.node-unknown");
        (await Tries(shop, "OVERFLOW", "MAIN", ("MUG-BL", 1), ("MUG-BL", 1))).ShouldBe("stock.transfer-twice");
        (await Tries(shop, "OVERFLOW", "MAIN", ("NOTHING", 1))).ShouldBe("stock.sku-unknown");

        var transfer = await Asks(shop, ("MUG-BL", 5));
        (await shop.Does<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(Key(transfer), [new(1, 4)]))).Error?.Code.ShouldBe("stock.transfer-too-many");
        (await shop.Does<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(Key(transfer), [new(9, 1)]))).Error?.Code.ShouldBe("stock.transfer-line");
        (await shop.Does<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(Key(transfer)))).Error?.Code.ShouldBe("stock.transfer-state");
        var empty = await Asks(shop, ("BOWL", 1));
        (await shop.Does<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(Key(empty)))).Error?.Code.ShouldBe("stock.transfer-nothing");
        (await shop.Position("MUG-BL", "OVERFLOW")).OnHand.ShouldBe(3);
    }

    [Fact, Feature("IN-15", "IN-04")]
    public async Task Two_who_receive_the_same_transfer_receive_it_once_and_its_goods_leave_once()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 30, node: "OVERFLOW");
        for (var turn = 0; turn < 4; turn++)
        {
            var transfer = await Asks(shop, ("MUG-BL", 5));
            var sent = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => shop.Does<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(Key(transfer)))));
            sent.Count(s => s.Ok).ShouldBe(1);
            var orders = shop.Takes(("MUG-BL", 1));
            var came = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => shop.Does<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(Key(transfer)))));
            came.Count(s => s.Ok).ShouldBe(1);
            await orders;
        }

        (await shop.Position("MUG-BL")).OnHand.ShouldBe(20);
        (await shop.Position("MUG-BL", "OVERFLOW")).OnHand.ShouldBe(10);
        await shop.Delivers();
        await shop.Proves();
    }

    [Theory, Feature("IN-15")]
    [InlineData(11)]
    [InlineData(12)]
    public async Task However_transfers_go_nothing_is_made_or_lost(int seed)
    {
        await using var shop = await Shop.Open();
        var dice = new Random(seed);
        await shop.Stocks("MUG-BL", 40, worth: 123_45);
        await shop.Stocks("BOWL", 30, worth: 77_77, node: "OVERFLOW");
        var open = new List<DocumentRef>();
        for (var turn = 0; turn < 40; turn++)
        {
            var (from, to) = dice.Next(2) == 0 ? ("MAIN", "OVERFLOW") : ("OVERFLOW", "MAIN");
            if (open.Count == 0 || dice.Next(4) == 0) open.Add((await shop.Does<RequestTransfer, RequestTransfer.Request, DocumentRef>(new(from, to, [new("MUG-BL", 1 + dice.Next(6)), new("BOWL", 1 + dice.Next(6))]))).Value);
            var key = Key(open[dice.Next(open.Count)]);
            ReceiveTransfer.Part[]? some = dice.Next(2) == 0 ? null : [new(1, dice.Next(5)), new(2, dice.Next(5))];
            _ = dice.Next(6) switch
            {
                0 or 1 => await shop.Does<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(key, Rest: dice.Next(3) == 0 ? TransferRest.GivenUp : TransferRest.Waits)),
                2 or 3 => await shop.Does<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(key, some, More: dice.Next(2) == 0)),
                4 => await shop.Does<SettleTransfer, SettleTransfer.Request, DocumentRef>(new(key, dice.Next(2) == 0 ? TransferOutcome.Lost : TransferOutcome.BackAtSender, some)),
                _ => await shop.Does<CancelTransfer, CancelTransfer.Request, DocumentRef>(new(key, "changed")),
            };
            if (dice.Next(5) == 0) await shop.Counts("MAIN/STOCK", "MUG-BL", dice.Next(30));
        }

        await shop.Delivers();
        await shop.Proves();
        (await shop.Number("select sum(received) from stock.transfer_line")).ShouldBeGreaterThan(0);
    }

    private static Id<Transfer> Key(DocumentRef transfer) => new(transfer.Id);

    private static Task<DocumentRef> Asks(Shop shop, params (Sku Sku, int Quantity)[] lines) => shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(
        new("OVERFLOW", "MAIN", [.. lines.Select(l => new RequestTransfer.Line(l.Sku, l.Quantity))]));

    private static async Task<string?> Tries(Shop shop, NodeCode from, NodeCode to, params (Sku Sku, int Quantity)[] lines) => (await shop.Does<RequestTransfer, RequestTransfer.Request, DocumentRef>(
        new(from, to, [.. lines.Select(l => new RequestTransfer.Line(l.Sku, l.Quantity))]))).Error?.Code;

    private static Task<string> StatusOf(Shop shop, DocumentRef transfer) => shop.Text($"select status from stock.transfer where id = '{transfer.Id}'");
}
