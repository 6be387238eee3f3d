using Keel.Stock.Contract;

namespace Keel.Stock;

/// What the operations on counts share: the lock, what the book said when somebody looked, and the way of a difference. What is missing by more than
/// passes by itself moves to the site's place of doubt in the same transaction: on hand and worth what it cost, and nobody's to sell until it is decided.
internal sealed class CountSteps(KeelDb db, Settings settings, Policies policies, StockFacts facts, CaseDesk cases)
{
    public static readonly Error NotThere = Error.NotFound("stock.count-unknown", "There is no such count in this company.");
    public static readonly Error NotNow = new("stock.count-state", "The count is not in a state for this.");
    public static readonly Error TakenBy = new("stock.count-taken", "Somebody else counts this place right now.");
    public static readonly Error Same = new("stock.count-same-person", "You counted this yourself. Somebody else counts it again, so that nobody only confirms themselves.", Refusal.Forbidden);

    /// What becomes of a difference once it is known.
    private enum Way
    {
        /// It is booked, whatever it is.
        Book,

        /// It is booked where it passes by itself, and in doubt where it does not.
        Doubt,
    }

    /// A line as somebody saw it, and what came of it.
    private sealed record Look(CountLine Line, DateTimeOffset At, Quantity Seen);

    private sealed record Held(Sku Sku, string Lot, Quantity OnHand);

    private sealed record LastDay(Sku Sku, string Code, DateOnly? SellUntil);

    private sealed record Since(Sku Sku, string Lot, Quantity Quantity);

    /// The task's row is the lock of its lines.
    public async Task<Result<(CountTask Task, List<CountLine> Lines)>> Lock(Id<CountTask> id, CancellationToken ct)
    {
        db.Climb(Rung.Document);
        var tasks = db.Ask<CountTask>($"{CountTask.Columns} where company_id = {db.Company} and id = {id} for update");
        await db.Flush(ct);
        if (tasks.Value is not [var task]) return NotThere;
        var lines = await db.Query<CountLine>($"{CountLine.Columns} where task_id = {id} order by line", ct);
        db.Work.Actor.MustBeAt(task.Node);
        db.Work.Concerns(task.Number);
        return (task, lines);
    }

    /// Gives the count to whoever asks, or says why somebody else does it.
    public async Task<Result<CountTask>> Take(CountTask task, CancellationToken ct)
    {
        var me = db.Work.Actor;
        if (!task.IsToCount) return NotNow.With($"{task.Number} is {task.Status.Spoken}: it is not counted now.");
        if ((await Places.Of(settings, ct)).ClosedAt(task.Location) is { } closed) return closed;
        if (task.CountedNowBy.Id is { } other && other != me.Id) return TakenBy.With($"{task.CountedNowBy.Name} counts {task.Location} right now. Take another count.");
        if (!task.IsAgain) return task.To(CountStatus.Counting) with { Counter = me.Id, CounterName = me.Name };
        if (task.Counter == me.Id && (await policies.Of<CountPlans>(ct)).Choice.CountedAgainBySomebodyElse) return Same;
        return task.To(CountStatus.Recount) with { Recounter = me.Id, RecounterName = me.Name };
    }

    public void Write(CountTask task)
    {
        if (!task.IsToCount) cases.Close(MakeCounts.Overdue, [task.Id.Value], "counted");
        db.Table<CountTask>().Update(
            [task], nameof(CountTask.Status), nameof(CountTask.Counter), nameof(CountTask.CounterName), nameof(CountTask.CountedAt), nameof(CountTask.Recounter), nameof(CountTask.RecounterName),
            nameof(CountTask.RecountedAt), nameof(CountTask.EndedAt), nameof(CountTask.EndedBy), nameof(CountTask.Outcome), nameof(CountTask.Version));
    }

    /// Nobody looks before the last look was booked: what was in doubt then is in doubt already.
    public static DateTimeOffset Seen(CountTask task, DateTimeOffset at) => new[] { at, task.CountedAt ?? at, task.RecountedAt ?? at }.Max();

