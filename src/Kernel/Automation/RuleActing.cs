using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using Keel.Kernel.Views;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Keel.Kernel;

/// Acts on what matched, through the gate, as the rule itself: its owner's permissions, segregation of duties and approvals hold as for anybody.
internal sealed class RuleActing(KeelDb db, Gate gate, ModuleCatalog catalog, RuleSources sources, IActors actors, ILogger<RuleActing> log)
{
    private const int MostRuns = 200;
    private const int AtATime = 4;
    private const int Attempts = 5;
    private const int MostSentence = 1_000;

    public static readonly Error Itself = new("rule.caused-by-itself", "The rule caused this itself, so it leaves it alone.");
    public static readonly Error TooLong = new("rule.chain-too-long", "Rules called each other too often. It stops here.");
    public static readonly Error OwnerGone = new("rule.owner-gone", "The rule's owner may not sign in any more. Let somebody else save the rule, and answer for it.", Refusal.Forbidden);
    public static readonly Error Broken = new("rule.broken", "The operation broke. Look at the server's log.");

    private static readonly TimeSpan[] BackOff = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)];
    private readonly List<(RuleRun Run, Rule Rule)> failed = [];
    private readonly List<(RuleRun Run, Rule Rule)> mended = [];

    /// Locks what is due and acts on it; runs about one document one after the other.
    public async Task<int> Act(DateTimeOffset? at, CancellationToken ct)
    {
        var runs = await db.Table<RuleRun>().Where($"state = 'Waiting' and next_at <= {db.Now} order by next_at, id limit {MostRuns} for update skip locked", ct);
        if (runs.Count == 0) return 0;
        var rules = (await db.Table<Rule>().Where($"id = any({runs.Select(r => r.RuleId).Distinct().ToArray()})", ct)).ToDictionary(r => r.Id);
        var after = new ConcurrentBag<RuleRun>();
        await Parallel.ForEachAsync(runs.GroupBy(r => (r.CompanyId, r.Subject.Id)), new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = ct }, async (same, token) =>
        {
            foreach (var run in same.OrderBy(r => r.Id)) after.Add(await Act(run, rules[run.RuleId], at, token));
        });

        db.Table<RuleRun>().Update(
            [.. after], nameof(RuleRun.State), nameof(RuleRun.Version), nameof(RuleRun.Attempts), nameof(RuleRun.NextAt), nameof(RuleRun.Operation),
            nameof(RuleRun.OperationId), nameof(RuleRun.ApprovalId), nameof(RuleRun.Code), nameof(RuleRun.Sentence), nameof(RuleRun.EndedAt));
        failed.AddRange(after.Where(r => r.State is RunState.Refused).OrderBy(r => r.Id).Select(r => (r, rules[r.RuleId])));
        mended.AddRange(after.Where(r => r is { State: RunState.Done, Tries: > 0 }).Select(r => (r, rules[r.RuleId])));
        // Before the commit: a case too many is harmless, a failure that nobody hears of is not.
        foreach (var (run, rule) in failed.DistinctBy(f => f.Rule.Id))
            await gate.Run<RuleTrouble, RuleTrouble.Request, Done>(new(rule.Id, false, Cut($"{rule.Name} could not act on {run.Subject.Number}: {run.Sentence}")), Keel(run), ct);
        return after.Count;
    }

    /// Closes the cases of rules that have nothing to mend any more.
    public async Task Tell(CancellationToken ct)
    {
        foreach (var (run, rule) in mended.DistinctBy(f => f.Rule.Id)) await gate.Run<RuleMended, RuleMended.Request, Done>(new(rule.Id), Keel(run), ct);
    }

    private Caller Keel(RuleRun run) => new(Actor.Keel, Door.Job, run.CompanyId) { Cause = run.OperationId ?? run.Cause, At = db.Now };

    private async Task<RuleRun> Act(RuleRun run, Rule rule, DateTimeOffset? at, CancellationToken ct)
    {
        if (rule.Mode is RuleMode.Paused) return run with { State = RunState.Held };
        if (rule.Mode is RuleMode.Retired) return End(run, RunState.Dropped, null, "The rule is over.");
        run = run with { Version = rule.Version, Operation = rule.Definition.Operation, Attempts = run.Attempts + 1 };
        if (catalog.Find(rule.Definition.Operation) is not { } info) return Refused(run, RuleCheck.NoOperation.With($"There is no operation '{rule.Definition.Operation}' any more. Edit the rule."));
        if (await actors.Find(rule.OwnerKind, rule.OwnerId, ct) is not { } owner) return Refused(run, OwnerGone.With($"{rule.OwnerName} may not sign in any more. Let somebody else save the rule, and answer for it."));
        if (!owner.May(info.Permission) || !owner.MayIn(rule.CompanyId))
            return Refused(run, RuleCheck.MayNot.With($"{rule.OwnerName} may not {info.Title.ToLowerInvariant()} any more: it needs the permission {info.Permission}. Let somebody save the rule who may."));
        if (sources.Find(rule.Trigger)?.Permission is { } look && !owner.May(look)) return Refused(run, RuleMatching.OwnerMayNotLook);
        var request = RequestTemplate.Fill(info, rule.Definition.Request, new Fact(run.Facts));
        if (request.Error is { } unfit) return Refused(run, unfit);

        var isTrial = rule.Mode is RuleMode.Trial;
        var caller = new Caller(RuleActors.Of(rule, owner, info), Door.Rule, rule.CompanyId)
        {
            Cause = run.Cause, DryRun = isTrial, IdempotencyKey = isTrial ? null : $"rule-run {run.Id} {run.Tries}", At = at,
        };
        try
        {
            return After(run, info, await gate.Run(info, request.Value, caller, ct), isTrial);
        }
        catch (NpgsqlException away) when (away is not PostgresException)
        {
            throw;
        }
        catch (Exception broken) when (!ct.IsCancellationRequested)
        {
            log.LogError(broken, "{Rule} broke at {Subject}", rule.ActorName, run.Subject.Number);
            return Later(run, Broken.With($"{info.Title} broke: {broken.GetType().Name}. Look at the server's log."));
        }
    }

    private RuleRun After(RuleRun run, OperationInfo info, Outcome outcome, bool isTrial)
    {
        run = run with { OperationId = isTrial ? null : outcome.Id };
        if (isTrial) return End(run, RunState.Tried, outcome.Error?.Code, Told(info, outcome));
        if (outcome.Waiting is { } waiting) return End(run, RunState.Asked, null, waiting.Sentence) with { ApprovalId = waiting.Approval };
        if (outcome.Error is not { } error) return WhyNot(outcome.Answer) is { } why ? Refused(run, new Error("rule.answered-no", why)) : End(run, RunState.Done, null, $"{info.Title}: done.");
        // The key was used by an earlier version of the rule: what it did then stands.
        if (error.Code == Gate.OtherPayload.Code) return End(run, RunState.Done, null, $"{info.Title}: done by an earlier version of the rule.");
        return error.Code == Gate.Busy.Code ? Later(run, error) : Refused(run, error);
    }

    /// What an operation would have answered, in a sentence.
    public static string Told(OperationInfo info, Outcome outcome) =>
        outcome.Waiting is { } waiting ? "Would wait: " + waiting.Sentence
        : outcome.Error is { } error ? "Would be refused: " + error.Message
        : WhyNot(outcome.Answer) is { } why ? "Would be refused: " + why
        : string.Join(' ', outcome.Foretold.Select(f => f.Sentence).Prepend($"Would {info.Title.ToLowerInvariant()}."));

    /// Operations on a list answer for each item; the first one that was refused says why.
    internal static string? WhyNot(object? answer)
    {
        if (answer is string || answer is not IEnumerable items) return null;
        foreach (var item in items)
        {
            if (item is null) continue;
            foreach (var property in item.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                if (property.GetIndexParameters().Length > 0) continue;
                if (property.PropertyType == typeof(Error) && property.GetValue(item) is Error refused) return refused.Message;
                if (property.Name is "Why" && property.GetValue(item) is string { Length: > 0 } why) return why;
            }
        }

        return null;
    }

    private RuleRun Later(RuleRun run, Error why) => run.Attempts >= Attempts ? Refused(run, why)
        : run with { NextAt = db.Now + BackOff[Math.Min(run.Attempts, BackOff.Length) - 1], Code = why.Code, Sentence = Cut(why.Message) };

    private RuleRun Refused(RuleRun run, Error why) => End(run, RunState.Refused, why.Code,
        why.Fields.Count == 0 ? why.Message : $"{why.Message} {string.Join(' ', why.Fields.Select(f => $"{f.Field} {f.Message}"))}");

    private RuleRun End(RuleRun run, RunState state, string? code, string sentence) =>
        run with { State = state, Code = code, Sentence = Cut(sentence), EndedAt = db.Now };

    private static string Cut(string text) => text.Length > MostSentence ? text[..MostSentence] : text;
}

/// A rule did what it had failed to do: its case closes where nothing else of it failed.
[Operation("kernel.report-rule-mended", KernelPermissions.Jobs, Said = "reported that a rule runs again", Icon = "check")]
internal sealed class RuleMended(KeelDb db, CaseDesk cases) : IOperation<RuleMended.Request, Done>
{
    public sealed record Request(Id<Rule> Rule);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var still = await db.Query<int>($"select 1 from kernel.rule_run where company_id = {db.Company} and rule_id = {request.Rule} and state = 'Refused' limit 1", ct);
        if (still.Count == 0) cases.Close([RuleTrouble.Failed], [request.Rule.Value], "what had failed was done");
        return Done.It;
    }
}
