namespace Keel.Kernel.Views;

/// The saved filters of the lists that somebody may see: their own, and those for everybody.
[View("kernel.saved-filters", KernelPermissions.Filters, Sort = "name")]
internal sealed class SavedFilterList(KeelDb db, ModuleCatalog catalog, Viewer viewer) : IView<SavedFilterList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        public required string View { get; init; }
        [Search] public required string Name { get; init; }
        public required string Question { get; init; }
        public required bool IsShared { get; init; }
        public required bool IsDefault { get; init; }
        public required string SavedBy { get; init; }
        public required DateTimeOffset SavedAt { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select f.id, f.view, f.name, f.question, f.owner_id is null as is_shared, f.is_default, f.saved_by, f.saved_at
        from kernel.saved_filter f
        where f.company_id = {db.Company} and (f.owner_id is null or f.owner_id = {db.Work.Actor.Id})
          and f.view = any({catalog.Views.Select(ViewInfo.Of).Where(v => viewer.May(v.Permission)).Select(v => v.Name).ToArray()})
        """;
}
