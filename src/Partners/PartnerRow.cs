using Keel.Partners.Contract;

namespace Keel.Partners;

/// A customer or supplier as it is kept. Name, mail, phone and tax number are blanked when the person is erased.
[Rows("partners.partner", "id")]
internal sealed record PartnerRow(
    Id<Partner> Id, Id<Company> CompanyId, string Number, string Identity, bool IsCustomer, bool IsSupplier,
    [property: Personal] string Name, [property: Personal] string? Email, [property: Personal] string? Phone,
    string Country, Currency Currency, string? Language, [property: Personal] string? VatId, DateOnly? VatIdCheckedOn, int PaymentTermsDays, Money? CreditLimit,
    int? LeadTimeDays, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, DateTimeOffset? ErasedAt, int Version)
{
    public const int MainAddress = 0;
    public const int UsualLeadTimeDays = 14;

    public Customer AsCustomer() => new(Id, Number, Name, Country, VatId, VatIdCheckedOn, PaymentTermsDays, CreditLimit);

    public Supplier AsSupplier() => new(Id, Number, Name, Country, Currency, PaymentTermsDays, LeadTimeDays ?? UsualLeadTimeDays, VatId);

    public AddressRow? Address(PostalAddress? address) => address is null
        ? null
        : new AddressRow(CompanyId, Id, MainAddress, address.Line1, address.Line2, address.PostalCode, address.City, address.Region,
            address.Country);
}

/// One address of a partner; position 0 is the main one.
[Rows("partners.address", "partner_id", "position"), Personal]
internal sealed record AddressRow(
    Id<Company> CompanyId, Id<Partner> PartnerId, int Position, string Line1, string? Line2, string PostalCode, string City,
    string? Region, string Country);
