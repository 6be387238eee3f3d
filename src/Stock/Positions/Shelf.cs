using Keel.Stock.Contract;

namespace Keel.Stock;

/// The locked rows of one transaction and what becomes of them: decided here in memory, written once as sets.
internal sealed class Shelf
{
    private readonly KeelDb db;
    private readonly Places places;
    private readonly Currency currency;
    private readonly Dictionary<PositionKey, Position> positions;
    private readonly Dictionary<LevelKey, Level> levels;
    private readonly Dictionary<PositionKey, List<LevelKey>> levelsOf = [];
    private readonly PoolBook pools;
    private readonly HashSet<PositionKey> changedPositions = [];
    private readonly HashSet<LevelKey> changedLevels = [];
    private readonly HashSet<LevelKey> newLevels = [];
    private readonly List<StockMove> moves = [];
    private readonly List<Reservation> newReservations = [];
    private readonly Dictionary<(Guid, int, int), Reservation> changedReservations = [];
    private readonly List<ReservationStep> steps = [];
    private readonly Dictionary<(Guid, int, int), Allocation> changedAllocations = [];
    private readonly List<Allocation> newAllocations = [];
    private readonly List<LotTrail> trail = [];
    private readonly List<Withheld> withheld = [];
    private readonly Dictionary<(Sku Sku, string Lot), Quantity> lotsMoved = [];
    private HashSet<LocationCode>? within;

    private Shelf(KeelDb db, Places places, Currency currency, List<Position> positions, List<Level> levels, PoolBook pools)
    {
        (this.db, this.places, this.currency, this.pools) = (db, places, currency, pools);
        this.positions = positions.ToDictionary(p => p.Key);
        this.levels = levels.ToDictionary(l => l.Key);
        foreach (var level in levels) LevelsOf(level.Key.Position).Add(level.Key);
    }

    /// Locks positions only: enough to promise. `behindLock` may ask for what the locks guard, in the same round trip.
    public static async Task<Shelf> ToPromise(KeelDb db, IEnumerable<PositionKey> keys, CancellationToken ct, Action? behindLock = null)
    {
        var locked = db.LockPositions([.. keys.Distinct().Order()], create: false);
        behindLock?.Invoke();
        await db.Flush(ct);
        return new Shelf(db, Places.None, default, locked.Value, [], PoolBook.None(db));
    }

    /// Locks positions, their levels and the cost pools in one round trip: what moving goods needs. Where the places are `named` in which goods lie or come to lie,
    /// only their levels are read, however many others hold the product.
    public static async Task<Shelf> ToMove(KeelDb db, Places places, Currency currency, IEnumerable<PositionKey> keys, bool create, CancellationToken ct,
        Action? behindLock = null, IEnumerable<LocationCode>? named = null)
    {
        var sorted = keys.Distinct().Order().ToArray();
        foreach (var key in sorted) db.Work.Actor.MustBeAt(key.Node);
        if (places.ByCode.Count > 0 && sorted.Length > 0) places.StandOn(db, sorted.Select(k => k.Node));
        var lockedPositions = db.LockPositions(sorted, create);
        var within = named?.ToHashSet();
        var lockedLevels = db.LockLevels(sorted, within);
        var (lockedPools, layers) = db.LockPools([.. sorted.Select(k => k.Sku).Distinct()], create, currency);
        behindLock?.Invoke();
        await db.Flush(ct);
        return new Shelf(db, places, currency, lockedPositions.Value, lockedLevels.Value, await PoolBook.Of(db, currency, lockedPools.Value, layers.Value, ct)) { within = within };
    }

    /// Locks the cost pools of SKUs and their layers: enough to change what goods are worth.
    public static async Task<Shelf> ToValue(KeelDb db, Currency currency, IEnumerable<Sku> skus, bool create, CancellationToken ct, Action? behindLock = null)
    {
        var (pools, layers) = db.LockPools([.. skus.Distinct().Order()], create, currency);
        behindLock?.Invoke();
        await db.Flush(ct);
        return new Shelf(db, Places.None, currency, [], [], await PoolBook.Of(db, currency, pools.Value, layers.Value, ct));
    }

    public IReadOnlyList<StockMove> Moves => moves;

    public Position At(PositionKey key) => positions.TryGetValue(key, out var position) ? position : Position.Empty(key);

    public bool Holds(PositionKey key) => positions.ContainsKey(key);

    public Level LevelAt(LevelKey key) => WasRead(key.Location) && levels.TryGetValue(key, out var level) ? level : Level.Empty(key);

