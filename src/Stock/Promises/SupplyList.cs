using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Stock.Contract;
using Keel.Ui;

namespace Keel.Stock;

/// Where a supply stands.
internal enum SupplyState
{
    [Shown(StateRole.Working, "Coming")]
    ToCome,

    [Shown(StateRole.Late, "Late")]
    Late,

    [Shown(StateRole.Done, "Came")]
    Came,

    [Shown(StateRole.Idle, "Withdrawn")]
    Withdrawn,
}

/// What was announced to come, the next first: what is open of it, when, and how sure. Served by the indexes supply_due and supply_list.
[View("stock.supplies", StockPermissions.Read, Sort = "expected-on")]
internal sealed class SupplyList(KeelDb db) : IView<SupplyList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search, Title("Supply")] public required string Number { get; init; }
        public required SupplyKind Kind { get; init; }
        public required SupplyState State { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search, Title("Product")] public required string Name { get; init; }
        public required NodeCode Node { get; init; }
        [Search, Title("Whose goods", Empty = "our own")] public string? Owner { get; init; }
        [Title("Still to come")] public required Quantity Open { get; init; }
        [Title("Came")] public required Quantity Received { get; init; }
        [Title("Expected")] public required DateOnly ExpectedOn { get; init; }
        [Title("Not promised before")] public DateOnly? EarliestOn { get; init; }
        [Title("Counted on, %")] public int? Confidence { get; init; }
        [Search] public string? Reference { get; init; }
        [Title("Announced")] public required DateTimeOffset AnnouncedAt { get; init; }
        [Title("Waits for it")] public required Quantity Waits { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows()
    {
        return
            $"""
            select s.id, s.number, s.kind, case when s.open = 0 then case when s.received > 0 then 'Came' else 'Withdrawn' end when s.expected_on < {db.Today} then 'Late' else 'ToCome' end as state,
              s.sku, coalesce(p.name, s.sku) as name, s.node, nullif(s.owner, {PositionKey.Own}) as owner, s.open, s.received, s.expected_on, s.earliest_on, s.confidence, s.reference, s.announced_at, coalesce(w.quantity, 0) as waits,
              case when s.open = 0 then 'Nothing: over' when s.expected_on < {db.Today} then 'Ask for the new day: it is promised to nobody' when w.quantity > 0 then 'Receive it: somebody waits' else 'Receive it when it comes' end as next
            from stock.supply s left join catalog.pub_product p on p.sku = s.sku
            left join lateral (select sum(w.quantity)::bigint as quantity from stock.waiting w where w.company_id = s.company_id and w.sku = s.sku and s.open > 0) w on true
            where s.company_id = {db.Company}{db.Work.Actor.Reach.And("s.node")}
            """;
    }
}

/// What is on hand, promised, waited for and to come of each SKU at each node, and what that makes of it in the end. Served by position_list, supply_open and waiting_sku.
[View("stock.forecast", StockPermissions.Read, Sort = "sku")]
internal sealed class Forecast(KeelDb db) : IView<Forecast.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search, Title("Product")] public required string Name { get; init; }
        public required NodeCode Node { get; init; }
        public required Quantity OnHand { get; init; }
        public required Quantity Reserved { get; init; }
        public required Quantity Available { get; init; }
        [Title("Waited for")] public required Quantity Waits { get; init; }
        [Title("Incoming")] public required Quantity Incoming { get; init; }
        [Title("Outgoing")] public required Quantity Outgoing { get; init; }
        [Title("In the end")] public required Quantity Forecasted { get; init; }
        [Title("Next comes", Empty = "nothing")] public DateOnly? NextOn { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows()
    {
        var (company, reach) = (db.Company, db.Work.Actor.Reach);
        return
            $"""
            with coming as (select sku, node, sum(quantity)::bigint as quantity, min(day) filter (where day >= {db.Today}) as next_on from stock.coming where company_id = {company} and owner = {PositionKey.Own} group by 1, 2),
            waits as (select sku, node, sum(quantity)::bigint as quantity from stock.waiting where company_id = {company} group by 1, 2),
            spots as (select sku, node from stock.position where company_id = {company} and owner = {PositionKey.Own} union select sku, node from coming union select sku, node from waits)
            select k.sku || '@' || k.node as id, k.sku, coalesce(p.name, k.sku) as name, k.node, coalesce(s.on_hand, 0) as on_hand, coalesce(s.reserved, 0) as reserved, coalesce(s.sellable - s.reserved, 0) as available,
              coalesce(w.quantity, 0) as waits, coalesce(c.quantity, 0) as incoming, coalesce(s.reserved, 0) + coalesce(w.quantity, 0) as outgoing,
              coalesce(s.sellable, 0) + coalesce(c.quantity, 0) - coalesce(s.reserved, 0) - coalesce(w.quantity, 0) as forecasted, c.next_on,
              case when coalesce(w.quantity, 0) = 0 then case when c.quantity > 0 then 'More is to come' when coalesce(s.sellable - s.reserved, 0) = 0 then 'Nothing is available, and nothing is to come' else 'Available to sell' end
                when coalesce(s.sellable - s.reserved, 0) + coalesce(c.quantity, 0) < w.quantity then 'More is wanted than is to come: buy' else 'What is to come serves who waits' end as next
            from spots k left join stock.position s on s.company_id = {company} and s.sku = k.sku and s.node = k.node and s.owner = {PositionKey.Own}
            left join coming c on c.sku = k.sku and c.node = k.node left join waits w on w.sku = k.sku and w.node = k.node left join catalog.pub_product p on p.sku = k.sku
            where true{reach.And("k.node")}
            """;
    }
}
