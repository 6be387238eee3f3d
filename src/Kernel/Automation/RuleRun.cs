using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Keel.Kernel;

/// A rule met an event: what it was about, and what came of it.
[Rows("kernel.rule_run", "id")]
internal sealed record RuleRun(
    Id<RuleRun> Id, Id<Company> CompanyId, Id<Rule> RuleId, int Version, Guid EventId, DocumentRef Subject, [property: Json] JsonElement Facts, DateTimeOffset HappenedAt,
    DateTimeOffset MatchedAt, Guid? Cause, int Chain, RunState State, int Tries, int Attempts, DateTimeOffset NextAt, string Operation, Guid? OperationId, Guid? ApprovalId,
    string? Code, string? Sentence, DateTimeOffset? EndedAt);

public enum RunState
{
    /// It is about to act.
    Waiting,

    /// The rule was paused: it waits until the rule goes on.
    Held,

    Done,

    /// What it wants to do waits for somebody's yes.
    Asked,

    /// It could not act, and says why: somebody tries again, or drops it.
    Refused,

    /// The rule only says what it would do; this is what it would have been answered.
    Tried,

    /// It was caused by the rule itself, or by too long a chain of rules.
    Stopped,

    /// Somebody decided that it needs not be done.
    Dropped,
}

/// Tries again what rules could not do, with the rules as they are now: the ones that are named, or all that failed.
[Operation("kernel.retry-rule-runs", KernelPermissions.Rules, Said = "tried {rule runs|what a rule wanted} again", Icon = "branch")]
internal sealed class RetryRuleRuns(KeelDb db) : IOperation<RetryRuleRuns.Request, int>
{
    public sealed record Request([MaxLength(1_000)] IReadOnlyList<Id<RuleRun>>? Runs = null, Id<Rule>? Rule = null);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var all = request.Runs is not { Count: > 0 };
        var rules = await db.Query<Guid>(
            $"""
            update kernel.rule_run set state = 'Waiting', attempts = 0, tries = tries + 1, next_at = {db.Now}, ended_at = null
            where company_id = {db.Company} and state = 'Refused' and ({all} or id = any({request.Runs ?? []})) and ({request.Rule is null} or rule_id = {request.Rule?.Value ?? Guid.Empty})
            returning rule_id
            """, ct);
        foreach (var rule in rules.Distinct().Take(50)) db.Work.Concerns("rule:" + rule);
        return rules.Count;
    }
}

/// Drops what rules could not do: somebody has done it by hand, or it is not needed. Where nothing else of the rule failed, its case closes.
[Operation("kernel.drop-rule-runs", KernelPermissions.Rules, Said = "dropped {rule runs|what a rule wanted}", Icon = "x")]
internal sealed class DropRuleRuns(KeelDb db, CaseDesk cases) : IOperation<DropRuleRuns.Request, int>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1_000)] IReadOnlyList<Id<RuleRun>> Runs, [Required, MinLength(3, ErrorMessage = "says in a few words why."), MaxLength(200)] string Reason);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var rules = await db.Query<Guid>(
            $"""
            update kernel.rule_run set state = 'Dropped', ended_at = {db.Now}, sentence = coalesce(sentence || ' ', '') || {"Dropped by " + db.Work.Actor.Name + ": " + request.Reason}
            where company_id = {db.Company} and state = 'Refused' and id = any({request.Runs}) returning rule_id
            """, ct);
        foreach (var rule in rules.Distinct()) db.Work.Concerns("rule:" + rule);
        var well = await db.Query<Guid>($"select id from unnest({rules.Distinct().ToArray()}) as r (id) where not exists (select from kernel.rule_run w where w.rule_id = r.id and w.state = 'Refused')", ct);
        cases.Close([RuleTrouble.Failed], well, "nothing of the rule failed any more");
        return rules.Count;
    }
}
