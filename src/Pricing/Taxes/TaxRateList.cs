using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Pricing.Contract;

namespace Keel.Pricing.Taxes;

/// All tax rates of the company, past and coming ones too.
[View("pricing.tax-rates", PricingPermissions.Read, Sort = "key")]
internal sealed class TaxRateList(KeelDb db) : IView<TaxRateList.Row>
{
    public sealed record Row
    {
        [Key] public required string Key { get; init; }
        [Search] public required string Jurisdiction { get; init; }
        [Search] public required string Category { get; init; }
        public required decimal Rate { get; init; }
        [Title("From")] public required DateOnly ValidFrom { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows()
    {
        var today = db.Today;
        return
            $"""
            select r.jurisdiction || ' ' || r.category || ' ' || r.valid_from as key, r.jurisdiction, r.category, r.rate, r.valid_from,
              case
                when r.valid_from > {today} then 'Has not begun'
                when exists (select 1 from pricing.tax_rate n where n.company_id = r.company_id and n.jurisdiction = r.jurisdiction
                  and n.category = r.category and n.valid_from > r.valid_from and n.valid_from <= {today}) then 'Has ended'
                else 'Holds'
              end as next
            from pricing.tax_rate r where r.company_id = {db.Company}
            """;
    }
}
