using System.Collections.Frozen;
using Keel.Partners.Contract;
using Keel.Ui;

namespace Keel.Warehouse;

/// How far a supplier is with what it was asked to send.
public enum SupplierOrderStatus
{
    [Shown(StateRole.Waiting, "Asked")]
    Asked,

    [Shown(StateRole.Working, "Confirmed")]
    Confirmed,

    /// It was asked to cancel and has not answered; what it sends all the same is sent.
    [Shown(StateRole.Held, "Asked to cancel")]
    CancelAsked,

    [Shown(StateRole.Done, "Dispatched")]
    Dispatched,

    [Shown(StateRole.Late, "Refused")]
    Refused,

    [Shown(StateRole.Idle, "Cancelled")]
    Cancelled,
}

/// What a supplier was asked to send to a customer directly, for one order. While it is open only the supplier's word ends it: what it dispatches leaves and is invoiced, what it refuses
/// goes elsewhere. Its goods become ours as they leave, at the agreed cost.
[Rows("warehouse.supplier_order", "id")]
internal sealed record SupplierOrder(
    Id<SupplierOrder> Id, Id<Company> CompanyId, string Number, Guid OrderId, string OrderNumber, NodeCode Node, Guid SupplierId, string SupplierName, Guid CustomerId, string CustomerName,
    [property: Json] PostalAddress? ShipTo, SupplierOrderStatus Status, DateOnly ShipBy, DateOnly? ExpectedOn, string? Reference, Quantity Units, Money Cost, Currency Currency, DateTimeOffset AskedAt,
    DateTimeOffset? ConfirmedAt, DateTimeOffset? CancelAskedAt, string? CancelReason, bool EndsOrder, DateTimeOffset? EndedAt, int Version, Guid Operation)
{
    public const string RecordKind = "supplier-order";

    /// What whoever wants such goods picked is told.
    public const string Sends = "A supplier sends its goods to the customer directly: see its supplier order.";

    public static readonly Error NotThere = Error.NotFound("supplier-order.not-there", "There is no such supplier order in this company.");

    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<SupplierOrder>.Instance.Names} from warehouse.supplier_order");

    private static readonly FrozenSet<SupplierOrderStatus> Open = [SupplierOrderStatus.Asked, SupplierOrderStatus.Confirmed, SupplierOrderStatus.CancelAsked];

    [NotAColumn]
    public DocumentRef Ref => new(RecordKind, Id.Value, Number);

    [NotAColumn]
    public DocumentRef Order => new("order", OrderId, OrderNumber);

    [NotAColumn]
    public bool IsOpen => Open.Contains(Status);

    public Error Over => new("supplier-order.over", $"{Number} is {Status.Spoken}: nothing of it is open any more.");

    /// As it stands after its lines have changed: over where nothing of them is open.
    public SupplierOrder After(IReadOnlyList<SupplierOrderLine> lines, DateTimeOffset now) => lines.Any(l => l.Open.IsPositive)
        ? this with { Version = Version + 1 }
        : this with
        {
            Status = lines.Any(l => l.Dispatched.IsPositive) ? SupplierOrderStatus.Dispatched : CancelAskedAt is null ? SupplierOrderStatus.Refused : SupplierOrderStatus.Cancelled,
            EndedAt = now,
            Version = Version + 1,
        };
}

/// One line of it, with what the supplier said of it.
[Rows("warehouse.supplier_order_line", "supplier_order_id", "line")]
internal sealed record SupplierOrderLine(
    Id<SupplierOrder> SupplierOrderId, int Line, Id<Company> CompanyId, int OrderLine, Sku Sku, Quantity Quantity, Quantity Dispatched, Quantity Refused, UnitPrice UnitCost, Currency Currency)
{
    [NotAColumn]
    public Quantity Open => Quantity - Dispatched - Refused;
}

