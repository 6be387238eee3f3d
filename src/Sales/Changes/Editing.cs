using Keel.Catalog.Contract;
using Keel.Pricing.Contract;

namespace Keel.Sales;

/// An order as it is after an edit: rows that are new, rows that changed, what is still wanted of lines that want less, and what the edit says.
internal sealed record Edited(
    Order Order, IReadOnlyList<OrderLine> Lines, IReadOnlyList<OrderLine> New, IReadOnlyList<OrderLine> Changed, IReadOnlyDictionary<int, Quantity> Less, bool WantsMore, IReadOnlyList<OrderChange> Changes, Money Conceded);

/// Changes the lines of an order in memory. What was agreed stays for lines that nobody touches, to the cent. A line of which something has left ends with what
/// left, at the amounts that were invoiced for it, and its rest goes on as a line of its own; so does a line from which promotions took something, at
/// the price that was left of it, and the promotion keeps what it gave.
internal sealed class Editing(
    Order order, IReadOnlyList<OrderLine> lines, bool isMarketplace, DocumentTerms terms, IReadOnlyDictionary<Sku, ProductFacts> products, PriceBook? prices, KitBook kits)
{
    /// The number of its customer: prices of its own go before those of everybody.
    public Buyer? Customer { get; init; }

    public static readonly Error NoLine = Error.Invalid("order.no-such-line", "The order has no such line. Load the page again.");
    public static readonly Error Part = Error.Invalid("order.part-of-kit", "This line is part of a kit. Change the line of the kit, and its parts follow.");
    public static readonly Error Twice = Error.Invalid("order.line-twice", "A line is named twice. Name it once.");
    public static readonly Error Ended = new("order.line-ended", "This line was cancelled. Add the product as a new line.");
    public static readonly Error Left = new("order.line-left", "So much has left already. What left comes back as a return.");
    public static readonly Error LeftAtPrice = new("order.line-left-at-price", "All of this line has left at its price and is invoiced. Credit what is too much.");
    public static readonly Error Credited = new("order.line-credited", "Something of this line came back and was credited. Add what else is wanted as a new line.");
    public static readonly Error Committed = new("order.marketplace-agreed", "The marketplace agreed on this order with its customer. Quantities may be lowered; prices and lines stay.");
    public static readonly Error Negative = Error.Invalid("order.below-nothing", "Quantities and prices are not below zero.");
    public static readonly Error Charged = new("order.charges-invoiced", "Charges were invoiced with what left first. Credit them, or place a new order for more.");
    public static readonly Error SeveralCharges = Error.Invalid("order.several-charges", "The order has several delivery charges. Change each as a line.");
    public static readonly Error LessThanNothing = Error.Invalid("order.total-negative", "The order would be worth less than nothing. Lower its discount as well.");
    public static readonly Error NothingLeft = new("order.nothing-left", "No goods would be left on the order. Cancel the order as a whole instead.");

    private readonly Dictionary<int, OrderLine> now = lines.ToDictionary(l => l.Line);
    private readonly HashSet<int> touched = [];
    private readonly HashSet<int> toTax = [];
    private readonly Dictionary<int, Quantity> less = [];
    private readonly List<OrderChange> changes = [];
    private Money conceded = Money.Zero(order.Currency);
    private int next = lines.Max(l => l.Line) + 1;
    private bool wantsMore;

    private bool HasLeft => lines.Any(l => l.Shipped.IsPositive);

    public Result<Edited> Apply(ChangeOrder.Request asked)
    {
        try
        {
            if ((asked.Lines ?? []).GroupBy(l => l.Line).Any(g => g.Count() > 1)) return Twice;
            foreach (var edit in asked.Lines ?? []) if (Edit(edit) is { } wrong) return wrong;
            foreach (var added in asked.Added ?? []) if (Add(added) is { } wrong) return wrong;
            if (asked.Delivery is { } delivery && Charge(delivery) is { } refused) return refused;
            Tax();
            return Sum();
        }
        catch (OverflowException)
        {
            return Drafting.TooLarge;
        }
    }

    private Error? Edit(ChangeOrder.LineEdit edit)
    {
        if (!now.TryGetValue(edit.Line, out var line)) return NoLine.With($"{order.Number} has no line {edit.Line}. Load the page again.");
        if (!line.IsCustomers) return Part.With($"Line {edit.Line} is part of a kit. Change line {line.KitLine}, and its parts follow.");
        var (live, price) = (line.Quantity - line.Cancelled, edit.Price ?? line.UnitPrice);
        var isPriced = price != line.UnitPrice;
        if (edit.Quantity == live && !isPriced) return null;
        if (live.IsZero) return Ended.With($"Line {edit.Line} was cancelled. Add the product as a new line.");
        if (price.Currency != order.Currency) return Drafting.WrongCurrency.With($"{order.Number} is in {order.Currency}; a price is in {price.Currency}.");
        if (edit.Quantity < 0 || (price.Micros < 0 && line.Kind is not LineKind.Discount)) return Negative;
        if (isMarketplace && (isPriced || edit.Quantity > live)) return Committed;
        if (line.Returned.IsPositive) return Credited.With($"Something of line {edit.Line} came back and was credited. Add what else is wanted as a new line.");
        if (line.Kind is not (LineKind.Goods or LineKind.Kit) && HasLeft) return Charged;
        if (edit.Quantity < line.Shipped) return Left.With($"{line.Shipped} of line {edit.Line} have left already. What left comes back as a return.");
        if (isPriced && edit.Quantity == line.Shipped) return LeftAtPrice;
        if (Whole(line, edit.Quantity) is { } broken) return broken;

        var rest = edit.Quantity - line.Shipped;
        if (edit.Quantity.IsZero) changes.Add(new OrderChange(ChangeKind.Cancelled, line.Line, Name(line), Told(live), Told(0)));
        else if (edit.Quantity != live) changes.Add(new OrderChange(ChangeKind.Quantity, line.Line, Name(line), Told(live), Told(edit.Quantity)));
        if (isPriced)
        {
            changes.Add(new OrderChange(ChangeKind.Price, line.Line, Name(line), Told(line.UnitPrice), Told(price)));
            if (line.UnitPrice.Times(rest) - price.Times(rest) is { Minor: > 0 } given) conceded += given;
        }

        wantsMore |= edit.Quantity > live;
        if (line.Shipped.IsZero && (line.Discount.IsZero || edit.Quantity.IsZero)) InPlace(line, edit.Quantity, price);
        else GoOn(line, rest, isPriced ? price : Kept(line));
        return null;
    }

    private Error? Whole(OrderLine line, Quantity quantity)
    {
        if (quantity.IsWhole) return null;
        if (line.Kind is LineKind.Kit) return Drafting.Broken.With($"{line.Sku} is a kit: whole kits are sold.");
        return line.Sku is { } sku && products.GetValueOrDefault(sku) is { Measured: false } product ? Drafting.Broken.With($"{sku} is sold in whole {product.Unit}s; {quantity} is not whole.") : null;
    }

    /// Nothing of it has left, and no promotion took from it: the line itself changes.
    private void InPlace(OrderLine line, Quantity quantity, UnitPrice price)
    {
        var live = line.Quantity - line.Cancelled;
        if (quantity < live) foreach (var (part, each) in GoodsOf(line)) less[part.Line] = Times(each, quantity);
        foreach (var (part, each) in GoodsOf(line).Where(g => g.Line.Line != line.Line)) Put(Sized(part, Times(each, quantity)));
        var sized = Sized(line, quantity);
        if (isMarketplace && !quantity.IsZero) sized = sized with { Net = line.Net.Share(quantity, live), Tax = line.Tax.Share(quantity, live) };
        else if (!quantity.IsZero) toTax.Add(line.Line);
        Put(sized with { UnitPrice = quantity.IsZero ? line.UnitPrice : price, Gross = sized.Net + sized.Tax });
    }

    /// The line ends with what has left of it, at the amounts that were invoiced for that, and its rest is a line of its own.
    private void GoOn(OrderLine line, Quantity rest, UnitPrice price)
    {
        var parts = GoodsOf(line).ToArray();
        foreach (var (part, each) in parts)
        {
            if (part.Open.IsPositive) less[part.Line] = 0;
            if (part.Line != line.Line) Put(Sized(part, part.Shipped));
        }

        Put(Sized(line, line.Shipped) is var ended && line.Shipped.IsPositive
            ? ended with { Net = line.Net.Share(line.Shipped, line.Quantity), Tax = line.Tax.Share(line.Shipped, line.Quantity), Gross = line.Net.Share(line.Shipped, line.Quantity) + line.Tax.Share(line.Shipped, line.Quantity) }
            : ended);
        if (rest.IsZero) return;
        wantsMore = true;
        var on = Fresh(line.Kind, line.Sku, line.Description, rest, price, line.TaxCategory) with { Lot = line.Lot, TaxRate = line.TaxRate };
        if (isMarketplace)
        {
            var net = line.Net.Share(line.Shipped + rest, line.Quantity) - line.Net.Share(line.Shipped, line.Quantity);
            var tax = line.Tax.Share(line.Shipped + rest, line.Quantity) - line.Tax.Share(line.Shipped, line.Quantity);
            on = on with { Net = net, Tax = tax, Gross = net + tax };
        }
        else toTax.Add(on.Line);

        Put(on);
        if (line.Kind is LineKind.Kit) foreach (var (part, each) in parts) Put(Component(on, part.Sku!.Value, each));
        changes.Add(new OrderChange(ChangeKind.GoesOn, line.Line, Name(line), line.Line.ToString(System.Globalization.CultureInfo.InvariantCulture), on.Line.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private Error? Add(ChangeOrder.NewLine added)
    {
        if (isMarketplace) return Committed;
        if (!products.TryGetValue(added.Sku, out var product)) return Drafting.NoSku.With($"There is no product {added.Sku}. Create it in the catalogue first.");
        if (!product.IsSellable) return Drafting.NotSold.With($"{added.Sku} is {product.Lifecycle.Spoken}: it is not for sale.");
        var isKit = kits.IsVirtual(product.Sku);
        if ((!product.Measured || isKit) && !added.Quantity.IsWhole) return Drafting.Broken.With($"{added.Sku} is sold in whole {product.Unit}s; {added.Quantity} is not whole.");
        if (added.Price is { } stated && stated.Currency != order.Currency) return Drafting.WrongCurrency.With($"{order.Number} is in {order.Currency}; a price is in {stated.Currency}.");
        if (added.Price is { Micros: < 0 }) return Negative;
        var list = prices?.Find(order.Channel, product.Sku, added.Quantity, order.Currency, Customer)?.As(order.GrossPrices, terms.RateOf(product.TaxCategory));
        if ((added.Price ?? list) is not { } price) return Drafting.NoPrice.With($"No price list of {order.Channel} has {added.Sku}. State the price, or add it to the list.");
        if (list is { } listed && listed.Times(added.Quantity) - price.Times(added.Quantity) is { Minor: > 0 } given) conceded += given;
        var line = Fresh(isKit ? LineKind.Kit : LineKind.Goods, product.Sku, null, added.Quantity, price, product.TaxCategory);
        Put(line);
        toTax.Add(line.Line);
        if (isKit) foreach (var part in kits.PartsOf(product.Sku)) Put(Component(line, part.Sku, part.Quantity));
        wantsMore = true;
        changes.Add(new OrderChange(ChangeKind.Added, line.Line, Name(line), null, $"{added.Quantity} × {Told(price)}"));
        return null;
    }

    /// What delivery costs in all, as the order states its prices.
    private Error? Charge(UnitPrice delivery)
    {
        var charges = now.Values.Where(l => l.Kind is LineKind.Shipping && l.Quantity != l.Cancelled).ToArray();
        if (charges.Aggregate(Money.Zero(order.Currency), (sum, l) => sum + l.UnitPrice.Times(l.Quantity)) is var sum && delivery.Currency == order.Currency && sum == delivery.Times(1)) return null;
        if (delivery.Micros < 0) return Negative;
        if (charges.Length > 1) return SeveralCharges;
        if (charges is [var line]) return Edit(new(line.Line, delivery.Micros == 0 ? 0 : 1, delivery.Micros == 0 ? null : delivery));
        if (delivery.Currency != order.Currency) return Drafting.WrongCurrency.With($"{order.Number} is in {order.Currency}; a price is in {delivery.Currency}.");
        if (isMarketplace) return Committed;
        if (HasLeft) return Charged;
        var charge = Fresh(LineKind.Shipping, null, LineKind.Shipping.ToString(), 1, delivery, TaxCategories.Standard);
        Put(charge);
        toTax.Add(charge.Line);
        changes.Add(new OrderChange(ChangeKind.Added, charge.Line, Name(charge), null, Told(delivery)));
        return null;
    }

    /// Touched lines are taxed together, by the rates of the order's day.
    private void Tax()
    {
        var own = toTax.Order().Select(l => now[l]).ToArray();
        if (own.Length == 0) return;
        var taxed = TaxEngine.Compute(terms, [.. own.Select(l => new PricedLine(l.TaxCategory, l.UnitPrice.Times(l.Quantity)))]);
        foreach (var (line, by) in own.Zip(taxed.Lines)) Put(line with { TaxCategory = by.Category, TaxRate = by.Rate, Net = by.Net, Tax = by.Tax, Gross = by.Gross });
    }

    private Result<Edited> Sum()
    {
        OrderLine[] all = [.. now.Values.OrderBy(l => l.Line)];
        OrderLine[] customers = [.. all.Where(l => l.IsCustomers)];
        var zero = Money.Zero(order.Currency);
        var net = customers.Aggregate(zero, (sum, l) => sum + l.Net);
        var tax = customers.Aggregate(zero, (sum, l) => sum + l.Tax);
        if ((net + tax).IsNegative) return LessThanNothing;
        if (!customers.Any(l => l.Kind is LineKind.Goods or LineKind.Kit && l.Quantity != l.Cancelled) && lines.Any(l => l.Kind is LineKind.Goods)) return NothingLeft;
        var taxes = customers.Where(l => l.Quantity != l.Cancelled).GroupBy(l => (l.TaxCategory, l.TaxRate)).Select(g =>
        {
            var stated = order.Taxes.FirstOrDefault(t => t.Category == g.Key.TaxCategory && t.Rate == g.Key.TaxRate);
            return new TaxTotal(stated?.Jurisdiction ?? terms.Jurisdiction, g.Key.TaxCategory, g.Key.TaxRate, g.Aggregate(zero, (sum, l) => sum + l.Net), g.Aggregate(zero, (sum, l) => sum + l.Tax),
                stated?.Liable ?? terms.Liable, stated?.Scheme ?? terms.Scheme);
        }).ToArray();
        var after = order with
        {
            Net = net, Tax = tax, Gross = net + tax, Taxes = taxes, LineCount = customers.Length, Units = all.Where(l => l.Kind is LineKind.Goods).Sum(l => l.Quantity - l.Cancelled),
        };
        if (after.Gross != order.Gross) changes.Add(new OrderChange(ChangeKind.Total, null, null, order.Gross.ToString(), after.Gross.ToString()));
        var known = lines.Select(l => l.Line).ToHashSet();
        return new Edited(after, all, [.. all.Where(l => !known.Contains(l.Line))], [.. all.Where(l => known.Contains(l.Line) && touched.Contains(l.Line))], less, wantsMore, changes, conceded);
    }

    /// The goods of a line: itself, or of a kit its components, each with how much of it is in one.
    private IEnumerable<(OrderLine Line, Quantity Each)> GoodsOf(OrderLine line) => line.Kind switch
    {
        LineKind.Goods => [(line, 1)],
        LineKind.Kit => [.. now.Values.Where(l => l.KitLine == line.Line).OrderBy(l => l.Line).Select(l => (l, l.Each!.Value))],
        _ => [],
    };

    /// So much of the line; nothing of it is a line that was cancelled, and is worth nothing.
    private static OrderLine Sized(OrderLine line, Quantity quantity)
    {
        var zero = Money.Zero(line.Currency);
        return quantity.IsZero
            ? line with { Cancelled = line.Quantity, Net = zero, Tax = zero, Gross = zero }
            : line with { Quantity = quantity, EnteredQuantity = quantity, EnteredUnit = null };
    }

    /// The price of a unit as it was agreed, with what promotions took off it.
    private UnitPrice Kept(OrderLine line) => line.Discount.IsZero
        ? line.UnitPrice
        : UnitPrice.Of(Math.Round((order.GrossPrices ? line.Gross : line.Net).Amount * 1_000 / line.Quantity.Thousandths, 6), order.Currency);

    private OrderLine Fresh(LineKind kind, Sku? sku, string? description, Quantity quantity, UnitPrice price, string category)
    {
        var zero = Money.Zero(order.Currency);
        return new OrderLine(order.Id, next++, order.CompanyId, kind, sku, description, quantity, null, quantity, price, order.Currency, category, terms.RateOf(category), zero, zero, zero, 0, 0, 0);
    }

    private OrderLine Component(OrderLine kit, Sku sku, Quantity each) =>
        Fresh(LineKind.Goods, sku, null, each.Times(kit.Quantity), new UnitPrice(0, order.Currency), kit.TaxCategory) with { KitLine = kit.Line, Each = each };

    private void Put(OrderLine line)
    {
        now[line.Line] = line;
        touched.Add(line.Line);
    }

    private static Quantity Times(Quantity each, Quantity quantity) => each == 1 ? quantity : each.Times(quantity);

    private static string Name(OrderLine line) => line.Sku?.Text ?? line.Description ?? line.Kind.ToString();

    private static string Told(Quantity quantity) => quantity.ToString();

    private static string Told(UnitPrice price) => price.ToString();
}
