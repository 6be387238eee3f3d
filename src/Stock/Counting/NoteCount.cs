using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Notes how many of a product lie in the place that is being counted, by its barcode or SKU. Said again, it replaces what was said. Nothing is booked
/// before the count is finished, and nothing says what the book thinks.
[Operation("stock.note-count", StockPermissions.Count, Said = "counted goods", Icon = "scan")]
internal sealed class NoteCount(KeelDb db, CountSteps steps, CatalogDesk catalog, ProductGuard products, Lots lots, Settings settings) : IOperation<NoteCount.Request, NoteCount.Answer>
{
    /// `Unit` is what was counted, such as cases, and `Loose` how many single ones lie beside them; the barcode of a case counts cases. `SeenAt` is when it was looked at, where that was earlier: what came and went since is no difference. Units that are told apart are noted lot by lot.
    public sealed record Request(Id<CountTask> Count, [Required, MaxLength(80)] string Code, [NotNegative] Quantity Quantity, LotCode? Lot = null, DateOnly? ExpiresOn = null, DateTimeOffset? SeenAt = null,
        [MaxLength(12)] string? Unit = null, [NotNegative, Display(Name = "Loose beside")] Quantity? Loose = null);

    public sealed record Answer(string Number, Sku Sku, string Sentence);

    public static readonly Error Unknown = Error.NotFound("stock.count-code", "Nobody knows this code: no SKU and no barcode is written like this. Put the goods aside and ask.");
    public static readonly Error TooLate = Error.Invalid("stock.count-time", "This was seen in the future, or more than a day ago. Look again.");

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        // A scanner's clock may be a little ahead of ours.
        if (request.SeenAt is { } seen && (seen > db.Now.AddMinutes(5) || seen < db.Now.AddDays(-1))) return TooLate;
        var found = await steps.Lock(request.Count, ct);
        if (!found.Ok) return found.Error!;
        var (task, lines) = found.Value;
        var taken = await steps.Take(task, ct);
        if (!taken.Ok) return taken.Error!;
        if (await Resolve(request.Code, ct) is not var (sku, packaging)) return Unknown.With($"Nobody knows {request.Code}: no SKU and no barcode is written like this. Put the goods aside and ask.");
        var counted = await products.InStockUnits([request], r => (sku, r.Quantity, r.Unit is { Length: > 0 } unit ? unit : packaging), (r, q) => r with { Quantity = q }, ct);
        if (!counted.Ok) return counted.Error!;
        request = request with { Quantity = counted.Value[0].Quantity + (request.Loose ?? 0) };
        if (await products.Check([(sku, request.Quantity)], ct) is { } wrong) return wrong;

        var tracked = await lots.Tracked([sku], ct);
        if (request.Lot is null && tracked.ContainsKey(sku)) return Lots.Needed.With($"Units of {sku} are told apart. Note each lot, or each serial number.");
        var told = await lots.Counted([new Count(task.Location, sku, request.Quantity, Reason.Counted) { Lot = request.Lot, ExpiresOn = request.ExpiresOn }], tracked, ct);
        if (!told.Ok) return told.Error!;
        var (lot, at) = (request.Lot?.Text ?? "", request.SeenAt is { } early && early < db.Now ? early : db.Now);
        var line = lines.Find(l => l.Sku == sku && l.Lot == lot)
            ?? new CountLine(task.Id, lines.Count + 1, db.Company, task.Node, task.Location, sku, lot, null, null, null, null, null, null, 0, null, null, (await Network.Of(settings, ct)).Company.Currency, null);
        if (!line.IsOpen) return CountSteps.NotNow.With($"{sku} was counted and booked already. Ask for a new count if it is wrong.");
        var noted = task.IsAgain ? line with { Recounted = request.Quantity, ReseenAt = CountSteps.Seen(task, at) } : line with { Counted = request.Quantity, SeenAt = at };
        if (line.Line > lines.Count) db.Table<CountLine>().Insert(noted);
        else db.Table<CountLine>().Update([noted], nameof(CountLine.Counted), nameof(CountLine.SeenAt), nameof(CountLine.Recounted), nameof(CountLine.ReseenAt));
        steps.Write(taken.Value);
        return new Answer(task.Number, sku, lot.Length == 0 ? $"{request.Quantity} × {sku}" : $"{request.Quantity} × {sku} / {lot}");
    }

    /// The product of a code, and the packaging that a barcode stands for.
    private async Task<(Sku Sku, string? Unit)?> Resolve(string code, CancellationToken ct)
    {
        // What the scanner says of the kind of code in front (]E0, ]C1) is not part of it.
        var plain = code.Length > 3 && code[0] == ']' ? code[3..].Trim() : code.Trim();
        var bars = catalog.AskBarcodes([plain]);
        var named = catalog.Ask(Code.TryParse<Sku>(plain, out var sku) ? [sku] : []);
        await db.Flush(ct);
        return named.Value.TryGetValue(sku, out var product) ? (product.Sku, null) : bars.Value.TryGetValue(plain, out var bar) ? (bar.Sku, bar.Unit) : null;
    }
}

