using Keel.Kernel.Views;

namespace Keel.Warehouse;

/// What is to leave, by what is to be done with it next: the earliest promise first; the rest of an order that has partly left as well. One round trip.
internal sealed class ShippingBoard(KeelDb db)
{
    private const int Shown = 12;

    public sealed record CardRow(Guid Id, string Number, Guid OrderId, string OrderNumber, string Customer, DateOnly ShipBy, int Lines, Quantity Units, NodeCode? Node);

    public sealed record Tally(string Stage, long Count, long Late);

    public sealed record LaneOf(IReadOnlyList<CardRow> Cards, int Count, int Late)
    {
        public int More => Count - Cards.Count;
    }

    public LaneOf ToRelease { get; private set; } = new([], 0, 0);
    public LaneOf ToPick { get; private set; } = new([], 0, 0);
    public LaneOf ToPack { get; private set; } = new([], 0, 0);
    public LaneOf ToShip { get; private set; } = new([], 0, 0);

    public int Open => ToRelease.Count + ToPick.Count + ToPack.Count + ToShip.Count;

    /// Late on the floor, as the measure of that name counts: shipments, not the orders that are still to be released.
    public int Late => ToPick.Late + ToPack.Late + ToShip.Late;

    public async Task Load(NodeCode? node, DateOnly today, CancellationToken ct = default)
    {
        var release = db.Ask<CardRow>(
            $"""
            (select o.id, o.number, o.id as order_id, o.number as order_number, o.customer_name as customer, o.ship_by, p.lines, p.units, null as node
             from sales.pub_order o cross join lateral ({Goods}) p where {Reserved(node)} order by o.ship_by, o.id limit {Shown})
            union all
            (select o.id, o.number, o.id, o.number, o.customer_name, o.ship_by, p.lines, p.units, null
             from sales.pub_order o cross join lateral ({Goods}) p where {Rest(node)} order by o.ship_by, o.id limit {Shown})
            order by ship_by, id limit {Shown}
            """);
        var stages = new[] { ShipmentStatus.Released, ShipmentStatus.Picked, ShipmentStatus.Packed }.Select(stage => db.Ask<CardRow>(
            $"""
            select s.id, s.number, s.order_id, s.order_number, s.customer_name as customer, s.ship_by, s.line_count as lines, s.units, s.node
            from warehouse.shipment s where s.company_id = {db.Company} and s.status = {new SqlText.Verbatim($"'{stage}'")} {At(node)} order by s.ship_by, s.id limit {Shown}
            """)).ToArray();
        var tallies = db.Ask<Tally>(
            $"""
            select 'Release' as stage, count(*) as count, count(*) filter (where ship_by < {today}) as late from (
              select o.ship_by from sales.pub_order o where {Reserved(node)}
              union all select o.ship_by from sales.pub_order o where {Rest(node)} order by ship_by limit {Counted.Most}) r
            union all
            select s.status, count(*), count(*) filter (where s.ship_by < {today}) from warehouse.shipment s
            where s.company_id = {db.Company} and s.status in ('Released', 'Picked', 'Packed') {At(node)} group by s.status
            """);
        await db.Flush(ct);

        var counts = tallies.Value.ToDictionary(t => t.Stage);
        LaneOf Lane(List<CardRow> cards, string stage) => counts.TryGetValue(stage, out var tally) ? new(cards, (int)tally.Count, (int)tally.Late) : new(cards, 0, 0);
        ToRelease = Lane(release.Value, "Release");
        ToPick = Lane(stages[0].Value, "Released");
        ToPack = Lane(stages[1].Value, "Picked");
        ToShip = Lane(stages[2].Value, "Packed");
    }

    private Reach Reach => db.Work.Actor.Reach;

    /// What lies ready to be taken for an order: lines of goods, never postage or another charge.
    private static readonly SqlText Goods = new(
        $"select count(distinct r.line)::int as lines, coalesce(sum(r.open), 0)::bigint as units from stock.pub_reservation r where r.document_id = o.id and r.open > 0");

    private SqlText Reserved(NodeCode? node) => node is null && Reach.Nodes is null
        ? new SqlText($"o.company_id = {db.Company} and o.status = 'Reserved'{Reach.And(channel: "o.channel")}")
        : new SqlText($"o.company_id = {db.Company} and o.status = 'Reserved' and {Promised(node)}{Reach.And(channel: "o.channel")}");

    /// Orders of which some has left and more is promised that nobody works on yet.
    private SqlText Rest(NodeCode? node) => new(
        $"""
        o.company_id = {db.Company} and o.status = 'PartlyShipped' and {Promised(node)}{Reach.And(channel: "o.channel")}
          and not exists (select from warehouse.shipment w where w.order_id = o.id and w.status in ('Released', 'Picked', 'Packed'))
        """);

    private SqlText Promised(NodeCode? node) => node is { } at
        ? new SqlText($"exists (select from stock.pub_reservation r where r.document_id = o.id and r.node = {at} and r.open > 0{Reach.And("r.node")})")
        : new SqlText($"exists (select from stock.pub_reservation r where r.document_id = o.id and r.open > 0{Reach.And("r.node")})");

    private SqlText At(NodeCode? node) => (node is { } at ? new SqlText($" and s.node = {at}") : new SqlText()).Append(Reach.And("s.node", "s.channel"));
}
