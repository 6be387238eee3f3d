namespace Keel.Pricing.PriceLists;

/// Takes prices of a file back while nobody bought at them and nobody changed them since; those that it replaced hold again.
internal sealed class UndoPrices(KeelDb db, Settings settings, ModuleCatalog catalog) : IUndoRows
{
    /// The price that the row set, and the one that it replaced.
    public sealed record Trace(Price Price, Price? Before);

    public static string Says => "Prices that nobody bought at go, and those that they replaced hold again. What was sold keeps its price.";

    public async Task<IReadOnlyList<string?>> Undo(IReadOnlyList<RowTrace> rows, CancellationToken ct)
    {
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        var traces = rows.Select(r => r.As<Trace>()).ToArray();
        var (lists, skus) = (traces.Select(t => t.Price.List).Distinct().ToArray(), traces.Select(t => t.Price.Sku).Distinct().ToArray());
        var named = (await db.PriceLists.Where($"company_id = {db.Company} and code = any({lists}) order by code for update", ct)).ToDictionary(l => l.Code);
        var now = (await db.Prices.Where($"company_id = {db.Company} and sku = any({skus}) and list = any({lists})", ct)).ToDictionary(KeyOf);
        var sold = await Dependence.Of(db, catalog, "sold", [.. skus.Select(s => s.Text)], rows.Min(r => r.At), ct);
        var (after, answers) = (new Dictionary<(Sku, string, Quantity, DateOnly), Price?>(), new List<string?>());
        foreach (var trace in traces)
        {
            var why = WhyNot(trace);
            answers.Add(why);
            if (why is not null) continue;
            // Where two rows of the file set one price, the earlier one finds what it had set.
            if (trace.Before is { } before) now[KeyOf(before)] = before;
            else now.Remove(KeyOf(trace.Price));
            after[KeyOf(trace.Price)] = trace.Before is null ? null : trace.Before with { ChangedAt = db.Now };
            var currency = named[trace.Price.List].Currency;
            db.Work.Changed("price", trace.Price.Sku.Text, $"Price on {trace.Price.List}", new UnitPrice(trace.Price.Micros, currency).ToString(),
                trace.Before is null ? null : new UnitPrice(trace.Before.Micros, currency).ToString());
        }

        foreach (var list in traces.Select(t => t.Price.List).Distinct()) db.Work.Concerns(list);
        db.Prices.Delete([.. after.Where(a => a.Value is null).Select(a => traces.First(t => KeyOf(t.Price) == a.Key).Price)]);
        db.Prices.Update([.. after.Values.OfType<Price>()]);
        return answers;

        string? WhyNot(Trace trace)
        {
            if (!now.TryGetValue(KeyOf(trace.Price), out var price)) return "It is gone already.";
            if (price with { ChangedAt = trace.Price.ChangedAt } != trace.Price) return "Somebody changed it since.";
            return trace.Price.FromDay <= today && sold.TryGetValue(trace.Price.Sku.Text, out var what) ? $"It was sold since: {what}. Set another price instead." : null;
        }
    }

    private static (Sku, string, Quantity, DateOnly) KeyOf(Price price) => (price.Sku, price.List, price.MinQuantity, price.FromDay);
}
