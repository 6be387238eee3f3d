using Keel.Catalog.Barcodes;

namespace Keel.Catalog.Contract;

/// The catalogue's desk: what other modules may ask about products. Each question answers for a whole set and travels with the next
/// round trip; what is missing in an answer does not exist.
public sealed class CatalogDesk(KeelDb db)
{
    /// The products under the codes that were asked for; an alias finds the product that it stands for.
    public Later<IReadOnlyDictionary<Sku, ProductFacts>> Ask(IEnumerable<Sku> skus)
    {
        var asked = skus.Distinct().ToArray();
        var category = new SqlText.Verbatim("coalesce(p.attributes ->> 'category', (select f.attributes ->> 'category' from catalog.product f where f.sku = p.variant_of)) as category");
        return db.Ask<Found, IReadOnlyDictionary<Sku, ProductFacts>>(
            $"""
            select p.sku as asked, p.sku, p.name, p.unit, p.measured, p.tax_category, p.lifecycle, p.weight_grams, p.tracking, p.shelf_life_days, p.last_sale_days, {category}
            from catalog.product p where p.sku = any({asked}) and p.merged_into is null
            union all
            select a.alias, p.sku, p.name, p.unit, p.measured, p.tax_category, p.lifecycle, p.weight_grams, p.tracking, p.shelf_life_days, p.last_sale_days, {category}
            from catalog.sku_alias a join catalog.product p on p.sku = a.sku where a.alias = any({asked})
            """,
            rows => rows.ToDictionary(r => r.Asked, r => r.Product));
    }

    /// The units of products, for quantities that are entered in something else than the stock unit.
    public Later<UnitTable> AskUnits(IEnumerable<Sku> skus)
    {
        var asked = skus.Distinct().ToArray();
        return db.Ask<UnitTable.Row, UnitTable>(
            $"""
            with asked as (
              select p.sku as asked, p.sku, p.unit, p.measured from catalog.product p where p.sku = any({asked}) and p.merged_into is null
              union all
              select a.alias, p.sku, p.unit, p.measured from catalog.sku_alias a join catalog.product p on p.sku = a.sku
                where a.alias = any({asked}))
            select a.asked, a.unit, a.measured, 1::bigint as numerator, 1::bigint as denominator from asked a
            union all
            select a.asked, u.unit, a.measured, u.numerator, u.denominator from asked a join catalog.product_unit u on u.sku = a.sku
            """,
            rows => new UnitTable(rows));
    }

    /// What scanned or received codes stand for, by the code as it was given. A GTIN is found in each of its lengths.
    public Later<IReadOnlyDictionary<string, BarcodeFacts>> AskBarcodes(IEnumerable<string> codes)
    {
        var asked = codes.Distinct().ToArray();
        var keys = asked.Select(Gtin.KeyOf).ToArray();
        return db.Ask<BarcodeFacts, IReadOnlyDictionary<string, BarcodeFacts>>(
            $"""
            select b.key, b.code, b.kind, b.sku, b.unit, coalesce(u.numerator, 1) as numerator, coalesce(u.denominator, 1) as denominator
            from catalog.barcode b left join catalog.product_unit u on u.sku = b.sku and u.unit = b.unit where b.key = any({keys})
            """,
            rows =>
            {
                var byKey = rows.ToDictionary(r => r.Key);
                return asked.Where(c => byKey.ContainsKey(Gtin.KeyOf(c))).ToDictionary(c => c, c => byKey[Gtin.KeyOf(c)]);
            });
    }

    /// One quantity in stock units, exact or refused.
    public async Task<Result<Quantity>> ToStock(Sku sku, string unit, Quantity quantity, CancellationToken ct = default)
    {
        var units = AskUnits([sku]);
        await db.Flush(ct);
        return units.Value.ToStock(sku, unit, quantity);
    }

    /// What one code stands for, or nothing.
    public async Task<BarcodeFacts?> Find(string barcode, CancellationToken ct = default)
    {
        var found = AskBarcodes([barcode]);
        await db.Flush(ct);
        return found.Value.GetValueOrDefault(barcode);
    }

    private sealed record Found(Sku Asked, ProductFacts Product);
}
