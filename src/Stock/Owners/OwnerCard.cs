using Keel.Stock.Contract;

namespace Keel.Stock;

/// Everything that the page of an owner shows, asked in one round trip: what is agreed, what is there, what is owed, what was stated.
internal sealed class OwnerCard(KeelDb db)
{
    private const int Latest = 30;

    public sealed record PlaceRow(NodeCode Node, LocationCode Location, Sku Sku, string Name, string Lot, string Package, GoodsCondition Condition, Quantity OnHand, Quantity Allocated, DateTimeOffset ArrivedAt);

    public sealed record TransitRow(Guid TransferId, string Number, NodeCode FromNode, NodeCode ToNode, Sku Sku, Quantity Quantity, DateOnly? ExpectedOn);

    public sealed record CostRow(Sku Sku, string Name, DateOnly FromOn, UnitPrice UnitCost, Currency Currency);

    public sealed record OpenRow(Sku Sku, string Name, Quantity Came, Quantity Used, Quantity GivenBack, Quantity Corrected, Money Owed, Currency Currency);

    public GoodsOwner Owner { get; private set; } = null!;
    public string Name { get; private set; } = "";
    public IReadOnlyList<OwnedList.Row> Positions { get; private set; } = [];
    public IReadOnlyList<PlaceRow> Places { get; private set; } = [];
    public IReadOnlyList<TransitRow> Transit { get; private set; } = [];
    public IReadOnlyList<CostRow> Costs { get; private set; } = [];
    public IReadOnlyList<OpenRow> Open { get; private set; } = [];
    public IReadOnlyList<OwnerMove> Moves { get; private set; } = [];
    public IReadOnlyList<OwnerStatement> Statements { get; private set; } = [];

    public async Task<bool> Load(Guid id, CancellationToken ct = default)
    {
        if (await db.Table<GoodsOwner>().Find($"company_id = {db.Company} and id = {id}", ct) is not { } owner) return false;
        var reach = db.Work.Actor.Reach;
        var names = db.Ask<string>($"select name from partners.pub_partner where id = {owner.Partner}");
        var positions = db.Ask<OwnedList.Row>($"select * from ({new OwnedList(db).Rows(new OwnedList.Args(owner.Code))}) p order by sku, node limit 500");
        var places = db.Ask<PlaceRow>(
            $"""
            select v.node, v.location, v.sku, coalesce((select p.name from catalog.pub_product p where p.sku = v.sku), v.sku) as name, v.lot, v.package, v.condition, v.on_hand, v.allocated, v.arrived_at
            from stock.level v where v.company_id = {db.Company} and v.owner = {owner.Code} and v.on_hand > 0 and v.sku = any(array(select sku from stock.position where company_id = {db.Company} and owner = {owner.Code}))
              and v.node = any(array(select node from stock.position where company_id = {db.Company} and owner = {owner.Code})){reach.And("v.node")} order by v.node, v.location, v.sku limit 500
            """);
        var transit = db.Ask<TransitRow>(
            $"""
            select w.transfer_id, w.number, w.from_node, w.to_node, w.sku, w.quantity, w.expected_on from stock.owned_transit w
            where w.company_id = {db.Company} and w.owner = {owner.Code}{reach.And("w.to_node")} order by w.expected_on, w.number, w.line limit 500
            """);
        var costs = db.Ask<CostRow>(
            $"""
            select c.sku, coalesce((select p.name from catalog.pub_product p where p.sku = c.sku), c.sku) as name, c.from_on, c.unit_cost, c.currency
            from stock.agreed_cost c where c.company_id = {db.Company} and c.owner = {owner.Code} order by c.sku, c.from_on desc limit 500
            """);
        var open = db.Ask<OpenRow>(
            $"""
            select t.sku, coalesce((select p.name from catalog.pub_product p where p.sku = t.sku), t.sku) as name, coalesce(sum(t.quantity) filter (where t.kind = 'Came'), 0)::bigint as came,
              coalesce(sum(t.quantity) filter (where t.kind = 'Used'), 0)::bigint as used, coalesce(sum(t.quantity) filter (where t.kind = 'GivenBack'), 0)::bigint as given_back,
              coalesce(sum(case when t.is_in then t.quantity else -t.quantity end) filter (where t.kind = 'Corrected'), 0)::bigint as corrected, coalesce(sum(t.value), 0)::bigint as owed, min(t.currency) as currency
            from ({OwnerMove.All} and m.company_id = {db.Company} and m.owner = {owner.Code} and not exists (select from stock.owner_statement_move s where s.move_id = m.id)) t group by t.sku order by t.sku
            """);
        var moves = db.Ask<OwnerMove>($"{OwnerMove.All} and m.company_id = {db.Company} and m.owner = {owner.Code} order by m.day desc, m.id desc limit {Latest}");
        var statements = db.Ask<OwnerStatement>($"{OwnerStatement.Columns} where company_id = {db.Company} and owner = {owner.Code} order by until_on desc limit 50");
        await db.Flush(ct);
        Transit = transit.Value;
        (Owner, Name, Positions, Places, Costs, Open, Moves, Statements) = (owner, names.Value.FirstOrDefault() ?? owner.Code, positions.Value, places.Value, costs.Value, open.Value, moves.Value, statements.Value);
        return true;
    }
}

