using Keel.Ledger.Contract;

namespace Keel.Ledger;

/// The entries that a request would post, for those who may read the books: a line per account and side.
internal sealed class ForetellEntries(KeelDb db) : IForetell
{
    public async ValueTask<IReadOnlyList<Foretold>> Tell(Made made, CancellationToken ct)
    {
        var postings = made.Of<Posting>();
        if (postings.Count == 0 || !db.Work.Actor.May(LedgerPermissions.Read)) return [];
        var names = (await db.Query<Account>($"select * from ledger.account where company_id = {db.Company}", ct)).ToDictionary(a => a.Code, a => a.Name);
        return
        [
            .. postings.GroupBy(p => (p.Account, Debit: !p.CompanyAmount.IsNegative, p.CompanyAmountCurrency)).OrderByDescending(g => g.Key.Debit)
                .Select(g => (g.Key, Sum: g.Aggregate(Money.Zero(g.Key.CompanyAmountCurrency), (sum, p) => sum + p.CompanyAmount)))
                .Where(g => !g.Sum.IsZero)
                .Select(g => new Foretold("Books", $"{(g.Key.Debit ? "Debits" : "Credits")} {names.GetValueOrDefault(g.Key.Account, "the account")} ({g.Key.Account}) with {(g.Key.Debit ? g.Sum : -g.Sum)}.")),
        ];
    }
}
