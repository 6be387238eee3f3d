using Keel.Catalog.Contract;
using Keel.Pricing.Contract;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// Looks at an edited order as the policy looks at new ones. What was doubtful before the edit was settled then: only what the edit makes doubtful counts, such as a quantity that nobody
/// would have let in. What repeats another order, and who is blocked, is asked of new orders only.
internal sealed class CheckingEdits(KeelDb db, PricingDesk pricing, Policies policies, Settings settings, CaseDesk cases)
{
    public async Task<IReadOnlyList<Doubt>> Find(Order before, IReadOnlyList<OrderLine> was, Order after, IReadOnlyList<OrderLine> lines, Channel channel, Buyer? customer, IReadOnlyDictionary<Sku, ProductFacts> products, CancellationToken ct)
    {
        var policy = await policies.Of<OrderChecks>(ct);
        var checks = policy.Choice.Checks.Where(c => c.IsFor(channel)).ToArray();
        if (checks.Length == 0) return [];
        var kits = await KitBook.Of(settings, ct);
        var network = await Network.Of(settings, ct);
        Sku[] skus = [.. lines.Select(l => l.Sku).OfType<Sku>().Distinct()];
        var prices = checks.Any(c => c.Check is CheckKind.BelowList) ? pricing.Ask([before.Channel], skus, network.Day(db.Now), customer is null ? null : [customer]) : null;
        var costs = checks.Any(c => c.Check is CheckKind.LowMargin) ? UnitCost.Ask(db, skus) : null;
        await db.Flush(ct);
        var checking = new Checking(policy, prices?.Value, UnitCost.Read(costs, network.Company.Currency), network.Company.Currency, kits, null, products);
        var agreed = was.ToDictionary(l => l.Line, l => l.UnitPrice);
        IReadOnlyList<Doubt> Of(Order order, IReadOnlyList<OrderLine> all) =>
            checking.Of(0, new NewOrder(order.Channel, order.ChannelNumber, [], PricesIncludeTax: order.GrossPrices), DraftOf(order, all, agreed, customer), channel);

        var settled = Of(before, was).ToDictionary(d => d.Name, d => d.Effect);
        return [.. Of(after, lines).Where(d => !settled.TryGetValue(d.Name, out var then) || then < d.Effect)];
    }

    /// Keeps what was found, and stops an order that may be stopped: its queue decides. One of which something has left goes on, and its case says so.
    public async Task<Order> Follow(Order order, IReadOnlyList<Doubt> doubts, CancellationToken ct)
    {
        if (doubts.Count == 0) return order;
        var kept = (await db.Query<string>($"select name from sales.order_check where company_id = {db.Company} and order_id = {order.Id}", ct)).ToHashSet(StringComparer.Ordinal);
        var version = (await policies.Of<OrderChecks>(ct)).Version;
        db.Table<FoundDoubtful>().Insert([.. doubts.Where(d => !kept.Contains(d.Name)).Select(d => new FoundDoubtful(order.Id, d.Name, db.Company, d.Effect, d.Sentence, version, db.Now, db.Work.Operation))]);
        Doubt[] stops = [.. doubts.Where(d => d.Effect is CheckEffect.Hold)];
        if (stops is not [var first, ..]) return order;
        cases.Open([.. stops.Select(d => (Holds.CaseOf(d.Name), order.Ref, $"{order.Number} was changed: {d.Sentence}"))]);
        if (order.Status is OrderStatus.OnHold or OrderStatus.PartlyShipped or OrderStatus.Shipped) return order;
        var held = (order with { Hold = first.Name, HeldIn = db.Work.Operation }).To(OrderStatus.OnHold, db.Now) with { Version = order.Version };
        db.Orders.Update([held], nameof(Order.Status), nameof(Order.Hold), nameof(Order.HeldAt), nameof(Order.HeldIn));
        db.Raise(new OrderHeld(order.Ref, order.Channel, order.Gross, first.Name, first.Sentence));
        return held;
    }

    /// What the customer gets by an order, as a draft: a price that the edit states counts as stated.
    private static Draft DraftOf(Order order, IReadOnlyList<OrderLine> all, Dictionary<int, UnitPrice> agreed, Buyer? customer)
    {
        OrderLine[] lines = [.. all.Where(l => l.IsCustomers && l.Quantity != l.Cancelled)];
        DraftLine[] drafted = [.. lines.Select(l => new DraftLine(l.Kind, l.Sku, l.Description, l.Quantity - l.Cancelled, null, l.Quantity - l.Cancelled, l.UnitPrice, l.TaxCategory) { IsStated = agreed.GetValueOrDefault(l.Line) != l.UnitPrice, Discount = l.Discount })];
        TaxedLine[] taxed = [.. lines.Select(l => new TaxedLine(l.TaxCategory, l.TaxRate, l.Net, l.Tax, l.Gross))];
        return new Draft(drafted, new TaxedDocument(taxed, order.Taxes, order.Net, order.Tax, order.Gross), order.Currency, order.GrossPrices, order.PlacedAt, order.ShipBy, order.ShipTo, null) { Customer = customer };
    }
}

/// What one of a product costs on average now, in the smallest unit of the company's currency.
internal sealed record UnitCost(Sku Sku, decimal Cost)
{
    public static Later<List<UnitCost>> Ask(KeelDb db, Sku[] skus) =>
        db.Ask<UnitCost>($"select sku, value::numeric / quantity as cost from stock.pub_cost_pool where company_id = {db.Company} and sku = any({skus}) and quantity > 0");

    /// Each in units of the currency, for one unit of stock.
    public static Dictionary<Sku, decimal> Read(Later<List<UnitCost>>? costs, Currency currency) => costs?.Value.ToDictionary(c => c.Sku, c => c.Cost * 1000 / currency.Scale) ?? [];
}
