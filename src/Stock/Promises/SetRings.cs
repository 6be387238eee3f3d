using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Kernel.Views;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Sets rings and safety stock: from now on they decide what a channel is shown and what it may reserve. What is promised already stays promised.
[Operation("stock.set-rings", StockPermissions.Rings, ChangesSettings = true, Said = "set {rings|a ring}", Icon = "shield")]
internal sealed class SetRings(KeelDb db, Settings settings, ProductGuard products) : IOperation<SetRings.Request, Done>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Item> Rings);

    /// Without a SKU it is for everything, without a site for all; the nearest one counts. Safety stock has no channel; a share has a per cent.
    public sealed record Item(
        RingKind Kind, ChannelCode? Channel = null, NodeCode? Node = null, Sku? Sku = null, [NotNegative] Quantity? Quantity = null, [Range(0, 100)] int? Percent = null, [MaxLength(200)] string? Reason = null);

    public static readonly Error NoChannel = Error.NotFound("stock.ring-channel", "There is no such channel. Choose one of the list.");
    public static readonly Error Whose = Error.Invalid("stock.ring-whose", "Safety stock is kept from everybody and names no channel; every other ring names the channel that it is for.");
    public static readonly Error HowMuch = Error.Invalid("stock.ring-how-much", "Say how much: a share in per cent, everything else in units.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var (network, rings) = (await Network.Of(settings, ct), await Rings.Of(settings, ct));
        foreach (var item in request.Rings)
        {
            if (item.Kind is RingKind.Safety != item.Channel is null) return Whose;
            if (item.Kind is RingKind.Share ? item.Percent is null : item.Quantity is null) return HowMuch;
            if (item.Channel is { } channel && !network.Channels.ContainsKey(channel)) return NoChannel.With($"There is no channel {channel}. Choose one of the list.");
            if (item.Node is { } node && !network.Sites.ContainsKey(node)) return Receiving.NoNode.With($"There is no site {node}. Choose one of the list.");
            if (item.Channel is { } own) db.Work.Actor.MustBeOn(own);
            if (item.Node is { } site) db.Work.Actor.MustBeAt(site);
        }

        var named = await products.Named([.. request.Rings.Select(r => r.Sku).OfType<Sku>()], ct);
        if (!named.Ok) return named.Error!;
        request = new Request([.. request.Rings.Select(r => r with { Sku = r.Sku is { } sku ? named.Value[sku] : default(Sku?) })]);
        var skus = named.Value.Values;
        var kits = await KitBook.Of(settings, ct);
        if (skus.FirstOrDefault(kits.IsVirtual) is { Text.Length: > 0 } kit) return ProductGuard.VirtualKit.With($"{kit} is a kit that is never in stock itself. Set the ring for what it is made of: {KitBook.Words(kits.PartsOf(kit))}.");
        var before = rings.All.ToDictionary(r => (r.Kind, r.Channel, r.Node, r.Sku));
        var rows = request.Rings.Select(i => new Ring(
            db.NewId<Ring>(), db.Company, i.Kind, i.Channel?.Text ?? "", i.Node?.Text ?? "", i.Sku?.Text ?? "", i.Quantity ?? 0, i.Percent ?? 0, i.Reason, db.Now, db.Work.Actor.Name, db.Work.Operation))
            .Select(r => before.TryGetValue((r.Kind, r.Channel, r.Node, r.Sku), out var was) ? r with { Id = was.Id } : r).GroupBy(r => (r.Kind, r.Channel, r.Node, r.Sku)).Select(g => g.Last()).ToArray();
        var there = before.Values.Select(r => r.Id).ToHashSet();
        foreach (var row in rows) db.Work.Changed("ring", row.Sku.Length > 0 ? row.Sku : "everything", before.GetValueOrDefault((row.Kind, row.Channel, row.Node, row.Sku))?.What, row.What);
        db.Table<Ring>().Insert([.. rows.Where(r => !there.Contains(r.Id))]);
        db.Table<Ring>().Update([.. rows.Where(r => there.Contains(r.Id))], nameof(Ring.Quantity), nameof(Ring.Percent), nameof(Ring.Reason), nameof(Ring.ChangedAt), nameof(Ring.ChangedBy));
        await WaitingList.Offer(db, ct);
        return Done.It;
    }
}

/// Takes rings away: what they kept is for everybody again, and who waits for it is served.
[Operation("stock.drop-rings", StockPermissions.Rings, ChangesSettings = true, Said = "took {rings|a ring} away", Icon = "x")]
internal sealed class DropRings(KeelDb db, Settings settings) : IOperation<DropRings.Request, Done>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Guid> Rings);

    public static readonly Error Gone = Error.NotFound("stock.ring-gone", "One of these is there no more. Load the page again.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var wanted = request.Rings.ToHashSet();
        var rows = (await Rings.Of(settings, ct)).All.Where(r => wanted.Contains(r.Id.Value)).ToArray();
        if (rows.Length < wanted.Count) return Gone;
        foreach (var row in rows) db.Work.Changed("ring", row.Sku.Length > 0 ? row.Sku : "everything", row.What, "none");
        db.Table<Ring>().Delete(rows);
        await WaitingList.Offer(db, ct);
        return Done.It;
    }
}

/// What is kept from whom: safety stock and rings.
[View("stock.rings", StockPermissions.Read, Sort = "sku")]
internal sealed class RingList(KeelDb db) : IView<RingList.Row>
{
    public sealed record Row
    {
        [Key] public required Guid Id { get; init; }
        [Title("What")] public required RingKind Kind { get; init; }
        [Search, Title("Channel", Empty = "everybody")] public string? Channel { get; init; }
        [Search, Title("SKU", Empty = "everything")] public string? Sku { get; init; }
        [Title("Node", Empty = "everywhere")] public string? Node { get; init; }
        [Title("Units")] public Quantity? Quantity { get; init; }
        [Title("Per cent")] public int? Percent { get; init; }
        [Title("Why")] public string? Reason { get; init; }
        [Title("Since")] public required DateTimeOffset ChangedAt { get; init; }
        [Title("By")] public required string ChangedBy { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select r.id, r.kind, nullif(r.channel, '') as channel, nullif(r.sku, '') as sku, nullif(r.node, '') as node, case when r.kind <> 'Share' then r.quantity end as quantity,
          case when r.kind = 'Share' then r.percent end as percent, r.reason, r.changed_at, r.changed_by,
          case r.kind when 'Safety' then 'Sold to nobody' when 'Dedicated' then 'Its own, and no others' when 'Kept' then 'Always left for it' when 'Most' then 'No more promised at once'
            when 'Last' then 'It leaves the last ones' else 'No larger share promised at once' end as next
        from stock.ring r where r.company_id = {db.Company}{db.Work.Actor.Reach.And("nullif(r.node, '')", "nullif(r.channel, '')")}
        """;
}
