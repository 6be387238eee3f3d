using System.Globalization;
using System.Text.RegularExpressions;

namespace Keel.Catalog.Contract;

/// Reads goods as people give them: rows out of a spreadsheet, codes out of a scanner, a word of a name.
public sealed partial class GoodsDesk(KeelDb db, CatalogDesk catalog)
{
    private const int MostFound = 12;

    /// So many lines are read at once.
    public const int MostLines = 1_200;

    private static readonly HashSet<string> Headings = new(
        ["sku", "article", "artikel", "item", "product", "produkt", "code", "ean", "gtin", "barcode", "quantity", "qty", "menge", "anzahl", "amount", "pcs", "price", "preis", "unit price", "cost"],
        StringComparer.OrdinalIgnoreCase);

    /// Each line with what it stands for; what nobody knows stays as it was typed and says what to do. A code without a quantity is one, and
    /// the same code again is one more.
    public async Task<IReadOnlyList<GoodsLine>> Read(string text, CancellationToken ct = default)
    {
        var rows = text.Split('\n').Select(l => l.Trim('\r', ' ')).Where(l => l.Trim().Length > 0).Take(MostLines).Select(Cells).ToList();
        if (rows.Count > 0 && rows[0].All(c => !c.Any(char.IsDigit)) && rows[0].Any(Headings.Contains)) rows.RemoveAt(0);
        var codes = rows.SelectMany(r => r).Where(c => c.Length is > 0 and <= 48).Distinct().ToArray();
        var products = catalog.Ask(codes.Select(AsSku).OfType<Sku>());
        var barcodes = catalog.AskBarcodes(codes);
        await db.Flush(ct);
        var lines = new List<GoodsLine>();
        foreach (var line in rows.Select(r => One(r, products.Value, barcodes.Value)))
        {
            // A list of codes as a scanner keeps it names each thing as often as it is there.
            var at = line.IsCounted ? -1 : lines.FindIndex(l => !l.IsCounted && l.Code == line.Code);
            if (at < 0) lines.Add(line);
            else lines[at] = lines[at] with { Quantity = Figure(Amount(lines[at].Quantity)!.Value + Amount(line.Quantity)!.Value) };
        }

        if (lines.Count == 0 || barcodes.Value.Count == 0) return lines;
        // What a barcode stands for was not asked by its SKU.
        var named = catalog.Ask(lines.Where(l => l.Name is null && l.Wrong is null).Select(l => AsSku(l.Code)).OfType<Sku>());
        await db.Flush(ct);
        return [.. lines.Select(l => l is { Name: null, Wrong: null } && AsSku(l.Code) is { } sku && named.Value.TryGetValue(sku, out var product) ? l with { Name = product.Name } : l)];
    }

    /// Products by the beginning of their SKU or by a word of their name, for whoever is typing.
    public async Task<IReadOnlyList<GoodsFound>> Find(string text, CancellationToken ct = default)
    {
        var (typed, lower) = (text.Trim().ToUpperInvariant(), text.Trim().ToLowerInvariant());
        if (typed.Length is 0 or > 60) return [];
        return await db.Query<GoodsFound>(
            $"""
            select sku::text as sku, name from (
              (select 1 as best, sku, name from catalog.product where sku >= {typed} and sku < {typed + "\uffff"} and lifecycle in ('Active', 'PhasingOut') order by sku limit {MostFound})
              union all (select 2, sku, name from catalog.product where position({lower} in lower(name)) > 0 and lifecycle in ('Active', 'PhasingOut') order by sku limit {MostFound})
            ) f group by sku, name order by min(best), sku limit {MostFound}
            """, ct);
    }

