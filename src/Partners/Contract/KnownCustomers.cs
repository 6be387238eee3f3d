using Keel.Kernel.Views;

namespace Keel.Partners.Contract;

/// A customer as a form for an order takes them over.
public sealed record KnownCustomer(string Number, string Name, string? Email, string? Line1, string? PostalCode, string? City, string Country);

/// Finds customers while somebody types their name or mail. Only for those who may see persons, and that they saw them is remembered.
public sealed class KnownCustomers(KeelDb db, Viewer viewer, Sights sights)
{
    private const int Most = 8;
    private const int Shortest = 2;

    /// Customers whose name or mail begins like that.
    public async Task<IReadOnlyList<KnownCustomer>> Find(string text, CancellationToken ct = default)
    {
        var typed = text.Trim().ToLowerInvariant();
        if (typed.Length is < Shortest or > 100 || !viewer.May(PartnersPermissions.Read) || !viewer.May(Viewer.SeePersonal)) return [];
        var end = typed + "\uffff";
        var found = await db.Query<KnownCustomer>(
            $"""
            select f.number, f.name, f.email, a.line1, a.postal_code, a.city, coalesce(a.country, f.country) as country from (
              (select id, number, name, email, country from partners.partner
               where company_id = {db.Company} and lower(name) collate "C" >= {typed} and lower(name) collate "C" < {end} and is_customer and erased_at is null and merged_into is null limit {Most})
              union
              (select id, number, name, email, country from partners.partner
               where company_id = {db.Company} and lower(email) collate "C" >= {typed} and lower(email) collate "C" < {end} and is_customer and erased_at is null and merged_into is null limit {Most})) f
            left join partners.address a on a.partner_id = f.id and a.position = 0 order by f.name, f.number limit {Most}
            """, ct);
        if (found.Count > 0) sights.Note(db.Work, "partners.customers", SightWay.List, rows: found.Count);
        return found;
    }
}
