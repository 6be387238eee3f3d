using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using Keel.App.Doors;
using Keel.Kernel.Views;
using Keel.Stock;
using Keel.Tests.Access;
using Keel.Tests.Doors;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Approvals;

/// What stands under "To decide" is what somebody may really decide: no less, and no more.
public partial class ToDecideTests
{
    private const string TwoLevels =
        """{"rules":[{"operation":"stock.adjust","levels":[{"permission":"stock.adjust"},{"permission":"kernel.approvals.decide"}]},{"operation":"stock.adjust","nodes":["OVERFLOW"],"from":{"amount":1,"currency":"EUR"},"levels":[{"permission":"kernel.approvals.far"}]}]}""";

    [Fact, Feature("AP-01", "AP-12", "AP-18")]
    public async Task The_list_says_of_every_request_and_person_what_the_decision_itself_would_say()
    {
        await using var shop = await Busy();
        var people = await People(shop);
        var seen = 0;
        foreach (var actor in people)
        {
            var (mine, may) = (await Mine(shop, actor), await MayDecide(shop, actor));
            mine.Order().ShouldBe(may.Order(), $"{actor.Name} at {string.Join(' ', actor.Nodes ?? [])}");
            seen += mine.Count;
        }

        seen.ShouldBeGreaterThan(5, "some of them have something to decide");
        people.Select(async p => (await Mine(shop, p)).Count).Select(t => t.Result).Distinct().Count().ShouldBeGreaterThan(2, "not everybody the same");
    }

    [Fact, Feature("AP-01")]
    public async Task It_asks_the_database_as_often_for_many_requests_as_for_one()
    {
        await using var shop = await Busy();
        var wim = (await People(shop)).Single(p => p.Name == "Wim");
        async Task<int> Statements()
        {
            var counted = StatementCount.Begin();
            await Mine(shop, wim);
            return counted.Statements;
        }

        await Statements();
        var few = await Statements();
        var piet = (await People(shop)).Single(p => p.Name == "Piet");
        for (var i = 0; i < 10; i++) await Counts(shop, piet, "MAIN/STOCK", 20 + i);

        (await Statements()).ShouldBe(few);
    }

    [Fact, Feature("AP-01")]
    public async Task The_tab_the_menu_and_the_day_say_the_same_number()
    {
        await using var web = await WebShop.Open();
        var shop = web.Shop;
        await shop.Stocks("TEE-M", 30, worth: 300_00);
        await shop.Chooses(ApprovalPolicy.Kind, JsonSerializer.Deserialize<JsonElement>(TwoLevels));
        await Browsing.Let(web, "omar@harbour.example", "operations");
        var omar = (await People(shop)).Single(p => p.Account == "omar@harbour.example" || p.Name == "omar@harbour.example");
        var piet = await shop.Person("Piet", "store");
        for (var i = 0; i < 3; i++) await Counts(shop, piet, "MAIN/STOCK", 5 + i);
        await Counts(shop, omar, "MAIN/STOCK", 9);
        using var browser = new Browsing(web);
        await browser.Enters("omar@harbour.example");

        var list = (await browser.Goes("/approvals")).Text;
        var day = (await browser.Goes("/today")).Text;

        Numbers().Match(list).Groups["n"].Value.ShouldBe("3");
        Menu().Match(list).Groups["n"].Value.ShouldBe("3");
        Day().Match(day).Groups["n"].Value.ShouldBe("3");
    }

    [Fact, Feature("AP-01")]
    public async Task What_somebody_sees_in_the_list_opens_and_what_they_do_not_see_does_not()
    {
        await using var shop = await Busy();
        foreach (var actor in await People(shop))
        {
            var listed = await Listed(shop, actor);
            foreach (var id in await All(shop))
            {
                await using var scope = As(shop, actor);
                (await scope.ServiceProvider.GetRequiredService<ApprovalDesk>().Find(id) is not null).ShouldBe(listed.Contains(id), $"{actor.Name}: {id}");
            }
        }

        var sees = (await People(shop)).ToDictionary(p => p.Name, p => Listed(shop, p).Result.Count);
        sees["Lena"].ShouldBe(0, "she asked for nothing, decides about nothing and stands in for nobody");
        sees["Sven"].ShouldBeGreaterThan(0, "he stands in for somebody who decides");
        sees["Fay"].ShouldBe(5, "who decides sees all");
    }

