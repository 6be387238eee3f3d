using Keel.Catalog.Products;
using Keel.Pricing.PriceLists;
using System.Collections.Frozen;
using System.Text.Json;
using Keel.App.Access;
using Keel.Stock;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Keel.Tests.Approvals;

public class ApprovalTests
{
    [Fact, Feature("AP-01", "AP-04", "AP-05", "AP-16")]
    public async Task A_large_correction_waits_changes_nothing_and_is_done_after_somebody_elses_yes()
    {
        await using var shop = await WithRule("""{"rules":[{"operation":"stock.adjust","from":{"amount":20,"currency":"EUR"},"levels":[{"permission":"kernel.approvals.decide"}]}]}""");
        var (clerk, boss) = (await Person(shop, "Piet", "store"), await Person(shop, "Anna", "administrator"));

        var asked = await Counts(shop, clerk, found: 2);

        asked.Waiting!.Sentence.ShouldContain("TEE-M at MAIN/STOCK to 2");
        (await shop.Position("TEE-M")).OnHand.ShouldBe(10);
        (await shop.Number("select count(*) from stock.document where kind = 'Adjustment'")).ShouldBe(0);
        (await shop.Text("select outcome || ' ' || actor_name from kernel.operation_log where operation = 'stock.adjust'")).ShouldBe("waiting Piet");

        shop.Clock.Step(TimeSpan.FromMinutes(10));
        (await Decides(shop, boss, asked, approve: true)).Value.ShouldBe(ApprovalState.Approved);
        await shop.Services.GetRequiredService<OutboxDispatcher>().Drain();

        (await shop.Position("TEE-M")).OnHand.ShouldBe(2);
        (await shop.Text("select string_agg(outcome || ' ' || actor_name, ', ' order by id) from kernel.operation_log where operation = 'stock.adjust'")).ShouldBe("waiting Piet, done Piet");
        (await shop.Text("select state || ' ' || (payload is null) from kernel.approval")).ShouldBe("Done true");
    }

    [Fact, Feature("AP-01")]
    public async Task A_small_correction_goes_through_at_once()
    {
        await using var shop = await WithRule("""{"rules":[{"operation":"stock.adjust","from":{"amount":20,"currency":"EUR"},"levels":[{"permission":"kernel.approvals.decide"}]}]}""");

        var done = await Counts(shop, await Person(shop, "Piet", "store"), found: 9);

        done.Ok.ShouldBeTrue();
        (await shop.Position("TEE-M")).OnHand.ShouldBe(9);
    }

    [Fact, Feature("AP-12", "AP-16")]
    public async Task Nobody_decides_about_their_own_request_nor_without_the_permission_nor_twice()
    {
        await using var shop = await WithRule("""{"rules":[{"operation":"stock.adjust","levels":[{"permission":"kernel.approvals.decide"},{"permission":"kernel.approvals.decide"}]}]}""");
        var (asker, first, second, clerk) = (await Person(shop, "Anna", "administrator"), await Person(shop, "Bea", "administrator"), await Person(shop, "Carl", "administrator"), await Person(shop, "Piet", "store"));
        var asked = await Counts(shop, asker, found: 2);

        (await Decides(shop, asker, asked, approve: true)).Error.ShouldBe(DecideApproval.Own);
        (await Decides(shop, clerk, asked, approve: true)).Error!.Code.ShouldBe("approval.not-yours");
        (await Decides(shop, first, asked, approve: true)).Value.ShouldBe(ApprovalState.Waiting);
        (await Decides(shop, first, asked, approve: true, version: 2)).Error.ShouldBe(DecideApproval.Twice);
        (await Decides(shop, second, asked, approve: true)).Error.ShouldBe(DecideApproval.Changed);
        (await Decides(shop, second, asked, approve: true, version: 2)).Value.ShouldBe(ApprovalState.Approved);
        (await Decides(shop, second, asked, approve: false, version: 3)).Error!.Code.ShouldBe("approval.ended");
    }