    private static GoodsLine One(string[] cells, IReadOnlyDictionary<Sku, ProductFacts> products, IReadOnlyDictionary<string, BarcodeFacts> barcodes)
    {
        // The code is the first cell that somebody knows; where nobody knows any, the first that is no figure.
        var at = Array.FindIndex(cells, Known);
        if (at < 0) at = Math.Max(0, Array.FindIndex(cells, c => Amount(c) is null && c.Length > 0));
        if (Array.Find(cells, c => Ambiguous().IsMatch(c)) is { } odd && odd != cells[at])
            return new GoodsLine(cells[at], null, odd, null, $"{odd} could be two numbers. Write {odd.Replace(",", "", StringComparison.Ordinal)} or {odd.Replace(',', '.')}.", true);
        var figures = cells.Where((c, i) => i != at && Amount(c) is not null).ToArray();
        var (code, count) = (cells[at], figures.Length > 0 ? Amount(figures[0])!.Value : 1m);
        string? price = figures.Length > 1 ? Figure(Amount(figures[1])!.Value) : null;
        if (AsSku(code) is { } sku && products.TryGetValue(sku, out var product)) return new GoodsLine(product.Sku.Text, product.Name, Figure(count), price, null, figures.Length > 0);
        if (barcodes.TryGetValue(code, out var barcode)) return new GoodsLine(barcode.Sku.Text, null, Figure(count * barcode.Numerator / barcode.Denominator), price, null, figures.Length > 0);
        return new GoodsLine(code, null, Figure(count), price, $"Nobody knows {code}: no SKU, no barcode and no other name is written like this. Correct it, or create the product first.", figures.Length > 0);

        bool Known(string cell) => AsSku(cell) is { } known && products.ContainsKey(known) || barcodes.ContainsKey(cell);
    }

    /// The cells of one line: by tab, semicolon or bar; else `12 x SKU`, `SKU x 12` or `SKU 12`.
    private static string[] Cells(string line)
    {
        var trimmed = line.Trim();
        if (line.AsSpan().IndexOfAny('\t', ';', '|') >= 0) return [.. line.Split('\t', ';', '|').Select(c => c.Trim().Trim('"'))];
        if (Times().Match(trimmed) is { Success: true } times) return [times.Groups["code"].Value, times.Groups["count"].Value];
        if (TimesAfter().Match(trimmed) is { Success: true } after) return [after.Groups["code"].Value, after.Groups["count"].Value];
        return [.. trimmed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => c.Trim('"', ','))];
    }

    private static Sku? AsSku(string text) => Code.TryParse<Sku>(text, out var sku) ? sku : default(Sku?);

    /// A figure as it is written here and elsewhere: `12`, `1.5`, `1,5`, `1,234.50`, `1.234,50`, `€ 9.99`.
    private static decimal? Amount(string? text)
    {
        if (text is null) return null;
        var plain = text.Trim().Trim('€', '$', '£').Replace("\u00a0", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        var (dot, comma) = (plain.LastIndexOf('.'), plain.LastIndexOf(','));
        if (comma > dot && (dot >= 0 || plain.Length - comma - 1 != 3)) plain = plain.Replace(".", "", StringComparison.Ordinal).Replace(',', '.');
        else if (comma >= 0 && dot > comma) plain = plain.Replace(",", "", StringComparison.Ordinal);
        // A barcode is no quantity.
        return (plain.Length < 8 || !plain.All(char.IsAsciiDigit)) && plain.Length < 16 && decimal.TryParse(plain, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var figure) ? figure : null;
    }

    private static string Figure(decimal figure) => figure.ToString("0.######", CultureInfo.InvariantCulture);

    /// A thousand, or one and a bit: nobody knows.
    [GeneratedRegex("^[0-9]{1,3},[0-9]{3}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ambiguous();

    [GeneratedRegex(@"^(?<count>[0-9][0-9.,]*)\s*[x×*]\s+(?<code>\S+)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Times();

    [GeneratedRegex(@"^(?<code>\S+)\s+[x×*]\s*(?<count>[0-9][0-9.,]*)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TimesAfter();
}

/// One line of goods as it is understood: the SKU (or what was typed, where nobody knows it), its name, how many stock units, at which price,
/// and what is wrong with it. `IsCounted` says that somebody gave the quantity.
public sealed record GoodsLine(string Code, string? Name, string Quantity, string? Price, string? Wrong, bool IsCounted);

/// A product that may be meant.
public sealed record GoodsFound(string Sku, string Name);
