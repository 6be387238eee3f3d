using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// How much is counted on of goods of which nobody is sure.
internal sealed record PromiseRules([Range(0, 100)] int ReturnsPercent) : IPolicy<PromiseRules>
{
    public static string Kind => "promises";
    public static PromiseRules AsDelivered => new(0);
    public static string Says => "How many of a hundred units that customers are expected to send back are promised before they are there. Nought promises none of them.";

    /// What may be promised of something that is to come, in whole units where it is not certain.
    public Quantity Counted(SupplyKind kind, Quantity quantity, int? confidence) =>
        (confidence ?? (kind is SupplyKind.Return ? ReturnsPercent : 100)) is < 100 and var percent ? new Quantity(quantity.Thousandths * percent / 100 / 1000 * 1000) : quantity;
}

/// Reads what is available, what is to come and what waits, and looks ahead: for one SKU or a thousand, in one round trip.
internal sealed class Outlooks(KeelDb db, Settings settings, Policies policies)
{
    /// What is there of a SKU at a node: of our own goods and of consignors' that orders are promised, `Own` of it our own.
    public sealed record Now(Sku Sku, NodeCode Node, string Owner, Quantity Available, Quantity Sellable)
    {
        [NotAColumn]
        public Quantity Own { get; init; } = Available;
    }

    public sealed record Coming(Sku Sku, NodeCode Node, string Owner, SupplyKind Kind, DateOnly? Day, Quantity Quantity, int? Confidence);

    /// What is known of one SKU: who waits for it comes with it.
    public sealed record Known(Sku Sku, IReadOnlyList<Now> Nodes, IReadOnlyList<Coming> Coming, IReadOnlyList<Waiting> Waiting)
    {
        public bool IsPlain => Coming.Count == 0 && Waiting.Count == 0;

        /// What channels have promised, where a ring wants to know it.
        public IReadOnlyList<Held.Row> Held { get; init; } = [];
    }

    public DateOnly Today { get; private set; }

    private PromiseRules rules = PromiseRules.AsDelivered;
    private Rings rings = Rings.None;
    private Owners owners = Owners.None;

    /// What is known of SKUs. With `hold`, who waits is locked as far as nobody else holds it.
    public async Task<IReadOnlyList<Known>> Read(IReadOnlyCollection<Sku> skus, CancellationToken ct, bool hold = false)
    {
        owners = await Owners.Of(settings, ct);
        var locked = new SqlText.Verbatim(hold ? " order by document_id, line for update skip locked" : "");
        var waiting = db.Ask<Waiting>($"{Waiting.Columns} where company_id = {db.Company} and sku in (select unnest({skus})){locked}");
        var now = db.Ask<Now>($"select sku, node, owner, sellable - reserved as available, sellable from stock.position where company_id = {db.Company} and owner = any({owners.Codes}) and sku = any({skus})");
        // A thousand values in a list would be weighed one by one each time that the statement is planned.
        var coming = db.Ask<Coming>($"select sku, node, owner, kind, day, quantity, confidence from stock.coming where company_id = {db.Company} and owner = any({owners.Codes}) and sku in (select unnest({skus}))");
        await Prepare(ct);
        await db.Flush(ct);

        var comingOf = owners.ForOrders(coming.Value, c => (c.Sku, c.Owner), Today).ToLookup(c => c.Sku);
        var waitingOf = waiting.Value.ToLookup(w => w.Sku);
        var nodes = new Dictionary<Sku, List<Now>>(skus.Count);
        foreach (var one in owners.IsEmpty ? now.Value : Together(now.Value))
        {
            if (nodes.TryGetValue(one.Sku, out var own)) own.Add(one);
            else nodes[one.Sku] = [one];
        }

        foreach (var only in comingOf.Select(c => c.Key).Concat(waitingOf.Select(w => w.Key))) nodes.TryAdd(only, []);
        var heldOf = await HeldOf([.. waitingOf.Select(w => w.Key)], nodes, ct);
        return [.. nodes.Select(n => new Known(n.Key, n.Value, [.. comingOf[n.Key]], [.. waitingOf[n.Key]]) { Held = [.. heldOf[n.Key]] })];
    }

    /// What is there at a node for orders, whoever owns it.
    private IEnumerable<Now> Together(IEnumerable<Now> rows) => owners.ForOrders(rows, n => (n.Sku, n.Owner), Today)
        .Select(n => n with { Own = n.Owner == PositionKey.Own ? n.Available : 0 })
        .GroupBy(n => (n.Sku, n.Node), (_, some) => some.Aggregate((a, b) => a with { Available = a.Available + b.Available, Sellable = a.Sellable + b.Sellable, Own = a.Own + b.Own }));

    /// The days to come of one SKU, and how who waits is served by them. What is late, or has no day, is not promised to anybody; and what a ring keeps
    /// from somebody, others may have.
    public (Outlook Outlook, IReadOnlyList<Served> Served) Look(Known known)
    {
        var arrivals = Arrivals(known.Coming);
        var outlook = new Outlook(Today, known.Nodes.Select(n => (n.Node, Free(n))), arrivals);
        var wants = known.Waiting.Select(w => new Want(w.DocumentId, w.Line, w.Nodes, w.Quantity, w.Rank, w.PromisedBy, w.Since) { Channel = w.Channel, IsOwnOnly = w.Kind is not (DemandKind.Order or DemandKind.Cart) });
        var others = owners.Of(known.Sku);
        OwnGoods? own = others.Count == 0 || known.Waiting.Count == 0 ? null : new OwnGoods(
            new Outlook(Today, known.Nodes.Select(n => (n.Node, n.Own - rings.SafetyOf(n.Sku, n.Node))), Arrivals(known.Coming.Where(c => c.Owner == PositionKey.Own))),
            others.All(o => o.Promised is PromisedWhen.BeforeOwn));
        return (outlook, outlook.Serve(wants, rings.All.Count == 0 && own is null ? null : new Limits(rings, known, arrivals, own)));
    }

