namespace Keel.Stock;

/// Stock's tables, and the only place that locks their rows.
internal static class StockTables
{
    extension(KeelDb db)
    {
        public Table<Position> Positions => db.Table<Position>();
        public Table<Level> Levels => db.Table<Level>();
        public Table<CostPool> CostPools => db.Table<CostPool>();
        public Table<Reservation> Reservations => db.Table<Reservation>();
        public Table<ReservationStep> ReservationSteps => db.Table<ReservationStep>();
        public Table<Allocation> Allocations => db.Table<Allocation>();
        public Table<StockMove> Moves => db.Table<StockMove>();
        public Table<StockDocument> StockDocuments => db.Table<StockDocument>();

        /// Locks positions in key order, so two orders that want the same goods queue up instead of deadlocking.
        /// With `create`, those that do not exist yet are made first.
        public Later<List<Position>> LockPositions(IReadOnlyList<PositionKey> keys, bool create)
        {
            db.Climb(Rung.Position);
            if (create) db.Positions.InsertMissing([.. keys.Select(Position.Empty)]);
            var (skus, nodes, owners) = (keys.Select(k => k.Sku), keys.Select(k => k.Node), keys.Select(k => k.Owner));
            return db.Ask<Position>(
                $"""
                select p.company_id, p.sku, p.node, p.owner, p.on_hand, p.sellable, p.reserved
                from stock.position p join unnest({skus}, {nodes}, {owners}) as k (sku, node, owner) on p.sku = k.sku and p.node = k.node and p.owner = k.owner
                where p.company_id = {db.Company} order by p.sku, p.node, p.owner for update of p
                """);
        }

        /// Locks all levels of the positions, in key order; where places are named, those in them. The locks of the positions guard the others.
        public Later<List<Level>> LockLevels(IReadOnlyList<PositionKey> keys, IReadOnlyCollection<LocationCode>? named = null)
        {
            db.Climb(Rung.Level);
            var (skus, nodes, owners) = (keys.Select(k => k.Sku), keys.Select(k => k.Node), keys.Select(k => k.Owner));
            var within = named is null ? new SqlText() : new SqlText($" and l.location = any({named.Order()})");
            return db.Ask<Level>(
                $"""
                select l.company_id, l.node, l.sku, l.location, l.lot, l.package, l.owner, l.condition, l.on_hand, l.allocated, l.arrived_at, l.sell_until
                from stock.level l join unnest({skus}, {nodes}, {owners}) as k (sku, node, owner) on l.sku = k.sku and l.node = k.node and l.owner = k.owner
                where l.company_id = {db.Company}{within} order by l.node, l.sku, l.location, l.lot, l.package, l.owner, l.condition for update of l
                """);
        }

        /// Locks the cost pools of SKUs, in key order; their layers come with them, the oldest first. A pool that is new is kept by the method of its
        /// product's category.
        public (Later<List<CostPool>> Pools, Later<List<CostLayer>> Layers) LockPools(IReadOnlyList<Sku> skus, bool create, Currency currency)
        {
            db.Climb(Rung.CostPool);
            if (create)
            {
                db.Queue(
                    $"""
                    insert into stock.cost_pool (company_id, sku, quantity, value, currency, method, written_down, by_site_since)
                    select {db.Company}, k.sku, 0, 0, {currency}, coalesce(r.method, d.method, 'Average'), 0, case when coalesce(r.by_site, d.by_site) then {db.Now} end from unnest({skus}) as k (sku)
                    left join catalog.pub_product_category g on g.sku = k.sku
                    left join stock.costing_rule r on r.company_id = {db.Company} and r.category = g.category
                    left join stock.costing_rule d on d.company_id = {db.Company} and d.category = ''
                    where not exists (select from stock.cost_pool p where p.company_id = {db.Company} and p.sku = k.sku) order by k.sku on conflict do nothing
                    """);
            }

            var pools = db.Ask<CostPool>($"{PoolColumns} where company_id = {db.Company} and sku = any({skus}) order by sku for update");
            return (pools, db.Ask<CostLayer>($"{LayerColumns} where company_id = {db.Company} and sku = any({skus}) and not spent order by sku, happened_at, id"));
        }

        /// What is still promised to documents. Their positions are locked: nobody else changes these rows.
        public Later<List<Reservation>> OpenReservations(IReadOnlyList<Guid> documents) =>
            db.Ask<Reservation>($"{ReservationColumns} where document_id = any({documents}) and open > 0 order by document_id, line, part");

        public Later<List<Allocation>> OpenAllocations(IReadOnlyList<Guid> documents) =>
            db.Ask<Allocation>($"{AllocationColumns} where document_id = any({documents}) and open > 0 order by document_id, line, part");
    }

    /// The pool that a site's goods are in, as `x` beside the company's pool `c`: what `s` names as its company, SKU and node.
    internal static readonly SqlText.Verbatim SitePoolOf = new("left join stock.site_pool x on x.company_id = s.company_id and x.sku = s.sku and x.node = s.node and x.transfer = ''");

    /// What so many of a site's goods are worth: their share of the site's pool, or of the company's.
    internal static SqlText.Verbatim ShareOf(string quantity) => new($"coalesce(round(coalesce(x.value, c.value)::numeric * {quantity} / nullif(coalesce(x.quantity, c.quantity), 0)), 0)");

    internal static readonly SqlText.Verbatim PoolColumns = new($"select {RowMap<CostPool>.Instance.Names} from stock.cost_pool");
    internal static readonly SqlText.Verbatim LayerColumns = new($"select {RowMap<CostLayer>.Instance.Names} from stock.cost_layer");
    internal static readonly SqlText.Verbatim ReservationColumns = new($"select {RowMap<Reservation>.Instance.Names} from stock.reservation");
    internal static readonly SqlText.Verbatim AllocationColumns = new($"select {RowMap<Allocation>.Instance.Names} from stock.allocation");
}
