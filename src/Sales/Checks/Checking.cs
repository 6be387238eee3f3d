using Keel.Catalog.Contract;
using Keel.Pricing.Contract;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// Looks at new orders as the policy says, in memory: the same order, prices, costs and policy find the same. What goods cost is what they cost on average now, in the company's
/// currency: orders in others are not weighed against it.
internal sealed class Checking(InForce<OrderChecks> policy, PriceBook? prices, IReadOnlyDictionary<Sku, decimal> costs, Currency currency, KitBook kits)
{
    public int Version => policy.Version;

    /// Whether the checks of these channels want to know what lists say, or what goods cost.
    public static bool Wants(OrderChecks checks, CheckKind kind) => checks.Checks.Any(c => c.Check == kind);

    /// What is doubtful about an order: one sentence for each kind of check, the strictest effect first.
    public IReadOnlyList<(string Name, CheckEffect Effect, string Sentence)> Of(NewOrder asked, Draft draft, Channel channel)
    {
        if (policy.Choice.Checks.Count == 0) return [];
        return [.. policy.Choice.Checks.Where(c => c.IsFor(channel)).Select(c => (Name: NameOf(c.Check), c.Effect, Sentence: Doubt(c, asked, draft, channel)))
            .Where(f => f.Sentence is not null).GroupBy(f => f.Name).Select(g => g.OrderByDescending(f => f.Effect).First()).OrderByDescending(f => f.Effect).ThenBy(f => f.Name, StringComparer.Ordinal)
            .Select(f => (f.Name, f.Effect, f.Sentence!))];
    }

    /// The name under which it is kept, and of the hold that it makes.
    public static string NameOf(CheckKind check) => check switch
    {
        CheckKind.HighValue => Holds.HighValue,
        CheckKind.BelowList => Holds.BelowList,
        CheckKind.LowMargin => Holds.LowMargin,
        _ => Holds.ManyUnits,
    };

    private string? Doubt(OrderCheck check, NewOrder asked, Draft draft, Channel channel) => check.Check switch
    {
        CheckKind.HighValue => check.From is { } from && from.Currency == draft.Currency && draft.Taxed.Gross >= from ? $"The order is over {draft.Taxed.Gross}; from {from} on somebody looks." : null,
        CheckKind.BelowList => First(draft, line => BelowList(check, asked, draft, channel, line)),
        CheckKind.LowMargin => First(draft, (line, i) => LowMargin(check, draft, line, i)),
        _ => First(draft, line => check.Units is { } most && line.Sku is { } sku && line.Quantity >= most ? $"{line.Quantity} × {sku} in one line; from {most} on somebody looks." : null),
    };

    private string? BelowList(OrderCheck check, NewOrder asked, Draft draft, Channel channel, DraftLine line)
    {
        if (!line.IsStated || line.Sku is not { } sku || prices?.Find(asked.Channel, sku, line.Quantity, draft.Currency) is not { } list) return null;
        var rate = draft.Taxed.Lines[draft.Lines.ToList().IndexOf(line)].Rate;
        var listed = list.As(asked.PricesIncludeTax ?? channel.PricesIncludeTax, rate).Times(line.Quantity);
        var paid = line.Price.Times(line.Quantity);
        return listed.Minor > 0 && paid < listed.Times(1 - (check.Percent ?? 0) / 100m) ? $"{sku} is sold for {paid}; the list says {listed}." : null;
    }

    private string? LowMargin(OrderCheck check, Draft draft, DraftLine line, int index)
    {
        if (draft.Currency != currency || line.Sku is not { } sku || CostOf(sku, line.Quantity) is not { } cost) return null;
        var brings = draft.Taxed.Lines[index].Net;
        var least = Money.Of(decimal.Round(cost * (1 + (check.Percent ?? 0) / 100m), draft.Currency.Exponent), draft.Currency);
        return brings < least ? $"{line.Quantity} × {sku} bring {brings} without tax, less than {least}." : null;
    }

    /// What so many cost, in the company's currency; nothing where nobody knows.
    private decimal? CostOf(Sku sku, Quantity quantity)
    {
        if (!kits.IsVirtual(sku)) return costs.TryGetValue(sku, out var one) ? one * quantity.Units : null;
        var parts = kits.PartsOf(sku).Select(p => CostOf(p.Sku, p.Quantity.Times(quantity))).ToArray();
        return parts.Any(p => p is null) ? null : parts.Sum();
    }

    private static string? First(Draft draft, Func<DraftLine, string?> doubt) => draft.Lines.Select(doubt).FirstOrDefault(d => d is not null);

    private static string? First(Draft draft, Func<DraftLine, int, string?> doubt) => draft.Lines.Select(doubt).FirstOrDefault(d => d is not null);
}
