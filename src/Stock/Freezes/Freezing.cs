using Keel.Stock.Contract;

namespace Keel.Stock;

/// Makes what is frozen or thawed hold in the positions at once. While it does, nobody moves goods at the site; who reserves waits for the rows.
internal sealed class Freezing(KeelDb db, Settings settings, StockFacts facts)
{
    public Task Restate(Places before, IReadOnlyList<Freeze> after, Freeze changed, Action write, CancellationToken ct) => Restate(before, after, [changed], write, ct);

    /// Freezes several things in one step.
    public Task Add(Places before, IReadOnlyList<Freeze> added, CancellationToken ct) => Restate(before, [.. before.Freezes, .. added], added, () => db.Table<Freeze>().Insert(added), ct);

    public Task Thaw(Places before, IReadOnlyList<Freeze> ended, CancellationToken ct)
    {
        var ids = ended.Select(f => f.Id).ToHashSet();
        return Restate(before, [.. before.Freezes.Where(f => !ids.Contains(f.Id))], ended,
            () => db.Table<Freeze>().Update(ended, nameof(Freeze.ThawedAt), nameof(Freeze.ThawedBy), nameof(Freeze.Outcome)), ct);
    }

    private async Task Restate(Places before, IReadOnlyList<Freeze> after, IReadOnlyList<Freeze> changed, Action write, CancellationToken ct)
    {
        var nodes = changed.Select(f => f.Node).Distinct().Order().ToArray();
        foreach (var node in nodes) db.Work.Actor.MustBeAt(node);
        foreach (var freeze in changed)
        {
            db.Work.Concerns(freeze.Location?.Text ?? freeze.Sku!.Value.Text);
            var state = freeze.ThawedAt is null ? (Before: "not frozen", After: "frozen: " + freeze.Reason) : (Before: "frozen: " + freeze.Reason, After: "thawed");
            if (freeze.Lot is { } lot) db.Work.Changed(Lot.RecordKind, Lot.Named(freeze.Sku!.Value, lot), $"Stock at {freeze.Node}", state.Before, state.After);
            if (freeze.Location is { } place) db.Work.Changed(Location.RecordKind, place.Text, freeze.Sku is { } sku ? $"Stock of {sku}" : "Stock", state.Before, state.After);
        }

        before.Change(db, nodes);
        var keys = await Concerned(before, changed, ct);
        var places = before.With(after, nodes);
        write();
        if (keys.Count == 0) return;
        var shelf = await Shelf.ToMove(db, places, (await Network.Of(settings, ct)).Company.Currency, keys, create: false, ct);
        var free = shelf.Restate(before);
        facts.Tell(await shelf.GiveWay("frozen: it may not be sold", ct), "freeze");
        shelf.Write();
        foreach (var site in free.GroupBy(k => k.Node)) db.Raise(new StockArrived(site.Key, [.. site.Select(k => k.Sku).Distinct().Order()]));
    }

    /// The positions with goods that the freezes are about.
    private async Task<IReadOnlyList<PositionKey>> Concerned(Places places, IReadOnlyList<Freeze> freezes, CancellationToken ct)
    {
        var keys = new HashSet<PositionKey>();
        var anywhere = freezes.Where(f => f.Location is null).ToArray();
        var found = db.Ask<Held>(
            $"""
            select distinct v.node, v.sku, v.owner from unnest({anywhere.Select(f => f.Node).ToArray()}, {anywhere.Select(f => f.Sku!.Value).ToArray()}, {anywhere.Select(f => f.Lot?.Text ?? "").ToArray()}) as k (node, sku, lot)
            join stock.level v on v.company_id = {db.Company} and v.node = k.node and v.sku = k.sku and (k.lot = '' or v.lot = k.lot) and v.on_hand > 0
            """);
        var inPlaces = freezes.Where(f => f.Location is not null).Select(f => (Freeze: f, Held: db.Ask<Held>(
            $"select distinct node, sku, owner from stock.level where company_id = {db.Company} and location = any({places.Under(f.Location!.Value).Select(l => l.Code)}) and on_hand > 0"))).ToArray();
        await db.Flush(ct);
        foreach (var held in found.Value.Concat(inPlaces.SelectMany(p => p.Held.Value.Where(h => p.Freeze.Sku is not { } sku || h.Sku == sku)))) keys.Add(new PositionKey(db.Company, held.Sku, held.Node, held.Owner));
        return [.. keys.Order()];
    }

    private sealed record Held(NodeCode Node, Sku Sku, string Owner);
}