    /// The pool that says what goods of a SKU at a site are worth; where the site has none of them, it is the company's.
    public CostPool PoolOf(Sku sku, NodeCode node) => pools[sku].At(PoolKey.At(node)).Pool is { Quantity.IsPositive: true } pool ? pool : pools[sku].Pool;

    /// What the goods of a SKU are worth, with their layers.
    public SkuWorth WorthOf(Sku sku) => pools[sku];

    /// The levels that may be picked from, in the order in which they are emptied, with what is free in each. `goal` is how many are wanted.
    public IEnumerable<Level> PickableLevels(PositionKey key, RemovalRules? rules = null, Quantity goal = default, string? category = null)
    {
        var there = Everything(key)
            .Where(l => l.OnHand.IsPositive && l.Key.Condition is GoodsCondition.Good && places.ByCode.TryGetValue(l.Key.Location, out var place) && place.IsPickable && !IsFrozen(l.Key));
        return (rules ?? RemovalRules.AsDelivered).Sort(there, l => places.ByCode[l.Key.Location].PickOrder, goal, category);
    }

    /// The levels of a SKU in one place, with something in them: what is good and lies in no package, or what is asked for.
    public IReadOnlyList<Level> LevelsIn(PositionKey key, LocationCode place, string package = "", GoodsCondition condition = GoodsCondition.Good) => !WasRead(place) ? [] : [.. LevelsOf(key).Where(k => k.Location == place && k.Package == package && k.Condition == condition).Select(k => levels[k]).Where(l => l.OnHand.IsPositive).OrderBy(l => l.SellUntil ?? DateOnly.MaxValue).ThenBy(l => l.Key.Lot, StringComparer.Ordinal)];

    /// Everything that a position has, in whatever place, package and condition.
    public IReadOnlyList<Level> All(PositionKey key) => [.. Everything(key).Where(l => l.OnHand.IsPositive)];

    /// Promises goods to a line; `part` tells several promises of one line apart.
    public Quantity Reserve(PositionKey key, Demand demand, DemandLine line, int part, Quantity wanted)
    {
        if (!Holds(key)) return 0;
        var (after, taken) = positions[key].ReserveUpTo(wanted);
        if (taken.IsZero) return taken;
        Set(after);
        newReservations.Add(new Reservation(
            demand.Document.Id, line.Line, part, db.Company, demand.Kind, demand.Document.Number, key.Sku, key.Node, key.Owner,
            taken, taken, demand.Rank, demand.PromisedBy, demand.ExpiresAt, db.Now, db.Work.Operation, demand.Channel?.Text) { Lot = line.Lot?.Text ?? "" });
        return taken;
    }

    /// Ends part of a promise; the goods are free again unless they left (`Consumed`).
    public void Reduce(Reservation reservation, Quantity quantity, StepKind kind, string reason)
    {
        var current = changedReservations.GetValueOrDefault((reservation.DocumentId, reservation.Line, reservation.Part), reservation);
        changedReservations[(reservation.DocumentId, reservation.Line, reservation.Part)] = current with { Open = current.Open - quantity };
        steps.Add(new ReservationStep(
            Guid.CreateVersion7(db.Now), db.Company, reservation.DocumentId, reservation.Line, reservation.Part, kind, quantity, reason,
            db.Work.HappenedAt ?? db.Now, db.Now, db.Work.Operation));
        Set(positions[reservation.Position].Free(quantity));
    }

    public Quantity OpenOf(Reservation reservation) =>
        changedReservations.GetValueOrDefault((reservation.DocumentId, reservation.Line, reservation.Part), reservation).Open;

    /// Takes goods that were set aside in a bin out of the allocation.
    public void Reduce(Allocation allocation, Quantity quantity)
    {
        var current = changedAllocations.GetValueOrDefault((allocation.DocumentId, allocation.Line, allocation.Part), allocation);
        changedAllocations[(allocation.DocumentId, allocation.Line, allocation.Part)] = current with { Open = current.Open - quantity };
        var level = levels[allocation.Level];
        Set(level with { Allocated = level.Allocated - quantity });
    }

    public Quantity OpenOf(Allocation allocation) =>
        changedAllocations.GetValueOrDefault((allocation.DocumentId, allocation.Line, allocation.Part), allocation).Open;

    /// Sets goods aside in a bin for a released task.
    public void Allocate(Reservation reservation, Level level, int part, Quantity quantity)
    {
        newAllocations.Add(new Allocation(
            reservation.DocumentId, reservation.Line, part, db.Company, level.Key.Node, level.Key.Sku, level.Key.Location, level.Key.Lot, level.Key.Package,
            level.Key.Owner, quantity, quantity, db.Work.Operation));
        Set(level with { Allocated = level.Allocated + quantity });
    }

