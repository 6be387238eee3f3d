using System.Text.Json;
using Keel.App.Access;
using Keel.Sales;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace Keel.Tests;

/// Rules in a shop, with verbs that somebody would say who looks after them.
internal static class RuleShop
{
    public const string Hold = "sales.hold-orders";

    extension(Shop shop)
    {
        public RuleDispatcher Rules => shop.Services.GetRequiredService<RuleDispatcher>();

        /// Somebody saves a rule, and lets it act.
        public async Task<Id<Rule>> Makes(SaveRule.Request rule, Actor? by = null, RuleMode mode = RuleMode.Live)
        {
            var saved = await shop.Does<SaveRule, SaveRule.Request, Id<Rule>>(rule, shop.By(by ?? await shop.Boss()));
            saved.Error.ShouldBeNull();
            if (mode is not RuleMode.Trial) await shop.Sets(saved.Value, mode);
            return saved.Value;
        }

        public async Task<Actor> Boss()
        {
            var known = await shop.Text("select id from access.person where email = 'olga@harbour.example'");
            return Guid.TryParse(known, out var id) ? (await shop.Services.GetRequiredService<IActors>().Find(ActorKind.Person, id, default))! : await shop.Person("Olga", "operations");
        }

        public async Task Sets(Id<Rule> rule, RuleMode mode, bool catchUp = false)
        {
            var set = await shop.Does<SetRuleMode, SetRuleMode.Request, RuleAnswer[]>(new([rule], mode, catchUp), shop.By(await shop.Boss()));
            set.Error.ShouldBeNull();
        }

        /// Everything that rules have to do is done. Transactions of other databases of the same server can hold events back for a moment.
        public async Task Follows()
        {
            for (var i = 0; i < 400; i++)
            {
                await shop.Rules.Drain();
                if (await shop.Number("select count(*) from kernel.event e, kernel.event_cursor c where (e.xact, e.position) > (c.xact, c.position)") == 0) return;
                await Task.Delay(50);
            }

            throw new InvariantBroken("Some transaction does not end: the rules do not hear of what came after it.");
        }

        /// Everything that happened is matched, and nothing is acted on yet.
        public async Task Hears()
        {
            while (await shop.Number("select count(*) from kernel.event e, kernel.event_cursor c where (e.xact, e.position) > (c.xact, c.position)") > 0) await shop.Rules.Listen(null, default);
        }

        public async Task<RunState[]> Runs(Id<Rule> rule) => [.. (await shop.Look<RuleRun>($"rule_id = {rule} order by chain, id")).Select(r => r.State)];

        public async Task<IReadOnlyList<RuleRun>> RunsOf(Id<Rule> rule) => await shop.Look<RuleRun>($"rule_id = {rule} order by chain, id");

        public async Task<List<T>> Look<T>(FormattableString where)
        {
            await using var scope = shop.Scope();
            return await scope.ServiceProvider.GetRequiredService<KeelDb>().Table<T>().Where(where);
        }
    }

    /// Stops orders of more than an amount.
    public static SaveRule.Request StopsLarge(string over = "50 EUR", string name = "Large orders") => new(
        name, "sales.order-placed", Hold, Json(new { orders = new[] { "{order.id}" }, reason = "{order.number} is over {amount}" }), [Group(("amount", RuleTest.MoreThan, over))]);

    public static RuleGroup Group(params (string Field, RuleTest Is, string? Value)[] conditions) => new([.. conditions.Select(c => new RuleCondition(c.Field, c.Is, c.Value))]);

    public static JsonElement Json(object value) => JsonSerializer.SerializeToElement(value, KeelJson.Options);
}
