using System.ComponentModel.DataAnnotations;

namespace Keel.Stock;

/// Closes empty places with everything under them: nothing is put, counted or picked there any more, and what happened there stays in the book.
[Operation("stock.close-locations", StockPermissions.Locations, ChangesSettings = true, Said = "closed {places|the place}", Icon = "lock")]
internal sealed class CloseLocations(KeelDb db, Settings settings) : IOperation<CloseLocations.Request, Saved[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(5000)] IReadOnlyList<LocationCode> Places);

    public static readonly Error NotEmpty = new("stock.close-not-empty", "There are goods in this place. Move or count them out, then close it.");
    public static readonly Error Usual = new("stock.close-usual", "Goods that come without a place are put here. It stays open as long as its site does.");
    public static readonly Error Frozen = new("stock.close-frozen", "This place is frozen. Thaw it, then close it.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var places = await Places.Of(settings, ct);
        var wanted = request.Places.Distinct().ToArray();
        var all = wanted.Where(places.ByCode.ContainsKey).SelectMany(places.Under).Where(l => l.Rule.Counted).DistinctBy(l => l.Code).ToArray();
        var nodes = all.Select(l => l.Node).Distinct().ToArray();
        foreach (var node in nodes) db.Work.Actor.MustBeAt(node);
        if (nodes.Length > 0) places.Change(db, nodes);
        var full = await EditLocations.Full(db, all.Select(l => l.Code), ct);

        var changed = new Dictionary<LocationCode, Location>();
        var answers = wanted.Select(One).ToArray();
        db.Table<Location>().Update([.. changed.Values.OrderBy(l => l.Code)], nameof(Location.ClosedAt), nameof(Location.Version));
        return Saved.Answer(answers);

        Saved One(LocationCode code)
        {
            if (!places.ByCode.TryGetValue(code, out var place)) return Saved.Refused(code.Text, Receiving.NoPlace.With($"There is no place {code}."));
            if (!place.Rule.Counted) return Saved.Refused(code.Text, EditLocations.Outside);
            var under = places.Under(code).ToArray();
            if (under.FirstOrDefault(l => IsUsual(l)) is { } usual)
                return Saved.Refused(code.Text, Usual.With($"Goods that come to {usual.Node} without a place are put into {usual.Code}. It stays open as long as the site does."));
            if (under.FirstOrDefault(l => full.Contains(l.Code)) is { } filled)
                return Saved.Refused(code.Text, NotEmpty.With($"There are goods in {filled.Code}. Move or count them out, then close {code}."));
            if (under.Any(l => places.Freezes.Any(f => f.Location == l.Code)))
                return Saved.Refused(code.Text, Frozen.With($"{code} is frozen. Thaw it, then close it."));
            var open = under.Where(l => !l.IsClosed && !changed.ContainsKey(l.Code)).ToArray();
            foreach (var one in open)
            {
                changed[one.Code] = one with { ClosedAt = db.Now, Version = one.Version + 1 };
                db.Work.Changed(Location.RecordKind, one.Code.Text, "State", "open", "closed");
            }

            if (open.Length > 0) db.Work.Concerns(code.Text);
            return new Saved(code.Text, open.Length > 0 ? SavedAs.Changed : SavedAs.Unchanged);
        }
    }

    /// Receipts and returns that name no place go there, and what counts miss.
    private static bool IsUsual(Location place) => place.Code == Place.In(place.Node, "STOCK") || place.Code == Place.In(place.Node, "RETURNS") || place.Kind is PlaceKind.Doubt;
}

/// Opens closed places again, with everything under them.
[Operation("stock.open-locations", StockPermissions.Locations, ChangesSettings = true, Said = "opened {places|the place}", Icon = "warehouse")]
internal sealed class OpenLocations(KeelDb db, Settings settings) : IOperation<OpenLocations.Request, Saved[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(5000)] IReadOnlyList<LocationCode> Places);

    public static readonly Error InClosed = new("stock.open-in-closed", "The place above is closed. Open that one.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var places = await Places.Of(settings, ct);
        var wanted = request.Places.Distinct().ToArray();
        var nodes = wanted.Where(places.ByCode.ContainsKey).Select(c => places.ByCode[c]).Where(l => l.Rule.Counted).Select(l => l.Node).Distinct().ToArray();
        foreach (var node in nodes) db.Work.Actor.MustBeAt(node);
        if (nodes.Length > 0) places.Change(db, nodes);

        var changed = new Dictionary<LocationCode, Location>();
        var answers = wanted.Select(One).ToArray();
        db.Table<Location>().Update([.. changed.Values.OrderBy(l => l.Code)], nameof(Location.ClosedAt), nameof(Location.Version));
        return Saved.Answer(answers);

        Saved One(LocationCode code)
        {
            if (!places.ByCode.ContainsKey(code)) return Saved.Refused(code.Text, Receiving.NoPlace.With($"There is no place {code}."));
            if (places.Above(code).FirstOrDefault(a => a.IsClosed && !changed.ContainsKey(a.Code)) is { } above)
                return Saved.Refused(code.Text, InClosed.With($"{above.Code} above it is closed. Open that one."));
            var closed = places.Under(code).Where(l => l.IsClosed && !changed.ContainsKey(l.Code)).ToArray();
            foreach (var one in closed)
            {
                changed[one.Code] = one with { ClosedAt = null, Version = one.Version + 1 };
                db.Work.Changed(Location.RecordKind, one.Code.Text, "State", "closed", "open");
            }

            if (closed.Length > 0) db.Work.Concerns(code.Text);
            return new Saved(code.Text, closed.Length > 0 ? SavedAs.Changed : SavedAs.Unchanged);
        }
    }
}
