using Keel.Stock.Contract;
using Keel.Ui;

namespace Keel.Stock;

/// What a ring keeps from whom.
public enum RingKind
{
    /// So many are sold to nobody: a cushion.
    Safety,

    /// So many are a channel's alone, and it has no others.
    Dedicated,

    /// So many are always left for a channel; it may take others too.
    [Shown(StateRole.Idle, "Left for it")]
    Kept,

    /// A channel has at most so many promised at once.
    Most,

    /// A channel leaves the last so many.
    [Shown(StateRole.Idle, "Leaves the last")]
    Last,

    /// A channel has at most this share of what may be sold promised at once.
    Share,
}

/// One ring or safety stock: everywhere, at a site, for a SKU, or for a SKU at a site. The nearest one counts.
[Rows("stock.ring", "id")]
internal sealed record Ring(
    Id<Ring> Id, Id<Company> CompanyId, RingKind Kind, string Channel, string Node, string Sku, Quantity Quantity, int Percent, string? Reason, DateTimeOffset ChangedAt, string ChangedBy, Guid Operation)
{
    /// As people say it: `Most 5 for bazaar, MUG-BL at MAIN`.
    [NotAColumn]
    public string What => $"{Kind} {(Kind is RingKind.Share ? Percent + " %" : Quantity.ToString())}{(Channel.Length > 0 ? " for " + Channel : "")}, {(Sku.Length > 0 ? Sku : "everything")} {(Node.Length > 0 ? "at " + Node : "everywhere")}";
}

/// All rings of a company, kept in memory as settings are. Where none is set for a SKU, nothing more is asked.
internal sealed class Rings
{
    public static readonly Rings None = new([]);
    private static readonly Dictionary<string, Quantity> Nobody = [];
    private readonly Dictionary<(string Sku, string Node), List<Ring>> byPlace = [];

    public Rings(IReadOnlyList<Ring> all)
    {
        All = all;
        foreach (var ring in all)
        {
            if (!byPlace.TryGetValue((ring.Sku, ring.Node), out var own)) byPlace[(ring.Sku, ring.Node)] = own = [];
            own.Add(ring);
        }
    }

    public IReadOnlyList<Ring> All { get; }

    public static Task<Rings> Of(Settings settings, CancellationToken ct) => settings.Get(Load, ct);

    /// Whether what channels have promised already matters for this SKU at this node.
    public bool NeedsHeld(Sku sku, NodeCode node) => All.Count > 0 && Nearest(sku.Text, node.Text).Any(r => r.Kind is not (RingKind.Safety or RingKind.Last));

    /// How many of what is available a demand may take, and what keeps the rest from it: of our own goods and of others' that it may be promised, taken together.
    /// `held` is what channels have promised of a SKU at a node.
    public (Quantity Quantity, string? Kept) Allows(in OnOffer offer, string? channel, DemandKind kind, IReadOnlyDictionary<string, Quantity>? held = null)
    {
        var (free, sellable) = (offer.Available, offer.Sellable);
        if (All.Count == 0 || !free.IsPositive) return (free, null);
        var (left, kept) = (free, (string?)null);
        var withheld = Quantity.Zero;
        var near = Nearest(offer.Sku.Text, offer.Node.Text);
        held ??= Nobody;
        // Others' shares go off what is free first: what is left is what the limits of the channel itself are about.
        foreach (var ring in near.Where(r => r.Kind is (RingKind.Safety or RingKind.Dedicated or RingKind.Kept) && r.Channel != channel))
        {
            if (ring.Kind is RingKind.Safety && kind is (DemandKind.Transfer or DemandKind.Production or DemandKind.Safety)) continue;
            // Where a channel has both, what is its alone is what is left for it.
            if (ring.Kind is RingKind.Kept && near.Exists(r => r.Kind is RingKind.Dedicated && r.Channel == ring.Channel)) continue;
            var share = Quantity.Max(0, ring.Quantity - held.GetValueOrDefault(ring.Channel));
            withheld += share;
            if (share.IsPositive) Limit(free - withheld, (kept is null ? "" : kept + ", ") + (ring.Kind is RingKind.Safety ? $"{ring.Quantity} are safety stock" : $"{share} are kept for {ring.Channel}"));
        }

        if (channel is null) return (left, kept);
        var has = held.GetValueOrDefault(channel);
        foreach (var ring in near.Where(r => r.Channel == channel))
        {
            var limit = OwnLimit(ring, free, sellable);
            if (ring.Kind is RingKind.Dedicated) Limit(limit - has, $"{channel} has {ring.Quantity} of its own and no others");
            if (ring.Kind is RingKind.Most) Limit(limit - has, $"{channel} may have {ring.Quantity} promised at most");
            if (ring.Kind is RingKind.Last) Limit(limit, $"{channel} leaves the last {ring.Quantity}");
            if (ring.Kind is RingKind.Share) Limit(limit - has, $"{channel} may have {ring.Percent} % promised at most");
        }

        return (left, kept);

        void Limit(Quantity to, string words)
        {
            if (to >= left) return;
            (left, kept) = (Quantity.Max(0, to), words);
        }
    }

