using Keel.Catalog.Contract;
using Keel.Catalog.Kits;
using Keel.Catalog.Products;
using Keel.Pricing.PriceLists;
using Keel.Stock;

namespace Keel.Simulators;

/// Gift sets of Harbour Home: put together as they are picked, one within another, and one that is assembled before the season.
internal sealed record GiftSet(Sku Sku, string Name, KitKind Kind, IReadOnlyList<(Sku Sku, int Quantity)> Parts, decimal Price, int WeightGrams)
{
    /// Made of what people like, for a little less than its parts.
    public static IReadOnlyList<GiftSet> Of(Assortment assortment)
    {
        var liked = assortment.Sold.Where(a => !a.IsScarce).OrderByDescending(a => a.Liking).Take(8).ToArray();
        var breakfast = Of("SET-BREAKFAST", "Breakfast for two", KitKind.Virtual, [(liked[0], 2), (liked[1], 1)]);
        var evening = Of("SET-EVENING", "A quiet evening", KitKind.Virtual, [(liked[2], 1), (liked[3], 1), (liked[0], 1)]);
        var house = Of("SET-HOUSE", "Housewarming", KitKind.Virtual, [(liked[4], 1), (liked[5], 1)]);
        house = house with { Parts = [(breakfast.Sku, 1), .. house.Parts], Price = Priced(house.Price + breakfast.Price), WeightGrams = house.WeightGrams + breakfast.WeightGrams };
        return [breakfast, evening, house, Of("SET-WINTER", "Winter box", KitKind.PreBuilt, [(liked[6], 1), (liked[7], 2)])];
    }

    public SaveKits.Item AsKit => new(Sku, Kind, [.. Parts.Select(p => new SaveKits.Part(p.Sku, p.Quantity))]);

    /// The sets stand in the catalogue with their prices.
    public static async Task Found(Clerk clerk, Caller caller, Assortment assortment, CancellationToken ct)
    {
        var sets = Of(assortment);
        var from = DateOnly.FromDateTime(caller.At!.Value.UtcDateTime).AddDays(-1);
        await clerk.Does<SaveProducts, SaveProducts.Request, Saved[]>(new([.. sets.Select(s => new SaveProducts.Item(
            s.Sku, s.Name, WeightGrams: s.WeightGrams, HsCode: "950510", Attributes: new Dictionary<string, string> { ["category"] = "Gift sets" }))]), caller, ct);
        await clerk.Does<SaveKits, SaveKits.Request, Saved[]>(new([.. sets.Select(s => s.AsKit)]), caller, ct);
        await clerk.Does<SetPrices, SetPrices.Request, Saved[]>(new("retail", [.. sets.Select(s => new SetPrices.Item(s.Sku, s.Price, From: from))]), caller, ct);
    }

    /// The season comes: boxes are assembled of what is promised to nobody, two are taken apart again, and a few pieces are scrapped and regraded.
    public static async Task Season(Clerk clerk, DateTimeOffset at, Assortment assortment, CancellationToken ct)
    {
        var (caller, sets) = (clerk.At(at) with { Actor = Staff.Of("Wim de Boer"), Door = Door.Page }, Of(assortment));
        var winter = sets.Single(s => s.Kind is KitKind.PreBuilt);
        foreach (var boxes in new[] { 6, 3, 1 })
        {
            if ((await clerk.Tries<AssembleKits, AssembleKits.Request, DocumentRef>(new(winter.Sku, "MAIN", boxes, Note: "for the season"), caller, ct)).Ok) break;
        }

        await clerk.Tries<TakeApart, TakeApart.Request, DocumentRef>(new(winter.Sku, "MAIN", 1, Note: "one box was crushed"), caller with { At = at.AddSeconds(10) }, ct);
        var articles = assortment.Sold.OrderByDescending(a => a.Liking).Skip(10).Take(2).ToArray();
        await clerk.Tries<ConvertGoods, ConvertGoods.Request, DocumentRef>(new("MAIN", articles[0].Sku, 1, articles[1].Sku, 1, "wrong colour in the box"), caller with { At = at.AddSeconds(20) }, ct);
        await clerk.Tries<ScrapStock, ScrapStock.Request, IReadOnlyList<DocumentRef>>(new([new(articles[1].Bin, articles[1].Sku, 1, "damaged", "broken when it was unpacked")]), caller with { At = at.AddSeconds(30) }, ct);
    }

    private static GiftSet Of(Sku sku, string name, KitKind kind, IReadOnlyList<(Article Article, int Quantity)> parts) => new(
        sku, name, kind, [.. parts.Select(p => (p.Article.Sku, p.Quantity))], Priced(parts.Sum(p => p.Article.Price * p.Quantity)), parts.Sum(p => p.Article.WeightGrams * p.Quantity));

    private static decimal Priced(decimal sum) => Math.Round(sum * 0.92m) - 0.05m;
}
