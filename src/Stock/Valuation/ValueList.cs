using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Stock;

/// What each product in stock is worth, by which method, and what one costs. Served by the primary key of the pools.
[View("stock.value", StockPermissions.ReadValue, Sort = "sku")]
internal sealed class ValueList(KeelDb db) : IView<ValueList.Row>
{
    public sealed record Row
    {
        [Key, Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search, Title("Product")] public required string Name { get; init; }
        [Title("Category", Empty = "none")] public string? Category { get; init; }
        [Title("Valued by")] public required CostingMethod Method { get; init; }
        [Title("Each site for itself")] public required bool IsApart { get; init; }
        [Title("Owned")] public required Quantity Quantity { get; init; }
        [Cost, Title("One costs")] public Money? UnitCost { get; init; }
        [Cost] public required Money Value { get; init; }
        [Cost, Title("Standard", Empty = "none")] public Money? Standard { get; init; }
        [Title("Written down")] public required bool IsDown { get; init; }
        [Title("Worth nothing")] public required bool IsWorthless { get; init; }
        [Cost, Title("Written down by", Empty = "nothing")] public Money? WrittenDown { get; init; }
        public required Currency Currency { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select c.sku, coalesce(p.name, c.sku) as name, g.category, c.method, c.by_site_since is not null as is_apart, c.quantity, case when c.quantity > 0 then round(c.value * 1000.0 / c.quantity)::bigint end as unit_cost, c.value,
          round(c.standard)::bigint as standard, c.written_down > 0 as is_down, c.quantity > 0 and c.value = 0 as is_worthless, nullif(c.written_down, 0) as written_down, c.currency,
          case when c.method <> coalesce(r.method, d.method, 'Average') or (c.by_site_since is not null) <> coalesce(r.by_site, d.by_site, false) then 'Its category is valued in another way: set it again'
            when c.quantity > 0 and c.value = 0 then 'It is worth nothing in the books: revalue it' when c.written_down > 0 then 'Written down: look whether it brings more again' else 'Nothing' end as next
        from stock.cost_pool c left join catalog.pub_product p on p.sku = c.sku left join catalog.pub_product_category g on g.sku = c.sku
        left join stock.costing_rule r on r.company_id = c.company_id and r.category = g.category left join stock.costing_rule d on d.company_id = c.company_id and d.category = ''
        where c.company_id = {db.Company} and (c.quantity > 0 or c.standard is not null)
        """;
}

/// By which method the cost of goods is found, category by category.
[View("stock.costing", StockPermissions.ReadValue, Sort = "category")]
internal sealed class CostingList(KeelDb db) : IView<CostingList.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("Category", Empty = "everything else")] public string? Category { get; init; }
        [Title("Valued by")] public required CostingMethod Method { get; init; }
        [Title("Each site for itself")] public required bool BySite { get; init; }
        [Title("Products in stock")] public required long Products { get; init; }
        [Cost, Title("Worth")] public Money? Value { get; init; }
        public required Currency Currency { get; init; }
        [Title("Not by it yet")] public required long Others { get; init; }
        [Title("Since")] public DateTimeOffset? ChangedAt { get; init; }
        [Title("By")] public string? ChangedBy { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select coalesce(nullif(k.category, ''), '-') as id, nullif(k.category, '') as category, k.method, k.by_site, count(c.sku) as products, coalesce(sum(c.value), 0)::bigint as value, (select currency from kernel.company where id = {db.Company}) as currency,
          count(c.sku) filter (where c.method <> k.method or c.apart <> k.by_site) as others, k.changed_at, k.changed_by
        from (
          select category, method, by_site, changed_at, changed_by from stock.costing_rule where company_id = {db.Company}
          union all
          select '', 'Average', false, null, null where not exists (select from stock.costing_rule where company_id = {db.Company} and category = '')
        ) k
        left join (
          select p.sku, p.method, p.by_site_since is not null as apart, p.value, coalesce(r.category, '') as category from stock.cost_pool p left join catalog.pub_product_category g on g.sku = p.sku
          left join stock.costing_rule r on r.company_id = p.company_id and r.category = g.category where p.company_id = {db.Company} and p.quantity > 0
        ) c on c.category = k.category
        group by k.category, k.method, k.by_site, k.changed_at, k.changed_by
        """;
}

/// What goods are worth at each site where they are valued apart, and what transfers have of them on their way. Served by the primary key of the sites' pools.
[View("stock.site-values", StockPermissions.ReadValue, Sort = "sku")]
internal sealed class SiteValueList(KeelDb db) : IView<SiteValueList.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search, Title("Product")] public required string Name { get; init; }
        [Title("Category", Empty = "none")] public string? Category { get; init; }
        [Title("Site", Empty = "on its way")] public NodeCode? Node { get; init; }
        [Search, Title("With transfer", Empty = "none")] public string? Transfer { get; init; }
        [Title("Valued by")] public required CostingMethod Method { get; init; }
        [Title("Owned")] public required Quantity Quantity { get; init; }
        [Cost, Title("One costs")] public Money? UnitCost { get; init; }
        [Cost] public required Money Value { get; init; }
        [Cost, Title("Standard", Empty = "none")] public Money? Standard { get; init; }
        [Cost, Title("Written down by", Empty = "nothing")] public Money? WrittenDown { get; init; }
        public required Currency Currency { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select s.sku || '@' || s.node || s.transfer as id, s.sku, coalesce(p.name, s.sku) as name, g.category, nullif(s.node, '') as node, nullif(s.transfer, '') as transfer, c.method, s.quantity,
          case when s.quantity > 0 then round(s.value * 1000.0 / s.quantity)::bigint end as unit_cost, s.value, round(s.standard)::bigint as standard, nullif(s.written_down, 0) as written_down, s.currency
        from stock.site_pool s join stock.cost_pool c on c.company_id = s.company_id and c.sku = s.sku
        left join catalog.pub_product p on p.sku = s.sku left join catalog.pub_product_category g on g.sku = s.sku
        where s.company_id = {db.Company} and (s.quantity > 0 or s.standard is not null)
        """;
}

/// What was landed on goods, the latest first, and what of it waits for its bill. Served by the primary key, which begins with time.
[View("stock.landed-costs", StockPermissions.ReadValue, Sort = "-happened-at")]
internal sealed class LandedList(KeelDb db) : IView<LandedList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search] public required string Number { get; init; }
        [Title("State")] public required LandedStatus Status { get; init; }
        [Title("When")] public required DateTimeOffset HappenedAt { get; init; }
        [Search, Title("Receipts")] public required string Receipts { get; init; }
        [Title("What for")] public required string Kinds { get; init; }
        [Cost, Title("Total")] public required Money Total { get; init; }
        [Cost, Title("In stock")] public required Money ToStock { get; init; }
        [Cost, Title("On what was sold")] public required Money ToSold { get; init; }
        public required Currency Currency { get; init; }
        [Search] public string? Note { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select c.id, c.number, c.status, c.happened_at, coalesce((select string_agg(distinct s.receipt_number, ', ') from stock.landed_share s where s.landed_cost_id = c.id), '') as receipts,
          coalesce((select string_agg(distinct g.kind, ', ') from stock.landed_charge g where g.landed_cost_id = c.id), '') as kinds, c.total, c.to_stock, c.to_sold, c.currency, c.note,
          case c.status when 'Estimated' then 'Clear it when the bill comes' when 'Cleared' then 'Nothing: the bill took its place' when 'Undone' then 'Nothing: taken back' else 'Nothing' end as next
        from stock.landed_cost c where c.company_id = {db.Company}
        """;
}

/// Everything that the page of a product's value shows, asked in one round trip.
internal sealed class ValueCard(KeelDb db)
{
    private const int Most = 50;