    [Fact, Feature("AP-17")]
    public async Task Every_decision_is_kept_with_who_when_why_and_about_what()
    {
        await using var shop = await WithRule("""{"rules":[{"operation":"stock.adjust","levels":[{"permission":"kernel.approvals.decide"}]}]}""");
        var (clerk, boss) = (await Person(shop, "Piet", "store"), await Person(shop, "Anna", "administrator"));
        var asked = await Counts(shop, clerk, found: 2);

        (await Decides(shop, boss, asked, approve: false)).Value.ShouldBe(ApprovalState.Refused);

        (await shop.Text("select d.verdict || ' ' || d.actor_name || ' ' || d.reason || ' ' || (d.effect_digest = a.effect_digest) from kernel.approval_decision d join kernel.approval a on a.id = d.approval_id"))
            .ShouldBe("Refused Anna seen it true");
        await Should.ThrowAsync<PostgresException>(() => shop.Text("update kernel.approval_decision set reason = 'other'"));
        await shop.Services.GetRequiredService<OutboxDispatcher>().Drain();
        (await shop.Position("TEE-M")).OnHand.ShouldBe(10);
    }

    [Fact, Feature("AP-01")]
    public async Task What_has_changed_since_the_yes_waits_again_with_the_difference()
    {
        await using var shop = await WithRule("""{"rules":[{"operation":"stock.adjust","levels":[{"permission":"kernel.approvals.decide"}]}]}""");
        var (clerk, boss) = (await Person(shop, "Piet", "store"), await Person(shop, "Anna", "administrator"));
        var asked = await Counts(shop, clerk, found: 2);
        (await Decides(shop, boss, asked, approve: true)).Ok.ShouldBeTrue();

        await shop.Stocks("TEE-M", onHand: 5);
        await shop.Services.GetRequiredService<OutboxDispatcher>().Drain();

        (await shop.Position("TEE-M")).OnHand.ShouldBe(15);
        (await shop.Text("select state from kernel.approval")).ShouldBe("Waiting");
        (await shop.Text("select reason from kernel.approval_decision where verdict = 'Changed'")).ShouldStartWith("Was: ");
        (await Decides(shop, boss, asked, approve: true, version: 3)).Value.ShouldBe(ApprovalState.Approved);
        await shop.Services.GetRequiredService<OutboxDispatcher>().Drain();
        (await shop.Position("TEE-M")).OnHand.ShouldBe(2);
    }

    [Fact, Feature("AP-01", "AP-18")]
    public async Task What_nobody_decides_goes_to_the_next_and_then_ends()
    {
        await using var shop = await WithRule("""{"rules":[{"operation":"stock.adjust","levels":[{"permission":"stock.locations","withinHours":4,"thenPermission":"kernel.approvals.decide"}]}]}""");
        var clerk = await Person(shop, "Piet", "store");
        await Counts(shop, clerk, found: 2);

        shop.Clock.Step(TimeSpan.FromHours(5));
        await Expires(shop);
        (await shop.Text("select state || ' ' || escalated from kernel.approval")).ShouldBe("Waiting true");
        shop.Clock.Step(TimeSpan.FromHours(5));
        await Expires(shop);
        (await shop.Text("select state || ' ' || outcome from kernel.approval")).ShouldBe("Expired nobody decided in time");
        (await shop.Position("TEE-M")).OnHand.ShouldBe(10);
    }

    [Fact]
    public async Task The_same_key_says_again_that_it_waits_and_asks_once()
    {
        await using var shop = await WithRule("""{"rules":[{"operation":"stock.adjust","levels":[{"permission":"kernel.approvals.decide"}]}]}""");
        var clerk = await Person(shop, "Piet", "store");

        var answers = new List<Guid>();
        for (var i = 0; i < 3; i++) answers.Add((await Counts(shop, clerk, found: 2, key: "count-7")).Waiting!.Approval);

        answers.Distinct().Count().ShouldBe(1);
        (await shop.Number("select count(*) from kernel.approval")).ShouldBe(1);
    }

