using Keel.Kernel;
using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Pricing.Promotions;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Tests.Messages;
using Keel.Tests.Sales;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stories;

/// A week of a promotion on an own site, two marketplaces and an account of a hotel, from two warehouses; on one day neither the gateway nor the mail server answers.
public class PromotionWeekStory
{
    [Fact, Feature("SN-01", "SN-02", "OM-24")]
    public async Task Nothing_is_oversold_lost_or_paid_twice_in_a_week_of_a_promotion()
    {
        await using var till = await Cashier.Open(validDays: 30);
        using var server = new SmtpServer();
        var shop = till.Shop;
        var week = new PromotionWeek(till, server, new Random(7));
        await week.Begins();

        for (var day = 0; day < 7; day++)
        {
            if (day is 3 or 5) await week.GoodsCome();
            await week.Orders(22);
            if (day == 4) await week.Outage();
            await week.MindsChange();
            await week.ParcelsLeave();
            await week.NothingIsOversold();
            shop.Clock.StepTo(Shop.Morning.AddDays(day + 1));
        }

        var afterwards = await week.OneMore();
        afterwards.Total!.Value.Minor.ShouldBe(9_99, "the promotion is over");
        await week.Settles();

        await week.NothingIsLost();
        await week.MoneyIsRight();
        await week.LettersAreSentOnce();
        await week.NothingIsOversold();
        await shop.Proves();
    }
}

/// What happens in the week, and what has to hold at its end.
internal sealed class PromotionWeek(Cashier till, SmtpServer server, Random random)
{
    private static readonly Contact Hotel = new("Hotel Zee BV", "front@zee.example", null, new PostalAddress("Zijlweg 12", null, "2013 DH", "Haarlem", null, "NL"));
    private static readonly Sku[] Goods = ["TEE-M", "MUG-BL", "BOWL", "THROW", "CANDLE"];
    private readonly List<CapturedOrder> all = [];
    private readonly Dictionary<Sku, long> came = [];

    private Shop Shop => till.Shop;

