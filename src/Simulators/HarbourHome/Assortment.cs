namespace Keel.Simulators;

/// One product of Harbour Home, with what the market knows of it: how much it is liked, what it costs, who makes it and where it lies.
internal sealed record Article(
    Sku Sku, Sku? VariantOf, string Name, string Category, string? Colour, string HsCode, decimal Price, decimal Cost, int WeightGrams, double Liking, int Supplier,
    string Gtin, LocationCode Bin, LocationCode OverflowBin, bool IsScarce)
{
    /// A parent only groups its variants; nobody buys it.
    public bool IsSold => Bin.Text.Length > 0;

    /// A side of its box in millimetres: long, wide, high. A few were never measured.
    public int? Side(int side) => WeightGrams % 11 == 0 ? null : (int)(Math.Cbrt(WeightGrams * 4000d) * side switch { 0 => 1.6, 1 => 1, _ => 0.625 });
}

/// All products of Harbour Home: families in a few colours, and single pieces.
internal sealed class Assortment
{
    public const int Aisles = 6;
    public const int BinsPerAisle = 40;
    public const int OverflowBins = 60;
    private readonly double[] upTo;

    public Assortment(HarbourScale scale)
    {
        All = [.. Make(scale).Take(scale.Products)];
        Sold = [.. All.Where(a => a.IsSold)];
        upTo = new double[Sold.Count];
        var sum = 0d;
        for (var i = 0; i < upTo.Length; i++) upTo[i] = sum += Sold[i].Liking;
        Likings = sum;
        BySku = Sold.ToDictionary(a => a.Sku);
    }

    public IReadOnlyList<Article> All { get; }
    public IReadOnlyList<Article> Sold { get; }
    public IReadOnlyDictionary<Sku, Article> BySku { get; }
    public double Likings { get; }

    /// One product, the more liked the likelier.
    public Article Draw(Random chance)
    {
        var at = Array.BinarySearch(upTo, chance.NextDouble() * Likings);
        return Sold[Math.Min(at < 0 ? ~at : at, Sold.Count - 1)];
    }

    public static LocationCode BinAt(int bin) => $"MAIN/{(char)('A' + bin / BinsPerAisle)}-{bin % BinsPerAisle + 1:00}";

    public static LocationCode OverflowBinAt(int bin) => $"OVERFLOW/R-{bin + 1:00}";

    private static IEnumerable<Article> Make(HarbourScale scale)
    {
        var number = 0;
        for (var round = 0; ; round++)
        {
            foreach (var department in Words.Departments)
            {
                foreach (var good in department.Goods)
                {
                    var chance = scale.Chance("family", department.Code, good.Name, round);
                    var family = $"{department.Code}-{100 + ++number}";
                    var name = $"{Words.Lines[(number + round * 6) % Words.Lines.Length]} {good.Name}";
                    var price = Math.Round(good.Price * (decimal)(0.8 + chance.NextDouble() * 0.5)) - 0.05m;
                    var colours = chance.Next(10) < 3 ? 0 : 2 + chance.Next(4);
                    var supplier = number % Words.SupplierNames.Length;
                    Sku? parent = null;
                    if (colours > 0) parent = family;
                    if (colours > 0) yield return new Article(family, null, name, department.Name, null, department.HsCode, 0, 0, good.WeightGrams, 0, supplier, "", default, default, false);
                    for (var i = 0; i < Math.Max(1, colours); i++)
                    {
                        var colour = Words.Colours[(i + number) % Words.Colours.Length];
                        Sku sku = colours == 0 ? family : $"{family}-{colour.Code}";
                        yield return Piece(scale.Chance("piece", sku), sku, parent, name, department, colours == 0 ? null : colour.Name, price, good.WeightGrams, supplier);
                    }
                }
            }
        }
    }

    private static Article Piece(Random chance, Sku sku, Sku? family, string name, Words.Department department, string? colour, decimal price, int weight, int supplier)
    {
        // Few are loved and many are liked a little: the usual long tail.
        var liking = Math.Pow(chance.NextDouble() * 0.97 + 0.03, 3) * 10 + 0.15;
        var cost = Math.Round(price / 1.21m * (decimal)(0.34 + chance.NextDouble() * 0.14), 2);
        var digits = "20" + chance.NextInt64(10_000_000_000).ToString("D10");
        return new Article(
            sku, family, colour is null ? name : $"{name}, {colour}", department.Name, colour, department.HsCode, price, cost, weight + chance.Next(-40, 60), liking, supplier,
            digits + Catalog.Barcodes.Gtin.CheckDigit(digits), BinAt(chance.Next(Aisles * BinsPerAisle)), OverflowBinAt(chance.Next(OverflowBins)), chance.Next(100) < 2);
    }
}
