using Keel.Catalog.Contract;
using Keel.Partners.Contract;
using Keel.Pricing.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// An order as it will be written, if nothing is wrong with it; with the first thing that a person must look at.
internal sealed record Draft(
    IReadOnlyList<DraftLine> Lines, TaxedDocument Taxed, Currency Currency, bool PricesIncludeTax, DateTimeOffset PlacedAt, DateOnly ShipBy, PostalAddress? ShipTo, string? Hold)
{
    /// What promotions take off its lines, and the basket that they were asked about.
    public IReadOnlyList<Discount> Discounts { get; init; } = [];
    public Basket? Basket { get; init; }

    /// Its customer, where it is known before.
    public Buyer? Customer { get; init; }

    /// What the checks of the policy find doubtful, what stops it first.
    public IReadOnlyList<Doubt> Doubts { get; init; } = [];

    /// How risky it looks; null where nobody scores its channel.
    public Score? Risk { get; init; }

    /// Whether its customer pays later, and why credit stops it; then what stops it beside waits until there is room.
    public bool OnAccount { get; init; }
    /// The queue of its channel's word, where it stops it too.
    public string? Word { get; init; }
    private string? NoCredit { get; init; }
    private string? Beside { get; init; }

    public Draft Owed(GivingCredit.Decided decided) =>
        this with { OnAccount = decided.OnAccount, NoCredit = decided.Stops, Beside = decided.Stops is null ? null : Hold, Hold = decided.Stops is null ? Hold : Holds.Credit };

    /// What stops it, apart from doubts of the checks, each with its sentence.
    public IEnumerable<(string Hold, string Sentence)> Stops(string number)
    {
        if (NoCredit is { } why) yield return (Holds.Credit, $"{number}: {why}");
        if (Word is not null && Word != Hold && Word != Beside) yield return (Word, Holds.Sentence(number, Word));
        var hold = NoCredit is null ? Hold : Beside;
        if (hold is not null and not Holds.Fraud && Doubts.All(d => d.Name != hold || d.Effect is not Contract.CheckEffect.Hold)) yield return (hold, Holds.Sentence(number, hold));
    }
}

/// A line in stock units, with its price.
internal sealed record DraftLine(LineKind Kind, Sku? Sku, string? Description, Quantity Entered, string? Unit, Quantity Quantity, UnitPrice Price, string TaxCategory)
{
    /// What one unit of a kit is made of, as it is when the order comes in.
    public IReadOnlyList<KitPart> Parts { get; init; } = [];

    /// The lot or serial number that the customer wants; without it any.
    public LotCode? Lot { get; init; }

    /// Whether its price was stated, and is not ours.
    public bool IsStated { get; init; }

    public string? Category { get; init; }

    /// What promotions take off it.
    public Money Discount { get; init; } = Money.Zero(Price.Currency);

    public Money Amount => Price.Times(Quantity) - Discount;
}

/// Turns what a channel states into an order, in memory. A caller's mistake is refused; what a marketplace committed us to is held with its reason.
internal sealed class Drafting(KeelDb db, Network network, TaxTable taxes, IReadOnlyDictionary<Sku, ProductFacts> products, PriceBook? prices, UnitTable? units, KitBook kits, IReadOnlySet<NamedLot> lots, PromotionOffer promotions)
{
    public static readonly Error NoChannel = Error.NotFound("order.channel-unknown", "There is no such channel. Create the channel first.");
    public static readonly Error NoSku = Error.Invalid("order.sku-unknown", "There is no such product.");
    public static readonly Error NoPrice = Error.Invalid("order.price-missing", "No price list of the channel has this product. State the price, or add it to the list.");
    public static readonly Error NotSold = new("order.product-not-sold", "This product is not for sale.");
    public static readonly Error WrongCurrency = Error.Invalid("order.currency-mixed", "All amounts of an order are in the channel's currency.");
    public static readonly Error TooLarge = Error.Invalid("order.too-large", "The amounts of this order are larger than an order can be.");
    public static readonly Error Broken = Error.Invalid("order.not-whole", "This product is sold in whole units.");
    public static readonly Error NotGoods = Error.Invalid("order.line-without-sku", "A line of goods names its SKU.");
    public static readonly Error KitAsKind = Error.Invalid("order.kit-as-kind", "A kit is ordered as goods: its SKU says that it is one. Leave the kind out.");

