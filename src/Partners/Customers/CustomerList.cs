using Keel.Kernel.Views;
using Keel.Partners.Contract;

namespace Keel.Partners.Customers;

/// All customers of the company. The unique index over company and number serves the order.
[View("partners.customers", PartnersPermissions.Read, Sort = "-number")]
internal sealed class CustomerList(KeelDb db) : IView<CustomerList.Row>
{
    public sealed record Row
    {
        public required Id<Partner> Id { get; init; }
        [Search] public required string Number { get; init; }
        [Search, Personal] public string? Name { get; init; }

        /// The name of a customer that is a company: one with a VAT id, or that supplies us as well. No personal data, unlike a person's.
        [Search] public string? Company { get; init; }
        [Search, Personal, Title("E-mail")] public string? Email { get; init; }
        public required string Country { get; init; }
        [Personal, Title("VAT id")] public string? VatId { get; init; }
        public required int PaymentTermsDays { get; init; }
        public required Currency Currency { get; init; }
        [Guarded(Viewer.SeeCredit)] public Money? CreditLimit { get; init; }
        public required DateTimeOffset Since { get; init; }
        public required bool IsErased { get; init; }
        public string? Class { get; init; }
        [Title("Belongs to")] public string? Parent { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select p.id, p.number, p.name, case when {PartnerFile.IsCompany} then p.name end as company, p.email, p.country, p.vat_id, p.payment_terms_days, p.currency, p.credit_limit,
          p.created_at as since,
          p.erased_at is not null as is_erased, p.class, (select g.number from partners.partner g where g.id = p.parent_id) as parent,
          case
            when p.erased_at is not null then 'Erased'
            when p.merged_into is not null then 'Merged'
            when exists (select 1 from partners.block b where b.partner_id = p.id and b.lifted_at is null) then 'Blocked'
            when p.vat_id is not null and p.vat_id_checked_on is null then 'Check the VAT id'
            else 'May order'
          end as next
        from partners.partner p where p.company_id = {db.Company} and p.is_customer
        """;
}
