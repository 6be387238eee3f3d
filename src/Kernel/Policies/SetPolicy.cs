using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Keel.Kernel;

/// Begins a new version of a policy, now or at a later instant. Older versions stay as they were.
[Operation("kernel.set-policy", KernelPermissions.Policies, ChangesSettings = true)]
internal sealed class SetPolicy(KeelDb db, PolicyKinds kinds) : IOperation<SetPolicy.Request, int>
{
    public sealed record Request([Required, MaxLength(60)] string Kind, JsonElement Choice, [Required, MaxLength(60)] string Owner, DateTimeOffset? EffectiveFrom = null);

    public static readonly Error Unknown = Error.NotFound("policy.unknown", "There is no policy of this kind.");
    public static readonly Error Past = new("policy.effective-in-the-past", "A policy begins now or later: what was decided under the old one stays decided.");

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        if (kinds.TypeOf(request.Kind) is not { } type) return Unknown;
        if (request.EffectiveFrom < db.Now) return Past;
        try
        {
            if (request.Choice.Deserialize(type, KeelJson.Options) is not { } choice) return Error.Invalid("policy.empty", "The choice is missing.");
            if (RequestShape.Check(choice) is { Count: > 0 } wrong) return Error.Invalid("policy.invalid", $"{wrong[0].Field} {wrong[0].Message}", [.. wrong]);
        }
        catch (JsonException wrong)
        {
            return Error.Invalid("policy.invalid", $"The choice does not fit the policy: {wrong.Path} {wrong.Message}");
        }

        var last = await db.Query<int>($"select version from kernel.policy where company_id = {db.Company} and kind = {request.Kind} order by version desc limit 1", ct);
        var version = last.FirstOrDefault() + 1;
        db.Table<PolicyVersion>().Insert(new PolicyVersion(
            db.Company, request.Kind, version, request.EffectiveFrom ?? db.Now, request.Owner, request.Choice, db.Work.Actor.Name, db.Now));
        db.Work.Concerns(request.Kind);
        return version;
    }
}

/// The policies that the modules declared, by kind.
public sealed class PolicyKinds(IReadOnlyDictionary<string, Type> types)
{
    public IReadOnlyDictionary<string, Type> All => types;

    public Type? TypeOf(string kind) => types.GetValueOrDefault(kind);
}