    /// The same for goods that are to come: what is left of all on a day, of so many that are there until then. Safety stock is off already.
    public Quantity AllowsLater(Sku sku, NodeCode node, string? channel, Quantity left, Quantity sellable, IReadOnlyDictionary<string, Quantity> held)
    {
        var near = Nearest(sku.Text, node.Text);
        var allowed = left;
        foreach (var ring in near.Where(r => r.Kind is (RingKind.Dedicated or RingKind.Kept) && r.Channel != channel))
        {
            if (ring.Kind is RingKind.Kept && near.Exists(r => r.Kind is RingKind.Dedicated && r.Channel == ring.Channel)) continue;
            allowed -= Quantity.Max(0, ring.Quantity - held.GetValueOrDefault(ring.Channel));
        }

        if (channel is not null)
        {
            var has = held.GetValueOrDefault(channel);
            foreach (var ring in near.Where(r => r.Channel == channel)) if (ring.Kind is not RingKind.Kept) allowed = Quantity.Min(allowed, OwnLimit(ring, left, sellable) - (ring.Kind is RingKind.Last ? 0 : has));
        }

        return Quantity.Max(0, allowed);
    }

    /// What a channel's own ring leaves it of what is free, or lets it have promised at once.
    private static Quantity OwnLimit(Ring ring, Quantity free, Quantity sellable) => ring.Kind switch
    {
        RingKind.Dedicated or RingKind.Most => ring.Quantity,
        RingKind.Last => free - ring.Quantity,
        RingKind.Share => new Quantity(sellable.Thousandths * ring.Percent / 100 / 1000 * 1000),
        _ => free,
    };

    /// What is sold to nobody of a SKU at a node.
    public Quantity SafetyOf(Sku sku, NodeCode node) => All.Count == 0 ? 0 : Nearest(sku.Text, node.Text).Where(r => r.Kind is RingKind.Safety).Select(r => r.Quantity).FirstOrDefault();

    /// The rings that count for a SKU at a node: of each kind and channel the nearest one.
    private List<Ring> Nearest(string sku, string node)
    {
        var near = new List<Ring>();
        foreach (var place in (ReadOnlySpan<(string, string)>)[(sku, node), (sku, ""), ("", node), ("", "")])
        {
            if (!byPlace.TryGetValue(place, out var some)) continue;
            foreach (var ring in some) if (!near.Exists(n => n.Kind == ring.Kind && n.Channel == ring.Channel)) near.Add(ring);
        }

        return near;
    }

    private static async Task<Rings> Load(KeelDb db, CancellationToken ct) => new(await db.Table<Ring>().Where($"company_id = {db.Company} order by sku, node, kind, channel", ct));
}

/// What can be promised of a SKU at a node before rings are asked.
internal readonly record struct OnOffer(Sku Sku, NodeCode Node, Quantity Available, Quantity Sellable)
{
    public static OnOffer Of(Position position) => new(position.Key.Sku, position.Key.Node, position.Available, position.Sellable);

    /// Of several positions of a SKU at a node together.
    public static OnOffer Of(IEnumerable<Position> positions) => positions.Select(Of).Aggregate((a, b) => a with { Available = a.Available + b.Available, Sellable = a.Sellable + b.Sellable });

    /// Of all positions that a demand may be promised from at a node.
    public static OnOffer Of(Shelf shelf, IReadOnlyList<PositionKey> keys) => keys.Count == 1 ? Of(shelf.At(keys[0])) : Of(keys.Select(shelf.At));
}

/// What channels have promised of the SKUs of one transaction: read behind the locks of their positions, kept as it goes on. Our own position of a SKU at a
/// node is locked by everybody who promises anybody's goods of it there.
internal sealed class Held(Rings rings)
{
    public readonly record struct Row(Sku Sku, NodeCode Node, string Channel, Quantity Quantity);

    private readonly Dictionary<(Sku, NodeCode), Dictionary<string, Quantity>> byNode = [];

    /// Asks for it where a ring wants to know. The positions are locked: nobody else changes these promises.
    public void Ask(KeelDb db, IReadOnlyList<PositionKey> keys)
    {
        var ringed = keys.Where(k => rings.NeedsHeld(k.Sku, k.Node)).Select(k => (k.Sku, k.Node)).Distinct().ToArray();
        if (ringed.Length == 0) return;
        foreach (var one in ringed) byNode[one] = [];
        db.QueueQuery<Row>(
            $"""
            select r.sku, r.node, r.channel, sum(r.open)::bigint as quantity
            from unnest({ringed.Select(k => k.Sku)}, {ringed.Select(k => k.Node)}) as k (sku, node)
            join stock.reservation r on r.company_id = {db.Company} and r.sku = k.sku and r.node = k.node and r.open > 0
            where r.channel is not null group by r.sku, r.node, r.channel
            """, rows => { foreach (var row in rows) Add(row.Sku, row.Node, row.Channel, row.Quantity); });
    }

    public void Add(Sku sku, NodeCode node, string? channel, Quantity quantity)
    {
        if (channel is not null && byNode.TryGetValue((sku, node), out var own)) own[channel] = own.GetValueOrDefault(channel) + quantity;
    }

    public (Quantity Quantity, string? Kept) Allows(in OnOffer offer, string? channel, DemandKind kind) => rings.Allows(offer, channel, kind, byNode.GetValueOrDefault((offer.Sku, offer.Node)));
}
