using Keel.Sales;
using Keel.Pricing.Promotions;
using Keel.Stock;
using Keel.Tests.Printing;
using Keel.Warehouse;

namespace Keel.Tests;

/// Shops as they are in the middle of a day.
internal static class Days
{
    /// Orders in every state, goods in and out, a count that took promises back, a correction that waits for a yes, a rule that acted.
    public static async Task Busy(Shop shop)
    {
        await shop.Stocks("TEE-M", 40, worth: 400_00);
        await shop.Stocks("MUG-BL", 6, worth: 36_60, node: "OVERFLOW");
        await shop.Stocks("BOWL", 30, worth: 290_00);
        await shop.Stocks("CANDLE", 12, worth: 40_00);
        var shipped = await shop.Takes(("TEE-M", 2), ("BOWL", 1));
        await shop.Ships(shipped);
        var card = await shop.Must<IssueGiftCard, IssueGiftCard.Request, IssueGiftCard.Answer>(new(new Keel.Kernel.Money(50_00, Keel.Kernel.Currency.Eur), "cash", "till 1"));
        var spent = await shop.Takes(("TEE-M", 3), ("MUG-BL", 2));
        await shop.Must<RedeemVoucher, RedeemVoucher.Request, RedeemVoucher.Answer>(new(spent.Id!.Value, card.Code, new Keel.Kernel.Money(10_00, Keel.Kernel.Currency.Eur)));
        for (var i = 0; i < 8; i++) await shop.Takes(("BOWL", 1 + (i % 3)), ("TEE-M", 1));
        await shop.TakesFromBazaar(("THROW", 4), ("CANDLE", 2));
        var released = await shop.Takes(("CANDLE", 3), ("BOWL", 2), ("TEE-M", 1));
        await shop.Does<ReleaseOrders, ReleaseOrders.Request, IReadOnlyList<ReleaseOrders.Answer>>(new([released.Id!.Value.Value]));
        var held = await shop.Takes(("TEE-M", 1));
        await shop.Does<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([held.Id!.Value], "the customer rang: wait for the second order"));
        var cancelled = await shop.Takes(("TEE-M", 1));
        await shop.Cancels(cancelled);
        await shop.Counts("MAIN/STOCK", "BOWL", 12);
        var sent = await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("OVERFLOW", "MAIN", [new("MUG-BL", 3), new("CANDLE", 5)], Reason: "sold out at the main site"));
        await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new Id<Transfer>(sent.Id), ExpectedOn: DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime.AddDays(2))));
        await shop.Does<NumberInvoices, NumberInvoices.Request, int>(new());
        var hotel = await Sales.QuoteTests.Customer(shop);
        await Sales.QuoteTests.Writes(shop, hotel, null, new SaveQuote.Item("BOWL", 3));
        await Sales.QuoteTests.Sends(shop, await Sales.QuoteTests.Writes(shop, hotel, null, new SaveQuote.Item("BOWL", 2)));
        await shop.HasPrinter("Office");
        await shop.Routes("invoice", "Office");
        await shop.Prints("invoice", await shop.Text("select id from sales.invoice limit 1"));
        await shop.Prints("shipping-label", await shop.Text("select id from warehouse.shipment where status = 'Shipped' limit 1"));
        await shop.Prints("product-label", "MUG-BL");
        await shop.Chooses("approvals", new { rules = new[] { new { operation = "stock.adjust", levels = new[] { new { permission = "kernel.approvals.decide" } } } } });
        await shop.Asks<AdjustStock>(new AdjustStock.Request([new("MAIN/STOCK", "TEE-M", 20, "count")]), shop.By(await shop.Person("Piet", "store")));
        await shop.Makes(RuleShop.StopsLarge("20 EUR"));
        await shop.Takes(("TEE-M", 2));
        await shop.Must<SavePromotion, SavePromotion.Request, Saved[]>(new("welcome", "Welcome", PromotionKind.Percent, "Mary", DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime), Percent: 5, NeedsCoupon: true));
        await shop.Must<AddCoupons, AddCoupons.Request, Saved[]>(new([new("welcome", "WELCOME")]));
        await PaysThroughGateway(shop);
        await Warehouse.SupplierOrderTests.Sells(shop, "THROW");
        await shop.Must<SaveSubscription, SaveSubscription.Request, SaveSubscription.Answer>(new("webshop", hotel, [new("CANDLE", 6)], DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime), 1, SubscriptionPeriod.Months));
        await shop.Runs<RunSubscriptionsJob>();
        await Sales.MakingTests.Makes(shop, "BOWL", 3);
        await shop.Takes(("BOWL", 90));
        var from = DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime);
        var agreed = await Sales.BlanketOrderTests.Agrees(shop, hotel, null, from.AddDays(200), new SaveBlanketOrder.Item("CANDLE", 60));
        await Sales.BlanketOrderTests.Calls(shop, agreed, from, 3, 4, ("CANDLE", 6));
        await shop.Must<CorrectStoreCredit, CorrectStoreCredit.Request, CorrectStoreCredit.Answer>(new(hotel, new Money(10_00, Currency.Eur), "late parcel"));
        await shop.Follows();
    }

    /// A gateway that nobody can reach was asked for one payment and has promised another.
    private static async Task PaysThroughGateway(Shop shop)
    {
        await shop.Must<SetPaymentGateway, SetPaymentGateway.Request, Done>(new("cards", "Cards", "http://127.0.0.1:9", "key", "secret"));
        var (asked, promised) = (await shop.Takes(("TEE-M", 1)), await shop.Takes(("TEE-M", 2)));
        await shop.Must<AuthorisePayments, AuthorisePayments.Request, IReadOnlyList<IntentAnswer>>(new([new(asked.Id!.Value, "cards", "card", "tok"), new(promised.Id!.Value, "cards", "card", "tok")]));
        var (all, part, none) = (promised.Total!.Value, new Money(10_00, Currency.Eur), Money.Zero(Currency.Eur));
        await shop.Must<BookGatewayAnswer, BookGatewayAnswer.Request, Done>(new(Guid.Parse(await shop.Text($"select wish from sales.payment_step where order_id = '{promised.Id}'")), WishState.Confirmed,
            new GatewayState("pi_1", "requires_capture", 2, all, all, all - part, part, none, null, null, null), null));
    }
}
