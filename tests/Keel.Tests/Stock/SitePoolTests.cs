using Keel.App.Access;
using Keel.Catalog.Contract;
using Keel.Catalog.Products;
using Keel.Kernel.Views;
using Keel.Sales;
using Keel.Stock;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Goods that are valued apart at each site: what was paid for those that came there, and what others brought along from elsewhere.
public class SitePoolTests
{
    [Fact, Feature("AC-36", "AC-05", "IN-15")]
    public async Task Each_site_has_the_cost_of_what_came_there_and_goods_take_theirs_along()
    {
        await using var shop = await Shop.Open();
        await Apart(shop, CostingMethod.Average);
        await Receives(shop, "MAIN", 10, 2);
        await Receives(shop, "OVERFLOW", 10, 5);
        (await Pools(shop)).ShouldBe("MAIN 10 2000, OVERFLOW 10 5000");

        var transfer = await Sends(shop, "OVERFLOW", "MAIN", 4);
        (await Pools(shop)).ShouldBe($"{transfer.Number} 4 2000, MAIN 10 2000, OVERFLOW 6 3000");
        await shop.Proves();
        await Comes(shop, transfer);
        (await Pools(shop)).ShouldBe("MAIN 14 4000, OVERFLOW 6 3000");
        (await shop.Text("select string_agg(carried::text, ', ' order by happened_at, id) from stock.move where carried is not null")).ShouldBe("2000, 2000");

        await shop.Ships(await shop.Takes(("MUG-BL", 7)));
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(20_00, "half of what MAIN has, at what it costs there");
        (await shop.Number("select value from stock.cost_pool where sku = 'MUG-BL'")).ShouldBe(50_00);
        (await shop.Balance("inventory")).ShouldBe(50_00);
        await shop.Proves();
    }

    [Fact, Feature("AC-36")]
    public async Task What_is_sold_out_when_sites_begin_to_be_valued_apart_begins_with_what_comes_next()
    {
        await using var shop = await Shop.Open();
        await Receives(shop, "MAIN", 2, 3);
        await shop.Ships(await shop.Takes(("MUG-BL", 2)));
        await Apart(shop, CostingMethod.Fifo);
        (await Pools(shop)).ShouldBe("");

        await Receives(shop, "OVERFLOW", 4, 5);

        (await Pools(shop)).ShouldBe("OVERFLOW 4 2000");
        await shop.Proves();
    }

    [Theory, Feature("AC-36", "IN-30")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_site_was_worth_at_an_instant_is_its_own(bool withCheckpoints)
    {
        await using var shop = await Shop.Open();
        await Apart(shop, CostingMethod.Average);
        await Receives(shop, "MAIN", 10, 2);
        await Receives(shop, "OVERFLOW", 10, 5);
        var before = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromDays(15));
        if (withCheckpoints) await shop.Runs<TakeCheckpoints>();
        var transfer = await Sends(shop, "OVERFLOW", "MAIN", 4);
        var between = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromDays(15));
        if (withCheckpoints) await shop.Runs<TakeCheckpoints>();
        await Comes(shop, transfer);
        await Values(shop, new(CostingMethod.Fifo, null, "another way", BySite: true));

