using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using static Keel.Tests.RuleShop;

namespace Keel.Tests.Automation;

/// A rule that cannot be followed is refused when it is saved, and told why.
public partial class RuleCheckTests
{
    [Fact, Feature("AU-01")]
    public async Task What_cannot_be_followed_is_refused_with_what_to_do()
    {
        await using var shop = await Shop.Open();
        var good = StopsLarge();
        (SaveRule.Request Rule, string Code, string Says)[] wrong =
        [
            (good with { On = "sales.order-eaten" }, "rule.trigger-unknown", "no event 'sales.order-eaten'"),
            (good with { Operation = "sales.eat-orders" }, "rule.operation-unknown", "no operation 'sales.eat-orders'"),
            (good with { Operation = "access.create-user" }, "rule.not-by-rule", "people only"),
            (good with { Operation = "kernel.set-rule-mode" }, "rule.not-by-rule", "people only"),
            (good with { Operation = "ledger.post-manual-entry" }, "rule.owner-may-not", "it needs the permission ledger."),
            (good with { Groups = [Group(("weight", RuleTest.MoreThan, "5"))] }, "rule.invalid", "no field weight here"),
            (good with { Groups = [Group(("amount", RuleTest.MoreThan, "5"))] }, "rule.invalid", "an amount with its currency"),
            (good with { Groups = [Group(("amount", RuleTest.Contains, "5 EUR"))] }, "rule.invalid", "cannot be asked this"),
            (good with { Groups = [Group(("status", RuleTest.Equal, "sleeping"))] }, "rule.invalid", "one of OnHold"),
            (good with { Groups = [Group(("lines", RuleTest.AtLeast, "three"))] }, "rule.invalid", "a number is wanted"),
            (good with { Groups = [Group(("channel", RuleTest.Equal, " "))] }, "rule.invalid", "Say what it is compared with"),
            (good with { With = Json(new { orders = new[] { "{order.id}" }, reason = "{colour}" }) }, "rule.invalid", "no field colour here"),
            (good with { With = Json(new { orders = new[] { "{order.number}" }, reason = "too large" }) }, "rule.invalid", "does not fit hold orders"),
            (good with { With = Json(new { orders = new[] { "{order.id}" }, reason = "x" }) }, "rule.invalid", "reason"),
            (good with { With = Json(new { orders = new[] { "{order.id}" }, reason = "too large", colour = "red" }) }, "rule.invalid", "does not fit hold orders"),
            (good with { On = "schedule", Groups = [], With = Json(new { orders = new[] { Guid.NewGuid() }, reason = "each day" }) }, "rule.schedule-missing", "when it looks"),
            (good with { Schedule = new RuleSchedule(EveryMinutes: 30) }, "rule.schedule-superfluous", "no schedule"),
            (good with { Schedule = new RuleSchedule(EveryMinutes: 1) }, "gate.invalid", "schedule.everyMinutes"),
            (good with { Rule = new Id<Rule>(Guid.NewGuid()), After = 1 }, "rule.unknown", "no such rule"),
        ];

        foreach (var (rule, code, says) in wrong)
        {
            var refused = await shop.Does<SaveRule, SaveRule.Request, Id<Rule>>(rule, shop.By(await shop.Boss()));
            refused.Error.ShouldNotBeNull(says);
            refused.Error.Code.ShouldBe(code, refused.Error.Message);
            (refused.Error.Message + string.Join(' ', refused.Error.Fields.Select(f => $"{f.Field} {f.Message}"))).ShouldContain(says);
        }

        (await shop.Number("select count(*) from kernel.rule")).ShouldBe(0);
    }

    [Fact, Feature("AU-03")]
    public async Task Every_event_of_the_catalogue_says_its_sentence_with_fields_that_it_has()
    {
        await using var shop = await Shop.Open();
        var triggers = shop.Services.GetRequiredService<Triggers>();

        triggers.All.Count.ShouldBeGreaterThan(12);
        foreach (var trigger in triggers.All)
        {
            trigger.Name.ShouldStartWith(trigger.Module + ".");
            trigger.Shape.Fields.ShouldNotBeEmpty(trigger.Name);
            foreach (Match brace in Braces().Matches(trigger.Sentence)) trigger.Shape.Find(brace.Groups[1].Value).ShouldNotBeNull($"{trigger.Name}: {brace.Value}");
            RequestTemplate.Sample(trigger.Shape, Currency.Eur).ValueKind.ShouldBe(JsonValueKind.Object);
        }
    }

    [Fact, Feature("AU-03")]
    public async Task A_case_tells_all_the_fields_that_its_event_promises()
    {
        await using var shop = await Shop.Open();
        await shop.Must<RaiseCase, RaiseCase.Request, Done>(new("The door", "It squeaks.", Severity: Severity.High));
        var facts = new Fact(JsonDocument.Parse(await shop.Text("select facts from kernel.event where kind = 'kernel.case-opened'")).RootElement);

        foreach (var field in FactShape.Of(typeof(CaseOpened)).Fields) facts.Value(field).ShouldNotBeNull(field.Path);
        facts.Value(FactShape.Of(typeof(CaseOpened)).Find("severity")!).ShouldBe(Severity.High);
    }

