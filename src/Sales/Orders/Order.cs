using Keel.Pricing.Contract;
using System.Collections.Frozen;
using Keel.Partners.Contract;
using Keel.Sales.Contract;
using Keel.Ui;

namespace Keel.Sales;

/// The life of an order. What may follow what stands in one table.
public enum OrderStatus
{
    /// Stopped on purpose until a person decides; the hold says why.
    [Shown(StateRole.Held, "On hold")]
    OnHold,

    /// Accepted; nothing is promised yet.
    [Shown(StateRole.Idle, "Confirmed")]
    Confirmed,

    /// Every open line is promised.
    [Shown(StateRole.Ready, "Reserved")]
    Reserved,

    /// Accepted, but some of it waits for stock.
    [Shown(StateRole.Waiting, "Waiting for stock")]
    Backordered,

    /// Given to the floor.
    [Shown(StateRole.Working, "On the floor")]
    Released,

    [Shown(StateRole.Working, "Partly shipped")]
    PartlyShipped,

    [Shown(StateRole.Done, "Shipped")]
    Shipped,

    [Shown(StateRole.Idle, "Cancelled")]
    Cancelled,
}

/// A customer's order from any channel. What it is promised is read from its reservations, not kept here.
[Rows("sales.orders", "id")]
internal sealed record Order(
    Id<Order> Id, Id<Company> CompanyId, string Number, ChannelCode Channel, string ChannelNumber, Guid CustomerId, string CustomerName, string Country,
    OrderStatus Status, string? Hold, DateTimeOffset PlacedAt, DateOnly Day, DateOnly ShipBy, Currency Currency, bool GrossPrices,
    Money Net, Money Tax, Money Gross, [property: Json] IReadOnlyList<TaxTotal> Taxes, [property: Json] PostalAddress? ShipTo, int Rank, int LineCount, Quantity Units,
    Money Paid, Money Invoiced, DateTimeOffset CapturedAt, DateTimeOffset? ConfirmedAt, DateTimeOffset? ReservedAt, DateTimeOffset? ReleasedAt,
    DateTimeOffset? ShippedAt, DateTimeOffset? CancelledAt, int Version, Guid Operation, DeliveryTerm? DeliveryTerm = null)
{
    /// The day on which the last of it leaves as far as is known; `ShipBy` is what was promised, or what the channel demands.
    public DateOnly? PlanShip { get; init; }

    /// Since when it is stopped, and by which step; of an order that goes on, when and by which it was stopped last.
    public DateTimeOffset? HeldAt { get; init; }
    public Guid? HeldIn { get; init; }

    /// The customer's own number of it, and what is printed for whoever picks it and for the customer.
    public string? PurchaseOrder { get; init; }
    public string? PickerNote { get; init; }
    public string? CustomerNote { get; init; }

    /// What its channel said of it last, in the channel's own words, and when it said so; the finger print of all that it stated.
    public string? ChannelStatus { get; init; }
    public DateTimeOffset? StatedAt { get; init; }
    public long? Stated { get; init; }

    /// Its customer pays later: what is not paid of it counts as owed.
    public bool OnAccount { get; init; }

    /// The day on which the last of it arrives, where the way there is known.
    public DateOnly? DeliverBy { get; init; }

    private static readonly FrozenDictionary<OrderStatus, OrderStatus[]> Allowed = new Dictionary<OrderStatus, OrderStatus[]>
    {
        [OrderStatus.OnHold] = [OrderStatus.Confirmed, OrderStatus.Reserved, OrderStatus.Backordered, OrderStatus.Released, OrderStatus.Cancelled],
        [OrderStatus.Confirmed] = [OrderStatus.OnHold, OrderStatus.Reserved, OrderStatus.Backordered, OrderStatus.Cancelled],
        [OrderStatus.Reserved] = [OrderStatus.OnHold, OrderStatus.Backordered, OrderStatus.Released, OrderStatus.PartlyShipped, OrderStatus.Shipped, OrderStatus.Cancelled],
        [OrderStatus.Backordered] = [OrderStatus.OnHold, OrderStatus.Reserved, OrderStatus.Released, OrderStatus.PartlyShipped, OrderStatus.Shipped, OrderStatus.Cancelled],
        [OrderStatus.Released] = [OrderStatus.OnHold, OrderStatus.Reserved, OrderStatus.Backordered, OrderStatus.PartlyShipped, OrderStatus.Shipped, OrderStatus.Cancelled],
        [OrderStatus.PartlyShipped] = [OrderStatus.Shipped],
        [OrderStatus.Shipped] = [],
        [OrderStatus.Cancelled] = [],
    }.ToFrozenDictionary();

    [NotAColumn]
    public DocumentRef Ref => new("order", Id.Value, Number);

    public bool May(OrderStatus next) => Status == next || Allowed[Status].Contains(next);

    [NotAColumn]
    public bool IsOpen => Status is not (OrderStatus.Shipped or OrderStatus.Cancelled);

    /// The step itself; a caller asks `May` first and refuses with a sentence.
    public Order To(OrderStatus next, DateTimeOffset now) => May(next)
        ? this with
        {
            Status = next,
            Version = Version + 1,
            Hold = next is OrderStatus.OnHold ? Hold : null,
            HeldAt = next is OrderStatus.OnHold && Status is not OrderStatus.OnHold ? now : HeldAt,
            ConfirmedAt = next is OrderStatus.OnHold or OrderStatus.Cancelled ? ConfirmedAt : ConfirmedAt ?? now,
            ReservedAt = next is OrderStatus.Reserved ? ReservedAt ?? now : ReservedAt,
            ReleasedAt = next is OrderStatus.Released ? now : ReleasedAt,
            ShippedAt = next is OrderStatus.Shipped ? now : ShippedAt,
            CancelledAt = next is OrderStatus.Cancelled ? now : CancelledAt,
        }
        : throw new InvariantBroken($"{Number} cannot go from {Status} to {next}.");
}

