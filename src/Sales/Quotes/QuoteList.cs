using Keel.Kernel.Views;

namespace Keel.Sales;

/// Quotes, the latest first. Served by the index quote_list.
[View("sales.quotes", SalesPermissions.Read)]
internal sealed class QuoteList(KeelDb db) : IView<QuoteList.Row>
{
    public sealed record Row
    {
        public required Id<Quote> Id { get; init; }
        [Search, Title("Quote")] public required string Number { get; init; }
        [Title("State")] public required QuoteStatus Status { get; init; }
        public required int Version { get; init; }
        [Search, Personal] public string? Customer { get; init; }
        [Title("Customer number")] public required string CustomerNumber { get; init; }
        public required ChannelCode Channel { get; init; }
        [Title("Good until")] public required DateOnly ValidUntil { get; init; }

        /// Sent, and good for a week at most.
        public required bool Expiring { get; init; }
        public required Money Net { get; init; }
        [Title("Total")] public required Money Gross { get; init; }
        public required Currency Currency { get; init; }
        [Search] public required string Owner { get; init; }

        /// Written by who looks.
        public required bool Mine { get; init; }
        [Title("Order")] public string? OrderNumber { get; init; }
        [Title("Lost for")] public LostReason? LostReason { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select q.id, q.number, q.status, q.version, p.name as customer, p.number as customer_number, q.channel, q.valid_until,
          q.status = 'Sent' and q.valid_until between {db.Today} and {db.Today} + 7 as expiring, q.net, q.gross, q.currency, q.owner,
          coalesce(q.owner_id = {db.Work.Actor.Id}, false) as mine, q.order_number, q.lost_reason
        from sales.quote q join partners.pub_partner p on p.id = q.customer_id where q.company_id = {db.Company}
        """;
}