    public static readonly Error LotOfKit = Error.Invalid("order.lot-of-kit", "A kit has no lot of its own. Order its components, or leave the lot out.");
    public static readonly Error NoLot = Error.Invalid("order.lot-unknown", "Nobody knows this lot. Name one that is there, or leave it out.");

    /// What is taken though it is not for sale: it was before, or somebody has looked at it.
    public IReadOnlySet<Sku> TakenAnyhow { get; init; } = new HashSet<Sku>();

    /// Why the last marketplace's line could not be read.
    public Error? Unreadable { get; private set; }

    /// The customer is named, where it is known: prices of its own and of its class go before those of everybody.
    public Result<Draft> Draft(NewOrder asked, Buyer? customer = null)
    {
        customer ??= asked.Known?.AsBuyer();
        if (!network.Channels.TryGetValue(asked.Channel, out var channel)) return NoChannel.With($"There is no channel {asked.Channel}. Create the channel first.");
        var lines = new List<DraftLine>(asked.Lines.Count);
        var shipTo = asked.ShipTo ?? asked.Customer?.Address;
        var placedAt = asked.PlacedAt ?? db.Now;
        var terms = Terms(asked, channel, shipTo?.Country ?? network.Company.Country, network.Day(placedAt));
        string? hold = null;
        foreach (var line in asked.Lines)
        {
            var drafted = Draft(asked, line, channel, terms, customer);
            if (!drafted.Ok && channel.IsMarketplace && Holds.Of(drafted.Error!) is { } kind)
            {
                (hold, Unreadable) = (hold ?? kind, drafted.Error);
                lines.Add(Unresolved(line, channel));
                continue;
            }

            if (!drafted.Ok) return drafted.Error!;
            lines.Add(drafted.Value);
        }

        try
        {
            var basket = BasketOf(asked, channel, lines, network.Day(placedAt), customer);
            var discounts = basket is null ? [] : promotions.Give(basket);
            if (basket is not null && promotions.Wrong(basket, discounts) is { } wrong) return wrong;
            if (basket is null && !channel.IsMarketplace && asked.NamedCoupons() is [var coupon, ..])
                return PromotionOffer.Void.With($"The coupon {coupon.Trim()} gives nothing here: each price of the order was stated, and is what is paid. Leave it out.");
            foreach (var line in discounts.GroupBy(d => d.Index)) lines[line.Key] = lines[line.Key] with { Discount = line.Select(d => d.Amount).Aggregate((a, b) => a + b) };
            var taxed = Tax(asked, terms, lines);
            if (asked.Total is { } total && total != taxed.Gross) hold ??= Holds.TotalMismatch;
            if (basket is not null) promotions.Count(basket, discounts);
            if (shipTo is null && channel.Kind is not ChannelKind.Till && asked.Customer is { Address: null } && lines.Any(l => l.Kind is LineKind.Goods or LineKind.Kit)) hold ??= Holds.Address;
            return new Draft(lines, taxed, channel.Currency, asked.PricesIncludeTax ?? channel.PricesIncludeTax, placedAt, asked.ShipBy ?? ShipBy(channel, placedAt), shipTo, hold) { Discounts = discounts, Basket = basket, Customer = customer };
        }
        catch (OverflowException)
        {
            return TooLarge;
        }
    }

    /// What promotions are asked about: nothing where each price was stated, or a marketplace agreed on it.
    private static Basket? BasketOf(NewOrder asked, Channel channel, List<DraftLine> lines, DateOnly day, Buyer? customer) => channel.IsMarketplace || lines.All(l => l.IsStated || l.Kind is not (LineKind.Goods or LineKind.Kit))
        ? null
        : new Basket(channel.Code, channel.Currency, day, [.. lines.Select((l, i) => new BasketLine(
            i, l.Kind is LineKind.Goods or LineKind.Kit ? l.Sku : null, l.Category, l.Quantity, l.Price.Times(l.Quantity), l.IsStated) { IsShipping = l.Kind is LineKind.Shipping })])
        {
            IsTaxedOtherwise = asked.PricesIncludeTax is { } stated && stated != channel.PricesIncludeTax, Coupons = asked.NamedCoupons(), Customer = asked.Customer?.Email, CustomerClass = customer?.Class,
        };

