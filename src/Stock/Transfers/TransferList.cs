using Keel.Kernel.Views;

namespace Keel.Stock;

/// Goods that go from site to site, the latest asked for first. Served by the indexes transfer_list and transfer_open.
[View("stock.transfers", StockPermissions.Read, Sort = "-requested-at")]
internal sealed class TransferList(KeelDb db) : IView<TransferList.Row>
{
    public sealed record Row
    {
        public required Id<Transfer> Id { get; init; }
        [Search, Title("Transfer")] public required string Number { get; init; }
        [Title("From")] public required NodeCode FromNode { get; init; }
        [Title("To")] public required NodeCode ToNode { get; init; }
        [Title("State")] public required TransferStatus Status { get; init; }
        [Title("Wanted by")] public DateOnly? WantedBy { get; init; }
        [Title("Expected")] public DateOnly? ExpectedOn { get; init; }
        public required int Lines { get; init; }
        public required Quantity Units { get; init; }
        [Title("On its way")] public required Quantity OnItsWay { get; init; }
        [Search, Title("Why")] public required string Reason { get; init; }
        [Title("Asked")] public required DateTimeOffset RequestedAt { get; init; }
        [Title("Left")] public DateTimeOffset? ShippedAt { get; init; }
        [Title("Arrived")] public DateTimeOffset? ReceivedAt { get; init; }
        public required string Next { get; init; }

        [NotAColumn]
        public bool IsOpen => Status is TransferStatus.Requested or TransferStatus.Approved or TransferStatus.InTransit;
    }

    public FormattableString Rows() =>
        $"""
        select t.id, t.number, t.from_node, t.to_node, t.status, t.wanted_by, t.expected_on, t.line_count as lines, t.units, t.reason, t.requested_at, t.shipped_at, t.received_at,
          (select coalesce(sum(l.shipped - l.received - l.missing), 0)::bigint from stock.transfer_line l where l.transfer_id = t.id) as on_its_way,
          case t.status
            when 'Requested' then 'Somebody else must say yes'
            when 'Approved' then (select case
                when sum(p.open) is null then 'Nothing is promised yet: waits for goods at ' || t.from_node
                when sum(p.open) < t.units then trim_scale(sum(p.open) / 1000.0) || ' of ' || trim_scale(t.units / 1000.0) || ' are promised: send them, or wait for the rest'
                else 'Send it off' end from stock.reservation p where p.document_id = t.id and p.open > 0)
            when 'InTransit' then case
              when exists (select from stock.transfer_line l where l.transfer_id = t.id and l.shipped > l.received + l.missing) then 'Receive it at ' || t.to_node
              else 'Send the rest off, or give it up' end
            when 'Received' then coalesce((select 'Nothing: over, ' || trim_scale(sum(l.missing) / 1000.0) || ' never arrived' from stock.transfer_line l where l.transfer_id = t.id and l.missing > 0 having count(*) > 0), 'Nothing: done')
            else 'Nothing: cancelled' end as next
        from stock.transfer t where t.company_id = {db.Company}{Near}
        """;

    /// Whoever works at some sites sees what leaves them and what comes to them.
    private SqlText Near
    {
        get
        {
            if (db.Work.Actor.Nodes is not { } nodes) return new SqlText();
            var sites = nodes.ToArray();
            return new SqlText().Append($" and (t.from_node = any({sites}) or t.to_node = any({sites}))");
        }
    }
}

/// Everything that the page of a transfer shows, asked in one round trip.
internal sealed class TransferCard(KeelDb db)
{
    public sealed record LineRow(int Line, Sku Sku, string Name, string Lot, string Owner, Quantity Quantity, Quantity Shipped, Quantity Received, Quantity Missing, Quantity Promised, Quantity Here, Quantity There, bool Tracked)
    {
        [NotAColumn]
        public Quantity OnItsWay => Shipped - Received - Missing;
    }

    /// What of a line is on its way of one lot, in packages and loose.
    public sealed record LotRow(int Line, string Lot, bool Serial, Quantity Quantity);

