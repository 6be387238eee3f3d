using Keel.App.Access;
using Keel.Kernel.Views;
using Keel.Sales;
using Keel.Tests.Doors;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Access;

public class AccessReviewTests
{
    [Fact, Feature("SE-10")]
    public async Task The_review_says_who_holds_what_and_when_it_was_last_used()
    {
        await using var shop = await Shop.Open();
        var sven = await shop.Person("Sven", "service", "auditor");
        await Holds(shop, sven);
        shop.Clock.Step(TimeSpan.FromHours(2));
        var last = shop.Clock.GetUtcNow();
        await Holds(shop, sven);
        await Counts(shop);

        var rows = await Review(shop);
        var may = await Page<WhoMayList, WhoMayList.Row>(shop, "permission", "sales.orders.hold");

        rows.Single(r => r.Role == "service").ShouldSatisfyAllConditions(r => r.LastUsed.ShouldBe(last), r => r.Times.ShouldBe(2), r => r.State.ShouldBe("due"));
        rows.Single(r => r.Role == "auditor").LastUsed.ShouldBeNull("an auditor's role holds no orders");
        may.Single().ShouldSatisfyAllConditions(m => m.Name.ShouldBe("Sven"), m => m.Through.ShouldBe("service"), m => m.Times.ShouldBe(2));
    }

    [Fact, Feature("SE-10")]
    public async Task Uses_are_counted_once_however_often_they_are_counted()
    {
        await using var shop = await Shop.Open();
        var sven = await shop.Person("Sven", "service");
        await Holds(shop, sven);
        await Counts(shop);
        await Counts(shop);
        await Holds(shop, sven);
        await Counts(shop);

        (await Review(shop)).Single().Times.ShouldBe(2);
        (await shop.Number($"select count(*) from kernel.operation_log where actor_id = '{sven.Id}'")).ShouldBe(2);
    }

    [Fact, Feature("SE-10")]
    public async Task What_is_kept_is_due_again_after_half_a_year_and_what_is_taken_away_is_gone_at_once()
    {
        await using var shop = await Shop.Open();
        var (ada, sven) = (await shop.Person("Ada", "administrator"), await shop.Person("Sven", "service", "store"));

        var kept = await Decides(shop, ada, ReviewAccess.Decision.Kept, null, $"{sven.Id}:service");
        var silent = await Decides(shop, ada, ReviewAccess.Decision.TakenAway, null, $"{sven.Id}:store");
        var taken = await Decides(shop, ada, ReviewAccess.Decision.TakenAway, "works at the desk now", $"{sven.Id}:store", $"{sven.Id}:finance");

        kept.Value.ShouldBe([new("Sven, Customer service", null)]);
        silent.Error!.Code.ShouldBe("access.review-reason");
        taken.Value[1].Why.ShouldBe("does not hold this role any more.");
        (await shop.Again(sven)).Roles.ShouldBe(["service"]);
        (await Review(shop)).Single(r => r.Role == "service").ShouldSatisfyAllConditions(r => r.State.ShouldBe("looked at"), r => r.ReviewedBy.ShouldBe("Ada"));
        shop.Clock.Step(TimeSpan.FromDays(181));
        (await Review(shop)).Single(r => r.Role == "service").State.ShouldBe("due");
        (await shop.Text("select reason from access.review where decision = 'TakenAway'")).ShouldBe("works at the desk now");
    }

    [Fact, Feature("SE-10")]
    public async Task Nobody_reviews_their_own_access_and_an_auditor_takes_nothing_away()
    {
        await using var shop = await Shop.Open();
        var (aaron, sven) = (await shop.Person("Aaron", "auditor"), await shop.Person("Sven", "service"));

        var answers = (await Decides(shop, aaron, ReviewAccess.Decision.Kept, null, $"{aaron.Id}:auditor", $"{sven.Id}:service")).Value;
        var taken = (await Decides(shop, aaron, ReviewAccess.Decision.TakenAway, "no need", $"{sven.Id}:service")).Value;

        answers.Select(a => a.Why).ShouldBe(["is your own: another person decides about it.", null]);
        taken.Single().Why.ShouldBe("may more than you: ask an administrator to take the role away.");
        (await shop.Again(sven)).Roles.ShouldBe(["service"]);
    }

