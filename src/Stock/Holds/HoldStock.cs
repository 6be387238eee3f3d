using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Holds goods for a cart for a few minutes. Many that want the same SKU are decided together in one transaction.
[Operation("stock.hold", StockPermissions.Hold, Said = "held goods for {demands|it}", Icon = "clock")]
internal sealed class HoldStock(KeelDb db, StockDesk stock) : IGroupedOperation<HoldStock.Request, HoldStock.Answer>
{
    public sealed record Request(Guid Hold, NodeCode Node, Sku Sku, [Positive] Quantity Quantity, [Range(1, 1440)] int Minutes = 15);

    public sealed record Answer(Guid Hold, Quantity Held, DateTimeOffset ExpiresAt);

    public static readonly Error None = new("stock.not-available", "Nothing of this is available now. Try fewer, another product, or later.");
    public static readonly Error Held = new("stock.hold-exists", "There is a hold with this id already. Use a new id, or release the old hold.");

    public string GroupOf(Request request) => request.Sku.Text;

    public async Task<Result<Answer>[]> Run(IReadOnlyList<Request> requests, CancellationToken ct)
    {
        var ids = requests.Select(r => r.Hold).ToArray();
        var known = db.Ask<Guid>($"select distinct document_id from stock.reservation where document_id = any({ids})");
        await db.Flush(ct);

        var seen = known.Value.ToHashSet();
        var fresh = requests.Where(r => r.Hold != Guid.Empty && seen.Add(r.Hold)).ToArray();
        var holds = await stock.Reserve([.. fresh.Select(DemandOf)], ct);
        var byId = holds.ToDictionary(h => h.Document.Id);

        var answered = new HashSet<Guid>();
        return [.. requests.Select<Request, Result<Answer>>(r =>
        {
            if (!byId.TryGetValue(r.Hold, out var hold) || !answered.Add(r.Hold)) return Held;
            return hold.Reserved.Count == 0 ? None : new Answer(r.Hold, hold.Reserved[0].Quantity, db.Now.AddMinutes(r.Minutes));
        })];
    }

    /// A cart's claim is the weakest of all, and it wants all or what is there from its one node.
    private Demand DemandOf(Request request) =>
        new(DemandKind.Cart, new DocumentRef("cart", request.Hold, "cart-" + request.Hold.ToString("N")[..8]), [new DemandLine(1, request.Sku, request.Quantity)], [request.Node], 900, null)
        {
            ExpiresAt = db.Now.AddMinutes(request.Minutes),
        };
}
