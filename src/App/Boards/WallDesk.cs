using Keel.Kernel.Views;

namespace Keel.App.Boards;

/// What a site's wallboard shows: how much stands where, what must leave and until when, and what is late. Nobody's name is on it.
internal sealed class WallDesk(KeelDb db, Settings settings, MeasureDesk measures, Viewer viewer)
{
    private const int Most = 10;
    private static readonly string[] Figures = ["to-pick", "to-pack", "to-hand-over", "shipments-left", "shipped-on-time"];

    /// One of the shipments on the floor that were promised first, and where it stands.
    public sealed record Urgent(string Number, string OrderNumber, DateOnly ShipBy, string Status);

    /// The next cut-off of a site, and whether it is today's.
    public sealed record CutOff(DateTimeOffset At, bool IsToday);

    public sealed record Wall(Site Site, TimeZoneInfo Zone, DateOnly Today, CutOff? Next, Promised Promised, IReadOnlyDictionary<string, MeasureSeen> Seen, IReadOnlyList<Urgent> First);

    /// Open orders of which this site has goods to send, reserved or on its floor: those that are to go today, and those whose promised day is past, as in the list of orders.
    public sealed record Promised(long Today, long Late);

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
        var promised = db.Ask<Promised>(
            $"""
            select count(*) filter (where o.ship_by = {today}) as today, count(*) filter (where o.ship_by < {today}) as late from sales.pub_order o
            where o.company_id = {db.Company} and o.status in ('OnHold', 'Confirmed', 'Reserved', 'Backordered', 'Released', 'PartlyShipped') and o.ship_by <= {today}
              and (exists (select from stock.pub_reservation r where r.document_id = o.id and r.node = {site.Code} and r.open > 0)
                or exists (select from warehouse.pub_shipment s where s.order_id = o.id and s.node = {site.Code} and s.status in ('Released', 'Picked', 'Packed')))
            """);
        var seen = (await measures.Look(Figures, site.Code.Text, ct)).ToDictionary(s => s.Measure.Name);
        await db.Flush(ct);
        return new Wall(site, Zones.Of(site.Zone), today, NextCutOff(site, network.LocalAt(site.Code, db.Now)), promised.Value[0], seen, first.Value);
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
