namespace Keel.Pricing.Taxes;

/// A new company starts with the rates of value added tax that Keel delivers; from then on they are its own.
internal sealed class DeliverTaxRates(KeelDb db) : IHandle<CompanyFounded>
{
    public Task Handle(CompanyFounded happened, CancellationToken ct)
    {
        db.Queue(
            $"""
            insert into pricing.tax_rate (company_id, jurisdiction, category, rate, valid_from)
            select {happened.Company.Id}, jurisdiction, category, rate, valid_from from pricing.delivered_rate
            """);
        return Task.CompletedTask;
    }
}
