using Keel.Partners.Customers;
using Keel.Partners.Privacy;

namespace Keel.Partners.Contract;

/// Forgets persons. Every module that still needs a person, and every legal hold, is asked first.
public sealed class ErasureDesk
{
    private readonly KeelDb db;
    private readonly IReadOnlyList<IErasureGuard> guards;
    private readonly LegalHoldDesk holds;
    private readonly MasterDesk masters;

    internal ErasureDesk(KeelDb db, IEnumerable<IErasureGuard> guards, LegalHoldDesk holds, MasterDesk masters) =>
        (this.db, this.guards, this.holds, this.masters) = (db, [.. guards], holds, masters);

    /// Why a person cannot be forgotten now, with what to do first; null where nothing stands against it.
    public async Task<Error?> Why(Id<Partner> person, CancellationToken ct = default)
    {
        if (await holds.Why([person.Value], ct) is { } held) return held;
        foreach (var guard in guards)
        {
            if (await guard.Why(person, ct) is { } why) return why;
        }

        return null;
    }

    /// Forgets a person, or says why not.
    public async Task<Error?> Erase(Id<Partner> person, CancellationToken ct = default) =>
        await db.Partners.Find($"company_id = {db.Company} and id = {person} for update", ct) is { } partner ? await Erase(partner, ct) : ErasePerson.NoPartner;

    /// Forgets a person whose row is locked. Records that were merged are one person: all of them are forgotten, or none.
    internal async Task<Error?> Erase(PartnerRow partner, CancellationToken ct)
    {
        if (partner.ErasedAt is not null || partner.Identity == Identity.Anonymous) return null;
        var root = partner.MergedInto ?? partner.Id;
        var person = await db.Partners.Where($"company_id = {db.Company} and (id = {root} or merged_into = {root}) and erased_at is null order by number for update", ct);
        foreach (var one in person)
        {
            if (await Why(one.Id, ct) is { } why) return why;
        }

        foreach (var one in person) Forget(one);
        return null;
    }

    private void Forget(PartnerRow partner)
    {
        db.Queue($"update kernel.person_key set key = null where id = {partner.Id}");
        db.Partners.Update(partner with
        {
            Identity = Identity.Erased(partner.Id), Name = ErasePerson.Name, Email = null, Phone = null, Language = null, VatId = null,
            VatIdCheckedOn = null,
            ErasedAt = db.Now, ChangedAt = db.Now, Version = partner.Version + 1,
        });
        db.Queue(
            $"""
            update partners.address set line1 = '', line2 = null, postal_code = '', city = '', region = null
            where company_id = {db.Company} and partner_id = {partner.Id}
            """);
        db.Queue($"update partners.block set reason = 'the person was erased' where company_id = {db.Company} and partner_id = {partner.Id}");
        foreach (var domain in new[] { PartnerMasters.Customers, PartnerMasters.Suppliers }) masters.CallOff(domain, partner.Number, "the person was erased");
        PrivacyRequests.QueueDone(db, partner.Id, PrivacyWish.Erase, "The person was erased.");
        foreach (var domain in new[] { PartnerMasters.Customers, PartnerMasters.Suppliers }) masters.CallOff(domain, partner.Number, "the person was erased");
        db.Raise(new PersonErased(partner.Id, partner.Number));
    }
}
