using System.ComponentModel.DataAnnotations;

namespace Keel.Stock;

/// From when on stock is slow, dead or too much, and what it costs to keep it for a year.
internal sealed record StockRules(
    [Range(1, 730)] int SlowAfterDays, [Range(1, 1460)] int DeadAfterDays, [Range(1, 1460)] int CoverAtMostDays, [Range(7, 365)] int PaceOfDays, [Range(0, 100)] decimal CarryingPercentPerYear) : IPolicy<StockRules>
{
    public static string Kind => "stock-rules";
    public static StockRules AsDelivered => new(90, 180, 180, 90, 20);
    public static string Says => "Stock is slow or dead when none of it was issued for so many days, counted from when it first came where it never was. It is too much when it would last longer than the cover, at the pace of the last days. Keeping it costs so many per cent of its value a year.";
}

/// The rules in force, found out before the list is asked for.
internal sealed class RulesInForce(Policies policies)
{
    public StockRules Choice { get; private set; } = StockRules.AsDelivered;

    public async Task Find(CancellationToken ct) => Choice = (await policies.Of<StockRules>(ct)).Choice;
}