    [Theory]
    [InlineData("amount", RuleTest.MoreThan, "99 EUR", true)]
    [InlineData("amount", RuleTest.MoreThan, "100 EUR", false)]
    [InlineData("amount", RuleTest.AtLeast, "100 EUR", true)]
    [InlineData("amount", RuleTest.MoreThan, "1 USD", false)]
    [InlineData("amount", RuleTest.LessThan, "1000 USD", false)]
    [InlineData("amount", RuleTest.Equal, "100.00 EUR", true)]
    [InlineData("channel", RuleTest.OneOf, "bazaar, WEBSHOP", true)]
    [InlineData("channel", RuleTest.NoneOf, "bazaar, mercato", true)]
    [InlineData("skus", RuleTest.Contains, "bowl", true)]
    [InlineData("skus", RuleTest.ContainsNot, "TEE-M", true)]
    [InlineData("hold", RuleTest.NotSaid, null, true)]
    [InlineData("hold", RuleTest.Equal, "address", false)]
    [InlineData("hold", RuleTest.Different, "address", true)]
    [InlineData("status", RuleTest.Equal, "reserved", true)]
    [InlineData("status", RuleTest.OneOf, "on-hold, Backordered", false)]
    [InlineData("units", RuleTest.MoreThan, "2.5", true)]
    [InlineData("shipBy", RuleTest.LessThan, "2026-03-12", true)]
    [InlineData("isPaid", RuleTest.Equal, "false", true)]
    [InlineData("country", RuleTest.Contains, "n", true)]
    [InlineData("order.number", RuleTest.Different, "SO-1", false)]
    public void Conditions_compare_each_field_in_its_own_type(string field, RuleTest test, string? value, bool holds)
    {
        var shape = FactShape.Of(typeof(Keel.Sales.Contract.OrderPlaced));
        var placed = new Keel.Sales.Contract.OrderPlaced(
            new DocumentRef("order", Guid.NewGuid(), "SO-1"), "webshop", ChannelKind.OwnShop, "NL", new Money(100_00, Currency.Eur), 2, 3, ["BOWL", "MUG-BL"], new DateOnly(2026, 3, 11), Keel.Sales.OrderStatus.Reserved);

        var (conditions, wrong) = Conditions.Of([Group((field, test, value))], shape);

        wrong.ShouldBeEmpty();
        conditions.Hold(new Fact(shape.Write(placed))).ShouldBe(holds);
    }

    [Fact]
    public void Of_several_groups_one_is_enough_and_in_a_group_all_must_hold()
    {
        var shape = FactShape.Of(typeof(ClockStruck));
        var fact = new Fact(shape.Write(new ClockStruck(Shop.Morning, new DateOnly(2026, 3, 10))));
        bool Hold(params RuleGroup[] groups) => Conditions.Of(groups, shape).Read.Hold(fact);

        Hold().ShouldBeTrue();
        Hold(Group(("day", RuleTest.Equal, "2026-03-10"), ("day", RuleTest.MoreThan, "2026-03-10"))).ShouldBeFalse();
        Hold(Group(("day", RuleTest.MoreThan, "2026-03-10")), Group(("day", RuleTest.AtLeast, "2026-03-10"))).ShouldBeTrue();
    }

    [Fact]
    public void A_request_takes_values_whole_and_text_in_words()
    {
        var shape = FactShape.Of(typeof(Keel.Sales.Contract.OrderPlaced));
        var id = Guid.NewGuid();
        var fact = new Fact(shape.Write(new Keel.Sales.Contract.OrderPlaced(
            new DocumentRef("order", id, "SO-1"), "webshop", ChannelKind.OwnShop, "NL", new Money(100_50, Currency.Eur), 2, 3, ["BOWL"], new DateOnly(2026, 3, 11), Keel.Sales.OrderStatus.Reserved)));
        var info = new OperationInfo(typeof(Keel.Sales.RecordPayments), "sales");

        var filled = RequestTemplate.Fill(info, Json(new
        {
            payments = new[] { new { order = "{order.id}", kind = "captured", method = "card", amount = new { amount = "{amount}", currency = "EUR" }, reference = "{order.number} of {amount}, {skus}" } },
        }), fact);

        var payment = ((Keel.Sales.RecordPayments.Request)filled.Value).Payments.Single();
        (payment.Order.Value, payment.Amount, payment.Reference).ShouldBe((id, new Money(100_50, Currency.Eur), "SO-1 of 100.50 EUR, BOWL"));
    }

    [GeneratedRegex(@"\{([A-Za-z][A-Za-z0-9.]*)\}")]
    private static partial Regex Braces();
}
