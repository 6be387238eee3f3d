using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Keel.Kernel;

/// Tries a rule on what happened before, or on what its list holds now: what it would have matched, and what its operation would answer today.
/// Each answer comes out of a run that is undone.
internal sealed class RuleTrial(KeelDb db, Gate gate, ModuleCatalog catalog, RuleSources sources, RuleLists lists, Settings settings)
{
    public const int Days = 30;
    public const int MostLooked = 1_000;
    public const int MostRun = 10;

    /// How many there were, at how many of them it looked, the newest first, what matched, and the newest matches with their answers.
    public sealed record Answer(int Looked, int Matched, IReadOnlyList<Match> Newest, long All);

    public sealed record Match(DocumentRef Subject, DateTimeOffset At, string Happened, string Would, bool Could);

    public async Task<Answer> Try(string name, RuleDefinition rule, CancellationToken ct = default)
    {
        var source = sources.Find(rule.On) ?? throw new InvariantBroken($"{rule.On} was not checked.");
        var info = catalog.Find(rule.Operation) ?? throw new InvariantBroken($"{rule.Operation} was not checked.");
        var (conditions, _) = Conditions.Of(rule.Groups, source.Shape);
        // Whoever may not look is not told either.
        var past = source.Permission is null || db.Work.Actor.May(source.Permission) ? await Past(source, ct) : [];
        var matched = past.Where(p => conditions.Hold(p.Fact)).ToArray();
        var asked = db.Work.Actor;
        var itself = new Rule(db.NewId<Rule>(), db.Company, name, 1, RuleMode.Trial, rule.On, rule, asked.Kind, asked.Id, asked.Name, db.Now, db.Now, null);
        var caller = new Caller(RuleActors.Of(itself, asked, info), Door.Rule, db.Company) { DryRun = true };
        var newest = new List<Match>();
        foreach (var one in matched.Take(MostRun))
        {
            var request = RequestTemplate.Fill(info, rule.Request, one.Fact);
            var outcome = request.Ok ? await gate.Run(info, request.Value, caller, ct) : null;
            var told = outcome is null ? "Would be refused: " + request.Error!.Message : RuleActing.Told(info, outcome);
            newest.Add(new Match(one.Subject, one.At, source.Event?.Say(one.Fact) ?? one.Subject.Number, told, outcome is not null && !told.StartsWith("Would be refused", StringComparison.Ordinal)));
        }

        return new Answer(past.Count, matched.Length, newest, past.Count < MostLooked || source.Event is null ? past.Count : await Count(source, ct));
    }

    private async Task<IReadOnlyList<Happened>> Past(RuleSource source, CancellationToken ct)
    {
        if (source.List is not null) return [.. (await lists.Read(source, db.Work.Actor, ct)).Select(r => new Happened(r.Subject, db.Now, r.Fact))];
        if (source.Event is null)
        {
            var network = await Network.Of(settings, ct);
            return [new Happened(new DocumentRef("schedule", Guid.Empty, "now"), db.Now, new Fact(source.Shape.Write(new ClockStruck(db.Now, network.Day(db.Now)))))];
        }

        var rows = await db.Query<Row>(
            $"""
            select at, subject_kind, subject_id, subject_number, facts::text as facts from kernel.event
            where company_id = {db.Company} and kind = {source.Name} and at >= {db.Now.AddDays(-Days)} order by at desc limit {MostLooked}
            """, ct);
        return [.. rows.Select(r => new Happened(r.Subject, r.At, new Fact(JsonDocument.Parse(r.Facts).RootElement)))];
    }

    private async Task<long> Count(RuleSource source, CancellationToken ct) =>
        await db.First<long>($"select count(*) from kernel.event where company_id = {db.Company} and kind = {source.Name} and at >= {db.Now.AddDays(-Days)}", ct);

    private sealed record Row(DateTimeOffset At, DocumentRef Subject, string Facts);

    private sealed record Happened(DocumentRef Subject, DateTimeOffset At, Fact Fact);
}

/// Tries a rule that need not be saved yet on what happened before. Nothing of it stays.
[Operation("kernel.try-rule", KernelPermissions.Rules, Said = "tried a rule on the past", Icon = "branch")]
internal sealed class TryRule(RuleTrial trial, RuleCheck check) : IOperation<TryRule.Request, RuleTrial.Answer>
{
    public sealed record Request(
        [Required, MaxLength(100)] string On, [Required, MaxLength(100)] string Operation, JsonElement With, [MaxLength(10)] IReadOnlyList<RuleGroup>? Groups = null, RuleSchedule? Schedule = null);

    public async Task<Result<RuleTrial.Answer>> Run(Request request, CancellationToken ct)
    {
        var rule = new RuleDefinition(request.On, request.Groups ?? [], request.Operation, request.With, request.Schedule);
        if (await check.Refused(rule, ct) is { } refused) return refused;
        return await trial.Try("trial", rule, ct);
    }
}
