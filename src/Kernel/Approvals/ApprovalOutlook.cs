namespace Keel.Kernel;

/// Who would have to say yes to an operation, as far as that is known before it runs: by the policies in force, for whoever looks. Nothing is
/// tried. Where no policy names an operation nothing is asked; else who may decide is asked once for the whole page.
public sealed class ApprovalOutlook(KeelDb db, Policies policies, Settings settings, ModuleCatalog catalog, IActors actors)
{
    private const int MostNamed = 3;
    private IReadOnlyList<Actor>? people;

    /// Whose yes it may need, and the sentence that says from what on: `From 500.00 EUR: Mia, Jonas.`
    public sealed record Yes(IReadOnlyList<string> People, string Sentence);

    /// Those of the operations that may have to wait, by their names.
    public async Task<IReadOnlyDictionary<string, Yes>> Of(IEnumerable<string> operations, CancellationToken ct = default)
    {
        var found = new Dictionary<string, Yes>(StringComparer.Ordinal);
        var asked = operations.Distinct().ToArray();
        if (asked.Length == 0 || db.Company == default) return found;
        var rules = (await policies.Of<ApprovalPolicy>(ct)).Choice.Rules;
        var masters = (await policies.Of<MasterChanges>(ct)).Choice;
        var owners = masters.Rules.Count == 0 && !rules.Any(r => r.Levels[0].Domain is not null) ? null : await DataOwners.Of(settings, ct);
        foreach (var operation in asked)
        {
            var mine = rules.Where(r => r.Operation == operation && MayConcern(r, db.Work.Actor)).OrderBy(r => r.From?.Minor ?? -1).ToList();
            if (catalog.Find(operation)?.Domain is { } domain && masters.For(domain) is { } owned && owners?.For(domain)?.Is(db.Work.Actor) != true) mine.Add(owned.AsApproval(operation));
            if (mine.Count == 0) continue;
            people ??= await actors.People(db.Company, ct);
            var told = mine.Select(r => (Rule: r, Names: Names(r, owners))).ToArray();
            found[operation] = new Yes([.. told.SelectMany(t => t.Names).Distinct().Take(MostNamed)], string.Join(' ', told.Select(t => Said(t.Rule, t.Names))));
        }

        return found;
    }

    /// Sites and channels of what it will be about are not known yet, but those of whoever looks are.
    private static bool MayConcern(ApprovalRule rule, Actor actor) =>
        (rule.Roles is not { Count: > 0 } roles || roles.Any(r => actor.Roles.Contains(r)))
        && (rule.Nodes is not { Count: > 0 } nodes || nodes.Any(actor.Reach.Covers)) && (rule.Channels is not { Count: > 0 } channels || channels.Any(actor.Reach.Covers));

    /// Who may decide at the first level: others than whoever asks, at one of its sites and channels.
    private string[] Names(ApprovalRule rule, DataOwners? owners)
    {
        var level = rule.Levels[0];
        if (level.Domain is { } domain && owners?.For(domain) is { } owner)
            return owner.Team is null ? [owner.Owner] : [.. people!.Where(p => p.Id != db.Work.Actor.Id && owner.Is(p)).Select(p => p.Name)];
        return [.. people!.Where(p => p.Id != db.Work.Actor.Id && p.May(level.Permission) && MayConcern(rule with { Roles = null }, p)).Select(p => p.Name)];
    }

    private static string Said(ApprovalRule rule, string[] names)
    {
        var who = names.Length == 0 ? "nobody who is here today" : string.Join(", ", names.Take(MostNamed)) + (names.Length > MostNamed ? $" or {names.Length - MostNamed} others" : "");
        string[] where = [.. rule.Nodes?.Select(n => n.Text) ?? [], .. rule.Channels?.Select(c => c.Text) ?? [], .. rule.Categories ?? [], .. rule.Exceptions ?? []];
        return $"{(rule.From is { } from ? $"From {from}" : "Approved by")}{(where.Length == 0 ? "" : $" ({string.Join(", ", where)})")}: {who}{(rule.Levels.Count > 1 ? $", then {rule.Levels.Count - 1} more" : "")}.";
    }
}
