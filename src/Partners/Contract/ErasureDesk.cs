using Keel.Partners.Customers;
using Keel.Partners.Privacy;

namespace Keel.Partners.Contract;

/// Forgets persons. Every module that still needs a person, and every legal hold, is asked first.
public sealed class ErasureDesk
{
    private readonly KeelDb db;
    private readonly IReadOnlyList<IErasureGuard> guards;
    private readonly LegalHoldDesk holds;

    internal ErasureDesk(KeelDb db, IEnumerable<IErasureGuard> guards, LegalHoldDesk holds) => (this.db, this.guards, this.holds) = (db, [.. guards], holds);

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

    /// Forgets a person whose row is locked.
    internal async Task<Error?> Erase(PartnerRow partner, CancellationToken ct)
    {
        if (partner.ErasedAt is not null || partner.Identity == Identity.Anonymous) return null;
        if (await Why(partner.Id, ct) is { } why) return why;

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
        PrivacyRequests.QueueDone(db, partner.Id, PrivacyWish.Erase, "The person was erased.");
        db.Raise(new PersonErased(partner.Id, partner.Number));
        return null;
    }
}
