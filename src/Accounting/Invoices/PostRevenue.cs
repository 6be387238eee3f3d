using Keel.Ledger.Contract;
using Keel.Pricing.Contract;
using Keel.Sales.Contract;

namespace Keel.Accounting;

/// An invoice is revenue, tax that we owe, and what the customer or the marketplace still has to pay; what was paid before is taken out of
/// the deposit. Tax that the marketplace owes is never ours. A credit note is its mirror image on accounts of its own.
internal sealed class PostRevenue(Settings settings, Bookkeeper books, CreditDesk credit) : IHandle<InvoiceIssued>
{
    public async Task Handle(InvoiceIssued invoice, CancellationToken ct)
    {
        var about = new Dimensions(invoice.Channel, invoice.Node, invoice.Partner, invoice.Order.Id);
        var sentence = invoice.IsCredit ? $"Credit note for {invoice.Order}" : $"Invoice for {invoice.Order}";
        var slip = new Slip(Journals.Sales, invoice.Document, invoice.Day, invoice.HappenedAt, sentence, about);

        var ours = Ours(invoice);
        var left = AddRevenue(slip, invoice, ours);
        Explain(slip, invoice, left);
        await AddDebt(slip, invoice, ours, ct);
        await books.Post(slip, ct);
    }

    /// What we may ask for: the gross without the tax that the marketplace collects and owes itself.
    private static Money Ours(InvoiceIssued invoice) =>
        invoice.Taxes.Where(t => t.Liable is LiableParty.Marketplace).Aggregate(invoice.Gross, (sum, t) => sum - t.Tax);

    /// Revenue and tax; answers what of the whole they leave unexplained.
    private static Money AddRevenue(Slip slip, InvoiceIssued invoice, Money whole)
    {
        var left = whole;
        foreach (var line in invoice.Lines)
        {
            slip.Credit(Roles.Of(invoice.IsCredit ? Roles.CreditedRevenue : Roles.Revenue, line.Kind), Signed(invoice, line.Net), line.Sku);
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
        var unpaid = ours - before;
        var receivable = invoice.MarketplaceCollects ? Roles.MarketplaceReceivable : Roles.Receivable;
        if (invoice.IsCredit)
        {
            slip.Credit(Roles.Deposit, before, item: new ItemStep(ItemStepKind.Opens, Side.Credit, invoice.Order, invoice.Partner, invoice.Day));
            slip.Credit(receivable, unpaid, item: new ItemStep(ItemStepKind.Opens, Side.Credit, invoice.Document, invoice.Partner, invoice.Day));
            return;
        }

        await TakeDeposit(slip, invoice, before, ct);
        slip.Debit(receivable, unpaid, item: new ItemStep(ItemStepKind.Opens, Side.Debit, invoice.Document, invoice.Partner, invoice.Day));
    }

    /// In company currency the deposit is taken at its face, unseen; in another it is taken at the rate of the day it was paid.
    private async Task TakeDeposit(Slip slip, InvoiceIssued invoice, Money amount, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (amount.IsZero) return;
        if (amount.Currency != network.Company.Currency)
        {
            var rules = await RuleBook.Of(settings, ct);
            var account = rules.AccountFor(Roles.Deposit, invoice.Channel, null, invoice.Day);
            if (account is { } deposits && await credit.ItemOf(deposits, invoice.Order.Id, amount.Currency, ct) is { } item && item.OpenAmount >= amount)
            {
                slip.Settle(Roles.Deposit, item.Take(amount));
                return;
            }
        }

        slip.Debit(Roles.Deposit, amount, item: new ItemStep(ItemStepKind.Settles, Side.Credit, invoice.Order, invoice.Partner, invoice.Day));
    }

    private static Money Signed(InvoiceIssued invoice, Money amount) => invoice.IsCredit ? -amount : amount;
}
