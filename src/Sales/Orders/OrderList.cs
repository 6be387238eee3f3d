using Keel.Kernel.Views;

namespace Keel.Sales;

/// Orders of all channels, the newest first, each with what happens next or what it waits for. Served by the index orders_list.
[View("sales.orders", SalesPermissions.Read, Sort = "-placed-at")]
internal sealed class OrderList(KeelDb db) : IView<OrderList.Row>
{
    public sealed record Row
    {
        public required Id<Order> Id { get; init; }
        [Search, Title("Order")] public required string Number { get; init; }
        [Search, Personal] public string? Customer { get; init; }
        [Personal] public string? Town { get; init; }
        [Title("Customer number")] public string? CustomerNumber { get; init; }
        [Title("Channel code")] public required ChannelCode Channel { get; init; }
        [Title("Channel")] public required string ChannelName { get; init; }
        [Search, Title("Channel's number")] public required string ChannelNumber { get; init; }
        [Search, Personal, Title("Customer's own number")] public string? PurchaseOrder { get; init; }
        [Title("State")] public required OrderStatus Status { get; init; }
        /// Why it is stopped.
        [Spoken] public string? Hold { get; init; }
        [Title("Stopped")] public DateTimeOffset? HeldAt { get; init; }
        [Title("Stopped by step")] public Guid? HeldIn { get; init; }
        [Title("Channel says")] public string? ChannelStatus { get; init; }
        [Title("Placed")] public required DateTimeOffset PlacedAt { get; init; }
        [Title("Shipped")] public DateTimeOffset? ShippedAt { get; init; }
        [Title("Cancelled")] public DateTimeOffset? CancelledAt { get; init; }
        [Title("Promised ship")] public required DateOnly ShipBy { get; init; }
        [Title("Planned ship")] public DateOnly? PlanShip { get; init; }
        [Title("Arrives")] public DateOnly? DeliverBy { get; init; }

        /// It is planned later than promised, or promised for today or tomorrow and not promised any goods.
        [Title("At risk")] public required bool AtRisk { get; init; }
        public required Quantity Units { get; init; }
        public required Money Total { get; init; }
        public required Money Paid { get; init; }
        public required Currency Currency { get; init; }
        public required string Country { get; init; }
        public required string Next { get; init; }

        [NotAColumn]
        public bool IsOpen => Status is not (OrderStatus.Shipped or OrderStatus.Cancelled);
    }

    public FormattableString Rows() => Rows(db);

    internal static FormattableString Rows(KeelDb db) =>
        $"""
        select o.id, o.number, o.customer_name as customer, o.ship_to->>'city' as town, p.number as customer_number, o.channel, o.channel_number, o.purchase_order, o.status,
          case when o.status = 'OnHold' then o.hold end as hold, case when o.status = 'OnHold' then o.held_at end as held_at, case when o.status = 'OnHold' then o.held_in end as held_in, o.channel_status, o.placed_at, o.shipped_at, o.cancelled_at, o.ship_by, o.plan_ship, o.deliver_by, o.units,
          o.status in ('OnHold', 'Confirmed', 'Backordered', 'Reserved', 'Released', 'PartlyShipped')
            and (coalesce(o.plan_ship > o.ship_by, false) or o.status in ('OnHold', 'Confirmed', 'Backordered') and o.ship_by <= {db.Today} + 1) as at_risk,
          o.gross as total, o.paid, o.currency, o.country,
          c.name as channel_name,
          {Next} as next
        from sales.orders o join kernel.channel c on c.company_id = o.company_id and c.code = o.channel
        left join partners.pub_partner p on p.id = o.customer_id where o.company_id = {db.Company}
        """;

    /// What happens now or what it waits for, in a sentence; worked out for the rows that are shown only.
    internal static readonly SqlText.Verbatim Next = new(
        """
        case o.status
          when 'OnHold' then case o.hold
            when 'unknown-sku' then 'Map or create the product, then confirm'
            when 'no-price' then 'Add the price, then confirm'
            when 'product-not-sold' then 'Not for sale: confirm or cancel'
            when 'total-mismatch' then 'Compare the stated total, then confirm'
            when 'high-value' then 'Look at it, then confirm'
            when 'below-list' then 'Compare the price, then confirm'
            when 'low-margin' then 'Weigh the margin, then confirm'
            when 'many-units' then 'Ask whether so many are meant, then confirm'
            when 'address' then 'Ask for the address, then confirm'
            when 'unknown-status' then 'Say what its word means, then confirm'
            when 'pending' then 'Waits until its channel says that it is final'
            when 'shipped-elsewhere' then 'Left from elsewhere? Cancel it, or confirm'
            when 'fraud' then 'Looks risky: verify, then clear or refuse'
            when 'repeated' then 'Ask whether it is meant twice, then confirm'
            when 'below-minimum' then 'Ask for more, or take it as it is'
            when 'purchase-order' then 'Ask for the purchase order, then confirm'
            when 'blocked-customer' then 'The customer is blocked: ask why, then confirm'
            when 'restricted' then 'See that the goods may go there, then confirm'
            when 'credit' then 'The customer owes too much: check again or release'
            when 'payment' then 'The payment failed: ask again or cancel'
            else 'Stopped by hand: confirm or cancel' end
          when 'Confirmed' then 'Reserve: nothing is promised yet'
          when 'Backordered' then coalesce('Waits for ' || (
            select string_agg(w.missing || ' × ' || w.sku, ', ' order by w.line) from (
              select l.line, l.sku, trim_scale((l.quantity - l.shipped - l.cancelled - coalesce((
                select sum(r.open) from stock.pub_reservation r where r.document_id = l.order_id and r.line = l.line), 0)) / 1000.0) as missing
              from sales.order_line l where l.order_id = o.id and l.kind = 'Goods') w where w.missing > 0), 'Reserve again: goods have come')
          when 'Reserved' then 'Release to picking'
          when 'Released' then 'Pick, pack and ship'
          when 'PartlyShipped' then coalesce('Rest waits for ' || (
            select string_agg(w.missing || ' × ' || w.sku, ', ' order by w.line) from (
              select l.line, l.sku, trim_scale((l.quantity - l.shipped - l.cancelled - coalesce((
                select sum(r.open) from stock.pub_reservation r where r.document_id = l.order_id and r.line = l.line), 0)) / 1000.0) as missing
              from sales.order_line l where l.order_id = o.id and l.kind = 'Goods') w where w.missing > 0), (
            select 'Ship the other ' || trim_scale(sum(l.quantity - l.shipped - l.cancelled) / 1000.0) from sales.order_line l where l.order_id = o.id and l.kind = 'Goods'
            having sum(l.quantity - l.shipped - l.cancelled) > 0), 'Close it')
          when 'Cancelled' then case when o.paid > o.invoiced then 'Refund what was paid' else 'Nothing: cancelled' end
          else case
            when o.paid > o.invoiced then 'Refund what was paid too much'
            when o.paid < o.invoiced then case when c.kind = 'Marketplace'
              then 'Awaits the payout' else 'Awaits payment' end
            else 'Nothing: done' end
          end
        """);
}
