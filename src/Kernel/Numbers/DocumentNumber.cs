namespace Keel.Kernel;

/// Finds a document of any module by its key or by the number that people know, wherever modules said that their documents stand (`Numbered`).
internal static class DocumentNumber
{
    /// The document of a key.
    public static Task<DocumentRef?> Of(KeelDb db, ModuleCatalog catalog, Guid key, CancellationToken ct) => First(db, catalog, $"id = {key}", ct);

    /// The document of a number.
    public static Task<DocumentRef?> Of(KeelDb db, ModuleCatalog catalog, string number, CancellationToken ct) => First(db, catalog, $"number::text = {number}", ct);

    private sealed record Found(string Kind, Guid Id, string Number);

    private static async Task<DocumentRef?> First(KeelDb db, ModuleCatalog catalog, FormattableString which, CancellationToken ct)
    {
        var union = new SqlText();
        foreach (var ((kind, table), at) in catalog.Numbered.Select((n, i) => (n, i)))
        {
            union.Words((at == 0 ? "" : " union all ") + $"select '{kind}' as kind, id, number::text as number from {table} where number is not null and company_id = ")
                .Append($"{db.Company} and {which}");
        }

        return (await db.Query<Found>(union, ct)) is [var found, ..] ? new DocumentRef(found.Kind, found.Id, found.Number) : null;
    }
}
