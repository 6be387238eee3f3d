using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Ledger;

/// What partners owe us and we owe partners, document by document, what is due first at the top.
[View("ledger.open-items", LedgerPermissions.Read, Sort = "due-day")]
internal sealed class OpenItemList(KeelDb db, Viewer viewer) : IView<OpenItemList.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("Document")] public required string DocumentNumber { get; init; }
        public required Guid DocumentId { get; init; }
        public required string DocumentKind { get; init; }
        public required AccountCode Account { get; init; }
        public required Side Side { get; init; }
        public required Guid Partner { get; init; }
        [Title("Number of the partner")] public string? PartnerNumber { get; init; }
        [Search, Personal, Title("Partner")] public string? PartnerName { get; init; }
        public ChannelCode? Channel { get; init; }
        public required DateOnly Day { get; init; }
        [Title("Due")] public required DateOnly DueDay { get; init; }
        public required Money Amount { get; init; }
        [Title("Open")] public required Money OpenAmount { get; init; }

        /// Money that comes in (debit) or is taken off what comes in (credit), on an account of receivables.
        [Title("A receivable")] public required bool IsReceivable { get; init; }

        /// Past its day, and owed to us.
        [Title("Overdue")] public required bool IsOverdue { get; init; }
        [Title("Days overdue")] public int? DaysOverdue { get; init; }
        [Spoken(Sentence = true)] public required string What { get; init; }
        public required Currency Currency { get; init; }
    }

    private SqlText Today => new($"({db.Now} at time zone {viewer.Zone.Id})::date");
    private SqlText Overdue => new($"(a.kind = 'Asset' and i.side = 'Debit' and i.due_day < {Today})");

    public FormattableString Rows() =>
        $"""
        select i.document_id || '/' || i.account || '/' || i.currency as id, i.document_number, i.document_id, i.document_kind, i.account, i.side, i.partner,
          p.number as partner_number, p.name as partner_name, i.channel, i.day, i.due_day, i.amount, i.open_amount, i.currency, a.kind = 'Asset' as is_receivable,
          {Overdue} as is_overdue, case when {Overdue} then {Today} - i.due_day end as days_overdue,
          case
            when a.kind = 'Asset' and i.side = 'Debit' and a.clearing then 'Paid out by the marketplace'
            when a.kind = 'Asset' and i.side = 'Debit' then 'Invoice, to be paid'
            when a.kind = 'Asset' then 'Credit note, to be paid back or taken off'
            when i.side = 'Credit' and a.clearing then 'Deposit, waits for its goods'
            else 'To be paid by us' end as what
        from ledger.open_item i join ledger.account a on a.company_id = i.company_id and a.code = i.account
        left join partners.pub_partner p on p.company_id = i.company_id and p.id = i.partner
        where i.company_id = {db.Company} and i.open_amount > 0
        """;
}
