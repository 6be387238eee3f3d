using Keel.Stock.Contract;

namespace Keel.Stock;

/// What the operations on transfers share: the lock, the promise, and the way of goods out of bins and into places.
internal sealed class TransferSteps(KeelDb db, Settings settings)
{
    private Reasons? reasons;

    /// A transfer's claim is weaker than any order's and stronger than a cart's.
    internal const int Rank = 700;

    public static readonly Error NotThere = Error.NotFound("stock.transfer-unknown", "There is no such transfer in this company.");
    public static readonly Error NotNow = new("stock.transfer-state", "The transfer is not in a state for this.");
    public static readonly Error NoLine = Error.NotFound("stock.transfer-line", "The transfer has no such line. Load the page again.");

    /// The ways out for a transfer that arrived with a difference.
    public static CaseWay[] WaysOut =>
    [
        CaseWay.On<ReceiveTransfer>("All arrived after all", "transfer") with { SubjectKind = "transfer" },
        CaseWay.Go("Look at the transfer", "/transfers/{id}", StockPermissions.Read) with { SubjectKind = "transfer" },
    ];

    /// The transfer's row is the lock of its lines.
    public async Task<Result<(Transfer Transfer, IReadOnlyList<TransferLine> Lines)>> Lock(Id<Transfer> id, TransferStatus next, CancellationToken ct)
    {
        db.Climb(Rung.Document);
        var transfers = db.Ask<Transfer>($"{Transfers} where company_id = {db.Company} and id = {id} for update");
        var lines = db.Ask<TransferLine>($"{Lines} where company_id = {db.Company} and transfer_id = {id} order by line");
        await db.Flush(ct);
        if (transfers.Value is not [var transfer]) return NotThere;
        db.Work.Concerns(transfer.Number);
        if (!transfer.May(next)) return NotNow.With($"{transfer.Number} is {transfer.Status.Spoken}: it cannot become {next.Spoken}.");
        return (transfer, lines.Value);
    }

    public void Write(Transfer transfer) => db.Table<Transfer>().Update(
        [transfer], nameof(Transfer.Status), nameof(Transfer.ExpectedOn), nameof(Transfer.ApprovedAt), nameof(Transfer.ShippedAt), nameof(Transfer.ReceivedAt), nameof(Transfer.CancelledAt), nameof(Transfer.Version));

    public void Write(IReadOnlyList<TransferLine> lines) => db.Table<TransferLine>().Update(
        lines, nameof(TransferLine.Quantity), nameof(TransferLine.Shipped), nameof(TransferLine.Received), nameof(TransferLine.Missing));

    /// Promises what is to go at the sender; what is short waits for goods to arrive there.
    public async Task Promise(Transfer transfer, IEnumerable<TransferLine> lines, bool again, CancellationToken ct)
    {
        DemandLine[] wanted = [.. lines.Where(l => l.ToShip.IsPositive).Select(l => new DemandLine(l.Line, l.Sku, l.ToShip) { Lot = l.LotCode, Owner = l.Others })];
        if (wanted.Length > 0) await new Promising(db, settings).Reserve([new Demand(DemandKind.Transfer, transfer.Ref, wanted, [transfer.FromNode], Rank, transfer.WantedBy) { Again = again }], ct);
    }

    /// The position of a line's goods at a site.
    public static PositionKey KeyOf(TransferLine line, NodeCode node) => new(line.CompanyId, line.Sku, node, line.Owner);

    /// What somebody says of the lines of a transfer, lot by lot; nothing where they say nothing. Lots that nobody knew are made.
    public async Task<Result<Words>> Read(IReadOnlyList<ReceiveTransfer.Part>? parts, IReadOnlyList<TransferLine> lines, Lots lots, DateOnly today, CancellationToken ct)
    {
        if (parts is null) return new Words(null);
        var skus = lines.ToDictionary(l => l.Line, l => l.Sku);
        if (parts.Any(p => !skus.ContainsKey(p.Line))) return NoLine;
        static bool TellsLots(ReceiveTransfer.Part part) => part.Lots is { Length: > 0 } || (part.ExpiresOn ?? part.MadeOn) is not null;
        var told = parts.Where(TellsLots).ToArray();
        Travelling.Said[] plain = [.. parts.Where(p => !TellsLots(p) && p.Quantity.IsPositive).Select(p => new Travelling.Said(p.Line, null, p.Quantity, null))];
        if (told.Length == 0) return new Words(plain);
        var units = await lots.Intake([.. told.Select(p => new Lots.Said(skus[p.Line], p.Quantity, p.Lots, p.ExpiresOn, p.MadeOn, null, false, today))], ct);
        if (!units.Ok) return units.Error!;
        return new Words([.. plain, .. told.Zip(units.Value).SelectMany(t => t.Second.Where(u => u.Quantity.IsPositive).Select(u => new Travelling.Said(t.First.Line, u.Lot, u.Quantity, u.SellUntil)))]);
    }

    /// What was said of lines, or nothing.
    public sealed record Words(IReadOnlyList<Travelling.Said>? Parts);

    /// The number of the paper of a difference, taken before goods are locked.
    public async Task<string> Number(CancellationToken ct)
    {
        reasons = await Reasons.Of(settings, ct);
        var number = await db.Numbers.Take(db.Company, "AD", db.Now.Year, ct);
        db.Work.Concerns(number);
        return number;
    }