/// The site that stands for a supplier who sends to our customers directly.
[Rows("warehouse.supplier_terms", "company_id", "node")]
internal sealed record SupplierTerms(Id<Company> CompanyId, NodeCode Node, Guid SupplierId, string Owner, string? Email, int PatienceHours, DateTimeOffset ChangedAt, string ChangedBy, Guid Operation)
{
    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<SupplierTerms>.Instance.Names} from warehouse.supplier_terms");
}

/// So many of a line of a supplier order.
internal sealed record SupplierPart(int Line, [Positive] Quantity Quantity);

/// Supplier orders as their operations hold them: the order's row is locked, so that an edit, a cancellation and the supplier's word come one after the other.
internal sealed class SupplierOrders(KeelDb db, Keel.Sales.Contract.SalesDesk sales)
{
    public sealed record Held(SupplierOrder Head, SupplierOrderLine[] Lines, Keel.Sales.Contract.OrderToShip Order);

    private sealed record OrderOf(Guid OrderId);

    public async Task<Result<Held>> Lock(Id<SupplierOrder> id, CancellationToken ct)
    {
        if (await db.Query<OrderOf>($"select order_id from warehouse.supplier_order where company_id = {db.Company} and id = {id}", ct) is not [var of]) return SupplierOrder.NotThere;
        var orders = await sales.Lock([of.OrderId], ct);
        var heads = db.Ask<SupplierOrder>($"{SupplierOrder.Columns} where company_id = {db.Company} and id = {id} for update");
        var lines = db.Ask<SupplierOrderLine>($"select {new SqlText.Verbatim(RowMap<SupplierOrderLine>.Instance.Names)} from warehouse.supplier_order_line where supplier_order_id = {id} order by line");
        await db.Flush(ct);
        db.Work.Actor.MustBeAt(heads.Value[0].Node);
        return new Held(heads.Value[0], [.. lines.Value], orders[0]);
    }

    /// What is meant of the open lines; without parts, all of them.
    public static Result<IReadOnlyList<SupplierPart>> Meant(Held held, IReadOnlyList<SupplierPart>? parts)
    {
        if (!held.Head.IsOpen) return held.Head.Over;
        var open = held.Lines.Where(l => l.Open.IsPositive).ToDictionary(l => l.Line);
        if (parts is not { Count: > 0 }) return open.Values.Select(l => new SupplierPart(l.Line, l.Open)).ToArray();
        if (parts.GroupBy(p => p.Line).Any(g => g.Count() > 1)) return Twice;
        foreach (var part in parts)
        {
            if (!open.TryGetValue(part.Line, out var line)) return NoLine.With($"{held.Head.Number} has no open line {part.Line}. Load the page again.");
            if (part.Quantity > line.Open) return TooMany.With($"Only {line.Open} × {line.Sku} are open on {held.Head.Number}. Say how many of these.");
        }

        return Result.Of(parts);
    }

    public static readonly Error Twice = Error.Invalid("supplier-order.line-twice", "A line is named twice. Name it once.");
    public static readonly Error NoLine = Error.Invalid("supplier-order.no-such-line", "The supplier order has no such open line. Load the page again.");
    public static readonly Error TooMany = Error.Invalid("supplier-order.more-than-open", "More is named than is open. Say how many of what is open.");

    /// Writes what became of it, and closes its cases where it is over.
    public void Write(CaseDesk cases, SupplierOrder after, IEnumerable<SupplierOrderLine> changed)
    {
        db.Table<SupplierOrder>().Update(
            [after], nameof(SupplierOrder.Status), nameof(SupplierOrder.ExpectedOn), nameof(SupplierOrder.Reference), nameof(SupplierOrder.ConfirmedAt), nameof(SupplierOrder.CancelAskedAt),
            nameof(SupplierOrder.CancelReason), nameof(SupplierOrder.EndsOrder), nameof(SupplierOrder.EndedAt), nameof(SupplierOrder.Version));
        db.Table<SupplierOrderLine>().Update([.. changed], nameof(SupplierOrderLine.Dispatched), nameof(SupplierOrderLine.Refused));
        cases.Close(WatchSuppliers.Silent, [after.Id.Value], "the supplier answered");
    }
}
