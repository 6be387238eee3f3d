using System.ComponentModel.DataAnnotations;

namespace Keel.Accounting;

/// What goods are thought to bring, where nobody says it by hand (IAS 2.28 to 2.33).
internal sealed record NetRealisableValue(
    [Range(0, 100)] decimal CostOfSellingPercent, [Range(1, 3650)] int DeadAfterDays, [Range(0, 100)] decimal DeadAreWorthPercent, [MaxLength(50)] IReadOnlyList<string> PriceLists) : IPolicy<NetRealisableValue>
{
    public static string Kind => "net-realisable-value";
    public static NetRealisableValue AsDelivered => new(10, 365, 50, []);
    public static string Says =>
        "What goods bring, for the list of suggested write-downs: the lowest price without tax at which they are sold today, of the named price lists or of all that are for no single customer, less what selling costs. Goods of which none left for so many days are worth so many per cent of their cost.";
    public static IReadOnlyList<string> UsedBy => ["stock.write-down"];
}
