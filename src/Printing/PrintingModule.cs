using Keel.Printing.Contract;
using Keel.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Printing;

/// Papers and labels: what stands on them is their modules' business, how they come out of the right printer once is this one's.
public sealed class PrintingModule : IModule
{
    public void Describe(ModuleContents contents) => contents
        .Stands("print job", "printing.job", site: "node").StandsWith("print job", "printing.job", about: "subject_id")
        .Desk<PaperBook>().Desk<JobMaker>().Desk<JobSteps>().Desk<AgentWatch>()
        .Desk(s => new PrintDesk(s.GetRequiredService<KeelDb>(), s.GetRequiredService<Policies>(), s.GetRequiredService<JobMaker>()))
        .Desk(s => new PaperDesk(s.GetRequiredService<PaperBook>()))
        .Paper<TestLabel>()
        .Operation<PrintPapers>().Operation<Reprint>()
        .Operation<RerouteJobs>().Operation<SendAgain>().Operation<ItCameOut>().Operation<CancelJobs>()
        .Operation<SavePrinters>().Operation<SaveStations>().Operation<TestPrinters>()
        .Operation<SaveRoutes>().Operation<DeleteRoutes>()
        .Operation<ClaimJobs>().Operation<BeginSending>().Operation<ReportJob>().Operation<TendJobs>().Operation<PrintSimulated>()
        .View<JobList>().View<PrinterList>().View<StationList>().View<RouteList>()
        .Desk<JobCard>()
        .Page<JobsPage>("Print jobs", "Warehouse", "/printing", PrintingPermissions.Read)
        .Page<PrintersPage>("Printers", "Settings/Mail and papers", "/printing/printers", PrintingPermissions.Read)
        .Page<RoutesPage>("Print routes", "Settings/Mail and papers", "/printing/routes", PrintingPermissions.Read)
        .Page<StationsPage>("Stations", "Settings/Mail and papers", "/printing/stations", PrintingPermissions.Read)
        .Record("print-job", "/printing/jobs/")
        .Tile<JobList>("Prints to look at", "f.status=Failed,Unknown", "/printing", StateRole.Late, "See what came out", needs: PrintingPermissions.Print)
        .Policy<Letterhead>().Policy<AutomaticPrinting>()
        .Case(PrintCases.All)
        .Job<TendJobsJob>(every: TimeSpan.FromSeconds(15)).Job<PrintSimulatedJob>(every: TimeSpan.FromSeconds(3));
}

/// Permissions of printing.
public static class PrintingPermissions
{
    public const string Read = "printing.read";
    public const string Print = "printing.print";
    public const string Manage = "printing.manage";

    /// To take jobs to printers: the key of an agent on site.
    public const string Agent = "printing.agent";
}
