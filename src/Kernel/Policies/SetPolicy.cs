using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Keel.Kernel;

/// Begins a new version of a policy, now or at a later instant. Older versions stay as they were. Of versions that begin at one instant the
/// newest holds, so a plan is changed by planning again.
[Operation("kernel.set-policy", KernelPermissions.Policies, ChangesSettings = true, Said = "set the policy")]
internal sealed class SetPolicy(KeelDb db, PolicyKinds kinds, ModuleCatalog catalog, Settings settings, IActors actors) : IOperation<SetPolicy.Request, int>, IAssess<SetPolicy.Request, int>
{
    /// `After` is the version that whoever chooses has looked at: where somebody was quicker, nothing is changed.
    public sealed record Request(
        [Required, MaxLength(60)] string Kind, JsonElement Choice, [Required, MaxLength(60)] string Owner, DateTimeOffset? EffectiveFrom = null, int? After = null);

    public static readonly Error Unknown = Error.NotFound("policy.unknown", "There is no policy of this kind.");
    public static readonly Error Past = new("policy.effective-in-the-past", "A policy begins now or later: what was decided under the old one stays decided.");
    public static readonly Error Stale = new("policy.changed-meanwhile", "Somebody chose anew while this page was open. Load it again and look at what holds now.");

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        if (kinds.Find(request.Kind) is not { } kind) return Unknown;
        if (request.EffectiveFrom < db.Now) return Past;
        try
        {
            if (request.Choice.Deserialize(kind.Type, KeelJson.Options) is not { } read) return Error.Invalid("policy.empty", "The choice is missing.");
            if (RequestShape.Check(read) is { Count: > 0 } wrong) return Error.Invalid("policy.invalid", $"{wrong[0].Field} {wrong[0].Message}", [.. wrong.Select(w => w with { Field = "choice." + w.Field })]);
        }
        catch (JsonException wrong)
        {
            return Error.Invalid("policy.invalid", $"The choice does not fit the policy: {wrong.Path} {wrong.Message}");
        }

        var choice = request.Choice.Deserialize(kind.Type, KeelJson.Options)!;
        if (PolicyNames.Unknown(choice, await Network.Of(settings, ct), catalog, actors.Teams) is { Count: > 0 } unknown) return Error.Invalid("policy.name-unknown", unknown[0].Message, [.. unknown]);

        // Two who choose at once are told apart by the key of the version; the second begins again and sees the first.
        var last = await db.Query<int>($"select version from kernel.policy where company_id = {db.Company} and kind = {request.Kind} order by version desc limit 1", ct);
        if (request.After is { } seen && seen != last.FirstOrDefault()) return Stale;
        var version = last.FirstOrDefault() + 1;
        db.Table<PolicyVersion>().Insert(new PolicyVersion(
            db.Company, request.Kind, version, request.EffectiveFrom ?? db.Now, request.Owner, request.Choice, db.Work.Actor.Name, db.Now));
        db.Work.Concerns(request.Kind);
        var held = await db.First<PolicyVersion>(
            $"""
            select company_id, kind, version, effective_from, owner, choice, changed_by, changed_at from kernel.policy
            where company_id = {db.Company} and kind = {request.Kind} and version < {version} order by effective_from desc, version desc limit 1
            """, ct);
        db.Work.Changed("policy", request.Kind, held?.Choice.Deserialize(kind.Type, KeelJson.Options) ?? kind.AsDelivered, choice);
        return version;
    }

    public async Task<Effect> Assess(Request request, int answer, CancellationToken ct)
    {
        var subject = new DocumentRef("policy", PolicyKind.IdOf(db.Company, request.Kind), request.Kind);
        var from = request.EffectiveFrom is { } at ? $" from {(await Network.Of(settings, ct)).Told(at)}" : "";
        return new Effect(null, [new DocumentVersion(subject, answer - 1)], $"Chooses anew for the policy {Views.ViewInfo.Spoken(request.Kind).ToLowerInvariant()}{from}.");
    }
}
