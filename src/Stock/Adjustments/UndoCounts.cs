using Keel.Stock.Contract;

namespace Keel.Stock;

/// Takes counts of a file back by a counter adjustment, where nothing moved since and nothing of it is promised. What was counted stays in the
/// book as it was.
internal sealed class UndoCounts(KeelDb db, StockDesk stock) : IUndoRows
{
    public sealed record Trace(LocationCode Location, Sku Sku, ReasonCode Reason, IReadOnlyList<Guid> Documents, LotCode? Lot = null);

    public static string Says => "A counter adjustment takes the difference out again, in goods and in the books, where nothing moved since and nothing of it is promised.";

    public async Task<IReadOnlyList<string?>> Undo(IReadOnlyList<RowTrace> rows, CancellationToken ct)
    {
        var traces = rows.Select(r => r.As<Trace>()).ToArray();
        var documents = traces.SelectMany(t => t.Documents).Distinct().ToArray();
        var skus = traces.Select(t => t.Sku).Distinct().Order().ToArray();
        // The positions are locked before anything is asked, in the order of everybody else, so that what is found here still holds when it is
        // put right. The ladder is climbed by the adjustment itself, which names its papers first.
        var positions = await db.Query<Held>($"select sku, node, owner, sellable, reserved from stock.position where company_id = {db.Company} and sku = any({skus}) order by sku, node, owner for update", ct);
        var free = positions.ToDictionary(p => (p.Sku, p.Node, p.Owner), p => p.Sellable - p.Reserved);
        var moved = (await db.Query<Moved>(
            $"""
            select m.sku, m.lot, m.package, m.owner, m.condition, case when m.from_location = {Place.Loss} then m.to_location else m.from_location end as location, case when m.from_location = {Place.Loss} then m.to_node else m.from_node end as node,
              case when m.from_location = {Place.Loss} then m.quantity else -m.quantity end as variance, l.on_hand,
              exists (select from stock.move s where s.company_id = m.company_id and s.sku = m.sku and s.recorded_at >= m.recorded_at and s.operation <> m.operation
                and case when m.from_location = {Place.Loss} then m.to_location else m.from_location end in (s.from_location, s.to_location)) as touched
            from stock.move m
            left join stock.level l on l.company_id = m.company_id and l.sku = m.sku and l.location = case when m.from_location = {Place.Loss} then m.to_location else m.from_location end
              and l.lot = m.lot and l.package = m.package and l.owner = m.owner and l.condition = m.condition
            where m.document_id = any({documents})
            """, ct)).ToLookup(m => (m.Sku, m.Location));

        var answers = traces.Select(WhyNot).ToArray();
        Count[] back = [.. traces.Where((_, i) => answers[i] is null).SelectMany(t => Moves(t).Select(m =>
            new Count(t.Location, t.Sku, (m.OnHand ?? 0) - m.Variance, t.Reason, "The import that counted it was undone.") 
            {
                Lot = m.Lot.Length == 0 ? default(LotCode?) : LotCode.From(m.Lot), Package = m.Package, Owner = m.Owner, Condition = m.Condition,
            }))];
        if (back.Length == 0) return answers;
        var papers = await stock.Adjust(back, ct);
        return papers.Ok ? answers : [.. answers.Select(a => a ?? papers.Error!.Message)];

        string? WhyNot(Trace trace)
        {
            var moves = Moves(trace).ToArray();
            if (moves.Length == 0) return "It counted what stood in the book: there is nothing to take back.";
            if (moves.Any(m => m.Touched)) return "Goods moved there since.";
            var variance = moves.Sum(m => m.Variance);
            if (!variance.IsPositive || moves[0].Condition is not GoodsCondition.Good) return null;
            var key = (trace.Sku, moves[0].Node, moves[0].Owner);
            var left = free.GetValueOrDefault(key);
            if (left < variance) return $"{(variance - left).Units:0.###} of them are promised already.";
            free[key] = left - variance;
            return null;
        }

        IEnumerable<Moved> Moves(Trace trace) => moved[(trace.Sku, trace.Location)].Where(m => trace.Lot is not { } lot || m.Lot == lot.Text);
    }

    private sealed record Held(Sku Sku, NodeCode Node, string Owner, Quantity Sellable, Quantity Reserved);

    private sealed record Moved(Sku Sku, string Lot, string Package, string Owner, GoodsCondition Condition, LocationCode Location, NodeCode Node, Quantity Variance, Quantity? OnHand, bool Touched);
}
