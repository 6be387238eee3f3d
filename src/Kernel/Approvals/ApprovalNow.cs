namespace Keel.Kernel;

/// A request that waits, as of this moment: what it would do if it were done now, and who may decide about it.
internal sealed class ApprovalNow(KeelDb db, Gate gate, IActors actors, ModuleCatalog catalog, Deciders deciders, Settings settings)
{
    private const int MostNamed = 4;

    /// What it would do now, found by doing it in the name of who asked and undoing it; or why it could not be done any more. Neither where that
    /// is not known, and for master data, whose own values tell what became of them.
    public async Task<(Effect? Effect, Error? Why)> Foresees(Approval approval, CancellationToken ct = default)
    {
        if (approval is not { State: ApprovalState.Waiting, Payload: { } payload, Effect.Changes: null, EffectiveFrom: null } || catalog.Find(approval.Operation) is not { } info) return (null, null);
        if (await actors.Find(approval.RequesterKind, approval.RequesterId, ct) is not { } requester) return (null, null);
        var request = System.Text.Json.JsonSerializer.Deserialize(payload, info.Request, KeelJson.Options)!;
        var outcome = await gate.Run(info, request, new Caller(requester, approval.Door, db.Company) { DryRun = true }, ct);
        return outcome.Error is { } why && why.Code != Gate.Busy.Code ? (null, why) : (outcome.Waiting?.Effect, null);
    }

    /// Who may decide now, by name, and what they need for it, in the language that is read now.
    public async Task<string> Who(Approval approval, CancellationToken ct = default)
    {
        if (approval.State is not ApprovalState.Waiting) return "";
        if (approval.DecidedBy is { } domain && (await DataOwners.Of(settings, ct)).For(domain) is { } owner) return Words.T($"{owner.Says}, who answers for {domain}");
        var names = (await deciders.Among(approval, await actors.People(db.Company, ct), ct)).Select(p => p.Name).Order(StringComparer.Ordinal).ToArray();
        var needed = PermissionWords.Of(catalog, approval.Permission);
        return names.Length == 0 ? Words.T($"Nobody who is here: it needs somebody who may {needed}.")
            : names.Length > MostNamed ? Words.T($"{string.Join(", ", names.Take(MostNamed))} or {names.Length - MostNamed} others, who may {needed}")
            : Words.T($"{string.Join(", ", names)}, who may {needed}");
    }
}

/// Permissions in words: what somebody may who holds one.
internal static class PermissionWords
{
    private const string Levels = "kernel.approvals.";

    /// As a verb: `adjust stock`. Levels of approval are called as the policy calls them.
    public static string Of(ModuleCatalog catalog, string permission) =>
        permission == KernelPermissions.Decide ? "decide about others' requests"
        : permission.StartsWith(Levels, StringComparison.Ordinal) ? $"decide about {permission[Levels.Length..].Replace('-', ' ').Replace('.', ' ')}"
        : catalog.Operations.Where(o => o.Permission == permission).Select(o => o.Title).Order(StringComparer.Ordinal).FirstOrDefault() is { } title ? char.ToLowerInvariant(title[0]) + title[1..]
        : permission;
}
