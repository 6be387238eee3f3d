using System.Collections.Frozen;
using Keel.Kernel.Views;
using Keel.Tests.Doors;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Kernel;

/// A list kept under a name: whose it is, who may change it, and what it may ask.
public class SavedFilterTests
{
    private static readonly Actor Ines = Person("Ines", "sales.*", "kernel.read", "kernel.see-personal", "kernel.share-filters");
    private static readonly Actor Piet = Person("Piet", "sales.*", "kernel.read");

    [Fact]
    public async Task Is_written_as_the_list_writes_it_and_belongs_to_who_saved_it()
    {
        await using var shop = await Shop.Open();

        var id = await Saves(shop, Ines, new("sales.orders", "  Big ones ", "?cols=number,total&sort=-total&f.total.ge=100&f.Status=OnHold&size=20&q=elin"));

        (await Of(shop, Ines)).ShouldBe(["Big ones"]);
        (await Of(shop, Piet)).ShouldBeEmpty();
        (await shop.Text($"select question from kernel.saved_filter where id = '{id.Value}'")).ShouldBe("q=elin&f.total.ge=100&f.status=OnHold&sort=-total&cols=number,total");
        (await shop.Text("select saved_by from kernel.saved_filter")).ShouldBe("Ines");
    }

    [Fact]
    public async Task For_everybody_is_seen_by_everybody_and_changed_by_those_who_may_share()
    {
        await using var shop = await Shop.Open();
        var id = (await Saves(shop, Ines, new("sales.orders", "Held", "f.status=OnHold", Shared: true))).Value;

        (await Of(shop, Piet)).ShouldBe(["Held"]);
        (await Saves(shop, Piet, new("sales.orders", "Mine now", Filter: id))).Error!.Code.ShouldBe("filter.for-everybody");
        (await Deletes(shop, Piet, id)).Error!.Code.ShouldBe("filter.for-everybody");
        (await Saves(shop, Piet, new("sales.orders", "Held too", "f.status=OnHold", Shared: true))).Error!.Code.ShouldBe("filter.for-everybody");
        (await Saves(shop, Ines, new("sales.orders", IsDefault: true, Filter: id))).Error!.Code.ShouldBe("filter.default-is-own");
        (await Deletes(shop, Ines, id)).Ok.ShouldBeTrue();
        (await Of(shop, Piet)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a column that is not there", "sales.orders", "New", "f.colour=blue", "view.no-column")]
    [InlineData("a column that Piet may not see", "sales.orders", "New", "f.customer=Elin", "view.no-column")]
    [InlineData("a column that Piet may not see, to look at", "sales.orders", "New", "cols=number,town", "view.no-column")]
    [InlineData("a value that is none", "sales.orders", "New", "f.status=Lost", "view.bad-value")]
    [InlineData("a list that is not there", "sales.nothing", "New", "", "filter.no-list")]
    [InlineData("a list that Piet may not see", "ledger.journal", "New", "", "filter.no-list")]
    [InlineData("a name that he used", "sales.orders", "LATE", "f.status=OnHold", "filter.name-used")]
    [InlineData("no name", "sales.orders", " ", "f.status=OnHold", "filter.no-name")]
    [InlineData("a name that is too long", "sales.orders", "A name that goes on for more than forty letters", "", "gate.invalid")]
    public async Task Refuses(string what, string view, string name, string question, string code)
    {
        await using var shop = await Shop.Open();
        shop.Catalog.Views.Select(v => ViewInfo.Of(v).Name).ShouldContain("ledger.journal");
        (await Saves(shop, Piet, new("sales.orders", "Late", "f.status=OnHold"))).Ok.ShouldBeTrue();

        (await Saves(shop, Piet, new(view, name, question))).Error!.Code.ShouldBe(code, what);

        (await Of(shop, Piet)).ShouldBe(["Late"]);
    }

    [Fact]
    public async Task Somebody_elses_filter_is_not_there()
    {
        await using var shop = await Shop.Open();
        var id = (await Saves(shop, Ines, new("sales.orders", "Held", "f.status=OnHold"))).Value;

        (await Saves(shop, Piet, new("sales.orders", "Taken", "f.status=Shipped", Filter: id))).Error!.Code.ShouldBe("filter.unknown");
        (await Deletes(shop, Piet, id)).Error!.Code.ShouldBe("filter.unknown");
        (await Saves(shop, Ines, new("catalog.products", "Held", Filter: id))).Error!.Code.ShouldBe("filter.no-list", "she may not see the products");
        (await shop.Text("select name || ' ' || question from kernel.saved_filter")).ShouldBe("Held f.status=OnHold");
    }

    [Fact]
    public async Task Two_people_may_use_the_same_name()
    {
        await using var shop = await Shop.Open();

        (await Saves(shop, Ines, new("sales.orders", "Late"))).Ok.ShouldBeTrue();
        (await Saves(shop, Ines, new("sales.orders", "Late", Shared: true))).Ok.ShouldBeTrue();
        (await Saves(shop, Piet, new("sales.orders", "Late"))).Ok.ShouldBeTrue();

        (await Of(shop, Ines)).ShouldBe(["Late", "Late"]);
    }

    [Fact]
    public async Task What_is_not_said_of_a_saved_one_stays()
    {
        await using var shop = await Shop.Open();
        var id = (await Saves(shop, Ines, new("sales.orders", "Held", "f.status=OnHold", IsDefault: true))).Value;

        (await Saves(shop, Ines, new("sales.orders", "On hold", Filter: id))).Value.ShouldBe(id);
        (await shop.Text("select name || ' ' || question || ' ' || is_default from kernel.saved_filter")).ShouldBe("On hold f.status=OnHold true");
        (await Saves(shop, Ines, new("sales.orders", Question: "f.status=Shipped", IsDefault: false, Filter: id))).Ok.ShouldBeTrue();
        (await shop.Text("select name || ' ' || question || ' ' || is_default from kernel.saved_filter")).ShouldBe("On hold f.status=Shipped false");
    }

    [Fact]
    public async Task A_list_opens_with_one_filter_at_most()
    {
        await using var shop = await Shop.Open();
        await Saves(shop, Ines, new("sales.orders", "Held", "f.status=OnHold", IsDefault: true));
        await Saves(shop, Piet, new("sales.orders", "Held", "f.status=OnHold", IsDefault: true));
        await Saves(shop, Ines, new("sales.orders", "Ready", "f.status=Reserved", IsDefault: true));

        (await shop.Text("select string_agg(saved_by || ' ' || name, ', ' order by saved_by) from kernel.saved_filter where is_default")).ShouldBe("Ines Ready, Piet Held");
    }

    [Fact]
    public async Task Two_that_are_saved_at_once_to_begin_with_leave_one()
    {
        await using var shop = await Shop.Open();
        await Saves(shop, Ines, new("sales.orders", "One", "q=a", IsDefault: true));

        var both = await Task.WhenAll(Saves(shop, Ines, new("sales.orders", "Two", "q=b", IsDefault: true)), Saves(shop, Ines, new("sales.orders", "Three", "q=c", IsDefault: true)));

        both.ShouldAllBe(r => r.Ok);
        (await shop.Number("select count(*) from kernel.saved_filter where is_default")).ShouldBe(1);
        (await shop.Number("select count(*) from kernel.saved_filter")).ShouldBe(3);
    }

    [Fact]
    public async Task Twenty_are_enough_for_one_list()
    {
        await using var shop = await Shop.Open();
        for (var n = 1; n <= SavedFilter.Most; n++) (await Saves(shop, Ines, new("sales.orders", $"No {n}"))).Ok.ShouldBeTrue();

        (await Saves(shop, Ines, new("sales.orders", "One more"))).Error!.Code.ShouldBe("filter.too-many");
    }

    [Fact]
    public async Task The_list_opens_with_my_own_and_the_whole_of_it_stays_within_reach()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Stocks("TEE-M", 10);
        var ready = await web.Shop.Takes(("TEE-M", 1));
        var waiting = await web.Shop.Takes(("BOWL", 1));
        var said = await web.Post("/api/v1/kernel/save-filter", """{"view":"sales.orders","name":"Without goods","question":"f.status=Backordered&sort=-total","isDefault":true}""");
        said.Status.ShouldBe(200, said.Body);

        var opened = (await WebShop.Get(web.Http, "/orders")).Body;
        var whole = (await WebShop.Get(web.Http, "/orders?whole=yes")).Body;

        opened.ShouldContain(waiting.Number!);
        opened.ShouldNotContain(ready.Number!);
        opened.ShouldContain("Without goods");
        opened.ShouldContain("""href="/orders?whole=yes">""", Shouldly.Case.Sensitive, "the first tab leads to the whole list");
        whole.ShouldContain(ready.Number!);
        (await WebShop.Get(web.Http, "/api/v1/sales/orders")).Json.GetProperty("count").GetInt32().ShouldBe(2, "programs get what they ask for");
        (await WebShop.Get(web.Http, "/api/v1/kernel/saved-filters")).Json.GetProperty("rows")[0].GetProperty("name").GetString().ShouldBe("Without goods");
    }

    [Fact]
    public async Task A_shared_filter_over_a_hidden_column_is_no_tab_for_those_who_may_not_see_it()
    {
        await using var web = await WebShop.Open();
        var said = await web.Post("/api/v1/kernel/save-filter", """{"view":"sales.orders","name":"All of Elin","question":"f.customer=Elin","shared":true}""");
        said.Status.ShouldBe(200, said.Body);
        using var buyer = await web.Program(["sales.read", "kernel.read"], "harbour");

        (await WebShop.Get(web.Http, "/orders")).Body.ShouldContain("All of Elin");
        var body = (await WebShop.Get(buyer, "/orders")).Body;

        body.ShouldContain("Save view");
        body.ShouldNotContain("All of Elin");
    }

    private static Actor Person(string name, params string[] permissions) =>
        new(ActorKind.Person, Guid.NewGuid(), name) { Permissions = permissions.ToFrozenSet(StringComparer.Ordinal) };

    private static Task<Result<Id<SavedFilter>>> Saves(Shop shop, Actor who, SaveFilter.Request request) =>
        shop.Does<SaveFilter, SaveFilter.Request, Id<SavedFilter>>(request, new Caller(who, Door.Page, shop.Company));

    private static Task<Result<Done>> Deletes(Shop shop, Actor who, Id<SavedFilter> filter) =>
        shop.Does<DeleteFilter, DeleteFilter.Request, Done>(new(filter), new Caller(who, Door.Page, shop.Company));

    private static async Task<IReadOnlyList<string>> Of(Shop shop, Actor who)
    {
        await using var scope = shop.Scope();
        var db = scope.ServiceProvider.GetRequiredService<KeelDb>();
        db.Work.Actor = who;
        var saved = await scope.ServiceProvider.GetRequiredService<SavedFilters>().Of(ViewInfo.Of(shop.Catalog.Views.First(v => ViewInfo.Of(v).Name == "sales.orders")));
        return [.. saved.Select(f => f.Name)];
    }
}
