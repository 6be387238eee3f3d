namespace Keel.Ledger.Contract;

/// What partners owe and are owed: how much is open, and which items a payment settles.
public sealed class CreditDesk(KeelDb db)
{
    private const int MostItems = 2_000;
    private readonly List<OpenItemStep> written = [];

    /// Divides a payment over the open items of an order. What no item takes is left to the caller. The items stay locked.
    public Task<IReadOnlyList<Settling>> SettleOrder(Guid order, Side side, AccountCode account, Money payment, CancellationToken ct = default) =>
        Settle($"order_id = {order}", step => step.OrderId == order, side, account, payment, SettleFirst.Oldest, ct);

    /// Divides a payment over all open items of a partner.
    public Task<IReadOnlyList<Settling>> SettlePartner(
        Guid partner, Side side, AccountCode account, Money payment, SettleFirst first, CancellationToken ct = default) =>
        Settle($"partner = {partner}", step => step.Partner == partner, side, account, payment, first, ct);

    /// The item of one document, locked; nothing where it is not there.
    public async Task<OpenItem?> ItemOf(AccountCode account, Guid document, Currency currency, CancellationToken ct = default)
    {
        var items = await Locked($"document_id = {document}", step => step.Document.Id == document, account, currency, ct);
        return items.Count == 0 ? null : items[0];
    }

    /// What partners owe us in company currency, less what we owe them. Waits for whoever else decides on the same partners' credit.
    public async Task<IReadOnlyDictionary<Guid, long>> LockedBalances(IReadOnlyCollection<Guid> partners, CancellationToken ct = default)
    {
        db.Climb(Rung.PartnerCredit);
        db.QueueQuery<int>(
            $"""
            select 1 from (
              select distinct hashtextextended('ledger.credit ' || {db.Company}::text || p::text, 0) as key from unnest({partners.ToArray()}) p order by 1
            ) k cross join lateral pg_advisory_xact_lock(k.key)
            """, _ => { });
        return await Balances(partners, ct);
    }

    /// What partners owe us in company currency, less what we owe them.
    public async Task<IReadOnlyDictionary<Guid, long>> Balances(IReadOnlyCollection<Guid> partners, CancellationToken ct = default)
    {
        var sums = await db.Query<PartnerBalance>(
            $"""
            select partner, sum(case side when 'Debit' then company_open_amount else -company_open_amount end)::bigint as balance
            from ledger.open_item where company_id = {db.Company} and partner = any({partners.ToArray()}) and open_amount > 0 group by partner
            """, ct);
        return sums.ToDictionary(s => s.Partner, s => s.Balance);
    }

    /// Keeps a step for the commit, and in mind for whoever settles later in this operation.
    internal void Write(OpenItemStep step)
    {
        db.Table<OpenItemStep>().Gather(step);
        written.Add(step);
    }

    private async Task<IReadOnlyList<Settling>> Settle(
        FormattableString where, Func<OpenItemStep, bool> same, Side side, AccountCode account, Money payment, SettleFirst first, CancellationToken ct)
    {
        var items = await Locked(where, same, account, payment.Currency, ct);
        return Division.Of([.. items.Where(i => i.Side == side)], payment, first);
    }

    /// The items as they are in the book, with what this operation has added and taken so far.
    private async Task<List<OpenItem>> Locked(FormattableString where, Func<OpenItemStep, bool> same, AccountCode account, Currency currency, CancellationToken ct)
    {
        db.Climb(Rung.PartnerCredit);
        var items = await db.Table<OpenItem>().Where(
            $"""
            company_id = {db.Company} and {where} and account = {account} and currency = {currency} and open_amount > 0
            order by company_id, account, document_id, currency limit {MostItems} for update
            """, ct);
        foreach (var step in written.Where(s => s.Account == account && s.Currency == currency && same(s))) Apply(items, step);
        return [.. items.Where(i => i.OpenAmount.Minor > 0)];
    }

    private static void Apply(List<OpenItem> items, OpenItemStep step)
    {
        var at = items.FindIndex(i => i.Document.Id == step.Document.Id);
        if (at < 0)
        {
            if (step.Kind is ItemStepKind.Settles) return;
            items.Add(new OpenItem(
                step.CompanyId, step.Account, step.Document, step.Currency, step.Side, step.Partner, step.OrderId, step.Channel, step.Day, step.DueDay,
                step.Amount, step.Amount, step.CompanyAmount, step.CompanyAmount.Minor, step.CompanyAmountCurrency));
            return;
        }

        var item = items[at];
        items[at] = step.Kind is ItemStepKind.Opens
            ? item with
            {
                Amount = item.Amount + step.Amount, OpenAmount = item.OpenAmount + step.Amount, CompanyAmount = item.CompanyAmount + step.CompanyAmount,
                CompanyOpenAmount = item.CompanyOpenAmount + step.CompanyAmount.Minor,
            }
            : item with { OpenAmount = item.OpenAmount - step.Amount, CompanyOpenAmount = item.CompanyOpenAmount - step.CompanyAmount.Minor };
    }

    private sealed record PartnerBalance(Guid Partner, long Balance);
}
