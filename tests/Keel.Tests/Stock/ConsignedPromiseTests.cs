using Keel.Catalog.Contract;
using Keel.Sales;
using Keel.Stock;
using Keel.Stock.Contract;
using Keel.Tests.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Goods of consignors in what is offered and promised, now and for later days: what is shown is what is promised, whoever owns it.
public class ConsignedPromiseTests
{
    private static readonly DateOnly Today = new(2026, 3, 10);

    [Fact, Feature("IN-23", "IN-09", "IN-13")]
    public async Task Rings_are_asked_once_for_our_own_goods_and_those_of_a_consignor()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 2);
        await OwnerTests.Receives(shop, await OwnerTests.Agrees(shop, ("MUG-BL", 3m)), ("MUG-BL", 5));
        (await Offer(shop, "webshop")).ShouldBe((7, 7, null));

        await Sets(shop, new SetRings.Item(RingKind.Dedicated, "bazaar", Quantity: 3), new(RingKind.Safety, Sku: "MUG-BL", Quantity: 1));

        (await Offer(shop, "webshop")).ShouldBe((7, 3, "1 are safety stock, 3 are kept for bazaar"));
        (await Offer(shop, "bazaar")).ShouldBe((7, 3, "bazaar has 3 of its own and no others"));
        var order = await shop.Takes(("MUG-BL", 5));
        (await Promised(shop, order)).ShouldBe("own 2, theirs 1");
        (await shop.Number("select sum(quantity) from stock.waiting")).ShouldBe(2_000);
        (await Offer(shop, "webshop")).Quantity.ShouldBe(0);
        (await Promised(shop, await shop.TakesFromBazaar(("MUG-BL", 4)))).ShouldBe("theirs 3", "its ring counts what it was promised of whoever's goods");
        (await Offer(shop, "bazaar")).Quantity.ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("IN-23", "IN-02", "IN-35")]
    public async Task What_a_consignor_announces_is_promised_from_its_day_and_comes_as_theirs()
    {
        await using var shop = await Shop.Open();
        var owner = await OwnerTests.Agrees(shop, ("MUG-BL", 3m));
        await OwnerTests.Receives(shop, owner, ("MUG-BL", 4));
        (await SupplyTests.OnDay(shop, "MUG-BL", 0)).ShouldBe(4);
        var order = await shop.Takes(("MUG-BL", 6));

        var supply = await Announces(shop, owner, 10, 7);

        (await shop.Text("select expected_on::text from stock.waiting")).ShouldBe("2026-03-17");
        (await SupplyTests.OnDay(shop, "MUG-BL", 7)).ShouldBe(8, "ten come and two of them are waited for");
        await using (var scope = shop.Scope())
        {
            var curve = (await scope.ServiceProvider.GetRequiredService<StockDesk>().PromiseCurves(["MUG-BL"], 90)).Single(c => c.Node == "MAIN");
            curve.Steps.ShouldBe([new PromiseStep(Today, 0), new PromiseStep(Today.AddDays(7), 8)]);
        }

        var ours = await shop.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new("MUG-BL", 10, UnitPrice.Of(3m, Currency.Eur), Supply: supply.Number)])]));
        (ours.Error!.Code, ours.Error.Message).ShouldBe(("stock.supply-owner", $"{supply.Number} was announced as goods of {owner}. Leave it out, or receive them as theirs."));
        await shop.Must<ReceiveOwned, ReceiveOwned.Request, DocumentRef>(new(owner, "MAIN", [new("MUG-BL", 10, Supply: supply.Number)]));
        await shop.Delivers();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await shop.Number("select open from stock.supply")).ShouldBe(0);
        (await SupplyTests.OnDay(shop, "MUG-BL", 7)).ShouldBe(8);
        (await shop.Does<AnnounceSupplies, AnnounceSupplies.Request, IReadOnlyList<DocumentRef>>(new([new("MUG-BL", "MAIN", 1, Today.AddDays(2), Owner: "nobody")]))).Error!.Code.ShouldBe("stock.owner-unknown");
        await shop.Proves();
    }

    [Fact, Feature("IN-23", "IN-02")]
    public async Task Who_is_no_order_waits_for_our_own_goods_while_an_order_is_told_the_day_of_theirs()
    {
        await using var shop = await Shop.Open();
        var owner = await OwnerTests.Agrees(shop, ("MUG-BL", 3m));
        await Announces(shop, owner, 10, 3);
        await SupplyTests.Announces(shop, "MUG-BL", 4, 8);
        var transfer = await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", [new("MUG-BL", 4)]));
        await shop.Runs<ExpectSuppliesJob>();
        (await shop.Text($"select expected_on::text from stock.waiting where document_id = '{transfer.Id}'")).ShouldBe("2026-03-18", "what comes on the 13th is not ours to send");

        var order = await shop.Takes(("MUG-BL", 11));
        await shop.Runs<ExpectSuppliesJob>();

        (await shop.Text($"select expected_on::text from stock.waiting where document_id = '{order.Id}'")).ShouldBe("2026-03-18", "ten of theirs, and one of ours as the stronger claim");
        (await shop.Text($"select expected_on::text from stock.waiting where document_id = '{transfer.Id}'")).ShouldBe("", "three of ours are left of the four that it wants");
        await shop.Proves();
    }

    [Fact, Feature("IN-23", "IN-37")]
    public async Task Whole_kits_are_made_of_our_own_components_and_a_consignor_s()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("GIFT", "Gift"));
        await KitTests.Says(shop, "GIFT", KitKind.Virtual, ("MUG-BL", 2), ("BOWL", 1));
        await shop.Stocks("MUG-BL", 3);
        await shop.Stocks("BOWL", 9);
        await OwnerTests.Receives(shop, await OwnerTests.Agrees(shop, ("MUG-BL", 3m)), ("MUG-BL", 4));

        var order = await shop.Takes(("GIFT", 5));

        order.Promised.ShouldBe([new PromisedLine(1, "MAIN", 3)]);
        (await Promised(shop, order)).ShouldBe("own 6, theirs 3", "three bowls and three mugs of ours, three mugs of theirs");
        (await shop.Ships(order)).Why.ShouldBeNull();
        (await shop.Number("select sum(quantity) from stock.owner_use")).ShouldBe(3_000);
        await shop.Proves();
    }

    [Theory, Feature("IN-13", "IN-23", "IN-09")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_a_channel_is_shown_is_what_it_gets_whatever_rings_and_owners_there_are(int seed)
    {
        var dice = new Random(seed);
        await using var shop = await Shop.Open();
        var owner = await OwnerTests.Agrees(shop, ("MUG-BL", 3m));
        await shop.Stocks("MUG-BL", 1 + dice.Next(20));
        await OwnerTests.Receives(shop, owner, ("MUG-BL", 1 + dice.Next(20)));
        for (var round = 0; round < 8; round++)
        {
            var kind = (RingKind)dice.Next(6);
            var channel = kind is RingKind.Safety ? null : dice.Next(2) == 0 ? "webshop" : "bazaar";
            await shop.Does<SetRings, SetRings.Request, Done>(new([new(kind, channel is null ? default(ChannelCode?) : Code.Parse<ChannelCode>(channel), Quantity: kind is RingKind.Share ? default(Quantity?) : 1 + dice.Next(12), Percent: kind is RingKind.Share ? 10 + dice.Next(80) : default(int?))]));
            ChannelCode asks = dice.Next(2) == 0 ? "webshop" : "bazaar";
            var shown = (await Offer(shop, asks)).Quantity;

            var wanted = 1 + dice.Next(12);
            var order = asks == "bazaar" ? await shop.TakesFromBazaar(("MUG-BL", wanted)) : await shop.Takes(("MUG-BL", wanted));

            (await shop.Number($"select coalesce(sum(open), 0) from stock.reservation where document_id = '{order.Id}'")).ShouldBe(Math.Min(wanted, (int)shown.Units) * 1_000, $"round {round}: {asks} was shown {shown}");
        }

        await shop.Proves();
    }

    private static async Task<DocumentRef> Announces(Shop shop, string owner, int quantity, int inDays) =>
        (await shop.Must<AnnounceSupplies, AnnounceSupplies.Request, IReadOnlyList<DocumentRef>>(new([new("MUG-BL", "MAIN", quantity, Today.AddDays(inDays), Owner: owner)])))[0];

    private static async Task<(Quantity Available, Quantity Quantity, string? Kept)> Offer(Shop shop, ChannelCode channel)
    {
        await using var scope = shop.Scope();
        var one = (await scope.ServiceProvider.GetRequiredService<StockDesk>().Offers(channel, [(Sku)"MUG-BL"], ["MAIN"])).Single();
        return (one.Available, one.Quantity, one.Kept);
    }

    private static Task<string> Promised(Shop shop, CapturedOrder order) => shop.Text(
        $"select string_agg(who || ' ' || open / 1000, ', ' order by who) from (select case owner when 'own' then 'own' else 'theirs' end as who, sum(open)::bigint as open from stock.reservation where document_id = '{order.Id}' and open > 0 group by 1) r");

    private static Task<Done> Sets(Shop shop, params SetRings.Item[] rings) => shop.Must<SetRings, SetRings.Request, Done>(new(rings));
}