    [Fact, Feature("SE-10")]
    public async Task A_decision_stays_as_it_was_made()
    {
        await using var shop = await Shop.Open();
        var (ada, sven) = (await shop.Person("Ada", "administrator"), await shop.Person("Sven", "service"));
        await Decides(shop, ada, ReviewAccess.Decision.Kept, null, $"{sven.Id}:service");

        await Should.ThrowAsync<Npgsql.PostgresException>(() => shop.Number("update access.review set decided_by = 'somebody' returning 1"));
    }

    [Fact, Feature("SE-10")]
    public async Task The_review_is_had_as_a_file()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Person("Sven", "service");
        using var house = await web.Program(["access.users.read"], null);

        var file = await WebShop.Get(house, "/api/v1/access/review.csv");

        file.Status.ShouldBe(200);
        file.Body.ShouldContain("Sven,sven@harbour.example,service");
    }

    [Fact, Feature("SE-08")]
    public async Task A_key_with_addresses_opens_from_there_and_nowhere_else_and_says_from_where_it_was_used()
    {
        await using var web = await WebShop.Open();
        using var here = web.Client(await Key(web, ["10.0.0.0/8", "127.0.0.1"]));
        using var elsewhere = web.Client(await Key(web, ["10.0.0.0/8", "2001:db8::/32"]));
        using var anywhere = web.Client(await Key(web, null));

        (await WebShop.Get(here, "/api/v1/access/api-keys")).Status.ShouldBe(200);
        (await WebShop.Get(anywhere, "/api/v1/access/api-keys")).Status.ShouldBe(200);
        var refused = await WebShop.Get(elsewhere, "/api/v1/access/api-keys");
        var odd = await web.Gate.Run<CreateApiKey, CreateApiKey.Request, CreateApiKey.Answer>(new("k", ["access.*"], Addresses: ["10.0.0.0/40"]), Caller.Keel(default));

        refused.Code.ShouldBe("access.key-elsewhere");
        odd.Error!.Code.ShouldBe("access.address-unreadable");
    }

    private static async Task<string> Key(WebShop web, string[]? addresses) =>
        (await web.Gate.Run<CreateApiKey, CreateApiKey.Request, CreateApiKey.Answer>(new("k", ["access.*"], Addresses: addresses), Caller.Keel(default))).Value.Key;

    private static async Task Holds(Shop shop, Actor who)
    {
        var order = await shop.Takes(("TEE-M", 1));
        (await shop.Does<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([order.Id!.Value], "asked to"), shop.By(who))).Ok.ShouldBeTrue();
    }

    private static Task<Result<IReadOnlyList<ReviewAccess.Answer>>> Decides(Shop shop, Actor who, ReviewAccess.Decision decision, string? reason, params string[] grants) =>
        shop.Does<ReviewAccess, ReviewAccess.Request, IReadOnlyList<ReviewAccess.Answer>>(new(grants, decision, reason), shop.By(who));

    private static Task<IReadOnlyList<AccessReviewList.Row>> Review(Shop shop) => Page<AccessReviewList, AccessReviewList.Row>(shop);

    private static async Task<IReadOnlyList<TRow>> Page<TView, TRow>(Shop shop, string? column = null, string? value = null) where TView : IView<TRow>
    {
        await using var scope = shop.Scope();
        var query = column is null ? ViewQuery.All : ViewQuery.All with { Filters = [new ViewFilter(column, Comparison.Eq, [value!])] };
        return (await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<TView, TRow>(query)).Value.Rows;
    }

    /// Lines are counted when every transaction that began before them has ended, whoever's it is on this server.
    private static async Task Counts(Shop shop)
    {
        for (var i = 0; i < 400 && await shop.Number("select count(*) from kernel.operation_log where xact >= pg_snapshot_xmin(pg_current_snapshot())") > 0; i++) await Task.Delay(50);
        await shop.Runs<CountUsesJob>();
    }
}