    /// Moves goods. Both ends follow the table of places: level, on hand and sellable change where the place counts; the cost pool
    /// changes where one end is valued and the other is not, and between sites whose goods are valued apart. Goods of others are valued nowhere. `value` is what comes in with the goods; what goes out costs what the method says.
    public StockMove Move(Goods goods, LocationCode from, LocationCode to, Paper paper, int line, Money? value = null)
    {
        var (source, target) = (places.ByCode[from], places.ByCode[to]);
        var (left, came) = (source.RuleOf(goods), target.RuleOf(goods));
        var (arrived, sellUntil) = Change(goods, source, -goods.Quantity, paper.ArrivedAt ?? paper.HappenedAt, goods.SellUntil);
        Change(goods, target, goods.Quantity, arrived, sellUntil);
        if (left.Promisable) Withhold(goods, source, -goods.Quantity, paper.HappenedAt);
        if (came.Promisable) Withhold(goods, target, goods.Quantity, paper.HappenedAt);
        if (goods.Lot.Length > 0) Follow(goods, source, target);

        var id = db.NewId<StockMove>();
        var (change, carried, variance) = Value(goods, (source, left.Valued), (target, came.Valued), paper, line, value, id);
        var move = new StockMove(
            id, db.Company, goods.Sku, goods.Lot, goods.Package, goods.Owner, goods.Quantity, source.Node, from, target.Node, to,
            paper.Document, line, paper.Reason, paper.HappenedAt, db.Now, paper.Day, change, currency, null, db.Work.Operation, (short)(left.Bits | came.Bits << 3), goods.Condition) { Carried = carried };
        moves.Add(move);
        if (goods.Lot.Length > 0 && LotTrail.Of(move, paper) is { } step) trail.Add(step);
        if (!variance.IsZero)
        {
            Tell(goods.Sku, [(KeyOf(goods.Sku, target, source, paper), -variance)], paper, line, "standard cost");
            pools.Vary(paper, target.Node, new ValuedLine(goods.Sku, goods.Quantity, -variance));
        }

        return move;
    }

    /// What a move changes of the value of the company's pool, what it carries from one pool to another, and what of it the method does not value.
    private (Money? Change, Money? Carried, Money Variance) Value(Goods goods, (Location Place, bool IsValued) from, (Location Place, bool IsValued) to, Paper paper, int line, Money? value, Id<StockMove> id)
    {
        var none = Money.Zero(currency);
        if (!from.IsValued && !to.IsValued) return (null, null, none);
        var (source, target) = (KeyOf(goods.Sku, from.Place, to.Place, paper), KeyOf(goods.Sku, to.Place, from.Place, paper));
        if (!from.IsValued)
        {
            var (change, variance) = pools.Change(goods.Sku).Add(target, goods.Quantity, goods.Lot, value, (quantity, brought) => LayerOf(goods.Sku, target, goods.Lot, quantity, brought, paper, line));
            return (change, null, variance);
        }

        if (!to.IsValued) return (-pools.Change(goods.Sku).At(source).Issue(goods.Quantity, goods.Lot, id), null, none);
        if (source == target) return (null, null, none);
        var (carried, over) = pools.Change(goods.Sku).Carry(source, target, goods.Quantity, goods.Lot, id, db.NewId<CostLayer>, db.Work.Operation);
        return (null, carried, over);
    }

    /// The pool of goods in a place: the company's, or its site's, or that of the transfer which has them on its way. What becomes something else does so where it lies.
    private PoolKey KeyOf(Sku sku, Location place, Location other, Paper paper) => !pools[sku].IsApart ? PoolKey.Whole
        : place.Code == Place.Transit ? new PoolKey("", paper.Transfer ?? throw new InvariantBroken($"{paper.Document.Number} moves goods on their way and names no transfer."))
        : place.Code == Place.Change ? PoolKey.At(other.Node) : PoolKey.At(place.Node);

    /// Writes down that the value of a SKU changed and no goods moved, pool by pool. The change itself is made on `WorthOf`.
    public void Tell(Sku sku, IEnumerable<(PoolKey Pool, Money Change)> changes, Paper paper, int line, string reason)
    {
        pools.Change(sku);
        foreach (var (pool, change) in changes.Where(c => !c.Change.IsZero))
        {
            moves.Add(new StockMove(
                db.NewId<StockMove>(), db.Company, sku, "", "", PositionKey.Own, 0, default, Place.Cost, NodeCode.From(pool.Node), Place.Value, paper.Document, line, reason,
                paper.HappenedAt, db.Now, paper.Day, change, currency, null, db.Work.Operation, Place.ValueEnds, GoodsCondition.Good));
        }
    }

