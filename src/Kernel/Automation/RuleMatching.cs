using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Keel.Kernel;

/// Which rules an event concerns. What matched is written down as a run; what is not a rule's business leaves no trace.
internal sealed class RuleMatching(KeelDb db, RuleSources sources, Gate gate, Settings settings, RuleLists lists, IActors actors)
{
    private const int MostKnown = 2_000;
    private static readonly ConcurrentDictionary<(Guid Rule, int Version), Conditions> Known = new();

    public static readonly Error OwnerMayNotLook = new("rule.owner-may-not-look", "The rule's owner may not see what it follows any more. Let somebody save the rule who may.", Refusal.Forbidden);

    /// Matches a batch of events; rules are asked once per batch, whatever they are and however many.
    public async Task Match(IReadOnlyList<HeardEvent> events, CancellationToken ct)
    {
        var (companies, kinds) = (events.Select(e => e.CompanyId).Distinct().ToArray(), events.Select(e => e.Kind).Distinct().ToArray());
        var rules = (await db.Table<Rule>().Where($"company_id = any({companies}) and trigger = any({kinds}) and mode <> 'Retired' order by id", ct)).ToLookup(r => (r.CompanyId, r.Trigger));
        var matched = new List<(Rule Rule, HeardEvent Event)>();
        foreach (var heard in events)
        {
            if (sources.Find(heard.Kind) is not { } source) continue;
            Fact? fact = null;
            foreach (var rule in rules[(heard.CompanyId, heard.Kind)].Where(r => r.Since <= heard.At))
            {
                fact ??= new Fact(JsonDocument.Parse(heard.Facts).RootElement);
                if (ConditionsOf(rule, source).Hold(fact)) matched.Add((rule, heard));
            }
        }

        if (matched.Count == 0) return;
        var chains = await RuleChain.Of(db, [.. matched.Select(m => m.Event).Distinct()], ct);
        var runs = matched.Select(m => RunOf(m.Rule, m.Event, chains.GetValueOrDefault(m.Event.Id) ?? [])).ToArray();
        // Keys of one instant are drawn by chance: in their order they keep the order of the events.
        var keys = runs.Select(r => r.Id).Order().ToArray();
        db.Table<RuleRun>().InsertMissing([.. runs.Select((r, i) => r with { Id = keys[i] })]);
        foreach (var circle in runs.Zip(matched).Where(p => p.First.Code == RuleActing.TooLong.Code).DistinctBy(p => p.First.RuleId))
        {
            await gate.Run<RuleTrouble, RuleTrouble.Request, Done>(new(circle.First.RuleId, true, circle.First.Sentence!),
                new Caller(Actor.Keel, Door.Job, circle.First.CompanyId) { Cause = circle.Second.Event.Operation, At = db.Now }, ct);
        }
    }

    /// What the clock or a list says to a rule whose time has come.
    public async Task Strike(Rule rule, CancellationToken ct)
    {
        db.Work.Company = rule.CompanyId;
        var network = await Network.Of(settings, ct);
        var due = rule.NextAt!.Value;
        db.Table<Rule>().Update(rule with { NextAt = rule.Definition.Schedule!.After(db.Now, network) }, nameof(Rule.NextAt));
        var source = sources.Find(rule.Trigger);
        if (source is null or { List: null })
        {
            var struck = FactShape.Of(typeof(ClockStruck)).Write(new ClockStruck(due, network.Day(due)));
            if (source is not null && !ConditionsOf(rule, source).Hold(new Fact(struck))) return;
            db.Table<RuleRun>().InsertMissing([NewRun(rule, KeyOf(rule, due, ""), rule.Ref, struck, due, null, 0, StateOf(rule))]);
            return;
        }

        var owner = await actors.Find(rule.OwnerKind, rule.OwnerId, ct);
        if (owner is not null && !owner.May(source.Permission!))
        {
            db.Table<RuleRun>().InsertMissing([NewRun(rule, KeyOf(rule, due, ""), rule.Ref, JsonSerializer.SerializeToElement(new { }), due, null, 0, RunState.Refused) with
            {
                Code = OwnerMayNotLook.Code, Sentence = OwnerMayNotLook.Message, EndedAt = db.Now,
            }]);
            await gate.Run<RuleTrouble, RuleTrouble.Request, Done>(new(rule.Id, false, $"{rule.Name}: {OwnerMayNotLook.Message}"), new Caller(Actor.Keel, Door.Job, rule.CompanyId) { At = db.Now }, ct);
            return;
        }

        var conditions = ConditionsOf(rule, source);
        var rows = owner is null ? [] : await lists.Read(source, owner, ct);
        var found = rows.Where(r => conditions.Hold(r.Fact)).Take(RuleLists.MostMatched).ToArray();
        db.Table<RuleRun>().InsertMissing([.. found.Select(r => NewRun(rule, KeyOf(rule, due, r.Subject.Kind + r.Subject.Id), r.Subject, r.Json, due, null, 0, StateOf(rule)))]);
        // Without its owner nobody may look: the rule says so where it acts.
        if (owner is null) db.Table<RuleRun>().InsertMissing([NewRun(rule, KeyOf(rule, due, ""), rule.Ref, JsonSerializer.SerializeToElement(new { }), due, null, 0, StateOf(rule))]);
    }

    private RuleRun RunOf(Rule rule, HeardEvent heard, Guid[] chain)
    {
        var run = NewRun(rule, heard.Id, heard.Subject, JsonDocument.Parse(heard.Facts).RootElement, heard.At, heard.Operation, chain.Length, StateOf(rule));
        if (chain is [var last, ..] && last == rule.Id.Value) return Stopped(run, RuleActing.Itself);
        return chain.Length >= RuleChain.Most ? Stopped(run, RuleActing.TooLong.With($"{rule.Name} was reached through {chain.Length} acts of rules one after the other, because of {heard.Subject.Number}. It stops here.")) : run;
    }

    private RuleRun Stopped(RuleRun run, Error why) => run with { State = RunState.Stopped, Code = why.Code, Sentence = why.Message, EndedAt = db.Now };

    private RuleRun NewRun(Rule rule, Guid eventId, DocumentRef subject, JsonElement facts, DateTimeOffset happenedAt, Guid? cause, int chain, RunState state) => new(
        db.NewId<RuleRun>(), rule.CompanyId, rule.Id, rule.Version, eventId, subject, facts, happenedAt, db.Now, cause, chain, state, 0, 0, db.Now, rule.Definition.Operation, null, null, null, null, null);

    private static RunState StateOf(Rule rule) => rule.Mode is RuleMode.Paused ? RunState.Held : RunState.Waiting;

    private static Conditions ConditionsOf(Rule rule, RuleSource source)
    {
        if (Known.Count > MostKnown) Known.Clear();
        return Known.GetOrAdd((rule.Id.Value, rule.Version), _ => Conditions.Of(rule.Definition.Groups, source.Shape).Read);
    }

    private static Guid KeyOf(Rule rule, DateTimeOffset due, string row) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{rule.Id}|{due.UtcTicks}|{row}")).AsSpan(0, 16));
}
