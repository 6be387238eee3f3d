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
    public sealed record Now(Sku Sku, NodeCode Node, Quantity Available, Quantity Sellable);

    public sealed record Coming(Sku Sku, NodeCode Node, SupplyKind Kind, DateOnly? Day, Quantity Quantity, int? Confidence);

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

    /// What is known of SKUs. With `hold`, who waits is locked as far as nobody else holds it.
    public async Task<IReadOnlyList<Known>> Read(IReadOnlyCollection<Sku> skus, CancellationToken ct, bool hold = false)
    {
        var locked = new SqlText.Verbatim(hold ? " order by document_id, line for update skip locked" : "");
        var waiting = db.Ask<Waiting>($"{Waiting.Columns} where company_id = {db.Company} and sku in (select unnest({skus})){locked}");
        var now = db.Ask<Now>($"select sku, node, sellable - reserved as available, sellable from stock.position where company_id = {db.Company} and owner = {PositionKey.Own} and sku = any({skus})");
        // A thousand values in a list would be weighed one by one each time that the statement is planned.
        var coming = db.Ask<Coming>($"select sku, node, kind, day, quantity, confidence from stock.coming where company_id = {db.Company} and owner = {PositionKey.Own} and sku in (select unnest({skus}))");
        await Prepare(ct);
        await db.Flush(ct);

        var comingOf = coming.Value.ToLookup(c => c.Sku);
        var waitingOf = waiting.Value.ToLookup(w => w.Sku);
        var nodes = new Dictionary<Sku, List<Now>>(skus.Count);
        foreach (var one in now.Value)
        {
            if (nodes.TryGetValue(one.Sku, out var own)) own.Add(one);
            else nodes[one.Sku] = [one];
        }

        foreach (var only in comingOf.Select(c => c.Key).Concat(waitingOf.Select(w => w.Key))) nodes.TryAdd(only, []);
        var heldOf = await HeldOf([.. waitingOf.Select(w => w.Key)], nodes, ct);
        return [.. nodes.Select(n => new Known(n.Key, n.Value, [.. comingOf[n.Key]], [.. waitingOf[n.Key]]) { Held = [.. heldOf[n.Key]] })];
    }

    /// The days to come of one SKU, and how who waits is served by them. What is late, or has no day, is not promised to anybody; and what a ring keeps
    /// from somebody, others may have.
    public (Outlook Outlook, IReadOnlyList<Served> Served) Look(Known known)
    {
        var arrivals = known.Coming.Where(c => c.Day >= Today).Select(c => new Arrival(c.Node, c.Day!.Value, rules.Counted(c.Kind, c.Quantity, c.Confidence))).ToArray();
        var outlook = new Outlook(Today, known.Nodes.Select(n => (n.Node, Free(n))), arrivals);
        var wants = known.Waiting.Select(w => new Want(w.DocumentId, w.Line, w.Nodes, w.Quantity, w.Rank, w.PromisedBy, w.Since) { Channel = w.Channel });
        return (outlook, outlook.Serve(wants, rings.All.Count == 0 ? null : new Ringed(rings, known, arrivals)));
    }

    /// What rings leave to those who wait, over time: what one takes counts for its channel, and what its channel has is not kept from others any more.
    private sealed class Ringed(Rings rings, Known known, IReadOnlyList<Arrival> arrivals) : IWantLimits
    {
        private readonly Dictionary<NodeCode, Dictionary<string, Quantity>> held = known.Held.GroupBy(h => h.Node).ToDictionary(g => g.Key, g => g.ToDictionary(h => h.Channel, h => h.Quantity));

        public Quantity Allows(in Want want, NodeCode node, DateOnly day, Quantity left)
        {
            var sellable = arrivals.Where(a => a.Node == node && a.Day <= day).Select(a => a.Quantity).Concat(known.Nodes.Where(n => n.Node == node).Select(n => n.Sellable)).Sum(q => q);
            return rings.AllowsLater(known.Sku, node, want.Channel, left, sellable, Of(node));
        }

        public void Took(in Want want, NodeCode node, Quantity quantity)
        {
            if (want.Channel is not { } channel) return;
            var own = Of(node);
            own[channel] = own.GetValueOrDefault(channel) + quantity;
        }

        private Dictionary<string, Quantity> Of(NodeCode node)
        {
            if (!held.TryGetValue(node, out var own)) held[node] = own = [];
            return own;
        }
    }

    /// What channels have promised of SKUs that somebody waits for, where a ring wants to know.
    private async Task<ILookup<Sku, Held.Row>> HeldOf(IReadOnlyCollection<Sku> waited, Dictionary<Sku, List<Now>> nodes, CancellationToken ct)
    {
        var ringed = rings.All.Count == 0 ? [] : waited.Where(s => nodes[s].Exists(n => rings.NeedsHeld(s, n.Node))).ToArray();
        var rows = ringed.Length == 0 ? [] : await db.Query<Held.Row>(
            $"""
            select sku, node, channel, sum(open)::bigint as quantity from stock.reservation
            where company_id = {db.Company} and sku = any({ringed}) and owner = {PositionKey.Own} and open > 0 and channel is not null group by sku, node, channel
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
