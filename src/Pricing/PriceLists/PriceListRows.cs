using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Pricing.Contract;

namespace Keel.Pricing.PriceLists;

/// All price lists of the company: a few dozen at most.
[View("pricing.price-lists", PricingPermissions.Read, Sort = "code")]
internal sealed class PriceListRows(KeelDb db) : IView<PriceListRows.Row>
{
    public sealed record Row
    {
        [Key, Search] public required string Code { get; init; }
        [Search] public required string Name { get; init; }
        public ChannelCode? Channel { get; init; }
        public string? Customer { get; init; }
        [Title("Customer class")] public string? CustomerClass { get; init; }
        public required Currency Currency { get; init; }
        [Title("Tax is in it")] public required bool IncludesTax { get; init; }
        public required int Priority { get; init; }
        [Title("From")] public required DateOnly ValidFrom { get; init; }
        [Title("To")] public DateOnly? ValidTo { get; init; }
        public required int Version { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows()
    {
        var today = db.Today;
        return
            $"""
            select l.code, l.name, l.channel, l.customer, l.customer_class, l.currency, l.includes_tax, l.priority, l.valid_from, l.valid_to, l.version,
              case
                when l.valid_to < {today} then 'Has ended'
                when l.valid_from > {today} then 'Has not begun'
                when not exists (select 1 from pricing.price p where p.company_id = l.company_id and p.list = l.code) then 'Set its prices'
                else 'Holds'
              end as next
            from pricing.price_list l where l.company_id = {db.Company}
            """;
    }
}
