using Keel.Sales.Contract;

namespace Keel.Sales;

/// Locks vouchers, writes their book and what it does to orders. Orders are locked before vouchers.
internal sealed class VoucherBook(KeelDb db, Paying paying, Settings settings)
{
    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<Voucher>.Instance.Names} from sales.voucher");

    public static readonly Error NoVoucher = Error.NotFound("voucher.unknown", "There is no such gift card or store credit.");
    public static readonly Error WrongCode = new("voucher.wrong-code", "No gift card has this code. Check the code and try again.");
    public static readonly Error TooManyWrong = new("voucher.too-many-codes", "Too many wrong codes. Wait a quarter of an hour, and check the code on the card.");
    public static readonly Error OtherCurrency = Error.Invalid("voucher.currency", "Gift cards and store credit are in the company's own currency.");

    /// So many wrong codes one caller may try in a quarter of an hour.
    internal const int WrongCodes = 5;

    public async Task<Voucher?> Lock(Id<Voucher> id, CancellationToken ct)
    {
        db.Climb(Rung.Document);
        return (await db.Query<Voucher>($"{Columns} where company_id = {db.Company} and id = {id} for update", ct)).FirstOrDefault();
    }

    /// The card with this code, locked. The log says how many wrong ones the caller tried.
    public async Task<Result<Voucher>> ByCode(string code, CancellationToken ct)
    {
        db.Climb(Rung.Document);
        var since = db.Now.AddMinutes(-15);
        var wrong = db.Ask<long>(
            $"""
            select count(*) from kernel.operation_log where company_id = {db.Company} and outcome = 'refused' and at > {since} and code = 'voucher.wrong-code' and actor_id = {db.Work.Actor.Id}
            """);
        var found = db.Ask<Voucher>($"{Columns} where company_id = {db.Company} and code_digest = {CardCode.DigestOf(db.Company, code)} for update");
        await db.Flush(ct);
        if (wrong.Value[0] >= WrongCodes) return TooManyWrong;
        return found.Value is [var voucher] ? voucher : WrongCode;
    }

    public async Task<Voucher?> CreditOf(Guid customer, Currency currency, CancellationToken ct)
    {
        db.Climb(Rung.Document);
        return (await db.Query<Voucher>($"{Columns} where company_id = {db.Company} and kind = 'StoreCredit' and customer_id = {customer} and currency = {currency.Code} for update", ct)).FirstOrDefault();
    }

    /// The customer's store credit, opened where there is none. Two that open it at once: the second runs again.
    public async Task<Voucher> CreditFor(Guid customer, Currency currency, CancellationToken ct) => await CreditOf(customer, currency, ct) ?? await Open(VoucherKind.StoreCredit, null, customer, currency, null, ct);

    public async Task<Voucher> Open(VoucherKind kind, string? code, Guid? customer, Currency currency, DateOnly? expires, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var today = network.Day(db.Now);
        var voucher = new Voucher(
            db.NewId<Voucher>(), db.Company, await db.Numbers.Take(db.Company, kind is VoucherKind.GiftCard ? "GC" : "CR", today.Year, ct), kind, code is null ? null : CardCode.DigestOf(db.Company, code), code is null ? null : CardCode.Plain(code)[^4..],
            customer, Money.Zero(currency), currency, today, expires, null, null, null, db.Now, db.Work.Operation);
        db.Table<Voucher>().Insert([voucher]);
        return voucher;
    }

    /// What one step adds or takes. The books are told, unless an order's payment tells them or nothing is owed otherwise.
    public async Task Write(Voucher voucher, VoucherStep step, Money amount, string? reason, CancellationToken ct, string? method = null, Guid? order = null, Guid? payment = null)
    {
        var entry = new VoucherEntry(Guid.CreateVersion7(db.Now), db.Company, voucher.Id, step, amount, amount.Currency, order, payment, method, reason, db.Now, db.Work.Actor.Name, db.Work.Operation);
        db.Table<VoucherEntry>().Insert([entry]);
        db.Work.Concerns(voucher.Number);
        if (payment is not null || step is VoucherStep.Moved) return;
        var day = (await Network.Of(settings, ct)).Day(db.Now);
        db.Raise(new VoucherMoved(voucher.Ref, entry.Id, voucher.Kind, step, amount, method, voucher.CustomerId, day, db.Now));
    }

    /// Takes from a voucher what it pays of an order; the order's row is the caller's to write.
    public Task<Order> Redeem(Voucher voucher, Order order, Money amount, CancellationToken ct) => Pay(voucher, order, PaymentKind.Captured, amount, null, ct);

    /// Gives money of an order back to a voucher.
    public Task<Order> Return(Voucher voucher, Order order, Money amount, string reason, CancellationToken ct) => Pay(voucher, order, PaymentKind.Refunded, amount, reason, ct);

    /// What an order may still be worth to its customer: what has left where it is over, else all that is not credited.
    public static Money DueOf(Order order, Money credited) => order.Status is OrderStatus.Shipped or OrderStatus.Cancelled ? order.Invoiced : order.Gross - credited;

    /// Of each voucher what it paid of the orders and did not get back, the latest first; the vouchers are locked. A card that was replaced stands as the one that replaced it.
    public async Task<ILookup<Guid, (Voucher Voucher, Money Paid)>> Paid(IReadOnlyList<Guid> orders, CancellationToken ct)
    {
        db.Climb(Rung.Document);
        var vouchers = db.Ask<Voucher>($"{Columns} where company_id = {db.Company} and id in (select e.voucher_id from sales.voucher_entry e where e.order_id = any({orders})) order by id for update");
        var entries = db.Ask<VoucherEntry>($"{new SqlText.Verbatim($"select {RowMap<VoucherEntry>.Instance.Names} from sales.voucher_entry")} where company_id = {db.Company} and order_id = any({orders}) order by id desc");
        await db.Flush(ct);
        var byId = vouchers.Value.ToDictionary(v => v.Id);
        // A new card is younger than the lost one, so that rows are locked in the order of their keys.
        foreach (var lost in vouchers.Value)
        {
            var now = lost;
            while (now.ReplacedBy is { } fresh) now = byId.GetValueOrDefault(new Id<Voucher>(fresh)) ?? await Lock(new Id<Voucher>(fresh), ct) ?? throw new InvariantBroken($"{now.Number} is replaced by no card");
            byId[lost.Id] = now;
        }

        return entries.Value.GroupBy(e => (Order: e.OrderId!.Value, byId[e.VoucherId].Id))
            .Select(g => (g.Key.Order, Voucher: byId[g.First().VoucherId], Paid: g.Aggregate(Money.Zero(g.First().Currency), (sum, e) => sum - e.Amount)))
            .Where(p => p.Paid.Minor > 0).ToLookup(p => p.Order, p => (p.Voucher, p.Paid));
    }

    /// Puts back what vouchers paid of orders that ended, as far as it pays nothing that left. Orders are locked, and stand as they will.
    public async Task PutBack(IReadOnlyList<Order> ended, string reason, CancellationToken ct)
    {
        var paid = ended.Where(o => o.Paid > o.Invoiced).ToArray();
        if (paid.Length == 0) return;
        var gave = await Paid([.. paid.Select(o => o.Id.Value)], ct);
        var changed = new List<Order>();
        foreach (var order in paid.Where(o => gave.Contains(o.Id.Value)))
        {
            var (now, _) = await Back(order, gave[order.Id.Value], order.Paid - order.Invoiced, reason, ct);
            if (now.Paid != order.Paid) changed.Add(now);
        }

        db.Orders.Update(changed, nameof(Order.Paid));
    }

    /// Gives back to the vouchers that paid, each at most what it gave; answers what none of them takes. An expired card takes nothing: it could not be spent.
    public async Task<(Order Order, Money Left)> Back(Order order, IEnumerable<(Voucher Voucher, Money Paid)> gave, Money amount, string reason, CancellationToken ct)
    {
        var left = amount;
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        foreach (var (voucher, paid) in gave)
        {
            if (left.Minor <= 0) break;
            if (voucher.ExpiresOn < today) continue;
            var part = paid < left ? paid : left;
            order = await Return(voucher, order, part, reason, ct);
            left -= part;
        }

        return (order, left);
    }

    private async Task<Order> Pay(Voucher voucher, Order order, PaymentKind kind, Money amount, string? reason, CancellationToken ct)
    {
        var payment = Guid.CreateVersion7(db.Now);
        var taken = kind is PaymentKind.Captured;
        await Write(voucher, taken ? VoucherStep.Redeemed : VoucherStep.Returned, taken ? -amount : amount, reason, ct, order: order.Id.Value, payment: payment);
        return await paying.Record(order, kind, voucher.Method, amount, $"{voucher.Number} {payment:N}", null, ct, key: payment);
    }
}
