using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Keel.Kernel;

/// Saves a rule, or a new version of one, which holds at once. Whoever saves it owns it: it does what they may do, and they answer for it.
/// A new rule says what it would do until somebody lets it act.
[Operation("kernel.save-rule", KernelPermissions.Rules, Said = "saved the rule")]
internal sealed class SaveRule(KeelDb db, RuleCheck check, Settings settings) : IOperation<SaveRule.Request, Id<Rule>>
{
    /// `After` is the version that whoever saves has looked at: where somebody was quicker, nothing is changed. `Request` is the operation's, with
    /// fields of the event in braces: `{order.id}`.
    public sealed record Request(
        [Required, MinLength(3), MaxLength(80)] string Name, [Required, MaxLength(100)] string On, [Required, MaxLength(100)] string Operation, JsonElement With,
        [MaxLength(10)] IReadOnlyList<RuleGroup>? Groups = null, RuleSchedule? Schedule = null, Id<Rule>? Rule = null, int? After = null);

    public static readonly Error Unknown = Error.NotFound("rule.unknown", "There is no such rule.");
    public static readonly Error Stale = new("rule.changed-meanwhile", "Somebody saved another version while this page was open. Load it again and look at what holds now.");
    public static readonly Error Retired = new("rule.retired", "This rule is over. Make a new one.");
    public static readonly Error Taken = Error.Invalid("rule.name-taken", "Another rule has this name. Choose one that tells them apart.", new FieldError("name", "is taken."));
    public static readonly Error ByPeople = new("rule.by-people", "Rules are saved by people, who answer for them.", Refusal.Forbidden);

    public async Task<Result<Id<Rule>>> Run(Request request, CancellationToken ct)
    {
        var actor = db.Work.Actor;
        if (actor.Kind is ActorKind.Rule) return ByPeople;
        var schedule = request.Schedule is { EveryMinutes: null, At: null, Days: not { Count: > 0 } } ? null : request.Schedule;
        var definition = new RuleDefinition(request.On, request.Groups ?? [], request.Operation, request.With, schedule);
        if (await check.Refused(definition, ct) is { } refused) return refused;

        var before = request.Rule is { } id ? await db.Table<Rule>().Find($"company_id = {db.Company} and id = {id} for update", ct) : null;
        if (request.Rule is not null && before is null) return Unknown;
        if (before is { Mode: RuleMode.Retired }) return Retired;
        if (before is not null && request.After != before.Version) return Stale;
        var name = request.Name.Trim();
        if ((await db.Query<Guid>($"select id from kernel.rule where company_id = {db.Company} and lower(name) = lower({name}) and mode <> 'Retired' and id <> {before?.Id.Value ?? Guid.Empty}", ct)).Count > 0) return Taken;

        var mode = before?.Mode ?? RuleMode.Trial;
        var next = schedule is null || mode is RuleMode.Paused ? (DateTimeOffset?)null : schedule.After(db.Now, await Network.Of(settings, ct));
        var rule = new Rule(
            before?.Id ?? db.NewId<Rule>(), db.Company, name, (before?.Version ?? 0) + 1, mode, request.On, definition, actor.Kind, actor.Id, actor.Name, db.Now, before?.Since ?? db.Now, next);
        if (before is null) db.Table<Rule>().Insert(rule);
        else db.Table<Rule>().Update(
            rule, nameof(Rule.Name), nameof(Rule.Version), nameof(Rule.Trigger), nameof(Rule.Definition), nameof(Rule.OwnerKind), nameof(Rule.OwnerId),
            nameof(Rule.OwnerName), nameof(Rule.SavedAt), nameof(Rule.NextAt));
        db.Table<RuleVersion>().Insert(new RuleVersion(rule.Id, rule.Version, db.Company, name, definition, actor.Name, db.Now, db.Work.Operation));
        db.Work.Concerns("rule:" + rule.Id);
        return rule.Id;
    }
}
