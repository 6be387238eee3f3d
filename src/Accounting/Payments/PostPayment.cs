using Keel.Ledger.Contract;
using Keel.Sales.Contract;

namespace Keel.Accounting;

/// Money that came settles what is open of the order, and the rest stands as the customer's deposit. Money that went back comes out of
/// credit notes first, then out of the deposit. A promise of money is no money: nothing is posted.
internal sealed class PostPayment(Settings settings, Bookkeeper books, CreditDesk credit) : IHandle<PaymentRecorded>
{
    public async Task Handle(PaymentRecorded payment, CancellationToken ct)
    {
        if (payment.Kind is PaymentKind.Authorised || payment.Amount.IsZero) return;
        var received = payment.Kind is PaymentKind.Captured;
        var slip = new Slip(
            Journals.Money, new DocumentRef("payment", payment.Payment, payment.Order.Number), payment.Day, payment.HappenedAt,
            received ? $"Payment for {payment.Order} by {payment.Method}" : $"Refund for {payment.Order} by {payment.Method}",
            new Dimensions(payment.Channel, payment.Node, payment.Partner, payment.Order.Id));

        if (received) await Receive(slip, payment, ct);
        else await Refund(slip, payment, ct);
        await books.Post(slip, ct);
    }

    private async Task Receive(Slip slip, PaymentRecorded payment, CancellationToken ct)
    {
        slip.Debit(Roles.Of(Roles.MoneyIn, payment.Method), payment.Amount);
        var left = await Settle(slip, payment, Side.Debit, payment.SettlesInvoices, ct);
        var deposit = payment.Amount - payment.SettlesInvoices + left;
        slip.Credit(Roles.Deposit, deposit, item: new ItemStep(ItemStepKind.Opens, Side.Credit, payment.Order, payment.Partner, payment.Day));
    }

    private async Task Refund(Slip slip, PaymentRecorded payment, CancellationToken ct)
    {
        slip.Credit(Roles.Of(Roles.MoneyOut, payment.Method), payment.Amount);
        var credits = payment.SettlesCredits ?? Money.Zero(payment.Amount.Currency);
        var left = payment.Amount - credits + await Settle(slip, payment, Side.Credit, credits, ct);
        if (left.Minor > 0 && await AccountOf(Roles.Deposit, payment, ct) is { } deposits
            && await credit.ItemOf(deposits, payment.Order.Id, left.Currency, ct) is { Side: Side.Credit } item)
        {
            var taken = item.OpenAmount <= left ? item.OpenAmount : left;
            slip.Settle(Roles.Deposit, item.Take(taken));
            left -= taken;
        }

        slip.Debit(Roles.UnexplainedRefund, left);
    }

    /// Settles what is open of the order on one side; answers what no item took.
    private async Task<Money> Settle(Slip slip, PaymentRecorded payment, Side side, Money amount, CancellationToken ct)
    {
        var left = amount;
        foreach (var role in await ReceivableRoles(payment, ct))
        {
            if (left.Minor <= 0) break;
            if (await AccountOf(role, payment, ct) is not { } account) continue;
            foreach (var settling in await credit.SettleOrder(payment.Order.Id, side, account, left, ct))
            {
                slip.Settle(role, settling);
                left -= settling.Amount;
            }
        }

        return left;
    }

    /// A marketplace pays what it owes first; a customer what the customer owes.
    private async Task<string[]> ReceivableRoles(PaymentRecorded payment, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        return network.Channels.TryGetValue(payment.Channel, out var channel) && channel.IsMarketplace
            ? [Roles.MarketplaceReceivable, Roles.Receivable]
            : [Roles.Receivable];
    }

    private async Task<AccountCode?> AccountOf(string role, PaymentRecorded payment, CancellationToken ct)
    {
        var rules = await RuleBook.Of(settings, ct);
        return rules.AccountFor(role, payment.Channel, null, payment.Day);
    }
}
