namespace Keel.Stock;

/// The figures of the stock book that are watched.
internal static class StockMeasures
{
    public static readonly Measure[] All =
    [
        Measure.Rows<PositionList>("nothing-to-sell", "Nothing left to sell", "Products at a site of which nothing is available, at this moment.", "/stock", "f.available.le=0")
            with { Better = Better.Less, Slices = "node", Team = "buyer", Next = "See what to buy" },
        Measure.Share<PositionList>("stock-out-rate", "Stock-out rate", "Of the products that a site ever had, those of which nothing is available there, at this moment.", "/stock", "f.available.le=0", "", "f.available.le=0")
            with { Better = Better.Less, Target = 10, Slices = "node", Team = "buyer", Next = "See what to buy" },
        Measure.PerDay<AdjustmentList>("adjustments", "Stock corrections", "Corrections of the stock book by the day on which they were made, in the company's zone.", "/adjustments", "happened-at")
            with { Better = Better.Less, Team = "warehouse", Next = "See today's" },
    ];
}
