using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Accounting;

/// Clearing accounts, tied out: each is zero, or what it holds is listed document by document.
[View("accounting.clearing-accounts", AccountingPermissions.Read, Sort = "account")]
internal sealed class ClearingAccounts(KeelDb db) : IView<ClearingAccounts.Row>
{
    public sealed record Row
    {
        [Key] public required AccountCode Account { get; init; }
        public required string Name { get; init; }
        public required Money Balance { get; init; }
        [Title("Open documents")] public required long Documents { get; init; }
        [Title("Listed")] public required Money Listed { get; init; }
        public required Currency Currency { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select a.account, a.name, a.balance, coalesce(d.documents, 0) as documents, coalesce(d.listed, 0)::bigint as listed, c.currency
        from ledger.pub_account_balance a join kernel.company c on c.id = a.company_id
        left join (select account, count(*) as documents, sum(sum) as listed from ledger.pub_document_balance where company_id = {db.Company} group by account) d on d.account = a.account
        where a.company_id = {db.Company} and a.clearing
        """;
}

/// What a clearing account holds, document by document, the oldest first.
[View("accounting.clearing-documents", AccountingPermissions.Read, Sort = "since")]
internal sealed class ClearingDocuments(KeelDb db) : IView<ClearingDocuments.Row, ClearingDocuments.Args>
{
    public sealed record Args(AccountCode Account);

    public sealed record Row
    {
        [Key] public required Guid Document { get; init; }
        [Search, Title("Document")] public required string Number { get; init; }
        public required string Kind { get; init; }
        public required DateOnly Since { get; init; }
        public required Money Sum { get; init; }
        public required Currency Currency { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select d.document_id as document, d.document_number as number, d.document_kind as kind, d.since, d.sum, c.currency
        from ledger.pub_document_balance d join kernel.company c on c.id = d.company_id
        where d.company_id = {db.Company} and d.account = {args.Account}
        """;
}
