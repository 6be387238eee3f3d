using Keel.Kernel.Views;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// Gift cards and store credit, the latest first. Served by the index voucher_list.
[View("sales.vouchers", SalesPermissions.Read)]
internal sealed class VoucherList(KeelDb db) : IView<VoucherList.Row>
{
    public sealed record Row
    {
        public required Id<Voucher> Id { get; init; }
        [Search, Title("Number")] public required string Number { get; init; }
        public required VoucherKind Kind { get; init; }
        [Search, Title("Ends in")] public string? LastFour { get; init; }
        [Search, Personal] public string? Customer { get; init; }
        public required Money Balance { get; init; }
        public required Currency Currency { get; init; }
        [Title("Issued")] public required DateOnly IssuedOn { get; init; }
        [Title("Good until")] public DateOnly? ExpiresOn { get; init; }
        public required bool Blocked { get; init; }

        /// Something can be spent.
        [Title("Can be spent")] public required bool Open { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select v.id, v.number, v.kind, v.last_four, p.name as customer, v.balance, v.currency, v.issued_on, v.expires_on, v.blocked_at is not null as blocked,
          v.balance > 0 and v.blocked_at is null and coalesce(v.expires_on >= {db.Today}, true) as open
        from sales.voucher v left join partners.pub_partner p on p.id = v.customer_id where v.company_id = {db.Company}
        """;
}
