using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Printing.Contract;

namespace Keel.Printing;

/// Printers, each with what waits for it and when its agent was last heard of.
[View("printing.printers", PrintingPermissions.Read, Sort = "name")]
internal sealed class PrinterList(KeelDb db) : IView<PrinterList.Row>
{
    /// An agent asks at least twice a minute.
    internal const int QuietSeconds = 90;

    public sealed record Row
    {
        public required Id<Printer> Id { get; init; }
        [Search] public required string Name { get; init; }
        public required PaperForm Kind { get; init; }
        [Title("Site")] public required NodeCode Node { get; init; }
        [Search] public required string Agent { get; init; }
        [Title("Agent heard")] public DateTimeOffset? HeardAt { get; init; }
        public required bool IsHeard { get; init; }
        public required PrinterConnection Connection { get; init; }
        public required string Address { get; init; }
        public required int WidthMm { get; init; }
        public required int HeightMm { get; init; }
        public required int Dpi { get; init; }
        [Title("On")] public required bool IsOn { get; init; }
        public required int Waiting { get; init; }
        [Title("To look at")] public required int Stuck { get; init; }
        public required int Printed { get; init; }
        public DateTimeOffset? LastPrinted { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select p.id, p.name, p.kind, p.node, p.agent, a.seen_at as heard_at, p.connection = 'Simulated' or coalesce(a.seen_at > {db.Now.AddSeconds(-QuietSeconds)}, false) as is_heard,
          p.connection, p.address, p.width_mm, p.height_mm, p.dpi, p.is_on, coalesce(j.waiting, 0)::integer as waiting, coalesce(j.stuck, 0)::integer as stuck, coalesce(j.printed, 0)::integer as printed, j.last_printed,
          case when not p.is_on then 'Switched off'
            when p.connection = 'Simulated' then case when j.stuck > 0 then 'Look at what failed' else 'Simulated: nothing comes out, each paper is kept with its job' end
            when a.seen_at is null then 'Start its agent: it was never heard of'
            when a.seen_at <= {db.Now.AddSeconds(-QuietSeconds)} then 'Look after its agent: it went quiet'
            when j.stuck > 0 then 'Look at the printer'
            when j.waiting > 0 then 'Prints what waits' else 'Nothing waits' end as next
        from printing.printer p
        left join printing.agent a on a.company_id = p.company_id and a.name = p.agent
        left join lateral (
          select count(*) filter (where status in ('Queued', 'Taken', 'Sent')) as waiting, count(*) filter (where status in ('Failed', 'Unknown')) as stuck, count(*) filter (where status = 'Printed') as printed, max(printed_at) as last_printed
          from printing.job where printer_id = p.id) j on true
        where p.company_id = {db.Company}
        """;
}

/// Stations: the places where people print.
[View("printing.stations", PrintingPermissions.Read, Sort = "code")]
internal sealed class StationList(KeelDb db) : IView<StationList.Row>
{
    public sealed record Row
    {
        [Key, Search] public required string Code { get; init; }
        [Search] public required string Name { get; init; }
        public required StationKind Kind { get; init; }
        [Title("Site")] public required NodeCode Node { get; init; }
        public required int Routes { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select s.code, s.name, s.kind, s.node, (select count(*) from printing.route r where r.company_id = s.company_id and r.station = s.code)::integer as routes
        from printing.station s where s.company_id = {db.Company}
        """;
}

/// Which printer gets which paper.
[View("printing.routes", PrintingPermissions.Read, Sort = "paper")]
internal sealed class RouteList(KeelDb db) : IView<RouteList.Row>
{
    public sealed record Row
    {
        public required Id<Route> Id { get; init; }
        [Search] public required string Paper { get; init; }
        [Title("Site")] public string? Node { get; init; }
        public string? Station { get; init; }
        [Search] public required string Printer { get; init; }
        [Title("If it does not answer")] public string? Fallback { get; init; }
        public required int Copies { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select r.id, r.paper, nullif(r.node, '') as node, nullif(r.station, '') as station, p.name as printer, f.name as fallback, r.copies,
          case when not p.is_on and f.is_on then 'Goes to ' || f.name || ': ' || p.name || ' is switched off' when not p.is_on then 'Goes nowhere: ' || p.name || ' is switched off'
            else 'Goes to ' || p.name end as next
        from printing.route r join printing.printer p on p.id = r.printer_id left join printing.printer f on f.id = r.fallback_id
        where r.company_id = {db.Company}
        """;
}
