namespace Keel.Stock;

/// What a request would do to goods: which it moves from where to where, what it promises, and which promises give way.
internal sealed class ForetellMoves : IForetell
{
    private const int Most = 12;

    public ValueTask<IReadOnlyList<Foretold>> Tell(Made made, CancellationToken ct)
    {
        var moves = made.Of<StockMove>();
        var told = moves.Take(Most).Select(Words).ToList();
        if (moves.Count > Most) told.Add($"and {moves.Count - Most} moves more.");
        told.AddRange(made.Of<Reservation>().GroupBy(r => (r.Sku, r.Node)).Select(g => $"Promises {Sum(g.Select(r => r.Taken))} × {g.Key.Sku} from {g.Key.Node}."));
        var displaced = made.Of<ReservationStep>().Where(s => s.Kind is StepKind.Displaced).ToArray();
        if (displaced.Length > 0) told.Add($"Takes back {Sum(displaced.Select(d => d.Quantity))} units that are promised already{(displaced.Select(d => d.DocumentId).Distinct().Count() is > 1 and var many ? $", to {many} documents" : "")}.");
        return ValueTask.FromResult<IReadOnlyList<Foretold>>([.. told.Select(sentence => new Foretold("Stock", sentence))]);
    }

    private static string Words(StockMove move) => move.Quantity.IsZero
        ? move.Value!.Value.IsNegative ? $"{move.Sku} is worth {-move.Value.Value} less." : $"{move.Sku} is worth {move.Value.Value} more."
        : $"Moves {move.Quantity} × {move.Sku} from {Place(move.FromNode, move.FromLocation)} to {Place(move.ToNode, move.ToLocation)}.";

    private static string Place(NodeCode node, LocationCode location) => node.Text is { Length: > 0 } ? location.ToString() : location.ToString().ToLowerInvariant();

    private static Quantity Sum(IEnumerable<Quantity> some) => some.Aggregate(Quantity.Zero, (sum, one) => sum + one);
}
