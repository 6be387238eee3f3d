using Keel.Catalog.Contract;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// How many of a kit can be had at each site, and which component sets the limit.
internal sealed class KitStock(KeelDb db, Settings settings, StockDesk stock)
{
    public sealed record PartRow(Sku Sku, string Name, Quantity Each, IReadOnlyDictionary<NodeCode, Quantity> Available);

    private sealed record Named(Sku Sku, string Name);

    public Kit? Kit { get; private set; }

    /// The sites that know one of its parts.
    public IReadOnlyList<NodeCode> Nodes { get; private set; } = [];
    public IReadOnlyList<PartRow> Parts { get; private set; } = [];

    /// Of a virtual kit what is available; of a pre-built one what could be assembled of what is available.
    public IReadOnlyDictionary<NodeCode, Quantity> Whole { get; private set; } = new Dictionary<NodeCode, Quantity>();

    public async Task Load(Sku sku, CancellationToken ct = default)
    {
        var kits = await KitBook.Of(settings, ct);
        if (kits.Find(sku) is not { } kit) return;
        var parts = kits.PartsOf(kit);
        var names = (await db.Query<Named>($"select sku, name from catalog.pub_product where sku = any({parts.Select(p => p.Sku)})", ct)).ToDictionary(n => n.Sku, n => n.Name);
        var reach = db.Work.Actor.Reach;
        var available = (await stock.Availability(parts.Select(p => p.Sku), ct)).Where(a => reach.Covers(a.Node)).ToArray();
        var at = available.ToDictionary(a => (a.Sku, a.Node), a => a.Available);
        Kit = kit;
        Nodes = [.. available.Select(a => a.Node).Distinct().Order()];
        Parts = [.. parts.Select(p => new PartRow(p.Sku, names.GetValueOrDefault(p.Sku, p.Sku.Text), p.Quantity, Nodes.ToDictionary(n => n, n => at.GetValueOrDefault((p.Sku, n)))))];
        Whole = Nodes.ToDictionary(n => n, n => WholeKits.Of(parts, s => at.GetValueOrDefault((s, n))));
    }

    /// The part of which there are the fewest kits at a site.
    public bool Limits(PartRow part, NodeCode node) => part.Available[node].Thousandths / part.Each.Thousandths == Whole[node].Thousandths / 1_000;
}
