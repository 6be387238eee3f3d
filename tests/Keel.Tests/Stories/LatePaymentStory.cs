using Keel.Kernel;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Simulators;
using Keel.Tests.Sales;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stories;

/// The money comes when the goods are gone, or when nobody wants them any more. It is counted once, and nothing is sold twice.
public class LatePaymentStory
{
    [Fact, Feature("OM-24", "OM-47")]
    public async Task A_payment_that_comes_after_the_goods_went_to_somebody_else_lets_the_order_wait_for_the_next_ones()
    {
        await using var till = await Cashier.Open();
        var shop = till.Shop;
        await KeepsForADay(shop);
        var (late, link) = await Unpaid(till, mugs: 2);
        await shop.Stocks("MUG-BL", 1);
        (await shop.Position("MUG-BL")).ShouldSatisfyAllConditions(p => p.Reserved.ShouldBe(2), p => p.Available.ShouldBe(1));

        // The day is over: what was kept for it is for everybody again, and somebody takes all of it.
        shop.Clock.Step(TimeSpan.FromHours(25));
        await shop.Runs<LetGoHeldJob>();
        await shop.Delivers();
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(0);
        (await shop.StatusOf(late)).ShouldBe(OrderStatus.OnHold, "it still waits for its money");
        var other = await shop.Takes(("MUG-BL", 3));
        other.Status.ShouldBe(OrderStatus.Reserved);

        await PaysLateAndTwice(till, link);
        (await shop.StatusOf(late)).ShouldBe(OrderStatus.Backordered);
        (await till.Paid(late), await till.Facts(late, "Captured"), till.House.Charges).ShouldBe((2420, 1, 1));
        (await shop.Position("MUG-BL")).ShouldSatisfyAllConditions(p => p.Reserved.ShouldBe(3), p => p.Available.ShouldBe(0));
        (await till.CasesOf(late)).ShouldNotContain("order-payment");
        await shop.Proves();

        await shop.Ships(other);
        await shop.Stocks("MUG-BL", 2);
        await shop.Delivers();
        (await shop.StatusOf(late)).ShouldBe(OrderStatus.Reserved, "goods that come go to it by themselves");
        await shop.Ships(late);
        await shop.Delivers();

        (await shop.StatusOf(late)).ShouldBe(OrderStatus.Shipped);
        (await till.Paid(late), till.House.Money, await shop.Number("select on_hand from stock.pub_position where sku = 'MUG-BL' and node = 'MAIN'")).ShouldBe((2420, (2420L, 0L), 0));
        (await shop.Number($"select count(*) from sales.invoice where order_id = '{late.Id}'")).ShouldBe(1);
        await shop.Proves();
    }

    [Fact, Feature("OM-24", "OM-47")]
    public async Task A_payment_that_comes_after_new_goods_came_has_its_order_reserved_again()
    {
        await using var till = await Cashier.Open();
        var shop = till.Shop;
        await KeepsForADay(shop);
        var (late, link) = await Unpaid(till, mugs: 2);
        shop.Clock.Step(TimeSpan.FromHours(25));
        await shop.Runs<LetGoHeldJob>();
        var other = await shop.Takes(("MUG-BL", 2));
        await shop.Stocks("MUG-BL", 5);
        await shop.Delivers();

        await PaysLateAndTwice(till, link);

        (await shop.StatusOf(late), await shop.StatusOf(other)).ShouldBe((OrderStatus.Reserved, OrderStatus.Reserved));
        (await shop.Position("MUG-BL")).ShouldSatisfyAllConditions(p => p.Reserved.ShouldBe(4), p => p.Available.ShouldBe(3));
        (await till.Paid(late), await till.Facts(late, "Captured"), till.House.Charges).ShouldBe((2420, 1, 1));
        await shop.Proves();
    }

