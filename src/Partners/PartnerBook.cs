using Keel.Partners.Contract;

namespace Keel.Partners;

/// Writes customers and suppliers: one of either kind is found by its number or identity, changed where it differs, or created.
internal sealed class PartnerBook(KeelDb db, Settings settings, DocumentNumbers numbers)
{
    public const string Series = "P";

    /// The kind under which changes of partners are kept.
    public const string Kind = "partner";

    public static readonly Error NoPartner = Error.NotFound(
        "partner.unknown", "There is no partner with this number. Leave the number out to create one.");
    public static readonly Error Twice = new("partner.twice", "The list names this partner twice. Name it once.");
    public static readonly Error WrongCurrency = Error.Invalid(
        "partner.credit-currency", "The credit limit is in another currency than the partner trades in. Give both in one.");
    public static readonly Error IsAnonymous = new(
        "partner.anonymous", "The anonymous customer stays as it is. Create a customer of its own.");
    public static readonly Error Erased = new("partner.erased", "This person was erased and stays so. Create another partner.");

    /// What shall be known of one partner.
    public sealed record Wish(
        Contact Contact, string? Number, string Identity, bool Customer, string? Language, string? VatId, DateOnly? VatIdCheckedOn,
        int PaymentTermsDays, Currency? Currency, Money? CreditLimit, int? LeadTimeDays);

    /// Says whose personal data a contact of the request is.
    public static void Name(Work work, Contact contact, PersonKey key)
    {
        work.Names(contact, key);
        if (contact.Address is { } address) work.Names(address, key);
    }

    public async Task<Saved[]> Save(IReadOnlyList<Wish> wishes, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var rows = await db.Partners.Locked(db.Company, wishes.Select(w => w.Number ?? "").Distinct(),
            wishes.Select(w => w.Identity).Distinct(), ct);
        var keys = (await db.PersonKeys.Where($"id = any({rows.Select(r => r.Id.Value).ToArray()})", ct)).ToDictionary(k => k.Id);
        var addresses = await db.Addresses.Main(rows.Select(r => r.Id), ct);
        var byNumber = rows.ToDictionary(r => r.Number);
        var byIdentity = rows.ToDictionary(r => r.Identity);
        var fresh = wishes.Count(w => w.Number is null && !byIdentity.ContainsKey(w.Identity));
        var taken = new Queue<string>(await numbers.Take(db.Company, Series, network.Day(db.Now).Year, fresh, ct));

        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. wishes.Select(One)];

        Saved One(Wish wish)
        {
            var old = wish.Number is { } number ? byNumber.GetValueOrDefault(number) : byIdentity.GetValueOrDefault(wish.Identity);
            var currency = wish.Currency ?? old?.Currency ?? network.Company.Currency;
            var name = wish.Number ?? old?.Number ?? "new";
            if (wish.Number is not null && old is null) return Saved.Refused(name, NoPartner);
            if (!seen.Add(old?.Number ?? wish.Identity)) return Saved.Refused(name, Twice);
            if (old?.ErasedAt is not null) return Saved.Refused(name, Erased);
            if (old?.Identity == Customers.Identity.Anonymous) return Saved.Refused(name, IsAnonymous);
            if (wish.CreditLimit is { } limit && limit.Currency != currency) return Saved.Refused(name, WrongCurrency);

            var partner = Made(wish, old, currency, network.Company.Country, old?.Number ?? taken.Dequeue());
            if (!keys.TryGetValue(partner.Id.Value, out var key)) db.PersonKeys.Insert(key = PersonKey.New(partner.Id.Value));
            Name(db.Work, wish.Contact, key);
            db.Work.Concerns(partner.Number);
            Tell(partner, old, partner.Address(wish.Contact.Address), addresses.GetValueOrDefault(partner.Id), key);
            var moved = Write(partner.Address(wish.Contact.Address), addresses.GetValueOrDefault(partner.Id));
            if (old is null) db.Partners.Insert(partner);
            else if (old with { Version = partner.Version, ChangedAt = partner.ChangedAt } != partner) db.Partners.Update(partner);
            else if (!moved) return new Saved(partner.Number, SavedAs.Unchanged);
            return new Saved(partner.Number, old is null ? SavedAs.Created : SavedAs.Changed);
        }
    }

    /// What changed of a partner goes to its history, a person's data under the person's key.
    private void Tell(PartnerRow partner, PartnerRow? old, AddressRow? address, AddressRow? oldAddress, PersonKey key)
    {
        db.Work.Changed(Kind, partner.Number, old, partner, key);
        if (old is null || address is null) return;
        db.Work.Changed(Kind, partner.Number, oldAddress ?? address with { Line1 = "", Line2 = null, PostalCode = "", City = "", Region = null, Country = "" }, address, key);
    }

    private bool Write(AddressRow? address, AddressRow? old)
    {
        if (address is null || address == old) return false;
        if (old is null) db.Addresses.Insert(address);
        else db.Addresses.Update(address);
        return true;
    }

    private PartnerRow Made(Wish wish, PartnerRow? old, Currency currency, string home, string number) => new(
        old?.Id ?? db.NewId<Partner>(), db.Company, number, old?.Identity ?? wish.Identity, wish.Customer || old is { IsCustomer: true },
        !wish.Customer || old is { IsSupplier: true }, wish.Contact.Name.Trim(), wish.Contact.Email, wish.Contact.Phone,
        wish.Contact.Address?.Country ?? old?.Country ?? home, currency, wish.Language ?? old?.Language, wish.VatId ?? old?.VatId,
        wish.VatIdCheckedOn ?? old?.VatIdCheckedOn, wish.PaymentTermsDays, wish.CreditLimit ?? old?.CreditLimit,
        wish.LeadTimeDays ?? old?.LeadTimeDays,
        old?.CreatedAt ?? db.Now, db.Now, null, (old?.Version ?? 0) + 1);
}
