using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// What each order brings: what it is sold for without tax and what was credited of it, less its goods, the fees of its channel and its payment, its parcels and its returns. Goods that left count
/// with what they cost then, goods that have not with what they cost now; fees, parcels and returns by the policy `order-costs` and the routes. Orders in another currency than the company's are not reckoned.
[View("sales.order-results", Viewer.SeeCost, Sort = "-placed-at")]
internal sealed class OrderResults(KeelDb db, OrderCostBook costs) : IView<OrderResults.Row, OrderResults.Args>, IPrepare
{
    public sealed record Args(Guid? Order = null);

    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search, Title("Order")] public required string Number { get; init; }
        [Title("Channel")] public required string ChannelName { get; init; }
        [Title("Channel code")] public required ChannelCode Channel { get; init; }
        [Title("State")] public required OrderStatus Status { get; init; }
        [Title("Placed")] public required DateTimeOffset PlacedAt { get; init; }
        [Title("Sold for")] public required Money Revenue { get; init; }
        [Title("Credited")] public required Money Credited { get; init; }
        [Title("Discounts in it")] public required Money Discounts { get; init; }
        [Title("Goods")] public required Money Goods { get; init; }
        [Title("Channel's fee")] public required Money Fee { get; init; }
        [Title("Payment's fee")] public required Money PaymentFee { get; init; }
        [Title("Parcels")] public required Money Parcels { get; init; }
        [Title("Returns")] public required Money Returns { get; init; }
        [Title("Brings")] public required Money Result { get; init; }
        [Title("Margin, %")] public decimal? Percent { get; init; }

        /// Whether all of it has left: what is not known before is a guess.
        [Title("Has left")] public required bool HasLeft { get; init; }
        [Title("Lines without a cost")] public required int Unknown { get; init; }
        public required Currency Currency { get; init; }
    }

    public Task Prepare(CancellationToken ct) => costs.Read(ct);

    public FormattableString Rows(Args args) =>
        $"""
        select r.*, r.revenue - r.credited - r.goods - r.fee - r.payment_fee - r.parcels - r.returns as result,
          case when r.revenue - r.credited > 0 and r.unknown = 0 then round(100.0 * (r.revenue - r.credited - r.goods - r.fee - r.payment_fee - r.parcels - r.returns) / (r.revenue - r.credited), 1) end as percent
        from (
          select o.id, o.number, n.name as channel_name, o.channel, o.status, o.placed_at,
            l.net as revenue, coalesce(c.net, 0)::bigint as credited, l.discounts,
            (l.goods - coalesce((select sum(m.value) from stock.pub_move m where m.company_id = o.company_id and m.document_id in (select i.shipment_id from sales.invoice i where i.order_id = o.id and i.shipment_id is not null)), 0)
              - coalesce((select sum(b.value) from stock.pub_return b where b.order_id = o.id), 0))::bigint as goods,
            case when l.gross > 0 then round(l.gross * k.fee_percent / 100)::bigint + k.fee else 0 end as fee,
            case when l.gross > 0 then round(l.gross * k.payment_percent / 100)::bigint + k.payment else 0 end as payment_fee,
            case when l.gross > 0 then coalesce(s.cost, 0)::bigint + k.parcel * case when s.parcels is null then 1 else s.unknown end else 0 end as parcels,
            case when c.net is not null then k.return when l.gross > 0 then round(k.return * k.return_percent / 100)::bigint else 0 end as returns,
            o.status in ('Shipped', 'Cancelled') as has_left, l.unknown, o.currency
          from sales.orders o
          join kernel.channel n on n.company_id = o.company_id and n.code = o.channel
          join lateral (
            select coalesce(sum(x.net * (x.quantity - x.cancelled) / x.quantity) filter (where x.kit_line is null), 0)::bigint as net, coalesce(sum(x.gross * (x.quantity - x.cancelled) / x.quantity) filter (where x.kit_line is null), 0)::bigint as gross,
              coalesce(sum(x.discount), 0)::bigint as discounts,
              count(*) filter (where x.shipped + x.cancelled < x.quantity and (x.kind = 'Goods' and coalesce(p.quantity, 0) = 0 or starts_with(x.description, {Resolving.Mark})))::int as unknown,
              coalesce(round(sum((x.quantity - x.shipped - x.cancelled) * p.value::numeric / nullif(p.quantity, 0)) filter (where x.kind = 'Goods')), 0)::bigint as goods
            from sales.order_line x left join stock.pub_cost_pool p on p.company_id = x.company_id and p.sku = x.sku where x.order_id = o.id) l on true
          left join lateral (select sum(abs(i.net)) as net from sales.invoice i where i.order_id = o.id and i.is_credit) c on true
          left join lateral (select sum(t.cost) as cost, count(*) as parcels, count(*) filter (where t.cost is null) as unknown from sales.route t where t.order_id = o.id having count(*) > 0) s on true
          join lateral (
            select a.fee_percent, a.fee, a.payment_percent, a.payment, a.parcel, a.return_percent, a.return
            from unnest({costs.Channels}, {costs.Of(c => c.FeePercent)}, {costs.Of(c => c.FeeFixed)}, {costs.Of(c => c.PaymentPercent)}, {costs.Of(c => c.PaymentFixed)}, {costs.Of(c => c.Parcel)}, {costs.Of(c => c.ReturnPercent)}, {costs.Of(c => c.Return)})
              as a (channel, fee_percent, fee, payment_percent, payment, parcel, return_percent, return)
            where a.channel in (o.channel, '') order by a.channel = '' limit 1) k on true
          where o.company_id = {db.Company} and o.currency = (select w.currency from kernel.company w where w.id = {db.Company}) and ({args.Order}::uuid is null or o.id = {args.Order})) r
        """;
}

/// The costs in force, read once for the question that is asked.
internal sealed class OrderCostBook(Policies policies)
{
    private IReadOnlyList<ChannelCost> costs = [new ChannelCost()];

    public async Task Read(CancellationToken ct) => costs = [.. (await policies.Of<OrderCosts>(ct)).Choice.Channels, new ChannelCost()];

    public string[] Channels => [.. costs.Select(c => c.Channel?.Text ?? "")];

    public decimal[] Of(Func<ChannelCost, decimal> share) => [.. costs.Select(share)];

    public long[] Of(Func<ChannelCost, Money?> amount) => [.. costs.Select(c => amount(c)?.Minor ?? 0)];
}