    /// A layer of goods that come in on a line of a paper.
    public CostLayer LayerOf(Sku sku, PoolKey pool, string lot, Quantity quantity, Money value, Paper paper, int line) => pools.LayerOf(sku, pool, lot, quantity, value, paper, line);

    /// Goods that lie in a place become something else there or next to it: they leave as they are and come out as `after` says, with their age and last day of sale.
    public void Turn(Goods goods, Goods after, LocationCode from, LocationCode to, Paper paper, int line)
    {
        var level = LevelAt(new LevelKey(db.Company, places.ByCode[from].Node, goods.Sku, from, goods.Lot, goods.Package, goods.Owner, goods.Condition));
        Move(goods, from, Place.Change, paper, line);
        Move(after with { Quantity = goods.Quantity, SellUntil = level.SellUntil }, Place.Change, to, paper with { ArrivedAt = level.ArrivedAt }, line);
    }

    /// Sells no more what is frozen now and was not before, and sells again what was thawed. Says what came free.
    public IReadOnlyList<PositionKey> Restate(Places before)
    {
        var free = new HashSet<PositionKey>();
        foreach (var level in levels.Values.Where(l => l.OnHand.IsPositive).ToArray())
        {
            var place = places.ByCode[level.Key.Location];
            var (was, now) = (before.IsSellable(place, level.Key.Sku, level.Key.Lot, level.Key.Condition), places.IsSellable(place, level.Key.Sku, level.Key.Lot, level.Key.Condition));
            if (level.Allocated.IsPositive && IsFrozen(level.Key)) changedLevels.Add(level.Key);
            if (was == now) continue;
            var position = positions[level.Key.Position];
            Set(position with { Sellable = position.Sellable + (now ? level.OnHand : -level.OnHand) });
            withheld.Add(Withheld.At(db, level.Key.Position, now ? -level.OnHand : level.OnHand, db.Now));
            if (now) free.Add(level.Key.Position);
        }

        return [.. free.Order()];
    }

    /// Makes promises give way where a fact left less than is promised: first what is set aside in bins, then reservations, weakest first.
    /// Says who lost what.
    public async Task<IReadOnlyList<(Reservation Loser, Quantity Lost)>> GiveWay(string reason, CancellationToken ct)
    {
        await GiveBackAllocations(ct);
        var over = changedPositions.Where(k => positions[k].Reserved > positions[k].Sellable).Order().ToArray();
        if (over.Length == 0) return [];

        var lost = new List<(Reservation, Quantity)>();
        var (skus, nodes) = (over.Select(k => k.Sku), over.Select(k => k.Node));
        var promised = await db.Query<Reservation>(
            $"{StockTables.ReservationColumns} where company_id = {db.Company} and sku = any({skus}) and node = any({nodes}) and open > 0", ct);
        foreach (var key in over)
        {
            var missing = positions[key].Reserved - positions[key].Sellable;
            foreach (var loser in promised.Where(r => r.Position == key).OrderByDescending(r => r.Rank).ThenByDescending(r => r.PromisedBy).ThenByDescending(r => r.TakenAt).ThenByDescending(r => r.DocumentId))
            {
                if (!missing.IsPositive) break;
                var quantity = Quantity.Min(missing, OpenOf(loser));
                if (quantity.IsZero) continue;
                Reduce(loser, quantity, StepKind.Displaced, reason);
                missing -= quantity;
                lost.Add((loser, quantity));
            }

            if (missing.IsPositive) throw new InvariantBroken($"{key.Sku} at {key.Node}: {missing} more is reserved than its reservations say.");
        }

        WaitingList.Add(db, lost);
        return lost;
    }

    /// Sends everything that changed as sets.
    public void Write()
    {
        db.Positions.Update([.. changedPositions.Select(k => positions[k])]);
        db.Levels.Insert([.. newLevels.Order(LevelOrder).Select(k => levels[k])]);
        db.Levels.Update([.. changedLevels.Except(newLevels).Select(k => levels[k])]);
        pools.Write();
        db.Reservations.Insert(newReservations);
        db.Reservations.Update([.. changedReservations.Values], nameof(Reservation.Open));
        db.ReservationSteps.Insert(steps);
        db.Allocations.Insert(newAllocations);
        db.Allocations.Update([.. changedAllocations.Values], nameof(Allocation.Open));
        db.Moves.Insert(moves);
        db.Table<LotTrail>().Insert(trail);
        db.Table<Withheld>().Insert(withheld);
        Lots.Hold(db, lotsMoved);
    }

