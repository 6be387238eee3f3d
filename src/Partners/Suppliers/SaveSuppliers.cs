using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;
using Keel.Partners.Customers;

namespace Keel.Partners.Suppliers;

/// Creates suppliers, or says anew what is known of them. Each is answered for itself, by its number.
[Operation("partners.save-suppliers", PartnersPermissions.EditSuppliers)]
internal sealed class SaveSuppliers(PartnerBook book) : IOperation<SaveSuppliers.Request, Saved[]>
{
    public sealed record Request([MinLength(1), MaxLength(2000)] IReadOnlyList<Item> Suppliers);

    /// A supplier that has a number is changed; one without is found again by mail, or by name and place, or is created.
    public sealed record Item(
        Contact Contact, [MaxLength(40)] string? Number = null, Currency? Currency = null, [Range(0, 730)] int? LeadTimeDays = null,
        [RegularExpression("^[A-Z]{2}[A-Z0-9]{2,13}$", ErrorMessage = "is a VAT id such as NL123456789B01.")] string? VatId = null,
        [Range(0, 365)] int PaymentTermsDays = 30);

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct) => Saved.Answer(await book.Save(
        [
            .. request.Suppliers.Select(s => new PartnerBook.Wish(
                s.Contact, s.Number, Identity.Of(s.Contact), false, null, s.VatId, null, s.PaymentTermsDays, s.Currency, null,
                s.LeadTimeDays)),
        ], ct));
}
