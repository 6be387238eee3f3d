using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel.Views;

/// A question to a list that somebody keeps under a name; without an owner everybody who may see the list has it.
[Rows("kernel.saved_filter", "id")]
public sealed record SavedFilter(
    Id<SavedFilter> Id, Id<Company> CompanyId, string View, Guid? OwnerId, string Name, string Question, bool IsDefault, string SavedBy, DateTimeOffset SavedAt);

/// The saved filters of a company, as one page sees them.
public sealed class SavedFilters
{
    private readonly ILookup<string, SavedFilter> byView;

    private SavedFilters(IEnumerable<SavedFilter> all) => byView = all.ToLookup(f => f.View);

    /// Somebody's own filters of a list, then those that everybody has, each by name.
    public IReadOnlyList<SavedFilter> For(string view, Guid person) =>
        [.. byView[view].Where(f => f.OwnerId is null || f.OwnerId == person).OrderBy(f => f.OwnerId is null).ThenBy(f => f.Name, StringComparer.OrdinalIgnoreCase)];

    public static Task<SavedFilters> Of(Settings settings, CancellationToken ct = default) =>
        settings.Get(async (db, token) => new SavedFilters(await db.Table<SavedFilter>().Where($"company_id = {db.Company} order by view, name", token)), ct);
}

/// Keeps a list's question under a name; under a name that one has already, it replaces it. To share it with everybody takes a permission.
[Operation("kernel.save-filter", KernelPermissions.Ask, ChangesSettings = true)]
internal sealed class SaveFilter(KeelDb db, ModuleCatalog catalog) : IOperation<SaveFilter.Request, Id<SavedFilter>>
{
    private const int Most = 40;

    /// `Question` is the list's address behind its question mark.
    public sealed record Request(
        [Required, MaxLength(80)] string View, [Required, MaxLength(60)] string Name, [MaxLength(2000)] string? Question = null, bool Shared = false, bool Default = false);

    public static readonly Error NoView = Error.NotFound("filter.view-unknown", "There is no such list.");
    public static readonly Error NotShared = new("filter.not-shared", "To share a view with everybody needs the permission kernel.share-filters. Save it for yourself.", Refusal.Forbidden);
    public static readonly Error TooMany = new("filter.too-many", $"A list has {Most} saved views at most. Delete one first.");
    public static readonly Error SharedDefault = Error.Invalid("filter.shared-default", "Only a view of one's own can be the one that a list begins with.");

    public async Task<Result<Id<SavedFilter>>> Run(Request request, CancellationToken ct)
    {
        var actor = db.Work.Actor;
        if (catalog.Views.Select(ViewInfo.Of).FirstOrDefault(v => v.Name == request.View) is not { } view || !actor.May(view.Permission)) return NoView;
        if (request.Shared && !actor.May(KernelPermissions.ShareFilters)) return NotShared;
        if (request is { Shared: true, Default: true }) return SharedDefault;
        var asked = ViewQuery.Parse(view.For(new Viewer(actor.May)), request.Question ?? "");
        if (!asked.Ok) return asked.Error!;

        Guid? owner = request.Shared ? null : actor.Id;
        db.QueueQuery<int>($"select 1 from (select pg_advisory_xact_lock(hashtextextended('kernel.saved_filter ' || {request.View}::text, 0))) l", _ => { });
        var known = await db.Table<SavedFilter>().Where($"company_id = {db.Company} and view = {request.View} and owner_id is not distinct from {owner}", ct);
        var same = known.FirstOrDefault(f => string.Equals(f.Name, request.Name.Trim(), StringComparison.OrdinalIgnoreCase));
        if (same is null && known.Count >= Most) return TooMany;

        var question = (asked.Value with { After = null, Before = null }).ToString();
        var saved = new SavedFilter(same?.Id ?? db.NewId<SavedFilter>(), db.Company, request.View, owner, request.Name.Trim(), question, request.Default, actor.Name, db.Now);
        if (request.Default) db.Table<SavedFilter>().Update([.. known.Where(f => f.IsDefault && f.Id != saved.Id).Select(f => f with { IsDefault = false })], nameof(SavedFilter.IsDefault));
        if (same is null) db.Table<SavedFilter>().Insert(saved);
        else db.Table<SavedFilter>().Update(saved);
        return saved.Id;
    }
}

/// Deletes a saved filter: one's own, or, with the permission to share, one that everybody has.
[Operation("kernel.delete-filter", KernelPermissions.Ask, ChangesSettings = true)]
internal sealed class DeleteFilter(KeelDb db) : IOperation<DeleteFilter.Request, Done>
{
    public sealed record Request(Id<SavedFilter> Filter);

    public static readonly Error Gone = Error.NotFound("filter.gone", "There is no such view any more.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var actor = db.Work.Actor;
        if (await db.Table<SavedFilter>().Find($"company_id = {db.Company} and id = {request.Filter} for update", ct) is not { } found) return Gone;
        if (found.OwnerId is { } owner && owner != actor.Id) return Gone;
        if (found.OwnerId is null && !actor.May(KernelPermissions.ShareFilters)) return SaveFilter.NotShared;
        db.Table<SavedFilter>().Delete([found]);
        return Done.It;
    }
}
