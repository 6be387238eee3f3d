using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;
using Keel.Partners.Customers;

namespace Keel.Partners.Suppliers;

/// Creates suppliers, or says anew what is known of them. Each is answered for itself, by its number.
[Operation("partners.save-suppliers", PartnersPermissions.EditSuppliers, Domain = PartnerMasters.Suppliers, Said = "saved {suppliers|the supplier}", Icon = "person")]
internal sealed class SaveSuppliers(PartnerBook book, MasterDesk masters)
    : IOperation<SaveSuppliers.Request, Saved[]>, IAssess<SaveSuppliers.Request, Saved[]>, INarrow<SaveSuppliers.Request>
{
    public sealed record Request([MinLength(1), MaxLength(2000)] IReadOnlyList<Item> Suppliers);

    /// A supplier that has a number is changed; one without is found again by mail, or by name and place, or is created.
    /// With `Only` the supplier stays as it is but for the fields that are named.
    public sealed record Item(
        Contact Contact, [MaxLength(40)] string? Number = null, Currency? Currency = null, [Range(0, 730)] int? LeadTimeDays = null,
        [RegularExpression("^[A-Z]{2}[A-Z0-9]{2,13}$", ErrorMessage = "is a VAT id such as NL123456789B01.")] string? VatId = null,
        [Range(0, 365)] int PaymentTermsDays = 30, [MaxLength(30)] IReadOnlyList<string>? Only = null);

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct) => Saved.Answer(await book.Save(
        [
            .. request.Suppliers.Select(s => new PartnerBook.Wish(
                s.Contact, s.Number, Identity.Of(s.Contact), false, null, s.VatId, null, s.PaymentTermsDays, s.Currency, null,
                s.LeadTimeDays, s.Only)),
        ], ct));

    public Task<Effect> Assess(Request request, Saved[] answer, CancellationToken ct) => Task.FromResult(masters.Effect());

    public Request Narrow(Request request) => new([.. book.Narrowed.Select(n => request.Suppliers[n.At] with { Number = n.Number, Only = n.Only })]);
}
