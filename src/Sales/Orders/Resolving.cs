using Keel.Catalog.Contract;
using Keel.Partners.Contract;
using Keel.Pricing.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// What a person says of a line that could not be read: the product that it is, and its price where it has none.
internal sealed record LineReading(int Line, Sku? Sku = null, UnitPrice? Price = null);

/// Reads the lines of a marketplace's order anew that could not be read when it came in: it is taxed and summed as if it had come so.
internal sealed class Resolving(KeelDb db, CatalogDesk catalog, PricingDesk pricing, StockDesk stock, Settings settings)
{
    /// A line that waits to be read says so.
    public const string Mark = "unresolved: ";

    public static readonly Error Unread = new("order.line-unread", "A line still names a product that nobody knows: name it, create it, or cancel the order.");

    public static bool IsUnread(OrderLine line) => line.Description?.StartsWith(Mark, StringComparison.Ordinal) == true;

    /// What the customer ordered and has not given up again.
    private static bool IsLive(OrderLine line) => line.IsCustomers && (line.Cancelled.IsZero || line.Cancelled < line.Quantity);

    /// What a line was said to be.
    public static string SaidOf(string description) => description[Mark.Length..];

    /// Reads orders that are locked, each by what is said of its lines and else by the words of their channel. Those that can be read are written and answered; of the others, why not.
    public async Task<IReadOnlyDictionary<Id<Order>, Result<(Order Order, OrderLine[] Lines)>>> Read(IReadOnlyList<(Order Order, OrderLine[] Lines, IReadOnlyList<LineReading> Said)> orders, CancellationToken ct)
    {
        var answers = new Dictionary<Id<Order>, Result<(Order, OrderLine[])>>();
        if (orders.Count == 0) return answers;
        var wanted = orders.Select(o => (o.Order, o.Lines, Asked: Stated(o.Order, o.Lines, o.Said))).ToArray();
        var skus = wanted.SelectMany(o => o.Asked.Lines).Select(l => l.Sku).OfType<Sku>().Distinct().ToArray();
        var products = catalog.Ask(skus);
        var units = catalog.AskUnits(skus);
        var lots = stock.AskLots([.. wanted.SelectMany(o => o.Asked.Lines).Select(l => l.Lot).OfType<LotCode>().Distinct()]);
        var prices = pricing.Ask([.. wanted.Select(o => o.Order.Channel).Distinct()], skus);
        var network = await Network.Of(settings, ct);
        var taxes = await pricing.Taxes(ct);
        var kits = await KitBook.Of(settings, ct);
        var promotions = await pricing.Promotions([], [], [], ct);
        await db.Flush(ct);
        foreach (var (order, lines, asked) in wanted)
        {
            var drafting = new Drafting(db, network, taxes, products.Value, prices.Value, units.Value, kits, lots?.Value ?? new HashSet<NamedLot>(), promotions) { TakenAnyhow = (order.Hold is Holds.NotSold ? asked.Lines.Select(l => l.Sku) : lines.Select(l => l.Sku)).OfType<Sku>().ToHashSet() };
            var drafted = drafting.Draft(asked);
            var wrong = drafted.Ok ? drafted.Value.Lines.Any(l => l.Sku is null && l.Description?.StartsWith(Mark, StringComparison.Ordinal) == true) ? drafting.Unreadable ?? Unread : null : drafted.Error;
            answers[order.Id] = wrong is null ? Result.Of(Write(order, lines, drafted.Value)) : wrong;
        }

        return answers;
    }

    /// The order as its channel stated it, with what is said of its lines.
    private static NewOrder Stated(Order order, OrderLine[] lines, IReadOnlyList<LineReading> said)
    {
        var charged = order.Taxes.Any(t => t.Liable is LiableParty.Marketplace);
        var items = lines.Where(IsLive).OrderBy(l => l.Line).Select(l =>
        {
            var reading = said.FirstOrDefault(r => r.Line == l.Line);
            var price = l.UnitPrice.Micros == 0 && IsUnread(l) ? reading?.Price : reading?.Price ?? l.UnitPrice;
            if (!IsUnread(l)) return new NewLine(l.Sku, l.EnteredQuantity, l.UnitPrice, l.EnteredUnit, l.Kind is LineKind.Kit ? LineKind.Goods : l.Kind, l.Description, charged ? l.Tax : default(Money?), l.Lot);
            var sku = reading?.Sku ?? (Code.TryParse<Sku>(SaidOf(l.Description!), out var named) ? named : default(Sku?));
            return new NewLine(sku, l.EnteredQuantity, price, l.EnteredUnit, ChargedTax: charged ? l.Tax : default(Money?));
        }).ToArray();
        return new NewOrder(order.Channel, order.ChannelNumber, items, new Contact(order.CustomerName, Address: order.ShipTo), order.ShipTo, order.PlacedAt, order.ShipBy, order.GrossPrices, charged ? order.Tax : default(Money?), DeliveryTerm: order.DeliveryTerm);
    }

    private (Order, OrderLine[]) Write(Order order, OrderLine[] lines, Draft draft)
    {
        var own = lines.Where(IsLive).OrderBy(l => l.Line).ToArray();
        var next = lines.Max(l => l.Line);
        List<OrderLine> changed = [], fresh = [];
        for (var i = 0; i < own.Length; i++)
        {
            var (line, read, taxed) = (own[i], draft.Lines[i], draft.Taxed.Lines[i]);
            var now = line with { TaxCategory = taxed.Category, TaxRate = taxed.Rate, Net = taxed.Net, Tax = taxed.Tax, Gross = taxed.Gross };
            if (IsUnread(line)) now = now with { Kind = read.Kind, Sku = read.Sku, Description = null, Quantity = read.Quantity, UnitPrice = read.Price };
            changed.Add(now);
            if (IsUnread(line)) fresh.AddRange(read.Parts.Select(p => Capturing.ComponentOf(now, ++next, p)));
        }

        db.OrderLines.Update(changed, nameof(OrderLine.Kind), nameof(OrderLine.Sku), nameof(OrderLine.Description), nameof(OrderLine.Quantity), nameof(OrderLine.UnitPrice), nameof(OrderLine.TaxCategory), nameof(OrderLine.TaxRate), nameof(OrderLine.Net), nameof(OrderLine.Tax), nameof(OrderLine.Gross));
        db.OrderLines.Insert(fresh);
        var after = order with
        {
            Net = draft.Taxed.Net, Tax = draft.Taxed.Tax, Gross = draft.Taxed.Gross, Taxes = draft.Taxed.Taxes, Units = changed.Where(l => l.Kind is LineKind.Goods).Concat(lines.Where(l => !l.IsCustomers)).Concat(fresh).Sum(l => l.Quantity - l.Cancelled), Version = order.Version + 1,
        };
        db.Orders.Update([after], nameof(Order.Net), nameof(Order.Tax), nameof(Order.Gross), nameof(Order.Taxes), nameof(Order.Units), nameof(Order.Version));
        return (after, [.. changed, .. lines.Where(l => !IsLive(l)), .. fresh]);
    }
}