    public sealed record PackageRow(Guid Id, string Code, PackageKind Kind, string? Parent, TransferPackageState State, DateTimeOffset SentAt, DateTimeOffset? EndedAt);

    public sealed record PaperRow(Guid Id, string Number, string Reason, DateTimeOffset HappenedAt);

    public Transfer Transfer { get; private set; } = null!;
    public IReadOnlyList<LineRow> Lines { get; private set; } = [];
    public IReadOnlyList<PaperRow> Papers { get; private set; } = [];
    public IReadOnlyList<LotRow> Lots { get; private set; } = [];
    public IReadOnlyList<PackageRow> Packages { get; private set; } = [];
    public string? AskedBy { get; private set; }
    public long Moves { get; private set; }

    public async Task<bool> Load(Id<Transfer> id, CancellationToken ct = default)
    {
        var transfers = db.Ask<Transfer>($"{TransferSteps.Transfers} where company_id = {db.Company} and id = {id}");
        var lines = db.Ask<LineRow>(
            $"""
            select l.line, l.sku, coalesce(p.name, l.sku) as name, l.lot, l.owner, l.quantity, l.shipped, l.received, l.missing,
              coalesce((select sum(r.open) from stock.reservation r where r.document_id = l.transfer_id and r.line = l.line), 0)::bigint as promised,
              coalesce((select s.sellable - s.reserved from stock.position s where s.company_id = l.company_id and s.sku = l.sku and s.node = t.from_node and s.owner = l.owner), 0) as here,
              coalesce((select s.sellable - s.reserved from stock.position s where s.company_id = l.company_id and s.sku = l.sku and s.node = t.to_node and s.owner = l.owner), 0) as there,
              coalesce(p.tracking <> 'None', false) as tracked
            from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id left join catalog.pub_product p on p.sku = l.sku
            where l.company_id = {db.Company} and l.transfer_id = {id} order by l.line
            """);
        var papers = db.Ask<PaperRow>($"select id, number, reason, happened_at from stock.document where company_id = {db.Company} and kind = 'Adjustment' and order_id = {id.Value} order by number");
        var asked = db.Ask<string>($"select l.actor_name from kernel.operation_log l where l.id = (select operation from stock.transfer where company_id = {db.Company} and id = {id})");
        var moves = db.Ask<long>($"select count(*) from stock.move where document_id = {id.Value}");
        var lots = db.Ask<LotRow>(
            $"""
            select m.line, m.lot, l.serial, sum(case when m.to_location = {Place.Transit} then m.quantity else -m.quantity end)::bigint as quantity
            from stock.move m join stock.lot l on l.company_id = m.company_id and l.sku = m.sku and l.code = m.lot
            where m.document_id = any(array(select {id.Value} union all select d.id from stock.document d where d.company_id = {db.Company} and d.order_id = {id.Value}))
              and m.lot <> '' and {Place.Transit} in (m.to_location, m.from_location)
            group by m.line, m.lot, l.serial, l.sell_until having sum(case when m.to_location = {Place.Transit} then m.quantity else -m.quantity end) > 0 order by m.line, l.sell_until, m.lot limit 1000
            """);
        var packages = db.Ask<PackageRow>(
            $"""
            select p.id, p.code, p.kind, p.parent, w.state, w.sent_at, w.ended_at from stock.transfer_package w join stock.package p on p.company_id = w.company_id and p.code = w.package
            where w.company_id = {db.Company} and w.transfer_id = {id} order by w.sent_at, w.package limit 1000
            """);
        await db.Flush(ct);
        if (transfers.Value is not [var transfer]) return false;
        (Transfer, Lines, Papers, AskedBy, Moves) = (transfer, lines.Value, papers.Value, asked.Value.FirstOrDefault(), moves.Value[0]);
        (Lots, Packages) = (lots.Value, packages.Value);
        return db.Work.Actor.MayAt(transfer.FromNode) || db.Work.Actor.MayAt(transfer.ToNode);
    }
}
