using Keel.Accounting;
using Keel.Pricing.PriceLists;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stories;

public class OnAccountStory
{
    [Fact, Feature("AC-27", "AC-40", "OM-01")]
    public async Task A_shop_buys_on_account_delivered_and_pays_in_two_parts()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("CANDLE", onHand: 100, worth: 300_00);
        await shop.Must<CreateChannel, CreateChannel.Request, Done>(new("b2b", "Wholesale", ChannelKind.B2B, ["MAIN"], PricesIncludeTax: false));
        await shop.Must<SavePriceList, SavePriceList.Request, Saved[]>(new("wholesale", "Wholesale", Currency.Eur, IncludesTax: false, Channel: "b2b"));
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("wholesale", [new("CANDLE", 5)]));
        await shop.Chooses(RevenueRecognition.Kind, new { rules = new[] { new { at = "delivery", terms = new[] { "dap", "ddp" } } } });

        var order = (await shop.Tries(shop.NewOrder("b2b", ("CANDLE", 40)) with { DeliveryTerm = DeliveryTerm.Dap })).Value;
        order.Total!.Value.Minor.ShouldBe(242_00);
        await shop.Releases(order);
        await shop.Ships(order);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Released, "what is on the floor leaves by its shipment");
        await shop.Must<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([new Id<Shipment>(Guid.Parse(await shop.Text("select id from warehouse.shipment")))]));
        (await shop.Balance("customer-receivable"), await shop.Balance("revenue"), await shop.Balance("deferred-revenue"), await shop.Balance("goods-in-transit")).ShouldBe((242_00, 0, -200_00, 120_00));

        shop.Clock.Step(TimeSpan.FromDays(2));
        await shop.Delivers(order);
        (await shop.Balance("revenue"), await shop.Balance("cost-of-goods-sold"), await shop.Balance("goods-in-transit")).ShouldBe((-200_00, 120_00, 0));

        await shop.Pays(order, PaymentKind.Captured, 100_00, "bank-transfer");
        (await shop.Number("select open_amount from ledger.open_item where document_kind = 'invoice'")).ShouldBe(142_00);
        await shop.Pays(order, PaymentKind.Captured, 142_00, "bank-transfer");
        (await shop.Pays(order, PaymentKind.Captured, 142_00, "bank-transfer")).Why!.ShouldContain("booked before");
        (await shop.Balance("customer-receivable"), await shop.Balance("bank")).ShouldBe((0, 242_00));
        await shop.Proves();
    }
}
