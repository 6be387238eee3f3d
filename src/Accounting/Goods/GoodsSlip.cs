using Keel.Ledger.Contract;
using Keel.Stock.Contract;

namespace Keel.Accounting;

/// The slip of a fact about goods, with the dimensions that the fact names. Goods are valued in company currency.
internal static class GoodsSlip
{
    public static Slip Of(StockFact fact, string sentence, string part) =>
        new(Journals.Stock, fact.Document, fact.Day, fact.HappenedAt, sentence, new Dimensions(fact.Channel, fact.Node, fact.Partner, fact.Order?.Id)) { Part = part };

    /// Each line's value goes from one role to another.
    public static Slip Move(this Slip slip, IReadOnlyList<ValuedLine> lines, string debit, string credit)
    {
        foreach (var line in lines)
        {
            slip.Debit(debit, line.Value, line.Sku);
            slip.Credit(credit, line.Value, line.Sku);
        }

        return slip;
    }
}
