using Keel.Stock.Contract;

namespace Keel.Stock;

/// What is shipped of a consignor's goods becomes ours in the same step: received at the agreed cost, owed, and issued at that cost. No cost pool sees it.
internal sealed class ConsignedIssues(KeelDb db, Network network, Owners owners)
{
    private readonly Queue<string> numbers = [];
    private readonly Dictionary<(Guid Issue, string Owner), Sold> sold = [];

    /// One paper for what an issue took of an owner.
    private sealed class Sold(StockDocument document)
    {
        public StockDocument Document => document;
        public List<ValuedLine> Lines { get; } = [];
        public List<OwnerUse> Uses { get; } = [];
    }

    /// The positions that goods of a SKU may leave from.
    public IEnumerable<PositionKey> Keys(Sku sku, NodeCode node) => owners.Of(sku) is { Count: > 0 } others
        ? [new PositionKey(db.Company, sku, node, PositionKey.Own), .. others.Select(o => new PositionKey(db.Company, sku, node, o.Code))]
        : [new PositionKey(db.Company, sku, node, PositionKey.Own)];

    /// Numbers are taken before rows are locked; those that are not needed stay missing.
    public async Task Prepare(IReadOnlyList<IssueRequest> issues, CancellationToken ct)
    {
        var most = owners.IsEmpty ? 0 : issues.Sum(i => i.Lines.SelectMany(l => owners.Of(l.Sku)).Distinct().Count());
        if (most == 0) return;
        foreach (var number in await db.Numbers.Take(db.Company, "OW", db.Now.Year, most, ct)) numbers.Enqueue(number);
    }

    /// How many of a line leave for each owner, by what is promised: our own first.
    public static IEnumerable<(string Owner, Quantity Quantity)> ByOwner(Shelf shelf, Quantity wanted, IEnumerable<Reservation> promises)
    {
        foreach (var owner in promises.GroupBy(r => r.Owner).OrderBy(g => g.Key != PositionKey.Own).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            var quantity = Quantity.Min(wanted, owner.Sum(shelf.OpenOf));
            if (!quantity.IsPositive) continue;
            wanted -= quantity;
            yield return (owner.Key, quantity);
        }
    }

    /// Takes promised goods of an owner out of their bins: they become ours on a paper of their own, and leave on the paper of the issue. Says what they cost.
    public Money Sell(Shelf shelf, PositionKey position, IssueLine line, IssueRequest issue, Paper paper, IEnumerable<Reservation> promises, IEnumerable<Allocation> allocations, Emptying emptying)
    {
        if (!sold.TryGetValue((issue.Document.Id, position.Owner), out var one)) sold[(issue.Document.Id, position.Owner)] = one = new Sold(Document(position, issue, paper));
        var unit = owners.CostOf(position.Owner, line.Sku, paper.Day) ?? owners.CostOf(position.Owner, line.Sku, DateOnly.MaxValue) ?? throw new InvariantBroken($"Nobody agreed with {position.Owner} what {line.Sku} costs.");
        var (value, before, first) = (unit.Times(line.Quantity), Quantity.Zero, shelf.Moves.Count);
        Issuing.TakeOut(shelf, position, line, paper with { Document = one.Document.Ref, Reason = "became ours" }, Place.Owner, "shipped on " + issue.Document.Number, promises, allocations, emptying);
        foreach (var left in shelf.Moves.Skip(first).ToArray())
        {
            shelf.Move(new Goods(left.Sku, left.Quantity, left.Lot, left.Package), Place.Owner, Place.Customer, paper with { Node = issue.Node }, line.Line);
            var share = value.Share(before + left.Quantity, line.Quantity) - value.Share(before, line.Quantity);
            before += left.Quantity;
            one.Uses.Add(OwnedGoods.Use(db, left, unit, share, OwnerUseHow.Sold, issue.Document, one.Document));
        }

        one.Lines.Add(new ValuedLine(line.Sku, line.Quantity, value));
        return value;
    }

    /// Tells that what an issue took of others was received.
    public void Tell(IssueRequest issue)
    {
        foreach (var one in sold.Where(s => s.Key.Issue == issue.Document.Id).OrderBy(s => s.Key.Owner, StringComparer.Ordinal).Select(s => s.Value))
            db.Raise(new GoodsReceived(one.Document.Ref, issue.Node, one.Document.Day, one.Document.HappenedAt, one.Lines) { Partner = one.Document.Partner });
    }

    public void Write()
    {
        if (sold.Count == 0) return;
        db.StockDocuments.Insert([.. sold.Values.Select(s => s.Document with { Lines = s.Lines.Count, Value = s.Lines.Select(l => l.Value).Aggregate((a, b) => a + b) })]);
        db.Table<OwnerUse>().Insert([.. sold.Values.SelectMany(s => s.Uses)]);
    }

    private StockDocument Document(PositionKey position, IssueRequest issue, Paper paper) => new(
        db.NewId<StockDocument>().Value, db.Company, StockDocumentKind.Ownership, numbers.Dequeue(), issue.Node, owners.ByCode[position.Owner].Partner, null, "sold", 0,
        Money.Zero(network.Company.Currency), network.Company.Currency, paper.HappenedAt, db.Now, paper.Day, db.Work.Operation, issue.Document.Id, issue.Document.Number);
}
