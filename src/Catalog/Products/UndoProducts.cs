using Keel.Catalog.Contract;

namespace Keel.Catalog.Products;

/// Takes products of a file back: those that it created go while nobody uses them, those that it changed are again what they were while nobody
/// changed them since.
internal sealed class UndoProducts(KeelDb db, ModuleCatalog catalog, MasterDesk masters) : IUndoRows
{
    /// The version that the row made, and what the product was before; nothing where it was new.
    public sealed record Trace(Sku Sku, int Version, Product? Before);

    public static string Says => "New products go while nothing depends on them; products that were changed are again what they were, unless somebody changed them since.";

    public async Task<IReadOnlyList<string?>> Undo(IReadOnlyList<RowTrace> rows, CancellationToken ct)
    {
        var traces = rows.Select(r => r.As<Trace>()).ToArray();
        // An order that is being taken has read the product and names it nowhere yet.
        if (traces.Any(t => t.Before is null)) await Dependence.Alone(db, "catalog.product", ct);
        var now = await db.Products.Locked(traces.Select(t => t.Sku), ct);
        // What depends on a product's existence, or on the unit that it is counted in.
        string[] kept = [.. traces.Where(t => t.Before is null || (t.Before.Unit, t.Before.Measured) != (now.GetValueOrDefault(t.Sku)?.Unit, now.GetValueOrDefault(t.Sku)?.Measured)).Select(t => t.Sku.Text)];
        var held = await Dependence.Of(db, catalog, Product.Kind, kept, rows.Min(r => r.At), ct);
        var variants = (await db.Query<Variant>($"select variant_of as parent, sku from catalog.product where variant_of = any({kept})", ct)).ToLookup(v => v.Parent, v => v.Sku);
        var (gone, changed, answers) = (new HashSet<Sku>(), new Dictionary<Sku, Product>(), new string?[traces.Length]);
        // Where two rows of the file made one product, the last one is taken back first, and the earlier one finds what it had made.
        var stands = now.ToDictionary(p => p.Key, p => p.Value.Version);
        // Variants go before what they are variants of, whatever the order of the file.
        foreach (var (trace, at) in traces.Select((t, i) => (t, i)).OrderBy(t => variants.Contains(t.t.Sku)))
        {
            if ((answers[at] = WhyNot(trace)) is null) Take(trace, now[trace.Sku]);
        }

        // Variants first: each points at the one above it.
        foreach (var sku in gone.OrderBy(s => variants.Contains(s))) db.Queue($"delete from catalog.product where sku = {sku}", expect: 1);
        db.Products.Update([.. changed.Values]);
        return answers;

        string? WhyNot(Trace trace)
        {
            if (!now.TryGetValue(trace.Sku, out var product)) return "It is gone already.";
            if (stands[trace.Sku] != trace.Version) return "Somebody changed it since.";
            if (held.TryGetValue(trace.Sku.Text, out var what)) return $"It is in use: {what}.";
            return trace.Before is null && variants[trace.Sku].FirstOrDefault(v => !gone.Contains(v)) is { Text.Length: > 0 } variant ? $"{variant} is a variant of it." : null;
        }

        void Take(Trace trace, Product product)
        {
            var key = trace.Sku.Text;
            db.Work.Concerns(key);
            if (trace.Before is { } before)
            {
                var again = before with { Version = product.Version + 1, ChangedAt = db.Now };
                db.Work.Changed(Product.Kind, key, product, again);
                changed[trace.Sku] = again;
                stands[trace.Sku] = before.Version;
                return;
            }

            gone.Add(trace.Sku);
            changed.Remove(trace.Sku);
            masters.CallOff(ProductMasters.Domain, key, "the import that created it was undone");
            db.Work.Changed(Product.Kind, key, field: "Name", before: product.Name, after: null);
        }
    }

    private sealed record Variant(Sku Parent, Sku Sku);
}
