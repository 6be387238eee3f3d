using Keel.Kernel.Views;

namespace Keel.Sales;

/// Blanket orders, what ends first on top. Served by the index blanket_order_list.
[View("sales.blanket-orders", SalesPermissions.Read, Sort = "until-day")]
internal sealed class BlanketList(KeelDb db) : IView<BlanketList.Row>
{
    public sealed record Row
    {
        public required Id<BlanketOrder> Id { get; init; }
        [Search, Title("Blanket order")] public required string Number { get; init; }
        [Search, Personal] public string? Customer { get; init; }
        [Title("Channel code")] public required ChannelCode Channel { get; init; }
        [Title("Channel")] public required string ChannelName { get; init; }
        [Title("State")] public required BlanketStatus Status { get; init; }
        [Title("From")] public required DateOnly FromDay { get; init; }
        [Title("Until")] public required DateOnly UntilDay { get; init; }
        [Title("Agreed")] public required Quantity Agreed { get; init; }
        [Title("Called off so far")] public required Quantity Called { get; init; }
        [Title("Left")] public required Quantity Left { get; init; }
        [Title("Next call-off")] public DateOnly? NextOn { get; init; }
        [Search, Title("Customer's own number")] public string? PurchaseOrder { get; init; }
        [Search] public required string Owner { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select b.id, b.number, p.name as customer, b.channel, c.name as channel_name, b.status, b.from_day, b.until_day, a.agreed, k.called, a.agreed - k.called as left, k.next_on, b.purchase_order, b.owner,
          case when b.status = 'Ended' then 'Nothing: it has ended' when k.refused then 'A call-off was refused: see why' when b.until_day < {db.Today} then 'Its time is over: end it, or agree on more time'
            when k.next_on is not null then 'The next call-off becomes an order by itself' when a.agreed > k.called then 'Call off when the customer asks' else 'All of it is called off' end as next
        from sales.blanket_order b join kernel.channel c on c.company_id = b.company_id and c.code = b.channel left join partners.pub_partner p on p.id = b.customer_id
        cross join lateral (select coalesce(sum(l.quantity), 0)::bigint as agreed from sales.blanket_line l where l.blanket_id = b.id) a
        cross join lateral (
          select coalesce(sum(l.quantity) filter (where {BlanketTables.Counts}), 0)::bigint as called, min(c.due_on) filter (where c.status = 'Planned') as next_on, coalesce(bool_or(c.status = 'Refused'), false) as refused
          from sales.call_off c join sales.call_off_line l on l.blanket_id = c.blanket_id and l.no = c.no where c.blanket_id = b.id) k
        where b.company_id = {db.Company}{db.Work.Actor.Reach.And(channel: "b.channel")}
        """;
}

/// Everything that a blanket order's page shows.
internal sealed class BlanketCard(KeelDb db)
{
    public sealed record LineRow(int Line, Sku Sku, string Name, Quantity Quantity, Quantity Called, UnitPrice Price, Currency Currency)
    {
        public Quantity Left => Quantity - Called;
    }

    public sealed record PartRow(int No, DateOnly DueOn, DateOnly OrderOn, CallOffStatus Status, Guid? OrderId, string? OrderNumber, OrderStatus? OrderStatus, string? Why, string Goods, string By, DateTimeOffset At);

    public sealed record WhoRow(string Number, string Name);

    public BlanketOrder Order { get; private set; } = null!;
    public IReadOnlyList<LineRow> Lines { get; private set; } = [];
    public IReadOnlyList<PartRow> Parts { get; private set; } = [];
    public WhoRow? Customer { get; private set; }

    public async Task<bool> Load(Guid id, CancellationToken ct = default)
    {
        var heads = db.Ask<BlanketOrder>($"{BlanketOrder.Columns} where company_id = {db.Company} and id = {id}{db.Work.Actor.Reach.And(channel: "channel")}");
        var lines = db.Ask<LineRow>(
            $"""
            select l.line, l.sku, coalesce(p.name, l.sku) as name, l.quantity, l.price, l.currency,
              coalesce((select sum(x.quantity) from sales.call_off c join sales.call_off_line x on x.blanket_id = c.blanket_id and x.no = c.no where c.blanket_id = l.blanket_id and x.sku = l.sku and {BlanketTables.Counts}), 0)::bigint as called
            from sales.blanket_line l left join catalog.pub_product p on p.sku = l.sku where l.company_id = {db.Company} and l.blanket_id = {id} order by l.line
            """);
        var parts = db.Ask<PartRow>(
            $"""
            select c.no, c.due_on, c.order_on, c.status, c.order_id, c.order_number, o.status as order_status, c.why, c.by, c.at,
              (select string_agg(trim_scale(x.quantity / 1000.0) || ' × ' || x.sku, ', ' order by x.sku) from sales.call_off_line x where x.blanket_id = c.blanket_id and x.no = c.no) as goods
            from sales.call_off c left join sales.orders o on o.id = c.order_id where c.company_id = {db.Company} and c.blanket_id = {id} order by c.due_on desc, c.no desc limit 200
            """);
        var who = db.Ask<WhoRow>($"select p.number, p.name from partners.pub_partner p join sales.blanket_order s on s.customer_id = p.id where s.company_id = {db.Company} and s.id = {id}");
        await db.Flush(ct);
        if (heads.Value is not [var head]) return false;
        (Order, Lines, Parts, Customer) = (head, lines.Value, parts.Value, who.Value.FirstOrDefault());
        return true;
    }
}
