namespace Keel.Kernel;

/// What the Kernel has for the care of master data.
internal static class MasterContents
{
    public static ModuleContents Masters(this ModuleContents contents) => contents
        .Operation<SetDataOwner>().View<DataOwnerList>()
        .Operation<StartPlannedChanges>().Operation<CancelPlannedChange>().Job<StartPlannedChangesJob>(every: TimeSpan.FromMinutes(1))
        .Operation<RebaseRequest>().Operation<AmendRequest>()
        .Policy<MasterChanges>()
        .Desk<MasterFile>().Desk<QualityBook>().Desk<DuplicateDesk>()
        .Operation<CheckDataQuality>().Operation<WaiveFindings>().Operation<EndWaivers>().View<QualityFindingList>().View<QualityScoreList>()
        .Operation<FindDuplicates>().Operation<DismissDuplicates>().View<DuplicateList>()
        .Job<CareForMasters>(every: TimeSpan.FromHours(1))
        .Domain(
            new DataDomain("locations", "Sites and places", "Sites, and the places in them where goods stand.")
            {
                Href = "/settings/sites", Records = "select code as key, name from kernel.site where company_id = $1",
            },
            new DataDomain("channels", "Channels", "Where orders come from: which channel sells what, from which sites, under which names.")
            {
                Href = "/settings/channels", Records = "select code as key, name from kernel.channel where company_id = $1",
            },
            new DataDomain("policies", "Policies", "The choices that the business makes, with their versions.")
            {
                Href = "/settings/policies", Records = "select distinct kind as key, kind as name from kernel.policy where company_id = $1",
            },
            new DataDomain("reports", "Report definitions", "What each figure means: one definition for all who look at it."));
}
