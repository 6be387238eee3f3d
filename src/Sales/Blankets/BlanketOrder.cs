using Keel.Partners.Contract;
using Keel.Ui;

namespace Keel.Sales;

internal enum BlanketStatus
{
    [Shown(StateRole.Working, "Open")]
    Open,

    [Shown(StateRole.Idle, "Ended")]
    Ended,
}

/// What became of a call-off.
internal enum CallOffStatus
{
    /// It becomes an order by itself, some days before its day.
    [Shown(StateRole.Waiting, "Planned")]
    Planned,

    [Shown(StateRole.Done, "Ordered")]
    Ordered,

    /// It could not be taken: somebody looks.
    [Shown(StateRole.Late, "Refused")]
    Refused,

    [Shown(StateRole.Idle, "Dropped")]
    Dropped,
}

/// What is agreed with a customer for a time: quantities at prices, called off in parts. Nothing is promised of it until a part becomes an order.
[Rows("sales.blanket_order", "id")]
internal sealed record BlanketOrder(
    Id<BlanketOrder> Id, Id<Company> CompanyId, string Number, ChannelCode Channel, Guid CustomerId, [property: Json] PostalAddress? ShipTo, DateOnly FromDay, DateOnly UntilDay, int DaysAhead, BlanketStatus Status, string? Why,
    string? PurchaseOrder, Currency Currency, string Owner, DateTimeOffset CreatedAt, int Version, Guid Operation)
{
    public const string RecordKind = "blanket-order";

    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<BlanketOrder>.Instance.Names} from sales.blanket_order");

    [NotAColumn]
    public DocumentRef Ref => new(RecordKind, Id.Value, Number);
}

[Rows("sales.blanket_line", "blanket_id", "line")]
internal sealed record BlanketLine(Id<BlanketOrder> BlanketId, int Line, Id<Company> CompanyId, Sku Sku, Quantity Quantity, UnitPrice Price, Currency Currency);

/// A part of a blanket order for a day. It ends once: as an order, or dropped.
[Rows("sales.call_off", "blanket_id", "no")]
internal sealed record CallOff(
    Id<BlanketOrder> BlanketId, int No, Id<Company> CompanyId, DateOnly DueOn, DateOnly OrderOn, CallOffStatus Status, Guid? OrderId, string? OrderNumber, string? Why, DateTimeOffset At, string By, Guid Operation);

[Rows("sales.call_off_line", "blanket_id", "no", "sku")]
internal sealed record CallOffLine(Id<BlanketOrder> BlanketId, int No, Sku Sku, Id<Company> CompanyId, Quantity Quantity);

/// A blanket order under its lock, with what was called off of each product and is not free again.
internal sealed record HeldBlanket(BlanketOrder Order, IReadOnlyList<BlanketLine> Lines, IReadOnlyList<CallOff> CallOffs, IReadOnlyDictionary<Sku, Quantity> Called)
{
    public Quantity LeftOf(BlanketLine line) => line.Quantity - Called.GetValueOrDefault(line.Sku);
}

internal static class BlanketTables
{
    private static readonly SqlText.Verbatim LineColumns = new($"select {RowMap<BlanketLine>.Instance.Names} from sales.blanket_line");
    private static readonly SqlText.Verbatim CallOffColumns = new($"select {RowMap<CallOff>.Instance.Names} from sales.call_off");

    /// What a call-off takes of a blanket order: planned or ordered, unless its order was cancelled as a whole.
    public static readonly SqlText.Verbatim Counts = new("(c.status = 'Planned' or (c.status = 'Ordered' and exists (select from sales.orders o where o.id = c.order_id and o.status <> 'Cancelled')))");

    private sealed record CalledRow(Id<BlanketOrder> BlanketId, Sku Sku, Quantity Quantity);

    extension(KeelDb db)
    {
        /// Locks blanket orders in key order: whoever calls off of one waits for the others.
        public async Task<IReadOnlyList<HeldBlanket>> LockBlankets(FormattableString where, CancellationToken ct)
        {
            db.Climb(Rung.Document);
            var heads = await db.Query<BlanketOrder>($"{BlanketOrder.Columns} where company_id = {db.Company} and {new SqlText(where)} order by id for update", ct);
            if (heads.Count == 0) return [];
            var ids = heads.Select(h => h.Id.Value).ToArray();
            var lines = db.Ask<BlanketLine>($"{LineColumns} where blanket_id = any({ids}) order by blanket_id, line");
            var parts = db.Ask<CallOff>($"{CallOffColumns} where blanket_id = any({ids}) order by blanket_id, no");
            var called = db.Ask<CalledRow>($"select c.blanket_id, l.sku, sum(l.quantity)::bigint as quantity from sales.call_off c join sales.call_off_line l on l.blanket_id = c.blanket_id and l.no = c.no where c.blanket_id = any({ids}) and {Counts} group by 1, 2");
            await db.Flush(ct);
            var (linesOf, partsOf, calledOf) = (lines.Value.ToLookup(l => l.BlanketId), parts.Value.ToLookup(p => p.BlanketId), called.Value.ToLookup(c => c.BlanketId));
            return [.. heads.Select(h => new HeldBlanket(h, [.. linesOf[h.Id]], [.. partsOf[h.Id]], calledOf[h.Id].ToDictionary(c => c.Sku, c => c.Quantity)))];
        }

        public void Follow(IReadOnlyList<CallOff> changed) => db.Table<CallOff>().Update(
            changed, nameof(CallOff.Status), nameof(CallOff.OrderId), nameof(CallOff.OrderNumber), nameof(CallOff.Why), nameof(CallOff.OrderOn));
    }
}
