using System.ComponentModel.DataAnnotations;

namespace Keel.Stock;

/// How much of the movement of a site a SKU makes: A the most, C the least.
public enum SkuClass
{
    A,
    B,
    C,
}

/// Which shares of a site's movement make classes A and B, over how many days, and how far a SKU must cross a border before its class changes.
internal sealed record AbcRules([Range(7, 1460)] int Days, [Range(1, 99)] int PercentA, [Range(1, 100)] int PercentAB, [Range(0, 20)] int Keep) : IPolicy<AbcRules>
{
    public static string Kind => "abc-classes";
    public static AbcRules AsDelivered => new(365, 80, 95, 2);
    public static string Says =>
        "Products of a site in the order of what left it, at cost, over so many days: those that make the first share are class A, those up to the second share class B, the rest class C. A product keeps its class until it is so many per cent of the whole beyond the border.";
    public static IReadOnlyList<string> UsedBy => ["stock.classify"];
}

/// What is counted how often: everything that fits what is named, the longest uncounted first.
internal sealed record CountPlan(
    [Required, MaxLength(60)] string Name, [Range(1, 1460)] int EveryDays, SkuClass? Class = null, NodeCode? Node = null, LocationCode? Under = null, [MaxLength(80)] string? Category = null,
    StorageClass? Storage = null, [Range(1, 1_000_000)] int? MovesAtLeast = null, [Range(0, 1_000_000_000)] decimal? ValueAtLeast = null, bool Suspicious = false);

/// Which counts make themselves: how often what is counted, how many a day, and who counts again what differs.
internal sealed record CountPlans(
    [MaxLength(50)] IReadOnlyList<CountPlan> Plans, [Range(0, 2000)] int AtMostPerDay, [Range(0, 60)] int DueWithinDays, [Range(1, 200)] int WholePlaceUpTo, bool CountedAgainBySomebodyElse) : IPolicy<CountPlans>
{
    public static string Kind => "count-plans";
    public static CountPlans AsDelivered => new(
        [new("Suspicious", 2, Suspicious: true), new("Class A", 30, SkuClass.A), new("Class B", 90, SkuClass.B), new("Class C", 365, SkuClass.C)], 20, 3, 8, true);
    public static string Says =>
        "What is counted how often, by class, site, place, category, kind of storage, moves in a year and value; suspicious is what was missing when it was last counted, and what is missing elsewhere at the site. At most so many counts a day make themselves at a site, and none while twice as many wait. A place with few products is counted as a whole. What differs by more than its reason lets pass is counted again, by somebody else where it says so.";
    public static IReadOnlyList<string> UsedBy => ["stock.make-counts", "stock.finish-count"];
}
