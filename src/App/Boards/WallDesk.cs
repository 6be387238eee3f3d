using Keel.Kernel.Views;

namespace Keel.App.Boards;

/// What a site's wallboard shows: how much stands where, what must leave and until when, and what is late. Nobody's name is on it.
internal sealed class WallDesk(KeelDb db, Settings settings, MeasureDesk measures, Viewer viewer)
{
    private const int Most = 8;
    private static readonly string[] Figures = ["shipments-due-today", "shipments-late", "to-pick", "to-pack", "to-hand-over", "shipments-left", "shipped-on-time"];

    /// One of the shipments on the floor that were promised first, and where it stands.
    public sealed record Urgent(string Number, string OrderNumber, DateOnly ShipBy, string Status);

    /// The next cut-off of a site, and whether it is today's.
    public sealed record CutOff(DateTimeOffset At, bool IsToday);

    public sealed record Wall(Site Site, TimeZoneInfo Zone, DateOnly Today, CutOff? Next, IReadOnlyDictionary<string, MeasureSeen> Seen, IReadOnlyList<Urgent> First);

    /// Nothing where the company has no such site, or whoever looks does not work there.
    public async Task<Wall?> Look(string code, CancellationToken ct = default)
    {
        var network = await Network.Of(settings, ct);
        var site = network.Sites.Values.FirstOrDefault(s => string.Equals(s.Code.Text, code, StringComparison.OrdinalIgnoreCase));
        if (site is null || viewer.Reach.Nodes?.Contains(site.Code.Text) == false) return null;
        var today = network.DayAt(site.Code, db.Now);
        var first = db.Ask<Urgent>(
            $"""
            select s.number, s.order_number, s.ship_by, s.status from warehouse.pub_shipment s
            where s.company_id = {db.Company} and s.node = {site.Code} and s.status in ('Released', 'Picked', 'Packed') order by s.ship_by, s.id limit {Most}
            """);
        var seen = (await measures.Look(Figures, site.Code.Text, ct)).ToDictionary(s => s.Measure.Name);
        await db.Flush(ct);
        return new Wall(site, Zones.Of(site.Zone), today, NextCutOff(site, network.LocalAt(site.Code, db.Now)), seen, first.Value);
    }

    /// The first cut-off from now on: of today where the site works and it is not past, else of its next working day.
    internal static CutOff? NextCutOff(Site site, DateTime local)
    {
        var today = DateOnly.FromDateTime(local);
        for (var i = 0; i < 366; i++)
        {
            var day = today.AddDays(i);
            if (!site.Calendar.Works(day) || (i == 0 && TimeOnly.FromDateTime(local) > site.Calendar.CutOff)) continue;
            var at = day.ToDateTime(site.Calendar.CutOff);
            var zone = Zones.Of(site.Zone);
            if (zone.IsInvalidTime(at)) at = at.AddHours(1);
            return new CutOff(new DateTimeOffset(at, zone.GetUtcOffset(at)).ToUniversalTime(), i == 0);
        }

        return null;
    }
}