/// What a page about one statement shows.
internal sealed class OwnerStatementCard(KeelDb db)
{
    public OwnerStatement Statement { get; private set; } = null!;
    public GoodsOwner Owner { get; private set; } = null!;
    public string Name { get; private set; } = "";
    public IReadOnlyList<OwnerStatementLines.Row> Lines { get; private set; } = [];
    public IReadOnlyList<OwnerMove> Moves { get; private set; } = [];

    public async Task<bool> Load(Guid id, CancellationToken ct = default)
    {
        if (await db.Table<OwnerStatement>().Find($"company_id = {db.Company} and id = {id}", ct) is not { } statement) return false;
        var owners = db.Ask<GoodsOwner>($"{GoodsOwner.Columns} where company_id = {db.Company} and code = {statement.Owner}");
        var names = db.Ask<string>($"select p.name from stock.owner o join partners.pub_partner p on p.id = o.partner where o.company_id = {db.Company} and o.code = {statement.Owner}");
        var lines = db.Ask<OwnerStatementLines.Row>($"select * from ({new OwnerStatementLines(db).Rows(new OwnerStatementLines.Args(id))}) l order by sku");
        var moves = db.Ask<OwnerMove>($"{OwnerMove.All} and m.company_id = {db.Company} and m.id in (select move_id from stock.owner_statement_move where statement_id = {id}) order by m.day, m.id limit 1000");
        await db.Flush(ct);
        (Statement, Owner, Name, Lines, Moves) = (statement, owners.Value[0], names.Value.FirstOrDefault() ?? statement.Owner, lines.Value, moves.Value);
        return true;
    }
}

/// What whoever receives or gives back goods of others chooses from.
internal sealed class OwnerSheet(KeelDb db)
{
    public sealed record Choice(string Code, string Name, Guid Partner, OwnerKind Kind, PromisedWhen Promised);

    public sealed record PartnerChoice(Guid Id, string Number, string Name);

    public IReadOnlyList<Choice> Owners { get; private set; } = [];
    public IReadOnlyList<PartnerChoice> Partners { get; private set; } = [];

    /// The partners to choose from: suppliers, or customers by number where somebody has many.
    public async Task Load(bool suppliers, CancellationToken ct = default)
    {
        var owners = db.Ask<Choice>(
            $"select o.code, coalesce(p.name, o.code) as name, o.partner, o.kind, o.promised from stock.owner o left join partners.pub_partner p on p.id = o.partner where o.company_id = {db.Company} order by 2");
        var partners = db.Ask<PartnerChoice>(
            $"select id, number, name from partners.pub_partner where company_id = {db.Company} and (is_supplier = {suppliers} or id in (select partner from stock.owner where company_id = {db.Company})) order by name limit 500");
        await db.Flush(ct);
        (Owners, Partners) = (owners.Value, partners.Value);
    }
}