    private static readonly Comparer<LevelKey> LevelOrder =
        Comparer<LevelKey>.Create((a, b) => a.Node.CompareTo(b.Node) is not 0 and var n ? n : a.Sku.CompareTo(b.Sku) is not 0 and var s ? s : a.Location.CompareTo(b.Location));

    private async Task GiveBackAllocations(CancellationToken ct)
    {
        var over = changedLevels.Where(k => levels[k].Allocated > Allocatable(k)).ToArray();
        if (over.Length == 0) return;
        var skus = over.Select(k => k.Sku);
        var open = await db.Query<Allocation>($"{StockTables.AllocationColumns} where company_id = {db.Company} and sku = any({skus}) and open > 0 order by operation desc, document_id desc", ct);
        foreach (var key in over)
        {
            var missing = levels[key].Allocated - Allocatable(key);
            foreach (var allocation in open.Where(a => a.Level == key))
            {
                if (!missing.IsPositive) break;
                var quantity = Quantity.Min(missing, OpenOf(allocation));
                if (quantity.IsZero) continue;
                Reduce(allocation, quantity);
                missing -= quantity;
            }

            if (missing.IsPositive) throw new InvariantBroken($"{key.Sku} in {key.Location}: {missing} more is allocated than its allocations say.");
        }
    }

    /// What is frozen is set aside for nobody.
    private Quantity Allocatable(LevelKey key) => IsFrozen(key) ? 0 : levels[key].OnHand;

    private bool IsFrozen(LevelKey key) => places.IsFrozen(key.Node, key.Location, key.Sku, key.Lot);

    /// What comes and goes under a freeze can be sold by its place and is not, from when both were so.
    private void Withhold(Goods goods, Location place, Quantity by, DateTimeOffset at)
    {
        if (places.FrozenSince(place, goods.Sku, goods.Lot) is not { } since) return;
        withheld.Add(Withheld.At(db, new PositionKey(db.Company, goods.Sku, place.Node, goods.Owner), by, since > at ? since : at));
    }

    /// Units of a lot that came into what is on hand or left it: a serial number is on hand once.
    private void Follow(Goods goods, Location source, Location target)
    {
        if (source.Rule.Counted == target.Rule.Counted) return;
        var key = (goods.Sku, goods.Lot);
        lotsMoved[key] = lotsMoved.GetValueOrDefault(key) + (target.Rule.Counted ? goods.Quantity : -goods.Quantity);
    }

    /// Says since when the goods lie there, and until when they are sold: goods that are moved keep both.
    private (DateTimeOffset Arrived, DateOnly? SellUntil) Change(Goods goods, Location place, Quantity by, DateTimeOffset arrived, DateOnly? sellUntil)
    {
        if (!place.Rule.Counted) return (arrived, sellUntil);
        var key = new LevelKey(db.Company, place.Node, goods.Sku, place.Code, goods.Lot, goods.Package, goods.Owner, goods.Condition);
        var level = LevelAt(key);
        if (!levels.ContainsKey(key))
        {
            level = Level.Empty(key) with { ArrivedAt = arrived, SellUntil = sellUntil };
            newLevels.Add(key);
            LevelsOf(key.Position).Add(key);
        }

        if ((level.OnHand + by).IsNegative) throw new InvariantBroken($"{place.Code} holds {level.OnHand} of {goods.Sku}; {-by} cannot leave it.");
        Set(level.OnHand.IsZero ? level.Add(by) with { ArrivedAt = arrived, SellUntil = sellUntil ?? level.SellUntil } : level.Add(by));
        var position = At(key.Position);
        Set(position with { OnHand = position.OnHand + by, Sellable = position.Sellable + (places.IsSellable(place, goods.Sku, goods.Lot, goods.Condition) ? by : 0) });
        return (level.ArrivedAt, level.SellUntil);
    }

    /// What was not read may not be looked at: it would seem to be empty.
    private bool WasRead(LocationCode place) => within?.Contains(place) is not false ? true : throw new InvariantBroken($"{place} was not named when the goods were locked.");

    private IEnumerable<Level> Everything(PositionKey key) =>
        within is null ? LevelsOf(key).Select(k => levels[k]) : throw new InvariantBroken("Only named places were read when the goods were locked.");

    private List<LevelKey> LevelsOf(PositionKey key)
    {
        if (!levelsOf.TryGetValue(key, out var keys)) levelsOf[key] = keys = [];
        return keys;
    }

    private void Set(Position position)
    {
        positions[position.Key] = position;
        changedPositions.Add(position.Key);
    }

    private void Set(Level level)
    {
        levels[level.Key] = level;
        changedLevels.Add(level.Key);
    }
}