    /// Books a difference of a transfer as an adjustment with a paper of its own, so that the books follow it.
    public void Adjust(Shelf shelf, Currency currency, Transfer transfer, NodeCode node, DateOnly day, ReasonCode reason, string number, IReadOnlyList<Travelling.Piece> pieces, LocationCode from, LocationCode to)
    {
        var document = new DocumentRef("adjustment", db.NewId<StockDocument>().Value, number);
        var paper = new Paper(document, reason.Text, db.Now, day) { Transfer = transfer.Number };
        var isFound = from == Place.Loss;
        var moved = pieces.Select(p => (Piece: p, shelf.Move(p.Goods, from, to, paper, p.Line).Value)).ToArray();
        // What of others' goods was found or lost is theirs: nothing of ours changes.
        var valued = moved.Where(m => m.Value is not null).GroupBy(m => (m.Piece.Line, m.Piece.Sku)).Select(g => new ValuedLine(
            g.Key.Sku, isFound ? g.Sum(m => m.Piece.Quantity) : -g.Sum(m => m.Piece.Quantity), g.Select(m => m.Value!.Value).Aggregate((a, b) => a + b))).ToArray();
        var value = valued.Aggregate(Money.Zero(currency), (sum, v) => sum + v.Value);
        db.StockDocuments.Insert(new StockDocument(
            document.Id, db.Company, StockDocumentKind.Adjustment, number, node, null, null, reason.Text, pieces.Select(p => p.Line).Distinct().Count(), value, currency, db.Now, db.Now, day, db.Work.Operation, transfer.Id.Value, transfer.Number));
        if (valued.Length > 0) db.Raise(new StockAdjusted(document, node, day, db.Now, reason, valued) { PostsAs = reasons!.ByCode[reason].PostsAs });
    }

    internal static readonly SqlText.Verbatim Transfers = new($"select {RowMap<Transfer>.Instance.Names} from stock.transfer");
    internal static readonly SqlText.Verbatim Lines = new($"select {RowMap<TransferLine>.Instance.Names} from stock.transfer_line");
}

/// Transfers that wait are promised goods that arrive at their sender, the earliest wanted first.
internal sealed class FollowTransfers(Gate gate, Work work, KeelDb db) : IDeliver<StockArrived>
{
    /// Nothing is run, and nothing logged, where no transfer waits for these goods.
    public async Task Deliver(StockArrived happened, CancellationToken ct)
    {
        var waits = await db.Query<bool>(
            $"""
            select true from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id
            where l.company_id = {work.Company} and l.sku = any({happened.Skus}) and l.quantity > l.shipped and t.from_node = {happened.Node} and t.status in ('Approved', 'InTransit') limit 1
            """, ct);
        if (waits.Count == 0) return;
        NotDelivered.Unless(await gate.Run<PromiseTransfers, PromiseTransfers.Request, int>(
            new(happened.Node, happened.Skus), new Caller(Actor.Keel, Door.Job, work.Company) { At = work.Now, Cause = work.Cause }, ct));
    }
}

/// Promises goods to approved transfers from a site that still miss some of these products.
[Operation("stock.promise-transfers", StockPermissions.Transfer, Said = "promised goods to {transfers|transfers} that waited", Icon = "branch")]
internal sealed class PromiseTransfers(KeelDb db, Settings settings) : IOperation<PromiseTransfers.Request, int>
{
    private const int Most = 50;

    public sealed record Request(NodeCode From, IReadOnlyList<Sku> Skus);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var missing = await db.Query<Short>(
            $"""
            select t.id, l.line, l.quantity - l.shipped - coalesce((select sum(r.open) from stock.reservation r where r.document_id = t.id and r.line = l.line), 0)::bigint as quantity
            from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id
            where l.company_id = {db.Company} and l.sku = any({request.Skus}) and l.quantity > l.shipped and t.from_node = {request.From} and t.status in ('Approved', 'InTransit')
            order by t.wanted_by, t.id, l.line limit {Most * 10}
            """, ct);
        var wanting = missing.Where(s => s.Quantity.IsPositive).Select(s => s.Id).Distinct().Take(Most).ToArray();
        if (wanting.Length == 0) return 0;

        db.Climb(Rung.Document);
        var transfers = db.Ask<Transfer>($"{TransferSteps.Transfers} where company_id = {db.Company} and id = any({wanting.Select(w => w.Value).ToArray()}) and status in ('Approved', 'InTransit') order by id for update");
        await db.Flush(ct);
        var (ids, lines, promised) = (transfers.Value.Select(t => t.Id.Value).ToArray(), (Later<List<TransferLine>>?)null, (Later<List<Open>>?)null);
        lines = db.Ask<TransferLine>($"{TransferSteps.Lines} where transfer_id = any({ids}) order by transfer_id, line");
        promised = db.Ask<Open>($"select document_id, line, sum(open)::bigint as quantity from stock.reservation where document_id = any({ids}) group by document_id, line");
        await db.Flush(ct);
        var open = promised.Value.ToDictionary(p => (p.DocumentId, p.Line), p => p.Quantity);
        var demands = wanting.Join(transfers.Value, id => id, t => t.Id, (_, t) => t).Select(t => new Demand(
            DemandKind.Transfer, t.Ref,
            [.. lines.Value.Where(l => l.TransferId == t.Id && request.Skus.Contains(l.Sku)).Select(l => new DemandLine(l.Line, l.Sku, l.ToShip - open.GetValueOrDefault((t.Id.Value, l.Line))) { Lot = l.LotCode, Owner = l.Others }).Where(l => l.Quantity.IsPositive)],
            [t.FromNode], TransferSteps.Rank, t.WantedBy) { Again = true }).Where(d => d.Lines.Count > 0).ToArray();
        foreach (var demand in demands) db.Work.Concerns(demand.Document.Number);
        var holds = await new Promising(db, settings).Reserve(demands, ct);
        return holds.Count(h => h.Reserved.Count > 0);
    }

    private sealed record Short(Id<Transfer> Id, int Line, Quantity Quantity);

    private sealed record Open(Guid DocumentId, int Line, Quantity Quantity);
}
