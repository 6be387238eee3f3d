namespace Keel.Ledger;

/// Divides a payment over open items: the oldest due first, or the largest first. The company amount of a part is its share of what the
/// item stands at, and the last part takes what is left, so that a settled item leaves nothing behind in the book.
internal static class Division
{
    public static IReadOnlyList<Settling> Of(IReadOnlyList<OpenItem> items, Money payment, SettleFirst first)
    {
        var ordered = first is SettleFirst.Oldest
            ? items.OrderBy(i => i.DueDay).ThenBy(i => i.Document.Number, StringComparer.Ordinal).ThenBy(i => i.Document.Id)
            : items.OrderByDescending(i => i.OpenAmount.Minor).ThenBy(i => i.DueDay).ThenBy(i => i.Document.Id);
        var settled = new List<Settling>();
        var left = payment;
        foreach (var item in ordered)
        {
            if (left.Minor <= 0) break;
            var amount = item.OpenAmount <= left ? item.OpenAmount : left;
            settled.Add(item.Take(amount));
            left -= amount;
        }

        return settled;
    }
}
