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

    /// So much is owed to whoever sent the goods or the charge. What of it was said in another currency stands there in that currency, at the rate of the
    /// bill; what that makes of it beyond what the goods took is an exchange difference.
    public static Slip Owe(this Slip slip, string role, Money value, IReadOnlyList<ForeignMoney> said)
    {
        slip.Credit(role, said.Aggregate(value, (left, f) => left - f.Value));
        foreach (var foreign in said)
        {
            slip.Take(role, -foreign.Amount, -(foreign.Value + foreign.Exchange), null, foreign.Rate);
            slip.Debit(Roles.ExchangeDifference, foreign.Exchange);
        }

        return slip;
    }
}
