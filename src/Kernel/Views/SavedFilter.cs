namespace Keel.Kernel.Views;

/// A list as somebody saved it under a name: its filters, search, sort and columns, as an address says them. Without an owner it is for
/// everybody who may see the list. One of somebody's own may be what the list opens with.
[Rows("kernel.saved_filter", "id")]
public sealed record SavedFilter(
    Id<SavedFilter> Id, Id<Company> CompanyId, string View, Guid? OwnerId, string Name, string Question, bool IsDefault, string SavedBy, DateTimeOffset SavedAt)
{
    public const int MaxName = 40;
    public const int MaxQuestion = 2_000;

    /// How many somebody may have of one list, and how many may be for everybody: each is counted whenever the list opens.
    public const int Most = 20;

    [NotAColumn]
    public bool IsShared => OwnerId is null;
}

/// The saved filters of a list, as whoever works may use them: those for everybody, then their own.
public sealed class SavedFilters(KeelDb db, Settings settings)
{
    /// True where filters can be saved: lists of a company, by somebody who is known.
    public bool AreKept => !db.Company.IsEmpty && db.Work.Actor.Kind is not ActorKind.Nobody;

    public async Task<IReadOnlyList<SavedFilter>> Of(ViewInfo info, CancellationToken ct = default)
    {
        if (!AreKept) return [];
        var all = await settings.Get(static async (db, token) => new Kept(await db.Table<SavedFilter>().Where($"company_id = {db.Company} order by lower(name), id", token)), ct);
        var me = db.Work.Actor.Id;
        return [.. all.ByView[info.Name].Where(f => f.IsShared || f.OwnerId == me).OrderBy(f => !f.IsShared)];
    }

    /// One that may be changed by whoever works, held until the commit; else why not.
    internal async Task<Result<SavedFilter>> Held(Id<SavedFilter> id, CancellationToken ct)
    {
        var found = await db.Table<SavedFilter>().Find(
            $"company_id = {db.Company} and id = {id} and (owner_id is null or owner_id = {db.Work.Actor.Id}) for update", ct);
        if (found is null) return Unknown;
        return found.IsShared && !MayShare ? NotShared : found;
    }

    internal bool MayShare => db.Work.Actor.May(KernelPermissions.ShareFilters);

    public static readonly Error Unknown = Error.NotFound("filter.unknown", "There is no such saved filter of yours. It may have been deleted.");
    public static readonly Error NotShared = new(
        "filter.for-everybody", "Filters for everybody are saved, changed and deleted by those who may share them. Save one of your own.", Refusal.Forbidden);

    /// All of a company, read once and kept until one of them changes.
    private sealed class Kept(IEnumerable<SavedFilter> all)
    {
        public ILookup<string, SavedFilter> ByView { get; } = all.ToLookup(f => f.View);
    }
}
