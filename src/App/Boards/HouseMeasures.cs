using Keel.Stock.Contract;

namespace Keel.App.Boards;

/// Figures that no module below can take alone.
internal static class HouseMeasures
{
    public static readonly Measure[] All =
    [
        Measure.Rows<CaseList>("promises-displaced", "Displaced promises", "Open cases of documents that lost goods which were promised to them, at this moment.", "/cases", $"f.kind={StockCases.Displaced.Name}&f.state=Open,Snoozed")
            with { Better = Better.Less, Target = 0, Team = "operations", IsPast = true, Next = "Find goods, or tell the customers" },
        new Measure("rows-refused", "Rows of files refused", "Of the rows in files that were read in the last 30 days, those that were refused.", MeasureUnit.Percent, "/import")
        {
            Needs = KernelPermissions.Import, Better = Better.Less, Target = 2, Team = "operations", Next = "See the files", Question = "f.refused.gt=0&f.started-at.ge=today-29",
            Sql = """
                select '' as slice, sum(j.refused)::bigint as part, sum(j.read)::bigint as whole from kernel.import_job j
                where j.company_id = $1 and j.started_at >= (($4::date - 29)::timestamp at time zone $5) having sum(j.read) > 0
                """,
        },
    ];
}
