using Keel.Kernel.Views;
using Keel.Sales;
using Keel.Tests.Doors;
using Keel.Ui.Gallery;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Kernel;

/// A list counted and summed for each value of a column.
public class GroupTests
{
    [Fact]
    public async Task Counts_the_rows_of_each_value_and_sums_amounts_and_quantities()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10);
        await shop.Takes(("TEE-M", 2));
        await shop.Takes(("TEE-M", 1));
        await shop.TakesFromBazaar(("TEE-M", 1));
        await shop.TakesFromBazaar(("BOWL", 3));
        await shop.TakesFromBazaar(("BOWL", 1));

        var byChannel = await Groups<OrderList, OrderList.Row>(shop, "group=channel");
        var reserved = await Groups<OrderList, OrderList.Row>(shop, "group=channel-name&f.status=Reserved");

        Said(byChannel, "units", "total").ShouldBe(["bazaar 3: 5 | 116.80 EUR", "webshop 2: 3 | 60.00 EUR"]);
        Said(byChannel with { Groups = [byChannel.Total] }, "units", "total").ShouldBe([" 5: 8 | 176.80 EUR"]);
        Said(reserved, "units").ShouldBe(["Web shop 2: 3", "Bazaar 1: 1"]);
    }

    [Fact]
    public async Task Amounts_of_two_currencies_are_never_added()
    {
        await using var shop = await Shop.Open();
        await shop.Takes(("TEE-M", 1));
        await shop.Takes(("TEE-M", 2));
        await shop.Takes(("BOWL", 1));
        await shop.Number("with u as (update sales.orders set currency = 'USD' where number like '%2' returning 1) select count(*) from u");

        var groups = await Groups<OrderList, OrderList.Row>(shop, "group=channel");

        Said(groups, "units", "total").ShouldBe(["webshop 3: 4 | 44.20 EUR + 40.00 USD"]);
    }

    [Theory]
    [InlineData("channel", "f.channel=bazaar")]
    [InlineData("status", "f.status=Backordered")]
    [InlineData("ship-by", "f.ship-by=2026-03-10")]
    [InlineData("placed-at", "f.placed-at=2026-03-10")]
    [InlineData("customer", null)]
    [InlineData("currency", "f.currency=EUR")]
    public async Task A_group_leads_to_its_own_rows(string column, string? question)
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 2);
        await shop.Takes(("TEE-M", 1));
        await shop.TakesFromBazaar(("BOWL", 1));
        await shop.TakesFromBazaar(("BOWL", 2));
        await shop.Number("with u as (update sales.orders set customer_name = 'Vester, Elin & Co' where number like '%2' returning 1) select count(*) from u");

        var groups = await Groups<OrderList, OrderList.Row>(shop, $"group={column}&q=SO&f.units.ge=1");

        groups.Total.Rows.ShouldBe(3);
        foreach (var group in groups.Groups)
        {
            var rows = groups.RowsOf(group)!;
            (rows.Group, rows.Search).ShouldBe((null, "SO"));
            var query = ViewQuery.Parse(ViewInfo.Of<OrderList>(), rows.ToString());
            (await Page<OrderList, OrderList.Row>(shop, query.Value)).Rows.Count.ShouldBe((int)group.Rows, rows.ToString());
        }

        if (question is not null) groups.Groups.Select(g => groups.RowsOf(g)!.ToString()).ShouldContain($"q=SO&f.units.ge=1&{question}");
    }

    [Fact]
    public async Task Rows_without_a_value_are_a_group_too()
    {
        await using var shop = await Shop.Open();

        var owners = await Groups<GalleryOrders, GalleryOrders.Row>(shop, "group=owner");

        var without = owners.Groups.Single(g => g.Value is null);
        without.Rows.ShouldBe(1_666);
        owners.RowsOf(without)!.ToString().ShouldBe("f.owner.is=empty");
        owners.Total.Rows.ShouldBe(5_000);
        owners.Groups.Select(g => g.Rows).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task Two_hundred_groups_are_shown_and_more_are_told()
    {
        await using var shop = await Shop.Open();

        var numbers = await Groups<GalleryOrders, GalleryOrders.Row>(shop, "group=number");
        var few = await Groups<GalleryOrders, GalleryOrders.Row>(shop, "group=number&f.serial.le=200");

        (numbers.Groups.Count, numbers.IsMore).ShouldBe((200, true));
        (few.Groups.Count, few.IsMore).ShouldBe((200, false));
    }

    [Fact]
    public async Task Days_stand_with_the_latest_first_in_the_zone_of_whoever_asks()
    {
        await using var shop = await Shop.Open();
        await shop.Takes(("TEE-M", 1));
        shop.Clock.StepTo(new DateTimeOffset(2026, 3, 10, 23, 30, 0, TimeSpan.Zero));
        await shop.Takes(("TEE-M", 1));
        await shop.Takes(("TEE-M", 1));

        var days = await Groups<OrderList, OrderList.Row>(shop, "group=placed-at", TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam"));

        days.Groups.Select(g => (g.Value, g.Rows)).ShouldBe([(new DateOnly(2026, 3, 11), 2L), (new DateOnly(2026, 3, 10), 1L)]);
    }

    [Theory]
    [InlineData("group=colour", "view.no-column")]
    [InlineData("group=total", "view.not-groupable")]
    [InlineData("group=units", "view.not-groupable")]
    [InlineData("group=serial", "view.not-groupable")]
    public void What_has_no_groups_is_refused(string address, string code) =>
        ViewQuery.Parse(ViewInfo.Of<GalleryOrders>(), address).Error!.Code.ShouldBe(code);

    [Fact]
    public async Task Hidden_columns_are_neither_grouped_by_nor_summed()
    {
        await using var shop = await Shop.Open();
        var info = ViewInfo.Of<GalleryOrders>().For(new Viewer(p => p is not (Viewer.SeeCost or Viewer.SeePersonal)));

        ViewQuery.Parse(info, "group=customer").Error!.Code.ShouldBe("view.no-column");
        var sql = new ViewSql(info, new GalleryOrders().Rows(), ViewQuery.All, new ViewMoment(new DateOnly(2026, 3, 10), TimeZoneInfo.Utc, Currency.Eur)).Groups(info.Column("channel")!).Value.Text;
        sql.ShouldContain("sum(v.total)");
        sql.ShouldNotContain("sum(v.cost)");
        await using var web = await WebShop.Open();
        using var buyer = await web.Program(["sales.read"], "harbour");
        (await WebShop.Get(buyer, "/api/v1/sales/orders?group=town")).Code.ShouldBe("view.no-column");
    }

    [Fact]
    public async Task The_door_and_the_page_answer_the_same_address()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Takes(("TEE-M", 2));
        await web.Shop.TakesFromBazaar(("BOWL", 1));

        var said = await WebShop.Get(web.Http, "/api/v1/sales/orders?group=channel&cols=number,total");
        var page = await WebShop.Get(web.Http, "/orders?group=channel");

        said.Body.ShouldBe("""{"by":"channel","groups":[{"value":"bazaar","rows":1,"sums":{"total":[{"amount":24.2,"currency":"EUR"}]}},{"value":"webshop","rows":1,"sums":{"total":[{"amount":40,"currency":"EUR"}]}}],"more":false}""");
        page.Body.ShouldContain("""href="/orders?f.channel=bazaar">""");
        page.Body.ShouldContain("""href="/lists/sales/orders.csv?cols=number,customer,""", Shouldly.Case.Sensitive, "the file has the rows");
        page.Body.ShouldContain("""<b>channel code</b>""");
    }

    private static IEnumerable<string> Said(ViewGroups groups, params string[] sums) =>
        groups.Groups.Select(g => $"{g.Value} {g.Rows}: {string.Join(" | ", sums.Select(s => string.Join(" + ", g.Sums[s].Select(v => v is Money m ? $"{m.Figures} {m.Currency}" : v.ToString()))))}");

    private static async Task<ViewGroups> Groups<TView, TRow>(Shop shop, string question, TimeZoneInfo? zone = null)
    {
        await using var scope = Looking(shop, zone);
        var query = ViewQuery.Parse(ViewInfo.Of<TView>(), question).Value;
        return (await scope.ServiceProvider.GetRequiredService<ViewRunner>().Groups<TRow>(typeof(TView), null, query)).Value;
    }

    private static async Task<ViewPage<TRow>> Page<TView, TRow>(Shop shop, ViewQuery query) where TView : IView<TRow>
    {
        await using var scope = Looking(shop, null);
        return (await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<TView, TRow>(query)).Value;
    }

    private static AsyncServiceScope Looking(Shop shop, TimeZoneInfo? zone)
    {
        var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Keel.App.Doors.Lookout>().Viewer = new Viewer(_ => true) { Zone = zone ?? TimeZoneInfo.Utc };
        return scope;
    }
}
