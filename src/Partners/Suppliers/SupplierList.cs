using Keel.Kernel.Views;
using Keel.Partners.Contract;

namespace Keel.Partners.Suppliers;

/// All suppliers of the company. The partial index over company and number serves the order.
[View("partners.suppliers", PartnersPermissions.Read, Sort = "number")]
internal sealed class SupplierList(KeelDb db) : IView<SupplierList.Row>
{
    public sealed record Row
    {
        public required Id<Partner> Id { get; init; }
        [Search] public required string Number { get; init; }
        /// A supplier is a company: its name is no personal data. Who its people are, and how they are reached, is.
        [Search] public required string Name { get; init; }
        [Personal, Title("E-mail")] public string? Email { get; init; }
        public required string Country { get; init; }
        public required Currency Currency { get; init; }
        public int? LeadTimeDays { get; init; }
        public required int PaymentTermsDays { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select p.id, p.number, p.name, p.email, p.country, p.currency, p.lead_time_days, p.payment_terms_days,
          case
            when p.erased_at is not null then 'Erased'
            when p.lead_time_days is null then 'Say how long a delivery takes'
            else 'May be ordered from'
          end as next
        from partners.partner p where p.company_id = {db.Company} and p.is_supplier
        """;
}