    public async Task Begins()
    {
        await Shop.Must<CreateChannel, CreateChannel.Request, Done>(new("plaza", "Plaza", ChannelKind.Marketplace, ["MAIN", "OVERFLOW"], Priority: 60));
        await Shop.Must<CreateChannel, CreateChannel.Request, Done>(new("trade", "Trade", ChannelKind.B2B, ["MAIN", "OVERFLOW"]));
        await Shop.Must<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(Hotel, PaymentTermsDays: 14, CreditLimit: new Money(400_00, Currency.Eur))]));
        await Shop.Must<SavePromotion, SavePromotion.Request, Saved[]>(
            new("week", "Ten per cent for a week", PromotionKind.Percent, "Mary", new DateOnly(2026, 3, 10), new DateOnly(2026, 3, 16), Percent: 10, Channels: "webshop"));
        await Shop.Chooses("customer-messages", new { channels = new[] { new { channel = "webshop" } } });
        await Shop.SetsMailServer(server.Port);
        await GoodsCome();
    }

    public async Task GoodsCome()
    {
        foreach (var sku in Goods)
        {
            await Comes(sku, 25, "MAIN");
            await Comes(sku, 10, "OVERFLOW");
        }

        await Shop.Delivers();
    }

    /// Orders of all channels; of the own site's most are paid by card, and some cards are refused. Marketplaces deliver in batches, and the last one twice.
    public async Task Orders(int many)
    {
        var (batch, cards) = (new List<NewOrder>(), new List<AuthorisePayments.Wanted>());
        for (var i = 0; i < many; i++)
        {
            Shop.Clock.Step(TimeSpan.FromMinutes(10));
            var channel = random.Next(10) switch { < 5 => "webshop", < 7 => "bazaar", < 9 => "plaza", _ => "trade" };
            var order = Shop.NewOrder(channel, [.. Goods.OrderBy(_ => random.Next()).Take(1 + random.Next(2)).Select(s => (s, 1 + random.Next(2)))]);
            if (channel is "bazaar" or "plaza") batch.Add(order);
            else all.Add((await Shop.Tries(channel == "trade" ? order with { Customer = Hotel } : order)).Value);
            if (channel == "webshop" && random.Next(8) > 0) cards.Add(new(all[^1].Id!.Value, "cards", "card", random.Next(8) == 0 ? "tok_declined" : "tok_fine"));
        }

        if (cards.Count > 0) (await Shop.Must<AuthorisePayments, AuthorisePayments.Request, IReadOnlyList<IntentAnswer>>(new(cards))).ShouldAllBe(a => a.Why == null);
        batch.Add(Shop.NewOrder("plaza", ("CANDLE", 1)));
        all.AddRange(await Captures(batch));
        (await Captures(batch)).ShouldAllBe(o => o.Duplicate);
        await Shop.Delivers();
        await Shop.Delivers();
    }

    /// For two hours the gateway breaks down and the mail server is full; people go on ordering and parcels leave. Then both are asked again.
    public async Task Outage()
    {
        (till.House.Faults.Broken, server.IsFull) = (int.MaxValue / 2, true);
        await Orders(6);
        await ParcelsLeave();
        (await Shop.Number("select count(*) from messages.mail where state = 'Waiting'")).ShouldBeGreaterThan(3);
        (await Unanswered()).ShouldBeGreaterThan(3);
        for (var i = 0; i < 2; i++) await till.Tends(TimeSpan.FromMinutes(30));

        (till.House.Faults.Broken, server.IsFull) = (0, false);
        for (var i = 0; i < 4; i++) await till.Tends(TimeSpan.FromHours(1));
        (await Shop.Number("select count(*) from messages.mail where state = 'Waiting'")).ShouldBe(0);
        (await Unanswered()).ShouldBe(0);
    }

    /// Customers cancel, want fewer or more, or pay by link what their card refused.
    public async Task MindsChange()
    {
        foreach (var order in (await In("status not in ('Shipped', 'Cancelled')")).Where(_ => random.Next(6) == 0))
        {
            if (random.Next(2) == 0) await Shop.Cancels(order);
            else if ((await Shop.Changes(order, [new(1, 1 + random.Next(3))])).Ok && await IsByCard(order)) await till.Asks(order);
        }

        foreach (var order in await In("status = 'OnHold' and hold = 'payment'"))
        {
            if (random.Next(2) == 0) await PaysByLink(order);
        }

        foreach (var told in till.House.Kept.TakeLast(12).OrderBy(_ => random.Next()).ToArray())
        {
            (await till.Hears(told.Body, till.House.Sign(told.Body, Shop.Clock.GetUtcNow()))).Status.ShouldBe(200);
        }

        await Shop.Delivers();
        await Shop.Delivers();
    }

    public async Task ParcelsLeave()
    {
        await Leave([.. (await In("status in ('Reserved', 'Backordered')")).Where(_ => random.Next(4) > 0)]);
        await Shop.Delivers();
    }

    public async Task<CapturedOrder> OneMore()
    {
        all.Add(await Shop.Takes(("CANDLE", 1)));
        return all[^1];
    }

    /// After the week: the rest of the goods comes, accounts are paid, what nobody pays is cancelled, all leaves, and marketplaces pay out.
    public async Task Settles()
    {
        foreach (var sku in Goods) await Comes(sku, 60, "MAIN");
        await Shop.Delivers();
        for (var i = 0; i < 30 && (await In("hold = 'credit'")).Length > 0; i++)
        {
            await ShipsAll();
            await Paid("channel = 'trade'", "bank");
            await Shop.Runs<CheckCreditJob>();
        }

        foreach (var order in await In("status = 'OnHold'")) (await Shop.Cancels(order)).Why.ShouldBeNull();
        await ShipsAll();
        for (var i = 0; i < 3; i++) await till.Tends(TimeSpan.FromHours(1));
        foreach (var order in await In("id in (select subject_id from kernel.work_case where kind = 'payment-refused' and state <> 'Closed')")) await PaysByLink(order);
        await Paid("channel in ('trade', 'bazaar', 'plaza')", "payout");
        await Paid("not exists (select from sales.payment_intent i where i.order_id = orders.id)", "bank");
        await Shop.Delivers();
        await Shop.Delivers();
    }

    /// What is promised and what has left is no more than what came, product by product, and each order that says it has its goods has them.
    public async Task NothingIsOversold()
    {
        foreach (var (sku, units) in came)
        {
            var left = await Shop.Number($"select coalesce(sum(shipped), 0)::bigint / 1000 from sales.order_line where sku = '{sku}'");
            var promised = await Shop.Number($"select coalesce(sum(open), 0)::bigint / 1000 from stock.reservation where sku = '{sku}'");
            (left + promised).ShouldBeLessThanOrEqualTo(units, sku.ToString());
            (await Shop.Number($"select coalesce(sum(on_hand), 0)::bigint / 1000 from stock.pub_position where sku = '{sku}'")).ShouldBe(units - left, sku.ToString());
        }

        (await Shop.Number("select count(*) from stock.pub_position where available < 0 or reserved > on_hand")).ShouldBe(0);
        (await Shop.Number(
            """
            select count(*) from sales.orders o where o.status = 'Reserved'
              and (select sum(l.quantity - l.shipped - l.cancelled) from sales.order_line l where l.order_id = o.id and l.sku is not null)
                <> (select coalesce(sum(r.open), 0) from stock.reservation r where r.document_id = o.id)
            """)).ShouldBe(0);
    }

    public async Task NothingIsLost()
    {
        all.Count.ShouldBeGreaterThanOrEqualTo(160);
        (await Shop.Number("select count(*) from sales.orders"), await Shop.Number("select count(distinct (channel, channel_number)) from sales.orders")).ShouldBe(((long)all.Count, (long)all.Count));
        foreach (var status in new[] { OrderStatus.Shipped, OrderStatus.Cancelled }) (await In($"status = '{status}'")).ShouldNotBeEmpty(status.ToString());
        (await Shop.Text("select string_agg(distinct status, ' ') from sales.orders where status not in ('Shipped', 'Cancelled')")).ShouldBe("");
        (await Shop.Number("select count(*) from sales.order_line where quantity <> shipped + cancelled")).ShouldBe(0);
        (await Shop.Text("select string_agg(distinct o.channel, ' ') from sales.order_discount d join sales.orders o on o.id = d.order_id")).ShouldBe("webshop", "the promotion is the own site's");
    }

    /// Order by order what came in is what was invoiced, and the gateway took what the books say; nothing is left on the accounts of customers and marketplaces.
    public async Task MoneyIsRight()
    {
        (await Shop.Text("select string_agg(number || ' ' || channel || ' ' || status || ' ' || paid || ' ' || invoiced, ', ') from sales.orders where paid <> invoiced")).ShouldBe("");
        (await Shop.Text("select string_agg(reference, ', ') from (select i.reference from sales.payment_intent i join sales.payment p on p.intent_id = i.id where p.kind = 'Captured' group by i.id, i.reference, i.captured having sum(p.amount) <> i.captured) as doubled")).ShouldBe("");
        till.House.Money.ShouldBe((await Shop.Number("select coalesce(sum(captured), 0)::bigint from sales.payment_intent"), await Shop.Number("select coalesce(sum(refunded), 0)::bigint from sales.payment_intent")));
        till.House.Money.Captured.ShouldBeGreaterThan(0);
        (await Shop.Text("select string_agg(kind || ' ' || sentence, ', ') from kernel.work_case where kind like '%payment%' and state <> 'Closed'")).ShouldBe("", "whoever did not pay was asked, and paid");
        foreach (var account in new[] { "customer-receivable", "marketplace-receivable", "customer-deposits", "suspense" }) (await Shop.Balance(account)).ShouldBe(0, account);
    }

    public async Task LettersAreSentOnce()
    {
        (await Shop.Text("select string_agg(distinct deliverer || ' ' || state || ' ' || coalesce(problem, ''), ', ') from kernel.outbox where state <> 'Done'")).ShouldBe("");
        (await Shop.Number("select count(*) from messages.mail where state <> 'Sent'")).ShouldBe(0);
        server.Taken.Count.ShouldBe((int)await Shop.Number("select count(*) from messages.mail"));
        server.Taken.Select(m => m.Split('\n').First(l => l.StartsWith("Message-ID", StringComparison.Ordinal))).ShouldBeUnique();
        (await Shop.Number("select count(*) from messages.mail where template = 'order-confirmed'"), await Shop.Number("select count(distinct subject_id) from messages.mail where template = 'order-confirmed'"))
            .ShouldBe((await Shop.Number("select count(*) from sales.orders where channel = 'webshop'"), await Shop.Number("select count(*) from sales.orders where channel = 'webshop'")));
    }

    private async Task Comes(Sku sku, int units, NodeCode node)
    {
        await Shop.Stocks(sku, units, node: node);
        came[sku] = came.GetValueOrDefault(sku) + units;
    }

    private async Task PaysByLink(CapturedOrder order)
    {
        if ((await till.Links(order)).Intent is not { } link) return;
        await till.House.PaysByLink(await till.NameOf(link));
        await till.Hears(till.House.Kept[^1]);
        await Shop.Delivers();
        await Shop.Delivers();
    }

    private Task<IReadOnlyList<CapturedOrder>> Captures(IReadOnlyList<NewOrder> batch) => Shop.Must<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new(batch));

    private async Task<IReadOnlyList<ShipOrders.Answer>> Leave(CapturedOrder[] orders) =>
        orders.Length == 0 ? [] : await Shop.Must<ShipOrders, ShipOrders.Request, IReadOnlyList<ShipOrders.Answer>>(new([.. orders.Select(o => o.Id!.Value.Value)]));

    private async Task ShipsAll()
    {
        (await Leave(await In("status in ('Reserved', 'Backordered', 'PartlyShipped', 'Released')"))).ShouldAllBe(a => a.Why == null);
        await Shop.Delivers();
        await Shop.Delivers();
    }

    /// Whoever pays without the gateway pays what is invoiced.
    private async Task Paid(string whose, string method)
    {
        foreach (var order in await In($"{whose} and paid < invoiced"))
        {
            await Shop.Pays(order, PaymentKind.Captured, await Shop.Number($"select invoiced - paid from sales.orders where id = '{order.Id}'"), method);
        }
    }

    private async Task<bool> IsByCard(CapturedOrder order) => await Shop.Number($"select count(*) from sales.payment_intent where order_id = '{order.Id}'") > 0;

    private Task<long> Unanswered() => Shop.Number("select count(*) from sales.payment_step a where state = 'Asked' and not exists (select from sales.payment_step f where f.wish = a.wish and f.state in ('Confirmed', 'Refused'))");

    private async Task<CapturedOrder[]> In(string those)
    {
        var ids = (await Shop.Text($"select coalesce(string_agg(id::text, ' ' order by number), '') from sales.orders where {those}")).Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        return [.. all.Where(o => ids.Contains(o.Id.ToString()!))];
    }
}
