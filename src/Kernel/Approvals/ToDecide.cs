using Keel.Kernel.Views;

namespace Keel.Kernel;

/// Which requests whoever looks may decide now: what `Deciders.MayNot` says of one request, said of all of them in the statement that lists them.
internal sealed class ToDecide(KeelDb db, IActors actors, Settings settings)
{
    private const int MostAbsent = 40;
    private Place[]? places;
    private string[] owned = [];

    /// In whose place they stand now, and until when; known after `Prepare`.
    public IReadOnlyList<Delegation> StandsInFor { get; private set; } = [];

    /// Finds out in whose place whoever looks stands; once for a page.
    public async Task Prepare(CancellationToken ct = default)
    {
        if (places is not null) return;
        var me = db.Work.Actor;
        var owners = await DataOwners.Of(settings, ct);
        var standing = (await Substitutes.Of(settings, ct)).All.Where(d => d.ToId == me.Id && d.FromAt <= db.Now && d.UntilAt > db.Now).OrderBy(d => d.FromAt).ThenBy(d => d.Id.Value).Take(MostAbsent).ToArray();
        string[] Owns(Actor actor) => [.. owners.ByDomain.Values.Where(o => o.Is(actor)).Select(o => o.Domain)];
        var found = new List<Place> { new(me, Owns(me)) };
        foreach (var one in standing)
        {
            if (await actors.Find(ActorKind.Person, one.FromId, ct) is { } absent) found.Add(new Place(absent, Owns(absent)));
        }

        (StandsInFor, owned, places) = (standing, [.. owners.ByDomain.Keys], [.. found]);
    }

    /// True where a waiting request `a` is theirs to decide.
    public SqlText Mine()
    {
        var me = db.Work.Actor;
        Guid[] mine = me.InNameOf is { } person ? [me.Id, person] : [me.Id];
        var sql = new SqlText().Append($"(a.state = 'Waiting' and a.requester_id <> all({mine}) and not (a.requester_kind = 'Rule' and exists (select from kernel.rule r where r.id = a.requester_id and r.owner_id = any({mine}))) and not ")
            .Append(Decided(me.Id)).Words(" and (");
        var at = 0;
        foreach (var place in Places) sql.Words(at++ == 0 ? "" : " or ").Append(Can(place));
        return sql.Words("))");
    }

    /// In whose place they would decide about `a`; nobody's where it is theirs.
    public SqlText InPlaceOf()
    {
        var sql = new SqlText();
        if (Places is not [var own, .. { Length: > 0 } absent]) return sql.Words("null::text");
        sql.Words("case when a.state <> 'Waiting' or ").Append(Can(own)).Words(" then null");
        foreach (var place in absent) sql.Words(" when ").Append(Can(place)).Append($" then {place.Actor.Name}");
        return sql.Words(" end");
    }

    /// Which requests they see: all, who decides or reads the log; else their own, those that are theirs to decide or were, and those of master
    /// data that they answer for. What is about a site or a channel that is not theirs is seen only by who decides about it.
    public SqlText Seen()
    {
        var me = db.Work.Actor;
        var sql = new SqlText().Words(" and (").Append(Mine()).Words(" or (true").Append(ApprovalList.Within(me.Reach));
        if (me.May(KernelPermissions.Decide) || me.May(KernelPermissions.ReadLog)) return sql.Words("))");
        return sql.Append($" and (a.requester_id = {me.Id} or a.domain = any({Places[0].Owned}) or exists (select from kernel.approval_decision d where d.approval_id = a.id and d.actor_id = {me.Id})")
            .Append($" or exists (select from kernel.rule r where r.id = a.requester_id and r.owner_id = {me.Id}))))");
    }

    /// Before `Prepare` they stand for themselves alone.
    private Place[] Places => places ?? [new Place(db.Work.Actor, [])];

    private static SqlText Decided(Guid person) =>
        new($"exists (select from kernel.approval_decision d where d.approval_id = a.id and d.level < a.level and d.verdict = 'Approved' and (d.actor_id = {person} or d.for_id = {person}))");

    /// What `Deciders` asks of one person: free of the request, and the owner of its domain, or with the permission, the sites and the channel.
    private SqlText Can(Place place)
    {
        var actor = place.Actor;
        var sql = new SqlText().Append($"(a.requester_id <> {actor.Id} and not ").Append(Decided(actor.Id))
            .Append($" and case when not a.escalated and a.levels -> a.level ->> 'domain' = any({owned}) then a.levels -> a.level ->> 'domain' = any({place.Owned}) else true");
        if (!actor.Permissions.Contains("*"))
        {
            const string Asked = "(a.levels -> a.level ->> case when a.escalated then 'thenPermission' else 'permission' end)";
            string[] parts = [.. actor.Permissions.Where(p => p.EndsWith(".*", StringComparison.Ordinal)).Select(p => p[..^1])];
            sql.Words(" and (" + Asked).Append($" = any({actor.Permissions.ToArray()}) or exists (select from unnest({parts}) part where starts_with(").Words(Asked).Words(", part)))");
        }

        if (actor.Nodes is { } nodes) sql.Append($" and not exists (select from jsonb_array_elements_text(a.effect -> 'nodes') n where n <> all({nodes.ToArray()}))");
        if (actor.Channels is { } channels) sql.Append($" and (a.effect ->> 'channel' is null or a.effect ->> 'channel' = any({channels.ToArray()}))");
        return sql.Words(" end)");
    }

    /// Somebody whose decisions can be taken, with the domains of master data that they answer for.
    private sealed record Place(Actor Actor, string[] Owned);
}

/// Who stands in for whom in a company, now or later: what has not ended yet.
internal sealed record Substitutes(IReadOnlyList<Delegation> All)
{
    public static Task<Substitutes> Of(Settings settings, CancellationToken ct = default) => settings.Get(Load, ct);

    private static async Task<Substitutes> Load(KeelDb db, CancellationToken ct) =>
        new(await db.Table<Delegation>().Where($"company_id = {db.Company} and ended_at is null and until_at > {db.Now} order by from_at, id limit 5000", ct));
}
