using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// Says what the lines of a marketplace's order are that could not be read when it came in. The order is taxed and summed by it, and stays stopped until somebody confirms it.
[Operation("sales.resolve-lines", SalesPermissions.Confirm, Said = "said what the lines of {order|an order} are", Icon = "link")]
internal sealed class ResolveLines(KeelDb db, Resolving resolving) : IOperation<ResolveLines.Request, Done>
{
    public sealed record Request(Id<Order> Order, [Required, MinLength(1), MaxLength(1200)] IReadOnlyList<Item> Lines);

    /// Without a SKU the line is what its channel called it; without a price it costs what its channel stated, or else what the list says.
    public sealed record Item([Range(1, 100_000)] int Line, Sku? Sku = null, UnitPrice? Price = null);

    public static readonly Error NotThere = Error.NotFound("order.not-there", "There is no such order in this company.");
    public static readonly Error ReadAlready = new("order.lines-read", "Every line of this order is read already, or the order is not stopped. Load the page again.");
    public static readonly Error NoLine = Error.Invalid("order.line-not-unread", "This line of the order does not wait to be read. Load the page again.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var (rows, lines) = db.LockOrders([request.Order]);
        await db.Flush(ct);
        if (rows.Value is not [var order]) return NotThere;
        if (order.Status is not OrderStatus.OnHold || !lines.Value.Any(Resolving.IsUnread)) return ReadAlready;
        var unread = lines.Value.Where(Resolving.IsUnread).Select(l => l.Line).ToHashSet();
        if (request.Lines.Any(l => !unread.Contains(l.Line))) return NoLine;
        db.Work.Concerns(order.Number);
        var read = (await resolving.Read([(order, [.. lines.Value], [.. request.Lines.Select(l => new LineReading(l.Line, l.Sku, l.Price))])], ct))[order.Id];
        return read.Ok ? Done.It : read.Error!;
    }
}
