using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Approvals;

/// Much at once: what needs a yes waits by itself, and several decisions are one click with an answer each.
public class ManyApprovalsTests
{
    [Fact, Feature("AP-03")]
    public async Task Of_many_credits_the_large_ones_wait_one_by_one_and_the_rest_is_done()
    {
        await using var shop = await Shop.Open();
        int[] quantities = [1, 2, 1, 3];
        var orders = await Shipped(shop, quantities);
        await Limit(shop, "sales.credit-orders", await Gross(shop, orders[1]));
        var clerk = await shop.Person("Sanne", "service", "finance");

        var answers = await Credits(shop, clerk, "monday", [.. orders.Select((o, i) => Credit(o, quantities[i]))]);

        answers.Value.Count(a => a.CreditNote is not null).ShouldBe(2);
        answers.Value.Where(a => a.CreditNote is null).Select(a => a.Order).ShouldBe([orders[1].Id!.Value, orders[3].Id!.Value]);
        answers.Value.Where(a => a.CreditNote is null).ShouldAllBe(a => a.Why!.Contains("It waits for somebody"));
        (await shop.Number("select count(*) from kernel.approval where state = 'Waiting'")).ShouldBe(2);
        (await shop.Number("select count(*) from sales.invoice where is_credit")).ShouldBe(2);

        var again = await Credits(shop, clerk, "monday", [.. orders.Select((o, i) => Credit(o, quantities[i]))]);
        again.Value.Count.ShouldBe(4);
        (await shop.Number("select count(*) from kernel.approval")).ShouldBe(2);

        var boss = await shop.Person("Anna", "administrator");
        var decided = await Decide(shop, boss, approve: true);
        decided.ShouldAllBe(d => d.State == ApprovalState.Approved);
        await shop.Delivers();
        (await shop.Number("select count(*) from sales.invoice where is_credit")).ShouldBe(4);
        await shop.Proves();
    }

    [Fact, Feature("AP-03")]
    public async Task To_cut_a_credit_in_pieces_is_no_way_around_the_limit_and_what_is_refused_anyway_asks_nobody()
    {
        await using var shop = await Shop.Open();
        var orders = await Shipped(shop, 2, 2);
        await Limit(shop, "sales.credit-orders", await Gross(shop, orders[0]));
        var clerk = await shop.Person("Sanne", "service", "finance");

        var answers = await Credits(shop, clerk, null, Credit(orders[0], 1, "a"), Credit(orders[0], 1, "b"), Credit(orders[1], 5, "c"));

        (await shop.Number("select count(*) from sales.invoice where is_credit")).ShouldBe(0);
        (await shop.Number("select count(*) from kernel.approval")).ShouldBe(1);
        answers.Value.Single(a => a.Order == orders[1].Id!.Value).Why!.ShouldContain("only 2");
    }

    [Fact, Feature("AP-01", "AP-17")]
    public async Task Several_are_decided_at_once_each_with_its_own_answer()
    {
        await using var shop = await Shop.Open();
        var orders = await Shipped(shop, 1, 1, 1);
        await Limit(shop, "sales.credit-orders", 1);
        var (clerk, boss) = (await shop.Person("Sanne", "service", "finance"), await shop.Person("Anna", "administrator"));
        await Credits(shop, clerk, null, Credit(orders[0]), Credit(orders[1]));
        await Credits(shop, boss, null, Credit(orders[2]));
        var looked = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        var first = new Id<Approval>(Guid.Parse(await shop.Text($"select id::text from kernel.approval where requester_name = 'Sanne' order by id limit 1")));
        (await shop.Does<DecideApproval, DecideApproval.Request, ApprovalState>(new(first, 1, false, "not so"), shop.By(await shop.Person("Bea", "administrator")))).Ok.ShouldBeTrue();

        var said = await Decide(shop, boss, approve: true, looked);

        said.Select(s => s.Why).Order().ShouldBe([null, DecideApproval.Own.Message, "This request is refused already."]);
        (await shop.Number("select count(*) from kernel.approval_decision where verdict = 'Approved' and reason = 'as agreed'")).ShouldBe(1);
    }

    [Fact, Feature("AP-17")]
    public async Task What_was_said_since_the_list_was_read_is_looked_at_again()
    {
        await using var shop = await Shop.Open();
        var orders = await Shipped(shop, 1);
        await shop.Chooses("approvals", new { rules = new[] { new { operation = "sales.credit-orders", levels = new[] { new { permission = "kernel.approvals.decide" }, new { permission = "kernel.approvals.decide" } } } } });
        await Credits(shop, await shop.Person("Sanne", "service", "finance"), null, Credit(orders[0]));
        var looked = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        await Decide(shop, await shop.Person("Anna", "administrator"), approve: true);

        var late = await Decide(shop, await shop.Person("Bea", "administrator"), approve: true, looked);

        late.Single().Why.ShouldBe(DecideApproval.Changed.Message);
        (await shop.Text("select state || ' ' || level from kernel.approval")).ShouldBe("Waiting 1");
    }

    private static async Task<List<CapturedOrder>> Shipped(Shop shop, params int[] quantities)
    {
        await shop.Stocks("TEE-M", 20);
        var orders = new List<CapturedOrder>();
        foreach (var quantity in quantities)
        {
            orders.Add(await shop.Takes(("TEE-M", quantity)));
            await shop.Ships(orders[^1]);
        }

        return orders;
    }

    private static Task Limit(Shop shop, string operation, long minor) => shop.Chooses(
        "approvals", new { rules = new[] { new { operation, from = new { amount = minor / 100m, currency = "EUR" }, levels = new[] { new { permission = "kernel.approvals.decide" } } } } });

    private static Task<long> Gross(Shop shop, CapturedOrder order) => shop.Number($"select gross from sales.orders where id = '{order.Id}'");

    private static CreditOrders.Credit Credit(CapturedOrder order, int quantity = 0, string? reference = null) =>
        new(order.Id!.Value, [new CreditOrders.Part(1, quantity == 0 ? 1 : quantity)], "came back", reference);

    private static Task<Result<IReadOnlyList<CreditOrders.Answer>>> Credits(Shop shop, Actor who, string? key, params CreditOrders.Credit[] credits) =>
        shop.Does<CreditOrders, CreditOrders.Request, IReadOnlyList<CreditOrders.Answer>>(new(credits), shop.By(who) with { IdempotencyKey = key });

    private static async Task<IReadOnlyList<DecideApprovals.Answer>> Decide(Shop shop, Actor who, bool approve, DateTimeOffset? looked = null)
    {
        var ids = (await shop.Text("select string_agg(id::text, ',' order by id) from kernel.approval")).Split(',').Select(i => new Id<Approval>(Guid.Parse(i)));
        return (await shop.Does<DecideApprovals, DecideApprovals.Request, IReadOnlyList<DecideApprovals.Answer>>(
            new([.. ids], looked ?? shop.Clock.GetUtcNow(), approve, "as agreed"), shop.By(who))).Value;
    }
}
