namespace Keel.Kernel;

/// Looks whether a rule can be followed: what it begins with exists, its conditions fit the fields, and its operation is one that its owner may
/// do and that takes this request. What is wrong says what to do.
internal sealed class RuleCheck(KeelDb db, ModuleCatalog catalog, RuleSources sources, Settings settings)
{
    public static readonly Error Wrong = Error.Invalid("rule.invalid", "The rule cannot be followed like this.");
    public static readonly Error NoTrigger = Error.Invalid("rule.trigger-unknown", "There is no such event. Choose one from the catalogue of events.", new FieldError("on", "is no event, no schedule and no list."));
    public static readonly Error NoOperation = Error.Invalid("rule.operation-unknown", "There is no such operation. Choose one from the list.", new FieldError("operation", "is no operation."));
    public static readonly Error MayNot = new("rule.owner-may-not", "A rule does what its owner may do. Ask for the permission, or let somebody save the rule who has it.", Refusal.Forbidden);
    public static readonly Error NotByRule = Error.Invalid("rule.not-by-rule", "This is done by people only: it holds a secret, or it makes rules.", new FieldError("operation", "is done by people only."));
    public static readonly Error NoSchedule = Error.Invalid("rule.schedule-missing", "Say when it looks: every so many minutes, or at a time of the day.", new FieldError("schedule.at", "or the minutes are needed."));
    public static readonly Error NoScheduleHere = Error.Invalid("rule.schedule-superfluous", "A rule that follows events has no schedule. Leave it empty.", new FieldError("schedule.at", "is for rules on a schedule."));

    /// Why a rule cannot be saved like this, or nothing.
    public async Task<Error?> Refused(RuleDefinition rule, CancellationToken ct)
    {
        var actor = db.Work.Actor;
        if (sources.Find(rule.On) is not { } source) return NoTrigger.With($"There is no event '{rule.On}'. Choose one from the catalogue of events.");
        if (catalog.Find(rule.Operation) is not { } info) return NoOperation.With($"There is no operation '{rule.Operation}'. Choose one from the list.");
        if (info.Secret || info.Permission == KernelPermissions.Rules) return NotByRule;
        if (!actor.May(info.Permission))
            return MayNot.With($"{actor.Name} may not {info.Title.ToLowerInvariant()}: it needs the permission {info.Permission}. A rule does what its owner may do; let somebody save it who may.");
        if (source.Permission is { } look && !actor.May(look)) return MayNot.With($"{actor.Name} may not see what it follows: it needs the permission {look}.");
        if (rule.IsScheduled && rule.Schedule is not ({ EveryMinutes: not null, At: null } or { EveryMinutes: null, At: not null })) return NoSchedule;
        if (!rule.IsScheduled && rule.Schedule is not null) return NoScheduleHere;

        var usual = (await Network.Of(settings, ct)).Company.Currency;
        FieldError[] wrong = [.. Conditions.Of(rule.Groups, source.Shape).Wrong, .. RequestTemplate.Check(info, rule.Request, source.Shape, usual)];
        return wrong.Length == 0 ? null : Wrong with { Message = wrong[0].Message, Fields = wrong };
    }
}
