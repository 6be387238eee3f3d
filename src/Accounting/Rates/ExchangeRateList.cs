using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Accounting;

/// What other currencies are worth in company currency: every rate that was noted, past and coming ones too, the latest day first.
[View("accounting.exchange-rates", AccountingPermissions.Read, Sort = "-day")]
internal sealed class ExchangeRateList(KeelDb db) : IView<ExchangeRateList.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search] public required Currency Currency { get; init; }
        [Title("From")] public required DateOnly Day { get; init; }
        [Title("One unit is worth")] public required decimal Rate { get; init; }
        [Title("In")] public required Currency Company { get; init; }
        [Title("Noted by")] public required string ChangedBy { get; init; }
        [Title("Noted")] public required DateTimeOffset ChangedAt { get; init; }
        public required string Next { get; init; }
    }

    /// A later day ends a rate, and a later note of the same day takes its place.
    public FormattableString Rows() =>
        $"""
        select r.currency || ' ' || r.day || ' ' || extract(epoch from r.changed_at) as id, r.currency, r.day, r.rate, c.currency as company, r.changed_by, r.changed_at,
          case when exists (select from accounting.exchange_rate n where n.company_id = r.company_id and n.currency = r.currency and n.day = r.day and n.changed_at > r.changed_at) then 'Replaced the same day'
            when r.day > {db.Today} then 'Has not begun'
            when exists (select from accounting.exchange_rate n where n.company_id = r.company_id and n.currency = r.currency and n.day > r.day and n.day <= {db.Today}) then 'Has ended'
            else 'Holds' end as next
        from accounting.exchange_rate r join kernel.company c on c.id = r.company_id where r.company_id = {db.Company}
        """;
}
