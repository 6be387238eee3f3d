using Keel.Partners.Contract;

namespace Keel.Sales;

/// Customers who have not ordered for long: each is forgotten as if they had asked for it, and the books keep their numbers and amounts.
internal sealed class RetainedCustomers(KeelDb db, ErasureDesk erasure) : IRetain
{
    private const int Most = 500;

    public async Task<Purged> Purge(DateTimeOffset olderThan, CancellationToken ct)
    {
        var due = await db.Query<Guid>(
            $"""
            select p.id from partners.pub_person p where p.company_id = {db.Company} and p.is_customer and not p.is_supplier and p.created_at < {olderThan}
              and not exists (select from sales.orders o where o.company_id = p.company_id and o.customer_id = p.id and o.placed_at >= {olderThan})
            order by p.id limit {Most}
            """, ct);
        var (gone, held) = (0L, 0L);
        foreach (var person in due)
        {
            if (await erasure.Erase(new Id<Partner>(person), ct) is null) gone++;
            else held++;
        }

        return new Purged(gone, held);
    }
}
