namespace Keel.Sales;

/// Writes down how risky new orders looked, and opens the queue of those that are stopped for it.
internal sealed class RiskBook(KeelDb db, CaseDesk cases)
{
    public void Keep(IReadOnlyList<(Order Order, Score? Risk)> orders, int policyVersion)
    {
        var scored = orders.Where(o => o.Risk is not null).ToArray();
        if (scored.Length == 0) return;
        db.Table<ScoredOrder>().Insert([.. scored.Select(s => new ScoredOrder(
            s.Order.Id, db.Company, s.Risk!.Points, s.Risk.Effect, s.Risk.Reasons, policyVersion, s.Risk.ModelVersion, db.Now, db.Work.Operation))]);
        cases.Open([.. scored.Where(s => s.Risk!.Effect is RiskEffect.Hold).Select(s => (Holds.CaseOf(Holds.Fraud), s.Order.Ref, $"{s.Order.Number}: {s.Risk!.Sentence}"))]);
    }
}
