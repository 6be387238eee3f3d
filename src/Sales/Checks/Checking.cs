using Keel.Catalog.Contract;
using Keel.Pricing.Contract;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// Looks at new orders as the policy says, in memory: the same order, prices, costs and policy find the same. What goods cost is what they cost on average now, in the company's
/// currency: orders in others are not weighed against it.
internal sealed class Checking(InForce<OrderChecks> policy, PriceBook? prices, IReadOnlyDictionary<Sku, decimal> costs, Currency currency, KitBook kits, Pasts? pasts, IReadOnlyDictionary<Sku, ProductFacts> products)
{
    /// Within how many hours an order is taken for a repetition, where nobody says otherwise.
    public const int UsualHours = 24;

    public int Version => policy.Version;

    /// Whether the checks of these channels want to know what lists say, or what goods cost.
    public static bool Wants(OrderChecks checks, CheckKind kind) => checks.Checks.Any(c => c.Check == kind);

    /// The order with its address written as its country writes it, where addresses of its channel are checked.
    public Draft Tidy(Draft draft, Channel channel) =>
        draft.ShipTo is { } to && policy.Choice.Checks.Any(c => c.Check is CheckKind.Address && c.IsFor(channel)) ? draft with { ShipTo = AddressRules.Look(to).Tidy } : draft;

    /// What is doubtful about an order: one for each kind of check, the strictest effect first.
    public IReadOnlyList<Doubt> Of(int index, NewOrder asked, Draft draft, Channel channel)
    {
        if (policy.Choice.Checks.Count == 0) return [];
        return [.. policy.Choice.Checks.Where(c => c.IsFor(channel)).Select(c => Look(c, index, asked, draft, channel)).OfType<Doubt>()
            .GroupBy(f => f.Name).Select(g => g.MaxBy(f => f.Effect)!).OrderByDescending(f => f.Effect).ThenBy(f => f.Name, StringComparer.Ordinal)];
    }

    /// The name under which it is kept, and of the hold that it makes.
    public static string NameOf(CheckKind check) => check switch
    {
        CheckKind.HighValue => Holds.HighValue,
        CheckKind.BelowList => Holds.BelowList,
        CheckKind.LowMargin => Holds.LowMargin,
        CheckKind.Address => Holds.Address,
        CheckKind.Repeated => Holds.Repeated,
        CheckKind.BlockedCustomer => Holds.BlockedCustomer,
        CheckKind.Restricted => Holds.Restricted,
        CheckKind.PurchaseOrder => Holds.PurchaseOrder,
        CheckKind.BelowMinimum => Holds.BelowMinimum,
        _ => Holds.ManyUnits,
    };

    private Doubt? Look(OrderCheck check, int index, NewOrder asked, Draft draft, Channel channel)
    {
        if (check.Check is CheckKind.Repeated) return Repeated(check, index, draft);
        if (check.Check is CheckKind.PurchaseOrder) return PurchaseOrder(check, index, asked, draft);
        // What nobody can check stops nothing: it is said.
        if (check.Check is CheckKind.Address && draft.ShipTo is { } to && !AddressRules.Look(to).IsKnown) return new Doubt(Holds.Address, CheckEffect.Warn, $"Nobody wrote down how addresses in {to.Country} are written: it was not checked.");
        return Doubtful(check, index, asked, draft, channel) is { } sentence ? new Doubt(NameOf(check.Check), check.Effect, sentence) : null;
    }

