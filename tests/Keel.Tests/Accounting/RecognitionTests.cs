using Keel.Accounting;
using Keel.Ledger;
using Keel.Ledger.Contract;
using Keel.Pricing.PriceLists;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests.Accounting;

public class RecognitionTests
{
    private static readonly object AtDelivery = new { rules = new[] { new { at = "delivery", channels = new[] { "webshop" } } } };

    [Fact, Feature("AC-40")]
    public async Task A_sale_that_counts_at_delivery_waits_on_the_balance_sheet_until_then()
    {
        await using var shop = await Opened();
        var order = await shop.Takes(("TEE-M", 2));
        await shop.Ships(order);

        (await shop.Balance("revenue"), await shop.Balance("cost-of-goods-sold")).ShouldBe((0, 0));
        (await shop.Balance("deferred-revenue"), await shop.Balance("goods-in-transit")).ShouldBe((-33_06, 10_00));
        (await shop.Balance("vat-payable"), await shop.Balance("customer-receivable")).ShouldBe((-6_94, 40_00));
        await shop.Proves();

        await shop.Delivers(order);

        (await shop.Balance("revenue"), await shop.Balance("cost-of-goods-sold")).ShouldBe((-33_06, 10_00));
        (await shop.Balance("deferred-revenue"), await shop.Balance("goods-in-transit")).ShouldBe((0, 0));
        (await shop.Number("select count(distinct e.id) from ledger.entry e join ledger.posting p on p.entry_id = e.id where p.account in ('revenue', 'cost-of-goods-sold')")).ShouldBe(1, "revenue and cost count together");
        await shop.Proves();
    }

