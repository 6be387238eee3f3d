using Keel.Partners.Contract;

namespace Keel.Partners;

/// Writes customers and suppliers: one of either kind is found by its number or identity, changed where it differs, or created.
internal sealed class PartnerBook(KeelDb db, Settings settings, DocumentNumbers numbers, MasterDesk masters)
{
    /// A wish that changes something: its place in the list, the number that it is found by, and the fields that it changes (all of a new one).
    public sealed record Meant(int At, string? Number, IReadOnlyList<string>? Only);

    /// The wishes of the last save that changed something.
    public IReadOnlyList<Meant> Narrowed => narrowed;

    private readonly List<Meant> narrowed = [];

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
    public static readonly Error IsMerged = new("partner.merged", "This partner is merged into another one. Change that one.");
    public static readonly Error NoField = Error.Invalid("partner.no-field", "A partner has no such field.");
    public static readonly Error Erased = new("partner.erased", "This person was erased and stays so. Create another partner.");

    /// What shall be known of one partner.
    public sealed record Wish(
        Contact Contact, string? Number, string Identity, bool Customer, string? Language, string? VatId, DateOnly? VatIdCheckedOn,
        int PaymentTermsDays, Currency? Currency, Money? CreditLimit, int? LeadTimeDays, IReadOnlyList<string>? Only = null);

    /// Says whose personal data a contact of the request is.
    public static void Name(Work work, Contact contact, PersonKey key)
    {
        work.Names(contact, key);
        if (contact.Address is { } address) work.Names(address, key);
    }

    public async Task<Saved[]> Save(IReadOnlyList<Wish> wishes, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var rows = await db.Partners.LockedWithSurvivors(db.Company, wishes.Select(w => w.Number ?? "").Distinct(),
            wishes.Select(w => w.Identity).Distinct(), ct);
        var keys = (await db.PersonKeys.Where($"id = any({rows.Select(r => r.Id.Value).ToArray()})", ct)).ToDictionary(k => k.Id);
        var addresses = await db.Addresses.Main(rows.Select(r => r.Id), ct);
        var byNumber = rows.ToDictionary(r => r.Number);
        var byIdentity = rows.ToDictionary(r => r.Identity);
        var byId = rows.ToDictionary(r => r.Id);
        var fresh = wishes.Count(w => w.Number is null && !byIdentity.ContainsKey(w.Identity));
        var taken = new Queue<string>(await numbers.Take(db.Company, Series, network.Day(db.Now).Year, fresh, ct));

        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. wishes.Select(One)];

        Saved One(Wish wish, int at)
        {
            var old = wish.Number is { } number ? byNumber.GetValueOrDefault(number) : byIdentity.GetValueOrDefault(wish.Identity);
            // Another name finds the partner that it stands for; a number that was merged is named as what it is.
            if (old?.MergedInto is { } into)
            {
                if (wish.Number is not null) return Saved.Refused(wish.Number, IsMerged.With($"{wish.Number} is merged into {byId[into].Number}. Change that one."));
                old = byId[into];
            }

            var currency = wish.Currency ?? old?.Currency ?? network.Company.Currency;
            var name = wish.Number ?? old?.Number ?? "new";
            if (wish.Number is not null && old is null) return Saved.Refused(name, NoPartner);
            if (!seen.Add(old?.Number ?? wish.Identity)) return Saved.Refused(name, Twice);
            if (old?.ErasedAt is not null) return Saved.Refused(name, Erased);
            if (old?.Identity == Customers.Identity.Anonymous) return Saved.Refused(name, IsAnonymous);
            if (wish.CreditLimit is { } limit && limit.Currency != currency) return Saved.Refused(name, WrongCurrency);

            if (wish.Only?.FirstOrDefault(o => !PartnerMasters.Fields.Contains(o)) is { } odd) return Saved.Refused(name, NoField.With($"A partner has no field {odd}. It has {string.Join(", ", PartnerMasters.Fields)}."));
            var partner = Made(wish, old, currency, network.Company.Country, old?.Number ?? taken.Dequeue());
            var oldAddress = old is null ? null : addresses.GetValueOrDefault(old.Id);
            var address = partner.Address(wish.Contact.Address) ?? oldAddress;
            if (old is not null && wish.Only is { Count: > 0 } only) (partner, address) = (old.With(only, partner), AddressRow.With(oldAddress, only, address));
            if (!keys.TryGetValue(partner.Id.Value, out var key)) db.PersonKeys.Insert(key = PersonKey.New(partner.Id.Value));
            Name(db.Work, wish.Contact, key);
            db.Work.Concerns(partner.Number);
            Tell(wish, at, old, partner, oldAddress, address, key);
            var moved = Write(address, oldAddress);
            db.Work.Leaves(at, new UndoPartners.Trace(partner.Id, partner.Number, partner.Version, old is null));
            if (old is null) db.Partners.Insert(partner);
            else if (old with { Version = partner.Version, ChangedAt = partner.ChangedAt } != partner) db.Partners.Update(partner);
            else if (!moved) return new Saved(partner.Number, SavedAs.Unchanged);
            return new Saved(partner.Number, old is null ? SavedAs.Created : SavedAs.Changed);
        }
    }

    /// For the owner of the data: what a wish makes of the partner.
    private void Tell(Wish wish, int at, PartnerRow? old, PartnerRow partner, AddressRow? oldAddress, AddressRow? address, PersonKey person)
    {
        // What changed goes to the partner's history, a person's data under the person's key.
        db.Work.Changed(Kind, partner.Number, old, partner, person);
        if (old is not null && address is not null) db.Work.Changed(Kind, partner.Number, oldAddress ?? AddressRow.Nowhere(partner), address, person);

        var domain = wish.Customer ? PartnerMasters.Customers : PartnerMasters.Suppliers;
        // A new one has no number that a second try would give it again.
        var key = old?.Number ?? "a new " + (wish.Customer ? "customer" : "supplier");
        FieldEdit[] changes = old is null ? [FieldEdit.New(key)] :
        [
            .. FieldEdit.Between(key, old, partner, PartnerMasters.PersonalFields),
            .. FieldEdit.Between(key, oldAddress ?? AddressRow.Nowhere(partner), address ?? AddressRow.Nowhere(partner), PartnerMasters.PersonalFields)
                .Select(c => c with { Field = c.Field == "country" ? "addressCountry" : c.Field }),
        ];
        if (changes.Length == 0) return;
        masters.Changed(domain, new DocumentRef("partner", old?.Id.Value ?? Guid.Empty, key), changes);
        narrowed.Add(new Meant(at, old?.Number ?? wish.Number, old is null ? wish.Only : [.. changes.Select(c => c.Field)]));
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
        old?.CreatedAt ?? db.Now, db.Now, null, (old?.Version ?? 0) + 1, null, old?.ParentId, old?.Class);
}
