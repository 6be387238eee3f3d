using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;
using Keel.Partners.Customers;

namespace Keel.Partners.Privacy;

/// Forgets a person: destroys the key under which the log holds what was said of them, and blanks name, mail, phone, tax number and
/// addresses. Numbers, countries and amounts stay, for the books must; so do issued invoices, as long as the law asks for them.
[Operation("partners.erase-person", PartnersPermissions.Erase)]
internal sealed class ErasePerson(KeelDb db, IEnumerable<IErasureGuard> guards, MasterDesk masters) : IOperation<ErasePerson.Request, Done>
{
    public sealed record Request([Required, MaxLength(40)] string Partner);

    public static readonly Error NoPartner = Error.NotFound("partner.unknown", "There is no partner with this number. Check the number.");
    public const string Name = "Erased person";

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if ((await db.Partners.Locked(db.Company, [request.Partner], [], ct)) is not [var asked]) return NoPartner;
        db.Work.Concerns(asked.Number);
        if (asked.ErasedAt is not null || asked.Identity == Identity.Anonymous) return Done.It;
        // Records that were merged are one person: all of them are forgotten.
        var root = asked.MergedInto ?? asked.Id;
        var person = await db.Partners.Where($"company_id = {db.Company} and (id = {root} or merged_into = {root}) and erased_at is null order by number for update", ct);
        foreach (var guard in guards)
        {
            foreach (var one in person)
            {
                if (await guard.Why(one.Id, ct) is { } why) return why;
            }
        }

        foreach (var one in person) Erase(one);
        return Done.It;
    }

    private void Erase(PartnerRow partner)
    {
        db.Queue($"update kernel.person_key set key = null where id = {partner.Id}");
        db.Partners.Update(partner with
        {
            Identity = Identity.Erased(partner.Id), Name = Name, Email = null, Phone = null, Language = null, VatId = null,
            VatIdCheckedOn = null,
            ErasedAt = db.Now, ChangedAt = db.Now, Version = partner.Version + 1,
        });
        db.Queue(
            $"""
            update partners.address set line1 = '', line2 = null, postal_code = '', city = '', region = null
            where company_id = {db.Company} and partner_id = {partner.Id}
            """);
        foreach (var domain in new[] { PartnerMasters.Customers, PartnerMasters.Suppliers }) masters.CallOff(domain, partner.Number, "the person was erased");
        db.Raise(new PersonErased(partner.Id, partner.Number));
    }
}