    [Fact, Feature("OM-24", "OM-47")]
    public async Task The_last_goods_go_to_one_of_two_when_the_payment_comes_in_the_moment_in_which_another_orders()
    {
        await using var till = await Cashier.Open();
        var shop = till.Shop;
        await KeepsForADay(shop);
        var (late, link) = await Unpaid(till, mugs: 2);
        shop.Clock.Step(TimeSpan.FromHours(25));
        await till.House.PaysByLink(await till.NameOf(link));
        var told = till.House.Kept[^1];
        var order = shop.NewOrder("webshop", ("MUG-BL", 2));

        var heard = Enumerable.Range(0, 3).Select(_ => till.Hears(told)).ToArray();
        var letGo = shop.Runs<LetGoHeldJob>();
        var taken = shop.Tries(order);
        await Task.WhenAll([.. heard, letGo, taken]);
        await shop.Delivers();
        await shop.Delivers();

        (await Task.WhenAll(heard)).Count(h => h.Result == "booked").ShouldBe(1);
        OrderStatus[] both = [await shop.StatusOf(late), await shop.StatusOf((await taken).Value)];
        both.Order().ShouldBe(new[] { OrderStatus.Reserved, OrderStatus.Backordered }.Order());
        (await shop.Position("MUG-BL")).ShouldSatisfyAllConditions(p => p.Reserved.ShouldBe(2), p => p.Available.ShouldBe(0));
        (await till.Paid(late), till.House.Charges).ShouldBe((2420, 1));
        await shop.Proves();
    }

    [Fact, Feature("OM-24")]
    public async Task A_payment_that_comes_after_the_cancellation_is_a_deposit_that_somebody_pays_back()
    {
        await using var till = await Cashier.Open();
        var shop = till.Shop;
        var (late, link) = await Unpaid(till, mugs: 2);
        await till.House.PaysByLink(await till.NameOf(link));
        await till.House.CaptureByHand(await till.NameOf(link), 2420);
        till.House.Faults.Broken = 1;
        (await shop.Cancels(late)).Cancelled.ShouldBeTrue();
        await shop.Delivers();

        await TellsAllTwice(till);
        await till.Tends(TimeSpan.FromMinutes(5));

        (await shop.StatusOf(late)).ShouldBe(OrderStatus.Cancelled);
        (await till.Paid(late), await till.Facts(late, "Captured")).ShouldBe((2420, 1));
        (await till.CasesOf(late)).ShouldBe("payment-late");
        (await shop.Text($"select sentence from kernel.work_case where kind = 'payment-late'")).ShouldContain("24.20 EUR came for " + late.Number);
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(0, "money alone brings no order back");
        await shop.Proves();

        (await till.Refunds(link)).ShouldBeNull();
        (await till.Paid(late), till.House.Money).ShouldBe((0, (2420L, 2420L)));
        await shop.Proves();
    }

    private static async Task KeepsForADay(Shop shop)
    {
        await shop.Chooses(HeldOrders.Kind, new HeldOrders([new HoldTerm("payment", KeepsHours: 24)]));
        await shop.Chooses(PaymentCapture.Kind, new { when = "AtOrder" });
    }

    /// An order whose card was refused: it waits with its goods, and its customer has a link to pay by.
    private static async Task<(CapturedOrder Order, Id<PaymentIntent> Link)> Unpaid(Cashier till, int mugs)
    {
        var order = await till.Orders(mugs);
        await till.Authorises(order, "tok_declined");
        (await till.Shop.StatusOf(order)).ShouldBe(OrderStatus.OnHold);
        return (order, (await till.Links(order)).Intent!.Value);
    }

    /// The customer pays by the link, the gateway tells it four minutes later, and again; what follows from it is told twice, too.
    private static async Task PaysLateAndTwice(Cashier till, Id<PaymentIntent> link)
    {
        await till.House.PaysByLink(await till.NameOf(link));
        var told = till.House.Kept[^1];
        till.Shop.Clock.Step(TimeSpan.FromMinutes(4));
        (await till.Hears(told)).ShouldBe(new(200, "booked"));
        (await till.Hears(told)).ShouldBe(new(200, "known"));
        await till.Shop.Delivers();
        await till.Shop.Delivers();
        await TellsAllTwice(till);
        await till.Shop.Delivers();
    }

    /// The gateway tells all that ever was again, the last first, signed anew.
    private static async Task TellsAllTwice(Cashier till)
    {
        foreach (var told in till.House.Kept.Concat(till.House.Kept).Reverse().ToArray())
        {
            (await till.Hears(told.Body, till.House.Sign(told.Body, till.Shop.Clock.GetUtcNow()))).Status.ShouldBe(200);
        }
    }
}
