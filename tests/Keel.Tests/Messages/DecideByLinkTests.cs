using System.Text.RegularExpressions;
using Keel.Messages;
using Shouldly;
using Xunit;

namespace Keel.Tests.Messages;

/// A mail's link opens a decision for one person, once, and decides nothing by itself.
public class DecideByLinkTests
{
    [Fact, Feature("AP-16")]
    public async Task A_link_decides_once_for_whom_it_was_written()
    {
        await using var shop = await Shop.Open();
        var (anna, boss, other) = (await shop.Person("Anna", "store"), await shop.Person("Boss", "finance"), await shop.Person("Other", "finance"));
        await shop.AsksToCorrect(anna, found: 2);
        await shop.Delivers();
        await shop.Delivers();
        var token = await Token(shop, boss);

        (await Decides(shop, other, token)).Error!.Code.ShouldBe("link.not-yours");
        (await Decides(shop, boss, new string('0', 64))).Error!.Code.ShouldBe("link.unknown");
        (await Decides(shop, boss, token)).Value.ShouldBe(ApprovalState.Approved);
        (await Decides(shop, boss, token)).Error!.Code.ShouldBe("link.used");
        await shop.Delivers();

        (await shop.Position("TEE-M")).OnHand.ShouldBe(2);
        (await shop.Text("select actor_name || ' ' || verdict from kernel.approval_decision")).ShouldBe("Boss Approved");
    }

    [Fact]
    public async Task A_link_is_dead_when_its_time_is_over_or_somebody_else_has_decided()
    {
        await using var shop = await Shop.Open();
        var (anna, boss, other) = (await shop.Person("Anna", "store"), await shop.Person("Boss", "finance"), await shop.Person("Other", "finance"));
        var waits = await shop.AsksToCorrect(anna, found: 2);
        await shop.Delivers();
        await shop.Delivers();
        var token = await Token(shop, boss);

        shop.Clock.Step(TimeSpan.FromHours(25));
        (await Decides(shop, boss, token)).Error!.Code.ShouldBe("link.expired");
        shop.Clock.StepTo(Shop.Morning);
        await shop.Decides(other, waits, approve: false);
        (await Decides(shop, boss, token)).Error!.Code.ShouldBe("approval.ended");
        (await shop.Position("TEE-M")).OnHand.ShouldBe(10);
    }

    [Fact]
    public async Task The_database_keeps_no_link_only_its_digest()
    {
        await using var shop = await Shop.Open();
        var (anna, boss) = (await shop.Person("Anna", "store"), await shop.Person("Boss", "finance"));
        await shop.AsksToCorrect(anna, found: 2);
        await shop.Delivers();
        await shop.Delivers();

        var digest = await shop.Text("select encode(digest, 'hex') from messages.decision_link");
        digest.ShouldBe(Convert.ToHexStringLower(DecisionLink.DigestOf(await Token(shop, boss))));
        digest.ShouldNotBe(await Token(shop, boss));
    }

    private static async Task<string> Token(Shop shop, Actor of) =>
        Regex.Match(await shop.Text($"select text from messages.mail where to_id = '{of.Id}'"), "/decide/([0-9a-f]{64})").Groups[1].Value;

    private static Task<Result<ApprovalState>> Decides(Shop shop, Actor who, string token) =>
        shop.Does<DecideByLink, DecideByLink.Request, ApprovalState>(new(token, true, "counted it myself"), shop.By(who));
}
