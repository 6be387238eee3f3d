using Keel.Catalog.Contract;
using Keel.Pricing.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// What a promotion would have made of the orders of the last weeks, and whether there is enough for what it is to sell. Nothing is changed.
internal sealed class PromotionTrial(KeelDb db, Settings settings, PricingDesk pricing, StockDesk stock)
{
    /// So many orders are looked at, the newest first.
    internal const int MostOrders = 5_000;
    private const int MostProducts = 50;

    private sealed record LineRow(
        Guid OrderId, ChannelCode Channel, DateOnly Day, Currency Currency, bool GrossPrices, int Line, LineKind Kind, Sku? Sku, string? Category, string? Name, Quantity Quantity, UnitPrice UnitPrice, decimal TaxRate);

    private sealed record CostRow(Sku Sku, Quantity Quantity, Money Value, Currency Currency);

    /// One product that it is about: what was sold of it, what it would have brought without tax, what that cost, and what is there.
    public sealed record Product(Sku Sku, string Name, Quantity Sold, Money Before, Money After, Money? Cost, Quantity Available)
    {
        /// What it would have brought is less than what it cost.
        public bool IsBelowCost => Cost is { } cost && After < cost;
    }

    /// Amounts are in the company's currency and without tax, but for `TakenOff`, which is as the channels state their prices.
    public sealed record Answer(PromotionFacts Promotion, int Days, int Orders, int Given, Money TakenOff, Money Before, Money After, IReadOnlyList<Product> Products, bool IsCut)
    {
        public required Quantity Sold { get; init; }

        /// Of all that it is about, sold of late or not.
        public required Quantity Available { get; init; }

        /// What is expected to be sold and not there.
        public Quantity Lacking => Promotion.ExpectedUnits is { } expected ? Quantity.Max(0, expected - Available) : 0;

        public Money? Cost => Products.All(p => p.Cost is not null) && Products.Count > 0 ? Products.Select(p => p.Cost!.Value).Aggregate((a, b) => a + b) : null;
    }

