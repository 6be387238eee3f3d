using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Partners.Contract;

namespace Keel.Partners.Customers;

/// Creates customers, or says anew what is known of them. Each is answered for itself, by its number.
[Operation("partners.save-customers", PartnersPermissions.EditCustomers, Domain = PartnerMasters.Customers, Said = "saved {customers|the customer}", Icon = "person")]
internal sealed class SaveCustomers(PartnerBook book, MasterDesk masters)
    : IOperation<SaveCustomers.Request, Saved[]>, IAssess<SaveCustomers.Request, Saved[]>, INarrow<SaveCustomers.Request>
{
    public sealed record Request([MinLength(1), MaxLength(2000)] IReadOnlyList<Item> Customers);

    /// A customer that has a number is changed; one without is found again by channel and reference, by mail, or by name and place, or is
    /// created. With `Only` the customer stays as it is but for the fields that are named.
    public sealed record Item(
        Contact Contact, [MaxLength(40)] string? Number = null, ChannelCode? Channel = null,
        [RegularExpression("^[a-z]{2}$", ErrorMessage = "is a language code of two small letters, such as nl.")] string? Language = null,
        [RegularExpression("^[A-Z]{2}[A-Z0-9]{2,13}$", ErrorMessage = "is a VAT id such as NL123456789B01.")] string? VatId = null,
        DateOnly? VatIdCheckedOn = null, [Range(0, 365)] int PaymentTermsDays = 0, [NotNegative] [property: Guarded(Viewer.SeeCredit)] Money? CreditLimit = null,
        [MaxLength(30)] IReadOnlyList<string>? Only = null);

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct) => Saved.Answer(await book.Save(
        [
            .. request.Customers.Select(c => new PartnerBook.Wish(
                c.Contact, c.Number, c.Channel is { } channel ? Identity.Of(channel, c.Contact) : Identity.Of(c.Contact), true,
                c.Language, c.VatId, c.VatIdCheckedOn, c.PaymentTermsDays, c.CreditLimit?.Currency, c.CreditLimit, null, c.Only)),
        ], ct));

    public Task<Effect> Assess(Request request, Saved[] answer, CancellationToken ct) => Task.FromResult(masters.Effect());

    public Request Narrow(Request request) => new([.. book.Narrowed.Select(n => request.Customers[n.At] with { Number = n.Number, Only = n.Only })]);
}
