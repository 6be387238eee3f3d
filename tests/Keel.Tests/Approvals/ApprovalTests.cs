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
        (await Decides(shop, clerk, asked, approve: true)).Error!.Code.ShouldBe("gate.no-permission");
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

    private static async Task<Shop> WithRule(string policy)
    {
        var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 10);
        (await shop.Does<SetPolicy, SetPolicy.Request, int>(new(ApprovalPolicy.Kind, JsonSerializer.Deserialize<JsonElement>(policy), "head of finance"))).Ok.ShouldBeTrue();
        return shop;
    }

    /// Somebody who signs in, with what the role may do.
    private static async Task<Actor> Person(Shop shop, string name, string role)
    {
        var made = await shop.Does<CreateUser, CreateUser.Request, Guid>(new(name, $"{name}@harbour.example", "a long enough word", [role]), Caller.Keel(shop.Company));
        return (await shop.Services.GetRequiredService<IActors>().Find(ActorKind.Person, made.Value, default))!;
    }

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
