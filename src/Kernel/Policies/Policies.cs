using System.Text.Json;

namespace Keel.Kernel;

/// A choice that a business makes: typed, versioned, effective-dated, owned. It never changes: a new version begins.
public interface IPolicy<TSelf> where TSelf : class, IPolicy<TSelf>
{
    /// The name under which it is kept and explained, such as `reservation-timing`.
    static abstract string Kind { get; }

    /// What holds until somebody chooses otherwise.
    static abstract TSelf AsDelivered { get; }

    /// What it decides, in a sentence or two for whoever chooses.
    static abstract string Says { get; }

    /// The operations that follow it, by name.
    static virtual IReadOnlyList<string> UsedBy => [];
}

/// One version of a policy as it is kept.
[Rows("kernel.policy", "company_id", "kind", "version")]
public sealed record PolicyVersion(Id<Company> CompanyId, string Kind, int Version, DateTimeOffset EffectiveFrom, string Owner, [property: Json] JsonElement Choice, string ChangedBy, DateTimeOffset ChangedAt);

/// A policy in force and its version; 0 is as delivered.
public sealed record InForce<T>(T Choice, int Version, string Owner);

/// The policies of a company, as they are in force at the instant of the operation.
public sealed class Policies(KeelDb db, Settings settings)
{
    public async Task<InForce<T>> Of<T>(CancellationToken ct = default) where T : class, IPolicy<T>
    {
        var all = await settings.Get(Load, ct);
        var version = all.Versions.LastOrDefault(v => v.Kind == T.Kind && v.EffectiveFrom <= db.Now);
        return version is null
            ? new InForce<T>(T.AsDelivered, 0, "Keel")
            : new InForce<T>(version.Choice.Deserialize<T>(KeelJson.Options)!, version.Version, version.Owner);
    }

    /// Every choice that was ever made, in force or not, the oldest first; none where it is as delivered.
    public async Task<IReadOnlyList<T>> Ever<T>(CancellationToken ct = default) where T : class, IPolicy<T>
    {
        var all = await settings.Get(Load, ct);
        return [.. all.Versions.Where(v => v.Kind == T.Kind).Select(v => v.Choice.Deserialize<T>(KeelJson.Options)!)];
    }

    private static async Task<AllVersions> Load(KeelDb db, CancellationToken ct) =>
        new(await db.Table<PolicyVersion>().Where($"company_id = {db.Company} order by kind, effective_from, version", ct));

    private sealed record AllVersions(IReadOnlyList<PolicyVersion> Versions);
}
