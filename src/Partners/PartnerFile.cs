using Keel.Kernel.Views;
using Keel.Partners.Contract;

namespace Keel.Partners;

/// Everything that is kept about one customer or supplier.
[View("partners.partner", PartnersPermissions.Read)]
internal sealed class PartnerFile(KeelDb db) : IView<PartnerFile.Row, PartnerFile.Args>
{
    public sealed record Args(Id<Partner> Partner);

    public sealed record Row
    {
        public required Id<Partner> Id { get; init; }
        public required string Number { get; init; }
        public required bool IsCustomer { get; init; }
        public required bool IsSupplier { get; init; }
        public required bool IsAnonymous { get; init; }
        [Personal] public string? Name { get; init; }

        /// The name, where it is that of a company.
        public string? Company { get; init; }
        [Personal] public string? Email { get; init; }
        [Personal] public string? Phone { get; init; }
        [Personal] public string? Line1 { get; init; }
        [Personal] public string? Line2 { get; init; }
        [Personal] public string? PostalCode { get; init; }
        [Personal] public string? City { get; init; }
        [Personal] public string? Region { get; init; }
        public required string Country { get; init; }
        public string? AddressCountry { get; init; }
        public required Currency Currency { get; init; }
        public string? Language { get; init; }
        [Personal] public string? VatId { get; init; }
        public DateOnly? VatIdCheckedOn { get; init; }
        public required int PaymentTermsDays { get; init; }
        [Guarded(Viewer.SeeCredit)] public Money? CreditLimit { get; init; }
        public int? LeadTimeDays { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? ErasedAt { get; init; }
        public string? MergedInto { get; init; }
        public string? Aliases { get; init; }
        public string? Parent { get; init; }
        public string? Class { get; init; }
        public required int Children { get; init; }

        /// Why its new orders wait, and who answers for it.
        public string? Blocked { get; init; }
        public string? BlockedBy { get; init; }
    }

    /// Whether a partner is a company and not a natural person: it supplies us, or has a VAT id.
    internal static readonly SqlText IsCompany = new($"(p.erased_at is null and (p.is_supplier or p.vat_id is not null))");

    public FormattableString Rows(Args args) =>
        $"""
        select p.id, p.number, p.is_customer, p.is_supplier, p.identity = 'anonymous' as is_anonymous, p.name, case when {IsCompany} then p.name end as company, p.email, p.phone,
          a.line1, a.line2, a.postal_code, a.city, a.region, p.country, a.country as address_country, p.currency, p.language,
          p.vat_id, p.vat_id_checked_on, p.payment_terms_days, p.credit_limit, p.lead_time_days, p.created_at, p.erased_at,
          (select m.number from partners.partner m where m.id = p.merged_into) as merged_into,
          (select string_agg(m.number, ', ' order by m.number) from partners.partner m where m.merged_into = p.id) as aliases,
          (select m.number from partners.partner m where m.id = p.parent_id) as parent, p.class,
          (select count(*)::integer from partners.partner m where m.parent_id = p.id) as children,
          b.reason as blocked, b.owner as blocked_by
        from partners.partner p left join partners.block b on b.partner_id = p.id and b.lifted_at is null left join partners.address a on a.partner_id = p.id and a.position = 0
        where p.company_id = {db.Company} and p.id = {args.Partner}
        """;
}
