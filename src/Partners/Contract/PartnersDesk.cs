using Keel.Partners.Customers;

namespace Keel.Partners.Contract;

/// The partners' desk: who is this customer, and what must be known of a supplier. Questions are asked for sets and travel with the next
/// round trip.
public sealed class PartnersDesk(KeelDb db, Settings settings, DocumentNumbers numbers)
{
    /// Asks which customers the contacts of some orders are; no contact means the company's anonymous customer.
    public Later<CustomerMatches> Ask(IReadOnlyList<(ChannelCode Channel, Contact? Contact)> contacts)
    {
        var wanted = contacts.Select(c => new Wanted(Identity.Of(c.Channel, c.Contact), c.Contact)).ToArray();
        return AskMatches([.. wanted.Select(w => w.Identity).Distinct()], rows => new CustomerMatches(wanted, rows));
    }

    /// As whom a contact is known again, and the mailbox that it may share with others; nothing for who does not say who it is.
    public static (string? Identity, string? Mailbox) KnownAs(ChannelCode channel, Contact? contact) =>
        contact is null ? (null, null) : (Identity.Of(channel, contact), contact.Email is { Length: > 0 } email ? email.Trim().ToLowerInvariant() : null);

    /// The customer of each contact, in the order asked. Who is new becomes a customer with the commit; two contacts with one identity are
    /// one customer. The log keeps what the request says of a person under that person's key.
    public async Task<IReadOnlyList<Customer>> Resolve(CustomerMatches matches, CancellationToken ct = default)
    {
        var known = matches.Found;
        var missing = matches.Wanted.Where(w => !known.ContainsKey(w.Identity)).DistinctBy(w => w.Identity).ToArray();
        if (missing.Length > 0) await Create(missing, known, ct);

        var aliases = known.Values.Where(p => p.Via is not null).Select(p => p.Via!.Value).Distinct().ToArray();
        if (aliases.Length > 0) db.Queue($"update partners.merge set used_at = {db.Now} where give_id = any({aliases}) and undone_at is null and used_at is null");

        var suppliers = known.Values.Where(p => !p.IsCustomer).Select(p => p.Id.Value).ToArray();
        if (suppliers.Length > 0) db.Queue(
            $"update partners.partner set is_customer = true, version = version + 1 where id = any({suppliers})");

        var customers = new Customer[matches.Wanted.Count];
        for (var i = 0; i < customers.Length; i++)
        {
            var wanted = matches.Wanted[i];
            var match = known[wanted.Identity];
            if (wanted.Contact is { } contact && match.Key is not null) PartnerBook.Name(
                db.Work, contact, new PersonKey(match.Id.Value, match.Key));
            customers[i] = match.AsCustomer();
        }

        return customers;
    }

    /// Customers by their numbers; who is missing in the answer is no customer of this company.
    public Later<IReadOnlyDictionary<string, Customer>> AskCustomers(IEnumerable<string> numbers) =>
        Ask(numbers, "is_customer", p => p.AsCustomer());

    /// Suppliers by their numbers; who is missing in the answer is no supplier of this company.
    public Later<IReadOnlyDictionary<string, Supplier>> AskSuppliers(IEnumerable<string> numbers) =>
        Ask(numbers, "is_supplier", p => p.AsSupplier());

    /// Partners by their keys, as customers.
    public Later<IReadOnlyDictionary<Id<Partner>, Customer>> AskById(IEnumerable<Id<Partner>> partners)
    {
        var ids = partners.Select(p => p.Value).Distinct().ToArray();
        return db.Ask<PartnerRow, IReadOnlyDictionary<Id<Partner>, Customer>>(
            $"select * from partners.partner where company_id = {db.Company} and id = any({ids})",
            rows => rows.ToDictionary(p => p.Id, p => p.AsCustomer()));
    }

    /// The main address of a partner, or nothing.
    public async Task<PostalAddress?> AddressOf(Id<Partner> partner, CancellationToken ct = default)
    {
        var row = await db.Addresses.Find($"company_id = {db.Company} and partner_id = {partner} and position = {PartnerRow.MainAddress}",
            ct);
        return row is null ? null : new PostalAddress(row.Line1, row.Line2, row.PostalCode, row.City, row.Region, row.Country);
    }

    /// Where a partner is written to; null where there is no such partner, and without an address where none is known.
    public Task<PartnerMail?> MailOf(Id<Partner> partner, CancellationToken ct = default) => db.First<PartnerMail>(
        $"select name, email as address, language, country from partners.partner where company_id = {db.Company} and id = {partner} and erased_at is null", ct);

    private Later<List<Match>> AskMatches(string[] identities) => AskMatches(identities, rows => rows);