    /// What is late, or has no day, is promised to nobody.
    private Arrival[] Arrivals(IEnumerable<Coming> coming) => [.. coming.Where(c => c.Day >= Today).Select(c => new Arrival(c.Node, c.Day!.Value, rules.Counted(c.Kind, c.Quantity, c.Confidence)))];

    /// What is left of our own goods, where consignors' are promised too, and whether orders take theirs before our own.
    private sealed record OwnGoods(Outlook Left, bool TheirsFirst);

    /// What is left to those who wait, over time, by rings and by whose goods they are: what one takes counts for its channel, and what its channel has is
    /// not kept from others any more; who is no order has our own goods only.
    private sealed class Limits(Rings rings, Known known, IReadOnlyList<Arrival> arrivals, OwnGoods? own) : IWantLimits
    {
        private readonly Dictionary<NodeCode, Dictionary<string, Quantity>> held = known.Held.GroupBy(h => h.Node).ToDictionary(g => g.Key, g => g.ToDictionary(h => h.Channel, h => h.Quantity));

        public Quantity Allows(in Want want, NodeCode node, DateOnly day, Quantity left)
        {
            if (own is not null && want.IsOwnOnly) left = Quantity.Min(left, own.Left.At(node, day));
            if (rings.All.Count == 0 || !left.IsPositive) return left;
            var sellable = arrivals.Where(a => a.Node == node && a.Day <= day).Select(a => a.Quantity).Concat(known.Nodes.Where(n => n.Node == node).Select(n => n.Sellable)).Sum(q => q);
            return rings.AllowsLater(known.Sku, node, want.Channel, left, sellable, Of(node));
        }

        public void Takes(in Want want, NodeCode node, DateOnly day, Quantity left, Quantity quantity)
        {
            if (own is not null)
            {
                var there = own.Left.At(node, day);
                var ours = want.IsOwnOnly ? quantity : own.TheirsFirst ? Quantity.Max(0, quantity - Quantity.Max(0, left - there)) : Quantity.Min(quantity, there);
                if (ours.IsPositive) own.Left.Take(node, day, ours);
            }

            if (want.Channel is not { } channel) return;
            var held = Of(node);
            held[channel] = held.GetValueOrDefault(channel) + quantity;
        }

        private Dictionary<string, Quantity> Of(NodeCode node)
        {
            if (!held.TryGetValue(node, out var some)) held[node] = some = [];
            return some;
        }
    }

    /// What channels have promised of SKUs that somebody waits for, where a ring wants to know.
    private async Task<ILookup<Sku, Held.Row>> HeldOf(IReadOnlyCollection<Sku> waited, Dictionary<Sku, List<Now>> nodes, CancellationToken ct)
    {
        var ringed = rings.All.Count == 0 ? [] : waited.Where(s => nodes[s].Exists(n => rings.NeedsHeld(s, n.Node))).ToArray();
        var rows = ringed.Length == 0 ? [] : await db.Query<Held.Row>(
            $"""
            select sku, node, channel, sum(open)::bigint as quantity from stock.reservation
            where company_id = {db.Company} and sku = any({ringed}) and open > 0 and channel is not null group by sku, node, channel
            """, ct);
        return rows.ToLookup(r => r.Sku);
    }

    /// What can be promised of SKUs at their nodes for a day.
    public async Task<IReadOnlyList<Promisable>> On(DateOnly day, IReadOnlyCollection<Sku> skus, CancellationToken ct)
    {
        var all = await Read(skus, ct);
        var answers = new List<Promisable>(all.Count * 4);
        foreach (var known in all)
        {
            if (known.IsPlain)
            {
                foreach (var now in known.Nodes) answers.Add(new Promisable(now.Sku, now.Node, now.Available, Quantity.Max(0, Free(now))));
                continue;
            }

            var (outlook, _) = Look(known);
            var available = known.Nodes.ToDictionary(n => n.Node, n => n.Available);
            foreach (var node in outlook.Nodes) answers.Add(new Promisable(known.Sku, node, available.GetValueOrDefault(node), outlook.At(node, day)));
        }

        return answers;
    }

    /// The same over so many days: each day on which it changes.
    public async Task<IReadOnlyList<PromiseCurve>> Curves(int days, IReadOnlyCollection<Sku> skus, CancellationToken ct)
    {
        var all = await Read(skus, ct);
        var until = Today.AddDays(days);
        var curves = new List<PromiseCurve>(all.Count * 4);
        foreach (var known in all)
        {
            if (known.IsPlain)
            {
                foreach (var now in known.Nodes) curves.Add(new PromiseCurve(now.Sku, now.Node, [new PromiseStep(Today, Quantity.Max(0, Free(now)))]));
                continue;
            }

            var (outlook, _) = Look(known);
            foreach (var node in outlook.Nodes) curves.Add(new PromiseCurve(known.Sku, node, outlook.Curve(node, until)));
        }

        return curves;
    }

    /// What is available, less safety stock: what is lacking of that is filled up first by what comes.
    private Quantity Free(Now now) => now.Available - rings.SafetyOf(now.Sku, now.Node);

    private async Task Prepare(CancellationToken ct)
    {
        rules = (await policies.Of<PromiseRules>(ct)).Choice;
        rings = await Rings.Of(settings, ct);
        Today = (await Network.Of(settings, ct)).Day(db.Now);
    }
}
