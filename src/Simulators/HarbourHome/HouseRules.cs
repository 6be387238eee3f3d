using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Simulators;

/// What Harbour Home lets happen by itself, since its last weeks.
internal sealed class HouseRules(IServiceProvider services, Clerk clerk)
{
    private readonly RuleDispatcher dispatcher = services.GetRequiredService<RuleDispatcher>();
    private bool areMade;

    /// Rules are made once; a life that was interrupted finds them.
    public async Task Make(DateTimeOffset at, CancellationToken ct)
    {
        var caller = clerk.At(at);
        foreach (var (rule, mode) in All)
        {
            var saved = await clerk.Tries<SaveRule, SaveRule.Request, Id<Rule>>(rule, caller, ct);
            if (saved.Error is { } refused && refused.Code != SaveRule.Taken.Code) throw new InvariantBroken($"{rule.Name}: {refused.Code} {refused.Message}");
            if (saved.Ok && mode is not RuleMode.Trial) await clerk.Does<SetRuleMode, SetRuleMode.Request, RuleAnswer[]>(new([saved.Value], mode), caller, ct);
        }

        areMade = true;
    }

    public Task Follow(DateTimeOffset at, CancellationToken ct) => areMade ? dispatcher.Drain(at, ct) : Task.CompletedTask;

    private static IEnumerable<(SaveRule.Request Rule, RuleMode Mode)> All =>
    [
        (new("Large web shop orders are looked at", "sales.order-placed", "sales.hold-orders",
            Json(new { orders = new[] { "{order.id}" }, reason = "{amount} in one order from {country}: look at it before it ships" }),
            [Where(("channel", RuleTest.Equal, "webshop"), ("amount", RuleTest.MoreThan, "250 EUR"), ("hold", RuleTest.NotSaid, null))]), RuleMode.Live),
        (new("Valuable orders in doubt go to the supervisor", "sales.order-held", "kernel.escalate-cases-about",
            Json(new { subjects = new[] { "{order.id}" }, reason = "{amount} is stopped" }),
            [Where(("amount", RuleTest.AtLeast, "60 EUR"), ("hold", RuleTest.NoneOf, "manual"))]), RuleMode.Live),
        (new("Messages that died are sent again each morning", "schedule", "kernel.replay-dead-letters", Json(new { }), Schedule: new RuleSchedule(At: "06:30")), RuleMode.Live),
        (new("Sold out and wanted: tell the buyer", "each:stock.positions", "kernel.raise-case",
            Json(new { subject = "{sku}", sentence = "{sku} is sold out at {node}, and {reserved} are promised: order more, or phase it out", team = "buyer", topic = "low-stock" }),
            [Where(("available", RuleTest.AtMost, "0"), ("reserved", RuleTest.AtLeast, "3"), ("node", RuleTest.Equal, "MAIN"))], new RuleSchedule(At: "07:45", Days: [DayOfWeek.Monday, DayOfWeek.Thursday])), RuleMode.Trial),
    ];

    private static RuleGroup Where(params (string Field, RuleTest Is, string? Value)[] all) => new([.. all.Select(c => new RuleCondition(c.Field, c.Is, c.Value))]);

    private static JsonElement Json(object value) => JsonSerializer.SerializeToElement(value, KeelJson.Options);
}
