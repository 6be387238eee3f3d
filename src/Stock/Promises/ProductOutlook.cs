using Keel.Catalog.Contract;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// What becomes of a product over the next ninety days: what comes, who takes it, and what can be promised from each day on.
internal sealed class ProductOutlook(KeelDb db, Settings settings, Outlooks outlooks, StockDesk stock)
{
    public const int Days = 90;

    /// What comes or goes on a day; without a day nobody knows when.
    public sealed record Happening(DateOnly? Day, NodeCode Node, string Record, Guid Id, string Number, Quantity Comes, Quantity Goes, Quantity Left);

    public sealed record Offer(ChannelCode Channel, NodeCode Node, Quantity Available, Quantity Quantity, string? Kept);

    private sealed record Coming(Sku Sku, string Owner, NodeCode Node, string Record, Guid Id, string Number, DateOnly? Day, Quantity Quantity);

    public DateOnly Today => outlooks.Today;
    public IReadOnlyList<PromiseCurve> Curves { get; private set; } = [];
    public IReadOnlyList<Happening> Happenings { get; private set; } = [];
    public IReadOnlyList<Offer> Offers { get; private set; } = [];

    public async Task Load(Sku sku, CancellationToken ct = default)
    {
        var reach = db.Work.Actor.Reach;
        var owners = await Owners.Of(settings, ct);
        var coming = db.Ask<Coming>($"select sku, owner, node, record, id, number, day, quantity from stock.coming where company_id = {db.Company} and sku = {sku} and owner = any({owners.Codes}) order by day, number limit 200");
        var all = await outlooks.Read([sku], ct);
        if ((await KitBook.Of(settings, ct)).IsVirtual(sku)) Curves = [.. (await stock.PromiseCurves([sku], Days, ct)).Where(c => reach.Covers(c.Node)).OrderBy(c => c.Node)];
        else if (all is [var known])
        {
            var (outlook, served) = outlooks.Look(known);
            Curves = [.. outlook.Nodes.Where(reach.Covers).Order().Select(n => new PromiseCurve(sku, n, outlook.Curve(n, Today.AddDays(Days))))];
            var documents = known.Waiting.ToDictionary(w => (w.DocumentId, w.Line), w => w);
            Happenings =
            [
                .. owners.ForOrders(coming.Value, c => (c.Sku, c.Owner), Today).Select(c => new Happening(c.Day >= Today ? c.Day : null, c.Node, c.Record, c.Id, c.Number, c.Quantity, 0, c.Day is { } day && day >= Today ? outlook.At(c.Node, day) : 0))
                    .Concat(served.SelectMany(s => Goes(s, documents[(s.Want.Document, s.Want.Line)], outlook)))
                    .Concat(known.Waiting.Where(w => served.All(s => (s.Want.Document, s.Want.Line) != (w.DocumentId, w.Line))).Select(w => new Happening(null, w.Nodes[0], w.Document.Kind, w.DocumentId, w.DocumentNumber, 0, w.Quantity, 0)))
                    .Where(h => reach.Covers(h.Node)).OrderBy(h => h.Day ?? DateOnly.MaxValue).ThenBy(h => h.Node).ThenByDescending(h => h.Comes),
            ];
        }

        if ((await Rings.Of(settings, ct)).All.Count == 0) return;
        var network = await Network.Of(settings, ct);
        var offers = new List<Offer>();
        foreach (var channel in network.Channels.Values.Where(c => db.Work.Actor.MayOn(c.Code)).OrderBy(c => c.Code))
        {
            var own = await stock.Offers(channel.Code, [sku], channel.Nodes, ct);
            offers.AddRange(own.Where(o => reach.Covers(o.Node)).OrderBy(o => o.Node).Select(o => new Offer(channel.Code, o.Node, o.Available, o.Quantity, o.Kept)));
        }

        Offers = offers;
    }

    private static IEnumerable<Happening> Goes(Served served, Waiting who, Outlook outlook)
    {
        foreach (var (node, day, quantity) in served.Parts) yield return new Happening(day, node, who.Document.Kind, who.DocumentId, who.DocumentNumber, 0, quantity, outlook.At(node, day));
        if (served.Missing.IsPositive) yield return new Happening(null, who.Nodes[0], who.Document.Kind, who.DocumentId, who.DocumentNumber, 0, served.Missing, 0);
    }
}
