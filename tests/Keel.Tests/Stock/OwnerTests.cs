using Keel.Kernel;
using Keel.Sales;
using Keel.Stock;
using Keel.Stock.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Goods of others in our places: told apart everywhere, never ours until they are used, and owed to the cent from then on.
public class OwnerTests
{
    [Fact, Feature("IN-23")]
    public async Task Goods_of_a_supplier_lie_in_the_same_bin_and_are_in_no_pool_and_no_book()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 4, worth: 20_00);
        var owner = await Agrees(shop, ("MUG-BL", 3.10m));

        await Receives(shop, owner, ("MUG-BL", 10));

        (await shop.Position("MUG-BL")).OnHand.Units.ShouldBe(4);
        (await shop.Number($"select on_hand from stock.position where owner = '{owner}'")).ShouldBe(10_000);
        (await shop.Number("select count(*) from stock.level where location = 'MAIN/STOCK' and sku = 'MUG-BL' and on_hand > 0")).ShouldBe(2);
        (await shop.Number("select quantity from stock.cost_pool where sku = 'MUG-BL'")).ShouldBe(4_000);
        (await shop.Balance("inventory")).ShouldBe(20_00);
        await shop.Proves();
    }

    [Fact, Feature("IN-23", "AC-38")]
    public async Task What_is_shipped_of_a_consignment_is_ours_at_that_moment_at_the_agreed_cost()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 2, worth: 10_01);
        var owner = await Agrees(shop, ("MUG-BL", 3.335m));
        await Receives(shop, owner, ("MUG-BL", 10));
        var grni = await shop.Balance("goods-received-not-invoiced");

        var order = await shop.Takes(("MUG-BL", 5));
        order.Status.ShouldBe(OrderStatus.Reserved);
        await shop.Ships(order);

        // Two of our own at their whole cost, three of theirs at 3.335 each.
        (await shop.Balance("goods-in-transit") + await shop.Balance("cost-of-goods-sold")).ShouldBe(10_01 + 10_01);
        (await shop.Balance("inventory")).ShouldBe(0);
        (await shop.Balance("goods-received-not-invoiced") - grni).ShouldBe(-10_01);
        (await shop.Number("select sum(value) from stock.owner_use")).ShouldBe(10_01);
        (await shop.Number($"select on_hand from stock.position where owner = '{owner}'")).ShouldBe(7_000);
        await shop.Proves();
    }

    [Fact, Feature("IN-23")]
    public async Task Our_own_goods_are_promised_first_and_a_client_s_never()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 2);
        await Receives(shop, await Agrees(shop, ("MUG-BL", 3m)), ("MUG-BL", 2));
        await Receives(shop, await AgreesToKeep(shop), ("MUG-BL", 50));

        var order = await shop.Takes(("MUG-BL", 5));

        (await shop.Number("select sum(open) from stock.reservation where owner = 'own'")).ShouldBe(2_000);
        (await shop.Number("select sum(open) from stock.reservation where owner <> 'own'")).ShouldBe(2_000);
        (await shop.Number($"select quantity from stock.waiting where document_id = '{order.Id}'")).ShouldBe(1_000);
        await shop.Proves();
    }

    [Fact, Feature("IN-23")]
    public async Task Many_buyers_of_the_last_units_of_two_owners_are_never_promised_one_more()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 3);
        await Receives(shop, await Agrees(shop, ("MUG-BL", 3m)), ("MUG-BL", 4));

        var orders = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => shop.Takes(("MUG-BL", 1))));

        orders.Count(o => o.Status is OrderStatus.Reserved).ShouldBe(7);
        await Task.WhenAll(orders.Where(o => o.Status is OrderStatus.Reserved).Select(shop.Ships));
        (await shop.Number("select sum(on_hand) from stock.position where sku = 'MUG-BL'")).ShouldBe(0);
        (await shop.Number("select sum(value) from stock.owner_use")).ShouldBe(12_00);
        await shop.Proves();
    }

    [Fact, Feature("IN-23", "AC-38")]
    public async Task Goods_that_are_taken_over_are_received_where_they_lie_and_what_is_promised_is_not()
    {
        await using var shop = await Shop.Open();
        var owner = await Agrees(shop, ("MUG-BL", 3m));
        await Receives(shop, owner, ("MUG-BL", 10));
        await shop.Takes(("MUG-BL", 8));

        (await Takes(shop, owner, 5)).Error!.Code.ShouldBe("stock.owned-promised");
        var taken = await Takes(shop, owner, 2);

        taken.Ok.ShouldBeTrue(taken.Error?.Message);
        (await shop.Number("select quantity from stock.cost_pool where sku = 'MUG-BL'")).ShouldBe(2_000);
        (await shop.Balance("inventory")).ShouldBe(6_00);
        (await shop.Position("MUG-BL")).OnHand.Units.ShouldBe(2);
        await shop.Proves();
    }

    [Fact, Feature("IN-23", "AC-38")]
    public async Task A_statement_tells_each_move_once_and_what_is_told_late_stands_on_the_next()
    {
        await using var shop = await Shop.Open();
        var owner = await Agrees(shop, ("MUG-BL", 3m));
        await Receives(shop, owner, ("MUG-BL", 10));
        await Takes(shop, owner, 4);
        await States(shop, owner);

        shop.Clock.Step(TimeSpan.FromDays(1));
        await shop.Must<GiveBack, GiveBack.Request, DocumentRef>(new(owner, "MAIN", [new("MUG-BL", 1)]));
        await shop.Must<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/STOCK", "MUG-BL", 4, "count", Owner: owner)]));
        await shop.Must<ReceiveOwned, ReceiveOwned.Request, DocumentRef>(new(owner, "MAIN", [new("MUG-BL", 2)], HappenedAt: shop.Clock.GetUtcNow().AddDays(-1)));
        await States(shop, owner);

        (await shop.Text("select string_agg(opening || ' ' || came || ' ' || used || ' ' || given_back || ' ' || corrected || ' ' || l.owed, '; ' order by s.until_on) from stock.owner_statement s join stock.owner_statement_line l on l.statement_id = s.id"))
            .ShouldBe("0 10000 4000 0 0 1200; 6000 2000 0 1000 -1000 0");
        (await shop.Does<StateOwner, StateOwner.Request, DocumentRef>(new(owner))).Error!.Code.ShouldBe("stock.statement-stated");
        await shop.Proves();
    }

    [Fact, Feature("IN-23")]
    public async Task Two_statements_at_once_tell_nothing_twice()
    {
        await using var shop = await Shop.Open();
        var owner = await Agrees(shop, ("MUG-BL", 3m));
        await Receives(shop, owner, ("MUG-BL", 10));
        await Takes(shop, owner, 4);

        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => shop.Does<StateOwner, StateOwner.Request, DocumentRef>(new(owner))));

        made.Count(m => m.Ok).ShouldBe(1);
        (await shop.Number("select sum(owed) from stock.owner_statement")).ShouldBe(12_00);
        await shop.Proves();
    }

    [Fact, Feature("IN-23", "AC-38")]
    public async Task Ours_at_a_customer_s_is_on_hand_and_valued_until_it_is_used_there()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 6, worth: 30_01);
        await shop.Takes(("MUG-BL", 1));
        var customer = Guid.Parse(await shop.Text("select id from partners.partner where is_customer limit 1"));
        var place = await shop.Must<OpenCustomerPlace, OpenCustomerPlace.Request, LocationCode>(new(customer, "MAIN"));
        await shop.Must<MoveStock, MoveStock.Request, DocumentRef>(new([new("BOWL", "MAIN/STOCK", place, 4)]));

        var position = await shop.Position("BOWL");
        (position.OnHand.Units, position.Sellable.Units).ShouldBe((6m, 2m));
        (await shop.Balance("inventory")).ShouldBe(30_01);
        await shop.Must<UseAtCustomer, UseAtCustomer.Request, DocumentRef>(new(place, [new("BOWL", 3)]));

        (await shop.Balance("cost-of-goods-sold")).ShouldBe(30_01 - await shop.Balance("inventory"));
        (await shop.Number("select quantity from stock.cost_pool where sku = 'BOWL'")).ShouldBe(3_000);
        (await shop.Does<UseAtCustomer, UseAtCustomer.Request, DocumentRef>(new(place, [new("BOWL", 3)]))).Error!.Code.ShouldBe("stock.not-there");
        await shop.Proves();
    }

    [Fact, Feature("IN-23", "IN-18")]
    public async Task Serial_numbers_of_a_consignment_are_on_hand_once_and_follow_to_the_customer()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("LAMP", "Lamp", Tracking: Keel.Catalog.Contract.Tracking.Serial));
        var owner = await Agrees(shop, ("LAMP", 20m));
        await shop.Must<ReceiveOwned, ReceiveOwned.Request, DocumentRef>(new(owner, "MAIN", [new("LAMP", 2, "A1, A2")]));

        await shop.Ships(await shop.Takes(("LAMP", 1)));

        (await shop.Number("select sum(held) from stock.lot")).ShouldBe(1_000);
        (await shop.Text("select node from stock.lot_trail where step = 'Issued'")).ShouldBe("MAIN");
        await shop.Proves();
    }

    internal static async Task<string> Agrees(Shop shop, params (Sku Sku, decimal Cost)[] costs)
    {
        var supplier = await Partner(shop, "Kiln & Co");
        await shop.Must<AgreeOwner, AgreeOwner.Request, DocumentRef>(new(supplier.Id, Costs: [.. costs.Select(c => new AgreeOwner.Price(c.Sku, UnitPrice.Of(c.Cost, Currency.Eur)))]));
        return supplier.Number;
    }

    internal static Task<DocumentRef> Receives(Shop shop, string owner, params (Sku Sku, int Quantity)[] lines) =>
        shop.Must<ReceiveOwned, ReceiveOwned.Request, DocumentRef>(new(owner, "MAIN", [.. lines.Select(l => new ReceiveOwned.Line(l.Sku, l.Quantity))]));

    internal static async Task<string> AgreesToKeep(Shop shop)
    {
        var client = await Partner(shop, "Client");
        await shop.Must<AgreeOwner, AgreeOwner.Request, DocumentRef>(new(client.Id, OwnerKind.Client, PromisedWhen.Never));
        return client.Number;
    }

    private static Task<Result<DocumentRef>> Takes(Shop shop, string owner, int units) =>
        shop.Does<TakeOwnership, TakeOwnership.Request, DocumentRef>(new(owner, "MAIN", [new("MUG-BL", units)]));

    private static Task<DocumentRef> States(Shop shop, string owner) => shop.Must<StateOwner, StateOwner.Request, DocumentRef>(new(owner));

    internal static async Task<(Guid Id, string Number)> Partner(Shop shop, string name)
    {
        await using var command = shop.Source.CreateCommand(
            $"""
            insert into partners.partner (id, company_id, number, identity, is_customer, is_supplier, name, country, currency, payment_terms_days, created_at, changed_at, version)
            select gen_random_uuid(), '{shop.Company}', 'S-' || substr(md5('{name}'), 1, 6), 'test:{name}', false, true, '{name}', 'NL', 'EUR', 30, now(), now(), 1 on conflict (company_id, number) do update set changed_at = excluded.changed_at returning id, number
            """);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetGuid(0), reader.GetString(1));
    }
}
