using Keel.Stock.Contract;

namespace Keel.Stock;

/// Writes what one snapshot or event of an external site tells into the shelf: into doubt, or into the books.
internal sealed class DriftBooking(KeelDb db, Shelf shelf, Places places, Network network, NodeCode node, DocumentRef cause, string number, ReasonCode reason, DateTimeOffset happenedAt)
{
    private readonly List<ValuedLine> lines = [];
    private readonly DateOnly day = network.DayAt(node, happenedAt);
    private int at;

    /// The paper on which it is booked.
    public DocumentRef Document { get; } = new(number.StartsWith("CH", StringComparison.Ordinal) ? "change" : "adjustment", db.NewId<StockDocument>().Value, number);

    public List<ExternalDoubt> Doubts { get; } = [];

    /// SKUs of which there is more to sell now.
    public HashSet<Sku> More { get; } = [];

    /// What is missing of good units is promised to nobody from now on; the rest waits for a decision as it is.
    public ExternalLine Doubt(ExternalLine line)
    {
        if (line.Condition is not GoodsCondition.Good || !line.Drift.IsNegative) return line;
        var paper = new Paper(cause, "in doubt", happenedAt, day);
        foreach (var (level, quantity) in Take(Key(line), line.Condition, -line.Drift))
        {
            shelf.Move(level.Goods(quantity) with { Package = "" }, level.Key.Location, Place.Doubt(node), paper, ++at);
            Doubts.Add(new ExternalDoubt(cause.Id, db.Company, node, line.Sku, level.Key.Location, level.Key.Lot, quantity));
        }

        return line;
    }

    /// Books a difference as an adjustment: what stands in doubt for it first. Nothing where nobody knows of which lot what was found is.
    public ExternalLine? Accept(ExternalLine line, IReadOnlyList<ExternalDoubt> doubts, string by)
    {
        var paper = new Paper(Document, reason.Text, happenedAt, day);
        var left = line.Drift;
        if (left.IsPositive)
        {
            if (shelf.All(Key(line)).Any(l => l.Key.Lot.Length > 0)) return null;
            Book(line.Sku, left, shelf.Move(new Goods(line.Sku, left) { Condition = line.Condition }, Place.Loss, Place.In(node, "STOCK"), paper, ++at));
            if (line.Condition is GoodsCondition.Good) More.Add(line.Sku);
        }
        else
        {
            foreach (var doubt in doubts)
            {
                Book(line.Sku, -doubt.Quantity, shelf.Move(new Goods(line.Sku, doubt.Quantity, doubt.Lot), Place.Doubt(node), Place.Loss, paper, ++at));
                left += doubt.Quantity;
            }

            foreach (var (level, quantity) in Take(Key(line), line.Condition, -left)) Book(line.Sku, -quantity, shelf.Move(level.Goods(quantity), level.Key.Location, Place.Loss, paper, ++at));
        }

        return line with { State = DriftState.Accepted, DecidedAt = db.Now, DecidedBy = by, DocumentId = Document.Id };
    }

    /// Books what an event tells as far as the goods are there, and says how many.
    public Quantity Follow(ExternalEvent told, Lot? lot)
    {
        var (paper, key) = (new Paper(Document, reason.Text, happenedAt, day), new PositionKey(db.Company, told.Sku, node, PositionKey.Own));
        if (told.Kind is ExternalEventKind.Found)
        {
            Book(told.Sku, told.Quantity, shelf.Move(new Goods(told.Sku, told.Quantity, told.Lot) { SellUntil = lot?.SellUntil }, Place.Loss, Place.In(node, "STOCK"), paper, ++at));
            More.Add(told.Sku);
            return told.Quantity;
        }

        var booked = new Quantity();
        var (was, becomes) = told.Kind is ExternalEventKind.GoodAgain ? (GoodsCondition.Damaged, GoodsCondition.Good) : (GoodsCondition.Good, GoodsCondition.Damaged);
        foreach (var (level, quantity) in Take(key, was, told.Quantity, told.Lot))
        {
            booked += quantity;
            if (told.Kind is ExternalEventKind.Lost) Book(told.Sku, -quantity, shelf.Move(level.Goods(quantity), level.Key.Location, Place.Loss, paper, ++at));
            else shelf.Turn(level.Goods(quantity), level.Goods(quantity) with { Condition = becomes }, level.Key.Location, level.Key.Location, paper, ++at);
        }

        if (told.Kind is ExternalEventKind.GoodAgain && booked.IsPositive) More.Add(told.Sku);
        return booked;
    }

    /// The paper of goods that became of another condition where they lie.
    public void WriteChange(string why) => db.StockDocuments.Insert(new StockDocument(
        Document.Id, db.Company, StockDocumentKind.Change, number, node, null, null, why, at, Money.Zero(network.Company.Currency), network.Company.Currency, happenedAt, db.Now, day, db.Work.Operation, cause.Id, cause.Number));

    public async Task Write(Settings settings, CancellationToken ct)
    {
        if (lines.Count == 0) return;
        var why = (await Reasons.Of(settings, ct)).ByCode[reason];
        var value = lines.Select(l => l.Value).Aggregate((a, b) => a + b);
        db.StockDocuments.Insert(new StockDocument(
            Document.Id, db.Company, StockDocumentKind.Adjustment, number, node, null, null, reason.Text, lines.Count, value, value.Currency, happenedAt, db.Now, day, db.Work.Operation, cause.Id,
            cause.Number, db.Work.ApprovedBy));
        db.Raise(new StockAdjusted(Document, node, day, happenedAt, reason, lines) { PostsAs = why.PostsAs, ApprovedBy = db.Work.ApprovedBy });
    }

    private PositionKey Key(ExternalLine line) => new(db.Company, line.Sku, node, PositionKey.Own);

    /// The levels from which so many are taken: what is not set aside first. What is gone since cannot be taken away again.
    private List<(Level Level, Quantity Quantity)> Take(PositionKey key, GoodsCondition condition, Quantity wanted, string lot = "")
    {
        var taken = new List<(Level, Quantity)>();
        foreach (var level in shelf.All(key).Where(l => l.Key.Condition == condition && (lot.Length == 0 || l.Key.Lot == lot) && l.Key.Package.Length == 0 && places.ByCode[l.Key.Location].Kind is not PlaceKind.Doubt)
            .OrderByDescending(l => l.Free).ThenBy(l => l.Key.Location).ThenBy(l => l.Key.Lot, StringComparer.Ordinal).ToArray())
        {
            var quantity = Quantity.Min(wanted, level.OnHand);
            if (!quantity.IsPositive) continue;
            taken.Add((level, quantity));
            wanted -= quantity;
        }

        return taken;
    }

    private void Book(Sku sku, Quantity quantity, StockMove move) => lines.Add(new ValuedLine(sku, quantity, move.Value!.Value));
}
