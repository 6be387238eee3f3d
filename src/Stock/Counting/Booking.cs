using Keel.Stock.Contract;

namespace Keel.Stock;

/// Writes the differences of one count into the shelf: into doubt, out of it, and into the books.
internal sealed class Booking(KeelDb db, Shelf shelf, CountTask task, Network network, Reason reason, string? number, IReadOnlyDictionary<(Sku Sku, string Lot), DateOnly?> until)
{
    private readonly List<ValuedLine> lines = [];
    private readonly HashSet<Sku> more = [];
    private readonly DocumentRef document = new("adjustment", db.NewId<StockDocument>().Value, number ?? "");
    private readonly DateOnly day = network.DayAt(task.Node, db.Now);

    /// Whether anything goes into the books.
    public bool Booked => lines.Count > 0;

    /// The difference is decided: what was in doubt is back in its place, and what is missing or too many there goes into the books.
    public CountLine Settle(CountLine line, Quantity difference)
    {
        var held = Hold(line, 0);
        var value = Money.Zero(network.Company.Currency);
        if (!difference.IsZero)
        {
            var paper = new Paper(document, reason.Code.Text, db.Now, day);
            var goods = new Goods(line.Sku, difference.IsPositive ? difference : -difference, line.Lot) { SellUntil = until.GetValueOrDefault((line.Sku, line.Lot)) };
            var move = difference.IsPositive ? shelf.Move(goods, Place.Loss, line.Location, paper, line.Line) : shelf.Move(goods, line.Location, Place.Loss, paper, line.Line);
            value = move.Value!.Value;
            lines.Add(new ValuedLine(line.Sku, difference, value));
        }

        if ((line.InDoubt + difference).IsPositive) more.Add(line.Sku);
        return held with { Difference = difference, Value = value, DecidedAt = db.Now };
    }

    /// What is missing stands in doubt; what was in doubt and is not missing is back in its place.
    public CountLine Hold(CountLine line, Quantity difference)
    {
        var doubt = Quantity.Max(0, -difference);
        var paper = new Paper(task.Ref, doubt > line.InDoubt ? "in doubt" : "not in doubt any more", db.Now, day);
        if (doubt > line.InDoubt) shelf.Move(new Goods(line.Sku, doubt - line.InDoubt, line.Lot), line.Location, Place.Doubt(task.Node), paper, line.Line);
        if (doubt < line.InDoubt)
        {
            shelf.Move(new Goods(line.Sku, line.InDoubt - doubt, line.Lot), Place.Doubt(task.Node), line.Location, paper, line.Line);
            more.Add(line.Sku);
        }

        return line with { InDoubt = doubt };
    }

    public void Write()
    {
        if (lines.Count > 0)
        {
            var value = lines.Select(l => l.Value).Aggregate((a, b) => a + b);
            db.StockDocuments.Insert(new StockDocument(
                document.Id, db.Company, StockDocumentKind.Adjustment, document.Number, task.Node, null, null, reason.Code.Text, lines.Count, value, value.Currency, db.Now, db.Now, day,
                db.Work.Operation, task.Id.Value, task.Number, db.Work.ApprovedBy ?? Decider));
            db.Raise(new StockAdjusted(document, task.Node, day, db.Now, reason.Code, lines) { PostsAs = reason.PostsAs, ApprovedBy = db.Work.ApprovedBy ?? Decider });
        }

        if (more.Count > 0) db.Raise(new StockArrived(task.Node, [.. more.Order()]));
    }

    /// Whoever decides about what two others found.
    private string? Decider => task.Status is CountStatus.ToApprove ? db.Work.Actor.Name : null;
}
