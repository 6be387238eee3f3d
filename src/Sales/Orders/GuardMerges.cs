using Keel.Partners.Contract;

namespace Keel.Sales;

/// Orders that are open are done in their customer's name, and so is what is owed for them or to them, and what comes again: a customer that has some stays.
internal sealed class GuardMerges(KeelDb db) : IMergeGuard
{
    public async Task<IReadOnlyDictionary<Id<Partner>, string>> Open(IReadOnlyList<Id<Partner>> partners, CancellationToken ct)
    {
        var open = await db.Query<Row>(
            $"""
            select customer_id as partner, count(*) as orders, min(number) as first from sales.orders
            where company_id = {db.Company} and customer_id = any({partners.Select(p => p.Value).ToArray()})
              and (status not in ('Shipped', 'Cancelled') or exists (select from sales.owed w where w.order_id = sales.orders.id)) group by customer_id
            """, ct);
        var said = open.ToDictionary(o => o.Partner, o => o.Orders == 1 ? $"the open order {o.First}" : $"{o.Orders} open orders, {o.First} among them");
        var credit = await db.Query<NamedRow>($"select customer_id as partner, min(number) as number from sales.voucher where company_id = {db.Company} and kind = 'StoreCredit' and balance > 0 and customer_id = any({partners.Select(p => p.Value).ToArray()}) group by 1", ct);
        foreach (var own in credit) said.TryAdd(own.Partner, $"the store credit {own.Number}");
        var coming = await db.Query<NamedRow>($"select customer_id as partner, min(number) as number from sales.subscription where company_id = {db.Company} and status <> 'Ended' and customer_id = any({partners.Select(p => p.Value).ToArray()}) group by 1", ct);
        foreach (var own in coming) said.TryAdd(own.Partner, $"the subscription {own.Number}");
        var agreed = await db.Query<NamedRow>($"select customer_id as partner, min(number) as number from sales.blanket_order where company_id = {db.Company} and status <> 'Ended' and customer_id = any({partners.Select(p => p.Value).ToArray()}) group by 1", ct);
        foreach (var own in agreed) said.TryAdd(own.Partner, $"the blanket order {own.Number}");
        return said;
    }

    private sealed record NamedRow(Id<Partner> Partner, string Number);

    private sealed record Row(Id<Partner> Partner, long Orders, string First);
}
