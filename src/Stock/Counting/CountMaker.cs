namespace Keel.Stock;

/// Writes counts down, each with a number, and leaves out what waits to be counted already.
internal sealed class CountMaker(KeelDb db, Settings settings)
{
    public sealed record Wanted(NodeCode Node, LocationCode Location, Sku? Sku, string? Plan, string Why, DateOnly DueOn, int Rank);

    public async Task<IReadOnlyList<CountTask>> Make(IReadOnlyList<Wanted> wanted, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var waiting = await db.Query<Open>(
            $"select location, sku from stock.count_task where company_id = {db.Company} and location = any({wanted.Select(w => w.Location)}) and status in ('Due', 'Counting', 'Recount', 'ToApprove')", ct);
        var fresh = wanted.Where(w => !waiting.Exists(o => o.Location == w.Location && (o.Sku is null || w.Sku is null || o.Sku == w.Sku))).DistinctBy(w => (w.Location, w.Sku)).ToArray();
        // A whole place stands for the products in it.
        fresh = [.. fresh.Where(w => w.Sku is null || !fresh.Any(o => o.Location == w.Location && o.Sku is null))];
        if (fresh.Length == 0) return [];
        var numbers = await db.Numbers.Take(db.Company, "CT", db.Now.Year, fresh.Length, ct);
        var tasks = fresh.Select((w, i) => new CountTask(
            db.NewId<CountTask>(), db.Company, numbers[i], w.Node, w.Location, w.Sku, CountStatus.Due, w.Plan, w.Why, network.DayAt(w.Node, db.Now), w.DueOn, w.Rank, db.Now,
            null, null, null, null, null, null, null, null, null, 1, db.Work.Operation)).ToArray();
        foreach (var number in numbers) db.Work.Concerns(number);
        db.Table<CountTask>().Insert(tasks);
        return tasks;
    }

    private sealed record Open(LocationCode Location, Sku? Sku);
}
