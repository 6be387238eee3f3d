namespace Keel.App.Boards;

/// What the house has to show figures: boards, measures with their targets, wallboards.
internal static class BoardContents
{
    public static ModuleContents Boards(this ModuleContents contents) => contents
        .Measure(HouseMeasures.All)
        .Policy<BoardPolicy>().Desk<BoardDesk>().Desk<WallDesk>().Operation<ChooseBoard>()
        .Page<BoardPage>("Boards", "Insight", "/boards", KernelPermissions.Read)
        .Page<MeasuresPage>("Measures", "Insight", "/measures", KernelPermissions.Read);
}
