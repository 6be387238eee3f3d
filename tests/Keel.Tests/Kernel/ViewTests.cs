using Keel.Kernel.Views;
using Keel.Ui.Gallery;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Kernel;

/// A question put to a view: read from an address, written back, and made into SQL.
public class ViewTests
{
    private static readonly ViewInfo Info = ViewInfo.Of<GalleryOrders>();
    private static readonly ViewMoment Moment =
        new(new DateOnly(2026, 11, 20), TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam"), Currency.Eur);

    [Fact]
    public void An_address_says_it_all_and_comes_back_the_same()
    {
        var query = ViewQuery.Parse(Info, "?q=caf&f.state=Ready,Held&f.total.ge=100&f.ShipBy.le=today&sort=-ship-by&size=20&utm=x").Value;

        query.Search.ShouldBe("caf");
        query.Filters.Select(f => f.Name).ShouldBe(["f.state", "f.total.ge", "f.ship-by.le"]);
        query.Order(Info).Column.Name.ShouldBe("ship-by");
        query.Descending.ShouldBeTrue();
        query.ToString().ShouldBe("q=caf&f.state=Ready,Held&f.total.ge=100&f.ship-by.le=today&sort=-ship-by&size=20");
        ViewQuery.Parse(Info, query.ToString()).Value.ToString().ShouldBe(query.ToString());
    }

    [Theory]
    [InlineData("f.colour=blue", "view.no-column")]
    [InlineData("sort=colour", "view.no-column")]
    [InlineData("cols=number,colour", "view.no-column")]
    [InlineData("f.total.about=3", "view.bad-operator")]
    [InlineData("f.total.ge=three", "view.bad-value")]
    [InlineData("f.total=100 XYZ", "view.bad-value")]
    [InlineData("f.state=Lost", "view.bad-value")]
    [InlineData("f.state=3", "view.bad-value")]
    [InlineData("f.state=Ready\\,Held", "view.bad-value")]
    [InlineData("f.ship-by=2026-13-01", "view.bad-value")]
    [InlineData("f.units.ge=99999999999999999999", "view.bad-value")]
    [InlineData("f.units.has=1", "view.not-filterable")]
    [InlineData("size=5000", "view.bad-size")]
    [InlineData("after=nonsense!", "view.bad-page")]
    [InlineData("before=W10", "view.bad-page")]
    public void What_the_view_does_not_know_is_refused(string address, string code) =>
        ViewQuery.Parse(Info, address).Error!.Code.ShouldBe(code);

    [Fact]
    public void A_comma_in_a_value_survives_the_address()
    {
        var query = ViewQuery.Parse(Info, "f.node=Main\\, Overflow").Value;

        query.Filters[0].Values.ShouldBe(["Main, Overflow"]);
        ViewQuery.Parse(Info, query.ToString()).Value.Filters[0].Values.ShouldBe(["Main, Overflow"]);
    }

    [Fact]
    public void A_hidden_column_is_absent_everywhere()
    {
        var info = Info.For(new Viewer(p => p != Viewer.SeeCost && p != Viewer.SeePersonal));

        info.Column("cost").ShouldBeNull();
        info.Column("customer").ShouldBeNull();
        ViewQuery.Parse(info, "f.cost.ge=1").Error!.Code.ShouldBe("view.no-column");
        ViewQuery.Parse(info, "sort=cost").Error!.Code.ShouldBe("view.no-column");
        var sql = Sql(info, "q=caf").Page().Value.Text;
        sql.ShouldStartWith("select v.serial, v.number, v.town,");
        sql.ShouldNotContain("v.cost");
        sql.ShouldNotContain("v.customer");
    }

    [Fact]
    public void Filters_and_order_stand_around_the_views_own_text()
    {
        var sql = Sql(
            Info, "f.state=Ready,Held&f.total.ge=100&f.ship-by=2026-11-20&f.units.lt=2.5&f.owner.is=set&q=ca_f&sort=-total").Page().Value;

        sql.Text[sql.Text.IndexOf(") v", StringComparison.Ordinal)..].ShouldBe(
            """
            ) v
            where v.state in ('Ready', 'Held')
              and v.total >= $2
              and (v.ship_by >= $3 and v.ship_by < $4)
              and v.units < $5
              and v.owner is not null
              and (v.number ilike $6 or v.customer ilike $7)
            order by v.total desc, v.serial desc
            limit $8
            """.ReplaceLineEndings("\n"));
        sql.Parameters.Select(p => p.Value).Skip(1).ShouldBe(
            [
                10_000L, new DateTime(2026, 11, 19, 23, 0, 0, DateTimeKind.Utc), new DateTime(2026, 11, 20, 23, 0, 0, DateTimeKind.Utc),
                2_500L, "ca\\_f%", "ca\\_f%", 51,
            ]);
    }

    [Fact]
    public void A_page_goes_on_by_one_comparison_of_pairs()
    {
        var edge = new PageKey("8050", "12", 50);

        Where("sort=total&after=" + edge).ShouldContain("where v.total >= $2\n  and (v.total, v.serial) > ($3, $4)\norder by v.total, v.serial\n");
        Where("sort=-total&after=" + edge).ShouldContain("where v.total <= $2\n  and (v.total, v.serial) < ($3, $4)\norder by v.total desc, v.serial desc\n");
        Where("sort=total&before=" + edge).ShouldContain("where v.total <= $2\n  and (v.total, v.serial) < ($3, $4)\norder by v.total desc, v.serial desc\n");
        Where("sort=serial&after=" + new PageKey(null, "12", 50)).ShouldContain("where v.serial > $2\norder by v.serial\n");
        Where("sort=owner&after=" + new PageKey(null, "12", 50)).ShouldContain("where (v.owner is null and v.serial > $2)\n");
        Sql(Info, "sort=total&after=" + new PageKey("no number", "12", 50)).Page().Error!.Code.ShouldBe("view.bad-page");
    }

    [Theory]
    [InlineData("sort=ship-by&size=200")]
    [InlineData("sort=-total&size=200")]
    [InlineData("sort=state&size=200&f.channel=Bazaar,B2B")]
    [InlineData("sort=owner&size=199")]
    [InlineData("sort=-owner&size=199")]
    [InlineData("sort=-serial&size=200&q=SO-1")]
    public async Task Every_row_is_met_once_paging_forth_and_the_same_pages_back(string address)
    {
        await using var shop = await Shop.Open();
        await using var scope = Scope(shop);
        var views = scope.GetRequiredService<ViewRunner>();
        var query = ViewQuery.Parse(Info, address).Value;

        var forth = new List<int[]>();
        ViewPage<GalleryOrders.Row> page;
        do
        {
            page = (await views.Page<GalleryOrders, GalleryOrders.Row>(query)).Value;
            page.Before.ShouldBe(forth.Sum(p => p.Length));
            forth.Add([.. page.Rows.Select(r => r.Serial)]);
            query = query with { After = page.Next };
        }
        while (page.Next is not null);

        var back = new List<int[]>();
        while (page.Previous is { } previous)
        {
            page = (await views.Page<GalleryOrders, GalleryOrders.Row>(query with { After = null, Before = previous })).Value;
            back.Insert(0, [.. page.Rows.Select(r => r.Serial)]);
        }

        forth.SelectMany(p => p).Distinct().Count().ShouldBe(forth.Sum(p => p.Length));
        forth.Sum(p => p.Length).ShouldBe(address.Contains("channel", StringComparison.Ordinal) ? 2_500 : 5_000);
        back.ShouldBe(forth.SkipLast(1));
    }

    [Fact]
    public async Task A_list_with_its_tabs_is_one_round_trip_and_its_file_has_every_row()
    {
        await using var shop = await Shop.Open();
        await using var scope = Scope(shop);
        var views = scope.GetRequiredService<ViewRunner>();
        var late = views.AskCount<GalleryOrders.Row>(typeof(GalleryOrders), null, ViewQuery.Parse(Info, "f.state=Late").Value).Value;
        var page = (await views.Page<GalleryOrders, GalleryOrders.Row>(ViewQuery.All)).Value;

        scope.GetRequiredService<KeelDb>().RoundTrips.ShouldBe(1);
        late.Value.Rows.ShouldBe(555);
        page.Count.ToString().ShouldBe("1,000+");

        using var file = new MemoryStream();
        var written = await views.Export(typeof(GalleryOrders), [new("f.state", "Late"), new("cols", "number,total,ship-by")], FileKind.Csv, file);
        var lines = System.Text.Encoding.UTF8.GetString(file.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        written.Value.ShouldBe(555);
        lines.Length.ShouldBe(556);
        lines[0].Trim().ShouldBe("number,total,total-currency,ship-by");
        lines[1].ShouldContain(",EUR,2026-11-");
    }

    private static string Where(string address) => Sql(Info, address).Page().Value.Text;

    private static ViewSql Sql(ViewInfo info, string address) =>
        new(info, new GalleryOrders().Rows(), ViewQuery.Parse(info, address).Value, Moment);

    private static ServiceProvider Scope(Shop shop)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(shop.Clock);
        services.AddScoped<ViewRunner>();
        services.AddScoped(_ => new KeelDb(
            shop.Source, new Work { Company = shop.Company }, shop.Services.GetRequiredService<DocumentNumbers>()));
        services.AddScoped(_ => new Viewer(_ => true));
        return services.BuildServiceProvider();
    }
}
