namespace Keel.Stock;

/// The figures of the stock book that are watched.
internal static class StockMeasures
{
    private const string Counted = "f.decided-at.ge=today-90";

    public static readonly Measure[] All =
    [
        Measure.Rows<PositionList>("nothing-to-sell", "Nothing left to sell", "Products at a site of which nothing is available, at this moment.", "/stock", "f.available.le=0")
            with { Better = Better.Less, Slices = "node", Team = "buyer", Next = "See what to buy" },
        Measure.Share<PositionList>("stock-out-rate", "Stock-out rate", "Of the products that a site ever had, those of which nothing is available there, at this moment.", "/stock", "f.available.le=0", "", "f.available.le=0")
            with { Better = Better.Less, Target = 10, Slices = "node", Team = "buyer", Next = "See what to buy" },
        Measure.PerDay<AdjustmentList>("adjustments", "Stock corrections", "Corrections of the stock book by the day on which they were made, in the company's zone.", "/adjustments", "happened-at")
            with { Better = Better.Less, Team = "warehouse", Next = "See today's" },
        Measure.Share<CountedList>("inventory-accuracy", "Inventory accuracy", "Of what was counted in the last 90 days, by place and product, that about which the book was right.", "/counts/lines",
            Counted + "&f.right=true", Counted, Counted + "&f.right=false") with { Better = Better.More, Target = 98, Slices = "node", Team = "warehouse", IsPast = true, Next = "See where it was wrong" },
        Measure.Rows<CountList>("counts-overdue", "Counts overdue", "Counts whose day is past and that nobody has finished, at this moment.", "/counts", "f.status=Due,Counting,Recount&f.due-on.lt=today")
            with { Better = Better.Less, Target = 0, Slices = "node", Team = "warehouse", IsPast = true, Next = "Count them" },
        Measure.Sum<StockHealth>("stock-exposure", "Money in stock", "What all that is on hand is worth, at this moment, in the company's currency.", "/stock/health", "value", "f.on-hand.gt=0")
            with { Better = Better.Less, Slices = "node", Team = "buyer", Next = "See what of it lies still" },
        Measure.Sum<StockHealth>("excess-carrying-cost", "Cost of keeping too much", "What a year of keeping slow, dead and too much stock costs by the policy stock-rules, at this moment.", "/stock/health", "carrying", "f.pace=Slow,Dead,Overstocked")
            with { Better = Better.Less, Slices = "node", Team = "buyer", Next = "Sell it off" },
    ];
}