    public sealed record LayerRow(DocumentRef Document, string Lot, string Site, DateTimeOffset HappenedAt, Quantity Received, Quantity Open, Money Value, Currency Currency);

    /// Something that changed the value, or, where `IsCarried`, took it from one site's pool to another's.
    public sealed record StepRow(DateTimeOffset HappenedAt, DocumentRef Document, Quantity Quantity, bool Came, bool IsCarried, Money Value, Currency Currency, string Reason, string FromNode, string ToNode);

    /// What lies at a site, or is on its way with a transfer.
    public sealed record SiteRow(string Node, string Transfer, Guid? TransferId, Quantity Quantity, Money Value, Money WrittenDown, Currency Currency, decimal? Standard);

    public sealed record ProductRow(Sku Sku, string Name, string Unit, string? Category);

    public CostPool Pool { get; private set; } = null!;
    public ProductRow Product { get; private set; } = null!;
    public IReadOnlyList<LayerRow> Layers { get; private set; } = [];
    public IReadOnlyList<StepRow> Steps { get; private set; } = [];
    public IReadOnlyList<SiteRow> Sites { get; private set; } = [];

    public async Task<bool> Load(Sku sku, CancellationToken ct = default)
    {
        var pools = db.Ask<CostPool>($"{StockTables.PoolColumns} where company_id = {db.Company} and sku = {sku}");
        var products = db.Ask<ProductRow>($"select p.sku, p.name, p.unit, g.category from catalog.pub_product p left join catalog.pub_product_category g on g.sku = p.sku where p.sku = {sku}");
        var layers = db.Ask<LayerRow>($"select document_kind, document_id, document_number, lot, node || transfer as site, happened_at, received, open, value, currency from stock.cost_layer where company_id = {db.Company} and sku = {sku} and not spent order by happened_at, document_number, line limit 200");
        var sites = db.Ask<SiteRow>(
            $"""
            select s.node, s.transfer, t.id as transfer_id, s.quantity, s.value, s.written_down, s.currency, s.standard from stock.site_pool s left join stock.transfer t on t.company_id = s.company_id and t.number = s.transfer and s.transfer <> ''
            where s.company_id = {db.Company} and s.sku = {sku} and (s.quantity > 0 or s.standard is not null) order by s.transfer, s.node
            """);
        var steps = db.Ask<StepRow>(
            $"""
            select happened_at, document_kind, document_id, document_number, quantity, ends & 32 > 0 as came, carried is not null as is_carried, coalesce(value, carried) as value, currency, reason, from_node, to_node from stock.move
            where company_id = {db.Company} and sku = {sku} and coalesce(value, carried) is not null order by happened_at desc, id desc limit {Most}
            """);
        await db.Flush(ct);
        if (pools.Value is not [var pool]) return false;
        (Pool, Layers, Steps, Sites) = (pool, layers.Value, steps.Value, sites.Value);
        Product = products.Value.FirstOrDefault() ?? new ProductRow(sku, sku.Text, "", null);
        return true;
    }
}

/// Everything that the page of a landed cost shows, asked in one round trip.
internal sealed class LandedCard(KeelDb db)
{
    public sealed record ChargeRow(int Line, ChargeKind Kind, SplitBy Split, Money Amount, Currency Currency, Guid? Partner, string? Name, string? Reference);

