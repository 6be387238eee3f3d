using Keel.Kernel.Views;

namespace Keel.Sales;

/// Invoices and credit notes, the latest first. Served by the index invoice_list.
[View("sales.invoices", SalesPermissions.Read)]
internal sealed class InvoiceList(KeelDb db) : IView<InvoiceList.Row>
{
    public sealed record Row
    {
        public required Id<Invoice> Id { get; init; }
        [Search, Title("Number")] public required string Name { get; init; }
        [Title("Credit note")] public required bool IsCredit { get; init; }
        public required Guid OrderId { get; init; }
        [Search, Title("Order")] public required string OrderNumber { get; init; }
        [Search, Personal] public string? Customer { get; init; }
        public required ChannelCode Channel { get; init; }
        public required DateOnly Day { get; init; }
        public required DateTimeOffset IssuedAt { get; init; }
        public required Money Net { get; init; }
        public required Money Tax { get; init; }
        [Title("Total")] public required Money Gross { get; init; }
        public required Currency Currency { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select i.id, case when i.number is null then 'being numbered' else i.series || '-' || lpad(i.number::text, 6, '0') end as name, i.is_credit, i.order_id, i.order_number,
          i.customer_name as customer, i.channel, i.day, i.issued_at, i.net, i.tax, i.gross, i.currency,
          case
            when i.number is null then 'Gets its number within a second'
            when i.is_credit then 'Refund, or settle it with the next invoice'
            when i.paid_before >= i.gross then 'Nothing: paid before it left'
            when (select o.paid >= o.invoiced from sales.orders o where o.id = i.order_id) then 'Nothing: paid'
            when (select c.kind from kernel.channel c where c.company_id = i.company_id and c.code = i.channel) = 'Marketplace' then 'Awaits the payout'
            else 'Awaits payment' end as next
        from sales.invoice i where i.company_id = {db.Company}
        """;
}