    private Later<T> AskMatches<T>(string[] identities, Func<List<Match>, T> make) => db.Ask<Match, T>(
        $"""
        select f.identity, p.id, p.number, p.name, p.country, p.currency, p.vat_id, p.vat_id_checked_on, p.payment_terms_days,
          p.credit_limit, p.is_customer, k.key, p.class, case when f.merged_into is not null then f.id end as via
        from partners.partner f join partners.partner p on p.id = coalesce(f.merged_into, f.id) left join kernel.person_key k on k.id = p.id
        where f.company_id = {db.Company} and f.identity = any({identities})
        """, make);

    private Later<IReadOnlyDictionary<string, T>> Ask<T>(IEnumerable<string> of, string kind, Func<PartnerRow, T> make)
    {
        var asked = of.Distinct().ToArray();
        // Somebody is asked for by a number that was merged: the merge is depended on from now on.
        db.Queue(
            $"""
            update partners.merge set used_at = {db.Now} where company_id = {db.Company} and give = any({asked}) and undone_at is null and used_at is null
            """);
        return db.Ask<Numbered, IReadOnlyDictionary<string, T>>(
            $"""
            select f.number as asked, p.* from partners.partner f join partners.partner p on p.id = coalesce(f.merged_into, f.id)
            where f.company_id = {db.Company} and f.number = any({asked}) and p.{new SqlText.Verbatim(kind)}
            """,
            rows => rows.ToDictionary(p => p.Asked, p => make(p.Partner)));
    }

    private sealed record Numbered(string Asked, PartnerRow Partner);

    private async Task Create(IReadOnlyList<Wanted> missing, Dictionary<string, Match> known, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var taken = await numbers.Take(db.Company, PartnerBook.Series, network.Day(db.Now).Year, missing.Count, ct);
        List<PartnerRow> partners = new(missing.Count);
        List<AddressRow> addresses = new(missing.Count);
        List<PersonKey> keys = new(missing.Count);
        for (var i = 0; i < missing.Count; i++)
        {
            var (identity, contact) = missing[i];
            var partner = new PartnerRow(
                db.NewId<Partner>(), db.Company, taken[i], identity, true, false, contact?.Name ?? CreateAnonymousCustomer.Name,
                contact?.Email, contact?.Phone,
                contact?.Address?.Country ?? network.Company.Country, network.Company.Currency, null, null, null, 0, null, null, db.Now,
                db.Now, null, 1);
            partners.Add(partner);
            if (partner.Address(contact?.Address) is { } address) addresses.Add(address);
            if (contact is not null) keys.Add(PersonKey.New(partner.Id.Value));
            known[identity] = Match.Of(partner, contact is null ? null : keys[^1].Key);
        }

        // Somebody else may be creating the same customers: whoever is first wins, and both go on with the winner.
        db.Partners.InsertMissing([.. partners.OrderBy(p => p.Identity, StringComparer.Ordinal)]);
        var winners = AskMatches([.. partners.Select(p => p.Identity)]);
        await db.Flush(ct);
        var mine = partners.Select(p => p.Id).ToHashSet();
        foreach (var winner in winners.Value.Where(w => !mine.Contains(w.Id))) known[winner.Identity] = winner;
        mine.IntersectWith(winners.Value.Select(w => w.Id));
        db.Addresses.Insert([.. addresses.Where(a => mine.Contains(a.PartnerId))]);
        db.PersonKeys.Insert([.. keys.Where(k => mine.Contains(new Id<Partner>(k.Id)))]);
    }
}

/// Where a partner gets mail, and in which language.
public sealed record PartnerMail(string Name, string? Address, string? Language, string Country);

/// Which of the contacts asked for are customers already.
public sealed class CustomerMatches
{
    internal CustomerMatches(IReadOnlyList<Wanted> wanted, List<Match> found)
    {
        Wanted = wanted;
        Found = found.ToDictionary(m => m.Identity);
    }

    internal IReadOnlyList<Wanted> Wanted { get; }

    /// The number and class of the customer that a contact is already, by its place among those asked for; nothing where it is a new one.
    public (string Number, string? Class)? Known(int contact) => Found.TryGetValue(Wanted[contact].Identity, out var match) ? (match.Number, match.Class) : null;

    /// By identity.
    internal Dictionary<string, Match> Found { get; }
}

internal sealed record Wanted(string Identity, Contact? Contact);

internal sealed record Match(
    string Identity, Id<Partner> Id, string Number, string Name, string Country, Currency Currency, string? VatId, DateOnly? VatIdCheckedOn,
    int PaymentTermsDays, Money? CreditLimit, bool IsCustomer, byte[]? Key, Guid? Via = null, string? Class = null)
{
    public static Match Of(PartnerRow row, byte[]? key) => new(
        row.Identity, row.Id, row.Number, row.Name, row.Country, row.Currency, row.VatId, row.VatIdCheckedOn, row.PaymentTermsDays,
        row.CreditLimit, row.IsCustomer, key, Class: row.Class);

    public Customer AsCustomer() => new(Id, Number, Name, Country, VatId, VatIdCheckedOn, PaymentTermsDays, CreditLimit, Class);
}
