using System.Text.Json;
using System.Text.RegularExpressions;
using Keel.Pricing.Taxes;
using Keel.Sales;

namespace Keel.Simulators;

/// How a file of invoice lines becomes orders, credits, entries and adjustments: columns, codes, accounts and words, all as data.
internal sealed record Profile(
    Profile.Founded Company, Profile.Named Site, Profile.Named Channel, Profile.ColumnNames Columns, string CancellationPrefix, string EntryPrefix,
    decimal CostShare, string PaymentMethod, string MoneyAccount, string UnmatchedReturns, IReadOnlyList<SetTaxRates.Item> TaxRates, string Goods,
    IReadOnlyDictionary<string, Profile.Code> Codes, IReadOnlyList<Profile.Words> Reasons, string OtherReason, string FoundReason,
    IReadOnlyDictionary<string, string> Countries)
{
    private readonly Regex goods = new(Goods, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    public sealed record Founded(string Code, string Name, string Country, Currency Currency, string Zone);

    public sealed record Named(string Code, string Name);

    public sealed record ColumnNames(string Invoice, string Sku, string Description, string Quantity, string PlacedAt, string Price, string Customer, string Country);

    /// A code that is no product: how it stands on an order where it is sold, and to which account it goes where it is not.
    public sealed record Code(string Rule, LineKind? Sold, string Account);

    public sealed record Words(string Reason, IReadOnlyList<string> Find);

    public bool IsGoods(string sku) => goods.IsMatch(sku);

    /// Why stock was put right, by the words that somebody wrote down.
    public string ReasonOf(string description) =>
        Reasons.FirstOrDefault(r => r.Find.Any(w => description.Contains(w, StringComparison.OrdinalIgnoreCase)))?.Reason ?? OtherReason;

    public static Profile OnlineRetail()
    {
        using var json = typeof(Profile).Assembly.GetManifestResourceStream("online-retail.json") ?? throw new InvariantBroken("The mapping profile is missing.");
        return JsonSerializer.Deserialize<Profile>(json, KeelJson.Options)!;
    }
}
