using Keel.Ledger.Contract;
using Keel.Pricing.Contract;
using Keel.Sales.Contract;

namespace Keel.Accounting;

/// An invoice is revenue, tax that we owe, and what the customer or the marketplace still has to pay; what was paid before is taken out of
/// the deposit. Tax that the marketplace owes is never ours. A credit note is its mirror image on accounts of its own. Where the sale counts at
/// delivery the revenue waits for it.
internal sealed class PostRevenue(Settings settings, Policies policies, Bookkeeper books, CreditDesk credit, Deferring deferring) : IHandle<InvoiceIssued>
{
    public async Task Handle(InvoiceIssued invoice, CancellationToken ct)
    {
        var about = new Dimensions(invoice.Channel, invoice.Node, invoice.Partner, invoice.Order.Id);
        var waits = invoice.Shipment is not null && await deferring.Waits(invoice.Channel, invoice.DeliveryTerm, ct);
        var sentence = invoice.IsCredit ? $"Credit note for {invoice.Order}" : $"Invoice for {invoice.Order}{(waits ? "; its revenue waits for the delivery" : "")}";
        var slip = new Slip(Journals.Sales, invoice.Document, invoice.Day, invoice.HappenedAt, sentence, about);

        var ours = Ours(invoice);
        var left = AddRevenue(slip, invoice, ours, waits);
        Explain(slip, invoice, left);
        await AddDebt(slip, invoice, ours, ct);
        if (invoice.IsCredit) await GiveUp(slip, invoice, ct);
        var legs = await books.Post(slip, ct);
        if (waits && legs.Count > 0) deferring.Keep(DeferralPart.Revenue, invoice.Shipment!, slip, legs, invoice.Lines.Select(l => (l.Kind, l.Sku, l.Quantity)));
    }

    /// What is credited before it counted was never revenue: it comes out of what waits.
    private async Task GiveUp(Slip slip, InvoiceIssued note, CancellationToken ct)
    {
        foreach (var row in await deferring.GiveUp(DeferralPart.Revenue, note.Order.Id, [.. note.Lines.Select(l => (l.Kind, l.Sku, l.Quantity))], ct))
        {
            slip.Credit(Roles.Of(Roles.CreditedRevenue, row.Kind), row.Amount, row.Sku);
            if (row.Amount == row.CompanyAmount) slip.Debit(Roles.Of(Roles.DeferredRevenue, row.Kind), row.Amount, row.Sku);
            else slip.Take(Roles.Of(Roles.DeferredRevenue, row.Kind), row.Amount, row.CompanyAmount, row.Sku);
        }
    }

    /// What we may ask for: the gross without the tax that the marketplace collects and owes itself.
    private static Money Ours(InvoiceIssued invoice) =>
        invoice.Taxes.Where(t => t.Liable is LiableParty.Marketplace).Aggregate(invoice.Gross, (sum, t) => sum - t.Tax);

    /// Revenue and tax; answers what of the whole they leave unexplained.
    private static Money AddRevenue(Slip slip, InvoiceIssued invoice, Money whole, bool waits)
    {
        var left = whole;
        foreach (var line in invoice.Lines)
        {
            slip.Credit(Roles.Of(invoice.IsCredit ? Roles.CreditedRevenue : waits ? Roles.DeferredRevenue : Roles.Revenue, line.Kind), Signed(invoice, line.Net), line.Sku);
            left -= line.Net;
        }

        foreach (var tax in invoice.Taxes.Where(t => t.Liable is LiableParty.Us))
        {
            slip.Credit(Roles.Of(invoice.IsCredit ? Roles.CreditedTax : Roles.Tax, tax.Jurisdiction), Signed(invoice, tax.Tax));
            left -= tax.Tax;
        }

        return left;
    }

    private static void Explain(Slip slip, InvoiceIssued invoice, Money left)
    {
        var isRounding = Math.Abs(left.Minor) <= invoice.Lines.Count + invoice.Taxes.Count;
        slip.Credit(isRounding ? Roles.Rounding : Roles.UnexplainedInvoice, Signed(invoice, left));
    }

    private async Task AddDebt(Slip slip, InvoiceIssued invoice, Money ours, CancellationToken ct)
    {
        var before = invoice.PaidBefore <= ours ? invoice.PaidBefore : ours;
        var receivable = invoice.MarketplaceCollects ? Roles.MarketplaceReceivable : Roles.Receivable;
        if (invoice.IsCredit)
        {
            slip.Credit(Roles.Deposit, before, item: new ItemStep(ItemStepKind.Opens, Side.Credit, invoice.Order, invoice.Partner, invoice.Day));
            // What was never paid is owed no more; the rest we owe.
            var owed = ours - before - await Settle(slip, invoice, receivable, Side.Debit, ours - before, ct);
            slip.Credit(receivable, owed, item: new ItemStep(ItemStepKind.Opens, Side.Credit, invoice.Document, invoice.Partner, invoice.Day));
            return;
        }

        var paid = await TakeDeposit(slip, invoice, before, ct);
        if (invoice.MarketplaceCollects) paid += await Settle(slip, invoice, receivable, Side.Credit, before - paid, ct);
        var due = (await policies.Of<PaymentTerms>(ct)).Choice.DueDay(invoice.Day, invoice.DaysToPay, invoice.MarketplaceCollects);
        slip.Debit(receivable, ours - paid, item: new ItemStep(ItemStepKind.Opens, Side.Debit, invoice.Document, invoice.Partner, due));
    }

    /// Settles what is open of the order on one side, at most so much; answers how much it was.
    private async Task<Money> Settle(Slip slip, InvoiceIssued invoice, string role, Side side, Money most, CancellationToken ct)
    {
        var settled = Money.Zero(most.Currency);
        if (most.Minor <= 0 || await AccountOf(role, invoice, ct) is not { } account) return settled;
        foreach (var settling in await credit.SettleOrder(invoice.Order.Id, side, account, most, ct))
        {
            slip.Settle(role, settling);
            settled += settling.Amount;
        }

        return settled;
    }

    /// What the order's deposit gives. In company currency a shop's deposit is taken at its face, unseen; in another currency at the rate of
    /// the day it was paid. What a marketplace paid ahead may stand in its credit notes instead: there the deposit is looked at.
    private async Task<Money> TakeDeposit(Slip slip, InvoiceIssued invoice, Money amount, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (amount.Minor <= 0) return Money.Zero(amount.Currency);
        if (amount.Currency != network.Company.Currency || invoice.MarketplaceCollects)
        {
            var item = await AccountOf(Roles.Deposit, invoice, ct) is { } deposits ? await credit.ItemOf(deposits, invoice.Order.Id, amount.Currency, ct) : null;
            if (item is { Side: Side.Credit } && (item.OpenAmount >= amount || invoice.MarketplaceCollects))
            {
                var taken = item.OpenAmount <= amount ? item.OpenAmount : amount;
                slip.Settle(Roles.Deposit, item.Take(taken));
                return taken;
            }

            if (invoice.MarketplaceCollects) return Money.Zero(amount.Currency);
        }

        slip.Debit(Roles.Deposit, amount, item: new ItemStep(ItemStepKind.Settles, Side.Credit, invoice.Order, invoice.Partner, invoice.Day));
        return amount;
    }

    private async Task<AccountCode?> AccountOf(string role, InvoiceIssued invoice, CancellationToken ct) =>
        (await RuleBook.Of(settings, ct)).AccountFor(role, invoice.Channel, null, invoice.Day);

    private static Money Signed(InvoiceIssued invoice, Money amount) => invoice.IsCredit ? -amount : amount;
}