    [Fact, Feature("AC-40")]
    public async Task Other_channels_and_orders_with_another_term_count_when_they_leave()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 20);
        await shop.Chooses(RevenueRecognition.Kind, new
        {
            rules = new object[] { new { at = "shipment", terms = new[] { "exw", "fca" } }, new { at = "delivery", channels = new[] { "webshop" } }, new { at = "delivery", terms = new[] { "dap" } } },
        });

        await shop.Ships(await shop.TakesFromBazaar(("TEE-M", 1)));
        (await shop.Balance("deferred-revenue")).ShouldBe(0, "no rule speaks of it");
        await shop.Ships((await shop.Tries(shop.NewOrder("webshop", ("TEE-M", 1)) with { DeliveryTerm = DeliveryTerm.Exw })).Value);
        (await shop.Balance("deferred-revenue")).ShouldBe(0, "the first rule that speaks decides");
        await shop.Ships((await shop.Tries(shop.NewOrder("bazaar", ("TEE-M", 1)) with { DeliveryTerm = DeliveryTerm.Dap })).Value);
        (await shop.Balance("deferred-revenue")).ShouldBe(-16_53);
        await shop.Proves();
    }

    [Fact, Feature("AC-40")]
    public async Task What_comes_back_before_it_was_delivered_never_counts()
    {
        await using var shop = await Opened();
        var order = await shop.Takes(("TEE-M", 3));
        await shop.Ships(order);

        await shop.Credits(order, line: 1, quantity: 1);

        (await shop.Balance("returns-and-allowances"), await shop.Balance("cost-of-goods-sold")).ShouldBe((0, 0));
        (await shop.Balance("goods-in-transit"), await shop.Balance("inventory")).ShouldBe((10_00, 40_00));
        await shop.Proves();

        await shop.Delivers(order);
        (await shop.Balance("cost-of-goods-sold"), await shop.Balance("goods-in-transit"), await shop.Balance("deferred-revenue")).ShouldBe((10_00, 0, 0));
        await shop.Credits(order, line: 1, quantity: 2);

        (await shop.Balance("cost-of-goods-sold"), await shop.Balance("inventory"), await shop.Balance("revenue") + await shop.Balance("returns-and-allowances")).ShouldBe((0, 50_00, 0));
        await shop.Proves();
    }

    [Fact, Feature("AC-40")]
    public async Task Of_two_parcels_the_delivered_one_comes_back_first()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 1);
        await shop.Stocks("TEE-M", onHand: 2, node: "OVERFLOW");
        await shop.Chooses(RevenueRecognition.Kind, AtDelivery);
        var order = await shop.Takes(("TEE-M", 3));
        await shop.Ships(order);
        var first = new Id<Shipment>(Guid.Parse(await shop.Text("select id from warehouse.shipment order by number limit 1")));
        await shop.Must<DeliverShipments, DeliverShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([first]));
        var waiting = await shop.Balance("goods-in-transit");

        await shop.Credits(order, line: 1, quantity: 1);

        (await shop.Balance("goods-in-transit")).ShouldBe(waiting);
        (await shop.Balance("returns-and-allowances")).ShouldBe(16_53);
        await shop.Credits(order, line: 1, quantity: 2);
        (await shop.Balance("inventory")).ShouldBe(15_00);
        await shop.Delivers(order);
        (await shop.Balance("revenue") + await shop.Balance("returns-and-allowances"), await shop.Balance("deferred-revenue"), await shop.Balance("goods-in-transit")).ShouldBe((0, 0, 0));
        await shop.Proves();
    }

    [Fact, Feature("AC-40")]
    public async Task A_sale_in_another_currency_counts_at_the_rate_at_which_it_waited()
    {
        await using var shop = await Opened();
        await shop.Must<CreateChannel, CreateChannel.Request, Done>(new("ny", "New York", ChannelKind.OwnShop, ["MAIN"], Currency: Currency.Of("USD")));
        await shop.Must<SetExchangeRate, SetExchangeRate.Request, Done>(new(Currency.Of("USD"), 0.9m, DateOnly.FromDateTime(Shop.Morning.UtcDateTime)));
        await shop.Chooses(RevenueRecognition.Kind, new { rules = new[] { new { at = "delivery" } } });
        await shop.Must<SavePriceList, SavePriceList.Request, Saved[]>(new("dollars", "Dollars", Currency.Of("USD"), Channel: "ny"));
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("dollars", [new("TEE-M", 24.20m)]));
        var order = (await shop.Tries(shop.NewOrder("ny", ("TEE-M", 1)))).Value;
        await shop.Ships(order);
        (await shop.Balance("deferred-revenue")).ShouldBe(-18_00);

        shop.Clock.Step(TimeSpan.FromDays(3));
        await shop.Must<SetExchangeRate, SetExchangeRate.Request, Done>(new(Currency.Of("USD"), 0.8m, DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime)));
        await shop.Delivers(order);

        (await shop.Balance("revenue"), await shop.Balance("deferred-revenue"), await shop.Balance("exchange-difference"), await shop.Balance("cost-of-goods-sold")).ShouldBe((-18_00, 0, 0, 5_00));
        await shop.Proves();
    }

    [Fact, Feature("AC-40", "OM-33")]
    public async Task A_delivery_is_told_once_and_only_of_what_has_left()
    {
        await using var shop = await Opened();
        var order = await shop.Takes(("TEE-M", 1));
        await shop.Releases(order);
        var shipment = new Id<Shipment>(Guid.Parse(await shop.Text("select id from warehouse.shipment")));

        (await Tells(shop, shipment)).Why!.ShouldContain("did not leave");
        await shop.Must<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([shipment]));
        (await shop.Does<DeliverShipments, DeliverShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([shipment], Shop.Morning.AddDays(1)))).Error.ShouldBe(DeliverShipments.InFuture);
        (await Tells(shop, shipment)).Status.ShouldBe(ShipmentStatus.Delivered);
        (await Tells(shop, shipment)).Why!.ShouldContain("already");

        (await shop.Balance("revenue")).ShouldBe(-16_53);
        (await shop.Number("select count(*) from warehouse.shipment where delivered_at is not null")).ShouldBe(1);
        var manual = await shop.Does<PostManualEntry, PostManualEntry.Request, PostManualEntry.Posted>(new(
            DateOnly.FromDateTime(Shop.Morning.UtcDateTime), "by hand", [new("goods-in-transit", Debit: new Money(1_00, Currency.Eur)), new("bank", Credit: new Money(1_00, Currency.Eur))]));
        manual.Error!.Code.ShouldBe(PostManualEntry.Controlled.Code);
    }

    private static async Task<ShipmentAnswer> Tells(Shop shop, Id<Shipment> shipment) =>
        (await shop.Must<DeliverShipments, DeliverShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([shipment])))[0];

    private static async Task<Shop> Opened()
    {
        var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 10);
        await shop.Chooses(RevenueRecognition.Kind, AtDelivery);
        return shop;
    }
}