/// The kinds of order line: goods are promised and shipped, a kit ships as its components do; the others are invoiced with the first shipment.
public enum LineKind
{
    Goods,
    Shipping,
    Service,
    Discount,

    /// Sold as one line with one price; the lines below it carry its goods.
    Kit,
}

/// One line of an order, with what was agreed: price, tax and their split, stored and never worked out again. A component of a kit names the line of its
/// kit and how much of it is in one, as it was when the order came in; it has no price of its own.
[Rows("sales.order_line", "order_id", "line")]
internal sealed record OrderLine(
    Id<Order> OrderId, int Line, Id<Company> CompanyId, LineKind Kind, Sku? Sku, string? Description, Quantity EnteredQuantity, string? EnteredUnit,
    Quantity Quantity, UnitPrice UnitPrice, Currency Currency, string TaxCategory, decimal TaxRate, Money Net, Money Tax, Money Gross,
    Quantity Shipped, Quantity Cancelled, Quantity Returned, int? KitLine = null, Quantity? Each = null)
{
    /// The lot or serial number that it must be; without it any.
    public LotCode? Lot { get; init; }

    /// What promotions take off the line, as the order states its prices; its amounts are less that.
    public Money Discount { get; init; } = Money.Zero(Currency);

    [NotAColumn]
    public Quantity Open => Quantity - Shipped - Cancelled;

    /// What the customer ordered, and not what is in it.
    [NotAColumn]
    public bool IsCustomers => KitLine is null;

    [NotAColumn]
    public bool WantsGoods => Kind is LineKind.Goods && Open.IsPositive;
}

/// What one promotion took off one line of an order, as it was when the order came.
[Rows("sales.order_discount", "order_id", "line", "promotion")]
internal sealed record OrderDiscount(Id<Order> OrderId, int Line, string Promotion, Id<Company> CompanyId, string Name, string Coupon, Money Amount, Currency Currency);