    private Result<DraftLine> Draft(NewOrder asked, NewLine line, Channel channel, DocumentTerms terms, Buyer? customer)
    {
        if (line.Price is { } stated && stated.Currency != channel.Currency) return WrongCurrency.With($"The channel {channel.Code} sells in {channel.Currency}; a price is in {stated.Currency}.");
        if (line.Kind is LineKind.Kit) return KitAsKind;
        if (line.Kind is not LineKind.Goods)
        {
            if (line.Price is not { } fee) return NoPrice.With($"A line of kind {line.Kind.Spoken} states its price.");
            return new DraftLine(line.Kind, null, line.Description ?? line.Kind.ToString(), line.Quantity, null, line.Quantity, fee, TaxCategories.Standard);
        }

        if (line.Sku is not { } sku) return NotGoods;
        if (!products.TryGetValue(sku, out var product)) return NoSku.With($"There is no product {sku}. Create it in the catalogue first.");
        if (!product.IsSellable && !TakenAnyhow.Contains(product.Sku)) return NotSold.With($"{sku} is {product.Lifecycle.Spoken}: it is not for sale.");
        var quantity = line.Unit is { } unit && units is not null ? units.ToStock(sku, unit, line.Quantity) : Result.Of(line.Quantity);
        if (!quantity.Ok) return quantity.Error!;
        if (!product.Measured && !quantity.Value.IsWhole && line.Unit is { } half) return Broken.With($"{line.Quantity} {half} of {sku} are {quantity.Value} {product.Unit}s, and {sku} is sold in whole ones. Enter a quantity that comes out whole.");
        if (!product.Measured && !quantity.Value.IsWhole) return Broken.With($"{sku} is sold in whole {product.Unit}s; {quantity.Value} is not whole.");
        var list = line.Price is null ? prices?.Find(asked.Channel, product.Sku, quantity.Value, channel.Currency, customer) : null;
        if (line.Price is null && list is null) return NoPrice.With($"No price list of {channel.Code} has {sku}. State the price, or add it to the list.");
        var price = line.Price ?? list!.As(terms.PricesIncludeTax, terms.RateOf(product.TaxCategory));
        if (line.Lot is not null && kits.IsVirtual(product.Sku)) return LotOfKit.With($"{sku} is a kit and has no lot of its own. Order its components, or leave the lot out.");
        if (line.Lot is { } lot && !lots.Contains(new NamedLot(product.Sku, lot))) return NoLot.With($"Nobody knows a lot {lot} of {sku}. Name one that is there, or leave it out.");
        if (!kits.IsVirtual(product.Sku)) return new DraftLine(LineKind.Goods, product.Sku, line.Description, line.Quantity, line.Unit, quantity.Value, price, product.TaxCategory) { Lot = line.Lot, IsStated = list is null, Category = product.Category };
        return new DraftLine(LineKind.Kit, product.Sku, line.Description, line.Quantity, line.Unit, quantity.Value, price, product.TaxCategory) { Parts = kits.PartsOf(product.Sku), IsStated = list is null, Category = product.Category };
    }

    private DocumentTerms Terms(NewOrder asked, Channel channel, string country, DateOnly day) => taxes.Terms(
        new TaxSituation(network.Sites[channel.Nodes[0]].Country, country, day) { MarketplaceCollects = channel.IsMarketplace && asked.ChargedTax is not null }, channel.Currency, asked.PricesIncludeTax ?? channel.PricesIncludeTax);

    private static TaxedDocument Tax(NewOrder asked, DocumentTerms terms, IReadOnlyList<DraftLine> lines)
    {
        var priced = new PricedLine[lines.Count];
        for (var i = 0; i < priced.Length; i++) priced[i] = new PricedLine(lines[i].TaxCategory, lines[i].Amount, asked.Lines[i].ChargedTax);
        return asked.ChargedTax is { } charged ? TaxEngine.Compute(terms, priced, charged) : TaxEngine.Compute(terms, priced);
    }

    /// A marketplace's line that we cannot read yet: kept as stated, so that nothing is lost while a person looks.
    private static DraftLine Unresolved(NewLine line, Channel channel) =>
        new(LineKind.Service, null, Resolving.Mark + (line.Sku?.Text ?? line.Description), line.Quantity, line.Unit, line.Quantity, line.Price ?? new UnitPrice(0, channel.Currency), TaxCategories.Standard) { IsStated = true };

    private DateOnly ShipBy(Channel channel, DateTimeOffset placedAt) =>
        network.Sites[channel.Nodes[0]].Calendar.ShipDay(network.LocalAt(channel.Nodes[0], placedAt));
}
