using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Sales;

/// Why goods are sent once more.
public enum ReshipReason
{
    [Shown(StateRole.Late, "Lost on the way")]
    Lost,

    [Shown(StateRole.Late, "Arrived damaged")]
    Damaged,

    [Shown(StateRole.Late, "Wrong goods sent")]
    Wrong,

    [Shown(StateRole.Late, "Missing in the parcel")]
    Missing,

    [Shown(StateRole.Late, "Did not work")]
    Defect,

    [Shown(StateRole.Idle, "Goodwill")]
    Goodwill,
}

/// A line of an order that takes the place of something that left with an earlier order. Never changed.
[Rows("sales.reshipment", "order_id", "line")]
internal sealed record Reshipment(
    Id<Order> OrderId, int Line, Id<Company> CompanyId, Id<Order> OriginalId, int OriginalLine, Quantity Quantity, ReshipReason Reason, DateTimeOffset At, string By, Guid Operation);

/// Orders that bring again what had left already, and what that costs: the goods at their cost as they left, without what the carrier takes. Nobody pays for them.
[View("sales.reshipments", SalesPermissions.Read, Sort = "-at")]
internal sealed class ReshipmentList(KeelDb db) : IView<ReshipmentList.Row, ReshipmentList.Args>
{
    /// Of one order: those that bring its goods again, and the one whose goods it brings.
    public sealed record Args(Guid? Order = null);

    public sealed record Row
    {
        public required Id<Order> Id { get; init; }
        [Search, Title("Order")] public required string Number { get; init; }
        [Title("State")] public required OrderStatus Status { get; init; }
        [Title("Instead of")] public required Id<Order> OriginalId { get; init; }
        [Search, Title("Instead of order")] public required string Original { get; init; }
        [Search, Personal] public string? Customer { get; init; }
        [Title("Channel")] public required string ChannelName { get; init; }
        public required ReshipReason Reason { get; init; }
        public required Quantity Units { get; init; }
        [Title("Goods")] public required string Goods { get; init; }
        [Title("Asked at")] public required DateTimeOffset At { get; init; }
        [Title("By"), Personal] public required string By { get; init; }
        [Cost, Title("Cost of the goods")] public Money? Cost { get; init; }
        public required Currency Currency { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select o.id, o.number, o.status, p.id as original_id, p.number as original, o.customer_name as customer, c.name as channel_name, r.reason, r.units, r.goods, r.at, r.by, w.currency,
          (select -sum(m.value) from stock.pub_move m where m.company_id = o.company_id and m.document_id in (select i.shipment_id from sales.invoice i where i.order_id = o.id and i.shipment_id is not null))::bigint as cost
        from (
          select x.order_id, x.original_id, min(x.reason) as reason, sum(x.quantity)::bigint as units, string_agg(trim_scale(x.quantity / 1000.0) || ' × ' || l.sku, ', ' order by x.line) as goods, min(x.at) as at, min(x.by) as by
          from sales.reshipment x join sales.order_line l on l.order_id = x.order_id and l.line = x.line
          where x.company_id = {db.Company} {(args.Order is { } one ? new SqlText($" and (x.original_id = {one} or x.order_id = {one})") : new SqlText())} group by x.order_id, x.original_id) r
        join sales.orders o on o.id = r.order_id join sales.orders p on p.id = r.original_id
        join kernel.channel c on c.company_id = o.company_id and c.code = o.channel
        join kernel.company w on w.id = o.company_id
        where o.company_id = {db.Company}
        """;
}