    private string? Doubtful(OrderCheck check, int index, NewOrder asked, Draft draft, Channel channel) => check.Check switch
    {
        CheckKind.HighValue => check.From is { } from && from.Currency == draft.Currency && draft.Taxed.Gross >= from ? $"The order is over {draft.Taxed.Gross}; from {from} on somebody looks." : null,
        CheckKind.BelowList => First(draft, line => BelowList(check, asked, draft, channel, line)),
        CheckKind.LowMargin => First(draft, (line, i) => LowMargin(check, draft, line, i)),
        CheckKind.Address => draft.ShipTo is { } to && AddressRules.Look(to).Wrong is { } wrong ? wrong : null,
        CheckKind.BlockedCustomer => pasts?.Of(index) is { Block: { } why } past ? $"The customer is blocked: {why} {past.BlockedBy} answers for it." : null,
        CheckKind.Restricted => First(draft, line => Restricted(check, draft, line)),
        CheckKind.BelowMinimum => check.From is { } least && least.Currency == draft.Currency && draft.Taxed.Gross < least ? $"The order is over {draft.Taxed.Gross}; the least is {least}." : First(draft, line => TooFew(check, line)),
        _ => First(draft, line => check.Units is { } most && line.Sku is { } sku && line.Quantity >= most ? $"{line.Quantity} × {sku} in one line; from {most} on somebody looks." : null),
    };

    private Doubt? Repeated(OrderCheck check, int index, Draft draft)
    {
        var goods = Pasts.GoodsOf(draft);
        var other = goods.Length == 0 ? null : pasts?.Theirs(index, draft.PlacedAt, TimeSpan.FromHours(check.Hours ?? UsualHours)).FirstOrDefault(r => r.Goods == goods && r.Total.Minor == draft.Taxed.Gross.Minor && r.Currency == draft.Currency);
        return other is null ? null : new Doubt(Holds.Repeated, check.Effect, $"The customer ordered the same for {draft.Taxed.Gross} as {other.Number}, within {check.Hours ?? UsualHours} hours.", other.Id);
    }

    private Doubt? PurchaseOrder(OrderCheck check, int index, NewOrder asked, Draft draft)
    {
        if (NoteOrder.Text(asked.PurchaseOrder) is not { } own) return new Doubt(Holds.PurchaseOrder, check.Effect, "The customer gave no number of a purchase order.");
        var other = pasts?.Theirs(index, draft.PlacedAt, TimeSpan.FromHours(check.Hours ?? Pasts.Longest)).FirstOrDefault(r => string.Equals(r.PurchaseOrder, own, StringComparison.OrdinalIgnoreCase));
        return other is null ? null : new Doubt(Holds.PurchaseOrder, check.Effect, $"The customer gave the purchase order {own} with {other.Number} already.", other.Id);
    }

    private string? Restricted(OrderCheck check, Draft draft, DraftLine line)
    {
        if (line.Sku is not { } sku || check.Goods is not { Count: > 0 } goods || draft.ShipTo is not { } to) return null;
        if (check.Countries is { Count: > 0 } countries && !countries.Contains(to.Country, StringComparer.OrdinalIgnoreCase)) return null;
        var listed = new[] { sku }.Concat(kits.IsVirtual(sku) ? kits.PartsOf(sku).Select(p => p.Sku) : []).Where(s => IsAmong(goods, s)).Select(s => s.Text).FirstOrDefault();
        return listed is null ? null : $"{listed} is restricted in {to.Country}.";
    }

    private string? TooFew(OrderCheck check, DraftLine line)
    {
        if (line.Sku is not { } sku || (check.Goods is { Count: > 0 } goods && !IsAmong(goods, sku))) return null;
        if (check.Units is { } least && line.Quantity < least) return $"{line.Quantity} × {sku} in one line; the least is {least}.";
        return check.Multiple is { } multiple && line.Quantity.Thousandths % (multiple * 1000L) != 0 ? $"{line.Quantity} × {sku} in one line; it is sold in multiples of {multiple}." : null;
    }

    /// Whether a product is named, or its category.
    private bool IsAmong(IReadOnlyList<string> goods, Sku sku)
    {
        bool IsListed(string? name) => name is not null && goods.Contains(name, StringComparer.OrdinalIgnoreCase);
        return IsListed(sku.Text) || IsListed(products.GetValueOrDefault(sku)?.Category);
    }

    private string? BelowList(OrderCheck check, NewOrder asked, Draft draft, Channel channel, DraftLine line)
    {
        if (!line.IsStated || line.Sku is not { } sku || prices?.Find(asked.Channel, sku, line.Quantity, draft.Currency, draft.Customer) is not { } list) return null;
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
