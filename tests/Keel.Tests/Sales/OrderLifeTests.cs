using System.Text.Json;
using Keel.Sales;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

public class OrderLifeTests
{
    [Fact, Feature("OM-05", "EX-05")]
    public async Task What_passes_goes_on_by_itself_and_what_does_not_stops_in_its_queue()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);

        var good = await shop.TakesFromBazaar(("TEE-M", 1));
        var odd = await shop.TakesFromBazaar(("NOBODY-KNOWS", 1));

        good.Status.ShouldBe(OrderStatus.Reserved);
        odd.Status.ShouldBe(OrderStatus.OnHold);
        odd.Hold.ShouldBe("unknown-sku");
        var queued = await shop.Text($"select kind || ' ' || severity || ' ' || owner || ' ' || (due_at - opened_at) from kernel.work_case where subject_id = '{odd.Id}' and state = 'Open'");
        queued.ShouldBe("order-unknown-sku High channel-manager 04:00:00");
    }

    [Fact, Feature("OM-05", "EX-07")]
    public async Task A_line_that_nobody_could_read_is_named_and_the_order_goes_on_as_if_it_had_come_so()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        await shop.Stocks("MUG-BL", onHand: 5);
        var odd = (await shop.Tries(shop.NewOrder("bazaar", ("TEE-M", 1), ("CUP-3", 2)) is var said ? said with { Lines = [said.Lines[0], said.Lines[1] with { Price = UnitPrice.Of(11m, Currency.Eur) }] } : said)).Value;
        odd.Hold.ShouldBe("unknown-sku");
        (await Confirms(shop, odd))[0].Why!.ShouldBe("There is no product CUP-3. Create it in the catalogue first.");

        (await shop.Does<ResolveLines, ResolveLines.Request, Done>(new(odd.Id!.Value, [new(2, "NOPE")]))).Error!.Message.ShouldBe("There is no product NOPE. Create it in the catalogue first.");
        (await shop.Does<ResolveLines, ResolveLines.Request, Done>(new(odd.Id!.Value, [new(1, "TEE-M")]))).Error.ShouldBe(ResolveLines.NoLine);
        await shop.Must<ResolveLines, ResolveLines.Request, Done>(new(odd.Id!.Value, [new(2, "MUG-BL")]));

        (await shop.Text($"select string_agg(kind || ' ' || sku || ' ' || quantity / 1000 || ' ' || gross, ', ' order by line) from sales.order_line where order_id = '{odd.Id}'")).ShouldBe("Goods TEE-M 1 2000, Goods MUG-BL 2 2200");
        (await shop.Text($"select net + tax || ' ' || gross || ' ' || units / 1000 from sales.orders where id = '{odd.Id}'")).ShouldBe("4200 4200 3");
        (await Confirms(shop, odd))[0].Status.ShouldBe(OrderStatus.Reserved);
        await shop.Ships(odd);
        await shop.Proves();
    }

    [Fact, Feature("OM-05", "OM-46")]
    public async Task What_the_channel_calls_it_is_read_by_itself_as_soon_as_it_is_known_or_somebody_takes_what_is_not_sold()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        var odd = await shop.TakesFromBazaar(("CUP-3", 1));
        await shop.Sells(new("CUP-3", "Cup"));
        var again = (await Confirms(shop, odd))[0];
        (await shop.Text($"select coalesce(sku, description) from sales.order_line where order_id = '{odd.Id}'")).ShouldBe("CUP-3");
        again.Status.ShouldBe(OrderStatus.Backordered);

        await shop.Sells(new("OLD", "Old cup", Lifecycle: Keel.Catalog.Contract.Lifecycle.Retired));
        var old = await shop.TakesFromBazaar(("OLD", 1));
        old.Hold.ShouldBe("product-not-sold");
        (await Confirms(shop, old))[0].Status.ShouldBe(OrderStatus.Backordered);
        await shop.Proves();
    }

    [Fact, Feature("EX-01")]
    public async Task An_order_without_an_address_goes_on_only_when_somebody_has_entered_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        var order = (await shop.Tries(shop.NewOrder("webshop", ("TEE-M", 1)) with { ShipTo = null, Customer = new("Nina Park", "nina@example.org", null, null) })).Value;
        order.Hold.ShouldBe("address");

        (await Confirms(shop, order))[0].Why!.ShouldContain("no address");
        var abroad = await shop.Does<ChangeAddress, ChangeAddress.Request, Done>(new(order.Id!.Value, new("Rue 1", null, "75001", "Paris", null, "FR")));
        abroad.Error!.Code.ShouldBe("order.other-country");
        (await shop.Does<ChangeAddress, ChangeAddress.Request, Done>(new(order.Id!.Value, new("Kade 1", null, "4501 KB", "Havenmond", null, "NL")))).Ok.ShouldBeTrue();
        (await Confirms(shop, order))[0].Status.ShouldBe(OrderStatus.Reserved);

        await shop.Ships(order);
        (await shop.Does<ChangeAddress, ChangeAddress.Request, Done>(new(order.Id!.Value, new("Kade 2", null, "4501 KB", "Havenmond", null, "NL")))).Error.ShouldBe(ChangeAddress.TooLate);
    }

    private static async Task<IReadOnlyList<ConfirmOrders.Answer>> Confirms(Shop shop, CapturedOrder order) =>
        (await shop.Does<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([order.Id!.Value]))).Value;

    [Fact, Feature("EX-05")]
    public async Task A_case_is_closed_once_with_what_was_done_about_it()
    {
        await using var shop = await Shop.Open();
        var odd = await shop.TakesFromBazaar(("NOBODY-KNOWS", 1));
        var id = new Id<Keel.Kernel.Case>(Guid.Parse(await shop.Text($"select id from kernel.work_case where subject_id = '{odd.Id}'")));

        (await shop.Does<CloseCase, CloseCase.Request, Done>(new(id, "mapped to TEE-M"))).Ok.ShouldBeTrue();
        (await shop.Does<CloseCase, CloseCase.Request, Done>(new(id, "mapped again"))).Error.ShouldBe(CloseCase.Gone);

        (await shop.Text($"select resolution || ' by ' || closed_by from kernel.work_case where id = '{id}'")).ShouldBe("mapped to TEE-M by Keel");
    }

    [Fact, Feature("OM-46")]
    public async Task A_marketplace_order_that_is_short_is_kept_and_queued_never_refused()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 1);

        var taken = await shop.Tries(shop.NewOrder("bazaar", ("TEE-M", 3)) with { IfShort = IfShort.Refuse });

        taken.Value.Status.ShouldBe(OrderStatus.Backordered);
        taken.Value.Promised.Sum(p => p.Quantity).ShouldBe(1);
        (await shop.Number($"select count(*) from kernel.work_case where kind = 'stock-conflict' and subject_id = '{taken.Value.Id}' and state = 'Open'")).ShouldBe(1);
    }

    [Fact, Feature("OM-33")]
    public async Task Every_milestone_has_its_time()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        var order = await shop.Takes(("TEE-M", 1));
        var orders = new[] { order.Id!.Value.Value };

        await Later<ReleaseOrders, ReleaseOrders.Request, IReadOnlyList<ReleaseOrders.Answer>>(shop, new(orders));
        var shipment = new[] { new Id<Shipment>(Guid.Parse(await shop.Text($"select id from warehouse.shipment where order_id = '{order.Id}'"))) };
        await Later<PickShipments, PickShipments.Request, IReadOnlyList<ShipmentAnswer>>(shop, new(shipment));
        await Later<PackShipments, PackShipments.Request, IReadOnlyList<ShipmentAnswer>>(shop, new(shipment));
        await Later<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(shop, new(shipment));

        var stamps = await shop.Text(
            $"""
            select string_agg(to_char(t at time zone 'UTC', 'HH24:MI'), ' ' order by n)
            from sales.orders o join warehouse.shipment s on s.order_id = o.id
              cross join lateral (values (1, o.confirmed_at), (2, o.reserved_at), (3, o.released_at), (4, s.picked_at), (5, s.packed_at), (6, s.shipped_at), (7, o.shipped_at)) v (n, t)
            where o.id = '{order.Id}'
            """);
        stamps.ShouldBe("08:00 08:00 09:00 10:00 11:00 12:00 12:00");
    }

    [Fact, Feature("IN-05")]
    public async Task Where_goods_are_set_aside_by_hand_nothing_else_sets_them_aside()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        (await shop.Does<SetPolicy, SetPolicy.Request, int>(new(ReservationTiming.Kind, JsonSerializer.SerializeToElement(new { when = "ByHand" }), "operations"))).Ok.ShouldBeTrue();
        var order = await shop.Takes(("TEE-M", 2));

        await shop.Does<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([order.Id!.Value], "customer calls back"));
        var confirmed = await shop.Does<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([order.Id!.Value]));
        confirmed.Value[0].Status.ShouldBe(OrderStatus.Confirmed);
        (await shop.Position("TEE-M")).Reserved.ShouldBe(0);

        var reserved = await shop.Does<ReserveOrders, ReserveOrders.Request, IReadOnlyList<ReserveOrders.Answer>>(new([order.Id!.Value]));
        reserved.Value[0].Status.ShouldBe(OrderStatus.Reserved);
        (await shop.Position("TEE-M")).Reserved.ShouldBe(2);
    }

    [Fact, Feature("IN-05")]
    public async Task An_order_that_was_stopped_keeps_its_goods_and_goes_on_with_them()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 2);
        var order = await shop.Takes(("TEE-M", 2));

        await shop.Does<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([order.Id!.Value], "address is odd"));
        (await shop.Position("TEE-M")).Reserved.ShouldBe(2);
        var confirmed = await shop.Does<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([order.Id!.Value]));

        confirmed.Value[0].Status.ShouldBe(OrderStatus.Reserved);
        (await shop.Position("TEE-M")).Reserved.ShouldBe(2);
    }

    [Fact, Feature("SE-13")]
    public async Task What_Keel_decides_names_the_rule_its_version_and_its_owner()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 2, node: "OVERFLOW");
        (await shop.Does<SetPolicy, SetPolicy.Request, int>(new(Sourcing.Kind, JsonSerializer.SerializeToElement(new { maySplit = false }), "head of operations"))).Ok.ShouldBeTrue();

        var order = await shop.Takes(("TEE-M", 1));

        var why = await shop.Text(
            $"""
            select d.sentence || ' ' || p.kind || ' ' || p.version || ' ' || p.owner || ' by ' || l.actor_name
            from kernel.decision d join kernel.policy p on p.company_id = d.company_id and p.kind = d.policy and p.version = d.policy_version join kernel.operation_log l on l.id = d.operation
            where d.subject_id = '{order.Id}'
            """);
        why.ShouldBe("OVERFLOW was chosen because it is the first node of the channel that has everything. sourcing 1 head of operations by Keel");
    }

    private static async Task Later<TOperation, TRequest, TAnswer>(Shop shop, TRequest request) where TRequest : notnull
    {
        shop.Clock.Step(TimeSpan.FromHours(1));
        (await shop.Does<TOperation, TRequest, TAnswer>(request)).Ok.ShouldBeTrue();
    }
}