    [Fact]
    public async Task Two_who_say_yes_at_the_same_moment_do_it_once()
    {
        await using var shop = await WithRule("""{"rules":[{"operation":"stock.adjust","levels":[{"permission":"kernel.approvals.decide"}]}]}""");
        var (clerk, anna, bea) = (await Person(shop, "Piet", "store"), await Person(shop, "Anna", "administrator"), await Person(shop, "Bea", "administrator"));
        var asked = await Counts(shop, clerk, found: 2);

        var said = await Task.WhenAll(Decides(shop, anna, asked, approve: true), Decides(shop, bea, asked, approve: true));
        await Task.WhenAll(shop.Services.GetRequiredService<OutboxDispatcher>().Drain(), shop.Services.GetRequiredService<OutboxDispatcher>().Drain());

        said.Count(s => s.Ok).ShouldBe(1);
        (await shop.Number("select count(*) from stock.document where kind = 'Adjustment'")).ShouldBe(1);
    }

    [Fact]
    public async Task Who_asked_and_may_no_more_gets_nothing_done_but_a_case()
    {
        await using var shop = await WithRule("""{"rules":[{"operation":"stock.adjust","levels":[{"permission":"kernel.approvals.decide"}]}]}""");
        var (clerk, boss) = (await Person(shop, "Piet", "store"), await Person(shop, "Anna", "administrator"));
        var asked = await Counts(shop, clerk, found: 2);
        (await shop.Does<SetRoles, SetRoles.Request, Done>(new(clerk.Id, ["executive"]))).Ok.ShouldBeTrue();
        shop.Services.GetRequiredService<Sessions>().Forget();

        (await Decides(shop, boss, asked, approve: true)).Ok.ShouldBeTrue();
        await shop.Services.GetRequiredService<OutboxDispatcher>().Drain();

        (await shop.Position("TEE-M")).OnHand.ShouldBe(10);
        (await shop.Text("select state from kernel.approval")).ShouldBe("Failed");
        (await shop.Number("select count(*) from kernel.work_case where kind = 'approval-failed' and state = 'Open'")).ShouldBe(1);
    }

    [Fact]
    public async Task Who_asked_may_take_it_back_and_nobody_else()
    {
        await using var shop = await WithRule("""{"rules":[{"operation":"stock.adjust","levels":[{"permission":"kernel.approvals.decide"}]}]}""");
        var (clerk, boss) = (await Person(shop, "Piet", "store"), await Person(shop, "Anna", "administrator"));
        var asked = await Counts(shop, clerk, found: 2);
        var id = new Id<Approval>(asked.Waiting!.Approval);

        (await shop.Does<WithdrawApproval, WithdrawApproval.Request, Done>(new(id), new Caller(boss, Door.Page, shop.Company))).Error.ShouldBe(WithdrawApproval.NotOwn);
        (await shop.Does<WithdrawApproval, WithdrawApproval.Request, Done>(new(id), new Caller(clerk, Door.Page, shop.Company))).Ok.ShouldBeTrue();
        (await Decides(shop, boss, asked, approve: true, version: 2)).Error!.Code.ShouldBe("approval.ended");
    }

    [Fact, Feature("AP-18", "AP-12")]
    public async Task Who_is_away_has_somebody_who_decides_instead()
    {
        await using var shop = await WithRule("""{"rules":[{"operation":"stock.adjust","levels":[{"permission":"kernel.approvals.decide"}]}]}""");
        var (clerk, boss, friend) = (await Person(shop, "Piet", "store"), await Person(shop, "Anna", "operations"), await Person(shop, "Wim", "warehouse"));
        var asked = await Counts(shop, clerk, found: 2);
        (await Decides(shop, friend, asked, approve: true)).Error!.Code.ShouldBe("approval.not-yours");

        var away = await Hands(shop, boss, friend);
        await shop.Must<HandOverDecisions, HandOverDecisions.Request, Id<Delegation>>(new(friend.Id, shop.Clock.GetUtcNow().AddDays(20), "next holiday", shop.Clock.GetUtcNow().AddDays(10), boss.Id));
        (await Decides(shop, friend, asked, approve: true)).Ok.ShouldBeTrue();

        (await shop.Text("select actor_name || ' for ' || for_name from kernel.approval_decision")).ShouldBe("Wim for Anna");
        var later = await Counts(shop, clerk, found: 3);
        (await shop.Does<EndDelegations, EndDelegations.Request, IReadOnlyList<EndDelegations.Answer>>(new([away.Value]), shop.By(boss))).Value[0].Why.ShouldBeNull();
        (await Decides(shop, friend, later, approve: true)).Error!.Code.ShouldBe("approval.not-yours", "she is back");
        shop.Clock.Step(TimeSpan.FromDays(11));
        var then = await Counts(shop, clerk, found: 4);
        (await Decides(shop, friend, then, approve: false)).Ok.ShouldBeTrue("the next holiday began");
    }

