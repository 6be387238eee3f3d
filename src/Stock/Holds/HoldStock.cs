using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Holds goods for a cart for a few minutes. Many that want the same SKU are decided together in one transaction.
[Operation("stock.hold", StockPermissions.Hold, Said = "held goods for {demands|it}", Icon = "clock")]
internal sealed class HoldStock(KeelDb db, StockDesk stock, Settings settings) : IGroupedOperation<HoldStock.Request, HoldStock.Answer>
{
    /// `Channel` is where the cart stands: its rings say what it may take. Without one, what is kept for channels is left to them.
    public sealed record Request(Guid Hold, NodeCode Node, Sku Sku, [Positive] Quantity Quantity, [Range(1, 1440)] int Minutes = 15, ChannelCode? Channel = null);

    public sealed record Answer(Guid Hold, Quantity Held, DateTimeOffset ExpiresAt);

    public static readonly Error None = new("stock.not-available", "Nothing of this is available now. Try fewer, another product, or later.");
    public static readonly Error Held = new("stock.hold-exists", "There is a hold with this id already. Use a new id, or release the old hold.");

    public string GroupOf(Request request) => request.Sku.Text;

    public async Task<Result<Answer>[]> Run(IReadOnlyList<Request> requests, CancellationToken ct)
    {
        var ids = requests.Select(r => r.Hold).ToArray();
        var known = db.Ask<Guid>($"select distinct document_id from stock.reservation where document_id = any({ids})");
        var kits = await KitBook.Of(settings, ct);
        await db.Flush(ct);

        var seen = known.Value.ToHashSet();
        var fresh = requests.Where(r => r.Hold != Guid.Empty && seen.Add(r.Hold)).ToArray();
        var holds = await stock.Reserve([.. fresh.Select(r => DemandOf(r, kits))], ct);
        var byId = holds.ToDictionary(h => h.Document.Id);

        var answered = new HashSet<Guid>();
        return [.. requests.Select<Request, Result<Answer>>(r =>
        {
            if (!byId.TryGetValue(r.Hold, out var hold) || !answered.Add(r.Hold)) return Held;
            if (hold.Reserved.Count == 0) return hold.Kept is [var kept, ..] ? None.With($"Nothing of {r.Sku} is available for this cart now: {kept.Why}. Try fewer, another product, or later.") : None;
            return new Answer(r.Hold, HeldOf(r, hold, kits), db.Now.AddMinutes(r.Minutes));
        })];
    }

    /// A cart's claim is the weakest of all, and it wants all or what is there from its one node; of a virtual kit its parts, in whole kits.
    private Demand DemandOf(Request request, KitBook kits)
    {
        DemandLine[] lines = kits.IsVirtual(request.Sku)
            ? [.. kits.PartsOf(request.Sku).Select((p, i) => new DemandLine(i + 1, p.Sku, p.Quantity.Times(Whole(request.Quantity)), new KitShare(0, request.Sku, p.Quantity)))]
            : [new DemandLine(1, request.Sku, request.Quantity)];
        return new Demand(DemandKind.Cart, new DocumentRef("cart", request.Hold, "cart-" + request.Hold.ToString("N")[..8]), lines, [request.Node], 900, null) { ExpiresAt = db.Now.AddMinutes(request.Minutes), Channel = request.Channel };
    }

    private static Quantity HeldOf(Request request, Hold hold, KitBook kits)
    {
        if (!kits.IsVirtual(request.Sku)) return hold.Reserved[0].Quantity;
        return new Quantity(hold.Reserved[0].Quantity.Thousandths / kits.PartsOf(request.Sku)[0].Quantity.Thousandths * 1_000);
    }

    private static Quantity Whole(Quantity quantity) => new(quantity.Thousandths / 1_000 * 1_000);
}
