using Keel.Sales;
using Keel.Stock;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Goods that are to come: announced, promised from, changed, received.
public class SupplyTests
{
    private static readonly DateOnly Today = new(2026, 3, 10);

    [Fact, Feature("IN-02", "IN-35")]
    public async Task What_is_to_come_is_promisable_from_its_day_and_who_waits_knows_when()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 2);
        var order = await shop.Takes(("MUG-BL", 5));
        order.Status.ShouldBe(OrderStatus.Backordered);

        await Announces(shop, "MUG-BL", 10, 7);

        (await Expected(shop, order)).ShouldBe("2026-03-17");
        (await OnDay(shop, "MUG-BL", 0)).ShouldBe(0);
        (await OnDay(shop, "MUG-BL", 7)).ShouldBe(7, "ten come and three of them are waited for");
        await using var scope = shop.Scope();
        var curve = (await scope.ServiceProvider.GetRequiredService<StockDesk>().PromiseCurves(["MUG-BL"], 90)).Single(c => c.Node == "MAIN");
        curve.Steps.ShouldBe([new PromiseStep(Today, 0), new PromiseStep(Today.AddDays(7), 7)]);
        await shop.Proves();
    }

    [Fact, Feature("IN-35")]
    public async Task A_supply_that_comes_later_or_never_is_told_to_who_was_promised_from_it()
    {
        await using var shop = await Shop.Open();
        var supply = await Announces(shop, "MUG-BL", 10, 7);
        var order = await shop.Takes(("MUG-BL", 5));
        await shop.Runs<ExpectSuppliesJob>();
        (await Expected(shop, order)).ShouldBe("2026-03-17");

        await shop.Must<ChangeSupply, ChangeSupply.Request, Done>(new(supply.Id, "the ship is late", Today.AddDays(14)));
        (await Expected(shop, order)).ShouldBe("2026-03-24");
        (await shop.Text("select sentence from kernel.work_case where kind = 'supply-late'")).ShouldContain("5 × MUG-BL on 2026-03-24 instead of 2026-03-17 (SU-2026-000001: the ship is late)");

        await shop.Must<ChangeSupply, ChangeSupply.Request, Done>(new(supply.Id, "by air", Today.AddDays(5)));
        (await shop.Text("select state from kernel.work_case where kind = 'supply-late'")).ShouldBe("Closed", "it comes as it was told");

        await shop.Must<WithdrawSupplies, WithdrawSupplies.Request, Done>(new([supply.Id], "the factory burnt down"));
        (await Expected(shop, order)).ShouldBe("");
        (await shop.Number("select count(*) from kernel.work_case where kind = 'supply-late' and state = 'Open'")).ShouldBe(1);
        (await shop.Does<ChangeSupply, ChangeSupply.Request, Done>(new(supply.Id, "too late", Today.AddDays(20)))).Error?.Code.ShouldBe("stock.supply-unknown");
        await shop.Proves();
    }

    [Fact, Feature("IN-35", "EX-02")]
    public async Task A_supply_whose_day_has_passed_is_promised_to_nobody_and_its_buyer_is_told_once()
    {
        await using var shop = await Shop.Open();
        var supply = await Announces(shop, "MUG-BL", 10, 3);
        var order = await shop.Takes(("MUG-BL", 5));
        await shop.Runs<ExpectSuppliesJob>();

        shop.Clock.Step(TimeSpan.FromDays(4));
        await shop.Runs<ExpectSuppliesJob>();
        (await shop.Text("select owner from kernel.work_case where kind = 'supply-overdue'")).ShouldBe("buyer");
        (await Expected(shop, order)).ShouldBe("");
        (await OnDay(shop, "MUG-BL", 30)).ShouldBe(0);
        var runs = await shop.Number("select count(*) from kernel.operation_log where operation = 'stock.expect'");
        await shop.Runs<ExpectSuppliesJob>();
        (await shop.Number("select count(*) from kernel.operation_log where operation = 'stock.expect'")).ShouldBe(runs, "nothing is logged where nothing has changed");

        await shop.Must<ChangeSupply, ChangeSupply.Request, Done>(new(supply.Id, "next week", Today.AddDays(11)));
        (await shop.Text("select state from kernel.work_case where kind = 'supply-overdue'")).ShouldBe("Closed");
        (await Expected(shop, order)).ShouldBe("2026-03-21");
    }

    [Fact, Feature("IN-35", "IN-02")]
    public async Task Goods_that_come_are_taken_off_what_is_to_come_and_serve_who_waits()
    {
        await using var shop = await Shop.Open();
        var supply = await Announces(shop, "MUG-BL", 10, 3);
        var order = await shop.Takes(("MUG-BL", 5));

        await Receives(shop, "MUG-BL", 4, supply.Number);
        await shop.Delivers();
        (await shop.Number("select open from stock.supply")).ShouldBe(6000);
        (await shop.Number("select quantity from stock.waiting")).ShouldBe(1000, "four of five are promised now");
        await shop.Proves();

        await Receives(shop, "MUG-BL", 8, supply.Number);
        await shop.Delivers();
        (await shop.Number("select open from stock.supply")).ShouldBe(0);
        (await shop.Number("select received from stock.supply")).ShouldBe(12_000, "more may come than was announced");
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await shop.Number("select count(*) from stock.waiting")).ShouldBe(0);
        await shop.Proves();

        (await TriesToReceive(shop, "BOWL", 1, supply.Number)).ShouldBe("stock.supply-unknown");
        var other = await Announces(shop, "MUG-BL", 3, 3);
        (await TriesToReceive(shop, "BOWL", 1, other.Number)).ShouldBe("stock.supply-other");
    }

    [Fact, Feature("IN-35", "IN-15")]
    public async Task What_is_on_its_way_between_sites_is_promisable_at_the_receiver_from_its_arrival()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10, node: "OVERFLOW");
        var transfer = await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("OVERFLOW", "MAIN", [new("MUG-BL", 12)], Today.AddDays(9)));
        (await OnDay(shop, "MUG-BL", 9)).ShouldBe(10, "ten of twelve are promised to it at the sender");
        (await OnDay(shop, "MUG-BL", 8)).ShouldBe(0);

        await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new Id<Transfer>(transfer.Id), [new(1, 6)], Today.AddDays(4), TransferRest.GivenUp));
        (await OnDay(shop, "MUG-BL", 3)).ShouldBe(0);
        (await OnDay(shop, "MUG-BL", 4)).ShouldBe(6);
        (await shop.Position("MUG-BL")).Available.ShouldBe(0, "nothing is there yet");
        (await shop.Number("select count(*) from stock.waiting")).ShouldBe(0, "the rest was given up");
    }

    [Fact, Feature("IN-35")]
    public async Task What_makes_no_sense_is_refused_with_what_to_do()
    {
        await using var shop = await Shop.Open();
        (await Tries(shop, new("MUG-BL", "MARS", 1, Today))).ShouldBe("stock.node-unknown");
        (await Tries(shop, new("NOTHING", "MAIN", 1, Today))).ShouldBe("stock.sku-unknown");
        (await Tries(shop, new("MUG-BL", "MAIN", 1, Today.AddDays(-1)))).ShouldBe("stock.supply-past");
        (await Tries(shop, new("MUG-BL", "MAIN", 1, Today, SupplyKind.Transfer))).ShouldBe("stock.supply-transfer");
        (await Tries(shop, new("MUG-BL", "MAIN", Quantity.Of(1.5m), Today))).ShouldBe("stock.not-whole");
        (await shop.Number("select count(*) from stock.supply")).ShouldBe(0);
    }

    [Fact, Feature("IN-12", "IN-35")]
    public async Task Who_waits_is_known_however_orders_come_and_go()
    {
        await using var shop = await Shop.Open();
        var dice = new Random(5);
        var orders = new List<CapturedOrder>();
        for (var turn = 0; turn < 40; turn++)
        {
            switch (dice.Next(7))
            {
                case 0: await shop.Stocks("MUG-BL", 1 + dice.Next(4), node: dice.Next(2) == 0 ? "MAIN" : "OVERFLOW"); break;
                case 1: await shop.Counts("MAIN/STOCK", "MUG-BL", dice.Next(4)); break;
                case 2 when orders.Count > 0: await shop.Cancels(orders[dice.Next(orders.Count)]); break;
                case 3 when orders.Count > 0: await shop.Ships(orders[dice.Next(orders.Count)]); break;
                case 4: await shop.Delivers(); break;
                default: orders.Add(dice.Next(3) == 0 ? await shop.TakesFromBazaar(("MUG-BL", 1 + dice.Next(4))) : await shop.Takes(("MUG-BL", 1 + dice.Next(4)), ("BOWL", 1))); break;
            }
        }

        await shop.Delivers();
        await shop.Proves();
        (await shop.Number("select count(*) from stock.waiting")).ShouldBeGreaterThan(0);
    }

    [Fact, Feature("IN-12", "OP-13")]
    public async Task A_house_that_is_brought_up_to_date_knows_who_waits_and_for_which_channel_goods_are_promised()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 4);
        await shop.Takes(("MUG-BL", 3), ("BOWL", 2));
        await shop.TakesFromBazaar(("MUG-BL", 5));
        await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", [new("MUG-BL", 2)]));
        const string Known = "select string_agg(document_number || ' ' || line || ' ' || coalesce(channel, '-') || ' ' || sku || ' ' || nodes || ' ' || quantity || ' ' || rank, ', ' order by document_number, line) from stock.waiting";
        var before = await shop.Text(Known);
        await shop.Text("delete from stock.waiting");
        await shop.Text("update stock.reservation set channel = null");
        (await shop.Differences()).ShouldContain("sales.waiting-is-open");

        var stock = await File.ReadAllTextAsync(Path.Combine(Tidy.Root, "src", "Stock", "Migrations", "012_promises.sql"));
        await using (var command = shop.Source.CreateCommand(stock[stock.IndexOf("-- Who waited before", StringComparison.Ordinal)..])) await command.ExecuteNonQueryAsync();
        await using (var command = shop.Source.CreateCommand(await File.ReadAllTextAsync(Path.Combine(Tidy.Root, "src", "Sales", "Migrations", "007_who_waits.sql")))) await command.ExecuteNonQueryAsync();

        (await shop.Text(Known)).ShouldBe(before);
        (await shop.Text("select string_agg(distinct channel, ',' order by channel) from stock.reservation where kind = 'Order'")).ShouldBe("bazaar,webshop");
        await shop.Proves();
    }

    internal static async Task<DocumentRef> Announces(Shop shop, Sku sku, int quantity, int inDays, NodeCode? node = null, SupplyKind kind = SupplyKind.Purchase) =>
        (await shop.Must<AnnounceSupplies, AnnounceSupplies.Request, IReadOnlyList<DocumentRef>>(
            new([new(sku, node ?? "MAIN", quantity, DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime).AddDays(inDays), kind)])))[0];

    internal static async Task<Quantity> OnDay(Shop shop, Sku sku, int inDays, NodeCode? node = null)
    {
        await using var scope = shop.Scope();
        var all = await scope.ServiceProvider.GetRequiredService<StockDesk>().Promisable([sku], DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime).AddDays(inDays));
        return all.SingleOrDefault(p => p.Node == (node ?? "MAIN")).Quantity;
    }

    private static async Task<string?> Tries(Shop shop, AnnounceSupplies.Item item) =>
        (await shop.Does<AnnounceSupplies, AnnounceSupplies.Request, IReadOnlyList<DocumentRef>>(new([item]))).Error?.Code;

    private static Task<string> Expected(Shop shop, CapturedOrder order) => shop.Text($"select expected_on::text from stock.waiting where document_id = '{order.Id}'");

    private static Task<IReadOnlyList<DocumentRef>> Receives(Shop shop, Sku sku, int quantity, string supply) => shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(
        new([new("MAIN", [new(sku, quantity, new UnitPrice(5_000_000, Currency.Eur), Supply: supply)])]));

    private static async Task<string?> TriesToReceive(Shop shop, Sku sku, int quantity, string supply) => (await shop.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(
        new([new("MAIN", [new(sku, quantity, new UnitPrice(5_000_000, Currency.Eur), Supply: supply)])]))).Error?.Code;
}
