using System.Text.Json;
using Keel.Sales;
using Shouldly;
using Xunit;

namespace Keel.Tests.Kernel;

public class PolicyTests
{
    [Fact, Feature("AP-10")]
    public async Task A_choice_names_only_what_there_is()
    {
        await using var shop = await Shop.Open();

        var channel = await Chooses(shop, "revenue-recognition", new { rules = new[] { new { at = "delivery", channels = new[] { "webshop", "nowhere" } } } });
        (channel.Error!.Code, channel.Error.Fields.Single().Field).ShouldBe(("policy.name-unknown", "choice.rules[0].channels[1]"));
        (await Chooses(shop, "approvals", Rule("stock.adjust", "kernel.aprovals.decide"))).Error!.Message.ShouldContain("nobody could be found");
        (await Chooses(shop, "approvals", Rule("stock.adjus", "kernel.approvals.decide"))).Error!.Message.ShouldBe("There is no operation stock.adjus.");
        (await Chooses(shop, "approvals", Rule("sales.hold-orders", "kernel.approvals.decide"))).Error!.Message.ShouldContain("never waits");
        (await Chooses(shop, "approvals", new { rules = new[] { new { operation = "stock.adjust", levels = Array.Empty<object>() } } })).Error!.Code.ShouldBe("policy.invalid");
        (await Chooses(shop, "approvals", Rule("stock.adjust", "kernel.approvals.decide"))).Value.ShouldBe(1);
    }

    [Fact]
    public async Task Who_chooses_from_an_old_page_is_told_and_changes_nothing()
    {
        await using var shop = await Shop.Open();
        await Chooses(shop, ReservationTiming.Kind, new { when = "byHand" }, after: 0);

        var late = await Chooses(shop, ReservationTiming.Kind, new { when = "atPayment" }, after: 0);

        late.Error!.Code.ShouldBe(SetPolicy.Stale.Code);
        (await shop.Number("select count(*) from kernel.policy")).ShouldBe(1);
    }

    [Fact]
    public async Task Two_who_choose_at_once_are_told_apart()
    {
        await using var shop = await Shop.Open();

        var both = await Task.WhenAll(
            Chooses(shop, ReservationTiming.Kind, new { when = "byHand" }, after: 0), Chooses(shop, ReservationTiming.Kind, new { when = "atPayment" }, after: 0));

        both.Count(r => r.Ok).ShouldBe(1);
        both.Single(r => !r.Ok).Error!.Code.ShouldBe(SetPolicy.Stale.Code);
    }

    [Fact, Feature("MD-12")]
    public async Task A_plan_holds_from_its_day_on_and_is_replaced_by_planning_again()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 9);
        var day = shop.Clock.GetUtcNow().AddDays(2);
        await Chooses(shop, ReservationTiming.Kind, new { when = "byHand" }, from: day);
        (await shop.Takes(("TEE-M", 1))).Status.ShouldBe(OrderStatus.Reserved);
        await Chooses(shop, ReservationTiming.Kind, new { when = "atOrder" });

        shop.Clock.Step(TimeSpan.FromDays(2));
        (await shop.Takes(("TEE-M", 1))).Status.ShouldBe(OrderStatus.Confirmed, "what was planned for later comes into force then");

        shop.Clock.Step(TimeSpan.FromDays(-1));
        await Chooses(shop, ReservationTiming.Kind, new { when = "atOrder" }, from: day);
        shop.Clock.Step(TimeSpan.FromDays(1));
        (await shop.Takes(("TEE-M", 1))).Status.ShouldBe(OrderStatus.Reserved, "of two that begin at once the newer holds");
    }

    private static object Rule(string operation, string permission) => new { rules = new[] { new { operation, levels = new[] { new { permission } } } } };

    private static Task<Result<int>> Chooses(Shop shop, string kind, object choice, int? after = null, DateTimeOffset? from = null) =>
        shop.Does<SetPolicy, SetPolicy.Request, int>(new(kind, JsonSerializer.SerializeToElement(choice, KeelJson.Options), "head of operations", from, after));
}