    [Fact, Feature("AP-12", "AP-18")]
    public async Task Standing_in_gives_nobody_a_say_about_their_own_or_a_second_one()
    {
        await using var shop = await WithRule(
            """{"rules":[{"operation":"stock.adjust","levels":[{"permission":"kernel.approvals.decide"},{"permission":"kernel.approvals.decide"}]}]}""");
        var (boss, friend, other) = (await Person(shop, "Anna", "operations"), await Person(shop, "Wim", "warehouse"), await Person(shop, "Fay", "finance"));
        (await Hands(shop, boss, friend)).Ok.ShouldBeTrue();
        (await Hands(shop, friend, boss)).Ok.ShouldBeTrue("a circle leads nowhere: nothing is passed on");

        var own = await Counts(shop, boss, found: 2);
        (await Decides(shop, friend, own, approve: true)).Error!.Code.ShouldBe("approval.not-yours", "nobody decides in the requester's place");
        var asked = await Counts(shop, await Person(shop, "Piet", "store"), found: 3);
        (await Decides(shop, friend, asked, approve: true)).Value.ShouldBe(ApprovalState.Waiting);
        (await Decides(shop, boss, asked, approve: true, version: 2)).Error!.Code.ShouldBe("approval.twice", "it was said in her place already");
        (await Decides(shop, other, asked, approve: true, version: 2)).Value.ShouldBe(ApprovalState.Approved);
    }

    [Fact]
    public async Task A_delegation_is_refused_where_it_makes_no_sense()
    {
        await using var shop = await Shop.Open();
        var (boss, friend, stranger) = (await Person(shop, "Anna", "operations"), await Person(shop, "Wim", "warehouse"), await Person(shop, "Sven", "service"));
        var now = shop.Clock.GetUtcNow();
        Task<Result<Id<Delegation>>> Tries(Actor who, HandOverDecisions.Request request) => shop.Does<HandOverDecisions, HandOverDecisions.Request, Id<Delegation>>(request, shop.By(who));

        (await Tries(boss, new(boss.Id, now.AddDays(1), "away"))).Error!.Code.ShouldBe("delegation.self");
        (await Tries(boss, new(Guid.NewGuid(), now.AddDays(1), "away"))).Error!.Code.ShouldBe("delegation.nobody");
        (await Tries(boss, new(friend.Id, now.AddDays(-1), "away"))).Error!.Code.ShouldBe("delegation.span");
        (await Tries(stranger, new(friend.Id, now.AddDays(1), "away", For: boss.Id))).Error!.Code.ShouldBe("delegation.not-yours");
        var both = await Task.WhenAll(Tries(boss, new(friend.Id, now.AddDays(2), "away")), Tries(boss, new(stranger.Id, now.AddDays(2), "away")));
        both.Count(r => r.Ok).ShouldBe(1);
        both.Single(r => !r.Ok).Error!.Code.ShouldBe("delegation.overlaps");
    }