    /// Requests at both levels, at two sites, from several people and a rule's owner, with a substitute and a domain of data.
    private static async Task<Shop> Busy()
    {
        var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 30, worth: 300_00);
        await shop.Stocks("TEE-M", 30, worth: 300_00, node: "OVERFLOW");
        var (piet, anna, wim, olga) = (await shop.Person("Piet", "store"), await shop.Person("Anna", "administrator"), await shop.Person("Wim", "warehouse"), await shop.Person("Olga", "operations"));
        await shop.Person("Sven", "service");
        await shop.Person("Lena", "service");
        await shop.Person("Fay", "finance");
        await shop.Chooses(ApprovalPolicy.Kind, JsonSerializer.Deserialize<JsonElement>(TwoLevels));
        await Counts(shop, piet, "MAIN/STOCK", 4);
        await Counts(shop, wim, "MAIN/STOCK", 5);
        await Counts(shop, olga, "MAIN/STOCK", 6);
        await Counts(shop, anna, "OVERFLOW/STOCK", 7);
        await Counts(shop, piet, "OVERFLOW/STOCK", 8);
        var first = Guid.Parse(await shop.Text("select id from kernel.approval where sentence like '%MAIN/STOCK to 4,%'"));
        (await shop.Does<DecideApproval, DecideApproval.Request, ApprovalState>(new(new(first), 1, true, "as counted"), shop.By(wim))).Value.ShouldBe(ApprovalState.Waiting);
        await shop.Must<HandOverDecisions, HandOverDecisions.Request, Id<Delegation>>(new((await Of(shop, "Sven")).Id, shop.Clock.GetUtcNow().AddDays(3), "on holiday", For: (await Of(shop, "Fay")).Id));
        await shop.Must<HandOverDecisions, HandOverDecisions.Request, Id<Delegation>>(new(wim.Id, shop.Clock.GetUtcNow().AddDays(3), "on holiday", For: olga.Id));
        return shop;
    }

    private static async Task<Actor> Of(Shop shop, string name) => (await People(shop)).Single(p => p.Name == name);

    /// Everybody, and some of them with a part of the sites only.
    private static async Task<IReadOnlyList<Actor>> People(Shop shop)
    {
        await using var scope = shop.Scope();
        var all = await scope.ServiceProvider.GetRequiredService<IActors>().People(shop.Company, default);
        return [.. all, .. all.Where(p => p.Name is "Anna").Select(p => p with { Name = "Anna at one site", Id = Guid.NewGuid(), Nodes = FrozenSet.Create("MAIN") })];
    }

    private static Task<Outcome> Counts(Shop shop, Actor who, string place, int found) =>
        shop.Asks<AdjustStock>(new AdjustStock.Request([new(place, "TEE-M", found, "count")]), shop.By(who));

    private static async Task<List<Guid>> All(Shop shop)
    {
        await using var scope = shop.Scope();
        return await scope.ServiceProvider.GetRequiredService<KeelDb>().Query<Guid>($"select id from kernel.approval order by asked_at, id");
    }

    private static Microsoft.Extensions.DependencyInjection.AsyncServiceScope As(Shop shop, Actor actor)
    {
        var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Work>().Actor = actor;
        scope.ServiceProvider.GetRequiredService<Lookout>().Viewer = new Viewer(actor.May) { Reach = actor.Reach };
        return scope;
    }

    private static Task<IReadOnlyList<Guid>> Mine(Shop shop, Actor actor) => Asked(shop, actor, "f.for-me=true");

    private static Task<IReadOnlyList<Guid>> Listed(Shop shop, Actor actor) => Asked(shop, actor, "");

    private static async Task<IReadOnlyList<Guid>> Asked(Shop shop, Actor actor, string question)
    {
        await using var scope = As(shop, actor);
        var views = scope.ServiceProvider.GetRequiredService<ViewRunner>();
        var page = await views.Page<ApprovalList, ApprovalList.Row>(ViewQuery.Parse(views.Visible(typeof(ApprovalList)), question).Value);
        return page.Ok ? [.. page.Value.Rows.Select(r => r.Id)] : [];
    }

    private static async Task<IReadOnlyList<Guid>> MayDecide(Shop shop, Actor actor)
    {
        await using var scope = As(shop, actor);
        var (db, deciders) = (scope.ServiceProvider.GetRequiredService<KeelDb>(), scope.ServiceProvider.GetRequiredService<Deciders>());
        var found = new List<Guid>();
        foreach (var one in await db.Table<Approval>().Where($"company_id = {db.Company} and state = 'Waiting'"))
        {
            if ((await deciders.MayNot(one, default)).Why is null) found.Add(one.Id.Value);
        }

        return found;
    }

    [GeneratedRegex("To decide\\s*<span class=\"k-count\"[^>]*>(?<n>\\d+)<", RegexOptions.None, 1000)]
    private static partial Regex Numbers();

    [GeneratedRegex("href=\"/approvals\"[^>]*>Approvals<span class=\"k-count\"[^>]*>(?<n>\\d+)<", RegexOptions.None, 1000)]
    private static partial Regex Menu();

    [GeneratedRegex("<h2>Waits for a yes</h2>\\s*<span class=\"k-3\">(?<n>\\d+)<", RegexOptions.None, 1000)]
    private static partial Regex Day();
}
