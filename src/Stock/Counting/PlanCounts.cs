using System.ComponentModel.DataAnnotations;

namespace Keel.Stock;

/// Asks for counts of places, or of single products in places. What is waiting to be counted already is not asked for twice.
[Operation("stock.plan-counts", StockPermissions.PlanCounts, Said = "asked for {counts|a count}", Icon = "board")]
internal sealed class PlanCounts(KeelDb db, Settings settings, ProductGuard products, CountMaker maker) : IOperation<PlanCounts.Request, IReadOnlyList<DocumentRef>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Line> Lines, DateOnly? DueOn = null, [MaxLength(200)] string Why = "asked for");

    /// Without a SKU everything in the place is counted.
    public sealed record Line(LocationCode Location, Sku? Sku = null);

    public static readonly Error Waiting = new("stock.count-waiting", "This waits to be counted already.");

    public async Task<Result<IReadOnlyList<DocumentRef>>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        foreach (var line in request.Lines)
        {
            if (!places.ByCode.TryGetValue(line.Location, out var place)) return Receiving.NoPlace.With($"There is no place {line.Location}.");
            if (!place.Rule.Counted) return Receiving.NotAPlaceForGoods;
            if (places.ClosedAt(place.Code) is { } closed) return closed;
            db.Work.Actor.MustBeAt(place.Node);
        }

        if (await products.Check(request.Lines.Where(l => l.Sku is not null).Select(l => (l.Sku!.Value, Quantity.Zero)), ct) is { } wrong) return wrong;
        var made = await maker.Make(
            [.. request.Lines.Distinct().Select(l => new CountMaker.Wanted(places.ByCode[l.Location].Node, l.Location, l.Sku, null, request.Why, request.DueOn ?? network.DayAt(places.ByCode[l.Location].Node, db.Now), 0))], ct);
        return made.Count > 0 ? Result.Of<IReadOnlyList<DocumentRef>>([.. made.Select(t => t.Ref)])
            : Waiting.With(request.Lines.Count == 1 ? $"{request.Lines[0].Location} waits to be counted already." : "All of these wait to be counted already.");
    }
}

/// Gives counts up; what was in doubt is back in its place.
[Operation("stock.cancel-counts", StockPermissions.PlanCounts, Said = "gave {counts|the count} up", Icon = "x")]
internal sealed class CancelCounts(CountSteps steps) : IOperation<CancelCounts.Request, Saved[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<Id<CountTask>> Counts, [Required, MaxLength(200)] string Reason);

    public static readonly Error InDoubt = new("stock.count-in-doubt", "Goods are in doubt here. Decide about them, one count at a time.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var answers = new List<Saved>();
        var single = request.Counts.Distinct().Count() == 1;
        foreach (var id in request.Counts.Distinct().OrderBy(i => i.Value))
        {
            var found = await steps.Lock(id, ct);
            if (!found.Ok) answers.Add(Saved.Refused(id.ToString(), found.Error!));
            else if (!found.Value.Task.IsOpen) answers.Add(Saved.Refused(found.Value.Task.Number, CountSteps.NotNow.With($"{found.Value.Task.Number} is {found.Value.Task.Status.Spoken} already.")));
            // Goods are locked once per transaction: what has any in doubt is given up by itself.
            else if (!single && found.Value.Lines.Any(l => l.InDoubt.IsPositive)) answers.Add(Saved.Refused(found.Value.Task.Number, InDoubt));
            else
            {
                await steps.Cancel(found.Value.Task, found.Value.Lines, request.Reason, ct);
                answers.Add(new Saved(found.Value.Task.Number, SavedAs.Changed));
            }
        }

        return Saved.Answer(answers);
    }
}
