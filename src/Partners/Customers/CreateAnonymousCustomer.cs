using Keel.Partners.Contract;

namespace Keel.Partners.Customers;

/// Every company has one customer who never says who it is.
internal sealed class CreateAnonymousCustomer(KeelDb db, DocumentNumbers numbers) : IHandle<CompanyFounded>
{
    public const string Name = "Anonymous customer";

    public async Task Handle(CompanyFounded happened, CancellationToken ct)
    {
        var company = happened.Company;
        var year = TimeZoneInfo.ConvertTime(db.Now, Zones.Of(company.Zone)).Year;
        db.Partners.Insert(new PartnerRow(
            Id<Partner>.At(db.Now), company.Id, await numbers.Take(company.Id, PartnerBook.Series, year, ct), Identity.Anonymous, true,
            false, Name, null, null,
            company.Country, company.Currency, null, null, null, 0, null, null, db.Now, db.Now, null, 1));
    }
}