    [Theory, Feature("AP-01", "AP-14")]
    [InlineData("""{"roles":["store"]}""", "store", true)]
    [InlineData("""{"roles":["finance"]}""", "store", false)]
    [InlineData("""{"exceptions":["damaged"]}""", "store", false)]
    [InlineData("""{"exceptions":["count"]}""", "store", true)]
    [InlineData("""{"categories":["lamps"]}""", "store", false)]
    [InlineData("""{"categories":["Shirts"]}""", "store", true)]
    [InlineData("""{"nodes":["OVERFLOW"]}""", "store", false)]
    public async Task A_rule_holds_for_whom_and_what_it_names(string conditions, string role, bool waits)
    {
        var rule = JsonSerializer.Deserialize<Dictionary<string, object>>(conditions)!;
        rule["operation"] = "stock.adjust";
        rule["levels"] = new[] { new { permission = "kernel.approvals.decide" } };
        await using var shop = await WithRule(JsonSerializer.Serialize(new { rules = new[] { rule } }));
        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("TEE-M", "T-shirt, medium", Attributes: new Dictionary<string, string> { ["category"] = "Shirts" })]));

        var asked = await Counts(shop, await Person(shop, "Piet", role), found: 9);

        (asked.Waiting is not null).ShouldBe(waits);
    }

    private static Task<Result<Id<Delegation>>> Hands(Shop shop, Actor from, Actor to) =>
        shop.Does<HandOverDecisions, HandOverDecisions.Request, Id<Delegation>>(new(to.Id, shop.Clock.GetUtcNow().AddDays(5), "on holiday"), shop.By(from));

    [Fact, Feature("AP-07", "PD-12")]
    public async Task A_new_price_waits_and_holds_only_after_somebody_elses_yes()
    {
        await using var shop = await WithRule("""{"rules":[{"operation":"pricing.set-prices","levels":[{"permission":"kernel.approvals.decide"}]}]}""");
        var (merchandiser, boss) = (await Person(shop, "Mei", "merchandiser"), await Person(shop, "Anna", "administrator"));
        var before = await shop.Text("select string_agg(micros::text, ' ' order by sku, from_day) from pricing.price");

        var asked = await shop.Asks<SetPrices>(new SetPrices.Request("retail", [new("TEE-M", 9.99m)]), new Caller(merchandiser, Door.Page, shop.Company));
        asked.Waiting.ShouldNotBeNull();
        (await shop.Text("select string_agg(micros::text, ' ' order by sku, from_day) from pricing.price")).ShouldBe(before);

        shop.Clock.Step(TimeSpan.FromMinutes(5));
        var yes = await shop.Does<DecideApproval, DecideApproval.Request, ApprovalState>(new(new Id<Approval>(asked.Waiting!.Approval), 1, true, "margin still stands"), new Caller(boss, Door.Page, shop.Company));
        yes.Value.ShouldBe(ApprovalState.Approved);
        await shop.Services.GetRequiredService<OutboxDispatcher>().Drain();

        (await shop.Number("select count(*) from pricing.price where sku = 'TEE-M' and micros = 9990000")).ShouldBe(1);
        (await shop.Text("select string_agg(from_day || ' ' || micros / 10000, ', ' order by from_day) from pricing.price where sku = 'TEE-M'")).ShouldBe("2026-02-08 2000, 2026-03-10 999", "what it cost before is still there");
        (await shop.Text("select field || ': ' || before || ' > ' || after || ' by ' || actor_name from kernel.master_change where kind = 'price' and subject = 'TEE-M' order by told desc limit 1")).ShouldBe("Price on retail: 20.00 EUR > 9.99 EUR by Mei", "whoever asked is named, and the yes stands beside the request");
    }

    private static async Task<Shop> WithRule(string policy)
    {
        var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 10);
        (await shop.Does<SetPolicy, SetPolicy.Request, int>(new(ApprovalPolicy.Kind, JsonSerializer.Deserialize<JsonElement>(policy), "head of finance"))).Ok.ShouldBeTrue();
        return shop;
    }

    private static Task<Actor> Person(Shop shop, string name, string role) => shop.Person(name, role);

    private static Task<Result<IReadOnlyList<DocumentRef>>> Counts(Shop shop, Actor who, int found, string? key = null) =>
        shop.Does<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(
            new([new AdjustStock.Line("MAIN/STOCK", "TEE-M", found, "count")]), new Caller(who, Door.Page, shop.Company) { IdempotencyKey = key });

    private static Task<Result<ApprovalState>> Decides(Shop shop, Actor who, Result<IReadOnlyList<DocumentRef>> asked, bool approve, int version = 1) =>
        shop.Does<DecideApproval, DecideApproval.Request, ApprovalState>(new(new Id<Approval>(asked.Waiting!.Approval), version, approve, "seen it"), new Caller(who, Door.Page, shop.Company));

    private static async Task Expires(Shop shop)
    {
        await using var scope = shop.Scope();
        await scope.ServiceProvider.GetRequiredService<ExpireApprovalsJob>().Run(default);
    }
}
