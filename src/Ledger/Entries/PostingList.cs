using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Ledger;

/// The postings behind a figure: of an account in a span of days, of an entry, of a document, of an order.
[View("ledger.postings", LedgerPermissions.Read, Sort = "-day")]
internal sealed class PostingList(KeelDb db) : IView<PostingList.Row, PostingList.Args>
{
    public sealed record Args(
        AccountCode? Account = null, DateOnly? From = null, DateOnly? Through = null, DateTimeOffset? KnownAt = null,
        Id<Entry>? Entry = null, Guid? Document = null, Guid? Order = null);

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        public required Id<Entry> Entry { get; init; }
        public required short Leg { get; init; }
        public required DateOnly Day { get; init; }
        public required AccountCode Account { get; init; }
        [Title("Account name")] public required string Name { get; init; }
        public AccountKind? Kind { get; init; }
        [Search, Title("Document")] public required string DocumentNumber { get; init; }
        public required string Sentence { get; init; }
        public Money? Debit { get; init; }
        public Money? Credit { get; init; }
        public required Currency Currency { get; init; }
        public required Money Amount { get; init; }
        public required Currency AmountCurrency { get; init; }
        public required decimal Rate { get; init; }
        public ChannelCode? Channel { get; init; }
        public NodeCode? Node { get; init; }
        public Sku? Sku { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select p.entry_id || '/' || lpad(p.leg::text, 5, '0') as id, p.entry_id as entry, p.leg, {(args.Account is null ? EntryDay : AccountDay)} as day, p.account, coalesce(a.name, p.account) as name, a.kind,
          e.document_number, e.sentence, p.company_amount_currency as currency,
          case when p.company_amount > 0 then p.company_amount end as debit, case when p.company_amount <= 0 then -p.company_amount end as credit,
          p.amount, p.currency as amount_currency, p.rate, p.channel, p.node, p.sku
        from ledger.posting p join ledger.entry e on e.id = p.entry_id
        left join ledger.account a on a.company_id = p.company_id and a.code = p.account
        where p.company_id = {db.Company} and e.company_id = {db.Company} {Narrow(args)}
        """;

    /// A posting has the day of its entry. One account is read by day out of its own index, all accounts by day out of the entries'.
    private static readonly SqlText.Verbatim EntryDay = new("e.day");
    private static readonly SqlText.Verbatim AccountDay = new("p.day");

    /// Only what was asked for stands in the statement, so that each question has its own plan.
    private static SqlText Narrow(Args args)
    {
        var text = new SqlText();
        if (args.Account is { } account) text.Append($" and p.account = {account}");
        if (args.From is { } from) text.Append($" and p.day >= {from}");
        if (args.Through is { } through) text.Append($" and p.day <= {through}");
        if (args.KnownAt is { } known) text.Append($" and e.recorded_at <= {known}");
        if (args.Entry is { } entry) text.Append($" and p.entry_id = {entry}");
        if (args.Document is { } document) text.Append($" and e.document_id = {document}");
        if (args.Order is { } order) text.Append($" and p.order_id = {order}");
        return text;
    }
}
