using Keel.Catalog.Contract;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Units of one lot on a line of goods that come in: `SellUntil` is known once the lot is.
internal readonly record struct LotUnits(string Lot, Quantity Quantity, DateOnly? SellUntil)
{
    public static readonly LotUnits None = new("", 0, null);

    public Goods Of(Sku sku) => new(sku, Quantity, Lot) { SellUntil = SellUntil };
}

/// Tells units of products apart: what comes in belongs to lots, what leaves is of lots.
internal sealed class Lots(KeelDb db, CatalogDesk catalog)
{
    public static readonly Error Needed = Error.Invalid("stock.lot-needed", "Units of this product are told apart. Name the lot, or the serial numbers.");
    public static readonly Error NotTracked = Error.Invalid("stock.lot-not-tracked", "Units of this product are not told apart. Leave the lot out, or have the product tracked by lot first.");
    public static readonly Error SerialCount = Error.Invalid("stock.serial-count", "Each unit has a serial number of its own. Name as many as there are units.");
    public static readonly Error SerialTwice = Error.Invalid("stock.serial-twice", "A serial number is on hand once. Check the number on the unit.");
    public static readonly Error NoExpiry = Error.Invalid("stock.lot-expiry", "These goods go off. Say when the lot expires, or when it was made.");
    public static readonly Error OtherExpiry = Error.Invalid("stock.lot-other-expiry", "A lot expires on one day. Check the date, or change the lot.");
    public static readonly Error Expired = new("stock.lot-expired", "This lot may not be sold any more. Send it back, or receive it into a place that nothing is sold from.");

    /// What somebody says of the goods on a line: which lots, and their dates.
    public sealed record Said(Sku Sku, Quantity Quantity, string? Lots, DateOnly? ExpiresOn, DateOnly? MadeOn, Guid? Supplier, bool ForSale, DateOnly Today);

