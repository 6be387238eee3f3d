using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;

namespace Keel.Partners.Privacy;

/// Forgets a person: destroys the key under which the log holds what was said of them, and blanks name, mail, phone, tax number and
/// addresses. Numbers, countries and amounts stay, for the books must; so do issued invoices, as long as the law asks for them.
[Operation("partners.erase-person", PartnersPermissions.Erase, Said = "erased the person", Icon = "x")]
internal sealed class ErasePerson(KeelDb db, ErasureDesk desk) : IOperation<ErasePerson.Request, Done>
{
    public sealed record Request([Required, MaxLength(40)] string Partner);

    public static readonly Error NoPartner = Error.NotFound("partner.unknown", "There is no partner with this number. Check the number.");
    public const string Name = "Erased person";

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if ((await db.Partners.Locked(db.Company, [request.Partner], [], ct)) is not [var partner]) return NoPartner;
        db.Work.Concerns(partner.Number);
        return await desk.Erase(partner, ct) is { } why ? why : Done.It;
    }
}
