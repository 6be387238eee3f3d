using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// What channels say of their orders in words of their own, and what becomes of orders that come again.
public class ChannelWordTests
{
    [Fact, Feature("OM-02")]
    public async Task A_word_that_nobody_knows_stops_the_order_until_it_has_a_meaning()
    {
        await using var shop = await Opened();

        var order = await Says(shop, "B-1", "Unshipped");
        (order.Status, order.Hold).ShouldBe((OrderStatus.OnHold, "unknown-status"));
        (await shop.Text($"select kind from kernel.work_case where subject_id = '{order.Id}'")).ShouldBe("order-unknown-status");
        (await shop.Rows<ChannelWordList, ChannelWordList.Row>("")).Single().ShouldSatisfyAllConditions(w => w.Word.ShouldBe("unshipped"), w => w.Means.ShouldBeNull(), w => w.Waiting.ShouldBe(1));

        await Means(shop, ("unshipped", WordMeans.Take));
        await shop.Delivers();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await shop.Number("select count(*) from kernel.work_case where state <> 'Closed'")).ShouldBe(0);
        (await Says(shop, "B-2", " UNSHIPPED ")).Status.ShouldBe(OrderStatus.Reserved, "capitals and blanks do not matter");
    }

    [Fact, Feature("OM-02", "OM-04")]
    public async Task An_order_that_is_not_final_waits_and_goes_on_when_its_channel_says_so_whatever_comes_late()
    {
        await using var shop = await Opened();
        await Means(shop, ("pending", WordMeans.Wait), ("unshipped", WordMeans.Take));
        var at = shop.Clock.GetUtcNow();

        var order = await Says(shop, "B-1", "Pending", at);
        (order.Status, order.Hold).ShouldBe((OrderStatus.OnHold, "pending"));
        var again = await Says(shop, "B-1", "Unshipped", at.AddMinutes(10));
        (again.Id, again.Duplicate).ShouldBe((order.Id, true));
        await shop.Delivers();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);

        await Says(shop, "B-1", "Pending", at.AddMinutes(5));
        await Says(shop, "B-1", "Unshipped", at.AddMinutes(10));
        await shop.Delivers();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved, "what is older than what is known changes nothing");
        (await shop.Text("select count(*) || ' ' || min(status) || ' ' || min(outcome) from sales.channel_news")).ShouldBe("1 Unshipped Followed");
        (await shop.Number("select count(*) from sales.orders")).ShouldBe(1);
    }

    [Fact, Feature("CH-33", "RT-25")]
    public async Task What_a_channel_cancels_is_cancelled_and_what_has_left_has_a_case()
    {
        await using var shop = await Opened();
        await Means(shop, ("canceled", WordMeans.Cancelled), ("cancelrequested", WordMeans.CancelAsked), ("unshipped", WordMeans.Take));
        var (one, two, three) = (await Says(shop, "B-1", "Unshipped"), await Says(shop, "B-2", "Unshipped"), await Says(shop, "B-3", "Unshipped"));
        await shop.Ships(two);

        shop.Clock.Step(TimeSpan.FromMinutes(1));
        await Says(shop, "B-1", "Canceled");
        await Says(shop, "B-2", "Canceled");
        await Says(shop, "B-3", "CancelRequested");
        await shop.Delivers();

        (await shop.StatusOf(one), await shop.StatusOf(two), await shop.StatusOf(three)).ShouldBe((OrderStatus.Cancelled, OrderStatus.Shipped, OrderStatus.Reserved));
        (await shop.Text($"select kind from kernel.work_case where subject_id = '{two.Id}'")).ShouldBe("cancelled-too-late");
        (await shop.Text($"select kind from kernel.work_case where subject_id = '{three.Id}'")).ShouldBe("cancel-asked");
        (await shop.Tries(Bazaar(shop, "B-4", "Canceled", null))).Error?.Code.ShouldBe("order.cancelled-there");
        await shop.Proves();
    }

    [Fact, Feature("OM-04")]
    public async Task The_same_order_stated_otherwise_is_one_order_with_its_versions_and_somebody_compares()
    {
        await using var shop = await Opened();
        var order = (await shop.Tries(Bazaar(shop, "B-1", null, null))).Value;
        (await shop.Tries(Bazaar(shop, "B-1", null, null))).Value.Duplicate.ShouldBeTrue();
        (await shop.Number("select count(*) from sales.channel_news")).ShouldBe(0, "the same said again is no news");

        shop.Clock.Step(TimeSpan.FromMinutes(1));
        var said = Bazaar(shop, "B-1", null, null);
        var more = said with { Lines = [said.Lines[0] with { Quantity = 3 }, said.Lines[0] with { Sku = "BOWL" }] };
        foreach (var _ in new[] { 1, 2 }) (await shop.Tries(more)).Value.ShouldSatisfyAllConditions(d => d.Duplicate.ShouldBeTrue(), d => d.Id.ShouldBe(order.Id));

        (await shop.Text("select position || ' ' || outcome || ': ' || changes::text from sales.channel_news")).ShouldBe("1 Asked: [\"line 1: 1 became 3 × MUG-BL\", \"line 2: 1 × BOWL is new\"]");
        (await shop.Text($"select sentence from kernel.work_case where kind = 'channel-changed'")).ShouldBe($"The channel states {order.Number} otherwise than before: line 1: 1 became 3 × MUG-BL; line 2: 1 × BOWL is new.");
        (await shop.Number("select count(*) from sales.order_line")).ShouldBe(1, "nothing is guessed");

        shop.Clock.Step(TimeSpan.FromMinutes(1));
        await shop.Tries(more with { Lines = [more.Lines[0]] });
        (await shop.Text("select changes->>0 from sales.channel_news where position = 2")).ShouldBe("line 2: 1 × BOWL is gone");
    }

    [Fact, Feature("OM-02")]
    public async Task What_left_from_elsewhere_is_promised_nothing_here()
    {
        await using var shop = await Opened();
        await Means(shop, ("shipped", WordMeans.Shipped));

        var order = await Says(shop, "B-1", "Shipped");

        (order.Status, order.Hold).ShouldBe((OrderStatus.OnHold, "shipped-elsewhere"));
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(0);
        await shop.Cancels(order);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Cancelled);
    }

    [Fact, Feature("OM-05", "OM-02")]
    public async Task What_was_doubtful_beside_is_looked_at_when_the_channel_has_made_it_final()
    {
        await using var shop = await Opened();
        await Means(shop, ("pending", WordMeans.Wait), ("unshipped", WordMeans.Take));
        await shop.Chooses(OrderChecks.Kind, new OrderChecks([new OrderCheck(CheckKind.ManyUnits, CheckEffect.Hold, ["bazaar"], Units: 1)]));
        var order = await Says(shop, "B-1", "Pending");

        shop.Clock.Step(TimeSpan.FromMinutes(1));
        await Says(shop, "B-1", "Unshipped");
        await shop.Delivers();

        (await shop.Text($"select status || ' ' || hold from sales.orders where id = '{order.Id}'")).ShouldBe("OnHold many-units");
        (await shop.Text("select string_agg(kind, ' ' order by kind) from kernel.work_case where state <> 'Closed'")).ShouldBe("order-many-units");
    }

    [Fact, Feature("OM-02", "OM-05")]
    public async Task What_is_not_final_goes_out_by_no_other_doubt_that_is_settled()
    {
        await using var shop = await Opened();
        await Means(shop, ("pending", WordMeans.Wait), ("unshipped", WordMeans.Take));
        var order = (await shop.Tries(Bazaar(shop, "B-1", "Pending", null) with { Total = new Money(1, Currency.Eur) })).Value;
        order.Hold.ShouldBe("total-mismatch");
        (await shop.Text("select string_agg(kind, ' ' order by kind) from kernel.work_case where state <> 'Closed'")).ShouldBe("order-pending order-total-mismatch");

        (await shop.Must<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([order.Id!.Value])))[0].Why!.ShouldContain("is not final yet");
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        await shop.Tries(Bazaar(shop, "B-1", "Unshipped", null) with { Total = new Money(1, Currency.Eur) });
        await shop.Delivers();

        (await shop.Text("select string_agg(kind, ' ' order by kind) from kernel.work_case where state <> 'Closed'")).ShouldBe("order-total-mismatch");
        (await shop.Must<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([order.Id!.Value])))[0].Status.ShouldBe(OrderStatus.Reserved);
    }

    [Fact, Feature("OM-04")]
    public async Task Of_several_statements_of_a_new_order_that_come_together_the_newest_counts()
    {
        await using var shop = await Opened();
        await Means(shop, ("canceled", WordMeans.Cancelled), ("unshipped", WordMeans.Take));
        var at = shop.Clock.GetUtcNow();

        var taken = await shop.Must<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new(
            [Bazaar(shop, "B-1", "Unshipped", at), Bazaar(shop, "B-1", "Canceled", at.AddMinutes(1)), Bazaar(shop, "B-2", "Unshipped", at), Bazaar(shop, "B-2", "Unshipped", at)]));

        taken.Take(2).Select(t => t.Refused?.Code).ShouldBe(["order.cancelled-there", "order.cancelled-there"]);
        (taken[2].Id, taken[3].Duplicate).ShouldBe((taken[3].Id, true));
    }

    [Fact, Feature("OM-04")]
    public async Task The_same_news_at_many_doors_at_once_is_heard_once()
    {
        await using var shop = await Opened();
        await Means(shop, ("unshipped", WordMeans.Take), ("canceled", WordMeans.Cancelled));
        var order = await Says(shop, "B-1", "Unshipped");
        shop.Clock.Step(TimeSpan.FromMinutes(1));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => shop.Tries(Bazaar(shop, "B-1", "Canceled", null))));
        await shop.Delivers();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Cancelled);
        (await shop.Number("select count(*) from sales.channel_news")).ShouldBe(1);
        await shop.Proves();
    }

    private static async Task<Shop> Opened()
    {
        var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 20);
        return shop;
    }

    private static NewOrder Bazaar(Shop shop, string number, string? word, DateTimeOffset? at) => shop.NewOrder("bazaar", ("MUG-BL", 1)) with { Number = number, Status = word, StatedAt = at };

    private static async Task<CapturedOrder> Says(Shop shop, string number, string word, DateTimeOffset? at = null) => (await shop.Tries(Bazaar(shop, number, word, at))).Value;

    private static Task Means(Shop shop, params (string Word, WordMeans Means)[] words) =>
        shop.Must<SetChannelWords, SetChannelWords.Request, Saved[]>(new([.. words.Select(w => new SetChannelWords.Item("bazaar", w.Word, w.Means))]));
}
