using Keel.Stock;

namespace Keel.Simulators;

/// Buys ahead of demand: each supplier comes on a day of its own and brings what the shelf lacks for the next weeks. Scarce goods come short.
internal sealed class Supply(Clerk clerk, HarbourScale scale, Assortment assortment)
{
    private const int DaysOfCover = 34;
    private static readonly Actor Receiver = Staff.Of("Wim de Boer");
    private readonly Dictionary<string, Guid> suppliers = [];
    private readonly double perDay = scale.Orders * Shoppers.UnitsPerOrder / scale.Days / assortment.Likings;

    /// The first fill of the shelves, before the doors open.
    public Task Open(DateTimeOffset at, CancellationToken ct) => Bring(at, "OPEN", assortment.Sold, ct);

    /// What suppliers bring on a day.
    public async Task Deliver(DateOnly day, DateTimeOffset at, CancellationToken ct)
    {
        if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) return;
        // Whose day is a weekend day comes on Monday.
        var late = day.DayOfWeek is DayOfWeek.Monday ? 2 : 0;
        var coming = assortment.Sold.Where(a => (a.Supplier + day.DayNumber) % 7 <= late).ToArray();
        await Bring(at, $"{day:yyMMdd}", coming, ct);
    }

    private async Task Bring(DateTimeOffset at, string delivery, IReadOnlyList<Article> articles, CancellationToken ct)
    {
        var skus = articles.Select(a => a.Sku).ToArray();
        var shelf = (await clerk.Asks<OnShelf>(
            $"select sku, sum(on_hand)::bigint as on_hand, sum(reserved)::bigint as reserved from stock.pub_position where company_id = {clerk.Company} and sku = any({skus}) group by sku", ct))
            .ToDictionary(s => s.Sku);
        var isFirst = delivery == "OPEN";
        var wanted = articles.Select(a => (Article: a, Units: Wanted(a, shelf.GetValueOrDefault(a.Sku), isFirst, delivery))).Where(w => w.Units > 0).ToArray();
        var known = await clerk.Asks<string>($"select reference from stock.pub_document where company_id = {clerk.Company} and kind = 'Receipt' and reference like {"%/" + delivery}", ct);

        if (suppliers.Count == 0) await FindSuppliers(ct);
        foreach (var node in new NodeCode[] { "MAIN", "OVERFLOW" })
        {
            var receipts = wanted.GroupBy(w => w.Article.Supplier)
                .Select(g => (Supplier: suppliers[Words.SupplierNames[g.Key]], Reference: $"{Reference(g.Key)}-{node.Text[0]}/{delivery}", Lines: Lines(g, node)))
                .Where(r => r.Lines.Length > 0 && !known.Contains(r.Reference)).ToArray();
            if (receipts.Length == 0) continue;
            await clerk.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(
                new([.. receipts.Select(r => new ReceiveGoods.Receipt(node, r.Lines, r.Supplier, Reference: r.Reference, Location: Place.In(node, "RECEIVING")))]), Caller(at), ct);
        }
    }

    /// Everything at the dock goes to its bin.
    public async Task PutAway(DateTimeOffset at, CancellationToken ct)
    {
        var docked = await clerk.Asks<InPlace>(
            $"select node, sku, location, on_hand - allocated as free from stock.level where company_id = {clerk.Company} and location in ('MAIN/RECEIVING', 'OVERFLOW/RECEIVING') and on_hand > allocated order by sku", ct);
        foreach (var node in docked.Where(d => assortment.BySku.ContainsKey(d.Sku)).GroupBy(d => d.Node))
        {
            await clerk.Does<MoveStock, MoveStock.Request, DocumentRef>(
                new([.. node.Select(d => new MoveStock.Line(d.Sku, d.Location, node.Key.Text == "MAIN" ? assortment.BySku[d.Sku].Bin : assortment.BySku[d.Sku].OverflowBin, d.Free))], "put away"),
                Caller(at), ct);
        }
    }

    /// Suppliers say what they bring and when: first what somebody waits for, then what is scarce.
    public async Task Announce(DateTimeOffset at, int products, int inDays, CancellationToken ct)
    {
        if (suppliers.Count == 0) await FindSuppliers(ct);
        var today = DateOnly.FromDateTime(at.UtcDateTime);
        var wanted = await clerk.Asks<Sku>(
            $"""
            select p.sku from stock.position p left join stock.waiting w on w.company_id = p.company_id and w.sku = p.sku and w.node = p.node
            where p.company_id = {clerk.Company} and p.node = 'MAIN' and not exists (select from stock.supply s where s.company_id = p.company_id and s.sku = p.sku and s.open > 0)
            group by p.sku, p.sellable, p.reserved order by coalesce(sum(w.quantity), 0) desc, p.sellable - p.reserved, p.sku limit {products}
            """, ct);
        AnnounceSupplies.Item[] news =
        [
            .. wanted.Where(assortment.BySku.ContainsKey).Select((sku, i) => (Article: assortment.BySku[sku], At: i)).Select(w => new AnnounceSupplies.Item(
                w.Article.Sku, "MAIN", 12 + w.At % 5 * 6, today.AddDays(inDays + w.At % 4 * 3), Supplier: suppliers[Words.SupplierNames[w.Article.Supplier]], Reference: $"{Reference(w.Article.Supplier)} {at:yyMMdd}-{w.At + 1}")),
        ];
        if (news.Length > 0) await clerk.Does<AnnounceSupplies, AnnounceSupplies.Request, IReadOnlyList<DocumentRef>>(new(news), Caller(at), ct);
    }

    /// The marketplace sells from a copy of the shelf, and the last of what is scarce is kept.
    public async Task Ring(DateTimeOffset at, CancellationToken ct)
    {
        if ((await clerk.Asks<Guid>($"select id from stock.ring where company_id = {clerk.Company} limit 1", ct)).Count > 0) return;
        await clerk.Does<SetRings, SetRings.Request, Done>(new(
        [
            new(RingKind.Last, "bazaar", "MAIN", Quantity: 2, Reason: "It sells from a copy of the shelf that is minutes old"),
            .. assortment.Sold.Where(a => a.IsScarce).Take(6).Select(a => new SetRings.Item(RingKind.Safety, Node: "MAIN", Sku: a.Sku, Quantity: 2, Reason: "Comes short often")),
        ]), Caller(at), ct);
    }

    private async Task FindSuppliers(CancellationToken ct)
    {
        foreach (var supplier in await clerk.Asks<Known>($"select id, name from partners.partner where company_id = {clerk.Company} and is_supplier", ct)) suppliers[supplier.Name] = supplier.Id;
    }

    private int Wanted(Article article, OnShelf? shelf, bool isFirst, string delivery)
    {
        var a = perDay * article.Liking;
        var cover = article.IsScarce ? 8 : DaysOfCover;
        var target = Math.Max(4, a * cover);
        var free = shelf is null ? 0 : (double)(shelf.OnHand - shelf.Reserved).Units;
        if (!isFirst && free > target * 0.62) return 0;
        // Now and then a delivery is late or short.
        var luck = scale.Chance("delivery", delivery, article.Sku).Next(100);
        if (!isFirst && luck < 4) return 0;
        return (int)Math.Ceiling((target - free) * (luck < 6 ? 0.5 : 1) / 2) * 2;
    }

    private static ReceiveGoods.Line[] Lines(IEnumerable<(Article Article, int Units)> wanted, NodeCode node) =>
    [
        .. wanted.Select(w => (w.Article, Units: node.Text == "OVERFLOW" ? w.Units / 4 : w.Units - w.Units / 4)).Where(w => w.Units > 0)
            .Select(w => new ReceiveGoods.Line(w.Article.Sku, w.Units, UnitPrice.Of(w.Article.Cost, Currency.Eur))),
    ];

    private static string Reference(int supplier) => string.Concat(Words.SupplierNames[supplier].Split(' ').Select(w => w[..2])).ToUpperInvariant();

    private Caller Caller(DateTimeOffset at) => clerk.At(at) with { Actor = Receiver, Door = Door.Page };

    private sealed record OnShelf(Sku Sku, Quantity OnHand, Quantity Reserved);

    private sealed record Known(Guid Id, string Name);

    internal sealed record InPlace(NodeCode Node, Sku Sku, LocationCode Location, Quantity Free);
}

/// The people of Harbour Home, as they stand in the log.
internal static class Staff
{
    public static Actor Of(string name) => new(ActorKind.Person, new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)), name)
    {
        Permissions = System.Collections.Frozen.FrozenSet.Create(StringComparer.Ordinal, "*"),
    };

    public static Actor Channel(ChannelCode channel) => Of(channel.Text) with { Kind = ActorKind.Channel };
}
