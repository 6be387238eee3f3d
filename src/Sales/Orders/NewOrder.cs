using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// An order as a channel states it. What the channel states is fact: the price paid, the tax charged, when it is to be shipped, what was paid.
/// `Status` is the channel's own word for the state of the order, `StatedAt` when it said all this: what is older than what is known changes nothing.
/// `PurchaseOrder` is the customer's own number of it; the notes are printed for whoever picks it, and for the customer.
/// What it leaves out comes from us: the price from the list, less what promotions and the coupons that it names take off, the tax from the rates, the promise from
/// the calendar.
internal sealed record NewOrder(
    ChannelCode Channel,
    [Required, MaxLength(60)] string Number,
    [Required, MinLength(1), MaxLength(1200, ErrorMessage = "has more than 1200 lines. Place the rest as an order of its own.")] IReadOnlyList<NewLine> Lines,
    Contact? Customer = null,
    PostalAddress? ShipTo = null,
    DateTimeOffset? PlacedAt = null,
    DateOnly? ShipBy = null,
    bool? PricesIncludeTax = null,
    Money? ChargedTax = null,
    Money? Total = null,
    [MaxLength(20)] IReadOnlyList<NewPayment>? Payments = null,
    Guid? Hold = null,
    IfShort IfShort = IfShort.Backorder,
    DeliveryTerm? DeliveryTerm = null,
    [MaxLength(10)] IReadOnlyList<string>? Coupons = null,
    [MaxLength(60)] string? Status = null,
    DateTimeOffset? StatedAt = null,
    [MaxLength(60)] string? PurchaseOrder = null,
    [MaxLength(300)] string? PickerNote = null,
    [MaxLength(500)] string? CustomerNote = null)
{
    /// Whose it is, where that is known and nobody has to be recognised.
    internal Customer? Known { get; init; }

    /// It brings again what had left already: nobody pays for it, and nobody doubts it.
    internal bool IsAgain { get; init; }

    /// The coupons that it names, without those left empty.
    internal IReadOnlyList<string> NamedCoupons() => [.. (Coupons ?? []).Where(c => !string.IsNullOrWhiteSpace(c))];

    /// Whether promotions may take something off it: a price of it is ours, and no marketplace agreed on it.
    internal bool MayBePromoted(Network network) => MayBeRefused(network) && Lines.Any(l => l.Price is null);

    /// A marketplace's order is a commitment already: being short is our case, whatever the request asks for.
    internal bool MayBeRefused(Network network) => !(network.Channels.TryGetValue(Channel, out var channel) && channel.IsMarketplace);
}

/// One line: goods by SKU, or a service such as shipping. Without a price the list price holds. With a lot, or a serial number, no other units are promised or leave.
internal sealed record NewLine(
    Sku? Sku, [Positive] Quantity Quantity, UnitPrice? Price = null, [MaxLength(20)] string? Unit = null, LineKind Kind = LineKind.Goods, [MaxLength(200)] string? Description = null,
    Money? ChargedTax = null, LotCode? Lot = null);

/// Money that moved with the order.
internal sealed record NewPayment(PaymentKind Kind, [Required, MaxLength(40)] string Method, [Positive] Money Amount, [Required, MaxLength(100), NoCardNumber] string Reference);

/// What becomes of an order when not everything is there: it waits, or it is not taken at all.
internal enum IfShort
{
    Backorder,
    Refuse,
}

/// What became of an order: its number with us, its state, and what is promised from where. `Duplicate` says that it was there before, `Waits` that
/// somebody's yes is asked for first.
internal sealed record CapturedOrder(
    string ChannelNumber, Id<Order>? Id, string? Number, OrderStatus? Status, bool Duplicate, DateOnly? ShipBy, Money? Total,
    IReadOnlyList<PromisedLine> Promised, IReadOnlyList<ShortLine> Short, string? Hold, Error? Refused, string? Waits = null)
{
    public static CapturedOrder No(string channelNumber, Error why) => new(channelNumber, null, null, null, false, null, null, [], [], null, why);

    public static CapturedOrder Later(string channelNumber, string waits) => new(channelNumber, null, null, null, false, null, null, [], [], null, null, waits);
}

internal sealed record PromisedLine(int Line, NodeCode Node, Quantity Quantity);

internal sealed record ShortLine(int Line, Sku Sku, Quantity Quantity, string? Kept = null);