    /// Ends a look: every SKU of the place that nobody named was not there. Differences that pass by themselves are booked, the others are counted again, or wait.
    public async Task<CountTask> Finish(CountTask task, List<CountLine> lines, DateTimeOffset at, CancellationToken ct)
    {
        var reasons = await Reasons.Of(settings, ct);
        var again = task.IsAgain;
        at = Seen(task, at);
        var held = await db.Query<Held>(
            $"select sku, lot, sum(on_hand)::bigint as on_hand from stock.level where company_id = {db.Company} and location = {task.Location} and on_hand > 0 and package = '' and owner = {PositionKey.Own} group by sku, lot", ct);
        var known = lines.Count;
        if (!again) lines.AddRange(Unseen(task, lines, held, at, (await Network.Of(settings, ct)).Company.Currency));
        var looks = lines.Where(l => l.IsOpen).Select(l => again ? new Look(l, l.ReseenAt ?? at, l.Recounted ?? 0) : new Look(l, l.SeenAt ?? at, l.Counted ?? 0)).ToArray();
        var onHand = held.ToDictionary(h => (h.Sku, h.Lot), h => h.OnHand);
        var mayBook = again || looks.Any(l => l.Seen != onHand.GetValueOrDefault((l.Line.Sku, l.Line.Lot)));
        var done = await Book(task, looks, mayBook, again, Reason.Counted, again && !reasons.ByCode[Reason.Counted].NeedsYes ? Way.Book : Way.Doubt, ct);

        db.Table<CountLine>().Insert([.. done.Where(l => l.Line > known)]);
        db.Table<CountLine>().Update([.. done.Where(l => l.Line <= known)]);
        Remember(done);
        var isOver = done.All(l => !l.IsOpen);
        var after = again ? task with { RecountedAt = db.Now } : task with { CountedAt = db.Now };
        after = isOver ? after.End(CountStatus.Done, Outcome(lines, done), db.Work.Actor.Name, db.Now) : after.To(again ? CountStatus.ToApprove : CountStatus.Recount);
        Write(after);
        return after;
    }

