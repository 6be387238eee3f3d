using Keel.Stock.Contract;

namespace Keel.Stock;

/// Tells who lost a promise to a fact: a case each, and word to the document after the commit.
internal sealed class StockFacts(KeelDb db, CaseDesk cases)
{
    public void Tell(IReadOnlyList<(Reservation Loser, Quantity Lost)> lost, string fact)
    {
        cases.Open([.. lost.GroupBy(l => l.Loser.DocumentId).Select(g =>
        {
            var first = g.First().Loser;
            var what = string.Join(", ", g.Select(l => $"{l.Lost} × {l.Loser.Sku} at {l.Loser.Node}"));
            return (StockCases.Displaced, first.Document, $"{first.DocumentNumber} lost {what}: less is there than was promised ({fact}).");
        })]);
        foreach (var (loser, quantity) in lost) db.Raise(new PromiseDisplaced(loser.Document, loser.Kind, loser.Sku, loser.Node, quantity, fact));
    }
}
