using Keel.Partners.Contract;

namespace Keel.Partners;

/// A customer or supplier as it is kept. Name, mail, phone and tax number are blanked when the person is erased.
[Rows("partners.partner", "id"), Flat]
internal sealed record PartnerRow(
    Id<Partner> Id, Id<Company> CompanyId, string Number, string Identity, bool IsCustomer, bool IsSupplier,
    [property: Personal] string Name, [property: Personal] string? Email, [property: Personal] string? Phone,
    string Country, Currency Currency, string? Language, [property: Personal] string? VatId, DateOnly? VatIdCheckedOn, int PaymentTermsDays, Money? CreditLimit,
    int? LeadTimeDays, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, DateTimeOffset? ErasedAt, int Version,
    Id<Partner>? MergedInto = null, Id<Partner>? ParentId = null, string? Class = null)
{
    public const int MainAddress = 0;
    public const int UsualLeadTimeDays = 14;

    public Customer AsCustomer() => new(Id, Number, Name, Country, VatId, VatIdCheckedOn, PaymentTermsDays, CreditLimit, Class);

    public Supplier AsSupplier() => new(Id, Number, Name, Country, Currency, PaymentTermsDays, LeadTimeDays ?? UsualLeadTimeDays, VatId);

    /// This partner with some of another one's fields.
    public PartnerRow With(IReadOnlyList<string> fields, PartnerRow other)
    {
        T Of<T>(string field, T mine, T its) => fields.Contains(field) ? its : mine;
        return this with
        {
            Name = Of("name", Name, other.Name), Email = Of("email", Email, other.Email), Phone = Of("phone", Phone, other.Phone), Country = Of("country", Country, other.Country),
            Currency = Of("currency", Currency, other.Currency), Language = Of("language", Language, other.Language), VatId = Of("vatId", VatId, other.VatId),
            VatIdCheckedOn = Of("vatIdCheckedOn", VatIdCheckedOn, other.VatIdCheckedOn), PaymentTermsDays = Of("paymentTermsDays", PaymentTermsDays, other.PaymentTermsDays),
            CreditLimit = Of("creditLimit", CreditLimit, other.CreditLimit), LeadTimeDays = Of("leadTimeDays", LeadTimeDays, other.LeadTimeDays),
            IsCustomer = other.IsCustomer, IsSupplier = other.IsSupplier, ChangedAt = other.ChangedAt, Version = other.Version,
        };
    }

    public AddressRow? Address(PostalAddress? address) => address is null
        ? null
        : new AddressRow(CompanyId, Id, MainAddress, address.Line1, address.Line2, address.PostalCode, address.City, address.Region,
            address.Country);
}

/// One address of a partner; position 0 is the main one.
[Rows("partners.address", "partner_id", "position"), Personal]
internal sealed record AddressRow(
    Id<Company> CompanyId, Id<Partner> PartnerId, int Position, string Line1, string? Line2, string PostalCode, string City,
    string? Region, string Country)
{
    /// What stands for an address that is not there.
    public static AddressRow Nowhere(PartnerRow of) => new(of.CompanyId, of.Id, PartnerRow.MainAddress, "", null, "", "", null, of.Country);

    /// An address with some of another one's fields.
    public static AddressRow? With(AddressRow? mine, IReadOnlyList<string> fields, AddressRow? its)
    {
        if (mine is null || its is null) return fields.Any(PartnerMasters.AddressFields.Contains) ? its : mine;
        T Of<T>(string field, T old, T young) => fields.Contains(field) ? young : old;
        return mine with
        {
            Line1 = Of("line1", mine.Line1, its.Line1), Line2 = Of("line2", mine.Line2, its.Line2), PostalCode = Of("postalCode", mine.PostalCode, its.PostalCode),
            City = Of("city", mine.City, its.City), Region = Of("region", mine.Region, its.Region), Country = Of("addressCountry", mine.Country, its.Country),
        };
    }
}
