namespace Keel.Sales;

/// How a customer who pays later stands: the limit, what is open on account in the limit's currency, and what of it should have been paid.
internal sealed record CreditStanding(Guid Customer, int Days, Currency Currency, Money? Limit, Money Exposure, Money Overdue, long OverdueOrders, long StoppingOrders)
{
    /// Whether anything is asked of the customer's orders: who pays at once has nothing open.
    [NotAColumn]
    public bool PaysLater => Days > 0 || Limit is not null;

    /// What may still be owed; less than nothing where the limit is exceeded.
    [NotAColumn]
    public Money? Free => Limit is { } limit ? limit - Exposure : null;

    /// With one more order that is not stopped.
    public CreditStanding With(Money more) => more.Currency == Currency && !more.IsNegative ? this with { Exposure = Exposure + more } : this;

    /// Why an order that leaves so much to be paid is stopped, with the figures; nothing where it may go on.
    public string? Stops(Money due, CreditRules rules)
    {
        if (!PaysLater || due.Minor <= 0) return null;
        if (StoppingOrders > 0)
        {
            return $"Invoices of {(StoppingOrders == 1 ? "one order are" : $"{StoppingOrders} orders are")} unpaid more than {rules.OverdueDays} days after their due day; {Overdue} are overdue.";
        }

        if (Limit is not { } limit) return null;
        if (due.Currency != limit.Currency) return $"The order is in {due.Currency} and the customer's limit in {limit.Currency}: somebody decides.";
        var after = Exposure + due;
        if (after <= limit + limit.Times(rules.TolerancePercent / 100m)) return null;
        return $"With {due} more the customer owes {after}; the limit is {limit}, {(Exposure < limit ? $"{limit - Exposure} are free" : "nothing is free")}.";
    }
}

/// What customers who pay later owe, read under their lock or only looked at. What is owed stands in `sales.owed`, which the database keeps beside each change of an order.
internal sealed class CustomerCredit(KeelDb db, Policies policies, Settings settings)
{
    /// Locks the accounts of customers, in key order, until the commit, and says how they stand. Two orders that come at the same moment are decided one after the other. Whoever is new
    /// here brings along what is open on orders from before.
    public async Task<Dictionary<Guid, CreditStanding>> Lock(IReadOnlyCollection<Guid> customers, CancellationToken ct)
    {
        db.Climb(Rung.Document);
        var ids = customers.Distinct().Order().ToArray();
        var network = await Network.Of(settings, ct);
        var marketplaces = network.Channels.Values.Where(c => c.IsMarketplace).Select(c => c.Code).ToArray();
        db.QueueQuery<Guid>(
            $"""
            select o.id from sales.orders o where o.company_id = {db.Company} and o.customer_id = any({ids}) and not o.on_account and o.status <> 'Cancelled'
              and not exists (select from sales.credit_account a where a.customer_id = o.customer_id) order by o.id for update
            """, _ => { });
        db.Queue(
            $"""
            with fresh as (
              insert into sales.credit_account (customer_id, company_id, since) select c, {db.Company}::uuid, {db.Now}::timestamptz from unnest({ids}) c order by c on conflict do nothing returning customer_id)
            update sales.orders o set on_account = true from fresh f
            where o.company_id = {db.Company} and o.customer_id = f.customer_id and not o.on_account and o.status <> 'Cancelled' and o.channel <> all({marketplaces})
              and case when o.status = 'Shipped' then o.invoiced else o.gross end > o.paid
            """);
        db.QueueQuery<Guid>($"select customer_id from sales.credit_account where customer_id = any({ids}) order by customer_id for update", _ => { });
        return await Look(ids, ct);
    }

    /// How customers stand, without a lock: good for showing, and for asking whether it is worth while to decide.
    public async Task<Dictionary<Guid, CreditStanding>> Look(IReadOnlyCollection<Guid> customers, CancellationToken ct)
    {
        var rules = (await policies.Of<CreditRules>(ct)).Choice;
        var asked = Ask(new SqlText($"any({customers.ToArray()})"), rules.OverdueDays);
        await db.Flush(ct);
        return asked.Value.ToDictionary(s => s.Customer);
    }

    /// How one customer stands, with the next round trip, for showing.
    public Later<List<CreditStanding>> Ask(SqlText customer) => Ask(customer, null);

    /// Payments settle what was due first.
    private Later<List<CreditStanding>> Ask(SqlText customers, int? stopsAfter) => db.Ask<CreditStanding>(
        $"""
        select p.id as customer, p.payment_terms_days as days, p.currency, p.credit_limit as "limit", coalesce(sum(w.owed) filter (where w.currency = p.currency), 0)::bigint as exposure,
          coalesce(sum(least(w.owed, l.late)) filter (where w.currency = p.currency and l.late > 0), 0)::bigint as overdue,
          count(*) filter (where l.late > 0) as overdue_orders, count(*) filter (where l.stops > 0) as stopping_orders
        from partners.pub_partner p left join sales.owed w on w.customer_id = p.id
        left join lateral (
          select sum(case when i.is_credit then -i.gross when i.day + p.payment_terms_days < {db.Today} then i.gross else 0 end)::bigint - o.paid as late,
            sum(case when i.is_credit then -i.gross when i.day + p.payment_terms_days + {stopsAfter ?? 100_000} < {db.Today} then i.gross else 0 end)::bigint - o.paid as stops
          from sales.orders o join sales.invoice i on i.order_id = o.id where o.id = w.order_id group by o.paid) l on true
        where p.company_id = {db.Company} and p.id = {customers} group by p.id, p.payment_terms_days, p.currency, p.credit_limit
        """);
}
