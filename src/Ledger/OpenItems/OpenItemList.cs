using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Ledger;

/// What partners owe us and we owe partners, document by document, what is due first at the top.
[View("ledger.open-items", LedgerPermissions.Read, Sort = "due-day")]
internal sealed class OpenItemList(KeelDb db) : IView<OpenItemList.Row>
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
        public ChannelCode? Channel { get; init; }
        public required DateOnly Day { get; init; }
        [Title("Due")] public required DateOnly DueDay { get; init; }
        public required Money Amount { get; init; }
        [Title("Open")] public required Money OpenAmount { get; init; }
        public required Currency Currency { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select i.document_id || '/' || i.account || '/' || i.currency as id, i.document_number, i.document_id, i.document_kind, i.account, i.side, i.partner,
          i.channel, i.day, i.due_day, i.amount, i.open_amount, i.currency
        from ledger.open_item i where i.company_id = {db.Company} and i.open_amount > 0
        """;
}