/// Ends the look at a place: what nobody noted is not there. What differs by more than passes by itself stands in doubt at once and is counted again.
[Operation("stock.finish-count", StockPermissions.Count, Said = "finished {counts|the count}", Icon = "check")]
internal sealed class FinishCount(KeelDb db, CountSteps steps) : IOperation<FinishCount.Request, FinishCount.Answer>
{
    /// `Empty` says that nothing at all lies there.
    public sealed record Request(Id<CountTask> Count, bool Empty = false, DateTimeOffset? SeenAt = null);

    public sealed record Answer(string Number, CountStatus Status, string Sentence);

    public static readonly Error NothingSaid = new("stock.count-nothing-said", "Say what lies there, or that it is empty.");
    public static readonly Error NotEmpty = new("stock.count-not-empty", "You noted goods here already: it is not empty. Correct them to 0, or finish the count.");

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        if (request.SeenAt is { } seen && (seen > db.Now.AddMinutes(5) || seen < db.Now.AddDays(-1))) return NoteCount.TooLate;
        var found = await steps.Lock(request.Count, ct);
        if (!found.Ok) return found.Error!;
        var (task, lines) = found.Value;
        var taken = await steps.Take(task, ct);
        if (!taken.Ok) return taken.Error!;
        var noted = lines.Where(l => l.IsOpen && (task.IsAgain ? l.Recounted : l.Counted) is not null).ToArray();
        if (!request.Empty && noted.Length == 0) return NothingSaid;
        if (request.Empty && noted.Any(l => ((task.IsAgain ? l.Recounted : l.Counted) ?? 0).IsPositive)) return NotEmpty;

        var after = await steps.Finish(taken.Value, lines, request.SeenAt is { } early && early < db.Now ? early : db.Now, ct);
        return new Answer(after.Number, after.Status, after.Status switch
        {
            CountStatus.Recount => $"{after.Location} is counted. Somebody else looks again.",
            CountStatus.ToApprove => $"{after.Location} is counted twice. Somebody else decides.",
            _ => $"{after.Location} is counted.",
        });
    }
}

/// Gives a place that one began to count back, so that somebody else counts it; what was noted is forgotten.
[Operation("stock.leave-count", StockPermissions.Count, Said = "left {counts|the count} to others", Icon = "undo")]
internal sealed class LeaveCount(KeelDb db, CountSteps steps) : IOperation<LeaveCount.Request, Done>
{
    public sealed record Request(Id<CountTask> Count);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var found = await steps.Lock(request.Count, ct);
        if (!found.Ok) return found.Error!;
        var (task, lines) = found.Value;
        if (task.Status is not (CountStatus.Counting or CountStatus.Recount)) return CountSteps.NotNow.With($"Nobody counts {task.Number} right now.");
        if (task.IsAgain) db.Table<CountLine>().Update([.. lines.Where(l => l.IsOpen && l.Counted is not null).Select(l => l with { Recounted = null, ReseenAt = null })], nameof(CountLine.Recounted), nameof(CountLine.ReseenAt));
        db.Table<CountLine>().Delete([.. lines.Where(l => l.IsOpen && (!task.IsAgain || l.Counted is null))]);
        steps.Write(task.IsAgain ? task.To(CountStatus.Recount) with { Recounter = null, RecounterName = null } : task.To(CountStatus.Due) with { Counter = null, CounterName = null });
        return Done.It;
    }
}