    public sealed record SaidRow(int Line, Money Amount, Currency AmountCurrency, decimal Rate, Money Exchange, Currency Currency);

    public sealed record ShareRow(int Charge, Guid ReceiptId, string ReceiptNumber, Sku Sku, string Name, Quantity Quantity, Quantity LeftThere, Money ToStock, Money ToSold, Currency Currency);

    public LandedCost Landed { get; private set; } = null!;
    public IReadOnlyList<ChargeRow> Charges { get; private set; } = [];
    public IReadOnlyList<ShareRow> Shares { get; private set; } = [];

    /// What charges say in other currencies.
    public IReadOnlyDictionary<int, SaidRow> Said { get; private set; } = new Dictionary<int, SaidRow>();

    public DocumentRef? EndedBy { get; private set; }

    public async Task<bool> Load(Guid id, CancellationToken ct = default)
    {
        var landed = db.Ask<LandedCost>($"{new SqlText.Verbatim($"select {RowMap<LandedCost>.Instance.Names} from stock.landed_cost")} where company_id = {db.Company} and id = {id}");
        var charges = db.Ask<ChargeRow>($"select g.line, g.kind, g.split, g.amount, g.currency, g.partner, p.name, g.reference from stock.landed_charge g left join partners.pub_partner p on p.id = g.partner where g.landed_cost_id = {id} order by g.line");
        var shares = db.Ask<ShareRow>(
            $"""
            select s.charge, s.receipt_id, s.receipt_number, s.sku, coalesce(p.name, s.sku) as name, s.quantity, s.left_there, s.to_stock, s.to_sold, s.currency
            from stock.landed_share s left join catalog.pub_product p on p.sku = s.sku where s.landed_cost_id = {id} order by s.charge, s.receipt_number, s.receipt_line limit 2000
            """);
        var said = db.Ask<SaidRow>($"select line, amount, amount_currency, rate, exchange, currency from stock.foreign_cost where company_id = {db.Company} and document_id = {id}");
        var ended = db.Ask<string>($"select e.number from stock.landed_cost c join stock.landed_cost e on e.id = c.ended_by where c.company_id = {db.Company} and c.id = {id}");
        await db.Flush(ct);
        if (landed.Value is not [var found]) return false;
        (Landed, Charges, Shares, Said) = (found, charges.Value, shares.Value, said.Value.ToDictionary(s => s.Line));
        EndedBy = found.EndedBy is { } by && ended.Value is [var number] ? new DocumentRef(LandedCost.RecordKind, by, number) : null;
        return true;
    }
}
