using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Lets rules act, lets them only say what they would do, pauses them, or ends them. What was kept while a rule paused is done when it goes
/// on, where `CatchUp` says so, and dropped otherwise.
[Operation("kernel.set-rule-mode", KernelPermissions.Rules, Said = "switched the rule")]
internal sealed class SetRuleMode(KeelDb db, Settings settings, CaseDesk cases) : IOperation<SetRuleMode.Request, RuleAnswer[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<Id<Rule>> Rules, RuleMode Mode, bool CatchUp = false);

    public async Task<Result<RuleAnswer[]>> Run(Request request, CancellationToken ct)
    {
        if (db.Work.Actor.Kind is ActorKind.Rule) return SaveRule.ByPeople;
        var asked = request.Rules.Distinct().ToArray();
        var found = (await db.Table<Rule>().Where($"company_id = {db.Company} and id = any({asked}) order by id for update", ct)).ToDictionary(r => r.Id);
        var network = await Network.Of(settings, ct);
        var answers = asked.Select(id => !found.TryGetValue(id, out var rule) ? new RuleAnswer(null, SaveRule.Unknown)
            : rule.Mode is RuleMode.Retired ? new RuleAnswer(rule.Name, SaveRule.Retired) : Set(rule, request, network)).ToArray();
        return answers is [{ Refusal: { } only }] ? only : answers;
    }

    private RuleAnswer Set(Rule rule, Request request, Network network)
    {
        var rests = request.Mode is RuleMode.Paused or RuleMode.Retired;
        var next = rests || rule.Definition.Schedule is not { } schedule ? (DateTimeOffset?)null : rule.NextAt ?? schedule.After(db.Now, network);
        db.Table<Rule>().Update(rule with { Mode = request.Mode, NextAt = next }, nameof(Rule.Mode), nameof(Rule.NextAt));
        db.Work.Concerns("rule:" + rule.Id);
        if (!rests && request.CatchUp)
            db.Queue($"update kernel.rule_run set state = 'Waiting', next_at = {db.Now} where rule_id = {rule.Id} and state = 'Held'");
        else if (!rests)
            db.Queue($"update kernel.rule_run set state = 'Dropped', ended_at = {db.Now}, sentence = 'Left out when the rule went on.' where rule_id = {rule.Id} and state = 'Held'");
        if (request.Mode is not RuleMode.Retired) return new RuleAnswer(rule.Name, null);

        db.Queue($"update kernel.rule_run set state = 'Dropped', ended_at = {db.Now}, sentence = 'The rule is over.' where rule_id = {rule.Id} and state in ('Held', 'Waiting')");
        cases.Close(RuleTrouble.Kinds, [rule.Id.Value], "the rule is over");
        return new RuleAnswer(rule.Name, null);
    }
}

/// What became of one rule of a list.
internal sealed record RuleAnswer(string? Number, Error? Refusal = null);
