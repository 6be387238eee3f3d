using Keel.Ledger.Contract;
using Keel.Stock.Contract;

namespace Keel.Accounting;

/// A change of value without goods: what is there is worth more or less by it, and what late cost falls on goods that are gone goes to the cost of sales,
/// or, beyond a standard, to the price variance. The other side is said by the cause.
internal sealed class PostRevaluation(Bookkeeper books) : IHandle<StockRevalued>
{
    public Task Handle(StockRevalued changed, CancellationToken ct)
    {
        var site = string.IsNullOrEmpty(changed.Node.Text) ? default(NodeCode?) : changed.Node;
        var (word, sentence) = changed.Cause switch
        {
            RevaluationCause.PurchasePrice => ("purchase-price", changed.Document.Kind is "transfer" ? "Goods came at another cost than the standard with" : "Paid beyond the standard cost with"),
            RevaluationCause.Standard => ("standard", "Standard cost changed with"),
            RevaluationCause.WriteDown => ("write-down", "Goods valued at what they bring with"),
            RevaluationCause.LandedCost => ("landed-cost", "Landed cost"),
            RevaluationCause.BilledPrice => ("billed-price", "Billed at another price, with"),
            _ => ("by-hand", "Goods revalued with"),
        };
        var slip = new Slip(Journals.Stock, changed.Document, changed.Day, changed.HappenedAt, $"{sentence} {changed.Document}", new Dimensions(Node: site, Partner: changed.Partner)) { Part = $"{word}/{site}" };
        var other = $"{Roles.Revalued}.{word}";
        if (changed.Said.Count > 0) return books.Post(Foreign(slip, changed, other), ct);
        slip.Move(changed.Lines, Roles.RevaluedInventory, other);
        slip.Move(changed.Sold, Roles.RevaluedSold, other);
        slip.Move(changed.Variance, Roles.Revalued + ".purchase-price", other);
        return books.Post(slip, ct);
    }

    private static Slip Foreign(Slip slip, StockRevalued changed, string other)
    {
        var value = Money.Zero(changed.Said[0].Value.Currency);
        foreach (var (lines, role) in new[] { (changed.Lines, Roles.RevaluedInventory), (changed.Sold, Roles.RevaluedSold), (changed.Variance, Roles.Revalued + ".purchase-price") })
        {
            foreach (var line in lines)
            {
                slip.Debit(role, line.Value, line.Sku);
                value += line.Value;
            }
        }

        return slip.Owe(other, value, changed.Said);
    }
}