        (await Worth(shop, before)).ShouldBe("MAIN 10 20.00, OVERFLOW 10 50.00");
        (await Worth(shop, between)).ShouldBe("MAIN 10 20.00, OVERFLOW 6 30.00, on its way 20.00");
        (await Worth(shop, null)).ShouldBe("MAIN 14 40.00, OVERFLOW 6 30.00");
        (await Day(shop, between)).ShouldBe("OnHand MAIN 20.00, OnHand OVERFLOW 30.00, InTransit MAIN 20.00");
        await shop.Proves();
    }

    [Fact, Feature("AC-36", "AC-08", "AC-09", "AC-06")]
    public async Task Layers_travel_with_their_receipt_and_bear_what_comes_late_wherever_they_are()
    {
        await using var shop = await Shop.Open();
        await Apart(shop, CostingMethod.Fifo);
        await Receives(shop, "MAIN", 5, 9);
        var receipt = await Receives(shop, "OVERFLOW", 10, 3);
        await Receives(shop, "OVERFLOW", 10, 4);
        var transfer = await Sends(shop, "OVERFLOW", "MAIN", 12);
        await Comes(shop, transfer);
        (await Layers(shop)).ShouldBe("MAIN 5 4500, MAIN 10 3000, MAIN 2 800, OVERFLOW 8 3200");

        await shop.Ships(await shop.Takes(("MUG-BL", 7)));
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(45_00 + 6_00, "five of nine euros came first, then two of three");
        await ValuationTests.Lands(shop, [receipt], new LandCosts.Item(ChargeKind.Freight, Money.Of(10m, Currency.Eur)));
        (await Layers(shop)).ShouldBe("MAIN 8 3200, MAIN 2 800, OVERFLOW 8 3200", "eight tenths of ten euros");
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(51_00 + 2_00);
        await shop.Proves();
    }

    [Fact, Feature("AC-36", "AC-08")]
    public async Task On_average_a_late_cost_follows_goods_that_went_on_to_other_sites()
    {
        await using var shop = await Shop.Open();
        await Apart(shop, CostingMethod.Average);
        await Receives(shop, "MAIN", 4, 3);
        var receipt = await Receives(shop, "OVERFLOW", 10, 3);
        await Comes(shop, await Sends(shop, "OVERFLOW", "MAIN", 6));
        await ValuationTests.Lands(shop, [receipt], new LandCosts.Item(ChargeKind.Freight, Money.Of(10m, Currency.Eur)));
        (await Pools(shop)).ShouldBe("MAIN 10 3600, OVERFLOW 4 1600", "four bear it where they came in, six where they are");
        await shop.Proves();
    }

    [Fact, Feature("AC-36", "AC-05", "IN-18")]
    public async Task Each_lot_keeps_at_each_site_what_was_paid_for_it()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new SaveProducts.Item("TEA-1", "Tea", Tracking: Tracking.Lot));
        await Values(shop, new(CostingMethod.Lot, null, "harvests", BySite: false));
        await Receives(shop, "OVERFLOW", 10, 2, "TEA-1", "A");
        await Receives(shop, "OVERFLOW", 10, 7, "TEA-1", "B");
        var transfer = await Sends(shop, "OVERFLOW", "MAIN", 12, "TEA-1");
        await Values(shop, new(CostingMethod.Lot, null, "rents differ", BySite: true));
        (await Pools(shop)).ShouldBe($"{transfer.Number} 12 3400, OVERFLOW 8 5600", "ten of A and two of B are on their way");
        await shop.Proves();
        await Comes(shop, transfer);
        (await shop.Text("select string_agg(node || ' ' || lot || ' ' || open / 1000 || ' ' || value, ', ' order by node, lot) from stock.cost_layer where open > 0")).ShouldBe("MAIN A 10 2000, MAIN B 2 1400, OVERFLOW B 8 5600");
        await shop.Must<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/STOCK", "TEA-1", 9, "count", Lot: "A")]));
        (await Pools(shop)).ShouldBe("MAIN 11 3200, OVERFLOW 8 5600");
        await Values(shop, new(CostingMethod.Lot, null, "one price again", BySite: false));
        (await shop.Text("select string_agg(node || lot || ' ' || open / 1000 || ' ' || value, ', ' order by lot, open) from stock.cost_layer where open > 0")).ShouldBe("A 9 1800, B 2 1400, B 8 5600");
        await shop.Proves();
    }

    [Fact, Feature("AC-36", "AC-05")]
    public async Task A_site_has_a_standard_of_its_own_and_what_comes_beyond_it_is_a_variance()
    {
        await using var shop = await Shop.Open();
        await Apart(shop, CostingMethod.Standard);
        await Receives(shop, "MAIN", 10, 3);
        await Receives(shop, "OVERFLOW", 10, 3);
        await Standard(shop, 4, "OVERFLOW");
        (await Pools(shop)).ShouldBe("MAIN 10 3000, OVERFLOW 10 4000");
        (await shop.Balance("inventory-revaluation")).ShouldBe(-10_00);
        await Comes(shop, await Sends(shop, "OVERFLOW", "MAIN", 5));
        (await Pools(shop)).ShouldBe("MAIN 15 4500, OVERFLOW 5 2000");
        (await shop.Balance("purchase-price-variance")).ShouldBe(5_00, "five came at four and are worth three");
        await shop.Proves();

        await Values(shop, new(CostingMethod.Standard, null, "one price again", BySite: false));
        (await shop.Text("select value || ' at ' || round(standard) from stock.cost_pool where sku = 'MUG-BL'")).ShouldBe("6500 at 325", "nobody said a standard for all: it is what they cost on average");
        (await shop.Does<SetStandards, SetStandards.Request, DocumentRef>(new([new("MUG-BL", UnitPrice.Of(2m, Currency.Eur), "MAIN")], "no more"))).Error?.Code.ShouldBe("stock.value-one-for-all");
        await shop.Proves();
    }

    [Fact, Feature("AC-36", "AC-25")]
    public async Task What_is_written_down_at_a_site_stays_so_where_it_goes_and_comes_up_to_its_cost_again()
    {
        await using var shop = await Shop.Open();
        await Apart(shop, CostingMethod.Fifo);
        await Receives(shop, "MAIN", 10, 6);
        await Receives(shop, "OVERFLOW", 10, 6);
        await shop.Must<WriteDown, WriteDown.Request, DocumentRef>(new([new("MUG-BL", UnitPrice.Of(4m, Currency.Eur), "OVERFLOW")], "the shop by the harbour closes"));
        (await Pools(shop)).ShouldBe("MAIN 10 6000, OVERFLOW 10 4000");
        await Comes(shop, await Sends(shop, "OVERFLOW", "MAIN", 5));
        (await shop.Text("select string_agg(node || ' ' || written_down, ', ' order by node) from stock.site_pool")).ShouldBe("MAIN 1000, OVERFLOW 1000");
        await shop.Must<WriteDown, WriteDown.Request, DocumentRef>(new([new("MUG-BL", UnitPrice.Of(9m, Currency.Eur))], "sold well"));
        (await Pools(shop)).ShouldBe("MAIN 15 9000, OVERFLOW 5 3000", "up to what they cost and no further");
        await shop.Must<Revalue, Revalue.Request, DocumentRef>(new([new("MUG-BL", UnitPrice.Of(5m, Currency.Eur), "OVERFLOW")], "wrong invoice"));
        (await Pools(shop)).ShouldBe("MAIN 15 9000, OVERFLOW 5 2500");
        (await shop.Does<Revalue, Revalue.Request, DocumentRef>(new([new("MUG-BL", UnitPrice.Of(5m, Currency.Eur), "NORTH")], "where"))).Error?.Code.ShouldBe("stock.value-nothing-there");
        await shop.Proves();
    }

    [Fact, Feature("AC-36", "AC-25")]
    public async Task At_standard_cost_too_a_write_down_goes_along_and_what_is_on_its_way_costs_what_left()
    {
        await using var shop = await Shop.Open();
        await Apart(shop, CostingMethod.Standard);
        await shop.Must<SetStandards, SetStandards.Request, DocumentRef>(new([new("MUG-BL", UnitPrice.Of(3m, Currency.Eur))], "prices of the year"));
        await Standard(shop, 6, "OVERFLOW");
        await Receives(shop, "OVERFLOW", 10, 6);
        await shop.Must<WriteDown, WriteDown.Request, DocumentRef>(new([new("MUG-BL", UnitPrice.Of(4m, Currency.Eur))], "the shop by the harbour closes"));
        var transfer = await Sends(shop, "OVERFLOW", "MAIN", 5);
        (await Pools(shop)).ShouldBe($"{transfer.Number} 5 2000, OVERFLOW 5 2000");
        (await shop.Balance("purchase-price-variance")).ShouldBe(0);
        await shop.Must<SettleTransfer, SettleTransfer.Request, DocumentRef>(new(new(transfer.Id), TransferOutcome.Lost, [new(1, 2)]));
        (await shop.Balance("shrinkage")).ShouldBe(8_00);
        await shop.Proves();
        await Comes(shop, transfer);
        (await shop.Text("select quantity / 1000 || ' ' || value || ' ' || written_down from stock.site_pool where node = 'MAIN'")).ShouldBe("3 300 600", "at three by the standard of MAIN, and written down as they were");
        (await shop.Balance("purchase-price-variance")).ShouldBe(9_00);
        await shop.Proves();

        await Values(shop, new(CostingMethod.Average, null, "one price again"));
        (await shop.Number("select value from stock.cost_pool where sku = 'MUG-BL'")).ShouldBe(23_00, "what is there keeps its value, whatever the standard of all was");
        await shop.Proves();
    }

    [Fact, Feature("AC-36", "AC-08")]
    public async Task Layers_begin_where_they_came_in_and_still_bear_what_is_billed_late()
    {
        await using var shop = await Shop.Open();
        await Values(shop, new(CostingMethod.Fifo, null, "prices move"));
        await Receives(shop, "MAIN", 10, 9);
        var receipt = await Receives(shop, "OVERFLOW", 10, 3);
        await Comes(shop, await Sends(shop, "OVERFLOW", "MAIN", 4));
        await Values(shop, new(CostingMethod.Fifo, null, "rents differ", BySite: true));
        (await Layers(shop)).ShouldBe("MAIN 10 9000, MAIN 4 1200, OVERFLOW 6 1800");
        await ValuationTests.Lands(shop, [receipt], new LandCosts.Item(ChargeKind.Freight, Money.Of(10m, Currency.Eur)));
        (await Layers(shop)).ShouldBe("MAIN 10 9000, MAIN 4 1600, OVERFLOW 6 2400");
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(0);
        await shop.Proves();
    }

    [Theory, Feature("AC-36", "IN-24")]
    [InlineData(CostingMethod.Average)]
    [InlineData(CostingMethod.Fifo)]
    [InlineData(CostingMethod.Standard)]
    public async Task What_is_found_where_none_was_is_worth_what_it_is_elsewhere(CostingMethod method)
    {
        await using var shop = await Shop.Open();
        await Apart(shop, method);
        await Receives(shop, "MAIN", 10, 9);
        await shop.Counts("OVERFLOW/STOCK", "MUG-BL", 2);
        (await Pools(shop)).ShouldBe("MAIN 10 9000, OVERFLOW 2 1800");
        await shop.Proves();
    }

    [Fact, Feature("AC-36", "AC-08", "SE-02")]
    public async Task Who_is_limited_to_a_site_lands_freight_on_its_receipts_wherever_their_goods_went()
    {
        await using var shop = await Shop.Open();
        await Apart(shop, CostingMethod.Fifo);
        var receipt = await Receives(shop, "OVERFLOW", 10, 3);
        await Comes(shop, await Sends(shop, "OVERFLOW", "MAIN", 6));
        var local = await shop.Person("Lena", "finance");
        await shop.Must<SetRoles, SetRoles.Request, Done>(new(local.Id, ["finance"], Sites: ["OVERFLOW"]));
        local = await shop.Again(local);
        var landed = await shop.Does<LandCosts, LandCosts.Request, DocumentRef>(new([receipt], [new LandCosts.Item(ChargeKind.Freight, Money.Of(10m, Currency.Eur))]), shop.By(local));
        landed.Ok.ShouldBeTrue(landed.Error?.Message);
        (await Pools(shop)).ShouldBe("MAIN 6 2400, OVERFLOW 4 1600");
        await shop.Proves();
    }

    [Fact, Feature("AC-36", "IN-15", "AC-10")]
    public async Task What_is_lost_on_its_way_costs_what_it_cost_where_it_left_and_what_comes_back_brings_it_back()
    {
        await using var shop = await Shop.Open();
        await Apart(shop, CostingMethod.Average);
        await Receives(shop, "MAIN", 10, 9);
        await Receives(shop, "OVERFLOW", 10, 2);
        var transfer = await Sends(shop, "OVERFLOW", "MAIN", 6);
        await Receives(shop, "OVERFLOW", 6, 4);
        await shop.Must<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(new(transfer.Id), [new(1, 3)]));
        await shop.Must<SettleTransfer, SettleTransfer.Request, DocumentRef>(new(new(transfer.Id), TransferOutcome.Lost, [new(1, 2)]));
        await shop.Must<SettleTransfer, SettleTransfer.Request, DocumentRef>(new(new(transfer.Id), TransferOutcome.BackAtSender));
        (await shop.Balance("shrinkage")).ShouldBe(4_00);
        (await Pools(shop)).ShouldBe("MAIN 13 9600, OVERFLOW 11 3400");
        await shop.Proves();
    }

    [Fact, Feature("AC-36", "AC-05")]
    public async Task Sites_that_begin_to_be_valued_apart_share_what_all_are_worth_and_the_books_do_not_notice()
    {
        await using var shop = await Shop.Open();
        await Receives(shop, "MAIN", 7, 3.33m);
        await Receives(shop, "OVERFLOW", 5, 4.01m);
        var transfer = await Sends(shop, "OVERFLOW", "MAIN", 2);
        var (inventory, pool) = (await shop.Balance("inventory"), await shop.Number("select value from stock.cost_pool where sku = 'MUG-BL'"));
        await Values(shop, new(CostingMethod.Average, null, "rents differ", BySite: true));
        (await Pools(shop)).ShouldBe($"{transfer.Number} 2 723, MAIN 7 2529, OVERFLOW 3 1084");
        (await shop.Balance("inventory")).ShouldBe(inventory);
        await shop.Proves();
        await Comes(shop, transfer);
        await Values(shop, new(CostingMethod.Fifo, null, "prices move", BySite: true));
        (await Layers(shop)).ShouldBe("MAIN 9 3252, OVERFLOW 3 1084");
        await Receives(shop, "OVERFLOW", 3, 9);
        await Values(shop, new(CostingMethod.Average, null, "and calm down", BySite: true));
        (await Pools(shop)).ShouldBe("MAIN 9 3252, OVERFLOW 6 3784", "a site keeps what its goods cost there");
        await shop.Proves();
        await Values(shop, new(CostingMethod.Average, null, "one price again"));
        (await shop.Number("select value from stock.cost_pool where sku = 'MUG-BL'")).ShouldBe(pool + 27_00);
        (await shop.Number("select count(*) from stock.site_pool")).ShouldBe(0);
        await shop.Proves();
    }

    [Theory, Feature("AC-36", "AC-05", "AC-08", "AC-09")]
    [InlineData(1, CostingMethod.Average)]
    [InlineData(2, CostingMethod.Fifo)]
    [InlineData(3, CostingMethod.Standard)]
    public async Task Whatever_happens_at_whatever_site_the_books_tie(int seed, CostingMethod method)
    {
        await using var shop = await Shop.Open();
        var dice = new Random(seed);
        NodeCode[] sites = ["MAIN", "OVERFLOW"];
        List<string> receipts = [];
        List<DocumentRef> transfers = [];
        var apart = false;
        for (var i = 0; i < 60; i++)
        {
            shop.Clock.Step(TimeSpan.FromHours(dice.Next(1, 30)));
            var node = sites[dice.Next(2)];
            switch (dice.Next(11))
            {
                case 0 or 1: receipts.Add(await Receives(shop, node, dice.Next(1, 12), dice.Next(1, 900) / 100m)); break;
                case 2: if (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", dice.Next(1, 5)))) is { Ok: true } order) await shop.Ships(order.Value); break;
                case 3 or 4:
                    var asked = await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new(node, sites[node == sites[0] ? 1 : 0], [new("MUG-BL", dice.Next(1, 5))]));
                    if ((await shop.Does<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new(asked.Id), Rest: TransferRest.GivenUp))).Ok) transfers.Add(asked);
                    break;
                case 5 when transfers.Count > 0: await shop.Does<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(new(transfers[dice.Next(transfers.Count)].Id), [new(1, dice.Next(0, 4))], More: true)); break;
                case 6 when transfers.Count > 0: await shop.Does<SettleTransfer, SettleTransfer.Request, DocumentRef>(new(new(transfers[dice.Next(transfers.Count)].Id), (TransferOutcome)dice.Next(2))); break;
                case 7 when receipts.Count > 0: await ValuationTests.Lands(shop, [receipts[dice.Next(receipts.Count)]], new LandCosts.Item(ChargeKind.Freight, new Money(dice.Next(-300, 900), Currency.Eur))); break;
                case 8: await shop.Counts($"{node}/STOCK", "MUG-BL", dice.Next(0, 15)); break;
                case 9: await shop.Does<WriteDown, WriteDown.Request, DocumentRef>(new([new("MUG-BL", UnitPrice.Of(dice.Next(1, 900) / 100m, Currency.Eur), apart && dice.Next(2) == 0 ? node : default(NodeCode?))], "what they bring")); break;
                case 10: await Values(shop, new(dice.Next(3) == 0 ? (CostingMethod)dice.Next(3) : method, null, "again", BySite: apart = dice.Next(4) > 0)); break;
            }

            if (dice.Next(6) == 0) await shop.Runs<TakeCheckpoints>();
            if (i % 10 == 9) await shop.Proves();
        }

        (await shop.Number("select count(*) from stock.move where carried > 0")).ShouldBeGreaterThan(1);
        await shop.Proves();
    }

    [Fact, Feature("AC-36")]
    public async Task Goods_go_both_ways_between_sites_and_are_sold_at_the_same_time()
    {
        await using var shop = await Shop.Open();
        await Apart(shop, CostingMethod.Fifo);
        await Receives(shop, "MAIN", 60, 2);
        await Receives(shop, "OVERFLOW", 60, 5);
        await Task.WhenAll(
            Task.Run(async () => { for (var i = 0; i < 8; i++) await Comes(shop, await Sends(shop, "OVERFLOW", "MAIN", 3)); }),
            Task.Run(async () => { for (var i = 0; i < 8; i++) await Comes(shop, await Sends(shop, "MAIN", "OVERFLOW", 2)); }),
            Task.Run(async () => { for (var i = 0; i < 8; i++) await shop.Ships(await shop.Takes(("MUG-BL", 2))); }));
        (await shop.Number("select sum(quantity)::bigint from stock.site_pool")).ShouldBe(104_000);
        (await shop.Balance("inventory") + await shop.Balance("cost-of-goods-sold")).ShouldBe(420_00);
        await shop.Proves();
    }

    private static Task Apart(Shop shop, CostingMethod method) => Values(shop, new(method, null, "rents and freight differ", BySite: true));

    private static Task<DocumentRef> Values(Shop shop, SetCosting.Request request) => shop.Must<SetCosting, SetCosting.Request, DocumentRef>(request);

    private static Task Standard(Shop shop, decimal cost, NodeCode site) => shop.Must<SetStandards, SetStandards.Request, DocumentRef>(new([new("MUG-BL", UnitPrice.Of(cost, Currency.Eur), site)], "prices of the year"));

    private static async Task<string> Receives(Shop shop, NodeCode node, int quantity, decimal cost, Sku? sku = null, string? lot = null)
    {
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        return (await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new ReceiveGoods.Receipt(node, [new(sku ?? "MUG-BL", quantity, UnitPrice.Of(cost, Currency.Eur), lot)])])))[0].Number;
    }

    private static async Task<DocumentRef> Sends(Shop shop, NodeCode from, NodeCode to, int quantity, Sku? sku = null)
    {
        var transfer = await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new(from, to, [new(sku ?? "MUG-BL", quantity)]));
        await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new(transfer.Id)));
        return transfer;
    }

    private static Task<DocumentRef> Comes(Shop shop, DocumentRef transfer) => shop.Must<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(new(transfer.Id)));

    private static Task<string> Pools(Shop shop) => shop.Text("select string_agg(node || transfer || ' ' || quantity / 1000 || ' ' || value, ', ' order by node, transfer) from stock.site_pool where quantity > 0");

    private static Task<string> Layers(Shop shop) => shop.Text("select string_agg(node || ' ' || open / 1000 || ' ' || value, ', ' order by node, transfer, value desc) from stock.cost_layer where open > 0");

    private static async Task<string> Worth(Shop shop, DateTimeOffset? at) => string.Join(", ", (await HistoryTests.At(shop, at))
        .OrderBy(r => r.Node.Text.Length == 0).ThenBy(r => r.Node).Select(r => r.Node.Text.Length == 0 ? $"on its way {r.Value!.Value.Amount:0.00}" : $"{r.Node} {r.OnHand} {r.Value!.Value.Amount:0.00}"));

    private static async Task<string> Day(Shop shop, DateTimeOffset at)
    {
        await using var scope = shop.Scope();
        var rows = await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<WorthAtList, WorthAtList.Row, WorthAtList.Args>(new(DateOnly.FromDateTime(at.UtcDateTime)), ViewQuery.All with { Size = 100 });
        return string.Join(", ", rows.Value.Rows.Where(r => !r.Value!.Value.IsZero).OrderBy(r => r.Place).ThenBy(r => r.Node).Select(r => $"{r.Place} {r.Node} {r.Value!.Value.Amount:0.00}"));
    }
}