    /// Finds the lots of goods that come in, and creates those that are new. One answer a line: `LotUnits.None` with the quantity where units are not told apart.
    public async Task<Result<IReadOnlyList<IReadOnlyList<LotUnits>>>> Intake(IReadOnlyList<Said> lines, CancellationToken ct)
    {
        var asked = catalog.Ask(lines.Select(l => l.Sku));
        await db.Flush(ct);
        var facts = asked.Value;
        var parts = new List<(Said Line, LotCode Code, Quantity Quantity)>();
        foreach (var line in lines)
        {
            if (!facts.TryGetValue(line.Sku, out var product)) return ProductGuard.Unknown.With($"There is no product {line.Sku}. Create it in the catalogue first.");
            if (product.Tracking is Tracking.None)
            {
                if (line.Lots is { Length: > 0 } || (line.ExpiresOn ?? line.MadeOn) is not null) return NotTracked.With($"Units of {line.Sku} are not told apart. Leave the lot and its dates out, or have the product tracked by lot first.");
                continue;
            }

            var named = LotText.Read(line.Lots);
            if (!named.Ok) return named.Error!;
            if (named.Value.Count == 0) return Needed.With(product.Tracking is Tracking.Lot ? $"Units of {line.Sku} are told apart by lot. Name the lot." : $"Units of {line.Sku} are told apart by serial number. Name each number.");
            if (product.Tracking is Tracking.Serial)
            {
                if (line.Quantity != named.Value.Count) return SerialCount.With($"{line.Quantity} of {line.Sku}, and {named.Value.Count} serial {(named.Value.Count == 1 ? "number" : "numbers")}. Name one for each unit.");
                parts.AddRange(named.Value.Select(code => (line, code, (Quantity)1)));
            }
            else
            {
                if (named.Value.Count > 1) return NotTracked.With($"{line.Sku} is told apart by lot: one lot a line. Give each lot a line of its own.");
                parts.Add((line, named.Value[0], line.Quantity));
            }
        }

        if (parts.Count == 0) return lines.Select(l => (IReadOnlyList<LotUnits>)[new LotUnits("", l.Quantity, null)]).ToArray();
        if (parts.Where(p => facts[p.Line.Sku].Tracking is Tracking.Serial).GroupBy(p => (p.Line.Sku, p.Code)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return SerialTwice.With($"The serial number {twice.Key.Code} of {twice.Key.Sku} is named twice. Each unit has one of its own.");

        var lots = await Known(parts.Select(p => Made(p.Line, p.Code, facts[p.Line.Sku])), ct);
        foreach (var (line, code, _) in parts)
        {
            if (Wrong(line, lots[(line.Sku, code)], facts[line.Sku]) is { } wrong) return wrong;
        }

        var byLine = parts.ToLookup(p => p.Line, p => new LotUnits(p.Code.Text, p.Quantity, lots[(p.Line.Sku, p.Code)].Lot.SellUntil), ReferenceEqualityComparer.Instance as IEqualityComparer<Said>);
        return lines.Select(l => byLine.Contains(l) ? [.. byLine[l]] : (IReadOnlyList<LotUnits>)[new LotUnits("", l.Quantity, null)]).ToArray();
    }

    /// Makes sure that counted lots are known, and that a serial number is not counted where the book has it elsewhere. Says until when each is sold.
    public async Task<Result<IReadOnlyDictionary<(Sku Sku, LotCode Lot), DateOnly?>>> Counted(IReadOnlyList<Count> counts, IReadOnlyDictionary<Sku, Tracking> tracked, CancellationToken ct)
    {
        if (counts.FirstOrDefault(c => c.Lot is not null && !tracked.ContainsKey(c.Sku)) is { } odd) return NotTracked.With($"Units of {odd.Sku} are not told apart. Leave the lot out, or have the product tracked by lot first.");
        var named = counts.Where(c => c.Lot is not null && c.Counted.IsPositive).ToArray();
        if (named.Length == 0) return new Dictionary<(Sku, LotCode), DateOnly?>();
        var facts = catalog.Ask(named.Select(c => c.Sku));
        await db.Flush(ct);
        var known = await Known(named.Select(c => Made(new Said(c.Sku, c.Counted, c.Lot!.Value.Text, c.ExpiresOn, null, null, false, default), c.Lot!.Value, facts.Value[c.Sku])), ct);
        foreach (var count in named)
        {
            var (lot, held, at) = known[(count.Sku, count.Lot!.Value)];
            if (lot.Serial && count.Counted > 1) return SerialCount.With($"{lot.Code} of {count.Sku} is one unit. Count each serial number on a line of its own.");
            if (lot.Serial && at is { } elsewhere && elsewhere != count.Location) return SerialTwice.With($"The book has {lot.Code} of {count.Sku} in {elsewhere}. Move it from there to {count.Location}, or count {elsewhere} first.");
            if (count.ExpiresOn is { } day && lot.ExpiresOn != day) return OtherExpiry.With($"Lot {lot.Code} of {count.Sku} expires on {lot.ExpiresOn?.ToString("yyyy-MM-dd", null) ?? "no day"}, not on {day:yyyy-MM-dd}. Check the date, or change the lot.");
            if (facts.Value[count.Sku].ShelfLifeDays is not null && lot.ExpiresOn is null) return NoExpiry.With($"{count.Sku} goes off, and nobody knew lot {lot.Code}. Say when it expires.");
        }

        return known.ToDictionary(k => k.Key, k => k.Value.Lot.SellUntil);
    }

    /// Which lots an order got and has not sent back yet, by line and SKU: what comes back of it is of these. What nobody knows the lot of gets the number of the paper.
    public async Task<ILookup<(Guid Order, int Line, Sku Sku), LotUnits>> OfOrders(IReadOnlyList<Guid> orders, IReadOnlyList<Sku> skus, CancellationToken ct)
    {
        var got = await db.Query<Got>(
            $"""
            select t.order_id, t.line, t.sku, t.lot, sum(case t.step when 'Issued' then t.quantity else -t.quantity end)::bigint as quantity, min(l.sell_until) as sell_until
            from stock.lot_trail t join stock.lot l on l.company_id = t.company_id and l.sku = t.sku and l.code = t.lot
            where t.order_id = any({orders}) and t.sku = any({skus}) group by 1, 2, 3, 4 order by 1, 2, 3, 4
            """, ct);
        return got.Where(g => g.Quantity.IsPositive).ToLookup(g => (g.OrderId, g.Line, g.Sku), g => new LotUnits(g.Lot.Text, g.Quantity, g.SellUntil));
    }

    /// Creates lots of goods of which nobody knows more than that they are there.
    public async Task Unknown(Sku sku, IEnumerable<LotCode> codes, Tracking how, CancellationToken ct)
    {
        db.Table<Lot>().InsertMissing([.. codes.Select(c => new Lot(Guid.CreateVersion7(db.Now), db.Company, sku, c, how is Tracking.Serial, null, null, null, null, null, null, db.Work.HappenedAt ?? db.Now, 1, db.Work.Operation))]);
        await db.Flush(ct);
    }

    /// Whether units of products are told apart; those that are not are not in it.
    public async Task<IReadOnlyDictionary<Sku, Tracking>> Tracked(IEnumerable<Sku> skus, CancellationToken ct)
    {
        var asked = catalog.Ask(skus);
        await db.Flush(ct);
        return asked.Value.Where(p => p.Value.Tracking is not Tracking.None).ToDictionary(p => p.Key, p => p.Value.Tracking);
    }

    /// Takes as many units as are wanted out of lots, in their order; says what is left over.
    public static (IReadOnlyList<LotUnits> Taken, Quantity Left) Take(IEnumerable<LotUnits> from, Quantity wanted)
    {
        var taken = new List<LotUnits>();
        foreach (var lot in from)
        {
            var quantity = Quantity.Min(wanted, lot.Quantity);
            if (!quantity.IsPositive) continue;
            taken.Add(lot with { Quantity = quantity });
            wanted -= quantity;
        }

        return (taken, wanted);
    }

    /// Which lot goods of a place are of, where nobody says: the only one there.
    public static Result<string> Only(Shelf shelf, PositionKey key, LocationCode place, LotCode? said, string package = "", GoodsCondition condition = GoodsCondition.Good)
    {
        if (said is { } lot) return lot.Text;
        var there = shelf.LevelsIn(key, place, package, condition).GroupBy(l => l.Key.Lot).ToArray();
        return there.Length switch
        {
            0 => "",
            1 => there[0].Key,
            _ => Needed.With($"{place} holds several lots of {key.Sku}: {string.Join(", ", there.Select(g => $"{g.Key} ({g.Sum(l => l.OnHand)})"))}. Name the lot."),
        };
    }

    /// Serial numbers that came into the house or left it: one is on hand once, which the database checks.
    internal static void Hold(KeelDb db, IReadOnlyDictionary<(Sku Sku, string Lot), Quantity> moved)
    {
        var changed = moved.Where(m => !m.Value.IsZero).OrderBy(m => m.Key.Sku).ThenBy(m => m.Key.Lot, StringComparer.Ordinal).ToArray();
        if (changed.Length == 0) return;
        var (skus, lots, by) = (changed.Select(c => c.Key.Sku), changed.Select(c => c.Key.Lot), changed.Select(c => c.Value));
        db.Queue(
            $"""
            update stock.lot l set held = l.held + c.quantity from unnest({skus}, {lots}, {by}) as c (sku, lot, quantity)
            where l.company_id = {db.Company} and l.sku = c.sku and l.code = c.lot and l.serial
            """);
    }

    private static Error? Wrong(Said line, KnownLot known, ProductFacts product)
    {
        var lot = known.Lot;
        if (lot.Serial && !known.Held.IsZero) return SerialTwice.With($"The serial number {lot.Code} of {line.Sku} is on hand already{(known.At is { } at ? $", in {at}" : "")}. Check the number on the unit.");
        if (line.ExpiresOn is { } day && lot.ExpiresOn != day) return OtherExpiry.With($"Lot {lot.Code} of {line.Sku} expires on {lot.ExpiresOn?.ToString("yyyy-MM-dd", null) ?? "no day"}, not on {day:yyyy-MM-dd}. Check the date, or change the lot.");
        if (product.ShelfLifeDays is not null && lot.ExpiresOn is null) return NoExpiry.With($"{line.Sku} goes off. Say when lot {lot.Code} expires, or when it was made.");
        return line.ForSale && lot.SellUntil < line.Today
            ? Expired.With($"Lot {lot.Code} of {line.Sku} was sold until {lot.SellUntil:yyyy-MM-dd}. Send it back, or receive it into a place that nothing is sold from.") : null;
    }

    private Lot Made(Said line, LotCode code, ProductFacts product)
    {
        var expires = line.ExpiresOn ?? (line.MadeOn is { } made && product.ShelfLifeDays is { } keeps ? made.AddDays(keeps) : null);
        return new Lot(
            Guid.CreateVersion7(db.Now), db.Company, line.Sku, code, product.Tracking is Tracking.Serial, line.MadeOn, expires, expires?.AddDays(-(product.LastSaleDays ?? 0)), line.Supplier, null, null,
            db.Work.HappenedAt ?? db.Now, 1, db.Work.Operation);
    }

    /// Creates what is new, and reads all as they are: who creates the same one at the same time is waited for.
    private async Task<Dictionary<(Sku Sku, LotCode Lot), KnownLot>> Known(IEnumerable<Lot> lots, CancellationToken ct)
    {
        var wanted = lots.DistinctBy(l => (l.Sku, l.Code)).OrderBy(l => l.Sku).ThenBy(l => l.Code).ToArray();
        db.Table<Lot>().InsertMissing(wanted);
        var (skus, codes) = (wanted.Select(l => l.Sku), wanted.Select(l => l.Code));
        var known = db.Ask<Lot>($"{Lot.Columns} where company_id = {db.Company} and (sku, code) in (select * from unnest({skus}, {codes})) order by sku, code for update");
        var held = db.Ask<HeldAt>(
            $"""
            select l.id, l.held, (select v.location from stock.level v where v.company_id = l.company_id and v.sku = l.sku and v.lot = l.code and v.on_hand > 0 limit 1) as at
            from stock.lot l where l.company_id = {db.Company} and l.serial and (l.sku, l.code) in (select * from unnest({skus}, {codes}))
            """);
        await db.Flush(ct);
        var where = held.Value.ToDictionary(h => h.Id);
        return known.Value.ToDictionary(l => (l.Sku, l.Code), l => new KnownLot(l, where.GetValueOrDefault(l.Id)?.Held ?? 0, where.GetValueOrDefault(l.Id)?.At));
    }

    private sealed record KnownLot(Lot Lot, Quantity Held, LocationCode? At);

    private sealed record HeldAt(Guid Id, Quantity Held, LocationCode? At);

    private sealed record Got(Guid OrderId, int Line, Sku Sku, LotCode Lot, Quantity Quantity, DateOnly? SellUntil);
}
