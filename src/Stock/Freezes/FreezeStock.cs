using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Freezes a place with everything in and under it, a SKU at a site, a SKU in a place, or a lot at a site: what is there stays on hand and is not sold, picked or
/// moved until somebody thaws it. Promises that no longer hold give way, visibly.
[Operation("stock.freeze", StockPermissions.Freeze, ChangesSettings = true, Said = "froze {location|the goods}", Icon = "lock")]
internal sealed class FreezeStock(KeelDb db, Settings settings, Freezing freezing) : IOperation<FreezeStock.Request, Id<Freeze>>
{
    public sealed record Request(
        [Required, MaxLength(200)] string Reason, LocationCode? Location = null, NodeCode? Node = null, Sku? Sku = null, [MaxLength(100)] string? Owner = null, LotCode? Lot = null);

    public static readonly Error What = Error.Invalid("stock.freeze-what", "Say what is frozen: a place, a SKU at a site, or a SKU in a place.");
    public static readonly Error LotOfWhat = Error.Invalid("stock.freeze-lot", "A lot is frozen at a site, wherever it lies there. Name its SKU and the site, and no place.");
    public static readonly Error Already = new("stock.frozen-already", "This is frozen already. Thaw it first.");

    public async Task<Result<Id<Freeze>>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        if (request.Location is null && (request.Sku is null || request.Node is null)) return What;
        if (request.Lot is { } lot)
        {
            if (request.Sku is not { } of || request.Node is null || request.Location is not null) return LotOfWhat;
            if (await Lot.Find(db, of, lot, ct) is null) return Lot.Unknown.With($"Nobody knows a lot {lot} of {of}. Check the number.");
        }

        if (request.Node is { } site && !network.Sites.ContainsKey(site)) return Receiving.NoNode.With($"There is no site {site}. Create the site first.");
        var node = request.Node ?? default;
        if (request.Location is { } location)
        {
            if (!places.ByCode.TryGetValue(location, out var place)) return Receiving.NoPlace.With($"There is no place {location}.");
            if (!place.Rule.Counted) return Receiving.NotAPlaceForGoods;
            if (request.Node is { } other && other != place.Node) return Receiving.NoPlace.With($"There is no place {location} at {other}.");
            node = place.Node;
        }

        if (places.Freezes.FirstOrDefault(f => (f.Node, f.Location, f.Sku, f.Lot) == (node, request.Location, request.Sku, request.Lot)) is { } there)
            return Already.With($"{there.What} is frozen already, by {there.FrozenBy}: {there.Reason}. Thaw it first.");
        var freeze = new Freeze(
            db.NewId<Freeze>(), db.Company, node, request.Location, request.Sku, request.Reason.Trim(), request.Owner is { Length: > 0 } owner ? owner.Trim() : db.Work.Actor.Name,
            db.Now, db.Work.Actor.Name, db.Work.Operation, Lot: request.Lot);
        await freezing.Restate(places, [.. places.Freezes, freeze], freeze, () => db.Table<Freeze>().Insert(freeze), ct);
        return freeze.Id;
    }
}

/// Gives frozen goods back: they may be sold, picked and moved again, as far as nothing else freezes them.
[Operation("stock.thaw", StockPermissions.Freeze, ChangesSettings = true, Said = "thawed {freezes|the goods}", Icon = "check")]
internal sealed class ThawStock(KeelDb db, Settings settings, Freezing freezing) : IOperation<ThawStock.Request, Done>
{
    public sealed record Request([Required, MinLength(1), MaxLength(100)] IReadOnlyList<Guid> Freezes, [MaxLength(200)] string? Outcome = null);

    public static readonly Error Thawed = new("stock.thawed-already", "This is not frozen any more.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var places = await Places.Of(settings, ct);
        var wanted = request.Freezes.ToHashSet();
        var freezes = places.Freezes.Where(f => wanted.Contains(f.Id.Value)).ToArray();
        if (freezes.Length < wanted.Count) return Thawed;
        var ended = freezes.Select(f => f with { ThawedAt = db.Now, ThawedBy = db.Work.Actor.Name, Outcome = request.Outcome?.Trim() }).ToArray();
        await freezing.Thaw(places, ended, ct);
        return Done.It;
    }
}
