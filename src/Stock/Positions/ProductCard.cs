using Keel.Stock.Contract;

namespace Keel.Stock;

/// Everything that the stock page of a product shows, asked in one round trip.
internal sealed class ProductCard(KeelDb db, Scopes scopes)
{
    private const int Latest = 15;
    private const int Promises = 12;

    public sealed record ProductRow(Sku Sku, string Name, string Unit, string Lifecycle);

    public sealed record PositionRow(NodeCode Node, Quantity OnHand, Quantity Sellable, Quantity Reserved)
    {
        [NotAColumn]
        public Quantity Available => Sellable - Reserved;

        [NotAColumn]
        public Quantity Held => OnHand - Sellable;
    }

    public sealed record LevelRow(NodeCode Node, LocationCode Location, PlaceKind Kind, string Lot, Guid? LotId, string Owner, string? OwnerName, string Package, Guid? PackageId, GoodsCondition Condition, DateOnly? SellUntil, Quantity OnHand, Quantity Allocated, bool Promisable)
    {
        /// What lies where nothing is sold from: damaged, in quarantine, frozen.
        [NotAColumn]
        public Quantity Held => Promisable ? 0 : OnHand;

        [NotAColumn]
        public Quantity Unallocated => OnHand - Held - Allocated;
    }

    /// What of it lies here and belongs to others.
    public sealed record OwnedRow(NodeCode Node, string Owner, Guid? OwnerId, string Name, PromisedWhen Promised, Quantity OnHand, Quantity Sellable, Quantity Reserved);

    public sealed record PromiseRow(DemandKind Kind, Guid DocumentId, string DocumentNumber, NodeCode Node, Quantity Quantity, DateTimeOffset Since, DateOnly? PromisedBy);

    public sealed record TransitRow(Guid TransferId, string Number, NodeCode FromNode, NodeCode ToNode, DateOnly? ExpectedOn, Quantity Quantity);

    public sealed record Tally(long Rows, Quantity Quantity);

    public sealed record Proved(DateTimeOffset At, long Differences);

    public ProductRow? Product { get; private set; }
    public IReadOnlyList<PositionRow> Positions { get; private set; } = [];
    public IReadOnlyList<LevelRow> Levels { get; private set; } = [];
    public IReadOnlyList<OwnedRow> Owned { get; private set; } = [];
    public IReadOnlyList<PromiseRow> Reservations { get; private set; } = [];
    public IReadOnlyList<TransitRow> Transit { get; private set; } = [];
    public Tally Reserved { get; private set; } = new(0, 0);
    public IReadOnlyList<MoveList.Row> Moves { get; private set; } = [];
    public CostPool? Pool { get; private set; }
    public Proved? Proof { get; private set; }

    /// False where the catalogue does not know it and nothing ever moved.
    public async Task<bool> Load(Sku sku, CancellationToken ct = default)
    {
        var reach = db.Work.Actor.Reach;
        var product = db.Ask<ProductRow>($"select sku, name, unit, lifecycle from catalog.pub_product where sku = {sku}");
        var positions = db.Ask<PositionRow>(
            $"select node, on_hand, sellable, reserved from stock.position where company_id = {db.Company} and sku = {sku} and owner = {PositionKey.Own}{reach.And("node")} order by node");
        var levels = db.Ask<LevelRow>(
            $"""
            select v.node, v.location, l.kind, v.lot, (select b.id from stock.lot b where b.company_id = v.company_id and b.sku = v.sku and b.code = v.lot and v.lot <> '') as lot_id, v.owner,
              (select p.name from stock.owner o join partners.pub_partner p on p.id = o.partner where o.company_id = v.company_id and o.code = v.owner) as owner_name, v.package,
              (select p.id from stock.package p where p.company_id = v.company_id and p.code = v.package and v.package <> '') as package_id, v.condition, v.sell_until, v.on_hand, v.allocated,
              k.promisable and not exists (select from stock.frozen f where f.company_id = v.company_id and f.node = v.node and coalesce(f.location, v.location) = v.location and coalesce(f.sku, v.sku) = v.sku and coalesce(f.lot, v.lot) = v.lot) as promisable
            from stock.level v
            join stock.location l on l.company_id = v.company_id and l.code = v.location join stock.counts_as k on k.kind = l.kind and k.condition = v.condition and k.own = (v.owner = {PositionKey.Own})
            where v.company_id = {db.Company} and v.sku = {sku} and v.node = any(select node from stock.position where company_id = {db.Company} and sku = {sku})
              and (v.on_hand > 0 or v.allocated > 0){reach.And("v.node")} order by v.node, v.owner <> {PositionKey.Own}, v.owner, l.pick_order, v.location, v.package, v.sell_until, v.lot, v.condition <> 'Good' limit 200
            """);
        var promises = db.Ask<PromiseRow>(
            $"""
            select kind, document_id, document_number, node, sum(open)::bigint as quantity, min(taken_at) as since, min(promised_by) as promised_by from stock.reservation r
            where company_id = {db.Company} and sku = {sku} and open > 0{reach.And("node")}{scopes.And("r.document_id")} group by kind, document_id, document_number, node order by promised_by, since limit {Promises}
            """);
        var owned = db.Ask<OwnedRow>(
            $"""
            select p.node, p.owner, o.id as owner_id, coalesce((select q.name from partners.pub_partner q where q.id = o.partner), p.owner) as name, coalesce(o.promised, 'Never') as promised, p.on_hand, p.sellable, p.reserved
            from stock.position p left join stock.owner o on o.company_id = p.company_id and o.code = p.owner
            where p.company_id = {db.Company} and p.sku = {sku} and p.owner <> {PositionKey.Own} and p.on_hand > 0{reach.And("p.node")} order by p.node, name
            """);
        var transit = db.Ask<TransitRow>($"select transfer_id, number, from_node, to_node, expected_on, quantity from stock.pub_transit where company_id = {db.Company} and sku = {sku} order by expected_on, number");
        var tally = db.Ask<Tally>(
            $"select count(distinct document_id) as rows, coalesce(sum(open), 0)::bigint as quantity from stock.reservation r where company_id = {db.Company} and sku = {sku} and open > 0{reach.And("node")}{scopes.And("r.document_id")}");
        var moves = db.Ask<MoveList.Row>($"{MoveList.All} where m.company_id = {db.Company} and m.sku = {sku} and m.owner = {PositionKey.Own}{scopes.And("m.document_id")} order by m.happened_at desc, m.id desc limit {Latest}");
        var pools = db.Ask<CostPool>($"{StockTables.PoolColumns} where company_id = {db.Company} and sku = {sku}");
        var proofs = db.Ask<Proved>($"select at, differences from kernel.proof order by at desc limit 1");
        await db.Flush(ct);

        Product = product.Value.FirstOrDefault() ?? (positions.Value.Count > 0 ? new ProductRow(sku, sku.Text, "", "") : null);
        (Positions, Levels, Reservations, Moves) = (positions.Value, levels.Value, promises.Value, moves.Value);
        (Transit, Owned) = (transit.Value, owned.Value);
        (Reserved, Pool, Proof) = (tally.Value[0], pools.Value.FirstOrDefault(), proofs.Value.FirstOrDefault());
        return Product is not null;
    }
}
