using Keel.Stock.Contract;

namespace Keel.Stock;

/// What the operations share that give promised goods to somebody else, free, or from another site.
internal sealed class Reallocating(KeelDb db, Settings settings)
{
    public static readonly Error NotPromised = Error.NotFound("stock.promise-unknown", "Nothing is promised to this line any more. Load the page again.");
    public static readonly Error OnTheFloor = new("stock.promise-on-the-floor", "Its goods are set aside in a bin already. Take the order back from the floor first.");

    public static readonly Error OneLot = new("stock.promise-one-lot", "One of the two asks for a single lot. Give the promise free, and it goes to whoever waits for that lot.");

    public static readonly Error Theirs = new("stock.promise-of-others", "These are somebody else's goods, and only the transfer that carries them may have them. Cancel the transfer instead.");

    private Owners owners = Owners.None;
    private DateOnly today;
    private int parts;

    /// Locks the positions of what is promised to a line, and of nodes where it may go, and reads its promises behind the lock. A line that is part of a
    /// kit is refused, or taken with the others of its kit where all of it is to go.
    public async Task<Result<(Shelf Shelf, IReadOnlyList<Reservation> Promises, Held Held)>> Lock(LineKey line, Later<List<Waiting>>? winner, IReadOnlyList<NodeCode> to, CancellationToken ct, bool withKit = false)
    {
        var held = new Held(await Rings.Of(settings, ct));
        (owners, today) = (await Owners.Of(settings, ct), (await Network.Of(settings, ct)).Day(db.Now));
        var before = db.OpenReservations([line.Document]);
        var shares = KitShares.Ask(db, [line.Document]);
        await db.Flush(ct);
        var kit = shares.Value.FirstOrDefault(s => s.Line == line.Line)?.KitLine;
        if (kit is not null && !withKit) return KitShares.PartOfKit;
        var taken = shares.Value.Where(s => s.KitLine == kit).Select(s => s.Line).Append(line.Line).ToHashSet();
        if (winner?.Value is [var waits, ..] && (await db.Query<int>($"select line from stock.kit_share where document_id = {waits.DocumentId} and line = {waits.Line}", ct)).Count > 0) return KitShares.PartOfKit;
        Reservation[] own = [.. before.Value.Where(r => taken.Contains(r.Line) && r.CompanyId == db.Company)];
        if (own.Length == 0) return NotPromised;
        if (Array.Exists(own, r => r is { Kind: DemandKind.Transfer, Owner: not PositionKey.Own })) return Theirs;
        if (Array.Exists(own, r => r.Lot.Length > 0) || winner?.Value.Any(w => w.Lot.Length > 0) == true) return OneLot;
        // What rings leave of anybody's goods is found out over all of them.
        PositionKey[] keys = [.. own.Select(r => r.Position).Concat(to.Select(n => own[0].Position with { Node = n })).SelectMany(k => owners.Positions(db.Company, k.Sku, k.Node, DemandKind.Order, today).Append(k)).Distinct()];
        foreach (var key in keys) db.Work.Actor.MustBeAt(key.Node);
        foreach (var number in own.Select(r => r.DocumentNumber).Concat(winner?.Value.Select(w => w.DocumentNumber) ?? []).Distinct()) db.Work.Concerns(number);

        Guid[] documents = [line.Document, .. winner?.Value.Select(w => w.DocumentId) ?? []];
        Later<List<Reservation>>? promises = null;
        Later<List<Allocation>>? set = null;
        Later<List<int>>? last = null;
        var shelf = await Shelf.ToPromise(db, keys, ct, () =>
        {
            held.Ask(db, keys);
            promises = db.OpenReservations([line.Document]);
            set = db.OpenAllocations([line.Document]);
            last = db.Ask<int>($"select coalesce(max(part), 0) from stock.reservation where document_id = any({documents})");
        });
        parts = last!.Value[0];
        if (set!.Value.Any(a => taken.Contains(a.Line))) return OnTheFloor;
        Reservation[] open = [.. promises!.Value.Where(r => taken.Contains(r.Line) && shelf.Holds(r.Position))];
        return open.Length == 0 ? NotPromised : (shelf, open, held);
    }

    /// Takes so many out of promises and promises them to a demand, at the same node or at another one. Says what each lost, and what a ring kept.
    public IReadOnlyList<(Reservation Loser, Quantity Lost)> Move(
        Shelf shelf, Held held, IReadOnlyList<Reservation> from, Quantity wanted, Demand to, int line, NodeCode? node, StepKind kind, string reason, out string? kept)
    {
        var lost = new List<(Reservation, Quantity)>();
        kept = null;
        foreach (var promise in from)
        {
            var quantity = Quantity.Min(wanted, promise.Open);
            if (!quantity.IsPositive) break;
            var key = promise.Position with { Node = node ?? promise.Node };
            var isHere = key == promise.Position;
            // What it may have is found out as if the goods were free already.
            if (isHere) held.Add(promise.Sku, promise.Node, promise.Channel, -quantity);
            var all = OnOffer.Of(shelf, [.. owners.Positions(db.Company, key.Sku, key.Node, to.Kind, today)]);
            var (free, why) = held.Allows(isHere ? all with { Available = all.Available + quantity } : all, to.Channel?.Text, to.Kind);
            kept ??= why;
            var there = shelf.At(key).Available + (isHere ? quantity : 0);
            var given = Quantity.Min(quantity, Quantity.Min(free, there));
            if (isHere) held.Add(promise.Sku, promise.Node, promise.Channel, quantity - given);
            if (!given.IsPositive) continue;
            shelf.Reduce(promise, given, kind, reason);
            shelf.Reserve(key, to, new DemandLine(line, promise.Sku, given), ++parts, given);
            held.Add(key.Sku, key.Node, to.Channel?.Text, given);
            lost.Add((promise, given));
            wanted -= given;
        }

        return lost;
    }

    /// Whether a demand of a kind may have what is promised here: others' goods are for orders alone.
    public bool Suits(Reservation promise, DemandKind kind) => owners.Promising(promise.Sku, kind, today).Contains(promise.Owner);

    public static Demand DemandOf(Waiting waiting) =>
        new(waiting.Kind, waiting.Document, [new DemandLine(waiting.Line, waiting.Sku, waiting.Quantity)], waiting.Nodes, waiting.Rank, waiting.PromisedBy)
        {
            Channel = waiting.Channel is { } code ? Code.Parse<ChannelCode>(code) : default(ChannelCode?),
        };
}
