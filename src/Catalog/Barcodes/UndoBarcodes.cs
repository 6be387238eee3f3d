namespace Keel.Catalog.Barcodes;

/// Takes barcodes of a file back while they still stand for what the file said.
internal sealed class UndoBarcodes(KeelDb db) : IUndoRows
{
    public sealed record Trace(string Key, Sku Sku, string Unit);

    public static string Says => "The codes go, as long as they stand for the same product: labels with them are no longer known.";

    public async Task<IReadOnlyList<string?>> Undo(IReadOnlyList<RowTrace> rows, CancellationToken ct)
    {
        var traces = rows.Select(r => r.As<Trace>()).ToArray();
        var now = (await db.Barcodes.Where($"key = any({traces.Select(t => t.Key)}) order by key for update", ct)).ToDictionary(b => b.Key);
        var gone = traces.Where(t => Stands(t) is null).Select(t => now[t.Key]).ToArray();
        foreach (var sku in gone.Select(b => b.Sku).Distinct()) db.Work.Concerns(sku.Text);
        foreach (var barcode in gone) db.Work.Changed(Products.Product.Kind, barcode.Sku.Text, field: "Barcode", before: barcode.Code, after: null);
        db.Barcodes.Delete(gone);
        return [.. traces.Select(Stands)];

        string? Stands(Trace trace) => !now.TryGetValue(trace.Key, out var barcode) ? "It is gone already."
            : (barcode.Sku, barcode.Unit) != (trace.Sku, trace.Unit) ? $"It stands for {barcode.Sku} by now." : null;
    }
}