    /// Says yes to what was found twice, or that the book was right after all: nothing is in doubt any more.
    public async Task<CountTask> Decide(CountTask task, List<CountLine> lines, bool book, ReasonCode reason, CancellationToken ct)
    {
        var looks = lines.Where(l => l.IsOpen).Select(l => new Look(l, db.Now, 0)).ToArray();
        var (places, network, reasons) = (await Places.Of(settings, ct), await Network.Of(settings, ct), await Reasons.Of(settings, ct));
        var number = book ? await Number(ct) : null;
        var until = await LastDays(looks, ct);
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, looks.Select(l => l.Line.Level.Position), create: true, ct, named: PlacesOf(task));
        var desk = new Booking(db, shelf, task, network, reasons.ByCode[reason], number, until);
        var done = looks.Select(l => desk.Settle(l.Line, !book ? 0 : l.Line.InDoubt.IsPositive ? -l.Line.InDoubt : Quantity.Max(0, l.Line.Found ?? 0))).ToArray();
        await Close(desk, shelf, task, ct);
        db.Table<CountLine>().Update(done);
        var after = task.End(CountStatus.Done, book ? Outcome(lines, done) : "the book was right", db.Work.Actor.Name, db.Now);
        Write(after);
        return after;
    }

    /// Gives a count up: what was in doubt is back in its place.
    public async Task<CountTask> Cancel(CountTask task, List<CountLine> lines, string why, CancellationToken ct)
    {
        var doubtful = lines.Where(l => l.InDoubt.IsPositive).ToArray();
        if (doubtful.Length > 0)
        {
            var (places, network, reasons) = (await Places.Of(settings, ct), await Network.Of(settings, ct), await Reasons.Of(settings, ct));
            var shelf = await Shelf.ToMove(db, places, network.Company.Currency, doubtful.Select(l => l.Level.Position), create: true, ct, named: PlacesOf(task));
            var desk = new Booking(db, shelf, task, network, reasons.ByCode[Reason.Counted], null, new Dictionary<(Sku, string), DateOnly?>());
            db.Table<CountLine>().Update([.. doubtful.Select(l => desk.Hold(l, 0))], nameof(CountLine.InDoubt));
            await Close(desk, shelf, task, ct);
        }

        var after = task.End(CountStatus.Cancelled, why, db.Work.Actor.Name, db.Now);
        Write(after);
        return after;
    }

    /// What the book has in the place and nobody named.
    private IEnumerable<CountLine> Unseen(CountTask task, List<CountLine> lines, List<Held> held, DateTimeOffset at, Currency currency)
    {
        var named = lines.Select(l => (l.Sku, l.Lot)).ToHashSet();
        var missing = held.Where(h => task.Sku is not { } only || h.Sku == only).Select(h => (h.Sku, h.Lot)).Where(k => !named.Contains(k)).ToList();
        if (task.Sku is { } one && missing.All(m => m.Sku != one) && named.All(n => n.Sku != one)) missing.Add((one, ""));
        var next = lines.Count;
        foreach (var (sku, lot) in missing.Order())
            yield return new CountLine(task.Id, ++next, db.Company, task.Node, task.Location, sku, lot, 0, at, null, null, null, null, 0, null, null, currency, null);
    }

    private async Task<CountLine[]> Book(CountTask task, Look[] looks, bool mayBook, bool again, ReasonCode code, Way way, CancellationToken ct)
    {
        if (looks.Length == 0) return [];
        var (places, network, reasons) = (await Places.Of(settings, ct), await Network.Of(settings, ct), await Reasons.Of(settings, ct));
        var reason = reasons.ByCode[code];
        var number = mayBook || db.Work.Cautious ? await Number(ct) : null;
        var until = await LastDays(looks, ct);
        Later<List<Since>>? since = null;
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, looks.Select(l => l.Line.Level.Position), create: true, ct, () => since = AskSince(task, looks), PlacesOf(task));
        var moved = since!.Value.ToDictionary(s => (s.Sku, s.Lot), s => s.Quantity);
        var desk = new Booking(db, shelf, task, network, reason, number, until);
        var done = looks.Select(One).ToArray();
        if (number is null && desk.Booked) throw new BeginAgain();
        await Close(desk, shelf, task, ct);
        return done;

        CountLine One(Look look)
        {
            var line = look.Line;
            var there = shelf.LevelAt(line.Level).OnHand;
            // What was seen is held against what the book said of that moment; what is gone since cannot be taken away again.
            // Whoever counts counts units in whatever condition; what differs is taken off the good ones, or added to them.
            var all = Enum.GetValues<GoodsCondition>().Sum(c => shelf.LevelAt(line.Level with { Condition = c }).OnHand);
            var book = all - moved.GetValueOrDefault((line.Sku, line.Lot)) + line.InDoubt;
            var difference = Quantity.Max(look.Seen - book, -there - line.InDoubt);
            line = again ? line with { Recounted = look.Seen, ReseenAt = look.At, Rebook = book } : line with { Counted = look.Seen, SeenAt = look.At, Book = book };
            var worth = shelf.PoolOf(line.Sku, task.Node).AverageOf(new Quantity(Math.Abs(difference.Thousandths)));
            return way is Way.Book || reason.Allows(difference, book, worth) ? desk.Settle(line, difference) : desk.Hold(line, difference);
        }
    }

    /// Goods that are counted lie in their place, or in doubt.
    private static LocationCode[] PlacesOf(CountTask task) => [task.Location, Place.Doubt(task.Node)];

    /// What came into the place and left it since it was looked at, asked behind the locks: it is no difference.
    private Later<List<Since>> AskSince(CountTask task, Look[] looks)
    {
        var (skus, lots, ats) = (looks.Select(l => l.Line.Sku), looks.Select(l => l.Line.Lot).ToArray(), looks.Select(l => l.At).ToArray());
        return db.Ask<Since>(
            $"""
            select k.sku, k.lot, coalesce(sum(case when m.to_location = {task.Location} then m.quantity else -m.quantity end), 0)::bigint as quantity
            from unnest({skus}, {lots}, {ats}) as k (sku, lot, at)
            join stock.move m on m.company_id = {db.Company} and m.sku = k.sku and m.lot = k.lot and m.happened_at > k.at and (m.to_location = {task.Location} or m.from_location = {task.Location})
              and m.package = '' and m.owner = {PositionKey.Own}
            group by k.sku, k.lot
            """);
    }

    /// Until when goods of lots are sold, for those that the book has nowhere yet.
    private async Task<IReadOnlyDictionary<(Sku, string), DateOnly?>> LastDays(Look[] looks, CancellationToken ct)
    {
        var told = looks.Where(l => l.Line.Lot.Length > 0).ToArray();
        if (told.Length == 0) return new Dictionary<(Sku, string), DateOnly?>();
        var (skus, codes) = (told.Select(l => l.Line.Sku), told.Select(l => l.Line.Lot).ToArray());
        return (await db.Query<LastDay>($"select sku, code, sell_until from stock.lot where company_id = {db.Company} and sku = any({skus}) and code = any({codes})", ct)).ToDictionary(l => (l.Sku, l.Code), l => l.SellUntil);
    }

    private async Task<string> Number(CancellationToken ct)
    {
        var number = await db.Numbers.Take(db.Company, "AD", db.Now.Year, ct);
        db.Work.Concerns(number);
        return number;
    }

    private async Task Close(Booking desk, Shelf shelf, CountTask task, CancellationToken ct)
    {
        facts.Tell(await shelf.GiveWay("counted: less is there than was promised", ct), "count");
        shelf.Write();
        desk.Write();
    }

    private void Remember(CountLine[] lines) => LastCount.Remember(db, lines.Select(l => (l.Location, l.Sku)), db.Now);

    private static string Outcome(List<CountLine> before, CountLine[] done)
    {
        var all = before.Where(l => done.All(d => d.Line != l.Line)).Concat(done).ToArray();
        var wrong = all.Count(l => l.Difference is { IsZero: false });
        return wrong == 0 ? "as the book said" : all.Length == 1 ? "1 of 1 line put right" : $"{wrong} of {all.Length} lines put right";
    }
}

/// When somebody last looked at goods in a place.
internal static class LastCount
{
    public static void Remember(KeelDb db, IEnumerable<(LocationCode Location, Sku Sku)> seen, DateTimeOffset at)
    {
        var some = seen.Distinct().OrderBy(s => s.Location).ThenBy(s => s.Sku).ToArray();
        if (some.Length == 0) return;
        db.Queue(
            $"""
            insert into stock.last_count as l (company_id, location, sku, at) select {db.Company}, k.location, k.sku, {at} from unnest({some.Select(s => s.Location)}, {some.Select(s => s.Sku)}) as k (location, sku)
            on conflict (company_id, location, sku) do update set at = greatest(l.at, excluded.at)
            """);
    }
}