    public async Task<Answer?> Try(string code, int days, CancellationToken ct = default)
    {
        if (await pricing.Promotion(code, ct) is not { } promotion) return null;
        var network = await Network.Of(settings, ct);
        var currency = network.Company.Currency;
        var channels = network.Channels.Values.Where(c => !c.IsMarketplace && c.Currency == currency && (promotion.Channels.Count == 0 || promotion.Channels.Contains(c.Code)) && db.Work.Actor.MayOn(c.Code)).ToArray();
        var since = db.Now.AddDays(-days);
        var lines = await db.Query<LineRow>(
            $"""
            select o.id as order_id, o.channel, o.day, o.currency, o.gross_prices, l.line, l.kind, l.sku, c.category, p.name, l.quantity, l.unit_price, l.tax_rate
            from (select id, channel, day, currency, gross_prices from sales.orders
              where company_id = {db.Company} and placed_at >= {since} and channel = any({channels.Select(c => c.Code.Text).ToArray()}) and currency = {currency.Code} and status <> 'Cancelled'
              order by placed_at desc, id desc limit {MostOrders}) o
            join sales.order_line l on l.order_id = o.id and l.kit_line is null
            left join catalog.pub_product p on p.sku = l.sku left join catalog.pub_product_category c on c.sku = l.sku order by o.id, l.line
            """, ct);

        var (orders, given, off, before, after) = (0, 0, Money.Zero(currency), Money.Zero(currency), Money.Zero(currency));
        var sold = new Dictionary<Sku, (string Name, Quantity Quantity, Money Before, Money After)>();
        foreach (var order in lines.GroupBy(l => l.OrderId))
        {
            orders++;
            var own = order.ToArray();
            var basket = new Basket(own[0].Channel, currency, own[0].Day, [.. own.Select((l, i) => new BasketLine(
                i, l.Kind is LineKind.Goods or LineKind.Kit ? l.Sku : null, l.Category, l.Quantity, l.UnitPrice.Times(l.Quantity), l.Kind is LineKind.Discount) { IsShipping = l.Kind is LineKind.Shipping })])
            {
                IsTaxedOtherwise = network.Channels[own[0].Channel].PricesIncludeTax != own[0].GrossPrices,
            };
            var discounts = promotion.Try(basket);
            if (discounts.Count > 0) given++;
            for (var i = 0; i < own.Length; i++)
            {
                var less = discounts.Where(d => d.Index == i).Aggregate(Money.Zero(currency), (sum, d) => sum + d.Amount);
                var (full, left) = (Net(own[i], basket.Lines[i].Amount), Net(own[i], basket.Lines[i].Amount - less));
                (off, before, after) = (off + less, before + full, after + left);
                if (basket.Lines[i].Sku is not { } sku || !promotion.IsAbout(sku, own[i].Category)) continue;
                var known = sold.GetValueOrDefault(sku, (own[i].Name ?? sku.Text, 0, Money.Zero(currency), Money.Zero(currency)));
                sold[sku] = (known.Name, known.Quantity + own[i].Quantity, known.Before + full, known.After + left);
            }
        }

        var named = promotion.Categories.Count == 0 ? [] : await db.Query<Sku>($"select sku from catalog.pub_product_category where category = any({promotion.Categories.ToArray()})", ct);
        Sku[] about = [.. sold.Keys.Concat(promotion.Skus).Concat(named).Distinct()];
        var there = about.Length == 0 ? [] : (await stock.Availability(about, ct)).Where(a => channels.Any(c => c.Nodes.Contains(a.Node))).GroupBy(a => a.Sku).ToDictionary(g => g.Key, g => g.Sum(a => a.Available));
        return new Answer(promotion, days, orders, given, off, before, after, await Products(sold, there, ct), orders == MostOrders) { Sold = sold.Values.Sum(s => s.Quantity), Available = there.Values.Sum(a => a) };
    }

    private async Task<IReadOnlyList<Product>> Products(Dictionary<Sku, (string Name, Quantity Quantity, Money Before, Money After)> sold, Dictionary<Sku, Quantity> there, CancellationToken ct)
    {
        Sku[] skus = [.. sold.Keys];
        if (skus.Length == 0) return [];
        var kits = await KitBook.Of(settings, ct);
        Sku[] costed = [.. skus.Concat(skus.Where(kits.IsVirtual).SelectMany(kits.PartsOf).Select(p => p.Sku)).Distinct()];
        var costs = (await db.Query<CostRow>($"select sku, quantity, value, currency from stock.pub_cost_pool where company_id = {db.Company} and sku = any({costed}) and quantity > 0", ct)).ToDictionary(c => c.Sku);
        return [.. sold.Select(s => new Product(s.Key, s.Value.Name, s.Value.Quantity, s.Value.Before, s.Value.After, CostOf(s.Key, s.Value.Quantity), there.GetValueOrDefault(s.Key)))
            .OrderByDescending(p => p.IsBelowCost).ThenByDescending(p => (p.Before - p.After).Minor).ThenBy(p => p.Sku.Text, StringComparer.Ordinal).Take(MostProducts)];

        Money? CostOf(Sku sku, Quantity quantity)
        {
            if (!kits.IsVirtual(sku)) return costs.TryGetValue(sku, out var own) ? own.Value.Times(quantity.Units / own.Quantity.Units) : null;
            var parts = kits.PartsOf(sku).Select(p => CostOf(p.Sku, p.Quantity.Times(quantity))).ToArray();
            return parts.Any(p => p is null) ? null : parts.Select(p => p!.Value).Aggregate((a, b) => a + b);
        }
    }

    private static Money Net(LineRow line, Money amount) => line.GrossPrices ? amount.Times(100 / (100 + line.TaxRate)) : amount;
}
