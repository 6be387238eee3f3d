using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel.Views;

/// Saves a list as it stands under a name, anew or in the place of a saved one; what is not said of a saved one stays as it is.
[Operation("kernel.save-filter", KernelPermissions.Filters, ChangesSettings = true, Said = "saved a filter of", Icon = "keep")]
internal sealed class SaveFilter(KeelDb db, ModuleCatalog catalog, SavedFilters saved) : IOperation<SaveFilter.Request, Id<SavedFilter>>
{
    /// `Question` is the address of the list behind its question mark. `Shared`: for everybody who may see the list. `IsDefault`: the list opens
    /// with it for me. `Filter`: the saved one that is changed.
    public sealed record Request(
        [Required, MaxLength(80)] string View, [MaxLength(SavedFilter.MaxName)] string? Name = null, [MaxLength(SavedFilter.MaxQuestion)] string? Question = null,
        bool? Shared = null, bool? IsDefault = null, Id<SavedFilter>? Filter = null);

    public static readonly Error NoList = Error.NotFound("filter.no-list", "There is no list of this name that you may see.");
    public static readonly Error NoName = Error.Invalid("filter.no-name", "A saved filter needs a name.", new FieldError("name", "is required."));
    public static readonly Error NotMine = Error.Invalid(
        "filter.default-is-own", "A list opens with a filter of your own. Save it for yourself to begin with it.", new FieldError("isDefault", "is for a filter of your own."));

    public static readonly Error TooMany = new(
        "filter.too-many", $"There are {SavedFilter.Most} of them for this list already. Delete one, or save over one.");

    public async Task<Result<Id<SavedFilter>>> Run(Request request, CancellationToken ct)
    {
        if (catalog.Views.Select(ViewInfo.Of).FirstOrDefault(v => v.Name == request.View) is not { } info || !db.Work.Actor.May(info.Permission)) return NoList;
        var before = default(SavedFilter);
        if (request.Filter is { } id)
        {
            var held = await saved.Held(id, ct);
            if (!held.Ok) return held.Error!;
            if (held.Value.View != info.Name) return SavedFilters.Unknown;
            before = held.Value;
        }

        var after = Written(request, info, before);
        return after.Ok ? await Keep(after.Value, before, ct) : after.Error!;
    }

    /// What shall stand there. The question is written as the list itself writes it, so that the tab knows itself in the address.
    private Result<SavedFilter> Written(Request request, ViewInfo info, SavedFilter? before)
    {
        var isShared = request.Shared ?? before?.IsShared ?? false;
        if (isShared && !saved.MayShare) return SavedFilters.NotShared;
        if (isShared && request.IsDefault is true) return NotMine;
        var name = request.Name?.Trim() is { Length: > 0 } said ? said : before?.Name;
        if (name is null) return NoName;
        var question = before?.Question ?? "";
        if (request.Question is { } asked || before is null)
        {
            var query = ViewQuery.Parse(info.For(new Viewer(db.Work.Actor.May)), request.Question ?? "");
            if (!query.Ok) return query.Error!;
            question = (query.Value.FromStart() with { Size = ViewQuery.DefaultSize }).ToString();
            if (question.Length > SavedFilter.MaxQuestion) return Error.Invalid("filter.too-long", "This question is too long to be kept. Remove some filters.");
        }

        return new SavedFilter(
            before?.Id ?? db.NewId<SavedFilter>(), db.Company, info.Name, isShared ? null : db.Work.Actor.Id, name, question,
            !isShared && (request.IsDefault ?? before?.IsDefault ?? false), db.Work.Actor.Name, db.Now);
    }

    private async Task<Result<Id<SavedFilter>>> Keep(SavedFilter after, SavedFilter? before, CancellationToken ct)
    {
        var others = (await db.Table<SavedFilter>().Where(
            $"company_id = {db.Company} and view = {after.View} and owner_id is not distinct from {after.OwnerId}::uuid and id <> {after.Id}", ct)).ToArray();
        if (others.Any(o => string.Equals(o.Name, after.Name, StringComparison.OrdinalIgnoreCase)))
            return Error.Invalid("filter.name-used", $"There is a saved filter '{after.Name}' already. Choose another name, or save over it.", new FieldError("name", "is used already."));
        if (others.Length >= SavedFilter.Most) return TooMany;

        var table = db.Table<SavedFilter>();
        if (after.IsDefault) table.Update([.. others.Where(o => o.IsDefault).Select(o => o with { IsDefault = false })], nameof(SavedFilter.IsDefault));
        if (before is null) table.Insert(after);
        else table.Update(after);
        db.Work.Concerns(after.View);
        return after.Id;
    }
}

/// Deletes a saved filter: one's own, or one for everybody by those who may share them.
[Operation("kernel.delete-filter", KernelPermissions.Filters, ChangesSettings = true, Said = "deleted a saved filter of", Icon = "x")]
internal sealed class DeleteFilter(KeelDb db, SavedFilters saved) : IOperation<DeleteFilter.Request, Done>
{
    public sealed record Request(Id<SavedFilter> Filter);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var held = await saved.Held(request.Filter, ct);
        if (!held.Ok) return held.Error!;
        db.Table<SavedFilter>().Delete([held.Value]);
        db.Work.Concerns(held.Value.View);
        return Done.It;
    }
}
