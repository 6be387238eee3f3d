using Keel.Kernel.Views;
using Keel.Sales;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

public class OrderListTests
{
    [Fact]
    public async Task Says_what_happens_next_with_each_order()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5);
        var ready = await shop.Takes(("TEE-M", 2));
        var waiting = await shop.Takes(("TEE-M", 4));
        var shipped = await shop.Takes(("TEE-M", 1));
        await shop.Cancels(shipped);

        var rows = (await Page(shop, "")).Rows.ToDictionary(r => r.Number, r => r.Next);

        rows[ready.Number!].ShouldBe("Release to picking");
        rows[waiting.Number!].ShouldBe("Waits for 1 × TEE-M");
        rows[shipped.Number!].ShouldBe("Nothing: cancelled");
    }

    [Fact]
    public async Task The_first_page_and_a_deep_one_are_read_along_an_index()
    {
        await using var shop = await Shop.Open();
        await Many(shop, 200_000);

        var first = await Page(shop, "");
        var deep = await Page(shop, "after=" + new PageKey(Shop.Morning.AddSeconds(-100_000).ToString("O"), Guid.Empty.ToString(), 100_000));

        first.Rows.Count.ShouldBe(50);
        deep.Rows.Count.ShouldBe(50);
        foreach (var question in new[] { "", "after=" + deep.Next, "f.status=OnHold", "f.status=Reserved,Released&f.ship-by.lt=today", "f.status=Backordered&sort=ship-by" })
        {
            var plan = await Plan(shop, question);
            plan.ShouldContain("orders_", Shouldly.Case.Sensitive, question + "\n" + plan);
            plan.ShouldNotContain("Seq Scan on orders", Shouldly.Case.Sensitive, question + "\n" + plan);
            Millis(plan).ShouldBeLessThan(20m, question + "\n" + plan);
        }
    }

    [Fact]
    public async Task A_question_that_takes_too_long_is_given_up_with_advice_and_the_next_one_is_answered()
    {
        await using var shop = await Shop.Open();
        await shop.Takes(("TEE-M", 1));
        await using var other = await shop.Source.OpenConnectionAsync();
        await using var holding = await other.BeginTransactionAsync();
        await using (var hold = new Npgsql.NpgsqlCommand("lock table sales.orders in access exclusive mode", other, holding)) await hold.ExecuteNonQueryAsync();

        var late = await Asks(shop);
        await holding.RollbackAsync();
        var soon = await Asks(shop);

        late.Error!.Code.ShouldBe("view.too-slow");
        late.Error.Message.ShouldContain("Add a filter");
        soon.Value.Rows.Count.ShouldBe(1);
    }

    private static async Task<Result<ViewPage<OrderList.Row>>> Asks(Shop shop)
    {
        await using var scope = Looking(shop);
        return await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<OrderList, OrderList.Row>(ViewQuery.All);
    }

    private static async Task<ViewPage<OrderList.Row>> Page(Shop shop, string question)
    {
        await using var scope = Looking(shop);
        var query = ViewQuery.Parse(ViewInfo.Of<OrderList>(), question);
        return (await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<OrderList, OrderList.Row>(query.Value)).Value;
    }

    private static async Task<string> Plan(Shop shop, string question)
    {
        await using var scope = Looking(shop);
        var db = scope.ServiceProvider.GetRequiredService<KeelDb>();
        var moment = new ViewMoment(DateOnly.FromDateTime(Shop.Morning.UtcDateTime), TimeZoneInfo.Utc, Currency.Eur);
        var sql = new ViewSql(ViewInfo.Of<OrderList>(), new OrderList(db).Rows(), ViewQuery.Parse(ViewInfo.Of<OrderList>(), question).Value, moment).Page().Value;
        return string.Join('\n', await db.Query<string>(new SqlText().Words("explain (analyze, timing off) ").Append(sql)));
    }

    private static AsyncServiceScope Looking(Shop shop)
    {
        var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Keel.App.Doors.Lookout>().Viewer = new Viewer(_ => true);
        return scope;
    }

    private static decimal Millis(string plan) =>
        decimal.Parse(plan.Split("Execution Time: ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    /// One in a hundred is open; the rest has been shipped long ago.
    private static async Task Many(Shop shop, int orders)
    {
        await shop.Number(
            $"""
            with made as (
              insert into sales.orders select gen_random_uuid(), '{shop.Company}', 'SO-' || i, 'webshop', 'X-' || i, gen_random_uuid(), 'Customer ' || i, 'NL',
                case when i % 100 = 0 then (array['OnHold', 'Reserved', 'Backordered', 'Released'])[1 + (i / 100) % 4] else 'Shipped' end,
                case when i % 400 = 0 then 'manual' end, timestamptz '{Shop.Morning:O}' - make_interval(secs => i), date '2026-03-01', date '2026-03-05', 'EUR', true, 1000, 210, 1210, '[]', null,
                100, 1, 1000, 0, 0, timestamptz '{Shop.Morning:O}', null, null, null, null, null, 1, gen_random_uuid()
              from generate_series(1, {orders}) i returning 1)
            select count(*) from made
            """);
        await using var analyze = shop.Source.CreateCommand("vacuum analyze sales.orders");
        await analyze.ExecuteNonQueryAsync();
    }
}
