using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Stock;

/// Keeps for everybody who waits the day on which goods that are to come serve them, and tells who was promised a day that does not hold any more.
internal sealed class Expecting(KeelDb db, CaseDesk cases, Outlooks outlooks)
{
    public sealed record Changed(Waiting Waiting, DateOnly? Now)
    {
        public bool IsLater => Waiting.ExpectedOn is { } before && (Now is null || Now > before);
    }

    /// What would be different now; nothing is written.
    public async Task<IReadOnlyList<Changed>> Look(IReadOnlyCollection<Sku> skus, CancellationToken ct, bool hold = false) =>
        skus.Count == 0 ? [] : [.. (await outlooks.Read(skus, ct, hold)).Where(k => k.Waiting.Count > 0).SelectMany(Days).Where(c => c.Now != c.Waiting.ExpectedOn)];

    /// Writes the days of everybody who waits for these SKUs; whoever has to wait longer than before has a case, with the reason.
    public async Task<int> Refresh(IReadOnlyCollection<Sku> skus, string why, CancellationToken ct)
    {
        var changed = await Look(skus, ct, hold: true);
        if (changed.Count == 0) return 0;
        var days = changed.Select(c => c.Now?.ToString("O", System.Globalization.CultureInfo.InvariantCulture) ?? "").ToArray();
        db.Queue(
            $"""
            update stock.waiting w set expected_on = nullif(k.day, '')::date, told_on = coalesce(w.told_on, nullif(k.day, '')::date)
            from unnest({changed.Select(c => c.Waiting.DocumentId).ToArray()}, {changed.Select(c => c.Waiting.Line).ToArray()}, {days}) as k (document_id, line, day)
            where w.document_id = k.document_id and w.line = k.line
            """);
        cases.Open([.. changed.Where(c => c.IsLater).GroupBy(c => c.Waiting.Document).Select(g => (StockCases.SupplyLate, g.Key, $"{g.Key.Number} waits longer: {string.Join(", ", g.Select(Words))} ({why})."))]);
        var whole = changed.GroupBy(c => c.Waiting.DocumentId).Where(g => g.All(c => c.Now is not null && c.Now <= (c.Waiting.ToldOn ?? c.Now))).Select(g => g.Key).ToArray();
        cases.Close(StockCases.SupplyLate, whole, "it comes as it was told");
        return changed.Count;
    }

    private IEnumerable<Changed> Days(Outlooks.Known known)
    {
        var served = outlooks.Look(known).Served.ToDictionary(s => (s.Want.Document, s.Want.Line), s => s.Day);
        return known.Waiting.Select(w => new Changed(w, served.GetValueOrDefault((w.DocumentId, w.Line))));
    }

    private static string Words(Changed c) =>
        $"{c.Waiting.Quantity} × {c.Waiting.Sku} " + (c.Now is { } day ? $"on {day:yyyy-MM-dd} instead of {c.Waiting.ExpectedOn:yyyy-MM-dd}" : $"was expected on {c.Waiting.ExpectedOn:yyyy-MM-dd}, and nothing that is to come serves it now");
}

/// Looks again at who waits for some products, and at supplies whose day has passed.
[Operation("stock.expect", StockPermissions.Supply, Said = "looked again at {skus|what is to come}", Icon = "clock")]
internal sealed class ExpectSupplies(KeelDb db, Expecting expecting, CaseDesk cases) : IOperation<ExpectSupplies.Request, int>
{
    public sealed record Request(IReadOnlyList<Sku> Skus, IReadOnlyList<Guid> Late);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        if (request.Late.Count > 0)
        {
            var late = await db.Query<Supply>($"{Supply.Columns} where company_id = {db.Company} and id = any({request.Late}) and open > 0 order by number", ct);
            foreach (var supply in late) db.Work.Concerns(supply.Number);
            cases.Open([.. late.Select(s => (StockCases.SupplyOverdue, s.Ref, $"{s.Number}: {s.Open} × {s.Sku} should have come to {s.Node} on {s.ExpectedOn:yyyy-MM-dd}. They are promised to nobody until there is a new day."))]);
        }

        return await expecting.Refresh(request.Skus, "a supply is late", ct);
    }
}

/// Finds for every company who waits for goods whose day has changed, and supplies that are late and of which nobody was told.
internal sealed class ExpectSuppliesJob(KeelDb db, Gate gate, IServiceScopeFactory scopes) : IJob
{
    private const int Most = 2_000;

    private sealed record Late(Guid Id, Sku Sku);

    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select company_id from stock.waiting union select company_id from stock.supply where open > 0", ct)) await Run(company, ct);
    }

    /// Each company has settings of its own, and so a scope of its own.
    private async Task Run(Id<Company> company, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<Work>();
        (work.Company, work.Actor, work.Door, work.Now) = (company, Actor.Keel, Door.Job, db.Now);
        var today = (await Network.Of(scope.ServiceProvider.GetRequiredService<Settings>(), ct)).Day(db.Now);
        var late = await db.Query<Late>(
            $"""
            select s.id, s.sku from stock.supply s where s.company_id = {company} and s.open > 0 and s.expected_on < {today} and not exists (
              select from kernel.work_case c where c.company_id = s.company_id and c.subject_id = s.id and c.kind = {StockCases.SupplyOverdue.Name}
                and c.opened_at >= (select max(p.happened_at) from stock.supply_step p where p.supply_id = s.id)) order by s.id limit {Most}
            """, ct);
        var waited = await db.Query<Sku>($"select distinct sku from stock.waiting where company_id = {company} order by sku limit {Most}", ct);
        var changed = (await scope.ServiceProvider.GetRequiredService<Expecting>().Look(waited, ct)).Select(c => c.Waiting.Sku).Distinct().Order().ToArray();
        if (changed.Length == 0 && late.Count == 0) return;
        await gate.Run<ExpectSupplies, ExpectSupplies.Request, int>(new(changed, [.. late.Select(l => l.Id)]), new Caller(Actor.Keel, Door.Job, company) { At = db.Now }, ct);
    }
}
