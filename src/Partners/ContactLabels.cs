namespace Keel.Partners;

/// How the fields of a contact are called on the forms of customers and suppliers, and what they begin with.
internal static class ContactLabels
{
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["contact.name"] = "Name", ["contact.email"] = "E-mail", ["contact.phone"] = "Phone",
        ["contact.address.line1"] = "Street and number", ["contact.address.line2"] = "Second line",
        ["contact.address.postalCode"] = "Postal code",
        ["contact.address.city"] = "Town", ["contact.address.region"] = "Region", ["contact.address.country"] = "Country, such as NL",
        ["vatId"] = "VAT id", ["vatIdCheckedOn"] = "VAT id checked on", ["paymentTermsDays"] = "Days to pay",
        ["leadTimeDays"] = "Lead time in days",
    };

    public static Dictionary<string, object?> Values(PartnerFile.Row partner) => new()
    {
        ["number"] = partner.Number, ["contact.name"] = partner.Name, ["contact.email"] = partner.Email, ["contact.phone"] = partner.Phone,
        ["contact.address.line1"] = partner.Line1, ["contact.address.line2"] = partner.Line2,
        ["contact.address.postalCode"] = partner.PostalCode,
        ["contact.address.city"] = partner.City, ["contact.address.region"] = partner.Region,
        ["contact.address.country"] = partner.AddressCountry,
        ["vatId"] = partner.VatId, ["paymentTermsDays"] = partner.PaymentTermsDays,
    };
}
