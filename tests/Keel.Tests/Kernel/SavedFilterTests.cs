using Keel.Kernel.Views;
using Shouldly;
using Xunit;

namespace Keel.Tests.Kernel;

public class SavedFilterTests
{
    [Fact]
    public async Task A_view_is_kept_under_a_name_for_oneself_or_for_everybody()
    {
        await using var shop = await Shop.Open();
        var (sven, omar) = (await shop.Person("Sven", "service"), await shop.Person("Omar", "operations"));

        (await Saves(shop, sven, new("sales.orders", "Big ones", "f.total.ge=500&sort=-total&after=x"))).Error.ShouldNotBeNull("a page is no view");
        (await Saves(shop, sven, new("sales.orders", "Big ones", "f.total.ge=500&sort=-total"))).Ok.ShouldBeTrue();
        (await Saves(shop, sven, new("sales.orders", "big ONES", "f.total.ge=900", Default: true))).Ok.ShouldBeTrue("under a name that one has it replaces");
        (await Saves(shop, sven, new("sales.orders", "For all", "q=x", Shared: true))).Error!.Code.ShouldBe("filter.not-shared");
        (await Saves(shop, omar, new("sales.orders", "For all", "q=x", Shared: true))).Ok.ShouldBeTrue();

        (await Names(shop, sven)).ShouldBe(["big ONES", "For all"]);
        (await Names(shop, omar)).ShouldBe(["For all"]);
        (await shop.Text("select question from kernel.saved_filter where owner_id is not null")).ShouldBe("f.total.ge=900");
    }

    [Fact]
    public async Task What_a_list_does_not_know_or_somebody_may_not_see_is_refused()
    {
        await using var shop = await Shop.Open();
        var sven = await shop.Person("Sven", "service");

        (await Saves(shop, sven, new("sales.nothing", "A"))).Error!.Code.ShouldBe("filter.view-unknown");
        (await Saves(shop, sven, new("ledger.journal", "A"))).Error!.Code.ShouldBe("filter.view-unknown", "service does not see the journal");
        (await Saves(shop, sven, new("sales.orders", "A", "f.colour=red"))).Error!.Kind.ShouldBe(Refusal.Invalid);
        (await Saves(shop, sven, new("sales.orders", "A", "q=x", Shared: true, Default: true))).Ok.ShouldBeFalse();
    }

    [Fact]
    public async Task One_begins_with_one_view_and_deletes_only_ones_own()
    {
        await using var shop = await Shop.Open();
        var (sven, omar) = (await shop.Person("Sven", "service"), await shop.Person("Omar", "operations"));
        var first = await Saves(shop, sven, new("sales.orders", "One", "q=a", Default: true));
        var both = await Task.WhenAll(Saves(shop, sven, new("sales.orders", "Two", "q=b", Default: true)), Saves(shop, sven, new("sales.orders", "Three", "q=c", Default: true)));
        both.ShouldAllBe(r => r.Ok);
        (await shop.Number("select count(*) from kernel.saved_filter where is_default")).ShouldBe(1);

        (await shop.Does<DeleteFilter, DeleteFilter.Request, Done>(new(first.Value), shop.By(omar))).Error!.Code.ShouldBe("filter.gone");
        (await shop.Does<DeleteFilter, DeleteFilter.Request, Done>(new(first.Value), shop.By(sven))).Ok.ShouldBeTrue();
        (await Names(shop, sven)).ShouldBe(["Three", "Two"]);
    }

    private static Task<Result<Id<SavedFilter>>> Saves(Shop shop, Actor who, SaveFilter.Request request) => shop.Does<SaveFilter, SaveFilter.Request, Id<SavedFilter>>(request, shop.By(who));

    private static async Task<IEnumerable<string>> Names(Shop shop, Actor who)
    {
        await using var scope = shop.Scope();
        var settings = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Settings>(scope.ServiceProvider);
        return (await SavedFilters.Of(settings)).For("sales.orders", who.Id).Select(f => f.Name);
    }
}
